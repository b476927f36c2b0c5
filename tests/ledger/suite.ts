// What every ledger must do, asked of each of them.

import { setMaxListeners } from 'node:events';
import type { Request } from '../../src/core/activity';
import {
  type DeliveryDraft,
  type DeliveryState,
  type KeptDelivery,
  type KeptRequest,
  type Ledger,
  type Settlement,
  type WatchChange,
} from '../../src/ledger/ledger';
import { LEASE_SLACK_MS } from '../../src/core/lease';
import { draft, leaseOf, MESSAGE, NOW, request } from '../support/ledger';

/** A ledger of its own for one test. */
export interface LedgerSetup {
  readonly ledger: Ledger;
  /** A second handle on the same store, as another process has. */
  another(): Promise<Ledger>;
  close(): Promise<void>;
}

const WINDOW_MS = 600_000;
const NEVER = new AbortController().signal;
// Every call that waits listens to it.
setMaxListeners(0, NEVER);
/** Asks a ledger all questions. */
export function describeLedger(name: string, open: () => Promise<LedgerSetup>): void {
  describe(`The ${name} ledger`, () => {
    let setup: LedgerSetup;
    let ledger: Ledger;

    beforeEach(async () => {
      setup = await open();
      ledger = setup.ledger;
    });
    afterEach(() => setup.close());

    const accept = (request: Request, lease = leaseOf('run')) => ledger.accept(request, lease, NEVER);
    const requestNow = async (id: string) => (await ledger.requests({ ids: [id] }, 1, NEVER))[0] as KeptRequest;
    const deliveryNow = async (id: string) => (await ledger.deliveries({ ids: [id] }, 1, NEVER))[0] as KeptDelivery;
    const settle = (settlement: Partial<Settlement>): Settlement => ({
      state: 'due',
      now: NOW,
      dueAt: NOW,
      reason: '',
      ...settlement,
    });
    const finish = (id: string, settlement: Partial<Settlement>, owner = 'run') =>
      ledger.finish(id, owner, settle(settlement), NEVER);

    /** Accepts the request of a draft and claims it. */
    async function claim(drafted: DeliveryDraft, lease = leaseOf('run'), by = ledger): Promise<KeptDelivery> {
      const { objectType, objid, activityObjid, rule } = drafted;
      const request = { objectType, objid, rule, ...(activityObjid === 0 ? {} : { activityObjid }) };
      const id = await by.accept(request, lease, NEVER);
      return (await by.claim(id, [drafted], lease, WINDOW_MS, NEVER))[0] as KeptDelivery;
    }

    /** Claims a delivery and brings it into a state. */
    async function inState(
      drafted: DeliveryDraft,
      state: DeliveryState,
      settlement: Partial<Settlement> = {},
    ): Promise<KeptDelivery> {
      await claim(drafted);
      if (state !== 'sending') await finish(drafted.id, { ...settlement, state });
      return deliveryNow(drafted.id);
    }

    describe('takes in', () => {
      const accepted = { id: '01'.repeat(16), request: request(1, 5), acceptedAt: NOW - 60_000 };

      it('what was accepted elsewhere, with the moment of its acceptance, for anybody to take up', async () => {
        expect(await ledger.takeIn(accepted, NOW, NEVER)).toBe(true);
        expect(await requestNow(accepted.id)).toEqual({ ...accepted, state: 'accepted', dueAt: NOW, attempts: 0, reason: '' });
        expect(await ledger.takeRequest(await requestNow(accepted.id), leaseOf('rerun'), NEVER)).toBe(true);
      });

      it('nothing that it has, in whatever state', async () => {
        await ledger.takeIn(accepted, NOW, NEVER);
        await ledger.settleRequest(accepted.id, 'filtered', 'left out', NOW, NEVER);
        expect(await ledger.takeIn({ ...accepted, acceptedAt: NOW }, NOW, NEVER)).toBe(false);
        expect(await requestNow(accepted.id)).toMatchObject({ state: 'filtered', acceptedAt: accepted.acceptedAt });
      });

      it('nothing that a call kept under the same id', async () => {
        expect(await ledger.accept(request(1, 5), leaseOf('run'), NEVER, accepted.id)).toBe(accepted.id);
        expect(await ledger.takeIn(accepted, NOW, NEVER)).toBe(false);
      });

      it('once, where many do it at once', async () => {
        const others = await Promise.all(Array.from({ length: 5 }, () => setup.another()));
        const made = await Promise.all(others.map((other) => other.takeIn(accepted, NOW, NEVER)));
        expect(made.filter(Boolean)).toHaveLength(1);
      });

      it('and has what comes later about the object wait for it', async () => {
        await ledger.takeIn(accepted, NOW, NEVER);
        expect((await claim(draft(1, 6))).state).toBe('due');
      });
    });

    describe('watches', () => {
      const LEVEL = { objectType: 'stocking_level', objid: 7 };
      const crossing: Request = { ...LEVEL, rule: 'Stock below reorder level', occurrence: 1 };
      const fell = { ...LEVEL, state: 'below:1', seen: 'above:0', request: crossing };
      const watch = (changes: readonly WatchChange[], by = ledger) => by.watch(changes, leaseOf('run'), NEVER);
      const standing = async (objid = 7) => (await ledger.watched('stocking_level', [objid], NEVER))[0]?.state;
      const kept = () => ledger.requests({}, 100, NEVER);

      it('what it is told to, and nothing else', async () => {
        expect(await ledger.watched('stocking_level', [7, 8], NEVER)).toEqual([]);
        const changes = [7, 9].map((objid) => ({ objectType: 'stocking_level', objid, state: 'above:0' }));
        expect(await watch(changes)).toEqual(['', '']);
        const other = await setup.another();
        expect(await other.watched('stocking_level', [7, 8], NEVER)).toEqual([{ ...LEVEL, state: 'above:0' }]);
        expect(await other.watched('product_revision', [7], NEVER)).toEqual([]);
        expect(await other.watched('stocking_level', [], NEVER)).toEqual([]);
        expect(await watch([])).toEqual([]);
      });

      it('and keeps a request together with a change', async () => {
        await watch([{ ...LEVEL, state: 'above:0' }]);
        const [id] = await watch([fell]);
        expect(await standing()).toBe('below:1');
        expect(await kept()).toMatchObject([
          { id, request: crossing, state: 'accepted', acceptedAt: NOW, attempts: 1, dueAt: NOW + 10_000 + LEASE_SLACK_MS },
        ]);
      });

      it('and changes nothing, and keeps nothing, where it is not as it was seen', async () => {
        expect(await watch([fell])).toEqual([undefined]);
        await watch([{ ...LEVEL, state: 'above:5' }]);
        expect(await watch([fell, { ...fell, objid: 8 }])).toEqual([undefined, undefined]);
        const { request, state } = fell;
        expect(await watch([{ ...LEVEL, state, request }])).toEqual([undefined]);
        expect(await standing()).toBe('above:5');
        expect(await kept()).toEqual([]);
      });

      it('and tells the changes that were made from the others', async () => {
        await watch([{ ...LEVEL, state: 'above:0' }]);
        const made = await watch([{ ...fell, objid: 8 }, fell, { ...LEVEL, objid: 9, state: 'above:0' }, { ...fell, objid: 10 }]);
        expect(made).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{32}$/), '', undefined]);
        expect((await kept()).map(({ id }) => id)).toEqual([made[1]]);
      });

      it('once, where many see the same at once', async () => {
        await watch([{ ...LEVEL, state: 'above:0' }]);
        const revision = { objectType: 'product_revision', objid: 5, state: 'known' };
        const appeared = { ...revision, request: { ...revision, rule: 'New product revision', occurrence: 1 } };
        const others = await Promise.all(Array.from({ length: 5 }, () => setup.another()));
        const made = await Promise.all(others.map((other) => watch([fell, appeared], other)));
        const ids = made.flat().filter((id) => id !== undefined);
        expect(ids).toHaveLength(2);
        expect((await kept()).map(({ id }) => id).sort()).toEqual([...ids].sort());
      });

      it('from now on at a first look only as long as the type as a whole is not watched', async () => {
        const firstLook = { ...LEVEL, state: 'above:0', firstLook: true };
        expect(await watch([firstLook])).toEqual(['']);
        expect(await watch([{ ...LEVEL, objid: 0, state: 'watched' }])).toEqual(['']);
        expect(await watch([{ ...firstLook, objid: 8 }])).toEqual([undefined]);
        expect(await standing(8)).toBeUndefined();
        expect(await watch([{ ...LEVEL, objid: 8, state: 'above:0' }])).toEqual(['']);
      });
    });

    describe('keeps a request', () => {
      it('so that another process finds it', async () => {
        const id = await accept(request(1, 5));
        const other = await setup.another();
        const expected: KeptRequest = {
          id,
          request: request(1, 5),
          state: 'accepted',
          acceptedAt: NOW,
          dueAt: NOW + 10_000 + LEASE_SLACK_MS,
          attempts: 1,
          reason: '',
        };
        expect(id).toMatch(/^[0-9a-f]{32}$/);
        expect(await other.requests({}, 10, NEVER)).toEqual([expected]);
      });

      it('under an id of its own each time', async () => {
        expect(await accept(request(1, 5))).not.toBe(await accept(request(1, 5)));
      });

      it('without an activity, if there is none', async () => {
        const id = await accept({ objectType: 'case', objid: 1, rule: 'Escalation "2"' });
        expect((await requestNow(id)).request).toEqual({ objectType: 'case', objid: 1, rule: 'Escalation "2"' });
      });

      it('and puts it off, or ends it once and for all', async () => {
        const id = await accept(request(1, 5));
        await ledger.settleRequest(id, 'awaited', 'not there yet', NOW + 60_000, NEVER);
        expect(await requestNow(id)).toMatchObject({ state: 'awaited', reason: 'not there yet', dueAt: NOW + 60_000 });
        await ledger.settleRequest(id, 'accepted', 'the CRM is down', NOW + 60_000, NEVER);
        expect(await requestNow(id)).toMatchObject({ state: 'accepted', reason: 'the CRM is down' });
        await ledger.settleRequest(id, 'not-found', 'never came', NOW, NEVER);
        await ledger.settleRequest(id, 'accepted', 'too late', NOW, NEVER);
        expect(await requestNow(id)).toMatchObject({ state: 'not-found', reason: 'never came' });
      });

      it('which only one of two that saw the same can take', async () => {
        const id = await accept(request(1, 5));
        const seen = await requestNow(id);
        const other = await setup.another();
        const lease = leaseOf('rerun', NOW + 20_000);
        const taken = await Promise.all([ledger.takeRequest(seen, lease, NEVER), other.takeRequest(seen, lease, NEVER)]);
        expect(taken.sort()).toEqual([false, true]);
        expect(await requestNow(id)).toMatchObject({ attempts: 2, dueAt: NOW + 30_000 + LEASE_SLACK_MS });
      });

      it('and opens it again for who takes it, where it was given up', async () => {
        const id = await accept(request(1, 5));
        await ledger.settleRequest(id, 'abandoned', 'no answer', NOW, NEVER);
        const lease = leaseOf('rerun', NOW + 1);
        expect(await ledger.takeRequest(await requestNow(id), lease, NEVER)).toBe(true);
        expect(await requestNow(id)).toMatchObject({ state: 'accepted', attempts: 2, dueAt: NOW + 1 + 10_000 + LEASE_SLACK_MS });
        await ledger.settleRequest(id, 'awaited', 'not there', NOW, NEVER);
        expect(await ledger.takeRequest(await requestNow(id), lease, NEVER)).toBe(true);
        expect(await requestNow(id)).toMatchObject({ state: 'awaited', attempts: 3 });
      });

      it('which nobody can take after it ended', async () => {
        const id = await accept(request(1, 5));
        const seen = await requestNow(id);
        await ledger.settleRequest(id, 'filtered', '', seen.dueAt, NEVER);
        expect(await ledger.takeRequest(seen, leaseOf('rerun'), NEVER)).toBe(false);
      });
    });

    describe('claims', () => {
      it('a delivery and begins it', async () => {
        const expected: KeptDelivery = {
          ...draft(1, 5),
          requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
          state: 'sending',
          started: 1,
          finished: 0,
          acceptedAt: NOW,
          dueAt: NOW + 10_000 + LEASE_SLACK_MS,
          lastAttemptAt: NOW,
          leaseOwner: 'run',
          leaseUntil: NOW + 10_000 + LEASE_SLACK_MS,
          attemptMs: 10_000,
          reason: '',
          deliveredAt: 0,
        };
        expect(await claim(draft(1, 5))).toEqual(expected);
        const other = await setup.another();
        expect(await other.deliveries({}, 10, NEVER)).toEqual([expected]);
        expect((await ledger.requests({}, 10, NEVER)).map(({ state }) => state)).toEqual(['composed']);
      });

      it('one for each destination, in the order of the drafts', async () => {
        const drafts = ['socialcast', 'feed', 'Feed'].map((destination) => draft(1, 5, { destination }));
        const id = await accept(request(1, 5));
        const claimed = await ledger.claim(id, drafts, leaseOf('run'), WINDOW_MS, NEVER);
        expect(claimed.map(({ destination, state, requestId }) => [destination, state, requestId])).toEqual([
          ['socialcast', 'sending', id],
          ['feed', 'sending', id],
          ['Feed', 'sending', id],
        ]);
      });

      it('the same delivery twice, and begins it once', async () => {
        const other = await setup.another();
        await claim(draft(1, 5), leaseOf('first'));
        const second = await claim(draft(1, 5, { message: { ...MESSAGE, title: 'Another text' } }), leaseOf('second'), other);
        expect(second).toMatchObject({ state: 'sending', leaseOwner: 'first', started: 1, message: MESSAGE });
      });

      it('the same delivery from twenty sides at once, and begins it once', async () => {
        const handles = await Promise.all(Array.from({ length: 20 }, () => setup.another()));
        const claimed = await Promise.all(handles.map((handle, n) => claim(draft(1, 5), leaseOf(`run ${n}`), handle)));
        const begun = claimed.filter(({ leaseOwner }, n) => leaseOwner === `run ${n}`);
        expect(begun).toHaveLength(1);
        expect(new Set(claimed.map(({ leaseOwner }) => leaseOwner))).toEqual(new Set([begun[0]?.leaseOwner]));
        expect(await deliveryNow(draft(1, 5).id)).toMatchObject({ started: 1 });
      });

      it('what is new beside what is there', async () => {
        await inState(draft(1, 5), 'delivered', { receipt: { id: 'r1' } });
        const id = await accept(request(1, 5));
        const drafts = [draft(1, 5), draft(1, 5, { destination: 'feed' })];
        const claimed = await ledger.claim(id, drafts, leaseOf('second'), WINDOW_MS, NEVER);
        expect(claimed).toMatchObject([
          { state: 'delivered', receipt: { id: 'r1' }, leaseOwner: '' },
          { state: 'sending', leaseOwner: 'second', destination: 'feed' },
        ]);
      });
    });

    describe('keeps the order:', () => {
      it.each<DeliveryState>(['due', 'sending', 'in-doubt'])('an earlier one that is %s blocks', async (state) => {
        await inState(draft(1, 5), state);
        const later = await claim(draft(1, 6), leaseOf('later'));
        expect(later).toMatchObject({ state: 'due', started: 0, leaseOwner: '', leaseUntil: 0, dueAt: NOW });
        expect(later).toEqual(await deliveryNow(later.id));
        expect(await ledger.begin(later, leaseOf('later'), NEVER)).toBe(false);
      });

      it.each<DeliveryState>(['held', 'delivered', 'rejected', 'abandoned', 'discarded'])(
        'an earlier one that is %s does not block',
        async (state) => {
          await inState(draft(1, 5), state);
          expect(await claim(draft(1, 6))).toMatchObject({ state: 'sending' });
        },
      );

      it('a later one goes once the earlier one is gone', async () => {
        await inState(draft(1, 5), 'due');
        const later = await claim(draft(1, 6));
        await ledger.amend(await deliveryNow(draft(1, 5).id), settle({ state: 'discarded' }), NEVER);
        expect(await ledger.begin(later, leaseOf('run'), NEVER)).toBe(true);
      });

      it('orders compare as bytes', async () => {
        await inState(draft(1, 5, { order: 'B' }), 'due');
        expect(await claim(draft(1, 4, { order: 'a' }))).toMatchObject({ state: 'due' });
        expect(await claim(draft(1, 3, { order: 'A' }))).toMatchObject({ state: 'sending' });
      });

      it.each<[string, DeliveryDraft]>([
        ['a later one', draft(1, 4)],
        ['another destination', draft(1, 6, { destination: 'feed' })],
        ['another object', draft(2, 6)],
        ['another type of object', draft(1, 6, { objectType: 'subcase' })],
      ])('%s does not wait', async (_, other) => {
        await inState(draft(1, 5), 'due');
        expect(await claim(other)).toMatchObject({ state: 'sending' });
      });

      it('an accepted request about an earlier activity blocks, until it has ended', async () => {
        const id = await accept(request(1, 4));
        const later = await claim(draft(1, 5));
        expect(later).toMatchObject({ state: 'due', started: 0 });
        expect(await ledger.begin(later, leaseOf('run'), NEVER)).toBe(false);
        await ledger.settleRequest(id, 'not-found', '', NOW, NEVER);
        expect(await ledger.begin(later, leaseOf('run'), NEVER)).toBe(true);
      });

      it.each<[string, Request]>([
        ['about a later activity', request(1, 6)],
        ['about the same activity', { ...request(1, 5), rule: 'another' }],
        ['about another object', request(2, 4)],
        ['without an activity', { objectType: 'case', objid: 1, rule: '' }],
      ])('an accepted request %s does not block', async (_, earlier) => {
        await accept(earlier);
        expect(await claim(draft(1, 5))).toMatchObject({ state: 'sending' });
      });
    });

    describe('knows a repeat without an activity by its content', () => {
      const escalation = (id: string, change: Partial<DeliveryDraft> = {}) =>
        draft(1, 0, { id, contentKey: 'one content', order: '~', ...change });

      it('within the window', async () => {
        await claim(escalation('a'), leaseOf('first'));
        const repeat = await claim(escalation('b'), leaseOf('second', NOW + WINDOW_MS - 1));
        expect(repeat).toMatchObject({ id: 'a', leaseOwner: 'first' });
        expect(await ledger.deliveries({}, 10, NEVER)).toHaveLength(1);
      });

      it('but not after it, nor where the content is another one', async () => {
        await claim(escalation('a'));
        expect(await claim(escalation('b'), leaseOf('run', NOW + WINDOW_MS))).toMatchObject({ id: 'b', state: 'sending' });
        expect(await claim(escalation('c', { contentKey: 'another' }))).toMatchObject({ id: 'c', state: 'sending' });
      });

      it.each<[string, number, number, readonly string[]]>([
        ['a window apart, entered at once', WINDOW_MS, 0, ['a', 'b']],
        ['a minute apart, entered an hour apart', 60_000, 3_600_000, ['a']],
        ['a minute apart, the later one entered first', -60_000, 60_000, ['a']],
      ])('by when the requests were accepted: %s', async (_, apart, enteredApart, entered) => {
        const [late, request] = [NOW + 10 * 3_600_000, { objectType: 'Case', objid: 1, rule: '' }];
        for (const [id, accepted, at] of [
          ['a', NOW, late],
          ['b', NOW + apart, late + enteredApart],
        ] as const) {
          const requestId = await accept(request, leaseOf('run', accepted));
          await ledger.claim(requestId, [escalation(id)], leaseOf('run', at), WINDOW_MS, NEVER);
        }
        expect((await ledger.deliveries({}, 10, NEVER)).map(({ id }) => id).sort()).toEqual(entered);
      });

      it('and never what has an activity', async () => {
        await claim(draft(1, 5));
        await finish(draft(1, 5).id, { state: 'delivered' });
        expect(await claim(draft(1, 6))).toMatchObject({ id: draft(1, 6).id, state: 'sending' });
      });
    });

    describe('counts attempts:', () => {
      it('of two that saw the same, one begins', async () => {
        const seen = await inState(draft(1, 5), 'due');
        const other = await setup.another();
        const begun = [ledger.begin(seen, leaseOf('a', NOW + 1), NEVER), other.begin(seen, leaseOf('b', NOW + 2), NEVER)];
        expect((await Promise.all(begun)).sort()).toEqual([false, true]);
        expect(await deliveryNow(seen.id)).toMatchObject({ state: 'sending', started: 2, finished: 1, attemptMs: 10_000 });
        expect(await ledger.begin(seen, leaseOf('c'), NEVER)).toBe(false);
      });

      it('who did not begin it cannot finish it, nor who finished it before', async () => {
        const { id } = await claim(draft(1, 5), leaseOf('owner'));
        expect(await finish(id, { state: 'rejected' }, 'somebody else')).toBe(false);
        expect(await finish(id, { state: 'delivered' }, 'owner')).toBe(true);
        expect(await finish(id, { state: 'rejected' }, 'owner')).toBe(false);
        expect(await deliveryNow(id)).toMatchObject({ state: 'delivered', started: 1, finished: 1 });
      });

      it('a settlement says when it goes on, why, and what the destination gave', async () => {
        const receipt = { id: '42', permalink: 'http://server/messages/42' };
        const settlement = { dueAt: NOW + 7, reason: 'busy', receipt };
        const due = await inState(draft(1, 5), 'due', settlement);
        expect(due).toMatchObject({ state: 'due', ...settlement, leaseOwner: '', leaseUntil: 0, attemptMs: 0, deliveredAt: 0 });
        expect(await inState(draft(2, 5), 'delivered', { now: NOW + 9, receipt: {} })).toMatchObject({ deliveredAt: NOW + 9 });
        expect(await deliveryNow(draft(2, 5).id)).not.toHaveProperty('receipt');
      });

      it('an attempt that nobody ended leaves more started than finished', async () => {
        const crashed = await inState(draft(1, 5), 'sending');
        expect(crashed).toMatchObject({ started: 1, finished: 0 });
        expect(await ledger.deliveries({ states: ['sending'], dueBy: crashed.leaseUntil - 1 }, 1, NEVER)).toEqual([]);
        expect(await ledger.deliveries({ states: ['sending'], dueBy: crashed.leaseUntil }, 1, NEVER)).toEqual([crashed]);
        expect(await ledger.begin(crashed, leaseOf('next', crashed.leaseUntil), NEVER)).toBe(true);
        expect(await finish(crashed.id, { state: 'delivered' })).toBe(false);
        expect(await finish(crashed.id, { state: 'delivered' }, 'next')).toBe(true);
        expect(await deliveryNow(crashed.id)).toMatchObject({ started: 2, finished: 1 });
      });

      it('of two that found it after its lease, one begins', async () => {
        const crashed = await inState(draft(1, 5), 'sending');
        const other = await setup.another();
        const lease = leaseOf('next', crashed.leaseUntil);
        const begun = [ledger.begin(crashed, lease, NEVER), other.begin(crashed, lease, NEVER)];
        expect((await Promise.all(begun)).sort()).toEqual([false, true]);
      });

      it('a change without an attempt counts none, and is refused where somebody was faster', async () => {
        const crashed = await inState(draft(1, 5), 'sending');
        expect(await ledger.amend(crashed, settle({ state: 'held', reason: 'cut off' }), NEVER)).toBe(true);
        expect(await ledger.amend(crashed, settle({ state: 'due' }), NEVER)).toBe(false);
        const held = await deliveryNow(crashed.id);
        expect(held).toMatchObject({ state: 'held', reason: 'cut off', started: 1, finished: 0, leaseOwner: '' });
        expect(await ledger.amend(held, settle({ state: 'due' }), NEVER)).toBe(true);
        expect(await ledger.begin(await deliveryNow(held.id), leaseOf('next'), NEVER)).toBe(true);
        expect(await ledger.amend(held, settle({ state: 'discarded' }), NEVER)).toBe(false);
        const taken = await deliveryNow(held.id);
        expect(await ledger.amend({ ...taken, leaseUntil: 1 }, settle({ state: 'discarded' }), NEVER)).toBe(false);
        expect(await ledger.amend({ ...taken, leaseOwner: '' }, settle({ state: 'discarded' }), NEVER)).toBe(false);
      });
    });

    describe('records a receipt that can be of one delivery only', () => {
      const posted = { state: 'delivered', receipt: { id: '7' }, exclusive: true } as const;

      it('where nobody else at the destination has it', async () => {
        await inState(draft(2, 6), 'delivered', { receipt: { id: '8' } });
        await inState(draft(1, 5, { destination: 'feed' }), 'delivered', { receipt: { id: '7' } });
        await claim(draft(1, 5));
        expect(await finish(draft(1, 5).id, posted)).toBe(true);
        expect(await deliveryNow(draft(1, 5).id)).toMatchObject({ state: 'delivered', receipt: { id: '7' }, finished: 1 });
      });

      it('and not where another delivery has it, whose attempt can still end in doubt', async () => {
        await inState(draft(2, 6), 'delivered', posted);
        const begun = await claim(draft(1, 5));
        expect(await finish(begun.id, posted)).toBe(false);
        expect(await deliveryNow(begun.id)).toEqual(begun);
        expect(await finish(begun.id, { state: 'in-doubt', exclusive: true })).toBe(true);
        expect(await deliveryNow(begun.id)).toMatchObject({ state: 'in-doubt', finished: 1 });
      });

      it('and not for an attempt that another owner began', async () => {
        await claim(draft(1, 5));
        expect(await finish(draft(1, 5).id, posted, 'another')).toBe(false);
      });

      it('without a look at others where there is none, or where it can be of many', async () => {
        for (const n of [1, 2]) {
          await claim(draft(n, 5));
          expect(await finish(draft(n, 5).id, { ...posted, receipt: {} })).toBe(true);
          await claim(draft(n, 6));
          expect(await finish(draft(n, 6).id, { ...posted, exclusive: false })).toBe(true);
        }
      });

      it('once, however many would have it at once', async () => {
        const drafts = Array.from({ length: 10 }, (_, n) => draft(1, 5, { rule: `rule ${n}` }));
        for (const each of drafts) await claim(each);
        const recorded = await Promise.all(
          drafts.map(async ({ id }) => (await setup.another()).finish(id, 'run', settle(posted), NEVER)),
        );
        expect(recorded.filter(Boolean)).toEqual([true]);
        expect(await ledger.deliveries({ states: ['delivered'] }, 10, NEVER)).toHaveLength(1);
      });
    });

    describe('keeps a wait of a destination', () => {
      const HOUR_MS = 3_600_000;
      const later = (objid: number, destination = 'socialcast') => draft(objid, 1, { destination });
      const waits = (now = NOW) => ledger.waits(now, NEVER);
      const asked = (objid: number, waitUntil: number, now = NOW) =>
        inState(later(objid), 'due', { now, dueAt: NOW + HOUR_MS, waitUntil });
      const leaseAt = (now: number) => ({ ...leaseOf('run'), now });

      it('so that nothing is begun there until then, and what comes is due at its end', async () => {
        expect(await waits()).toEqual([]);
        const first = await asked(1, NOW + HOUR_MS);
        expect(await (await setup.another()).waits(NOW, NEVER)).toEqual([
          { destination: first.destination, until: NOW + HOUR_MS },
        ]);
        expect(await claim(later(2))).toMatchObject({ state: 'due', started: 0, dueAt: NOW + HOUR_MS });
        expect(await ledger.begin(await deliveryNow(later(2).id), leaseOf('run'), NEVER)).toBe(false);
        expect(await claim(later(3, 'another'))).toMatchObject({ state: 'sending', started: 1 });
      });

      it('and forgets it at its end', async () => {
        await asked(1, NOW + HOUR_MS);
        await claim(later(2));
        expect(await waits(NOW + HOUR_MS)).toEqual([]);
        expect(await ledger.begin(await deliveryNow(later(2).id), leaseAt(NOW + HOUR_MS), NEVER)).toBe(true);
        expect(await claim(later(3), leaseAt(NOW + HOUR_MS))).toMatchObject({ state: 'sending' });
      });

      it('the longer one of two', async () => {
        await claim(later(1));
        await claim(later(2));
        await finish(later(1).id, { waitUntil: NOW + 2 * HOUR_MS });
        await finish(later(2).id, { waitUntil: NOW + HOUR_MS });
        expect(await waits()).toMatchObject([{ until: NOW + 2 * HOUR_MS }]);
      });

      it('but none that is further away than any: a clock was wrong', async () => {
        await asked(1, NOW + 30 * HOUR_MS);
        expect(await waits()).toEqual([]);
        expect(await claim(later(2))).toMatchObject({ state: 'sending' });
        await finish(later(2).id, { waitUntil: NOW + HOUR_MS });
        expect(await waits()).toMatchObject([{ until: NOW + HOUR_MS }]);
      });

      it('until something arrives that was begun after it was asked for, and not before', async () => {
        await claim(later(1));
        await claim(later(2));
        await finish(later(1).id, { waitUntil: NOW + HOUR_MS });
        await finish(later(2).id, { state: 'delivered' });
        expect(await waits()).toHaveLength(1);
        const then = NOW + 2 * HOUR_MS;
        await ledger.begin(await deliveryNow(later(1).id), leaseAt(then), NEVER);
        await ledger.finish(later(1).id, 'run', settle({ state: 'delivered', now: then }), NEVER);
        expect(await waits()).toEqual([]);
      });

      it('that it hears of in doubt, too', async () => {
        const doubtful = await inState(later(1), 'in-doubt');
        expect(await ledger.amend(doubtful, settle({ state: 'in-doubt', waitUntil: NOW + HOUR_MS }), NEVER)).toBe(true);
        expect(await waits()).toHaveLength(1);
      });

      it('once, where many ask for it at the same moment', async () => {
        const all = Array.from({ length: 10 }, (_, index) => later(index + 1));
        for (const each of all) await claim(each);
        await Promise.all(all.map(({ id }, index) => finish(id, { waitUntil: NOW + HOUR_MS + index })));
        expect(await waits()).toEqual([{ destination: 'socialcast', until: NOW + HOUR_MS + 9 }]);
      });
    });

    describe('lets a delivery in doubt adopt a post', () => {
      const adoption = settle({ state: 'delivered', receipt: { id: '7' } });
      const twin = draft(1, 5, { rule: 'twin' });

      it('that nobody has', async () => {
        await inState(twin, 'delivered', { receipt: { id: '8' } });
        await inState(draft(1, 5, { destination: 'feed' }), 'delivered', { receipt: { id: '7' } });
        const doubtful = await inState(draft(1, 5), 'in-doubt');
        expect(await ledger.amend(doubtful, adoption, NEVER)).toBe(true);
        expect(await deliveryNow(doubtful.id)).toMatchObject({ state: 'delivered', receipt: { id: '7' } });
      });

      it.each<[string, DeliveryDraft, DeliveryState]>([
        ['that another one has', draft(2, 6), 'delivered'],
        ['that may be the one of an attempt under way', twin, 'sending'],
      ])('but none %s', async (_, other, state) => {
        await inState(other, state, { receipt: { id: '7' } });
        const doubtful = await inState(draft(1, 5), 'in-doubt');
        expect(await ledger.amend(doubtful, adoption, NEVER)).toBe(false);
        expect(await deliveryNow(doubtful.id)).toEqual(doubtful);
      });

      it('once, however many would adopt it at once', async () => {
        const rules = Array.from({ length: 10 }, (_, n) => draft(1, 5, { rule: `rule ${n}` }));
        const doubtful = [];
        for (const rule of rules) doubtful.push(await inState(rule, 'in-doubt'));
        const adopted = await Promise.all(doubtful.map(async (kept) => (await setup.another()).amend(kept, adoption, NEVER)));
        expect(adopted.filter(Boolean)).toEqual([true]);
        expect(await ledger.deliveries({ states: ['delivered'] }, 10, NEVER)).toHaveLength(1);
      });
    });

    describe('finds', () => {
      beforeEach(async () => {
        const at = (n: number) => leaseOf('run', NOW + n);
        await claim(draft(1, 5), at(1));
        await claim(draft(1, 5, { destination: 'feed' }), at(2));
        await claim(draft(2, 6), at(3));
        await claim(draft(3, 7, { objectType: 'subcase' }), at(4));
        await finish(draft(1, 5).id, { state: 'delivered', now: NOW + 50, receipt: { id: '1' } });
        await finish(draft(2, 6).id, { state: 'due', dueAt: NOW + 100 });
        await accept(request(4, 8), at(5));
      });

      const names: Readonly<Record<string, string>> = {
        [draft(1, 5).id]: 'first',
        [draft(1, 5, { destination: 'feed' }).id]: 'feed',
        [draft(2, 6).id]: 'due',
        [draft(3, 7, { objectType: 'subcase' }).id]: 'subcase',
      };

      it.each<[string, Parameters<Ledger['deliveries']>[0], readonly string[]]>([
        ['everything', {}, ['first', 'feed', 'due', 'subcase']],
        ['by state', { states: ['due', 'delivered'] }, ['first', 'due']],
        ['by no state', { states: [] }, []],
        ['by id', { ids: [draft(2, 6).id, draft(1, 5).id, 'none'] }, ['first', 'due']],
        ['by no id', { ids: [] }, []],
        ['by id and state', { ids: [draft(2, 6).id, draft(1, 5).id], states: ['due'] }, ['due']],
        ['by type', { objectType: 'subcase' }, ['subcase']],
        ['by object', { objectType: 'case', objid: 1 }, ['first', 'feed']],
        ['by activity', { objectType: 'case', objid: 1, activityObjid: 6 }, []],
        ['by destination', { destination: 'feed' }, ['feed']],
        ['by the time of acceptance', { since: NOW + 2, until: NOW + 4 }, ['feed', 'due']],
        ['by the time that it is due', { states: ['due'], dueBy: NOW + 100 }, ['due']],
        ['nothing before it is due', { states: ['due'], dueBy: NOW + 99 }, []],
        ['by everything at once', { states: ['due'], objectType: 'case', objid: 2, since: NOW, dueBy: NOW + 500 }, ['due']],
      ])('deliveries %s', async (_, filter, expected) => {
        expect((await ledger.deliveries(filter, 10, NEVER)).map(({ id }) => names[id])).toEqual(expected);
      });

      it.each<[string, Parameters<Ledger['requests']>[0], readonly number[]]>([
        ['everything', {}, [1, 1, 2, 3, 4]],
        ['by state', { states: ['accepted', 'not-found'] }, [4]],
        ['by object', { objectType: 'case', objid: 1 }, [1, 1]],
        ['by the time that it is due', { states: ['accepted'], dueBy: NOW + 5 + 10_000 + LEASE_SLACK_MS }, [4]],
        ['nothing before it is due', { states: ['accepted'], dueBy: NOW + 4 + 10_000 + LEASE_SLACK_MS }, []],
      ])('requests %s', async (_, filter, expected) => {
        expect((await ledger.requests(filter, 10, NEVER)).map(({ request: { objid } }) => objid)).toEqual(expected);
      });

      it('by more ids than one statement of SQL Server takes', async () => {
        const many = Array.from({ length: 2_500 }, (_, n) => `none ${n}`);
        const ids = [draft(2, 6).id, ...many, draft(1, 5).id, draft(2, 6).id];
        expect((await ledger.deliveries({ ids }, 10, NEVER)).map(({ id }) => names[id])).toEqual(['first', 'due']);
        expect((await ledger.deliveries({ ids }, 1, NEVER)).map(({ id }) => names[id])).toEqual(['first']);
        const [kept] = await ledger.requests({}, 1, NEVER);
        expect(await ledger.requests({ ids: [...many, kept?.id ?? ''] }, 10, NEVER)).toEqual([kept]);
      });

      it('how many there are of each destination and state', async () => {
        const counts = await ledger.counts(NEVER);
        const lease = { oldestAcceptedAt: NOW + 2, nextDueAt: NOW + 2 + 10_000 + LEASE_SLACK_MS, lastDeliveredAt: 0 };
        const sent = { oldestAcceptedAt: NOW + 1, nextDueAt: NOW, lastDeliveredAt: NOW + 50 };
        const expected = [
          { destination: 'feed', state: 'sending', count: 1, ...lease },
          { destination: 'socialcast', state: 'delivered', count: 1, ...sent },
          {
            destination: 'socialcast',
            state: 'due',
            count: 1,
            oldestAcceptedAt: NOW + 3,
            nextDueAt: NOW + 100,
            lastDeliveredAt: 0,
          },
          {
            destination: 'socialcast',
            state: 'sending',
            count: 1,
            ...lease,
            oldestAcceptedAt: NOW + 4,
            nextDueAt: lease.nextDueAt + 2,
          },
        ];
        expect(counts).toHaveLength(expected.length);
        expect(counts).toEqual(expect.arrayContaining(expected));
      });

      it('how many there are of an object type', async () => {
        expect(await ledger.counts(NEVER, 'subcase')).toMatchObject([{ destination: 'socialcast', state: 'sending', count: 1 }]);
        expect(await ledger.counts(NEVER, 'case')).toHaveLength(3);
        expect(await ledger.counts(NEVER, 'alert')).toEqual([]);
      });

      it('how many requests are in some states', async () => {
        const { id } = await requestNow(await accept(request(5, 9), leaseOf('run', NOW + 6)));
        await ledger.settleRequest(id, 'awaited', 'not there', NOW + 10, NEVER);
        const accepted = { count: 1, oldestAcceptedAt: NOW + 5, nextDueAt: NOW + 5 + 10_000 + LEASE_SLACK_MS };
        expect(await ledger.requestCount(['accepted'], NEVER)).toEqual(accepted);
        expect(await ledger.requestCount(['accepted', 'awaited'], NEVER)).toEqual({ ...accepted, count: 2, nextDueAt: NOW + 10 });
        expect(await ledger.requestCount(['abandoned'], NEVER)).toEqual({ count: 0, oldestAcceptedAt: 0, nextDueAt: 0 });
      });

      it('the receipts of a destination', async () => {
        expect(await ledger.knownReceipts('socialcast', ['1', '2', ''], NEVER)).toEqual(new Set(['1']));
        expect(await ledger.knownReceipts('feed', ['1'], NEVER)).toEqual(new Set());
        const many = Array.from({ length: 1_500 }, (_, n) => String(n));
        expect(await ledger.knownReceipts('socialcast', many, NEVER)).toEqual(new Set(['1']));
      });
    });

    it('is read page by page without loss or repeat', async () => {
      const id = await accept(request(1, 1));
      const drafts = Array.from({ length: 2_500 }, (_, n) => draft(n + 1, n + 1));
      for (let start = 0; start < drafts.length; start += 25) {
        // Several at one moment, and moments that come out of turn.
        const lease = leaseOf('run', NOW + ((start * 7) % 400));
        await ledger.claim(id, drafts.slice(start, start + 25), lease, WINDOW_MS, NEVER);
      }
      for (const { id: some } of drafts.slice(0, 100)) await finish(some, { state: 'delivered' });
      const found: KeptDelivery[] = [];
      for (;;) {
        const after = found.at(-1);
        const filter = { states: ['due', 'sending', 'delivered'] as const, ...(after === undefined ? {} : { after }) };
        const page = await ledger.deliveries(filter, 100, NEVER);
        found.push(...page);
        if (page.length < 100) break;
      }
      expect(found.map((kept) => kept.id).sort()).toEqual(drafts.map((one) => one.id).sort());
      const places = found.map(({ acceptedAt, id: one }) => `${acceptedAt} ${one}`);
      expect(places).toEqual([...places].sort());
    }, 60_000);

    describe('knows an activity', () => {
      const known = (...pairs: readonly (readonly [objid: number, activityObjid: number])[]) =>
        ledger.knownActivities(
          'case',
          pairs.map(([objid, activityObjid]) => ({ objid, activityObjid })),
          NEVER,
        );

      it.each(['due', 'sending', 'in-doubt', 'held', 'delivered', 'rejected', 'abandoned', 'discarded'] as const)(
        'that has a delivery which is %s',
        async (state) => {
          // Under a rule, to a destination, and without a request of its own: an escalation found the activity.
          await ledger.claim(
            await accept({ objectType: 'case', objid: 7, rule: '' }),
            [draft(1, 5, { rule: 'SLA' })],
            leaseOf('run'),
            WINDOW_MS,
            NEVER,
          );
          if (state !== 'sending') await finish(draft(1, 5, { rule: 'SLA' }).id, { state });
          expect(await known([1, 5], [1, 6])).toEqual(new Set([5]));
        },
      );

      it.each(['accepted', 'awaited', 'composed', 'filtered', 'not-found', 'abandoned', 'discarded'] as const)(
        'that has a request which is %s',
        async (state) => {
          const id = await accept({ ...request(1, 5), rule: 'SLA' });
          await ledger.settleRequest(id, state, '', NOW, NEVER);
          expect(await known([1, 5], [1, 6])).toEqual(new Set([5]));
        },
      );

      it('of its own object and type only', async () => {
        await accept(request(1, 5));
        await accept(request(2, 6));
        await accept({ ...request(3, 7), objectType: 'solution' });
        expect(await known([2, 5], [1, 6], [3, 7])).toEqual(new Set());
        expect(await known([2, 6], [1, 5], [2, 6])).toEqual(new Set([5, 6]));
      });

      it('among none, and among more than go into one statement', async () => {
        await accept(request(1, 5));
        await claim(draft(2, 2_499));
        expect(await known()).toEqual(new Set());
        const many = Array.from({ length: 2_500 }, (_, n) => [n === 5 ? 1 : 2, n] as const);
        expect(await known(...many)).toEqual(new Set([5, 2_499]));
      });
    });

    it('forgets messages and never a delivery', async () => {
      const old = await inState(draft(1, 5), 'delivered', { now: NOW, receipt: { id: '1' } });
      await inState(draft(2, 6), 'delivered', { now: NOW + 1 });
      await inState(draft(3, 7), 'rejected', { now: NOW - 1 });
      expect(await ledger.forgetMessages(NOW + 1, NEVER)).toBe(1);
      expect(await ledger.forgetMessages(NOW + 1, NEVER)).toBe(0);
      const { message, ...rest } = old;
      expect(message).toEqual(MESSAGE);
      expect(await deliveryNow(old.id)).toStrictEqual(rest);
      const messages = await ledger.deliveries({ ids: [draft(2, 6).id, draft(3, 7).id] }, 2, NEVER);
      expect(messages.map((kept) => kept.message)).toEqual([MESSAGE, MESSAGE]);
      expect(await claim(draft(1, 5), leaseOf('again'))).toMatchObject({ state: 'delivered', leaseOwner: '' });
    });

    it('keeps whole milliseconds, and answers with what it keeps', async () => {
      const claimed = await claim(draft(1, 5), { owner: 'run', now: NOW, workMs: 1_234.5 });
      expect(claimed).toEqual(await deliveryNow(claimed.id));
      expect(claimed).toMatchObject({ attemptMs: 1_235, leaseUntil: NOW + 1_235 + LEASE_SLACK_MS });
      expect(await ledger.amend(claimed, settle({ dueAt: NOW + 0.5 }), NEVER)).toBe(true);
      expect(await deliveryNow(claimed.id)).toMatchObject({ dueAt: NOW + 1 });
      const id = await accept(request(1, 6));
      await ledger.settleRequest(id, 'accepted', '', NOW + 0.5, NEVER);
      expect(await requestNow(id)).toMatchObject({ dueAt: NOW + 1 });
      expect(await ledger.takeRequest(await requestNow(id), leaseOf('run'), NEVER)).toBe(true);
    });

    it.each([
      ['quotes', `it's "quoted" \`so\` [and] so]; DROP TABLE [publish_activity_delivery]; --`],
      ['parameters', '@id @state0 @@ROWCOUNT $1 :x ?'],
      ['emoji and other scripts', '👩‍👩‍👧 Zürich 你好 \u202Eright to left'],
      ['line ends', 'one\r\ntwo\tthree'],
      ['percent signs and blanks', ' 100 % _ '],
      ['control characters', 'bell \u0007 escape \u001B'],
    ])('keeps texts as they are: %s', async (_, text) => {
      const drafted = draft(1, 5, { rule: text, destination: text, message: { ...MESSAGE, title: text, tags: [text, text] } });
      await claim(drafted, leaseOf(text));
      expect(await ledger.deliveries({ destination: text }, 2, NEVER)).toMatchObject([{ ...drafted, leaseOwner: text }]);
      expect(await finish(drafted.id, { state: 'delivered', reason: text, receipt: { id: text, permalink: text } }, text)).toBe(
        true,
      );
      expect(await deliveryNow(drafted.id)).toMatchObject({ reason: text, receipt: { id: text, permalink: text } });
      expect(await ledger.knownReceipts(text, [text], NEVER)).toEqual(new Set([text]));
    });

    it('keeps NUL and lone surrogates in a message, and what it can of them elsewhere', async () => {
      const text = 'NUL \0 and \uD800';
      const drafted = draft(1, 5, { message: { ...MESSAGE, body: text } });
      await claim(drafted);
      await finish(drafted.id, { state: 'due', reason: text });
      expect(await deliveryNow(drafted.id)).toMatchObject({ message: { body: text }, reason: 'NUL \uFFFD and \uFFFD' });
    });

    it('keeps a message of a megabyte', async () => {
      const body = 'ü'.repeat(1_000_000);
      const { id } = await claim(draft(1, 5, { message: { ...MESSAGE, body } }));
      expect((await deliveryNow(id)).message?.body).toBe(body);
    });

    it('cuts off a reason that is too long', async () => {
      const due = await inState(draft(1, 5), 'due', { reason: 'r'.repeat(4_000) });
      expect(due.reason).toBe(`${'r'.repeat(999)}…`);
      const id = await accept(request(9, 9));
      await ledger.settleRequest(id, 'abandoned', 's'.repeat(4_000), NOW, NEVER);
      expect((await requestNow(id)).reason).toBe(`${'s'.repeat(999)}…`);
    });
  });
}
