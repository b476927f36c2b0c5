// How much of something may happen in a span of time, over all hosts.

import { NOW } from '../../support/ledger';
import { NEVER } from '../../support/links';
import type { LinkHands } from './hands';

const MINUTE = { name: 'entries', most: 10, perMs: 60_000 };

export function describeAllowances({ links, another }: LinkHands): void {
  describe('keep allowances:', () => {
    const spend = (wanted: number, now = NOW, allowance = MINUTE) => links().spend(allowance, wanted, now, NEVER);

    it('one gives what is left of it, and is whole again some time after its first use', async () => {
      expect(await spend(4)).toBe(4);
      expect(await spend(4, NOW + 59_000)).toBe(4);
      expect(await spend(4, NOW + 59_999)).toBe(2);
      expect(await spend(1, NOW + 59_999)).toBe(0);
      expect(await spend(12, NOW + 60_000)).toBe(10);
      expect(await spend(1, NOW + 60_001)).toBe(0);
    });

    it('each is one of its own', async () => {
      expect(await spend(10)).toBe(10);
      expect(await spend(10, NOW, { ...MINUTE, name: 'users' })).toBe(10);
      expect(await spend(1)).toBe(0);
    });

    it('one that was made smaller or larger counts from then on', async () => {
      expect(await spend(8)).toBe(8);
      expect(await spend(1, NOW, { ...MINUTE, most: 5 })).toBe(0);
      expect(await spend(9, NOW, { ...MINUTE, most: 12 })).toBe(4);
    });

    it('a clock that was wrong is in nobody’s way', async () => {
      expect(await spend(10, NOW + 86_400_000)).toBe(10);
      expect(await spend(10, NOW)).toBe(10);
    });

    it('hosts that use one at once never use more than there is', async () => {
      const hosts = await Promise.all([another(), another(), another(), another()]);
      const given = await Promise.all(hosts.flatMap((host) => [3, 2].map((wanted) => host.spend(MINUTE, wanted, NOW, NEVER))));
      expect(given.reduce((sum, each) => sum + each, 0)).toBe(10);
    });
  });
}
