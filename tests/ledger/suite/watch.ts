// How things stand in the CRM, as a ledger remembers it for `scan`.

import type { Request } from '../../../src/core/activity';
import { LEASE_SLACK_MS } from '../../../src/core/lease';
import type { WatchChange } from '../../../src/ledger/ledger';
import { leaseOf, NOW } from '../../support/ledger';
import { type LedgerHands, NEVER } from './hands';

export function describeWatching({ ledger, another }: LedgerHands): void {
  describe('watches', () => {
    const LEVEL = { objectType: 'stocking_level', objid: 7 };
    const crossing: Request = { ...LEVEL, rule: 'Stock below reorder level', occurrence: 1 };
    const fell = { ...LEVEL, state: 'below:1', seen: 'above:0', request: crossing };
    const watch = (changes: readonly WatchChange[], by = ledger()) => by.watch(changes, leaseOf('run'), NEVER);
    const standing = async (objid = 7) => (await ledger().watched('stocking_level', [objid], NEVER))[0]?.state;
    const kept = () => ledger().requests({}, 100, NEVER);

    it('what it is told to, and nothing else', async () => {
      expect(await ledger().watched('stocking_level', [7, 8], NEVER)).toEqual([]);
      const changes = [7, 9].map((objid) => ({ objectType: 'stocking_level', objid, state: 'above:0' }));
      expect(await watch(changes)).toEqual(['', '']);
      const other = await another();
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
      const others = await Promise.all(Array.from({ length: 5 }, () => another()));
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
}
