// Which calls travel together, and when: without a network, and with a clock that goes on only where the test says so.

import { startDeadline } from '../../src/core/deadline';
import { Secret } from '../../src/core/secret';
import { GOOGLE_APIS } from '../../src/groupware/google/calls/apis';
import type { BatchCall } from '../../src/groupware/google/calls/batch';
import type { CallOutcome } from '../../src/groupware/google/calls/batch-answer';
import { Lanes, type Going } from '../../src/groupware/google/calls/lanes';
import { handTimer, settled } from '../support/google-timer';

const DONE: CallOutcome = { kind: 'answer', status: 200, headers: {} };
const TOO_FAST: CallOutcome = { kind: 'retry', reason: 'slow down', tooFast: true };
const NEVER = startDeadline(3_600_000, () => 0);
afterAll(() => NEVER.end());

interface Request {
  readonly calls: readonly BatchCall[];
  readonly signal: AbortSignal;
  answer(outcome?: (call: BatchCall) => CallOutcome): Promise<void>;
}

/** Lanes whose requests are answered by hand. Of so many users calls may come; 0 where nobody knows. */
function desk(users = 0) {
  const timer = handTimer();
  let usersToCome = users;
  const requests: Request[] = [];
  const lanes = new Lanes({
    quotas: GOOGLE_APIS.calendar.quotas,
    timer,
    usersToCome: () => usersToCome,
    random: () => 0,
    send: (calls, signal) =>
      new Promise((resolve) => {
        const answer = async (outcome: (call: BatchCall) => CallOutcome = () => DONE) => {
          resolve(new Map(calls.map((call) => [call.id, outcome(call)])));
          await settled();
        };
        requests.push({ calls, signal, answer });
      }),
  });
  const put = (name: string, changes: Partial<Omit<Going, 'call'>> & Partial<Pick<BatchCall, 'method' | 'about'>> = {}) => {
    const { method = 'GET', about, ...going } = changes;
    const call = { method, path: name, bearer: new Secret('t'), ...(about === undefined ? {} : { about }) };
    return lanes.put({ login: 'ann', lane: '', alone: false, deadline: NEVER, ...going, call });
  };
  const many = (
    count: number,
    name = 'x',
    changes: Parameters<typeof put>[1] = {},
  ): { readonly all: readonly Promise<CallOutcome>[] } => ({
    all: Array.from({ length: count }, (_, n) => put(`${name}${n}`, changes)),
  });
  /** What each request held. */
  const sent = () => requests.map(({ calls }) => calls.map(({ path }) => path).join(' '));
  const leave = () => (usersToCome -= 1);
  return { timer, requests, put, many, sent, leave };
}

