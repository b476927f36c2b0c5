// What a ledger does with requests: it keeps them, puts them off, ends them, and takes in those of the spool.

import { LEASE_SLACK_MS } from '../../../src/core/lease';
import type { KeptRequest } from '../../../src/ledger/ledger';
import { draft, leaseOf, NOW, request } from '../../support/ledger';
import { type LedgerHands, NEVER } from './hands';

export function describeAccepting({ ledger, another, accept, requestNow, claim }: LedgerHands): void {
  describe('takes in', () => {
    const accepted = { id: '01'.repeat(16), request: request(1, 5), acceptedAt: NOW - 60_000 };

    it('what was accepted elsewhere, with the moment of its acceptance, for anybody to take up', async () => {
      expect(await ledger().takeIn(accepted, NOW, NEVER)).toBe(true);
      expect(await requestNow(accepted.id)).toEqual({ ...accepted, state: 'accepted', dueAt: NOW, attempts: 0, reason: '' });
      expect(await ledger().takeRequest(await requestNow(accepted.id), leaseOf('rerun'), NEVER)).toBe(true);
    });

    it('nothing that it has, in whatever state', async () => {
      await ledger().takeIn(accepted, NOW, NEVER);
      await ledger().settleRequest(accepted.id, 'filtered', 'left out', NOW, NEVER);
      expect(await ledger().takeIn({ ...accepted, acceptedAt: NOW }, NOW, NEVER)).toBe(false);
      expect(await requestNow(accepted.id)).toMatchObject({ state: 'filtered', acceptedAt: accepted.acceptedAt });
    });

    it('nothing that a call kept under the same id', async () => {
      expect(await ledger().accept(request(1, 5), leaseOf('run'), NEVER, accepted.id)).toBe(accepted.id);
      expect(await ledger().takeIn(accepted, NOW, NEVER)).toBe(false);
    });

    it('once, where many do it at once', async () => {
      const others = await Promise.all(Array.from({ length: 5 }, () => another()));
      const made = await Promise.all(others.map((other) => other.takeIn(accepted, NOW, NEVER)));
      expect(made.filter(Boolean)).toHaveLength(1);
    });

    it('and has what comes later about the object wait for it', async () => {
      await ledger().takeIn(accepted, NOW, NEVER);
      expect((await claim(draft(1, 6))).state).toBe('due');
    });
  });

  describe('keeps a request', () => {
    it('so that another process finds it', async () => {
      const id = await accept(request(1, 5));
      const other = await another();
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
      await ledger().settleRequest(id, 'awaited', 'not there yet', NOW + 60_000, NEVER);
      expect(await requestNow(id)).toMatchObject({ state: 'awaited', reason: 'not there yet', dueAt: NOW + 60_000 });
      await ledger().settleRequest(id, 'accepted', 'the CRM is down', NOW + 60_000, NEVER);
      expect(await requestNow(id)).toMatchObject({ state: 'accepted', reason: 'the CRM is down' });
      await ledger().settleRequest(id, 'not-found', 'never came', NOW, NEVER);
      await ledger().settleRequest(id, 'accepted', 'too late', NOW, NEVER);
      expect(await requestNow(id)).toMatchObject({ state: 'not-found', reason: 'never came' });
    });

    it('which only one of two that saw the same can take', async () => {
      const id = await accept(request(1, 5));
      const seen = await requestNow(id);
      const other = await another();
      const lease = leaseOf('rerun', NOW + 20_000);
      const taken = await Promise.all([ledger().takeRequest(seen, lease, NEVER), other.takeRequest(seen, lease, NEVER)]);
      expect(taken.sort()).toEqual([false, true]);
      expect(await requestNow(id)).toMatchObject({ attempts: 2, dueAt: NOW + 30_000 + LEASE_SLACK_MS });
    });

    it('and opens it again for who takes it, where it was given up', async () => {
      const id = await accept(request(1, 5));
      await ledger().settleRequest(id, 'abandoned', 'no answer', NOW, NEVER);
      const lease = leaseOf('rerun', NOW + 1);
      expect(await ledger().takeRequest(await requestNow(id), lease, NEVER)).toBe(true);
      expect(await requestNow(id)).toMatchObject({ state: 'accepted', attempts: 2, dueAt: NOW + 1 + 10_000 + LEASE_SLACK_MS });
      await ledger().settleRequest(id, 'awaited', 'not there', NOW, NEVER);
      expect(await ledger().takeRequest(await requestNow(id), lease, NEVER)).toBe(true);
      expect(await requestNow(id)).toMatchObject({ state: 'awaited', attempts: 3 });
    });

    it('which nobody can take after it ended', async () => {
      const id = await accept(request(1, 5));
      const seen = await requestNow(id);
      await ledger().settleRequest(id, 'filtered', '', seen.dueAt, NEVER);
      expect(await ledger().takeRequest(seen, leaseOf('rerun'), NEVER)).toBe(false);
    });
  });
}
