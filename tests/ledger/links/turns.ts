// Whose turn it is, and that one has it at a time.

import { LEASE_SLACK_MS } from '../../../src/core/lease';
import { leaseOf, NOW } from '../../support/ledger';
import { NEVER } from '../../support/links';
import type { Grant } from '../../../src/ledger/links';
import type { LinkHands } from './hands';

const END = { state: 'active', reason: '', dueAt: NOW + 300_000, syncedAt: NOW, failures: 0 } as const;

export function describeTurns({ links, another, grant, turn }: LinkHands): void {
  describe('give turns:', () => {
    const due = async (now = NOW, most = 10) => (await links().dueGrants(now, most, NEVER)).map(({ user }) => user);

    it('a user that enters is due at once, and enters once', async () => {
      await links().enter(['b', 'a', 'b'], NOW, NEVER);
      await links().enter(['c', 'a'], NOW + 9, NEVER);
      const fresh = { state: 'new', reason: '', syncedAt: 0, failures: 0, groupware: '', leaseOwner: '', leaseUntil: 0 };
      expect(await links().grants(NEVER)).toEqual([
        { user: 'a', dueAt: NOW, ...fresh },
        { user: 'b', dueAt: NOW, ...fresh },
        { user: 'c', dueAt: NOW + 9, ...fresh },
      ]);
      expect(await due()).toEqual(['a', 'b']);
    });

    it('a new user is new no more once somebody took the turn', async () => {
      await links().enter(['a'], NOW, NEVER);
      const seen = await grant('a');
      await links().takeTurn(seen, leaseOf('run'), NEVER);
      expect(await grant('a')).toMatchObject({ state: 'active', syncedAt: 0 });
      await links().endTurn('a', 'run', { ...END, state: 'new', dueAt: NOW }, NEVER);
      expect(await grant('a')).toMatchObject({ state: 'new' });
      await links().takeTurn(await grant('a'), leaseOf('run'), NEVER);
      await links().endTurn('a', 'run', { ...END, state: 'adopting', dueAt: NOW }, NEVER);
      await links().takeTurn(await grant('a'), leaseOf('run'), NEVER);
      expect(await grant('a')).toMatchObject({ state: 'adopting' });
    });

    it('hosts that enter 600 users at once enter each once', async () => {
      const users = Array.from({ length: 600 }, (_, n) => `user${n}`);
      const others = await Promise.all([another(), another(), another()]);
      await Promise.all(others.map((other) => other.enter(users, NOW, NEVER)));
      expect(await links().grants(NEVER)).toHaveLength(600);
    });

    it('who waited longest comes first, and who is parked or at work does not', async () => {
      for (const [user, at] of [
        ['a', 3],
        ['b', 1],
        ['c', 2],
        ['d', 0],
        ['e', 9],
      ] as const)
        await links().enter([user], NOW + at, NEVER);
      expect(await due(NOW + 5)).toEqual(['d', 'b', 'c', 'a']);
      await links().takeTurn(await grant('d'), leaseOf('run', NOW + 5), NEVER);
      await links().takeTurn(await grant('b'), leaseOf('run', NOW + 5), NEVER);
      await links().endTurn('b', 'run', { ...END, state: 'parked', dueAt: NOW }, NEVER);
      await links().takeTurn(await grant('c'), leaseOf('run', NOW + 5), NEVER);
      await links().endTurn('c', 'run', { ...END, state: 'adopting', dueAt: NOW }, NEVER);
      expect(await due(NOW + 5)).toEqual(['c', 'a']);
      expect(await due(NOW + 5, 1)).toEqual(['c']);
      const until = NOW + 5 + 10_000 + LEASE_SLACK_MS;
      expect(await due(until - 1)).not.toContain('d');
      expect(await due(until)).toContain('d');
    });

    it('who was disconnected has none, whatever is asked for, until somebody says otherwise', async () => {
      await turn('a');
      const reason = 'somebody disconnected it';
      expect(await links().endTurn('a', 'run', { ...END, state: 'disconnected', reason, dueAt: NOW }, NEVER)).toBe(true);
      await links().enter(['a'], NOW, NEVER);
      await links().makeDue('a', NOW, NEVER);
      expect([await due(NOW + 5), await grant('a')]).toMatchObject([[], { state: 'disconnected', reason }]);
      expect(await links().takeTurn(await grant('a'), leaseOf('run'), NEVER)).toBe(true);
      await links().endTurn('a', 'run', { ...END, dueAt: NOW }, NEVER);
      expect(await due(NOW + 5)).toEqual(['a']);
    });

    it('page by page each comes once, though some have the same moment and some move on meanwhile', async () => {
      const users = Array.from({ length: 7 }, (_, n) => `user${n}`);
      await links().enter(users.slice(0, 5), NOW, NEVER);
      await links().enter(users.slice(5), NOW + 1, NEVER);
      const met: string[] = [];
      for (let last: Grant | undefined; met.length < users.length + 1;) {
        const page = await links().dueGrants(NOW + 1, 2, NEVER, last);
        if (page.length === 0) break;
        last = page.at(-1);
        for (const each of page) {
          met.push(each.user);
          await links().takeTurn(each, leaseOf('run', NOW + 1), NEVER);
          await links().endTurn(each.user, 'run', { ...END, dueAt: NOW + 2 }, NEVER);
        }
      }
      expect(met).toEqual(users);
    });

    it('of many that saw the same, one takes it', async () => {
      await links().enter(['a'], NOW, NEVER);
      const seen = await grant('a');
      const others = await Promise.all(Array.from({ length: 5 }, () => another()));
      const taken = await Promise.all(others.map((other, n) => other.takeTurn(seen, leaseOf(`run${n}`), NEVER)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await grant('a')).toMatchObject({
        leaseOwner: `run${taken.indexOf(true)}`,
        leaseUntil: NOW + 10_000 + LEASE_SLACK_MS,
        dueAt: NOW,
      });
    });

    it('of one that was taken and ended meanwhile, what was seen before is old', async () => {
      await links().enter(['a'], NOW, NEVER);
      const seen = await grant('a');
      for (const end of [
        { dueAt: NOW + 1, syncedAt: 0 },
        { dueAt: NOW, syncedAt: NOW },
      ]) {
        await links().takeTurn(await grant('a'), leaseOf('run'), NEVER);
        await links().endTurn('a', 'run', { ...END, ...end }, NEVER);
        expect(await links().takeTurn(seen, leaseOf('late'), NEVER)).toBe(false);
      }
    });

    it('nobody takes over before the lease is over, and then the old owner has nothing to say', async () => {
      await turn('a');
      const seen = await grant('a');
      expect(await links().takeTurn(seen, leaseOf('next', seen.leaseUntil - 1), NEVER)).toBe(false);
      expect(await links().takeTurn(seen, leaseOf('next', seen.leaseUntil), NEVER)).toBe(true);
      expect(await links().endTurn('a', 'run', END, NEVER)).toBe(false);
      expect(await links().endTurn('a', 'next', END, NEVER)).toBe(true);
    });

    it('the end says how it goes on, and comes once', async () => {
      await turn('a');
      const seen = await grant('a');
      expect(await links().endTurn('a', 'somebody else', END, NEVER)).toBe(false);
      const end = { ...END, state: 'adopting', reason: 'x'.repeat(2_000), dueAt: NOW + 0.5, failures: 3 } as const;
      expect(await links().endTurn('a', 'run', end, NEVER)).toBe(true);
      expect(await grant('a')).toEqual({
        user: 'a',
        ...end,
        dueAt: NOW + 1,
        reason: `${'x'.repeat(999)}…`,
        groupware: '',
        leaseOwner: '',
        leaseUntil: 0,
      });
      expect(await links().endTurn('a', 'run', END, NEVER)).toBe(false);
      expect(await links().endTurn('a', '', END, NEVER)).toBe(false);
      expect(await links().takeTurn(seen, leaseOf('late', seen.leaseUntil), NEVER)).toBe(false);
    });

    it('one that is asked for comes sooner, and never later', async () => {
      await turn('a');
      await links().endTurn('a', 'run', END, NEVER);
      expect(await due()).toEqual([]);
      await links().makeDue('a', NOW + 7, NEVER);
      expect((await grant('a')).dueAt).toBe(NOW + 7);
      await links().makeDue('a', NOW + 9, NEVER);
      expect((await grant('a')).dueAt).toBe(NOW + 7);
      await links().makeDue('nobody', NOW, NEVER);
      expect(await links().grants(NEVER)).toHaveLength(1);
    });

    it('one that is asked for while another is under way comes after it', async () => {
      await turn('a');
      await links().makeDue('a', NOW + 1, NEVER);
      await links().endTurn('a', 'run', END, NEVER);
      expect(await due()).toEqual(['a']);
      await links().takeTurn(await grant('a'), leaseOf('run'), NEVER);
      await links().endTurn('a', 'run', END, NEVER);
      expect(await due()).toEqual([]);
    });
  });
}
