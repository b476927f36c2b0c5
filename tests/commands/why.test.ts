import { why } from '../../src/commands/looking/why';
import { draftOf } from '../../src/commands/outbox/prepare';
import type { Ledger } from '../../src/ledger/ledger';
import type { Config } from '../../src/config/schema';
import { leftLinks } from '../support/left-links';
import { link } from '../support/links';
import { openLedger } from '../support/open-ledger';
import { accept, enter, HOUR, message, MINUTE, NOW, SECOND, type Entry } from '../support/ledger-content';
import { obey } from '../support/ledger-context';

const ASKED = ['Case', '268435457', '268435457'];
const never = new AbortController().signal;

/** The text with its ids named by letters, in the order in which they are met. */
async function told(ledger: Ledger, words: readonly string[] = ASKED, now = NOW): Promise<string> {
  const { text } = await obey(why, ledger, words, { now });
  const ids = [...new Set(text.match(/\b[0-9a-f]{32}\b/g))];
  return ids.reduce((named, id, index) => named.replaceAll(id, String.fromCharCode(65 + index)), text);
}

/** What is told of a single delivery, without the request. */
async function toldOf(entry: Partial<Entry> & Pick<Entry, 'state'>): Promise<readonly string[]> {
  const ledger = openLedger();
  await enter(ledger, { ago: 3 * HOUR, ...entry });
  const [, delivery = ''] = (await told(ledger)).split('\n\n');
  return delivery.split('\n');
}

