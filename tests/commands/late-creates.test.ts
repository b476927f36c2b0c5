// What is made late in a long turn, where the groupware gives ids and shows things late: it settles from when it was sent.

import { memoryGroupware } from '../support/memory-groupware';
import { MemoryCrm } from '../support/memory-crm';
import { newLinkStore, openMemoryLinks } from '../support/memory-links';
import { OWNER, ROW, VISIT } from '../support/pair';
import { turn, type Place } from '../support/turns';

const MINUTE = 60_000;

it('What was sent twenty minutes after it was intended, and whose answer never came, is not made again', async () => {
  const groupware = memoryGroupware({ namesByUs: false, lagMs: 5 * MINUTE }, () => place.now);
  let applied = 0;
  const place: Place = {
    crm: new MemoryCrm(),
    links: openMemoryLinks(newLinkStore()),
    now: Date.UTC(2026, 10, 29, 12),
    kinds: ['event'],
    open: ({ login }, kind) => {
      const inner = groupware.open(login, kind);
      return {
        ...inner,
        settledAfterMs: 10 * MINUTE,
        apply: async (...of) => {
          applied += 1;
          const outcomes = await inner.apply(...of);
          if (applied === 1) place.now += 20 * MINUTE;
          if (applied === 2) throw new Error('killed');
          return outcomes;
        },
      };
    },
  };
  for (let objid = 1; objid <= 60; objid += 1)
    place.crm.put({ ...ROW, objid, kind: 'event', owner: OWNER, entry: { ...VISIT, subject: `Visit ${objid}` } });
  await expect(turn(place, OWNER)).rejects.toThrow('killed');
  expect(groupware.of(OWNER, 'event').items.size).toBe(60);
  for (let n = 0; n < 4; n += 1) {
    place.now += 2 * MINUTE;
    await turn(place, OWNER);
  }
  expect(groupware.of(OWNER, 'event').items.size).toBe(60);
});
