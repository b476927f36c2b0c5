// What is found in a ledger, and how.

import { LEASE_SLACK_MS } from '../../../src/core/lease';
import type { KeptDelivery, Ledger } from '../../../src/ledger/ledger';
import { draft, leaseOf, NOW, request } from '../../support/ledger';
import { type LedgerHands, NEVER, WINDOW_MS } from './hands';

export function describeReading({ ledger, accept, requestNow, finish, claim }: LedgerHands): void {
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
      expect((await ledger().deliveries(filter, 10, NEVER)).map(({ id }) => names[id])).toEqual(expected);
    });

    it.each<[string, Parameters<Ledger['requests']>[0], readonly number[]]>([
      ['everything', {}, [1, 1, 2, 3, 4]],
      ['by state', { states: ['accepted', 'not-found'] }, [4]],
      ['by object', { objectType: 'case', objid: 1 }, [1, 1]],
      ['by the time that it is due', { states: ['accepted'], dueBy: NOW + 5 + 10_000 + LEASE_SLACK_MS }, [4]],
      ['nothing before it is due', { states: ['accepted'], dueBy: NOW + 4 + 10_000 + LEASE_SLACK_MS }, []],
    ])('requests %s', async (_, filter, expected) => {
      expect((await ledger().requests(filter, 10, NEVER)).map(({ request: { objid } }) => objid)).toEqual(expected);
    });

    it('by more ids than one statement of SQL Server takes', async () => {
      const many = Array.from({ length: 2_500 }, (_, n) => `none ${n}`);
      const ids = [draft(2, 6).id, ...many, draft(1, 5).id, draft(2, 6).id];
      expect((await ledger().deliveries({ ids }, 10, NEVER)).map(({ id }) => names[id])).toEqual(['first', 'due']);
      expect((await ledger().deliveries({ ids }, 1, NEVER)).map(({ id }) => names[id])).toEqual(['first']);
      const [kept] = await ledger().requests({}, 1, NEVER);
      expect(await ledger().requests({ ids: [...many, kept?.id ?? ''] }, 10, NEVER)).toEqual([kept]);
    });

    it('how many there are of each destination and state', async () => {
      const counts = await ledger().counts(NEVER);
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
      expect(await ledger().counts(NEVER, 'subcase')).toMatchObject([{ destination: 'socialcast', state: 'sending', count: 1 }]);
      expect(await ledger().counts(NEVER, 'case')).toHaveLength(3);
      expect(await ledger().counts(NEVER, 'alert')).toEqual([]);
    });

    it('how many requests are in some states', async () => {
      const { id } = await requestNow(await accept(request(5, 9), leaseOf('run', NOW + 6)));
      await ledger().settleRequest(id, 'awaited', 'not there', NOW + 10, NEVER);
      const accepted = { count: 1, oldestAcceptedAt: NOW + 5, nextDueAt: NOW + 5 + 10_000 + LEASE_SLACK_MS };
      expect(await ledger().requestCount('publish', ['accepted'], NEVER)).toEqual(accepted);
      expect(await ledger().requestCount('publish', ['accepted', 'awaited'], NEVER)).toEqual({
        ...accepted,
        count: 2,
        nextDueAt: NOW + 10,
      });
      expect(await ledger().requestCount('publish', ['abandoned'], NEVER)).toEqual({
        count: 0,
        oldestAcceptedAt: 0,
        nextDueAt: 0,
      });
    });

    it('the requests of the calls for one command', async () => {
      const before = (await ledger().requests({ command: 'publish', states: ['accepted'] }, 10, NEVER)).length;
      const id = await accept({ objectType: 'sync/appointment', objid: 7, rule: '' }, leaseOf('run', NOW + 6));
      const found = async (command: 'publish' | 'sync') =>
        (await ledger().requests({ command, states: ['accepted'] }, 10, NEVER)).map((kept) => kept.id);
      expect([await found('sync'), (await found('publish')).length]).toEqual([[id], before]);
      expect(await ledger().requests({ command: 'publish', ids: [id] }, 10, NEVER)).toEqual([]);
      expect((await ledger().requestCount('sync', ['accepted'], NEVER)).count).toBe(1);
      expect((await ledger().requestCount('publish', ['accepted'], NEVER)).count).toBe(before);
      await ledger().settleRequest(id, 'handed-on', 'agent1', NOW, NEVER);
      expect(await requestNow(id)).toMatchObject({ state: 'handed-on', reason: 'agent1' });
      expect((await ledger().requestCount('sync', ['accepted'], NEVER)).count).toBe(0);
    });

    it('the receipts of a destination', async () => {
      expect(await ledger().knownReceipts('socialcast', ['1', '2', ''], NEVER)).toEqual(new Set(['1']));
      expect(await ledger().knownReceipts('feed', ['1'], NEVER)).toEqual(new Set());
      const many = Array.from({ length: 1_500 }, (_, n) => String(n));
      expect(await ledger().knownReceipts('socialcast', many, NEVER)).toEqual(new Set(['1']));
    });
  });

  it('is read page by page without loss or repeat', async () => {
    const id = await accept(request(1, 1));
    const drafts = Array.from({ length: 2_500 }, (_, n) => draft(n + 1, n + 1));
    for (let start = 0; start < drafts.length; start += 25) {
      // Several at one moment, and moments that come out of turn.
      const lease = leaseOf('run', NOW + ((start * 7) % 400));
      await ledger().claim(id, drafts.slice(start, start + 25), lease, WINDOW_MS, NEVER);
    }
    for (const { id: some } of drafts.slice(0, 100)) await finish(some, { state: 'delivered' });
    const found: KeptDelivery[] = [];
    for (;;) {
      const after = found.at(-1);
      const filter = { states: ['due', 'sending', 'delivered'] as const, ...(after === undefined ? {} : { after }) };
      const page = await ledger().deliveries(filter, 100, NEVER);
      found.push(...page);
      if (page.length < 100) break;
    }
    expect(found.map((kept) => kept.id).sort()).toEqual(drafts.map((one) => one.id).sort());
    const places = found.map(({ acceptedAt, id: one }) => `${acceptedAt} ${one}`);
    expect(places).toEqual([...places].sort());
  }, 60_000);

  describe('knows an activity', () => {
    const known = (...pairs: readonly (readonly [objid: number, activityObjid: number])[]) =>
      ledger().knownActivities(
        'case',
        pairs.map(([objid, activityObjid]) => ({ objid, activityObjid })),
        NEVER,
      );

    it.each(['due', 'sending', 'in-doubt', 'held', 'delivered', 'rejected', 'abandoned', 'discarded'] as const)(
      'that has a delivery which is %s',
      async (state) => {
        // Under a rule, to a destination, and without a request of its own: an escalation found the activity.
        await ledger().claim(
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
        await ledger().settleRequest(id, state, '', NOW, NEVER);
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
}
