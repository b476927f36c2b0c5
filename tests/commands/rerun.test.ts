// The command rerun over a real ledger, with destinations that do as they are told and a clock that the test sets.

import type { Outcome } from '../../src/core/outcome';
import { BACKOFF } from '../../src/core/backoff';
import { DatabaseError } from '../../src/core/database-error';
import type { DeliveryState } from '../../src/ledger/ledger';
import { accept, enter, HOUR, MINUTE, NOW, one, SECOND, type Entry } from '../support/ledger-content';
import { found, makeStream, RETRY, setScene, startNow, UNKNOWN, type Crm, type Scene, type Stream } from '../support/rerun';

const scenes: Scene[] = [];
afterEach(() => {
  for (const scene of scenes.splice(0)) scene.close();
});

function stage(streams: readonly Stream[], crm?: Crm): Scene {
  const scene = setScene(streams, crm);
  scenes.push(scene);
  return scene;
}

const never = new AbortController().signal;
/** The deliveries of as many objects, one each, that failed so long ago and are due now. */
async function enterMany({ ledger }: Scene, count: number, entry: Partial<Entry> = {}): Promise<void> {
  for (let objid = 1; objid <= count; objid += 1)
    await enter(ledger, { objid, title: `object ${objid}`, ago: HOUR, state: 'due', ...entry });
}

const statesIn = async ({ ledger }: Scene) =>
  Object.fromEntries((await ledger.counts(never)).map(({ destination, state, count }) => [`${destination} ${state}`, count]));

describe('what is due', () => {
  it('is nothing in an empty ledger, which is said with no word', async () => {
    const { report, lines } = await stage([makeStream()]).run({ json: true });
    expect(report).toMatchObject({ result: 'posted', message: '', sums: { waiting: 0 } });
    expect(lines).toEqual([]);
  });

  it('is sent, and counted', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 3);
    const { report, lines } = await scene.run({ json: true });
    expect([...stream.posts].sort()).toEqual(['object 1', 'object 2', 'object 3']);
    expect(report).toMatchObject({ result: 'posted', message: '3 posted', sums: { posted: 3, waiting: 0 }, deliveries: [] });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({ kind: 'delivery', destination: 'socialcast', objectType: 'case', result: 'posted' });
    expect(await scene.run()).toMatchObject({ report: { message: '' } });
    expect(stream.attempts).toHaveLength(3);
  });

  it.each<[string, Partial<Entry>, number]>([
    ['at its moment', { dueIn: 0 }, 1],
    ['not before it', { dueIn: SECOND }, 0],
    ['not before the longest wait', { dueIn: BACKOFF.longestMs }, 0],
    ['at once, where a clock that was wrong put it off for a day', { dueIn: 24 * HOUR }, 1],
  ])('is sent %s', async (_, entry, posts) => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 1, entry);
    await scene.run();
    expect(stream.posts).toHaveLength(posts);
  });

  it.each<DeliveryState>(['held', 'delivered', 'rejected', 'abandoned', 'discarded'])('is not what is %s', async (state) => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 1, { state });
    await scene.run();
    expect(stream.attempts).toEqual([]);
  });

  it.each([
    ['a retry is put off', RETRY, 'later', 'due'],
    ['a refused login is put off', { kind: 'rejected', reason: '401', loginRefused: true }, 'login-refused', 'due'],
    ['a refusal is an end', { kind: 'rejected', reason: '422' }, 'rejected', 'rejected'],
    ['no answer is doubt', UNKNOWN, 'later', 'in-doubt'],
  ] as const)('comes to what its attempt came to: %s', async (_, outcome, result, state) => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 1);
    stream.next(outcome);
    expect((await scene.run()).report.result).toBe(result);
    expect(await statesIn(scene)).toEqual({ [`socialcast ${state}`]: 1 });
  });

  it('is given up when it has been tried for five days', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 1, { ago: BACKOFF.lifeMs });
    stream.next(RETRY);
    expect((await scene.run()).report).toMatchObject({ result: 'rejected', sums: { rejected: 1 } });
    expect(await statesIn(scene)).toEqual({ 'socialcast abandoned': 1 });
  });

  it('is sent also where a bug meets one of them', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 3);
    stream.next(() => {
      throw new Error('no such thing');
    });
    const { report } = await scene.run();
    expect(report).toMatchObject({ result: 'bug', sums: { bug: 1, posted: 2 } });
    expect(report.stack).toContain('no such thing');
  });

  it('stays where its destination is not in the configuration any more, and the report says so', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 2, { destination: 'yammer' });
    await enterMany(scene, 1, { state: 'sending', destination: 'old' });
    const { report } = await scene.run();
    expect(report.result).toBe('later');
    expect(report.message).toContain('2 deliveries wait for yammer, which the configuration does not have');
    expect(await statesIn(scene)).toEqual({ 'yammer due': 2, 'old sending': 1 });
  });
});

