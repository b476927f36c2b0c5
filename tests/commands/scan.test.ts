// A scan that is killed, at every call of the ledger: what happened in the CRM is published once.

import { join } from 'node:path';
import { scan } from '../../src/commands/outbox/scan/index';
import { occurrenceId } from '../../src/core/delivery';
import { openSqliteStore } from '../../src/io/sqlite-store';
import type { Ledger } from '../../src/ledger/ledger';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { Failing, faultyStore, NO_FAULT } from '../faults/seams';
import { message, MINUTE } from '../support/ledger-content';
import type { AnyCommand } from '../support/ledger-context';
import { makeStream, setScene, type RunOptions } from '../support/rerun';
import { temporaryFolder } from '../support/sample';

jest.setTimeout(60_000);

/** A CRM whose revisions and stock a test changes, a ledger in a file, and a stream that drops repeats. */
function setUp() {
  const file = join(temporaryFolder(), 'ledger');
  const crm = { revisions: [1, 2], onHand: 20 };
  const stream = makeStream('stream', { repeat: 'safe' });
  const clock = { minutes: 0 };
  let composed = 0;
  const parts: NonNullable<RunOptions['parts']> = {
    scanReader: () =>
      Promise.resolve({
        revisions: (after, most) =>
          Promise.resolve(
            crm.revisions
              .filter((objid) => objid > after)
              .slice(0, most)
              .map((objid) => ({ objid })),
          ),
        levels: (after) => Promise.resolve(after >= 7 ? [] : [{ objid: 7, onHand: crm.onHand, reorderLevel: 10 }]),
      }),
    // Whatever is composed reads otherwise each time, as stock does.
    compose: () =>
      Promise.resolve([{ destination: 'stream', by: undefined, message: message({ title: `message ${++composed}` }) }]),
  };
  const run = async (failing = NO_FAULT, command: AnyCommand = scan) => {
    const ledger: Ledger = openSqlLedger(faultyStore(openSqliteStore(file), failing), 'sqlite');
    const scene = setScene([stream], undefined, ledger);
    scene.clock.now += clock.minutes * MINUTE;
    const config = { scan: { productRevisions: true, stock: true, recover: 10 } };
    const more = { parts, config, attemptMs: 200, command };
    try {
      return (await scene.run({}, more)).report;
    } finally {
      scene.close();
    }
  };
  const rerun = async () => {
    clock.minutes += 30;
    const { rerun: again } = await import('../../src/commands/outbox/rerun/index');
    return run(NO_FAULT, again);
  };
  return { crm, stream, run, rerun };
}

const revision = (objid: number) =>
  occurrenceId(
    { objectType: 'product_revision', objid, activityObjid: 0, rule: 'New product revision', destination: 'stream' },
    1,
  );
const crossing = (occurrence: number) =>
  occurrenceId(
    { objectType: 'stocking_level', objid: 7, activityObjid: 0, rule: 'Stock below reorder level', destination: 'stream' },
    occurrence,
  );

describe('A scan', () => {
  it.each(['unavailable', 'uncertain'])(
    'that is cut off at any call of the ledger (%s) loses nothing and doubles nothing',
    async (way) => {
      for (let nth = 1; ; nth++) {
        const failing = new Failing({ seam: 'ledger', way }, nth, true);
        const { crm, stream, run, rerun } = setUp();
        await run();
        crm.revisions.push(3, 4);
        crm.onHand = 9;
        await run(failing);
        crm.onHand = 5;
        await run();
        await rerun();
        await rerun();
        await run();
        expect([nth, [...new Set(stream.attempts)].sort()]).toEqual([nth, [revision(3), revision(4), crossing(1)].sort()]);
        if (!failing.struck) break;
        expect(nth).toBeLessThan(60);
      }
    },
  );

  it.each(['unavailable', 'uncertain'])(
    'that is cut off at its first look (%s) goes on with it, and publishes nothing',
    async (way) => {
      for (let nth = 1; ; nth++) {
        const failing = new Failing({ seam: 'ledger', way }, nth, true);
        const { crm, stream, run, rerun } = setUp();
        await run(failing);
        await run();
        await rerun();
        expect([nth, stream.attempts]).toEqual([nth, []]);
        crm.revisions.push(3);
        await run();
        expect([nth, stream.attempts]).toEqual([nth, [revision(3)]]);
        if (!failing.struck) break;
        expect(nth).toBeLessThan(60);
      }
    },
  );

  it('looks at everything, however many pages there are', async () => {
    const { crm, stream, run } = setUp();
    crm.revisions = Array.from({ length: 450 }, (_, index) => index + 1);
    expect(await run()).toMatchObject({ result: 'done', sums: { productRevisions: 450, stock: 1, found: 0 } });
    crm.revisions.push(1_000, 1_001);
    expect(await run()).toMatchObject({ result: 'posted', sums: { productRevisions: 452, found: 2, posted: 2 } });
    expect([...stream.attempts].sort()).toEqual([revision(1_000), revision(1_001)].sort());
  });
});
