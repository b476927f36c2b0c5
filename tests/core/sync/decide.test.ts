// What is done about a link, by what both sides are: a table.

import { decide, type Decision } from '../../../src/core/sync/decide';
import type { Entry } from '../../../src/core/sync/entry';
import { entryId } from '../../../src/core/sync/entry-id';
import { newLink, type Link } from '../../../src/core/sync/link';
import type { Here, PresentHere, SyncRules, There } from '../../../src/core/sync/sides';

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
const RENAMED: Entry = { ...VISIT, subject: 'Visit Calder' };

const RULES: SyncRules = {
  system: 'crm',
  user: 'pmorales',
  mayWrite: true,
  creates: { event: 'appointment', task: 'action_item' },
  deletes: 'own',
  timeZone: 'America/Chicago',
  removesContacts: false,
  fields: { event: ['subject', 'time', 'place', 'notes'], task: ['subject', 'time', 'notes', 'done'] },
};
const IDENTITY = { system: 'crm', user: 'pmorales', type: 'appointment', objid: 7, generation: 0 };
const LINK: Link = newLink({
  id: entryId(IDENTITY),
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

function here(entry: Entry = VISIT, changes: Partial<PresentHere> = {}): PresentHere {
  const fields = ['subject', 'time', 'place', 'notes'] as const;
  return { kind: 'present', entry, owner: 'pmorales', isInWindow: true, isPast: false, fields, writable: fields, ...changes };
}

function there(entry: Entry = VISIT, version = 'v2'): There {
  return { kind: 'present', id: 'there', entry, version };
}

const ABSENT = { kind: 'absent' } as const;
const SILENT = { kind: 'unknown', words: '' } as const;
const PRIVATE = { kind: 'private' } as const;

/** A decision in a line: the state, why, and the steps. */
function spelled({ link, crm, remote, next }: Decision): string {
  const steps = [
    crm === undefined ? '' : `crm ${crm.do}${crm.do === 'update' ? ` ${crm.change.fields.join('+')}` : ''}`,
    remote === undefined ? '' : `groupware ${remote.do}${remote.do === 'update' ? ` ${remote.change.fields.join('+')}` : ''}`,
    next === undefined ? '' : `again as ${next.generation}`,
  ].filter((step) => step !== '');
  return [`${link.state}${link.cause === '' ? '' : ` (${link.cause})`}`, ...steps].join(', ');
}

const readOnly: Partial<SyncRules> = { mayWrite: false };
const imported: Partial<Link> = { origin: 'groupware' };

describe('A linked entry', () => {
  it.each<[string, Here, There, string, Partial<SyncRules>?, Partial<Link>?]>([
    ['is left alone where nothing changed', here(), there(), 'linked'],
    ['is changed there where the CRM changed', here(MOVED), there(), 'linked, groupware update time'],
    ['is changed in the CRM where it changed there', here(), there(MOVED), 'linked, crm update time'],
    ['takes each change to its other side', here(RENAMED), there(MOVED), 'linked, crm update time, groupware update subject'],
    [
      'is moved as on the phone where both moved it',
      here({ ...VISIT, time: { begin: at(11), end: at(12) } }),
      there(MOVED),
      'linked, crm update time',
    ],
    [
      'is called as in the CRM where both renamed it',
      here(RENAMED),
      there({ ...VISIT, subject: 'Calder' }),
      'linked, groupware update subject',
    ],
    ['is as in the CRM where it is over', here(VISIT, { isPast: true }), there(MOVED), 'linked, groupware update time'],
    [
      'is as in the CRM where that cannot be written',
      here(VISIT, { writable: [] }),
      there(MOVED),
      'linked, groupware update time',
    ],
    ['waits where nothing is written into the CRM', here(), there(MOVED), 'linked', readOnly],
    [
      'is left alone where the zone alone changed',
      here(),
      there({
        ...VISIT,
        time: {
          begin: { wallClock: '2026-12-01T15:00:00', timeZone: 'UTC' },
          end: { wallClock: '2026-12-01T16:00:00', timeZone: 'UTC' },
        },
      }),
      'linked',
    ],

    ['is left alone where the groupware does not tell', here(MOVED), SILENT, 'linked'],
    ['is left alone where the CRM does not tell', { kind: 'unknown' }, there(MOVED), 'linked'],

    ['that people deleted there stays in the CRM', here(), ABSENT, 'apart (deleted-there)'],
    ['that we made from there is deleted in the CRM', here(), ABSENT, 'leaving (deleted-there), crm delete', {}, imported],
    ['that we made stays where nothing is deleted', here(), ABSENT, 'apart (deleted-there)', { deletes: 'none' }, imported],
    [
      'that people made is deleted where appointments are',
      here(),
      ABSENT,
      'leaving (deleted-there), crm delete',
      { deletes: 'appointments' },
    ],
    ['that is over stays in the CRM', here(VISIT, { isPast: true }), ABSENT, 'apart (past)', {}, imported],
    ['comes back there where the CRM changed it', here(MOVED), ABSENT, 'gone (deleted-there), again as 1'],
    [
      'that we made from there comes back there as the first that is named by its row',
      here(MOVED),
      ABSENT,
      'gone (deleted-there), again as 0',
      {},
      { ...imported, id: 'gw1' },
    ],

    ['whose row is gone is deleted there', ABSENT, there(), 'leaving (deleted-here), groupware delete'],
    ['whose row is gone, and that changed there, is made anew in the CRM', ABSENT, there(MOVED), 'intended, crm insert'],
    [
      'whose row is gone, and that changed there, is held where no rows are made',
      ABSENT,
      there(MOVED),
      'held (edited-there)',
      { creates: {} },
    ],
    ['is gone where neither side has it', ABSENT, ABSENT, 'gone'],

    ['that left the window is left alone', here(VISIT, { isInWindow: false }), there(MOVED), 'apart (window)'],
    ['of somebody else leaves', here(VISIT, { owner: 'dkeller' }), there(), 'leaving (owner), groupware delete'],
    [
      'of somebody else takes its changes into the CRM first',
      here(VISIT, { owner: 'dkeller' }),
      there(MOVED),
      'leaving (owner), crm update time',
    ],

    ['that became private is held', here(MOVED), PRIVATE, 'held (private)'],
    ['that became a series is held', here(), { kind: 'series' }, 'held (series)'],
    ['that somebody merged with another one is held', here(), { kind: 'merged' }, 'held (merged)'],
    [
      'that was merged before anybody knew that it was made is held',
      here(),
      { kind: 'merged' },
      'held (merged)',
      {},
      { state: 'intended' },
    ],
    ['that was merged, and whose row is gone, is held', ABSENT, { kind: 'merged' }, 'held (merged)'],
    ['that was merged while it was leaving is gone', ABSENT, { kind: 'merged' }, 'gone', {}, { state: 'leaving' }],
    ['that is a meeting of somebody else now is left alone', here(), { kind: 'foreign' }, 'apart (both)'],
  ])('%s', (_, one, other, expected, rules = {}, link = {}) => {
    expect(spelled(decide({ ...LINK, ...link }, { here: one, there: other }, { ...RULES, ...rules }))).toBe(expected);
  });

  it('keeps the value that gave way', () => {
    const { lost } = decide(LINK, { here: here(RENAMED), there: there({ ...VISIT, subject: 'Calder' }) }, RULES);
    expect(lost).toEqual([{ field: 'subject', winner: 'crm', crmValue: 'Visit Calder', remoteValue: 'Calder' }]);
  });

  it('has the notes of both, once', () => {
    const [one, other] = [
      { ...VISIT, notes: 'bring the pump' },
      { ...VISIT, notes: 'ring twice' },
    ];
    const { crm, remote, lost } = decide(LINK, { here: here(one), there: there(other) }, RULES);
    const notes = 'bring the pump\n\nring twice';
    expect([crm, remote]).toMatchObject([{ change: { entry: { notes } } }, { change: { entry: { notes } } }]);
    expect(lost).toMatchObject([{ field: 'notes', winner: 'both' }]);
  });

  it.each<[string, string, string, string]>([
    ['in the CRM only go to the groupware', 'bring the pump\n\nring twice', 'ring twice', 'groupware'],
    ['in the groupware only go into the CRM', 'bring the pump', 'bring the pump; ring twice', 'crm'],
  ])('has notes that are whole already: those %s, and nothing gives way', (_, own, theirs, side) => {
    const [one, other] = [here({ ...VISIT, notes: own }), there({ ...VISIT, notes: theirs })];
    const { crm, remote, lost } = decide(LINK, { here: one, there: other }, RULES);
    expect([crm, remote].map((step) => step?.do)).toEqual(side === 'crm' ? ['update', undefined] : [undefined, 'update']);
    expect(lost).toEqual([]);
  });

  it.each<[string, Partial<Link>, readonly string[]]>([
    ['keeps what only the groupware had, where it was entered there', imported, ['place']],
    ['keeps nothing that the CRM has in its own words', {}, []],
  ])('of somebody else %s', (_, changes, fields) => {
    const row = { ...VISIT, place: '' };
    const own = here(row, { owner: 'dkeller', writable: ['subject', 'time'] });
    const { lost, remote } = decide({ ...LINK, ...changes, crmBase: row }, { here: own, there: there() }, RULES);
    expect([remote?.do, lost.map(({ field }) => field)]).toEqual(['delete', fields]);
  });

  it('of somebody else is deleted by the version that was seen', () => {
    const elsewhere = here(VISIT, { owner: 'dkeller' });
    const { link } = decide(LINK, { here: elsewhere, there: there(MOVED, 'v9') }, RULES);
    expect([link.state, link.version]).toEqual(['leaving', 'v9']);
    expect(decide(LINK, { here: elsewhere, there: there(VISIT, 'v9') }, RULES).remote).toEqual({ do: 'delete', version: 'v9' });
  });

  it('forgets what came to nothing when there is nothing to do any more', () => {
    const tried = { ...LINK, attempts: 3 };
    expect(decide(tried, { here: here(), there: there() }, RULES).link.attempts).toBe(0);
    expect(decide(tried, { here: here(MOVED), there: there() }, RULES).link.attempts).toBe(3);
  });

  it.each<[string, Link, Here]>([
    ['whose row is gone', LINK, ABSENT],
    ['of somebody else', LINK, here(VISIT, { owner: 'dkeller' })],
    ['that is leaving', { ...LINK, state: 'leaving', cause: 'deleted-here' }, ABSENT],
    ['that is being made', { ...LINK, state: 'intended', sent: VISIT, remoteId: '' }, here()],
  ])('%s is left alone where too many are missing there: it may be there all the same', (_, link, one) => {
    const decision = decide(link, { here: one, there: ABSENT }, RULES, ['there']);
    expect([decision.link, decision.crm, decision.remote]).toEqual([link, undefined, undefined]);
  });

  it('is changed by the version that was seen', () => {
    const { link, remote } = decide(LINK, { here: here(MOVED), there: there(VISIT, 'v9') }, RULES);
    expect([link.version, remote]).toMatchObject(['v9', { version: 'v9' }]);
  });

  it.each([
    ['there', here(), ABSENT, 'held (guard-there)'],
    ['here', ABSENT, there(), 'held (guard-here)'],
  ] as const)('is held where too many are missing %s', (side, one, other, expected) => {
    expect(spelled(decide(LINK, { here: one, there: other }, RULES, [side]))).toBe(expected);
  });
});

describe('An entry that is being made', () => {
  const making: Link = {
    ...LINK,
    state: 'intended',
    remoteId: '',
    version: '',
    crmBase: undefined,
    remoteBase: undefined,
    sent: VISIT,
  };
  const entering: Link = { ...making, origin: 'groupware', objid: 7, remoteId: 'there' };

  it.each<[string, Link, Here, There, string]>([
    ['is made where it is not there', making, here(), ABSENT, 'intended, groupware create'],
    ['is made as it was first sent, whatever the CRM has by now', making, here(MOVED), ABSENT, 'intended, groupware create'],
    ['is taken for made where it is there', making, here(), there(), 'linked'],
    [
      'is made under another name where it is gone',
      { ...making, remoteId: 'there' },
      here(),
      ABSENT,
      'intended, groupware create',
    ],
    ['keeps what people changed before its answer was known', making, here(), there(MOVED), 'linked, crm update time'],
    ['takes what the CRM changed meanwhile', making, here(RENAMED), there(), 'linked, groupware update subject'],
    ['waits where nobody knows', making, here(), SILENT, 'intended'],
    ['is given up where nobody wants it any more', making, ABSENT, ABSENT, 'leaving (deleted-here)'],
    ['is given up where somebody else has it now', making, here(VISIT, { owner: 'agent2' }), ABSENT, 'leaving (owner)'],
    ['is held where somebody made it private', making, here(), PRIVATE, 'held (private)'],
    ['is entered in the CRM', entering, ABSENT, there(), 'intended, crm insert'],
    [
      'is entered when it is public again',
      { ...entering, objid: 0, sent: undefined },
      { kind: 'unknown' },
      there(),
      'intended, crm insert',
    ],
    ['is taken for entered where its row is there', entering, here(), there(), 'linked'],
    ['keeps what people changed before its row was known', entering, here(), there(MOVED), 'linked, crm update time'],
    [
      'takes what the CRM changed before its row was known',
      { ...entering, crmBase: VISIT },
      here(RENAMED),
      there(),
      'linked, groupware update subject',
    ],
    [
      'keeps a place there that its row cannot hold',
      { ...entering, crmBase: VISIT },
      here({ ...VISIT, place: '' }, { writable: ['subject', 'time'] }),
      there(),
      'linked',
    ],
    ['is given up where it was deleted there before', entering, ABSENT, ABSENT, 'gone'],
  ])('%s', (_, link, one, other, expected) => {
    expect(spelled(decide(link, { here: one, there: other }, RULES))).toBe(expected);
  });

  it('repeats the very body that was first sent', () => {
    expect(decide(making, { here: here(MOVED), there: ABSENT }, RULES).remote).toEqual({ do: 'create', entry: VISIT });
  });

  it.each<[string, There, string]>([
    ['is gone where it was never made', ABSENT, 'gone (deleted-here)'],
    ['is deleted where a host that slept made it all the same', there(), 'leaving (deleted-here), groupware delete'],
    ['is not lost where somebody changed it by then', there(MOVED), 'intended, crm insert'],
    ['waits where nobody knows', SILENT, 'leaving (deleted-here)'],
  ])('and was given up %s', (_, other, expected) => {
    const { link } = decide(making, { here: ABSENT, there: ABSENT }, RULES);
    expect(spelled(decide(link, { here: ABSENT, there: other }, RULES))).toBe(expected);
  });
});

describe('A held entry', () => {
  const held: Link = { ...LINK, state: 'held', cause: 'guard-there', reason: 'too many' };
  it.each<[string, Link['order'], Here, There, string]>([
    ['stays so until somebody resolves it', '', here(MOVED), ABSENT, 'held (guard-there)'],
    ['stays so where the groupware does not tell', '', here(MOVED), SILENT, 'held (guard-there)'],
    ['is as in the CRM, if that is right', 'crm', here(), there(MOVED), 'linked, groupware update time'],
    ['is as in the groupware, if that is right', 'groupware', here(), there(MOVED), 'linked, crm update time'],
    ['is made again there, if the CRM is right', 'crm', here(), ABSENT, 'gone (deleted-there), again as 1'],
    ['is left alone, if the groupware is right and has it no more', 'groupware', here(), ABSENT, 'apart (deleted-there)'],
    [
      'is deleted there, if the CRM is right and has it no more',
      'crm',
      ABSENT,
      there(),
      'leaving (deleted-here), groupware delete',
    ],
    [
      'is entered again, if the groupware is right and the CRM has it no more',
      'groupware',
      ABSENT,
      there(),
      'intended, crm insert',
    ],
    ['is left alone on both sides', 'both', here(MOVED), there(), 'apart (both)'],
    ['stays so where a side does not tell', 'crm', here(), SILENT, 'held (guard-there)'],
  ])('%s', (_, order, one, other, expected) => {
    expect(spelled(decide({ ...held, order }, { here: one, there: other }, RULES))).toBe(expected);
  });
});

describe('What somebody resolved', () => {
  it.each([
    ['crm', 'Visit Calder', 'Calder'],
    ['groupware', 'Visit Calder', 'Calder'],
  ] as const)('as %s keeps the values that give way', (order, crmValue, remoteValue) => {
    const held: Link = { ...LINK, state: 'held', cause: 'guard-there', order };
    const { lost } = decide(held, { here: here(RENAMED), there: there({ ...VISIT, subject: 'Calder' }) }, RULES);
    expect(lost).toEqual([{ field: 'subject', winner: order, crmValue, remoteValue }]);
  });
});

describe('An entry that is leaving', () => {
  const told = (cause: Link['cause']): Link => ({ ...LINK, state: 'leaving', cause });
  it.each<[string, Link, Here, There, string]>([
    ['is gone when both sides say so', told('deleted-here'), ABSENT, ABSENT, 'gone (deleted-here)'],
    ['is told again', told('deleted-here'), ABSENT, there(), 'leaving (deleted-here), groupware delete'],
    ['stays where somebody changed it meanwhile', told('deleted-here'), ABSENT, there(MOVED), 'intended, crm insert'],
    ['is linked again where its row came back', told('deleted-here'), here(), there(), 'linked'],
    ['is told to the CRM again', told('deleted-there'), here(), ABSENT, 'leaving (deleted-there), crm delete'],
    [
      'comes back where the CRM changed it meanwhile',
      told('deleted-there'),
      here(MOVED),
      ABSENT,
      'gone (deleted-there), again as 1',
    ],
    [
      'is nothing to the CRM where the row is somebody else’s by now',
      told('deleted-there'),
      here(VISIT, { owner: 'dkeller' }),
      ABSENT,
      'gone (deleted-there)',
    ],
    ['stays with its user where it came back', told('owner'), here(), there(), 'linked'],
    ['goes from its former user', told('owner'), here(VISIT, { owner: 'dkeller' }), there(), 'leaving (owner), groupware delete'],
  ])('%s', (_, link, one, other, expected) => {
    expect(spelled(decide(link, { here: one, there: other }, RULES))).toBe(expected);
  });
});

describe('An entry that was left alone', () => {
  it.each<[string, Link['cause'], Here, string]>([
    ['because of the window comes back with it', 'window', here(MOVED), 'linked, groupware update time'],
    ['because of the window stays so as long as it is outside', 'window', here(MOVED, { isInWindow: false }), 'apart (window)'],
    [
      'because of the window leaves where it comes back as somebody else’s',
      'window',
      here(VISIT, { owner: 'dkeller' }),
      'leaving (owner), groupware delete',
    ],
    ['because it was deleted stays so', 'deleted-there', here(MOVED), 'apart (deleted-there)'],
  ])('%s', (_, cause, one, expected) => {
    expect(spelled(decide({ ...LINK, state: 'apart', cause }, { here: one, there: there() }, RULES))).toBe(expected);
  });
});

describe('An entry that is private by now', () => {
  const whole: Partial<Link> = { sent: VISIT, pending: { kind: 'entry', entry: MOVED, version: 'v2' } };
  it.each<[string, Partial<Link>, string, Here?]>([
    ['is held where it was in step', {}, 'held (private)'],
    ['is held where it was being made', { state: 'intended' }, 'held (private)'],
    ['is held where its row is there', { state: 'intended', ...imported }, 'held (private)'],
    ['is held where its row may be there', { state: 'intended', ...imported }, 'held (private)', { kind: 'unknown' }],
    ['waits where its row was never made', { state: 'intended', ...imported }, 'intended', ABSENT],
    ['waits where its row has no id yet', { state: 'intended', ...imported, objid: 0 }, 'intended', { kind: 'unknown' }],
    ['is held where it was leaving', { state: 'leaving', cause: 'deleted-here' }, 'held (private)', ABSENT],
    ['is held where it was so already', { state: 'held', cause: 'edited-there' }, 'held (private)', ABSENT],
    ['stays as it is, if somebody says so', { state: 'held', cause: 'found', order: 'groupware' }, 'apart (both)'],
    ['is left alone where it was', { state: 'apart', cause: 'window' }, 'apart (window)'],
  ])('%s, and nothing of it is kept', (_, changes, expected, one = here(MOVED)) => {
    const decision = decide({ ...LINK, ...whole, ...changes }, { here: one, there: PRIVATE }, RULES, ['here', 'there']);
    const { crmBase, remoteBase, sent, pending } = decision.link;
    expect([spelled(decision), crmBase, remoteBase, sent, pending]).toEqual([expected, ...Array<undefined>(4)]);
  });
});

describe('An entry whose baselines were forgotten', () => {
  const bare: Partial<Link> = { crmBase: undefined, remoteBase: undefined };
  it.each<[string, Partial<Link>, Here, There, string]>([
    ['is known again where both sides are the same', {}, here(), there(), 'linked'],
    ['is held where they differ', {}, here(), there(MOVED), 'held (found)'],
    ['waits where a side does not tell', {}, here(), SILENT, 'linked'],
    ['is held where its row is gone: it may have been changed there', {}, ABSENT, there(), 'held (edited-there)'],
    ['is gone where neither side has it', {}, ABSENT, ABSENT, 'gone'],
    ['comes back there: the CRM may have changed it', {}, here(), ABSENT, 'gone (deleted-there), again as 1'],
    [
      'of somebody else leaves where both sides are the same',
      {},
      here(VISIT, { owner: 'dkeller' }),
      there(),
      'leaving (owner), groupware delete',
    ],
    ['of somebody else is held where they differ', {}, here(VISIT, { owner: 'dkeller' }), there(MOVED), 'held (found)'],
    ['is held where it was leaving', { state: 'leaving', cause: 'deleted-here' }, ABSENT, there(), 'held (edited-there)'],
    [
      'is not deleted in the CRM where it was leaving',
      { state: 'leaving', cause: 'deleted-there' },
      here(),
      ABSENT,
      'gone (deleted-there), again as 1',
    ],
    ['is made as the CRM has it', { state: 'intended', remoteId: '' }, here(MOVED), ABSENT, 'intended, groupware create'],
    ['is taken for made where it is as in the CRM', { state: 'intended', remoteId: '' }, here(), there(), 'linked'],
    ['is held where it was made and differs', { state: 'intended', remoteId: '' }, here(), there(MOVED), 'held (found)'],
    ['is entered as the groupware has it', { state: 'intended', ...imported }, ABSENT, there(MOVED), 'intended, crm insert'],
    ['is taken for entered where its row says the same', { state: 'intended', ...imported }, here(), there(), 'linked'],
    ['is held where its row says something else', { state: 'intended', ...imported }, here(), there(MOVED), 'held (found)'],
    ['comes back into the window where both sides are the same', { state: 'apart', cause: 'window' }, here(), there(), 'linked'],
  ])('%s', (_, changes, one, other, expected) => {
    expect(spelled(decide({ ...LINK, ...bare, ...changes }, { here: one, there: other }, RULES))).toBe(expected);
  });

  it('is made with a body that is frozen again', () => {
    const making: Link = { ...LINK, ...bare, state: 'intended', remoteId: '' };
    const { link, remote } = decide(making, { here: here(MOVED), there: ABSENT }, RULES);
    expect([link.sent, remote]).toEqual([MOVED, { do: 'create', entry: MOVED }]);
    const { link: entered, crm } = decide({ ...making, ...imported }, { here: ABSENT, there: there(MOVED) }, RULES);
    expect([entered.sent, crm]).toEqual([MOVED, { do: 'insert', entry: MOVED }]);
  });
});

describe('Whole days', () => {
  const days: Entry = { ...VISIT, time: { begin: { day: '2026-12-01' }, end: { day: '2026-12-02' } } };
  const midnight = (day: string) => ({ wallClock: `${day}T00:00:00`, timeZone: 'America/Chicago' });
  const nights: Entry = { ...VISIT, time: { begin: midnight('2026-12-01'), end: midnight('2026-12-02') } };

  it('are written into the CRM, and remembered', () => {
    const first = decide(LINK, { here: here(), there: there(days) }, RULES);
    expect(first.crm).toMatchObject({ do: 'update', change: { entry: { time: days.time } } });
    const known: Link = { ...LINK, crmBase: days, remoteBase: days };
    expect(spelled(decide(known, { here: here(nights), there: there(days) }, RULES))).toBe('linked');
  });

  it('are known again without baselines', () => {
    const bare: Link = { ...LINK, crmBase: undefined, remoteBase: undefined };
    const { link } = decide(bare, { here: here(nights), there: there(days) }, RULES);
    expect([link.state, link.crmBase, link.remoteBase]).toEqual(['linked', days, days]);
  });

  it('end where the CRM gives them an hour', () => {
    const known: Link = { ...LINK, crmBase: days, remoteBase: days };
    expect(spelled(decide(known, { here: here(MOVED), there: there(days) }, RULES))).toBe('linked, groupware update time');
  });

  it('of a task leave the CRM its time of day', () => {
    const due = (end: Entry['time']['end']): Entry => ({
      kind: 'task',
      subject: 'Call',
      time: { ...(end && { end }) },
      place: '',
      notes: '',
      done: false,
    });
    const fields = ['subject', 'time', 'notes', 'done'] as const;
    const link: Link = { ...LINK, kind: 'task', crmBase: due(at(16)), remoteBase: due({ day: '2026-12-01' }) };
    const sides = { here: here(due(at(16)), { fields, writable: fields }), there: there(due({ day: '2026-12-03' })) };
    expect(decide(link, sides, RULES).crm).toMatchObject({
      change: { entry: { time: { end: { wallClock: '2026-12-03T16:00:00', timeZone: 'America/Chicago' } } } },
    });
  });
});
