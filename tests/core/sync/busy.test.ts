// Times at which somebody is busy: what they are called, how they are joined, and what the plan of a turn makes of them.

import { busyEntry, busyId, isBusyId, joined, readBusyId, type BusyTime } from '../../../src/core/sync/busy';
import { importedId } from '../../../src/core/sync/entry-id';
import { newLink, type Link } from '../../../src/core/sync/link';
import { candidateIds, plan, type Situation } from '../../../src/core/sync/plan';
import type { Here, PresentHere, SyncRules, There } from '../../../src/core/sync/sides';

/** Hours of a day, as a time. */
const hours = (begin: number, end: number): BusyTime => ({
  begin: Date.UTC(2026, 10, 29, begin),
  end: Date.UTC(2026, 10, 29, end),
});
const ID = 'busy/2026-11-29T09:00:00Z/2026-11-29T10:00:00Z';

describe('The id of a busy time', () => {
  it('says when it is, and is read again', () => {
    expect(busyId(hours(9, 10))).toBe(ID);
    expect(readBusyId(ID)).toEqual(hours(9, 10));
  });

  it.each(['', 'busy', 'busy/a/b', `${ID}/`, `x${ID}`, 'busy20261129', '6tnn3p9k_20261129T090000Z'])('is not %j', (id) => {
    expect(isBusyId(id)).toBe(false);
  });
});

it('A busy time as an entry is one word and two moments', () => {
  expect(busyEntry(hours(9, 10))).toEqual({
    ...{ kind: 'event', subject: 'Busy', place: '', notes: '', done: false },
    time: {
      begin: { wallClock: '2026-11-29T09:00:00', timeZone: 'UTC' },
      end: { wallClock: '2026-11-29T10:00:00', timeZone: 'UTC' },
    },
  });
});

describe('Times that are joined', () => {
  it.each<[string, readonly BusyTime[], readonly BusyTime[]]>([
    ['none', [], []],
    ['two apart, in their order', [hours(12, 13), hours(9, 10)], [hours(9, 10), hours(12, 13)]],
    ['two that meet', [hours(9, 10), hours(10, 11)], [hours(9, 11)]],
    ['two that overlap', [hours(9, 11), hours(10, 12)], [hours(9, 12)]],
    ['one within another', [hours(9, 12), hours(10, 11)], [hours(9, 12)]],
    ['the same twice', [hours(9, 10), hours(9, 10)], [hours(9, 10)]],
  ])('are %s', (_, times, expected) => {
    expect(joined(times)).toEqual(expected);
  });
});

const RULES: SyncRules = {
  ...{ system: 'crm', user: 'ann', mayWrite: true, deletes: 'own', removesContacts: false, timeZone: 'UTC' },
  creates: { event: 'appointment' },
  fields: { event: ['subject', 'time', 'place', 'notes'] },
};
const fields = ['subject', 'time'] as const;
const rowOf = (time: BusyTime, changes: Partial<PresentHere> = {}): PresentHere => ({
  ...{ kind: 'present', entry: busyEntry(time), owner: 'ann', isInWindow: true, isPast: false, fields, writable: fields },
  ...changes,
});
const thereOf = (time: BusyTime): There => ({ kind: 'present', id: busyId(time), version: '1', entry: busyEntry(time) });
const ABSENT = { kind: 'absent' } as const;

function linkOf(time: BusyTime, remoteId = busyId(time)): Link {
  const entry = busyEntry(time);
  return newLink({
    ...{ id: importedId('crm', 'ann', 'event', remoteId), user: 'ann', kind: 'event', type: 'appointment', objid: time.begin },
    ...{ remoteId, version: '1', origin: 'groupware', state: 'linked', crmBase: entry, remoteBase: entry },
  });
}

function planOf(changes: Partial<Situation>) {
  const nothing = { links: [], sides: new Map(), rows: [], items: [], gone: new Set<string>(), others: new Set<string>() };
  const usual = { lost: [], isAdopting: false, mostNew: 100, isInWindow: () => true };
  return plan({ ...nothing, ...usual, ...changes }, RULES);
}

function decisionsAbout(links: readonly Link[], sides: (n: number) => { readonly here: Here; readonly there: There }) {
  const { guarded, decisions } = planOf({ links, sides: new Map(links.map(({ id }, n) => [id, sides(n)])) });
  return [guarded, decisions.map(({ link, crm, remote }) => [link.state, link.cause, crm?.do, remote?.do])];
}

