// What can be asked for, in which order, and what is forgotten.

import type { LinkFilter } from '../../../src/ledger/links';
import { NOW } from '../../support/ledger';
import { conflict, link, NEVER, VISIT, write } from '../../support/links';
import type { LinkHands } from './hands';

export function describeReading({ links, turn, commit, kept }: LinkHands): void {
  describe('answer', () => {
    beforeEach(async () => {
      for (const user of ['agent1', 'agent2']) await turn(user);
      await commit({ links: [link('c', { state: 'held', objid: 3 })] }, NOW + 1);
      await commit({ links: [link('b', { state: 'gone', objid: 2 }), link('a', { type: 'commitment', objid: 3 })] }, NOW + 2);
      await commit({ links: [link('d', { user: 'agent2', objid: 3 })] }, NOW + 3);
    });

    it("a user's links but those that are gone, by their ids", async () => {
      expect((await links().links('agent1', NEVER)).map(({ id }) => id)).toEqual(['a', 'c']);
      expect(await links().links('Agent1', NEVER)).toEqual([]);
    });

    it.each<[LinkFilter, string]>([
      [{}, 'dbac'],
      [{ user: 'agent1' }, 'bac'],
      [{ user: 'agent1', states: ['gone', 'held'] }, 'bc'],
      [{ states: ['linked', 'held'] }, 'dac'],
      [{ states: [] }, ''],
      [{ ids: ['d', 'c', 'x'] }, 'dc'],
      [{ ids: [] }, ''],
      [{ type: 'appointment' }, 'dbc'],
      [{ type: 'appointment', objid: 3 }, 'dc'],
      [{ objid: 3 }, 'dac'],
      [{ type: 'appointment', objid: 3, user: 'agent2', states: ['linked'] }, 'd'],
    ])('links by %j, the newest change first', async (filter, ids) => {
      const found = await links().find(filter, 10, NEVER);
      expect(found.map(({ id }) => id).join('')).toBe(ids);
      expect((await links().find(filter, 1, NEVER)).map(({ id }) => id).join('')).toBe(ids.slice(0, 1));
    });

    it('links by more ids than a statement takes', async () => {
      const ids = [...Array.from({ length: 2_500 }, (_, n) => `x${n}`), 'c', 'd', 'c'];
      expect((await links().find({ ids }, 10, NEVER)).map(({ id }) => id)).toEqual(['d', 'c']);
      expect(await links().find({ ids }, 1, NEVER)).toHaveLength(1);
    });

    it('how many links of each user are in each state', async () => {
      await commit({ links: [link('e', { state: 'held' })] }, NOW + 9);
      expect(await links().counts(NEVER)).toEqual([
        { user: 'agent1', state: 'gone', count: 1, oldestChangedAt: NOW + 2 },
        { user: 'agent1', state: 'held', count: 2, oldestChangedAt: NOW + 1 },
        { user: 'agent1', state: 'linked', count: 1, oldestChangedAt: NOW + 2 },
        { user: 'agent2', state: 'linked', count: 1, oldestChangedAt: NOW + 3 },
      ]);
    });

    it('how many of each user are held, and why', async () => {
      await commit({
        links: [link('e', { state: 'held', cause: 'guard-there' }), link('f', { state: 'held', cause: 'series' })],
      });
      await commit({ links: [link('g', { state: 'held', cause: 'guard-there' })] }, NOW + 9);
      expect(await links().heldCounts(NEVER)).toEqual([
        { user: 'agent1', cause: '', count: 1 },
        { user: 'agent1', cause: 'guard-there', count: 2 },
        { user: 'agent1', cause: 'series', count: 1 },
      ]);
    });

    it('how many values gave way', async () => {
      expect(await links().conflictCount(NEVER)).toBe(0);
      await commit({ links: [], conflicts: [conflict('a'), conflict('c', { at: NOW + 1 })] });
      expect(await links().conflictCount(NEVER)).toBe(2);
    });

    it('conflicts and writes, the newest first', async () => {
      const seen = [1, 3, 2].map((at) => conflict(at === 2 ? 'a' : 'c', { at: NOW + at, winner: 'groupware' }));
      const writes = [1, 3, 2].map((at) => write('c', { at: NOW + at, newValue: `${at}` }));
      await commit({ links: [], conflicts: seen, writes });
      await links().commit('agent2', 'run', { links: [], conflicts: [conflict('d', { user: 'agent2' })] }, NOW, NEVER);
      const times = async (filter: Parameters<ReturnType<typeof links>['conflicts']>[0], most = 10) =>
        (await links().conflicts(filter, most, NEVER)).map(({ at }) => at - NOW);
      expect(await times({})).toEqual([3, 2, 1, 0]);
      expect(await times({}, 2)).toEqual([3, 2]);
      expect(await times({ user: 'agent1' })).toEqual([3, 2, 1]);
      expect(await times({ linkId: 'c' })).toEqual([3, 1]);
      expect(await times({ user: 'agent2', linkId: 'c' })).toEqual([]);
      const [newest] = await links().conflicts({}, 1, NEVER);
      expect(newest).toEqual({ ...seen[1], id: expect.any(String) as string });
      expect((await links().writes('c', 2, NEVER)).map(({ newValue }) => newValue)).toEqual(['3', '2']);
      expect(await links().writes('c', 10, NEVER)).toContainEqual(writes[0]);
      expect(await links().writes('a', 10, NEVER)).toEqual([]);
    });

    it('how many rows were emptied, and keep the rows', async () => {
      const [early, late] = [
        { conflicts: [conflict('c')], writes: [write('c')] },
        { conflicts: [conflict('c', { at: NOW + 2 })], writes: [write('c', { at: NOW + 2 })] },
      ];
      await commit({ links: [link('e', { state: 'apart' }), link('f', { state: 'apart' })], ...early }, NOW);
      await commit({ links: [link('f', { state: 'linked', revision: 1 })], ...late }, NOW + 1);
      const before = await links().find({}, 10, NEVER);
      expect(await links().forgetEntries(NOW + 2, NEVER)).toBe(3);
      const empty = { crmBase: undefined, remoteBase: undefined };
      expect(await links().find({}, 10, NEVER)).toEqual(before.map((one) => (one.id === 'e' ? { ...one, ...empty } : one)));
      expect(await links().conflicts({ linkId: 'c' }, 10, NEVER)).toMatchObject([
        { crmValue: 'Zürich', remoteValue: 'Bern', at: NOW + 2 },
        { crmValue: '', remoteValue: '', field: 'place', at: NOW },
      ]);
      expect(await links().writes('c', 10, NEVER)).toEqual([
        ...late.writes,
        ...early.writes.map((one) => ({ ...one, oldValue: '', newValue: '' })),
      ]);
      expect(await links().forgetEntries(NOW + 2, NEVER)).toBe(0);
      expect(await links().forgetEntries(NOW + 3, NEVER)).toBe(3);
      expect(await kept('b')).toMatchObject({ ...empty, state: 'gone' });
      expect(await kept('a')).toMatchObject({ crmBase: VISIT });
    });

    it('that more rows were emptied than a statement takes', async () => {
      const many = Array.from({ length: 1_100 }, (_, n) => link(`many${n}`, { state: 'gone' }));
      await commit({ links: many });
      expect(await links().forgetEntries(NOW + 1, NEVER)).toBe(1_100);
    });
  });
}
