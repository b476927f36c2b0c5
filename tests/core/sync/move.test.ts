// What becomes of the links of a user who moves to another groupware: a table; and what is found there of an earlier stay.

import { busyId } from '../../../src/core/sync/busy';
import { decide } from '../../../src/core/sync/decide';
import type { Entry } from '../../../src/core/sync/entry';
import { entryId, importedId } from '../../../src/core/sync/entry-id';
import { isSought, LINK_STATES, newLink, type Link } from '../../../src/core/sync/link';
import { moved } from '../../../src/core/sync/move';
import { reunited } from '../../../src/core/sync/reunite';
import type { Here, SyncRules, There } from '../../../src/core/sync/sides';

const at = (hour: number) => ({ wallClock: `2026-12-01T${String(hour).padStart(2, '0')}:00:00`, timeZone: 'America/Chicago' });
const VISIT: Entry = { kind: 'event', subject: 'Visit', time: { begin: at(9), end: at(10) }, place: '', notes: '', done: false };
const LATER: Entry = { ...VISIT, time: { begin: at(14), end: at(15) } };
const RULES: SyncRules = {
  system: 'crm',
  user: 'pmorales',
  mayWrite: true,
  creates: { event: 'appointment' },
  deletes: 'own',
  timeZone: 'America/Chicago',
  removesContacts: false,
  fields: { event: ['subject', 'time', 'place', 'notes'] },
};
const idOf = (generation: number) => entryId({ system: 'crm', user: 'pmorales', type: 'appointment', objid: 7, generation });
const IMPORTED = importedId('crm', 'pmorales', 'event', 'there');
const BUSY = busyId({ begin: Date.UTC(2026, 11, 1), end: Date.UTC(2026, 11, 2) });
const TEXTS = { crmBase: VISIT, remoteBase: VISIT, sent: VISIT, pending: { kind: 'absent' } } as const;
const LINK: Link = newLink({
  ...{ id: idOf(0), user: 'pmorales', kind: 'event', type: 'appointment', objid: 7, origin: 'crm', state: 'linked' },
  ...{ remoteId: 'there', version: 'v1', attempts: 2, revision: 3, ...TEXTS },
});
const ENTERED: Partial<Link> = { id: IMPORTED, origin: 'groupware' };
const NONE = { crmBase: undefined, remoteBase: undefined, sent: undefined, pending: undefined };
const SOUGHT = 'intended moved, forgets its item';
const REPLACED = `gone moved, forgets what it said; ${SOUGHT}`;

/** What becomes of a link, in words. */
function fate(change: Partial<Link>, hasRow = true): string {
  const before = { ...LINK, ...change };
  const { link, next } = moved(before, hasRow, RULES, (id) => id === idOf(0) && before.id !== id);
  return [link, ...(next === undefined ? [] : [next])]
    .map((after) => {
      if (after === before) return 'stays as it is';
      expect(after).toMatchObject({ ...NONE, order: '', attempts: 0, kind: 'event', type: 'appointment' });
      const { state, cause, remoteId, objid } = after;
      const words = remoteId === '' ? 'forgets its item' : 'forgets what it said';
      return `${state}${cause === '' ? '' : ` ${cause}`}, ${words}${objid === 0 ? ' and its row' : ''}`;
    })
    .join('; ');
}