describe('the order of one object', () => {
  const titles = ['first', 'second', 'third', 'fourth', 'fifth'];
  const enterChain = async ({ ledger }: Scene, order: readonly number[]) => {
    for (const [position, index] of order.entries()) {
      await enter(ledger, { activityObjid: index + 1, title: titles[index] ?? '', ago: HOUR - position, state: 'due' });
    }
  };

  it.each([
    ['as they were accepted', [0, 1, 2, 3, 4]],
    ['whatever the order of their acceptance was', [4, 2, 3, 1, 0]],
  ])('is kept, %s', async (_, order) => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterChain(scene, order);
    await scene.run();
    expect(stream.posts).toEqual(titles);
  });

  it('is kept through a failure: what comes after it waits, and other objects do not', async () => {
    const stream = makeStream('socialcast', { concurrency: 1 });
    const scene = stage([stream]);
    await enterChain(scene, [0, 1]);
    await enter(scene.ledger, { objid: 7, title: 'another object', ago: MINUTE, state: 'due' });
    stream.next(RETRY);
    await scene.run();
    expect(stream.posts).toEqual(['another object']);
    scene.clock.now += 10 * MINUTE;
    await scene.run();
    expect(stream.posts).toEqual(['another object', 'first', 'second']);
  });

  it.each<DeliveryState>(['held', 'rejected', 'abandoned', 'discarded'])('is not held up by one that is %s', async (state) => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enter(scene.ledger, { activityObjid: 1, ago: 2 * HOUR, state });
    await enter(scene.ledger, { activityObjid: 2, title: 'after it', ago: HOUR, state: 'due' });
    await scene.run();
    expect(stream.posts).toEqual(['after it']);
  });

  it('goes on in the same run where a refusal ended what was in the way', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterChain(scene, [1, 0]);
    stream.next({ kind: 'rejected', reason: '422' });
    await scene.run();
    expect(stream.posts).toEqual(['second']);
  });
});

