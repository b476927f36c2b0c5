// How deliveries enter a ledger: each once, in the order of their object, a repeat known by its content.

import type { Request } from '../../../src/core/activity';
import { LEASE_SLACK_MS } from '../../../src/core/lease';
import type { DeliveryDraft, DeliveryState, KeptDelivery } from '../../../src/ledger/ledger';
import { draft, leaseOf, MESSAGE, NOW, request } from '../../support/ledger';
import { type LedgerHands, NEVER, settle, WINDOW_MS } from './hands';

export function describeClaiming({ ledger, another, accept, deliveryNow, finish, claim, inState }: LedgerHands): void {
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
      const other = await another();
      expect(await other.deliveries({}, 10, NEVER)).toEqual([expected]);
      expect((await ledger().requests({}, 10, NEVER)).map(({ state }) => state)).toEqual(['composed']);
    });

    it('one for each destination, in the order of the drafts', async () => {
      const drafts = ['socialcast', 'feed', 'Feed'].map((destination) => draft(1, 5, { destination }));
      const id = await accept(request(1, 5));
      const claimed = await ledger().claim(id, drafts, leaseOf('run'), WINDOW_MS, NEVER);
      expect(claimed.map(({ destination, state, requestId }) => [destination, state, requestId])).toEqual([
        ['socialcast', 'sending', id],
        ['feed', 'sending', id],
        ['Feed', 'sending', id],
      ]);
    });

    it('the same delivery twice, and begins it once', async () => {
      const other = await another();
      await claim(draft(1, 5), leaseOf('first'));
      const second = await claim(draft(1, 5, { message: { ...MESSAGE, title: 'Another text' } }), leaseOf('second'), other);
      expect(second).toMatchObject({ state: 'sending', leaseOwner: 'first', started: 1, message: MESSAGE });
    });

    it('the same delivery from twenty sides at once, and begins it once', async () => {
      const handles = await Promise.all(Array.from({ length: 20 }, () => another()));
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
      const claimed = await ledger().claim(id, drafts, leaseOf('second'), WINDOW_MS, NEVER);
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
      expect(await ledger().begin(later, leaseOf('later'), NEVER)).toBe(false);
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
      await ledger().amend(await deliveryNow(draft(1, 5).id), settle({ state: 'discarded' }), NEVER);
      expect(await ledger().begin(later, leaseOf('run'), NEVER)).toBe(true);
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
      expect(await ledger().begin(later, leaseOf('run'), NEVER)).toBe(false);
      await ledger().settleRequest(id, 'not-found', '', NOW, NEVER);
      expect(await ledger().begin(later, leaseOf('run'), NEVER)).toBe(true);
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
      expect(await ledger().deliveries({}, 10, NEVER)).toHaveLength(1);
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
        await ledger().claim(requestId, [escalation(id)], leaseOf('run', at), WINDOW_MS, NEVER);
      }
      expect((await ledger().deliveries({}, 10, NEVER)).map(({ id }) => id).sort()).toEqual(entered);
    });

    it('and never what has an activity', async () => {
      await claim(draft(1, 5));
      await finish(draft(1, 5).id, { state: 'delivered' });
      expect(await claim(draft(1, 6))).toMatchObject({ id: draft(1, 6).id, state: 'sending' });
    });
  });
}
