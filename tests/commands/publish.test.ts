// Publishing in this process, with a ledger that does as it is told. tests/cli/publish.test.ts runs the program.

import { publish, type PublishParts } from '../../src/commands/publish';
import { DatabaseError } from '../../src/core/database-error';
import { sleep } from '../../src/core/deadline';
import { NothingSent, UserError } from '../../src/core/errors';
import type { DeliveryState } from '../../src/ledger/ledger';
import { openMemoryLedger, newMemoryStore } from '../../src/ledger/memory-ledger';
import { message, NOW } from '../support/ledger-content';
import { found, makeStream, startNow } from '../support/rerun';

const request = { objectType: 'case', objid: 268435457, activityObjid: 268435457, rule: '' };

describe('A call whose deadline is over before it begins', () => {
  it('is kept, though the ledger is busy for a while', async () => {
    const memory = newMemoryStore();
    const ledger = openMemoryLedger(memory);
    const stream = makeStream();
    const parts: PublishParts = {
      ledger: () =>
        Promise.resolve({
          ...ledger,
          accept: async (...given) => {
            await sleep(50, given[2]);
            if (given[2].aborted) throw new DatabaseError('busy', 'others had it until the end');
            return ledger.accept(...given);
          },
        }),
      known: () => Promise.resolve([]),
      destinations: () => Promise.resolve([stream.ready]),
      now: () => NOW,
      random: () => 0.5,
      owner: 'this run',
      read: (read) => Promise.resolve(found(read)),
      readMany: () => Promise.reject(new Error('a call reads one activity')),
      watched: [],
      leftOut: () => undefined,
      compose: () => Promise.resolve([{ destination: stream.ready.name, message: message(), by: undefined }]),
    };
    const deadline = startNow(0);
    deadline.end();
    expect(await publish(request, parts, deadline)).not.toMatchObject({ result: 'not-kept' });
    expect([...memory.requests.values()]).toMatchObject([{ request }]);
  });
});

describe('A destination that throws an error', () => {
  const cases: readonly [string, Error, string, DeliveryState][] = [
    ['a bug after something may have been sent', new Error('no such thing'), 'bug', 'in-doubt'],
    ['a bug before anything was sent', new NothingSent(new Error('no such thing')), 'bug', 'due'],
    ['what people can mend', new UserError('configuration', 'the token is unfit'), 'configuration', 'due'],
  ];
  it.each(cases)('keeps no other one from its post: %s', async (_, error, result, state) => {
    const memory = newMemoryStore();
    const [broken, sound] = [makeStream('broken'), makeStream('sound')];
    broken.next(() => {
      throw error;
    });
    const all = [broken.ready, sound.ready];
    const parts: PublishParts = {
      ledger: () => Promise.resolve(openMemoryLedger(memory)),
      known: () => Promise.resolve([]),
      destinations: () => Promise.resolve(all),
      now: () => NOW,
      random: () => 0.5,
      owner: 'this run',
      read: (read) => Promise.resolve(found(read)),
      readMany: () => Promise.reject(new Error('a call reads one activity')),
      watched: [],
      leftOut: () => undefined,
      compose: () => Promise.resolve(all.map(({ name }) => ({ destination: name, message: message(), by: undefined }))),
    };
    const report = await publish(request, parts, startNow(5_000));
    expect(report).toMatchObject({ result, deliveries: [{ result }, { result: 'posted' }] });
    expect(report.stack === undefined).toBe(result !== 'bug');
    expect(sound.posts).toHaveLength(1);
    expect([...memory.deliveries.values()].map((kept) => kept.state)).toEqual([state, 'delivered']);
  });
});