describe('what is in doubt', () => {
  const doubt = { state: 'in-doubt', reason: 'no answer in time', ago: HOUR } as const;

  it('is sent again under the same id where a repeat is safe', async () => {
    const stream = makeStream('stream', { repeat: 'safe' });
    const scene = stage([stream]);
    const { id } = await enter(scene.ledger, { ...doubt, destination: 'stream' });
    await scene.run();
    expect(stream.attempts).toEqual([id]);
    expect(await one(scene.ledger, id)).toMatchObject({ state: 'delivered', started: 2, finished: 2 });
  });

  it('is asked for since its attempt, and taken over where it is there', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 1, { title: 'the post' });
    stream.next({ kept: UNKNOWN });
    await scene.run();
    scene.clock.now += MINUTE * 2;
    const { report } = await scene.run();
    expect(stream).toMatchObject({ posts: ['the post'], asked: [NOW] });
    expect(report).toMatchObject({ result: 'posted', message: '1 found to be posted already', sums: { found: 1 } });
    const [kept] = await scene.ledger.deliveries({}, 1, never);
    expect(kept).toMatchObject({ state: 'delivered', receipt: { id: 'socialcast-1' } });
    expect(stream.attempts).toHaveLength(1);
  });

  it('is also what got the receipt of another delivery, and it is posted once it is looked for', async () => {
    const stream = makeStream('socialcast', { uniqueReceipts: true, concurrency: 1 });
    const scene = stage([stream]);
    await enterMany(scene, 3);
    const stale = { kind: 'delivered', receipt: { id: 'socialcast-1' } } as const;
    stream.next({ kept: stale }, stale);
    const { report, texts } = await scene.run();
    expect(report).toMatchObject({ result: 'later', sums: { posted: 2, later: 1 } });
    expect(texts).toEqual([expect.stringMatching(/it may have been posted.*the receipt of another delivery \(socialcast-1\)/)]);
    expect(await statesIn(scene)).toEqual({ 'socialcast delivered': 2, 'socialcast in-doubt': 1 });
    scene.clock.now += MINUTE * 2;
    await scene.run();
    expect(await statesIn(scene)).toEqual({ 'socialcast delivered': 3 });
    expect([...stream.posts].sort()).toEqual(['object 1', 'object 2', 'object 3']);
  });

  it('is not what got the receipt of another one where receipts say nothing, as a program prints', async () => {
    const stream = makeStream('program', { repeat: 'unsafe' });
    const scene = stage([stream]);
    await enterMany(scene, 2, { destination: 'program' });
    const same = { kind: 'delivered', receipt: { id: 'OK' } } as const;
    stream.next({ kept: same }, { kept: same });
    await scene.run();
    expect(await statesIn(scene)).toEqual({ 'program delivered': 2 });
  });

  it('is sent again where it is not there', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enter(scene.ledger, { ...doubt, title: 'the post' });
    await scene.run();
    expect(stream).toMatchObject({ posts: ['the post'], asked: [NOW - HOUR] });
  });

  it('does not take over the post of another delivery that says the same', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enter(scene.ledger, { title: 'the same', rule: 'one', ago: HOUR, state: 'due' });
    await scene.run();
    await enter(scene.ledger, { ...doubt, title: 'the same', rule: 'two' });
    await scene.run();
    expect(stream.posts).toEqual(['the same', 'the same']);
  });

  it('takes over one post for each of two deliveries that say the same', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    for (const rule of ['one', 'two']) await enter(scene.ledger, { title: 'the same', rule, ago: HOUR, state: 'due' });
    stream.next({ kept: UNKNOWN }, { kept: UNKNOWN });
    await scene.run();
    scene.clock.now += 2 * MINUTE;
    await scene.run();
    expect(stream.posts).toHaveLength(2);
    const receipts = (await scene.ledger.deliveries({}, 9, never)).map(({ receipt }) => receipt?.id);
    expect([...receipts].sort()).toEqual(['socialcast-1', 'socialcast-2']);
  });

  it('takes over one post for each of two that say the same, though two reruns look into them at once', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    for (const rule of ['one', 'two']) await enter(scene.ledger, { title: 'the same', rule, ago: HOUR, state: 'due' });
    // One of the two attempts arrived.
    stream.next({ kept: UNKNOWN }, UNKNOWN);
    await scene.run();
    const doubtful = await scene.ledger.deliveries({ states: ['in-doubt'] }, 9, never);
    scene.clock.now += 2 * MINUTE;
    // Each rerun is told of one of them: they are examined at the same moment.
    await Promise.all(doubtful.map(({ id }) => scene.run({ id })));
    scene.clock.now += 2 * MINUTE;
    await scene.run();
    expect(stream.posts).toHaveLength(2);
    const receipts = (await scene.ledger.deliveries({}, 9, never)).map(({ receipt }) => receipt?.id);
    expect([...receipts].sort()).toEqual(['socialcast-1', 'socialcast-2']);
  });

  it('stays in doubt where it cannot be found out, and is asked for again after longer and longer waits', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    const { id } = await enter(scene.ledger, { ...doubt, ago: MINUTE });
    const waits: number[] = [];
    for (let asked = 0; asked < 4; asked += 1) {
      stream.answer({ kind: 'unknown', reason: 'it refuses the login' });
      expect((await scene.run()).report.result).toBe('later');
      const { state, dueAt } = await one(scene.ledger, id);
      expect(state).toBe('in-doubt');
      waits.push((dueAt - scene.clock.now) / MINUTE);
      scene.clock.now = dueAt;
    }
    expect(waits).toEqual([1, 2, 4, 8]);
    expect(stream.attempts).toEqual([]);
  });

  it('waits as long as the destination asks', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    const { id } = await enter(scene.ledger, { ...doubt, ago: MINUTE });
    stream.answer({ kind: 'unknown', reason: 'slow down', afterMs: HOUR });
    await scene.run();
    expect(await one(scene.ledger, id)).toMatchObject({ state: 'in-doubt', dueAt: NOW + HOUR });
  });

  it('is held when nothing could be found out for five days', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    const { id } = await enter(scene.ledger, { ...doubt, ago: BACKOFF.lifeMs + 1 });
    stream.answer({ kind: 'unknown', reason: 'it refuses the login' });
    await scene.run();
    expect(await one(scene.ledger, id)).toMatchObject({ state: 'held', reason: 'it refuses the login' });
  });

  it('is asked for as far back as it may be, where the clock of its attempt was wrong', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enter(scene.ledger, { ...doubt, ago: -24 * HOUR });
    await scene.run();
    expect(stream.asked).toEqual([NOW - BACKOFF.lifeMs]);
  });

  it.each(['hold', 'resend'] as const)('where nobody can tell, the configuration decides: %s', async (whenInDoubt) => {
    const stream = makeStream('stream', { repeat: 'unsafe' });
    const scene = stage([stream]);
    const { id } = await enter(scene.ledger, { ...doubt, destination: 'stream' });
    const { report } = await scene.run({}, { whenInDoubt });
    expect(stream.posts).toHaveLength(whenInDoubt === 'hold' ? 0 : 1);
    expect(await one(scene.ledger, id)).toMatchObject({ state: whenInDoubt === 'hold' ? 'held' : 'delivered' });
    expect(report.sums).toMatchObject(whenInDoubt === 'hold' ? { held: 1 } : { posted: 1 });
  });
});

