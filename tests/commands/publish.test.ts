// Publishing in this process, with a ledger that does as it is told. tests/cli/publish.test.ts runs the program.

import { publish, type PublishParts } from '../../src/commands/publish';
import { DatabaseError } from '../../src/core/database-error';
import { sleep } from '../../src/core/deadline';
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