describe('Calls on their way to Google', () => {
  it('go together when they are made in one turn, and at once after a rest', async () => {
    const { many, sent, timer } = desk();
    many(3);
    expect(sent()).toEqual([]);
    await settled();
    expect(sent()).toEqual(['x0 x1 x2']);
    expect(timer.next()).toBeUndefined();
  });

  it('are 50 in a request at the most', async () => {
    const { many, requests } = desk();
    many(120);
    await settled();
    expect(requests.map(({ calls }) => calls.length)).toEqual([50]);
    await requests[0]?.answer();
    await requests[1]?.answer();
    expect(requests.map(({ calls }) => calls.length)).toEqual([50, 50, 20]);
  });

  it('wait for others while one is under way: until it is answered', async () => {
    const { put, sent, requests } = desk();
    void put('a');
    await settled();
    void put('b');
    await settled();
    void put('c');
    await settled();
    expect(sent()).toEqual(['a']);
    await requests[0]?.answer();
    expect(sent()).toEqual(['a', 'b c']);
  });

  it('wait for others while one is under way: for 50 ms', async () => {
    const { put, sent, timer } = desk();
    void put('a');
    await settled();
    void put('b');
    await settled();
    await timer.pass(49);
    expect(sent()).toEqual(['a']);
    void put('c');
    await settled();
    await timer.pass(1);
    expect(sent()).toEqual(['a', 'b c']);
  });

  it('wait for others while one is under way: until there are 50', async () => {
    const { put, many, requests } = desk();
    void put('a');
    await settled();
    many(49, 'x', { login: 'bob' });
    await settled();
    expect(requests).toHaveLength(1);
    void put('last', { login: 'cyd' });
    await settled();
    expect(requests.map(({ calls }) => calls.length)).toEqual([1, 50]);
  });

  describe('of users who are at work at once', () => {
    it('wait for the last of them, and for no longer', async () => {
      const { put, sent, timer } = desk(3);
      for (const login of ['ann', 'bob']) {
        void put(login, { login });
        await settled();
        await timer.pass(400);
      }
      expect(sent()).toEqual([]);
      void put('cyd', { login: 'cyd' });
      await settled();
      expect(sent()).toEqual(['ann bob cyd']);
    });

    it('wait for a second at the most', async () => {
      const { put, sent, timer } = desk(3);
      void put('a');
      await settled();
      await timer.pass(600);
      void put('b', { login: 'bob' });
      await settled();
      await timer.pass(399);
      expect(sent()).toEqual([]);
      await timer.pass(1);
      expect(sent()).toEqual(['a b']);
    });

    it('wait for those whose calls are under way, who come back with others', async () => {
      const { put, sent, requests } = desk(2);
      void put('a', { login: 'ann' });
      void put('b', { login: 'bob' });
      await settled();
      void put('a2');
      await settled();
      expect(sent()).toEqual(['a b']);
      await requests[0]?.answer();
      expect(sent()).toEqual(['a b']);
      void put('b2', { login: 'bob' });
      await settled();
      expect(sent()).toEqual(['a b', 'a2 b2']);
    });

    it('go when whoever is missing has come to an end without any', async () => {
      const { put, sent, timer, leave } = desk(3);
      void put('a');
      void put('b', { login: 'bob' });
      await settled();
      leave();
      await timer.pass(49);
      expect(sent()).toEqual([]);
      await timer.pass(1);
      expect(sent()).toEqual(['a b']);
    });

    it('go as soon as they are 50', async () => {
      const { many, requests, timer } = desk(100);
      many(50);
      await settled();
      expect(requests[0]?.calls).toHaveLength(50);
      expect(timer.next()).toBeUndefined();
    });

    it('go at once where there is one user only, where they are long, and where their time ends soon', async () => {
      const { put, sent } = desk(1);
      void put('a');
      await settled();
      const crowd = desk(2);
      void crowd.put('long', { alone: true });
      await settled();
      const hasty = desk(2);
      void hasty.put('hasty', { deadline: { ...NEVER, remainingMs: () => 2_000 } });
      await settled();
      expect([sent(), crowd.sent(), hasty.sent()]).toEqual([['a'], ['long'], ['hasty']]);
    });

    it('do not wait for those that Google lets wait', async () => {
      const { many, put, requests, timer, sent } = desk(2);
      void put('slow');
      void put('b', { login: 'bob' });
      await settled();
      await requests[0]?.answer(({ path }) => (path === 'slow' ? TOO_FAST : DONE));
      many(49);
      await settled();
      void put('b2', { login: 'bob' });
      await settled();
      expect(sent()).toEqual(['slow b', 'b2']);
      expect(timer.next()).toBe(1_000);
    });
  });

  it('share a request only with those of their lane', async () => {
    const { put, sent } = desk();
    void put('a1', { lane: 'ann' });
    void put('b1', { lane: 'bob', login: 'bob' });
    void put('a2', { lane: 'ann' });
    await settled();
    expect(sent()).toEqual(['a1 a2', 'b1']);
  });

  it('are never under way with another one about the same thing, and keep their order', async () => {
    const { put, sent, requests, timer } = desk();
    void put('a1', { about: 'e' });
    void put('a2', { about: 'e' });
    void put('a3');
    void put('a4', { about: 'f' });
    await settled();
    await timer.pass(1_000);
    expect(sent()).toEqual(['a1 a3 a4']);
    await requests[0]?.answer();
    expect(sent()).toEqual(['a1 a3 a4', 'a2']);
  });

  it('travel by themselves where they are long, and hold up nobody', async () => {
    const { put, sent, timer } = desk();
    void put('long', { alone: true });
    void put('longer', { alone: true });
    await settled();
    void put('a');
    await settled();
    expect(sent()).toEqual(['long', 'longer', 'a']);
    expect(timer.next()).toBeUndefined();
  });

  it('are no more than 4 at once where they are long, of all users', async () => {
    const { put, requests, sent, timer } = desk();
    for (const login of ['ann', 'bob', 'cyd', 'dan', 'eva', 'fay']) void put(login, { login, alone: true });
    await settled();
    await timer.pass(60_000);
    expect(sent()).toEqual(['ann', 'bob', 'cyd', 'dan']);
    await requests[1]?.answer();
    expect(sent().slice(4)).toEqual(['eva']);
    void put('short', { login: 'gus' });
    await settled();
    expect(sent().slice(5)).toEqual(['short']);
    await requests[0]?.answer();
    expect(sent().slice(6)).toEqual(['fay']);
  });

  it.each([
    ['300 questions', 'GET', 300],
    ['100 changes, which weigh three', 'PATCH', 100],
  ] as const)('are of one user %s at once, and the next one waits', async (_, method, most) => {
    const { many, put, requests, timer, sent } = desk();
    for (let n = 0; n < most / 50; n += 1) {
      many(50, 'x', { method });
      await settled();
      await requests[n]?.answer();
    }
    void put('late', { method });
    void put('other', { login: 'bob' });
    await settled();
    expect(sent().at(-1)).toBe('other');
    await requests.at(-1)?.answer();
    const wait = timer.next() ?? 0;
    expect(wait).toBe(method === 'PATCH' ? 600 : 200);
    await timer.pass(wait);
    expect(sent().at(-1)).toBe('late');
  });

  it('are put back at once where their quota comes too late for them', async () => {
    const { many, put, requests } = desk();
    for (let n = 0; n < 6; n += 1) {
      many(50);
      await settled();
      await requests[n]?.answer();
    }
    const outcome = await put('late', { deadline: { ...NEVER, remainingMs: () => 100 } });
    expect(outcome).toMatchObject({ kind: 'retry', tooFast: false, afterMs: 200 });
    expect(requests).toHaveLength(6);
  });

  it('wait where they came too fast, those of that user alone, and are fewer then', async () => {
    const { many, put, requests, timer, sent } = desk();
    const { all: slow } = many(8, 'a');
    void put('b', { login: 'bob' });
    await settled();
    await requests[0]?.answer(({ path }) => (path === 'a7' ? TOO_FAST : DONE));
    expect(await slow[7]).toMatchObject({ kind: 'retry', tooFast: true, afterMs: 1_000 });
    expect(await slow[6]).toBe(DONE);
    many(40, 'again');
    void put('b2', { login: 'bob' });
    await settled();
    expect(sent().at(-1)).toBe('b2');
    await requests[1]?.answer();
    await timer.pass(999);
    expect(requests).toHaveLength(2);
    await timer.pass(1);
    // Half of 50, since nobody knows how many are few enough.
    expect(requests[2]?.calls).toHaveLength(25);
    await requests[2]?.answer(() => TOO_FAST);
    await timer.pass(1_999);
    expect(requests).toHaveLength(3);
    await timer.pass(1);
    expect(requests[3]?.calls).toHaveLength(12);
    await requests[3]?.answer();
    expect(requests[4]?.calls).toHaveLength(3);
  });

  it('are not made where their time is over before they go, and are in doubt where it is after that', async () => {
    const { put, requests } = desk();
    const [soon, later] = [startDeadline(60_000, () => 0), startDeadline(60_000, () => 0)];
    const [one, other] = [put('one', { deadline: soon }), put('other', { deadline: later })];
    await settled();
    const waiting = put('waiting', { deadline: soon });
    soon.end();
    expect(await one).toMatchObject({ kind: 'unknown' });
    expect(await waiting).toMatchObject({ kind: 'retry', tooFast: false });
    // Somebody still waits for the answer.
    expect(requests[0]?.signal.aborted).toBe(false);
    later.end();
    expect(requests[0]?.signal.aborted).toBe(true);
    expect(await other).toMatchObject({ kind: 'unknown' });
    expect(await put('never', { deadline: soon })).toMatchObject({ kind: 'retry' });
    await settled();
    expect(requests).toHaveLength(1);
  });
});