describe('why', () => {
  it('tells the whole story of an activity', async () => {
    const ledger = openLedger();
    await enter(ledger, { ago: 3 * HOUR, state: 'due', rule: 'SLA', reason: 'connection refused', dueIn: 2 * MINUTE });
    await enter(ledger, {
      ago: 2 * HOUR,
      state: 'delivered',
      destination: 'stream',
      receipt: { permalink: 'https://intranet/#1' },
    });
    await accept(ledger, { objid: 5 }, HOUR);
    expect(await told(ledger)).toBe(
      [
        'request A: case with objid 268435457, activity 268435457, rule "SLA"',
        '  accepted 2026-11-22T05:00:00Z (3 h ago)',
        '  the message was composed',
        '  case 4711: "Created Case for Nora at Calder & Sons", http://server/dovetail/Cases/Summary/4711',
        '',
        'delivery B to socialcast: due',
        '  1 attempt, the last 2026-11-22T05:00:00Z (3 h ago)',
        '  not posted: connection refused',
        '  next: rerun sends it, not before 2026-11-22T08:02:00Z (in 2 min); it is given up after 2026-11-27T05:00:00Z (in 4 d)',
        '  you can: publish-activity rerun --id B    (it is tried now)',
        '           publish-activity discard B    (it is never sent)',
        '',
        'request C: case with objid 268435457, activity 268435457',
        '  accepted 2026-11-22T06:00:00Z (2 h ago)',
        '  the message was composed',
        '  case 4711: "Created Case for Nora at Calder & Sons", http://server/dovetail/Cases/Summary/4711',
        '',
        'delivery D to stream: delivered',
        '  1 attempt, the last 2026-11-22T06:00:00Z (2 h ago)',
        '  delivered 2026-11-22T06:00:00Z (2 h ago)',
        '  it stands at https://intranet/#1',
      ].join('\n'),
    );
  });

  it.each<[string, Partial<Entry> & Pick<Entry, 'state'>, readonly string[]]>([
    [
      'in progress',
      { state: 'sending', ago: 2 * SECOND },
      [
        'delivery A to socialcast: sending',
        '  1 attempt, the last 2026-11-22T07:59:58Z (2 s ago)',
        '  a run is sending it now, until 2026-11-22T08:00:13Z (in 13 s) at the latest',
      ],
    ],
    [
      'cut off',
      { state: 'sending' },
      [
        'delivery A to socialcast: in doubt',
        '  1 attempt, the last 2026-11-22T05:00:00Z (3 h ago)',
        '  may have been posted: the run was cut off while it sent it',
        '  next: the next rerun looks whether it is there, and sends it again or holds it',
        '  you can: look whether the post is there, and say so before rerun finds out:',
        '           publish-activity resolve A --as delivered',
        '           publish-activity resolve A --as undelivered    (it is sent again)',
      ],
    ],
    [
      'held',
      { state: 'held', reason: 'timed out\u001B[2J' },
      [
        'delivery A to socialcast: held',
        '  1 attempt, the last 2026-11-22T05:00:00Z (3 h ago)',
        '  may have been posted: timed out\\u001b[2J',
        '  next: nothing, until somebody says what became of it',
        '  you can: look whether the post is there, and say so:',
        '           publish-activity resolve A --as delivered',
        '           publish-activity resolve A --as undelivered    (it is sent again)',
      ],
    ],
    [
      'refused',
      { state: 'rejected', reason: '422: Title is too long' },
      [
        'delivery A to socialcast: rejected',
        '  1 attempt, the last 2026-11-22T05:00:00Z (3 h ago)',
        '  refused: 422: Title is too long',
        '  you can: mend the cause, then: publish-activity rerun --failed --id A',
        '           publish-activity discard A    (it is never sent)',
      ],
    ],
    [
      'given up',
      { state: 'abandoned', reason: 'connection refused' },
      [
        'delivery A to socialcast: abandoned',
        '  1 attempt, the last 2026-11-22T05:00:00Z (3 h ago)',
        '  not posted, and given up: connection refused',
        '  you can: publish-activity rerun --abandoned --id A',
        '           publish-activity discard A    (it is never sent)',
      ],
    ],
    [
      'discarded',
      { state: 'discarded', reason: 'an administrator discarded it' },
      [
        'delivery A to socialcast: discarded',
        '  1 attempt, the last 2026-11-22T05:00:00Z (3 h ago)',
        '  never sent again: an administrator discarded it',
      ],
    ],
    [
      'for a destination that is gone',
      { state: 'due', destination: 'yammer' },
      [
        'delivery A to yammer (not in the configuration any more): due',
        '  1 attempt, the last 2026-11-22T05:00:00Z (3 h ago)',
        '  next: nothing, until the destination is in the configuration again',
        '  you can: publish-activity discard A    (it is never sent)',
      ],
    ],
  ])('says of a delivery that is %s what comes next and what can be done', async (_what, entry, lines) => {
    expect((await toldOf(entry)).map((line) => line.replace(/\bB\b/g, 'A'))).toEqual(lines);
  });

  it('says of a delivery that was made due again after its time that it has one more try', async () => {
    const [, , , next] = await toldOf({ state: 'due', ago: 121 * HOUR, reason: 'down' });
    expect(next).toBe('  next: the next rerun sends it; it is given up if that fails');
  });

  it('says what a delivery waits for', async () => {
    const ledger = openLedger();
    const first = await enter(ledger, { activityObjid: 1, ago: 2 * HOUR, state: 'due', reason: 'down' });
    const second = await enter(ledger, { activityObjid: 2, ago: HOUR, state: 'due' });
    const { text } = await obey(why, ledger, ['Case', '268435457', '2']);
    expect(text).toContain(
      `delivery ${second.id} to socialcast: due\n  no attempt yet\n  next: the next rerun sends it after delivery ${first.id}, an earlier one about the same case; it`,
    );
  });

  it('says that a delivery waits for a request', async () => {
    const ledger = openLedger();
    const earlier = await accept(ledger, { activityObjid: 1 }, 2 * HOUR);
    const { id } = await enter(ledger, { activityObjid: 2, ago: HOUR, state: 'due' });
    const { text } = await obey(why, ledger, [id]);
    expect(text).toContain(`the next rerun sends it after request ${earlier}, an earlier one about the same case; it`);
  });

  it('finds an activity that is kept under another object', async () => {
    const ledger = openLedger();
    const request = { objectType: 'case', objid: 268435457, activityObjid: 7, rule: '' };
    const requestId = await accept(ledger, request, HOUR);
    const draft = draftOf(
      { ...request, objectType: 'subcase', objid: 3 },
      { destination: 'socialcast', message: message(), by: undefined },
      NOW - HOUR,
    );
    await ledger.claim(requestId, [draft], { owner: 'x', now: NOW - HOUR, workMs: SECOND }, 0, never);
    const { text } = await obey(why, ledger, ['Case', '268435457', '7']);
    expect(text).toContain(`delivery ${draft.id} to socialcast: in doubt`);
    expect((await obey(why, ledger, [draft.id])).text).toBe(text);
  });

  it.each<[string, 'accepted' | 'awaited' | 'filtered' | 'not-found' | 'abandoned' | 'discarded', string, readonly string[]]>([
    [
      'waits for the CRM',
      'accepted',
      'the database does not answer',
      [
        '  waits for the CRM; there is no message yet: the database does not answer',
        '  next: rerun reads the activity from the CRM, not before 2026-11-22T08:01:00Z (in 1 min)',
        '  you can: publish-activity discard A    (it is never posted)',
      ],
    ],
    [
      'waits for a row',
      'awaited',
      'there is no activity 7, or not yet',
      [
        '  waits for its row in the CRM, which is not there: there is no activity 7, or not yet',
        '  next: rerun reads the activity from the CRM, not before 2026-11-22T08:01:00Z (in 1 min)',
        '  you can: publish-activity discard A    (it is never posted)',
      ],
    ],
    [
      'was left out',
      'filtered',
      'activity 7 is an internal note',
      ['  left out on purpose; nothing is posted: activity 7 is an internal note'],
    ],
    [
      'was refused',
      'not-found',
      'there is no case',
      ['  refused, because the CRM does not have it; nothing is posted: there is no case'],
    ],
    ['was given up', 'abandoned', 'login refused', ['  abandoned; nothing is posted: login refused']],
    ['was discarded', 'discarded', '', ['  discarded; nothing is posted']],
  ])('tells of a request that %s', async (_what, state, reason, lines) => {
    const ledger = openLedger();
    const id = await accept(ledger, { activityObjid: 7 }, HOUR);
    await ledger.settleRequest(id, state, reason, NOW + MINUTE, never);
    expect((await told(ledger, [id])).split('\n').slice(2)).toEqual(lines);
    expect(await told(ledger, ['case', '268435457'])).toBe(await told(ledger, [id]));
  });

  it('tells of a second request that it changed nothing', async () => {
    const ledger = openLedger();
    const entry = { ago: 2 * HOUR, state: 'delivered', receipt: { id: '77' } } as const;
    await enter(ledger, entry);
    await enter(ledger, { ...entry, ago: HOUR });
    const blocks = (await told(ledger)).split('\n\n');
    expect(blocks).toHaveLength(3);
    expect(blocks[1]).toContain('the destination calls it 77');
    expect(blocks[2]).toContain('an earlier request had brought the same into the ledger; nothing was added');
  });

  it('tells the same by the id of a delivery, and after its text is gone', async () => {
    const ledger = openLedger();
    const { id } = await enter(ledger, { ago: HOUR, state: 'delivered' });
    await enter(ledger, { activityObjid: 5, ago: HOUR, state: 'delivered' });
    expect(await told(ledger, [id])).toBe(await told(ledger));
    await ledger.forgetMessages(NOW, never);
    const text = await told(ledger, [id.toUpperCase()]);
    expect(text).toContain('its text is no longer kept; that it was delivered is kept for ever');
    expect(text).not.toContain('4711');
  });

  it('tells escalations of one object apart by their ids', async () => {
    const ledger = openLedger();
    const one = await enter(ledger, { activityObjid: 0, ago: 2 * HOUR, state: 'delivered', title: 'first' });
    await enter(ledger, { activityObjid: 0, ago: HOUR, state: 'delivered', title: 'second' });
    expect(await told(ledger, [one.id])).not.toContain('second');
    expect((await obey(why, ledger, [one.id])).json).toMatchObject([{ deliveries: [{ id: one.id }] }]);
    expect(await told(ledger, [one.requestId])).toBe(await told(ledger, [one.id]));
    expect(await told(ledger, ['case', '268435457'])).toMatch(/first[^]*second/);
  });

  it('says all of it as one JSON object, without the body', async () => {
    const ledger = openLedger();
    const kept = await enter(ledger, { ago: HOUR, state: 'held' });
    const { json } = await obey(why, ledger, ASKED);
    expect(json).toMatchObject([
      {
        format: 1,
        objectType: 'case',
        objid: 268435457,
        activityObjid: 268435457,
        requests: [{ kind: 'request', id: kept.requestId, state: 'composed' }],
        deliveries: [{ kind: 'delivery', id: kept.id, state: 'held' }],
      },
    ]);
    expect(JSON.stringify(json)).not.toContain('a body that nobody');
  });

  it.each([
    [
      ['Case', '268435457', '99'],
      'not-found',
      'the ledger knows nothing of it: case with objid 268435457, activity 99',
      'no rule has handed it over; to publish it: publish-activity case 268435457 99',
    ],
    [
      ['solution', '5'],
      'not-found',
      'the ledger knows nothing of it: solution with objid 5',
      'no rule has handed it over; to publish it: publish-activity solution 5',
    ],
    [['0'.repeat(32)], 'not-found', `the ledger knows nothing of ${'0'.repeat(32)}`, expect.any(String)],
    [['1234abcd'], 'usage', '"1234abcd" is not an id, which has 32 digits from 0 to 9 and a to f', expect.any(String)],
    [['Zeppelin', '5'], 'usage', 'no object type is called "Zeppelin"', expect.any(String)],
    [[], 'usage', 'why needs the id of a delivery or a request, or <objectType> <dbId> [<activityObjid>]', expect.any(String)],
  ])('answers %j with %s', async (words, result, message, hint) => {
    const ledger = openLedger();
    await enter(ledger, { ago: HOUR, state: 'delivered' });
    const { report, text } = await obey(why, ledger, words);
    expect(report).toMatchObject({ result, message, hint });
    expect(text).toBe('');
  });
});

