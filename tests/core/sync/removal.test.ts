// What is taken out of the groupware of a user who leaves, and what stays there: a table.

import { entryId } from '../../../src/core/sync/entry-id';
import type { Entry } from '../../../src/core/sync/entry';
import { newLink, type Link } from '../../../src/core/sync/link';
import type { Situation } from '../../../src/core/sync/plan';
import { planRemoval } from '../../../src/core/sync/removal';
import type { Here, SyncRules, There } from '../../../src/core/sync/sides';

const at = (hour: number) => ({ wallClock: `2026-12-01T${String(hour).padStart(2, '0')}:00:00`, timeZone: 'America/Chicago' });
const VISIT: Entry = {
  kind: 'event',
  subject: 'Visit Calder & Sons',
  time: { begin: at(9), end: at(10) },
  place: 'Dock 3',
  notes: '',
  done: false,
};
const MOVED: Entry = { ...VISIT, time: { begin: at(14), end: at(15) } };
const NOTED: Entry = { ...VISIT, notes: 'bring the pump' };
const midnight = (day: string) => ({ wallClock: `${day}T00:00:00`, timeZone: 'America/Chicago' });
const DAYS: Entry = { ...VISIT, time: { begin: { day: '2026-12-01' }, end: { day: '2026-12-02' } } };
const NIGHTS: Entry = { ...VISIT, time: { begin: midnight('2026-12-01'), end: midnight('2026-12-02') } };

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
const ID = entryId({ system: 'crm', user: 'pmorales', type: 'appointment', objid: 7, generation: 0 });
const LINK: Link = newLink({
  id: ID,
  user: 'pmorales',
  kind: 'event',
  type: 'appointment',
  objid: 7,
  origin: 'crm',
  state: 'linked',
  remoteId: 'there',
  version: 'v1',
  crmBase: VISIT,
  remoteBase: VISIT,
});

const here = (entry: Entry = VISIT): Here => {
  const fields = ['subject', 'time', 'place'] as const;
  return { kind: 'present', entry, owner: 'pmorales', isInWindow: true, isPast: false, fields, writable: fields };
};
const there = (entry: Entry = VISIT): There => ({ kind: 'present', id: 'there', entry, version: 'v2' });
const ABSENT = { kind: 'absent' } as const;
const SILENT = { kind: 'unknown', words: '' } as const;

const EMPTY: Situation = {
  links: [],
  sides: new Map(),
  rows: [],
  items: [],
  gone: new Set(),
  others: new Set<string>(),
  lost: [],
  isAdopting: false,
  mostNew: 10,
  isInWindow: () => true,
};

function removal(link: Partial<Link>, one: Here, other: There): string {
  const whole = { ...LINK, ...link };
  const sides = new Map([[whole.id, { here: one, there: other }]]);
  const { decisions, guarded } = planRemoval({ ...EMPTY, links: [whole], sides }, RULES);
  expect(guarded).toEqual([]);
  return decisions
    .map(({ link: { state, cause }, remote, crm, why }) => {
      expect(crm).toBeUndefined();
      return `${state}${cause === '' ? '' : ` (${cause})`}: ${remote === undefined ? why : `${remote.do} ${'version' in remote ? remote.version : ''}`}`;
    })
    .join();
}

const bare: Partial<Link> = { crmBase: undefined, remoteBase: undefined };
const LEAVES = 'leaving (disconnected): delete v2';
const begun: Partial<Link> = { state: 'leaving', cause: 'disconnected' };

describe('Of a user who leaves, an entry', () => {
  it.each<[string, Partial<Link>, Here, There, string]>([
    ['that is as we made it is deleted by the version that was seen', {}, here(MOVED), there(), LEAVES],
    ['whose row is gone is deleted', {}, ABSENT, there(), LEAVES],
    ['out of the window is deleted', { state: 'apart', cause: 'window' }, here(), there(), LEAVES],
    ['that is held is deleted', { state: 'held', cause: 'refused', order: 'crm' }, here(), there(), LEAVES],
    ['that was being made is deleted', { ...bare, state: 'intended', sent: VISIT }, here(MOVED), there(), LEAVES],
    ['that was being deleted is deleted', begun, here(), there(), LEAVES],
    ['that is gone by now is so', begun, here(), ABSENT, 'gone (disconnected): it is gone'],
    ['that people made there stays, and nothing is said of it', { origin: 'groupware' }, here(), there(), ''],
    ['that is not there needs nothing', {}, here(), ABSENT, ''],
    ['that was left alone and is not asked for needs nothing', { state: 'apart', cause: 'past' }, here(), SILENT, ''],
    ['that people changed there stays', {}, here(), there(MOVED), 'linked: somebody changed it there'],
    [
      'that people changed before its answer was known stays',
      { ...bare, sent: VISIT },
      here(),
      there(MOVED),
      'linked: somebody changed it there',
    ],
    ['that people changed at the last moment stays as it was', begun, here(), there(MOVED), 'linked: somebody changed it there'],
    ['without baselines is deleted where it is as in the CRM', bare, here(), there(), LEAVES],
    ['of days without baselines is deleted where it is as in the CRM', bare, here(NIGHTS), there(DAYS), LEAVES],
    [
      'without baselines stays where it is otherwise',
      bare,
      here(MOVED),
      there(),
      'linked: nobody knows whether somebody changed it there',
    ],
    [
      'without baselines stays where it has what the CRM has not',
      bare,
      here(),
      there(NOTED),
      'linked: nobody knows whether somebody changed it there',
    ],
    [
      'without baselines stays where its row is gone',
      bare,
      ABSENT,
      there(),
      'linked: nobody knows whether somebody changed it there',
    ],
    ['that is a series stays', {}, here(), { kind: 'series' }, 'linked: somebody made a series of it'],
    ['of another person stays', {}, here(), { kind: 'foreign' }, 'linked: it is another person’s now'],
    ['of which nothing is told stays', {}, here(), SILENT, 'linked: the groupware did not tell how it is'],
    [
      'that cannot be understood stays',
      {},
      here(),
      { kind: 'unknown', words: 'its file is broken' },
      'linked: its file is broken',
    ],
    ['that is private stays', {}, here(), { kind: 'private' }, 'held (private): it is private there now'],
  ])('%s', (_, link, one, other, expected) => {
    expect(removal(link, one, other)).toBe(expected);
  });

  it('that is private loses its texts', () => {
    const sides = new Map([[ID, { here: here(), there: { kind: 'private' } as const }]]);
    const [decision] = planRemoval({ ...EMPTY, links: [LINK], sides }, RULES).decisions;
    expect([decision?.link.crmBase, decision?.link.remoteBase]).toEqual([undefined, undefined]);
  });

  it('that looks like ours and has no link is told of, and stays', () => {
    const item = { kind: 'event', id: ID, version: 'v1', entry: VISIT } as const;
    const plan = planRemoval({ ...EMPTY, items: [item, { ...item, id: 'theirs' }] }, RULES);
    expect([plan.decisions, plan.strange]).toEqual([[], [item]]);
  });
});