describe('A busy time in the plan of a turn', () => {
  it('is not counted by the guard: all rows of those that are gone go', () => {
    const links = Array.from({ length: 22 }, (_, n) => linkOf(hours(n, n + 1)));
    const [guarded, decided] = decisionsAbout(links, (n) => ({ here: rowOf(hours(n, n + 1)), there: ABSENT }));
    expect([guarded, decided]).toEqual([[], links.map(() => ['leaving', 'deleted-there', 'delete', undefined])]);
  });

  it('hides nothing from the guard: of two entries that are all gone, none goes', () => {
    const links = [linkOf(hours(9, 10)), linkOf(hours(11, 12), 'one'), linkOf(hours(13, 14), 'two')];
    const [guarded, decided] = decisionsAbout(links, (n) => ({
      here: rowOf(hours(9, 10)),
      there: n === 0 ? thereOf(hours(9, 10)) : ABSENT,
    }));
    expect([guarded, decided]).toEqual([
      ['there'],
      [
        ['linked', '', undefined, undefined],
        ['held', 'guard-there', undefined, undefined],
        ['held', 'guard-there', undefined, undefined],
      ],
    ]);
  });

  it('goes though entries are held by the guard', () => {
    const links = [linkOf(hours(9, 10)), linkOf(hours(11, 12), 'one'), linkOf(hours(13, 14), 'two')];
    const [, decided] = decisionsAbout(links, () => ({ here: rowOf(hours(9, 10)), there: ABSENT }));
    expect(decided).toEqual([
      ['leaving', 'deleted-there', 'delete', undefined],
      ['held', 'guard-there', undefined, undefined],
      ['held', 'guard-there', undefined, undefined],
    ]);
  });

  it('whose rows are missing all at once is held, as any other', () => {
    const links = [linkOf(hours(9, 10)), linkOf(hours(11, 12))];
    expect(decisionsAbout(links, () => ({ here: ABSENT, there: thereOf(hours(9, 10)) }))).toEqual([
      ['here'],
      links.map(() => ['held', 'guard-here', undefined, undefined]),
    ]);
  });

  it.each<[string, Here]>([
    ['moved', rowOf(hours(10, 11))],
    ['renamed', rowOf(hours(9, 10), { entry: { ...busyEntry(hours(9, 10)), subject: 'Dentist' } })],
    ['deleted', ABSENT],
    ['given to somebody else', rowOf(hours(9, 10), { owner: 'bob' })],
  ])('is left alone, and so is its row, once that was %s', (_, here) => {
    const links = [linkOf(hours(9, 10)), linkOf(hours(11, 12), 'other')];
    const sides = new Map<string, { here: Here; there: There }>([
      [links[0]?.id ?? '', { here, there: thereOf(hours(9, 10)) }],
      [links[1]?.id ?? '', { here: rowOf(hours(11, 12)), there: { ...thereOf(hours(11, 12)), id: 'other' } as There }],
    ]);
    const { decisions } = planOf({ links, sides });
    expect(decisions.map(({ link, crm, remote }) => [link.state, link.cause, crm, remote])).toEqual([
      ['apart', 'both', undefined, undefined],
      ['linked', '', undefined, undefined],
    ]);
  });

  it('comes back as a new row, as often as it was gone', () => {
    const items = [{ kind: 'event', id: ID, version: '1', entry: busyEntry(hours(9, 10)) } as const];
    const ids = [0, 1, 2].map((generation) => importedId('crm', 'ann', 'event', ID, generation));
    const gone = new Set(ids.slice(0, 2));
    expect(candidateIds({ rows: [], items, gone }, RULES)).toEqual([ID, ids[2]]);
    expect(planOf({ items, gone }).decisions).toMatchObject([{ link: { id: ids[2], remoteId: ID }, crm: { do: 'insert' } }]);
  });

  it('does not hold up that a calendar is made which was never there', () => {
    const links = [linkOf(hours(9, 10))];
    const sides = new Map([[links[0]?.id ?? '', { here: rowOf(hours(9, 10)), there: thereOf(hours(9, 10)) }]]);
    const rows = [{ kind: 'event', type: 'appointment', objid: 7, here: rowOf(hours(12, 13)) } as const];
    const { guarded, decisions } = planOf({ links, sides, rows, lost: ['event'] });
    expect([guarded, decisions.map(({ remote }) => remote?.do)]).toEqual([[], [undefined, 'create']]);
  });
});
