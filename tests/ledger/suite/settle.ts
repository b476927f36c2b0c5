// How attempts begin and end, and that a post is of one delivery only.

import type { DeliveryDraft, DeliveryState } from '../../../src/ledger/ledger';
import { draft, leaseOf, NOW } from '../../support/ledger';
import { type LedgerHands, NEVER, settle } from './hands';

export function describeSettling({ ledger, another, deliveryNow, finish, claim, inState }: LedgerHands): void {
  describe('counts attempts:', () => {
    it('of two that saw the same, one begins', async () => {
      const seen = await inState(draft(1, 5), 'due');
      const other = await another();
      const begun = [ledger().begin(seen, leaseOf('a', NOW + 1), NEVER), other.begin(seen, leaseOf('b', NOW + 2), NEVER)];
      expect((await Promise.all(begun)).sort()).toEqual([false, true]);
      expect(await deliveryNow(seen.id)).toMatchObject({ state: 'sending', started: 2, finished: 1, attemptMs: 10_000 });
      expect(await ledger().begin(seen, leaseOf('c'), NEVER)).toBe(false);
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
      expect(await ledger().deliveries({ states: ['sending'], dueBy: crashed.leaseUntil - 1 }, 1, NEVER)).toEqual([]);
      expect(await ledger().deliveries({ states: ['sending'], dueBy: crashed.leaseUntil }, 1, NEVER)).toEqual([crashed]);
      expect(await ledger().begin(crashed, leaseOf('next', crashed.leaseUntil), NEVER)).toBe(true);
      expect(await finish(crashed.id, { state: 'delivered' })).toBe(false);
      expect(await finish(crashed.id, { state: 'delivered' }, 'next')).toBe(true);
      expect(await deliveryNow(crashed.id)).toMatchObject({ started: 2, finished: 1 });
    });

    it('of two that found it after its lease, one begins', async () => {
      const crashed = await inState(draft(1, 5), 'sending');
      const other = await another();
      const lease = leaseOf('next', crashed.leaseUntil);
      const begun = [ledger().begin(crashed, lease, NEVER), other.begin(crashed, lease, NEVER)];
      expect((await Promise.all(begun)).sort()).toEqual([false, true]);
    });

    it('a change without an attempt counts none, and is refused where somebody was faster', async () => {
      const crashed = await inState(draft(1, 5), 'sending');
      expect(await ledger().amend(crashed, settle({ state: 'held', reason: 'cut off' }), NEVER)).toBe(true);
      expect(await ledger().amend(crashed, settle({ state: 'due' }), NEVER)).toBe(false);
      const held = await deliveryNow(crashed.id);
      expect(held).toMatchObject({ state: 'held', reason: 'cut off', started: 1, finished: 0, leaseOwner: '' });
      expect(await ledger().amend(held, settle({ state: 'due' }), NEVER)).toBe(true);
      expect(await ledger().begin(await deliveryNow(held.id), leaseOf('next'), NEVER)).toBe(true);
      expect(await ledger().amend(held, settle({ state: 'discarded' }), NEVER)).toBe(false);
      const taken = await deliveryNow(held.id);
      expect(await ledger().amend({ ...taken, leaseUntil: 1 }, settle({ state: 'discarded' }), NEVER)).toBe(false);
      expect(await ledger().amend({ ...taken, leaseOwner: '' }, settle({ state: 'discarded' }), NEVER)).toBe(false);
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
        drafts.map(async ({ id }) => (await another()).finish(id, 'run', settle(posted), NEVER)),
      );
      expect(recorded.filter(Boolean)).toEqual([true]);
      expect(await ledger().deliveries({ states: ['delivered'] }, 10, NEVER)).toHaveLength(1);
    });
  });

  describe('lets a delivery in doubt adopt a post', () => {
    const adoption = settle({ state: 'delivered', receipt: { id: '7' } });
    const twin = draft(1, 5, { rule: 'twin' });

    it('that nobody has', async () => {
      await inState(twin, 'delivered', { receipt: { id: '8' } });
      await inState(draft(1, 5, { destination: 'feed' }), 'delivered', { receipt: { id: '7' } });
      const doubtful = await inState(draft(1, 5), 'in-doubt');
      expect(await ledger().amend(doubtful, adoption, NEVER)).toBe(true);
      expect(await deliveryNow(doubtful.id)).toMatchObject({ state: 'delivered', receipt: { id: '7' } });
    });

    it.each<[string, DeliveryDraft, DeliveryState]>([
      ['that another one has', draft(2, 6), 'delivered'],
      ['that may be the one of an attempt under way', twin, 'sending'],
    ])('but none %s', async (_, other, state) => {
      await inState(other, state, { receipt: { id: '7' } });
      const doubtful = await inState(draft(1, 5), 'in-doubt');
      expect(await ledger().amend(doubtful, adoption, NEVER)).toBe(false);
      expect(await deliveryNow(doubtful.id)).toEqual(doubtful);
    });

    it('once, however many would adopt it at once', async () => {
      const rules = Array.from({ length: 10 }, (_, n) => draft(1, 5, { rule: `rule ${n}` }));
      const doubtful = [];
      for (const rule of rules) doubtful.push(await inState(rule, 'in-doubt'));
      const adopted = await Promise.all(doubtful.map(async (kept) => (await another()).amend(kept, adoption, NEVER)));
      expect(adopted.filter(Boolean)).toEqual([true]);
      expect(await ledger().deliveries({ states: ['delivered'] }, 10, NEVER)).toHaveLength(1);
    });
  });
}
