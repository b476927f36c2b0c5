// How long a ledger leaves a destination alone that asked for it.

import { draft, leaseOf, NOW } from '../../support/ledger';
import { type LedgerHands, NEVER, settle } from './hands';

export function describeWaiting({ ledger, another, deliveryNow, finish, claim, inState }: LedgerHands): void {
  describe('keeps a wait of a destination', () => {
    const HOUR_MS = 3_600_000;
    const later = (objid: number, destination = 'socialcast') => draft(objid, 1, { destination });
    const waits = (now = NOW) => ledger().waits(now, NEVER);
    const asked = (objid: number, waitUntil: number, now = NOW) =>
      inState(later(objid), 'due', { now, dueAt: NOW + HOUR_MS, waitUntil });
    const leaseAt = (now: number) => ({ ...leaseOf('run'), now });

    it('so that nothing is begun there until then, and what comes is due at its end', async () => {
      expect(await waits()).toEqual([]);
      const first = await asked(1, NOW + HOUR_MS);
      expect(await (await another()).waits(NOW, NEVER)).toEqual([{ destination: first.destination, until: NOW + HOUR_MS }]);
      expect(await claim(later(2))).toMatchObject({ state: 'due', started: 0, dueAt: NOW + HOUR_MS });
      expect(await ledger().begin(await deliveryNow(later(2).id), leaseOf('run'), NEVER)).toBe(false);
      expect(await claim(later(3, 'another'))).toMatchObject({ state: 'sending', started: 1 });
    });

    it('and forgets it at its end', async () => {
      await asked(1, NOW + HOUR_MS);
      await claim(later(2));
      expect(await waits(NOW + HOUR_MS)).toEqual([]);
      expect(await ledger().begin(await deliveryNow(later(2).id), leaseAt(NOW + HOUR_MS), NEVER)).toBe(true);
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
      await ledger().begin(await deliveryNow(later(1).id), leaseAt(then), NEVER);
      await ledger().finish(later(1).id, 'run', settle({ state: 'delivered', now: then }), NEVER);
      expect(await waits()).toEqual([]);
    });

    it('that it hears of in doubt, too', async () => {
      const doubtful = await inState(later(1), 'in-doubt');
      expect(await ledger().amend(doubtful, settle({ state: 'in-doubt', waitUntil: NOW + HOUR_MS }), NEVER)).toBe(true);
      expect(await waits()).toHaveLength(1);
    });

    it('once, where many ask for it at the same moment', async () => {
      const all = Array.from({ length: 10 }, (_, index) => later(index + 1));
      for (const each of all) await claim(each);
      await Promise.all(all.map(({ id }, index) => finish(id, { waitUntil: NOW + HOUR_MS + index })));
      expect(await waits()).toEqual([{ destination: 'socialcast', until: NOW + HOUR_MS + 9 }]);
    });
  });
}