describe('why of an entry', () => {
  const about = async (words: readonly string[]) => {
    const links = await leftLinks([{ user: 'ann' }], [link('a', { user: 'ann', objid: 7 })]);
    const kinds = ['appointment', 'phone_log', 'action_item', 'x_contact_visit'];
    return obey(why, openLedger(), words, {
      parts: { links: () => Promise.resolve(links), entryKinds: () => Promise.resolve(kinds) },
      config: { groupware: {} } as unknown as Partial<Config>,
    });
  };

  it('is by its kind as people say it, and its row', async () => {
    expect((await about(['Appointment', '7'])).text).toContain('entry a of ann: appointment 7');
  });

  it.each<[readonly string[], string, string, string]>([
    [
      ['appointment', '8'],
      'not-found',
      'the ledger knows nothing of it: sync of appointment 8',
      'publish-activity sync appointment 8',
    ],
    [['appointmnt', '8'], 'usage', 'no object type is called "appointmnt"', 'did you mean appointment?'],
    [['phone logg', '8'], 'usage', 'no object type is called "phone logg"', 'did you mean phone_log?'],
    [['cse', '8'], 'usage', 'no object type is called "cse"', 'did you mean case'],
    [['x contct visit', '8'], 'usage', 'no object type is called "x contct visit"', 'did you mean x_contact_visit?'],
    [[`pa${'0'.repeat(26)}`], 'not-found', `no entry is called pa${'0'.repeat(26)}`, 'list --entries shows'],
  ])('that nobody knows is an error with the nearest names: %j', async (words, result, message, hint) => {
    const { report } = await about(words);
    expect(report).toMatchObject({ result, message });
    expect(report.hint).toContain(hint);
  });
});
