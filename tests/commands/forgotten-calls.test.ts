// What a rerun does about calls of `sync`: it never posts them, takes them in, and gives up those that nobody takes up.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSpool } from '../../src/ledger/spool';
import { openSpoolFolder } from '../../src/io/spool-folder';
import { newRequestId } from '../../src/core/request-id';
import { NOW } from '../support/ledger-content';
import { found, makeStream, setScene, type Scene } from '../support/rerun';
import { temporaryFolder } from '../support/sample';

const DAY = 86_400_000;
const never = new AbortController().signal;
const scenes: Scene[] = [];
afterAll(() => {
  for (const scene of scenes) scene.close();
});

async function scene() {
  const stream = makeStream();
  const made = setScene([stream], found);
  scenes.push(made);
  const request = { objectType: 'sync/appointment', objid: 7, rule: '' };
  const id = await made.ledger.accept(request, { owner: 'a rule', now: NOW, workMs: 1_000 }, never);
  const now = async () => (await made.ledger.requests({ ids: [id] }, 1, never))[0];
  return { ...made, stream, id, now };
}

describe('A call of sync', () => {
  it.each([{}, { abandoned: true }, { id: 'its own' }])('is not posted by rerun %j', async (options) => {
    const made = await scene();
    made.clock.now += DAY;
    const id = 'id' in options ? { id: made.id } : {};
    const { report } = await made.run({ ...options, ...id, dryRun: true });
    expect(report.sums).toEqual({ requests: 0, deliveries: 0 });
    await made.run({ ...options, ...id });
    expect([made.read, made.stream.posts, (await made.now())?.state]).toEqual([[], [], 'accepted']);
  });

  it('holds up no post about an object of the same number', async () => {
    const made = await scene();
    const request = { objectType: 'case', objid: 7, activityObjid: 9, rule: '' };
    await made.ledger.accept(request, { owner: 'a rule', now: NOW, workMs: 1_000 }, never);
    made.clock.now += DAY;
    await made.run();
    expect(made.stream.posts).toEqual(['activity 9']);
  });

  it('is given up after 5 days, with words, and stays so', async () => {
    const made = await scene();
    made.clock.now += 5 * DAY - 1;
    await made.run();
    expect((await made.now())?.state).toBe('accepted');
    made.clock.now += 2;
    expect((await made.run({ destination: 'socialcast' })).report.result).toBe('posted');
    const { report, texts } = await made.run();
    expect([report.result, texts]).toEqual([
      'rejected',
      ['refused or given up: sync of appointment 7: given up: no run of sync took it up for 5 d; does a scheduler run it?'],
    ]);
    expect(await made.now()).toMatchObject({ state: 'abandoned' });
    expect((await made.run({ abandoned: true })).report.result).toBe('posted');
    expect([made.read, (await made.now())?.state]).toEqual([[], 'abandoned']);
  });

  it('is taken in from the spool, and waits there for sync', async () => {
    const made = await scene();
    const folder = join(temporaryFolder(), 'spool');
    const spool = openSpool(openSpoolFolder(folder));
    const id = newRequestId(NOW);
    spool.keep({ id, command: 'sync', words: ['Appointment', '8'], rule: 'moved', at: NOW });
    expect(readFileSync(join(folder, `${id}.json`), 'utf8')).toContain('"command":"sync"');
    await made.run({}, { parts: { spools: () => [spool] } });
    expect(spool.waiting()).toEqual([]);
    expect(await made.ledger.requests({ ids: [id] }, 1, never)).toMatchObject([
      { state: 'accepted', request: { objectType: 'sync/appointment', objid: 8, rule: 'moved' } },
    ]);
    expect(made.stream.posts).toEqual([]);
  });

  it('that waits for long is told to whoever alerts names', async () => {
    const made = await scene();
    made.clock.now += DAY;
    await made.run({}, { alerts: { to: ['socialcast'], after: 3_600_000, silence: false } });
    expect(made.stream.posts).toEqual(['1 call of sync waits for 24 h']);
  });
});