describe('Of a user who moves, a link', () => {
  it.each<[string, Partial<Link>, string]>([
    ['in step looks for its item', {}, SOUGHT],
    ['in step of what was entered gives way to one of its row', ENTERED, REPLACED],
    ['of a row that was made anew keeps its id', { origin: 'groupware', id: idOf(1) }, SOUGHT],
    ['of a time at which somebody is busy', { remoteId: BUSY, origin: 'groupware' }, 'stays as it is'],
    ['that is being made is made at the new one', { state: 'intended' }, SOUGHT],
    ['that looks for its item', { ...NONE, state: 'intended', cause: 'moved', remoteId: '' }, SOUGHT],
    ['that is being entered looks for its item', { ...ENTERED, state: 'intended' }, REPLACED],
    [
      'that is not entered yet waits',
      { ...ENTERED, state: 'intended', objid: 0 },
      'apart moved, forgets what it said and its row',
    ],
    ['of which the CRM is told that it was deleted', { state: 'leaving', cause: 'deleted-there' }, 'stays as it is'],
    ['whose row is gone is done with', { state: 'leaving', cause: 'deleted-here' }, 'gone deleted-here, forgets what it said'],
    ['whose row is somebody else’s is done with', { state: 'leaving', cause: 'owner' }, 'gone owner, forgets what it said'],
    ['of somebody who was disconnected looks for its item', { state: 'leaving', cause: 'disconnected' }, SOUGHT],
    ['held as private goes nowhere', { state: 'held', cause: 'private' }, 'held private, forgets what it said'],
    ['held as a series goes nowhere', { state: 'held', cause: 'series' }, 'held series, forgets what it said'],
    ['whose row is missing among many', { state: 'held', cause: 'guard-here' }, 'held guard-here, forgets what it said'],
    [
      'whose row is gone, and that was edited',
      { state: 'held', cause: 'edited-there' },
      'held edited-there, forgets what it said',
    ],
    ['that was missing among many is made', { state: 'held', cause: 'guard-there' }, SOUGHT],
    ['that was found and differed is made', { state: 'held', cause: 'found' }, SOUGHT],
    ['that was merged is made', { state: 'held', cause: 'merged' }, SOUGHT],
    ['that was refused is tried', { state: 'held', cause: 'refused' }, SOUGHT],
    [
      'that the CRM refused waits',
      { ...ENTERED, state: 'held', cause: 'refused', objid: 0, remoteBase: undefined },
      'apart moved, forgets what it said and its row',
    ],
    ['of which somebody said the CRM is right', { state: 'held', cause: 'found', order: 'crm' }, SOUGHT],
    ['that shall stay as it is', { state: 'held', cause: 'found', order: 'both' }, 'apart both, forgets what it said'],
    ['that is damaged', { state: 'held', damage: 'its kind is none' }, 'stays as it is'],
    ['out of the window is looked for once it is back', { state: 'apart', cause: 'window' }, 'apart window, forgets its item'],
    ['that somebody deleted', { state: 'apart', cause: 'deleted-there' }, 'stays as it is'],
    ['that is over', { state: 'apart', cause: 'past' }, 'stays as it is'],
    ['that waits', { state: 'apart', cause: 'moved' }, 'stays as it is'],
    ['that is gone', { state: 'gone' }, 'stays as it is'],
  ])('%s', (_, change, expected) => expect(fate(change)).toBe(expected));

  it('that is being entered, and is not in the CRM, waits', () => {
    expect(fate({ ...ENTERED, state: 'intended' }, false)).toBe('apart moved, forgets what it said and its row');
  });

  it('that was moved is as it is when it is moved again', () => {
    for (const state of LINK_STATES) {
      const once = moved({ ...LINK, state }, true, RULES, () => false).link;
      expect(moved(once, true, RULES, () => false)).toEqual({ link: once });
    }
  });

  it('of what was entered gives way to one under the first id that is free', () => {
    const { next } = moved({ ...LINK, ...ENTERED }, true, RULES, (id) => [idOf(0), idOf(1)].includes(id));
    expect(next).toMatchObject({ id: idOf(2), generation: 2, origin: 'crm', objid: 7, revision: 0 });
  });
});

const here = (change: object = {}): Here => {
  const fields = ['subject', 'time'] as const;
  const present = { entry: VISIT, owner: 'pmorales', isInWindow: true, isPast: false, fields, writable: fields };
  return { kind: 'present', ...present, ...change };
};
const there = (entry: Entry = VISIT): There => ({ kind: 'present', id: 'new', entry, version: 'v9' });
const ABSENT = { kind: 'absent' } as const;

/** What is decided about a link after it moved. */
function decided(change: Partial<Link>, one: Here, other: There, guarded: readonly ('here' | 'there')[] = []): string {
  const { link, remote, crm } = decide(
    { ...moved(LINK, true, RULES, () => false).link, ...change },
    { here: one, there: other },
    RULES,
    guarded,
  );
  const does = [remote?.do, crm?.do].filter((step) => step !== undefined);
  return [`${link.state}${link.cause === '' ? '' : ` ${link.cause}`}`, ...does].join(': ');
}