describe('what was cut off', () => {
  const cutOff = { state: 'sending', workMs: 100 } as const;

  it.each([
    ['when its lease is over', HOUR],
    ['when its lease was taken by a clock that was an hour ahead', -HOUR],
  ])('is looked into %s', async (_, ago) => {
    const stream = makeStream();
    const scene = stage([stream]);
    const { id } = await enter(scene.ledger, { ...cutOff, ago });
    await scene.run();
    expect(stream.asked).toHaveLength(1);
    expect(await one(scene.ledger, id)).toMatchObject({ state: 'delivered', started: 2 });
  });

  it('is left to its run as long as that has its lease', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    const { id } = await enter(scene.ledger, { ...cutOff, ago: 50 });
    await scene.run();
    expect(await one(scene.ledger, id)).toMatchObject({ state: 'sending', started: 1 });
  });

  it('is watched for the time that its attempt may take, and left to its run where that is alive', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    const kept = await enter(scene.ledger, { ...cutOff, workMs: 400, ago: HOUR });
    const running = scene.run();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await one(scene.ledger, kept.id)).toMatchObject({ state: 'sending' });
    await scene.ledger.finish(kept.id, kept.leaseOwner, { state: 'delivered', now: NOW, dueAt: NOW, reason: '' }, never);
    await running;
    expect(stream).toMatchObject({ attempts: [], asked: [] });
    expect(await one(scene.ledger, kept.id)).toMatchObject({ state: 'delivered', started: 1 });
  });

  it('is watched to the end where the run has less time than that, and taken up by the next one', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    const { id } = await enter(scene.ledger, { ...cutOff, workMs: 300, ago: HOUR });
    await scene.run({}, { deadline: startNow(50) });
    expect(await one(scene.ledger, id)).toMatchObject({ state: 'in-doubt' });
    await scene.run({}, { deadline: startNow(50) });
    expect(stream.posts).toHaveLength(1);
  });

  it('is not watched any longer after Ctrl-C', async () => {
    const scene = stage([makeStream()]);
    const { id } = await enter(scene.ledger, { ...cutOff, workMs: 60_000, ago: HOUR });
    const deadline = startNow(60_000);
    const running = scene.run({}, { deadline });
    await new Promise((resolve) => setTimeout(resolve, 100));
    deadline.end();
    await running;
    expect(await one(scene.ledger, id)).toMatchObject({ state: 'sending' });
  });

  it('holds up nothing but what comes after it', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enter(scene.ledger, { ...cutOff, activityObjid: 1, title: 'cut off', workMs: 300, ago: 2 * HOUR });
    await enter(scene.ledger, { activityObjid: 2, title: 'after it', ago: HOUR, state: 'due' });
    await enter(scene.ledger, { objid: 7, title: 'another object', ago: HOUR, state: 'due' });
    await scene.run();
    expect(stream.posts).toEqual(['another object', 'cut off', 'after it']);
  });
});

