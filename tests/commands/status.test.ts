import { status } from '../../src/commands/looking/status';
import { openLedger } from '../support/open-ledger';
import { accept, enter, HOUR, MINUTE, NOW, SECOND } from '../support/ledger-content';
import { obey } from '../support/ledger-context';

describe('status', () => {
  it('tells monitoring the figures and the moments', async () => {
    const ledger = openLedger();
    await enter(ledger, { ago: 3 * HOUR, state: 'due', dueIn: 2 * MINUTE });
    await enter(ledger, { objid: 2, ago: HOUR, state: 'held' });
    await enter(ledger, { objid: 3, ago: 2 * HOUR, state: 'delivered', destination: 'a "b"\\c\nd' });
    await accept(ledger, { objid: 20 }, 10 * MINUTE);
    const { text } = await obey(status, ledger, [], { options: { openmetrics: true } });
    const samples = Object.fromEntries(
      text
        .split('\n')
        .filter((line) => !line.startsWith('#'))
        .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
    );
    const seconds = NOW / 1_000;
    expect(samples).toMatchObject({
      'publish_activity_deliveries{destination="socialcast",state="due"}': 1,
      'publish_activity_deliveries{destination="socialcast",state="held"}': 1,
      'publish_activity_deliveries{destination="stream",state="abandoned"}': 0,
      'publish_activity_deliveries{destination="a \\"b\\"\\\\c\\nd",state="delivered"}': 1,
      'publish_activity_oldest_due_timestamp_seconds{destination="socialcast"}': seconds - 3 * 3_600,
      'publish_activity_requests{state="accepted"}': 1,
      'publish_activity_oldest_request_timestamp_seconds{state="accepted"}': seconds - 600,
      publish_activity_status_timestamp_seconds: seconds,
    });
    // What never happened has no moment, and 1970 is none.
    expect(text).not.toMatch(/last_success_timestamp_seconds\{destination="stream"\}/);
    const names = [...text.matchAll(/^# TYPE (\S+) gauge$/gm)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const line of Object.keys(samples)) expect(names).toContain(line.replace(/\{.*/, ''));
    expect(text.endsWith('\n# EOF')).toBe(true);
  });

  it('is one format at a time', async () => {
    const { report } = await obey(status, openLedger(), [], { options: { openmetrics: true, json: true } });
    expect(report).toMatchObject({ result: 'usage' });
  });

  it('lists the destinations of the configuration where nothing was ever handed over', async () => {
    const { text, report } = await obey(status, openLedger());
    expect(text).toBe(
      [
        'destination  due  sending  in doubt  held  rejected  abandoned  delivered  last success',
        'socialcast     0        0         0     0         0          0          0  never',
        'stream         0        0         0     0         0          0          0  never',
      ].join('\n'),
    );
    expect(report).toEqual({ result: 'done', message: '', deliveries: [], printed: true });
  });

  it('says how each destination stands and what there is to do', async () => {
    const ledger = openLedger();
    await enter(ledger, { activityObjid: 1, ago: 26 * HOUR, state: 'delivered' });
    await enter(ledger, { activityObjid: 2, ago: 5 * MINUTE, state: 'delivered' });
    await enter(ledger, { objid: 3, ago: 3 * HOUR, state: 'due', dueIn: 2 * MINUTE, reason: 'connection refused' });
    await enter(ledger, { objid: 4, ago: 2 * HOUR, state: 'due', dueIn: 20 * MINUTE });
    await enter(ledger, { objid: 5, ago: 2 * SECOND, state: 'sending' });
    await enter(ledger, { objid: 6, ago: 2 * HOUR, state: 'sending' });
    await enter(ledger, { objid: 7, ago: HOUR, state: 'in-doubt', reason: 'cut off' });
    const held = await enter(ledger, { objid: 8, ago: 4 * HOUR, state: 'held' });
    await enter(ledger, { objid: 9, ago: 3 * HOUR, state: 'held' });
    await enter(ledger, { objid: 10, ago: HOUR, state: 'rejected' });
    await enter(ledger, { objid: 11, ago: 200 * HOUR, state: 'abandoned' });
    await enter(ledger, { objid: 12, ago: HOUR, state: 'discarded' });
    await enter(ledger, { objid: 13, ago: HOUR, state: 'due', destination: 'yammer' });
    await accept(ledger, { objid: 20 }, 10 * MINUTE);
    const awaited = await accept(ledger, { objid: 21 }, 20 * MINUTE);
    await ledger.settleRequest(awaited, 'awaited', 'not yet', NOW, new AbortController().signal);
    const givenUp = await accept(ledger, { objid: 22 }, 300 * HOUR);
    await ledger.settleRequest(givenUp, 'abandoned', 'login refused', NOW, new AbortController().signal);

    const { text, report } = await obey(status, ledger);
    expect(text).toBe(
      [
        'destination  due  sending  in doubt  held  rejected  abandoned  delivered  last success',
        'socialcast     2        1         2     2         1          1          2  5 min ago',
        'stream         0        0         0     0         0          0          0  never',
        'yammer *       1        0         0     0         0          0          0  never',
        '',
        'socialcast',
        '  due: the oldest of 2026-11-22T05:00:00Z (3 h ago), the next at 2026-11-22T08:02:00Z (in 2 min)',
        '  in doubt: may have been posted; rerun looks into it',
        '  held: may have been posted; look whether the oldest is there, then say so:',
        `    publish-activity resolve ${held.id} --as delivered`,
        `    publish-activity resolve ${held.id} --as undelivered    (it is sent again)`,
        '  rejected: the reasons: publish-activity list --state rejected --destination socialcast',
        '  abandoned: the reasons: publish-activity list --state abandoned --destination socialcast',
        'yammer',
        '  * not in the configuration any more: what waits for it stays until the name is there again',
        '  due: the oldest of 2026-11-22T07:00:00Z (1 h ago), the next now',
        '2 requests wait for the CRM, the oldest since 2026-11-22T07:40:00Z (20 min ago); rerun asks again',
        '1 request was abandoned before the CRM answered: publish-activity list --state abandoned',
      ].join('\n'),
    );
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(report).toMatchObject({
      result: 'done',
      message: '2 deliveries are held, 1 delivery is abandoned, 1 request is abandoned',
    });
  });

  it('gives a long name a line of its own, so that the table fits 100 columns', async () => {
    const ledger = openLedger();
    const destination = 'the-stream-of-the-north-american-service';
    await enter(ledger, { destination, ago: HOUR, state: 'delivered' });
    const { text } = await obey(status, ledger);
    expect(text.split('\n').slice(3, 5)).toEqual([
      `${destination} *`,
      '               0        0         0     0         0          0          1  1 h ago',
    ]);
  });

  it('says all of it as one JSON object', async () => {
    const ledger = openLedger();
    await enter(ledger, { ago: HOUR, state: 'due', dueIn: MINUTE });
    const held = await enter(ledger, { objid: 2, ago: HOUR, state: 'held' });
    await enter(ledger, { objid: 3, ago: HOUR, state: 'rejected', destination: 'stream', waitUntil: NOW + HOUR });
    for (const dueIn of [5, 1, 3]) {
      const id = await accept(ledger, { objid: 20 }, 10 * MINUTE);
      await ledger.settleRequest(
        id,
        'accepted',
        'the database does not answer',
        NOW + dueIn * MINUTE,
        new AbortController().signal,
      );
    }
    const { json } = await obey(status, ledger);
    expect(json).toEqual([
      {
        format: 1,
        destinations: [
          {
            destination: 'socialcast',
            configured: true,
            counts: { due: 1, sending: 0, 'in-doubt': 0, held: 1, rejected: 0, abandoned: 0, delivered: 0, discarded: 0 },
            oldestDueAt: '2026-11-22T07:00:00.000Z',
            nextDueAt: '2026-11-22T08:01:00.000Z',
            lastDeliveredAt: null,
            waitUntil: null,
            heldId: held.id,
          },
          {
            destination: 'stream',
            configured: true,
            counts: { due: 0, sending: 0, 'in-doubt': 0, held: 0, rejected: 1, abandoned: 0, delivered: 0, discarded: 0 },
            oldestDueAt: null,
            nextDueAt: null,
            lastDeliveredAt: null,
            waitUntil: '2026-11-22T09:00:00.000Z',
            heldId: null,
          },
        ],
        spools: [],
        oldestWait: { since: '2026-11-22T07:00:00.000Z', seconds: 3_600 },
        requests: {
          accepted: { count: 3, oldestAcceptedAt: '2026-11-22T07:50:00.000Z', nextDueAt: '2026-11-22T08:01:00.000Z' },
          abandoned: { count: 0, oldestAcceptedAt: null, nextDueAt: null },
        },
        sync: { count: 0, oldestAcceptedAt: null, nextDueAt: null },
      },
    ]);
  });
});
