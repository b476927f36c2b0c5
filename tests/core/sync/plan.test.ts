// The plan of a user's turn: what is loose on either side, the guard, and a ledger that was emptied.

import type { Entry } from '../../../src/core/sync/entry';
import { entryId, importedId } from '../../../src/core/sync/entry-id';
import { isTooMuch } from '../../../src/core/sync/guard';
import { newLink, type Link } from '../../../src/core/sync/link';
import { candidateIds, plan, type LooseItem, type LooseRow, type Plan, type Situation } from '../../../src/core/sync/plan';
import type { PresentHere, SyncRules } from '../../../src/core/sync/sides';

const at = (hour: number) => ({ wallClock: `2026-12-01T${String(hour).padStart(2, '0')}:00:00`, timeZone: 'America/Chicago' });
const VISIT: Entry = { kind: 'event', subject: 'Visit', time: { begin: at(9), end: at(10) }, place: '', notes: '', done: false };
const RULES: SyncRules = {
  system: 'crm',
  user: 'pmorales',
  mayWrite: true,
  creates: { event: 'appointment' },
  deletes: 'own',
  timeZone: 'America/Chicago',
  removesContacts: false,
  fields: { event: ['subject', 'time', 'place', 'notes'], task: ['subject', 'time', 'notes', 'done'] },
};

const fields = ['subject', 'time'] as const;
const here: PresentHere = {
  kind: 'present',
  entry: VISIT,
  owner: 'pmorales',
  isInWindow: true,
  isPast: false,
  fields,
  writable: fields,
};
const idOf = (objid: number, generation = 0) =>
  entryId({ system: 'crm', user: 'pmorales', type: 'appointment', objid, generation });
const row = (objid: number): LooseRow => ({ kind: 'event', type: 'appointment', objid, here });
const item = (id: string, changes: Partial<LooseItem> = {}): LooseItem => ({
  kind: 'event',
  id,
  version: 'v1',
  entry: VISIT,
  ...changes,
});

function linkOf(objid: number): Link {
  const id = idOf(objid);
  const both = { crmBase: VISIT, remoteBase: VISIT };
  return newLink({
    id,
    user: 'pmorales',
    kind: 'event',
    type: 'appointment',
    objid,
    remoteId: id,
    origin: 'crm',
    state: 'linked',
    ...both,
  });
}

function planOf(changes: Partial<Situation>, rules: Partial<SyncRules> = {}): Plan {
  const situation: Situation = {
    links: [],
    sides: new Map(),
    rows: [],
    items: [],
    gone: new Set(),
    others: new Set(),
    lost: [],
    isAdopting: false,
    mostNew: 100,
    isInWindow: () => true,
    ...changes,
  };
  return plan(situation, { ...RULES, ...rules });
}

const spelled = ({ decisions }: Plan) =>
  decisions.map(({ link, crm, remote }) =>
    [link.id, link.state, crm?.do ?? '', remote?.do ?? ''].filter((word) => word !== '').join(' '),
  );

describe('A row without a link', () => {
  it('is made in the groupware under its computed id', () => {
    expect(spelled(planOf({ rows: [row(7)] }))).toEqual([`${idOf(7)} intended create`]);
  });

  it('takes the next id where one of it is gone, since a deleted id never comes back', () => {
    const gone = new Set([idOf(7), idOf(7, 1)]);
    expect(spelled(planOf({ rows: [row(7)], gone }))).toEqual([`${idOf(7, 2)} intended create`]);
    expect(candidateIds({ rows: [row(7)], items: [], gone: new Set([idOf(7)]) }, RULES)).toEqual([idOf(7, 1)]);
  });

  it('waits for a later turn beyond as many as may be made in one', () => {
    const made = planOf({ rows: [row(7), row(8), row(9)], mostNew: 2 });
    expect([made.decisions.length, made.left]).toEqual([2, 1]);
  });

  it('is linked with what stands there under its id, and made no second time', () => {
    expect(spelled(planOf({ rows: [row(7)], items: [item(idOf(7))] }))).toEqual([`${idOf(7)} linked`]);
  });

  it('is held where what stands there differs: nobody knows which is newer', () => {
    const items = [item(idOf(7), { entry: { ...VISIT, subject: 'Another' } })];
    expect(planOf({ rows: [row(7)], items }).decisions).toMatchObject([{ link: { state: 'held', cause: 'found' } }]);
  });
});

