import { test as testCommand } from '../../src/commands/installation/test';
import type { ReadyDestination } from '../../src/commands/outbox/deliver';
import type { Delivery } from '../../src/core/delivery';
import type { Outcome } from '../../src/core/outcome';
import { openLedger } from '../support/open-ledger';
import { obey } from '../support/ledger-context';

const ledger = openLedger();

function destinations(outcome: Outcome, sent: Delivery[] = []): readonly ReadyDestination[] {
  return ['socialcast', 'stream'].map((name) => ({
    name,
    type: name,
    repeat: 'unsafe',
    concurrency: 1,
    maxPerSecond: 0,
    needsFirstPost: false,
    preview: ({ message }) => `POST ${message.title}`,
    send: (delivery) => {
      sent.push(delivery);
      return Promise.resolve(outcome);
    },
  }));
}

describe('test', () => {
  it('posts one marked message to the destination that is named', async () => {
    const sent: Delivery[] = [];
    const outcome = { kind: 'delivered', receipt: { id: '7', permalink: 'https://x/7' } } as const;
    const { report } = await obey(testCommand, ledger, ['stream'], { destinations: destinations(outcome, sent) });
    await obey(testCommand, ledger, ['stream'], { destinations: destinations(outcome, sent) });
    expect(sent[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      destination: 'stream',
      message: {
        title: 'Test message from publish-activity',
        body: 'An administrator tried the destination stream at 2026-11-22T08:00:00Z. Nothing happened in the CRM.',
        url: '',
        tags: ['dovetailCRM'],
        objectType: 'test',
        typeName: 'Test',
        id: 'message',
        activity: 'Test',
        activityCode: 0,
        actor: 'publish-activity',
        actorLogin: '',
        actorEmail: '',
        fields: [],
        happened: { wallClock: '2026-11-22T08:00:00', timeZone: 'UTC' },
      },
      thread: { key: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect(sent[1]?.id).not.toBe(sent[0]?.id);
    expect(report).toMatchObject({
      result: 'posted',
      message: 'the test message stands in stream',
      deliveries: [{ destination: 'stream', type: 'stream', receipt: { id: '7' } }],
    });
    expect(await ledger.counts(new AbortController().signal)).toEqual([]);
  });

  it.each<[Outcome, string, string]>([
    [{ kind: 'rejected', reason: '422: no\u001B[2J' }, 'rejected', 'socialcast: 422: no\\u001b[2J'],
    [{ kind: 'rejected', reason: '401', loginRefused: true }, 'login-refused', 'socialcast: 401'],
    [{ kind: 'retry', reason: 'connection refused' }, 'later', 'socialcast: not posted: connection refused'],
    [{ kind: 'unknown', reason: 'timed out' }, 'later', 'socialcast: it may have been posted: timed out'],
  ])('ends as a post does: %j', async (outcome, result, message) => {
    const { report } = await obey(testCommand, ledger, ['socialcast'], { destinations: destinations(outcome) });
    expect(report).toMatchObject({ result, message });
    expect(report.hint !== undefined).toBe(result === 'login-refused');
  });

  it('shows with --dry-run what would go out, and sends nothing', async () => {
    const sent: Delivery[] = [];
    const { report } = await obey(testCommand, ledger, ['socialcast'], {
      options: { dryRun: true },
      destinations: destinations({ kind: 'retry', reason: '' }, sent),
    });
    expect(report).toMatchObject({
      result: 'planned',
      deliveries: [{ result: 'planned', preview: 'POST Test message from publish-activity' }],
    });
    expect(sent).toEqual([]);
  });

  it.each([
    [['Socialcats'], 'no destination is called "Socialcats"', 'did you mean socialcast?'],
    [['x'], 'no destination is called "x"', 'there is socialcast, stream'],
    [[], 'test takes the name of one destination', 'there is socialcast, stream'],
    [['socialcast', 'stream'], 'test takes the name of one destination', 'there is socialcast, stream'],
  ])('refuses %j', async (words, message, hint) => {
    const { report } = await obey(testCommand, ledger, words);
    expect(report).toMatchObject({ result: 'usage', message, hint });
  });
});