describe('At the new groupware, a link', () => {
  const waits: Partial<Link> = { ...NONE, state: 'apart', cause: 'moved', origin: 'groupware', objid: 0, remoteId: 'new' };
  const out: Partial<Link> = { state: 'apart', cause: 'window' };
  it.each<[string, Partial<Link>, Here, There, string]>([
    ['whose item is not there makes it', {}, here(), ABSENT, 'intended: create'],
    ['whose item is there, and the same, is in step', {}, here(), there(), 'linked'],
    ['whose item is there, and differs, makes it as in the CRM', {}, here(), there(LATER), 'linked: update'],
    [
      'whose item is there, and its row somebody else’s, leaves',
      {},
      here({ owner: 'dkeller' }),
      there(),
      'leaving owner: delete',
    ],
    ['whose item is private is held', {}, here(), { kind: 'private' }, 'held private'],
    ['of which nobody knows does nothing', {}, here(), { kind: 'unknown', words: '' }, 'intended moved'],
    ['whose row does not tell does nothing', {}, { kind: 'unknown' }, ABSENT, 'intended moved'],
    ['whose row is gone is gone', {}, ABSENT, ABSENT, 'gone'],
    ['whose row is somebody else’s is gone', {}, here({ owner: 'dkeller' }), ABSENT, 'gone owner'],
    ['whose row is out of the window is left alone', {}, here({ isInWindow: false }), ABSENT, 'apart window'],
    ['that comes back into the window makes its item', out, here(), ABSENT, 'intended: create'],
    ['that waits is entered when it is seen', waits, { kind: 'unknown' }, there(), 'intended: insert'],
    ['that waits does nothing until it is seen', waits, { kind: 'unknown' }, ABSENT, 'apart moved'],
  ])('%s', (_, change, one, other, expected) => expect(decided(change, one, other)).toBe(expected));

  it('makes nothing while too much is missing there', () =>
    expect(decided({}, here(), ABSENT, ['there'])).toBe('intended moved'));
});

describe('What stands there of an earlier stay', () => {
  const looking = moved(LINK, true, RULES, () => false).link;
  const item = { kind: 'event', version: 'v1', entry: VISIT } as const;
  const unite = (items: readonly (typeof item & { id: string; mark?: string })[], other: There = ABSENT, link = looking) =>
    reunited({ links: [link], sides: new Map([[link.id, { here: here(), there: other }]]), items }, ROWS, RULES);
  const ROWS = new Map([
    [idOf(4), 'appointment:7'],
    [IMPORTED, 'appointment:7'],
    [idOf(5), 'appointment:8'],
  ]);

  it.each([
    ['under an earlier id', { ...item, id: idOf(4) }],
    ['with an earlier mark', { ...item, id: 'theirs', mark: idOf(4) }],
    ['as it was entered there', { ...item, id: 'there' }],
  ])('is found %s', (_, old) => {
    const { links, sides, items } = unite([old]);
    expect(links[0]).toMatchObject({ id: looking.id, remoteId: old.id });
    expect(sides.get(looking.id)?.there).toEqual({ kind: 'present', id: old.id, entry: VISIT, version: 'v1' });
    expect(items).toEqual([]);
    expect(isSought(links[0] ?? LINK)).toBe(true);
  });

  it.each<[string, Parameters<typeof unite>]>([
    ['of another row', [[{ ...item, id: idOf(5) }]]],
    ['where its own item is there', [[{ ...item, id: idOf(4) }], there()]],
    ['of a link that knows its item', [[{ ...item, id: idOf(4) }], ABSENT, LINK]],
  ])('is left alone %s', (_, given) => {
    const { links, items } = unite(...given);
    expect(links[0]?.remoteId).toBe(given[2]?.remoteId ?? '');
    expect(items).toHaveLength(1);
  });

  it('goes to one link once', () => {
    const { items } = unite([
      { ...item, id: idOf(4) },
      { ...item, id: 'there' },
    ]);
    expect(items.map(({ id }) => id)).toEqual(['there']);
  });
});