describe('An entry that somebody made in the groupware', () => {
  it.each<[string, Partial<Situation>, Partial<SyncRules>, readonly string[]]>([
    ['becomes a row', {}, {}, [`${importedId('crm', 'pmorales', 'event', 'own')} intended insert`]],
    ['stays there where nothing is written into the CRM', {}, { mayWrite: false }, []],
    ['stays there where no rows are made', {}, { creates: {} }, []],
    ['stays there outside of the window', { isInWindow: () => false }, {}, []],
    ['stays there once its row is gone', { gone: new Set([importedId('crm', 'pmorales', 'event', 'own')]) }, {}, []],
  ])('%s', (_, changes, rules, expected) => {
    expect(spelled(planOf({ items: [item('own')], ...changes }, rules))).toEqual(expected);
  });

  it('as a copy of one of ours is no second row', () => {
    const links = [linkOf(7)];
    const sides = new Map([[idOf(7), { here, there: { kind: 'present', id: idOf(7), entry: VISIT, version: '' } as const }]]);
    expect(spelled(planOf({ links, sides, items: [item('copy', { mark: idOf(7) })] }))).toEqual([`${idOf(7)} linked`]);
  });
});

describe('A ledger that does not know entries of ours', () => {
  it('is told apart from one that knows that they are gone', () => {
    expect(planOf({ items: [item(idOf(99))] })).toMatchObject({ isAdopting: true, strange: [{ id: idOf(99) }] });
    expect(planOf({ items: [item(idOf(99))], gone: new Set([idOf(99)]) })).toMatchObject({ isAdopting: false, strange: [] });
  });

  it('adopts what it finds, and makes and deletes nothing', () => {
    const made = planOf({ rows: [row(7), row(8)], items: [item(idOf(7)), item(idOf(99)), item('own')] });
    expect([made.isAdopting, spelled(made)]).toEqual([true, [`${idOf(7)} linked`]]);
  });

  it('goes on so until somebody says otherwise', () => {
    expect(spelled(planOf({ rows: [row(7)], isAdopting: true }))).toEqual([]);
  });
});

describe('The guard', () => {
  it.each([
    [1, 1, false],
    [2, 2, true],
    [20, 40, false],
    [21, 40, true],
    [21, 84, false],
    [22, 84, true],
    [0, 10, false],
  ])('of %i missing among %i says %j', (missing, all, expected) => {
    expect(isTooMuch(missing, all)).toBe(expected);
  });

  it.each(['here', 'there'] as const)('holds all that are missing %s', (side) => {
    const links = [7, 8, 9].map(linkOf);
    const present = { kind: 'present', id: '', entry: VISIT, version: '' } as const;
    const both =
      side === 'here' ? { here: { kind: 'absent' } as const, there: present } : { here, there: { kind: 'absent' } as const };
    const made = planOf({ links, sides: new Map(links.map(({ id }) => [id, both])) });
    expect([made.guarded, made.decisions.map(({ link }) => link.cause)]).toEqual([[side], Array(3).fill(`guard-${side}`)]);
  });

  it('makes no new calendar for others before it is said what becomes of those in the one that was deleted', () => {
    const held: Link = { ...linkOf(1), state: 'held', cause: 'guard-there' };
    const madeWith = (link: Link | undefined) =>
      planOf({ links: link === undefined ? [] : [link], rows: [row(2)], lost: ['event'] }).decisions.some(
        ({ remote }) => remote?.do === 'create',
      );
    expect(
      [linkOf(1), held, { ...held, order: 'crm' as const }, { ...held, kind: 'task' as const }, undefined].map(madeWith),
    ).toEqual([...[false, false, true, true, true]]);
  });

  it('holds what was in a calendar that is not there any more', () => {
    const links = [linkOf(7)];
    const sides = new Map([[idOf(7), { here, there: { kind: 'absent' } as const }]]);
    expect(planOf({ links, sides, lost: ['event'] }).decisions).toMatchObject([
      { link: { state: 'held', cause: 'guard-there' } },
    ]);
  });
});