describe('what was accepted', () => {
  it('is read, composed and sent to every destination', async () => {
    const streams = [makeStream(), makeStream('stream', { repeat: 'safe' })];
    const scene = stage(streams);
    await accept(scene.ledger, { activityObjid: 5 }, HOUR);
    const { report } = await scene.run();
    expect(streams.map(({ posts }) => posts)).toEqual([['activity 5'], ['activity 5']]);
    expect(report.sums).toMatchObject({ posted: 2 });
    expect(await scene.ledger.requests({ states: ['composed'] }, 9, never)).toHaveLength(1);
  });

  it('is posted once though it was accepted three times', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    for (const ago of [3, 2, 1]) await accept(scene.ledger, { activityObjid: 5 }, ago * HOUR);
    await scene.run();
    expect(stream.posts).toEqual(['activity 5']);
  });

  it('is left to the run that has its lease', async () => {
    const scene = stage([makeStream()]);
    await accept(scene.ledger, { activityObjid: 5 }, 0);
    await scene.run();
    expect(scene.read).toEqual([]);
  });

  it('is taken up where a clock that was wrong put it off for a day', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await accept(scene.ledger, { activityObjid: 5 }, -24 * HOUR);
    await scene.run();
    expect(stream.posts).toEqual(['activity 5']);
  });

  it.each([
    ['what is filtered', 'internal', MINUTE, 'filtered', 'posted'],
    ['what belongs to something else', 'mismatched', MINUTE, 'not-found', 'posted'],
    ['a row that may still come', 'absent', 9 * MINUTE, 'awaited', 'later'],
    ['a row that is not there after ten minutes', 'absent', 11 * MINUTE, 'not-found', 'posted'],
  ] as const)('comes to its end: %s', async (_, kind, ago, state, result) => {
    const stream = makeStream();
    const scene = stage([stream], () => ({ kind, reason: 'the reason' }));
    await accept(scene.ledger, { activityObjid: 5 }, ago);
    const { report, lines } = await scene.run({ json: true });
    expect(report.result).toBe(result);
    expect(lines).toMatchObject([{ kind: 'request', activityObjid: 5, result: state === 'awaited' ? 'later' : state }]);
    expect(await scene.ledger.requests({}, 9, never)).toMatchObject([{ state, attempts: 2 }]);
    expect(stream.posts).toEqual([]);
  });

  it('is put off where the CRM does not answer, and given up after five days', async () => {
    const scene = stage([makeStream()], () => {
      throw new DatabaseError('unavailable', 'the CRM does not answer');
    });
    const id = await accept(scene.ledger, { activityObjid: 5 }, HOUR);
    expect((await scene.run()).report).toMatchObject({ result: 'later', sums: { later: 1 } });
    const [kept] = await scene.ledger.requests({ ids: [id] }, 1, never);
    expect(kept).toMatchObject({ state: 'accepted', reason: 'the CRM does not answer', dueAt: NOW + 2 * MINUTE });
    scene.clock.now += BACKOFF.lifeMs;
    await scene.run();
    expect(await scene.ledger.requests({ ids: [id] }, 1, never)).toMatchObject([{ state: 'abandoned' }]);
  });

  it('and was given up is taken up again with --abandoned', async () => {
    const stream = makeStream();
    let crm: Crm = () => {
      throw new DatabaseError('unavailable', 'the CRM does not answer');
    };
    const scene = stage([stream], (request) => crm(request));
    await accept(scene.ledger, { activityObjid: 5 }, HOUR);
    scene.clock.now += BACKOFF.lifeMs;
    await scene.run();
    crm = found;
    await scene.run();
    expect(stream.posts).toEqual([]);
    expect((await scene.run({ abandoned: true, dryRun: true })).report.sums).toEqual({ requests: 1, deliveries: 0 });
    await scene.run({ abandoned: true });
    expect(stream.posts).toEqual(['activity 5']);
  });

  it('leaves a CRM alone that fails again and again', async () => {
    const scene = stage([makeStream()], () => {
      throw new DatabaseError('unavailable', 'the CRM does not answer');
    });
    for (let objid = 1; objid <= 20; objid += 1) await accept(scene.ledger, { objid, activityObjid: objid }, HOUR);
    await scene.run();
    expect(scene.read.length).toBeLessThan(8);
  });

  it('is taken up also where a bug meets one of them', async () => {
    const stream = makeStream();
    const scene = stage([stream], (request) => {
      if (request.objid === 1) throw new Error('no such thing');
      return found(request);
    });
    for (const objid of [1, 2]) await accept(scene.ledger, { objid, activityObjid: objid }, HOUR);
    expect((await scene.run()).report.result).toBe('bug');
    expect(stream.posts).toEqual(['activity 2']);
  });

  it('goes before what happened later to the same object', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await accept(scene.ledger, { activityObjid: 1 }, 2 * HOUR);
    await enter(scene.ledger, { activityObjid: 2, title: 'activity 2', ago: HOUR, state: 'due' });
    await scene.run();
    expect(stream.posts).toEqual(['activity 1', 'activity 2']);
  });
});

