// Turns that a clock which was wrong put off.

import { rightClocks } from '../../src/commands/groupware/sync/wrong-clocks';
import { leaseOf, NOW } from '../support/ledger';
import { grantNow, haveTurn, NEVER } from '../support/links';
import { newLinkStore, openMemoryLinks } from '../support/memory-links';

const HOUR = 3_600_000;

describe('A turn', () => {
  it.each([
    ['whose lease ends in a year is free', 365 * 24 * HOUR, true],
    ['whose lease ends in a minute is somebody’s', 60_000, false],
  ])('%s', async (_, aheadMs, isFree) => {
    const links = openMemoryLinks(newLinkStore());
    await haveTurn(links, 'ann', 'their run', NOW + aheadMs);
    const run = { links, owner: 'our run', now: NOW, every: 0, turnMs: 10_000 };
    await rightClocks(await links.grants(NEVER), run, NEVER);
    expect(await links.takeTurn(await grantNow(links, 'ann'), leaseOf('our run'), NEVER)).toBe(isFree);
    expect(await links.commit('ann', 'their run', { links: [] }, NOW, NEVER)).toBe(!isFree);
  });

  it.each([
    ['that is put off for a year is due', 365 * 24 * HOUR, 0, NOW],
    ['that failed again and again waits for hours', 4 * HOUR, 0, NOW + 4 * HOUR],
    ['that comes once a day waits for a day', 24 * HOUR, 24 * HOUR, NOW + 24 * HOUR],
  ])('%s', async (_, waitMs, every, dueAt) => {
    const links = openMemoryLinks(newLinkStore());
    await links.enter(['ann'], NOW + waitMs, NEVER);
    await rightClocks(await links.grants(NEVER), { links, owner: 'our run', now: NOW, every, turnMs: 10_000 }, NEVER);
    expect((await grantNow(links, 'ann')).dueAt).toBe(dueAt);
  });
});
