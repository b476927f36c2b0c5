// Which calls travel together, and when: without a network, and with a clock that goes on only where the test says so.

import { startDeadline } from '../../src/core/deadline';
import { Secret } from '../../src/core/secret';
import { GOOGLE_APIS } from '../../src/groupware/google/apis';
import type { BatchCall } from '../../src/groupware/google/batch';
import type { CallOutcome } from '../../src/groupware/google/batch-answer';
import { Lanes, type Going } from '../../src/groupware/google/lanes';
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

/** Lanes whose requests are answered by hand. */
function desk() {
  const timer = handTimer();
  const requests: Request[] = [];
  const lanes = new Lanes({
    quotas: GOOGLE_APIS.calendar.quotas,
    timer,
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
  return { timer, requests, put, many, sent };
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

  describe('of many users at once', () => {
    /** Lanes that have just had calls of two users in one request, which is answered. */
    async function crowd() {
      const made = desk();
      void made.put('a');
      void made.put('b', { login: 'bob' });
      await settled();
      await made.requests[0]?.answer();
      return made;
    }

    it('wait for the next one as long as one comes within 50 ms of the last', async () => {
      const { put, sent, timer } = await crowd();
      for (const login of ['cyd', 'dan', 'eva']) {
        void put(login, { login });
        await settled();
        await timer.pass(49);
      }
      expect(sent()).toEqual(['a b']);
      await timer.pass(1);
      expect(sent()).toEqual(['a b', 'cyd dan eva']);
    });

    it('wait for half a second at the most', async () => {
      const { put, requests, timer } = await crowd();
      for (let n = 0; n < 13; n += 1) {
        void put(`x${n}`, { login: `user${n}` });
        await settled();
        await timer.pass(40);
      }
      expect(requests).toHaveLength(2);
      expect(requests[1]?.calls).toHaveLength(13);
    });

    it('go as soon as they are 50', async () => {
      const { many, put, requests, timer } = await crowd();
      many(49);
      await settled();
      expect(requests).toHaveLength(1);
      void put('last', { login: 'cyd' });
      await settled();
      expect(requests[1]?.calls).toHaveLength(50);
      expect(timer.next()).toBeUndefined();
    });

    it('are in no hurry after a rest either, until one user is alone', async () => {
      const { put, sent, timer, requests } = await crowd();
      await timer.pass(60_000);
      void put('c1');
      await settled();
      await timer.pass(50);
      expect(sent().at(-1)).toBe('c1');
      await requests[1]?.answer();
      void put('c2');
      await settled();
      expect(sent().at(-1)).toBe('c2');
    });

    it('do not wait for those that Google lets wait', async () => {
      const { many, put, requests, timer, sent } = await crowd();
      void put('slow');
      void put('b', { login: 'bob' });
      await settled();
      await timer.pass(50);
      await requests[1]?.answer(({ path }) => (path === 'slow' ? TOO_FAST : DONE));
      many(49);
      void put('b2', { login: 'bob' });
      await settled();
      expect(requests).toHaveLength(2);
      await timer.pass(50);
      expect(sent().at(-1)).toBe('b2');
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
    await timer.pass(50);
    expect(sent().at(-1)).toBe('b2');
    await requests[1]?.answer();
    await timer.pass(949);
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