describe('a destination that fails', () => {
  it('is left alone after three failures in a row, and another one is not held up by it', async () => {
    const [down, up] = [makeStream('down', { concurrency: 1 }), makeStream('up')];
    const scene = stage([down, up]);
    await enterMany(scene, 2, { destination: 'down', state: 'delivered' });
    for (let objid = 10; objid < 20; objid += 1) {
      // Due for the first time: an earlier one was in the way until now.
      await enter(scene.ledger, { objid, activityObjid: 1, destination: 'down', ago: 2 * HOUR, state: 'held' });
      await enter(scene.ledger, { objid, activityObjid: 2, destination: 'up', ago: 2 * HOUR, state: 'due' });
    }
    for (const kept of await scene.ledger.deliveries({ states: ['held'] }, 99, never))
      await scene.ledger.amend(kept, { state: 'due', now: NOW, dueAt: NOW, reason: '' }, never);
    // Fresh success: nothing says that it is down before the first failure.
    await enter(scene.ledger, { objid: 9, destination: 'down', ago: 0, state: 'delivered' });
    down.next(...Array.from({ length: 10 }, () => RETRY));
    const { report } = await scene.run();
    expect(down.attempts).toHaveLength(3);
    expect(up.posts).toHaveLength(10);
    expect(report).toMatchObject({ result: 'later', sums: { posted: 10, later: 3, waiting: 10 } });
    expect(report.message).toContain('down keeps failing, so the rest for it waits, 10 deliveries wait in all');
  });

  it('is probed with one delivery where it failed before, and left alone where that fails', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 10);
    stream.next(RETRY);
    await scene.run();
    expect(stream.attempts).toHaveLength(1);
  });

  it('is given everything where the probe succeeds, some at a time', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 10);
    const steps: number[] = [];
    stream.next(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      steps.push(stream.attempts.length);
      return { kind: 'delivered', receipt: {} };
    });
    await scene.run();
    expect(steps).toEqual([1]);
    expect(stream.attempts).toHaveLength(10);
    expect(stream.most()).toBe(4);
  });

  it('is not asked for what is accepted either, which is kept for later', async () => {
    const stream = makeStream('socialcast', { concurrency: 1 });
    const scene = stage([stream]);
    for (let objid = 1; objid <= 6; objid += 1) await accept(scene.ledger, { objid, activityObjid: objid }, HOUR);
    stream.next(...Array.from({ length: 9 }, () => RETRY));
    expect((await scene.run()).report).toMatchObject({ result: 'later', sums: { later: 6, waiting: 6 } });
    expect(stream.attempts).toHaveLength(3);
    expect(await statesIn(scene)).toEqual({ 'socialcast due': 6 });
  });

  it('gets the next one while the ledger still records the end of the one before', async () => {
    const stream = makeStream('socialcast', { concurrency: 1 });
    const scene = stage([stream]);
    await enterMany(scene, 2);
    const { finish } = scene.ledger;
    const attempts: number[] = [];
    scene.ledger.finish = async (...end) => {
      for (let tries = 0; stream.attempts.length < 2 && tries < 100; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 5));
      attempts.push(stream.attempts.length);
      return finish(...end);
    };
    expect((await scene.run()).report).toMatchObject({ message: '2 posted' });
    expect(attempts).toEqual([2, 2]);
    expect(stream.most()).toBe(1);
  });

  it('gets no more in a second than the configuration allows', async () => {
    const stream = makeStream('socialcast', { maxPerSecond: 20 });
    const scene = stage([stream]);
    await enterMany(scene, 7);
    const begin = performance.now();
    await scene.run();
    expect(performance.now() - begin).toBeGreaterThan(290);
  });
});

describe('two reruns at once', () => {
  it('share the work, and post everything once', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 30);
    for (let objid = 101; objid <= 110; objid += 1) await accept(scene.ledger, { objid, activityObjid: objid }, HOUR);
    await Promise.all([scene.run(), scene.run()]);
    expect(stream.posts).toHaveLength(40);
    expect(new Set(stream.posts).size).toBe(40);
    expect(await statesIn(scene)).toEqual({ 'socialcast delivered': 40 });
  });
});

describe('a run that is stopped', () => {
  it('finishes what is in flight, begins nothing more, and says how much is left', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    await enterMany(scene, 10);
    const deadline = startNow(60_000);
    stream.next(async () => {
      deadline.end();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { kind: 'delivered', receipt: { id: '1' } };
    });
    const { report } = await scene.run({}, { deadline });
    expect(stream.attempts).toHaveLength(1);
    expect(await statesIn(scene)).toEqual({ 'socialcast delivered': 1, 'socialcast due': 9 });
    expect(report.message).toBe('1 posted, stopped before the end, 9 deliveries wait in all');
    await scene.run();
    expect(stream.attempts).toHaveLength(10);
  });
});

describe('the options', () => {
  const scene = async (): Promise<[Scene, Stream, Stream]> => {
    const [socialcast, stream] = [makeStream(), makeStream('stream')];
    const made = stage([socialcast, stream]);
    await enter(made.ledger, { objid: 1, title: 'old', ago: 3 * HOUR, state: 'due' });
    await enter(made.ledger, { objid: 2, title: 'new', ago: MINUTE, state: 'due' });
    await enter(made.ledger, { objid: 3, title: 'elsewhere', ago: HOUR, state: 'due', destination: 'stream' });
    await enter(made.ledger, { objid: 4, title: 'refused', ago: HOUR, state: 'rejected' });
    await enter(made.ledger, { objid: 5, title: 'given up', ago: HOUR, state: 'abandoned' });
    await enter(made.ledger, { objid: 6, title: 'waiting', ago: HOUR, state: 'due', dueIn: HOUR });
    await accept(made.ledger, { objid: 7, activityObjid: 7 }, HOUR);
    return [made, socialcast, stream];
  };

  it.each([
    [{}, ['activity 7', 'activity 7', 'elsewhere', 'new', 'old']],
    [{ since: '2h' }, ['activity 7', 'activity 7', 'elsewhere', 'new']],
    [{ until: '2h' }, ['old']],
    [{ until: '2026-11-22T06:00Z' }, ['old']],
    [{ objectType: 'Case' }, ['activity 7', 'activity 7', 'elsewhere', 'new', 'old']],
    [{ objectType: 'probdesc' }, []],
    [{ destination: 'stream' }, ['elsewhere']],
    [{ destination: 'strea' }, []],
    [{ failed: true, destination: 'socialcast' }, ['new', 'old', 'refused']],
    [{ abandoned: true, destination: 'socialcast' }, ['given up', 'new', 'old']],
  ])('%j take up what they say', async (options, titles) => {
    const [made, socialcast, stream] = await scene();
    await made.run(options);
    expect([...socialcast.posts, ...stream.posts].sort()).toEqual(titles);
  });

  it('--limit takes up so many', async () => {
    const stream = makeStream();
    const made = stage([stream]);
    await enterMany(made, 10);
    await made.run({ limit: 4 });
    expect(stream.attempts).toHaveLength(4);
  });

  it('--failed with --limit revives no more than that', async () => {
    const stream = makeStream();
    const made = stage([stream]);
    await enterMany(made, 10, { state: 'rejected' });
    await made.run({ failed: true, limit: 4 });
    expect(await statesIn(made)).toEqual({ 'socialcast delivered': 4, 'socialcast rejected': 6 });
  });

  it('--id takes up one delivery, also before its moment', async () => {
    const [made, socialcast] = await scene();
    const [waiting] = await made.ledger.deliveries({ objid: 6 }, 1, never);
    await made.run({ id: waiting?.id ?? '' });
    expect(socialcast.posts).toEqual(['waiting']);
  });

  it('--destination that nobody knows is answered with the nearest', async () => {
    const [made] = await scene();
    expect((await made.run({ destination: 'strea' })).report.hint).toContain('did you mean stream?');
  });

  it('--dry-run lists what is due and why, and changes nothing', async () => {
    const [made, socialcast, stream] = await scene();
    await enter(made.ledger, { objid: 8, ago: HOUR, state: 'sending', workMs: 10_000 });
    await enter(made.ledger, { objid: 9, ago: HOUR, state: 'in-doubt', reason: 'no answer in time' });
    const all = [await made.ledger.deliveries({}, 99, never), await made.ledger.requests({}, 99, never)];
    const { report, lines } = await made.run({ dryRun: true, failed: true });
    expect(report).toMatchObject({ result: 'planned', message: '6 deliveries and 1 request would be taken up' });
    expect(lines.map(({ objid, reason }) => `${String(objid)}: ${String(reason)}`).sort()).toEqual([
      '1: it is sent, attempt 2',
      '2: it is sent, attempt 2',
      '3: it is sent, attempt 2',
      '4: it is sent, attempt 2',
      '7: it is read from the CRM and sent',
      '8: it was cut off while it was sent, and is looked into',
      '9: it may have been posted: the destination is asked first; no answer in time',
    ]);
    expect([socialcast.attempts, stream.attempts, made.read]).toEqual([[], [], []]);
    expect([await made.ledger.deliveries({}, 99, never), await made.ledger.requests({}, 99, never)]).toEqual(all);
  });

  it('without --json only what needs a look is listed', async () => {
    const [made, socialcast] = await scene();
    socialcast.next({ kind: 'rejected', reason: 'the server answered 422' });
    const { texts } = await made.run({ destination: 'socialcast' });
    expect(texts).toEqual([
      expect.stringMatching(/^refused or given up: case 4711 ".*" to socialcast: the server answered 422$/),
    ]);
  });
});

describe('the messages of what is delivered', () => {
  it('are forgotten after their time, and their ids are not', async () => {
    const stream = makeStream();
    const scene = stage([stream]);
    const { id } = await enter(scene.ledger, { ago: 100 * 24 * HOUR, state: 'delivered' });
    const { id: young } = await enter(scene.ledger, { objid: 2, ago: 80 * 24 * HOUR, state: 'delivered' });
    await scene.run();
    expect(await one(scene.ledger, id)).not.toHaveProperty('message');
    expect(await one(scene.ledger, young)).toHaveProperty('message');
  });
});

describe('A wait that a destination asks for', () => {
  const HOUR_MS = 3_600_000;
  const asked: Outcome = { kind: 'retry', reason: 'the server answered 429', afterMs: HOUR_MS };

  it('ends what goes there in this rerun, and in those until then', async () => {
    const stream = makeStream('socialcast', { concurrency: 1 });
    const other = makeStream('other');
    const scene = stage([stream, other]);
    await enterMany(scene, 5);
    await enter(scene.ledger, { objid: 99, destination: 'other', title: 'elsewhere', ago: HOUR, state: 'due' });
    stream.next(asked);
    const { report } = await scene.run();
    expect(report.message).toMatch(/socialcast asked for a wait until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, so the rest for it waits/);
    expect(report.result).toBe('later');
    expect([stream.attempts.length, other.posts.length]).toEqual([1, 1]);

    scene.clock.now += HOUR_MS / 2;
    expect((await scene.run()).report.message).toContain('socialcast asked for a wait until');
    expect(stream.attempts).toHaveLength(1);

    scene.clock.now += HOUR_MS;
    await scene.run();
    expect(stream.posts).toHaveLength(5);
    expect(await scene.ledger.waits(scene.clock.now - 2 * HOUR_MS, new AbortController().signal)).toEqual([]);
  });

  it('is told by a dry run', async () => {
    const stream = makeStream('socialcast', { concurrency: 1 });
    const scene = stage([stream]);
    await enterMany(scene, 2);
    stream.next(asked);
    await scene.run();
    scene.clock.now += HOUR_MS / 2;
    const { lines } = await scene.run({ dryRun: true });
    expect(lines.map(({ reason }) => String(reason)).join('\n')).toContain('it stays, because socialcast asked for a wait until');
  });
});
