// What one transaction changes: all of it or nothing, once, and only for the one whose turn it is.

import { MOST_CHANGES } from '../../../src/ledger/commit';
import { leaseOf, NOW } from '../../support/ledger';
import { conflict, link, NEVER, VISIT, write } from '../../support/links';
import type { LinkHands } from './hands';

export function describeCommits({ links, another, grant, turn, commit, kept }: LinkHands): void {
  describe('commit', () => {
    beforeEach(() => turn());
    const everything = async () => ({
      links: await links().find({}, 5_000, NEVER),
      conflicts: await links().conflicts({}, 5_000, NEVER),
      writes: await links().writes('a', 5_000, NEVER),
      cursors: [...(await links().cursors('agent1', NEVER))],
    });
    const cursor = (text: string) => ({ kind: 'event', cursor: text }) as const;

    it('everything that a link has', async () => {
      const day = { ...VISIT, kind: 'task', time: { end: { day: '2026-06-15' } }, done: true } as const;
      const whole = link('a', {
        kind: 'task',
        type: 'action_item',
        objid: 2 ** 40,
        generation: 2,
        remoteId: '//a/b?c.ics',
        version: '"etag"',
        origin: 'groupware',
        state: 'held',
        cause: 'series',
        reason: 'somebody made a series of it',
        order: 'both',
        remoteBase: undefined,
        sent: day,
        pending: { kind: 'entry', entry: day, version: '"next"' },
        attempts: 7,
      });
      expect(await commit({ links: [whole] })).toBe(true);
      expect(await kept('a')).toStrictEqual({ ...whole, changedAt: NOW, revision: 1 });
      const next = { ...whole, sent: undefined, pending: { kind: 'absent' }, revision: 1 } as const;
      expect(await commit({ links: [next] }, NOW + 5)).toBe(true);
      expect(await kept('a')).toStrictEqual({ ...next, changedAt: NOW + 5, revision: 2 });
      const bare = link('b', { crmBase: undefined, remoteBase: undefined });
      expect(await commit({ links: [bare] })).toBe(true);
      expect(await kept('b')).toStrictEqual({ ...bare, changedAt: NOW, revision: 1 });
    });

    it('at which groupware the links are, with the last of several transactions', async () => {
      expect(await commit({ links: [link('a')], groupware: 'folder/0/' })).toBe(true);
      expect((await grant('agent1')).groupware).toBe('folder/0/');
      expect(await commit({ links: [link('b')] })).toBe(true);
      expect((await grant('agent1')).groupware).toBe('folder/0/');
      const many = Array.from({ length: MOST_CHANGES }, (_, n) => link(`c${n}`));
      const late = link('a', { revision: 7 });
      expect(await commit({ links: [...many, late], groupware: 'caldav/1/' })).toBe(false);
      expect((await grant('agent1')).groupware).toBe('folder/0/');
      expect(await commit({ links: [], groupware: '-' })).toBe(true);
      expect((await grant('agent1')).groupware).toBe('-');
    });

    it.each([
      ['quotes', `it's "quoted" \`so\` [and] so]; DROP TABLE [publish_activity_link]; --`],
      ['parameters', '@id @commit @@ROWCOUNT $1 :x ?'],
      ['emoji and other scripts', '👩‍👩‍👧 Zürich 你好 \u202Eright to left'],
      ['line ends and blanks', ' one\r\ntwo\tthree '],
      ['megabytes', 'é'.repeat(1_000_000)],
    ])('texts as they are: %s', async (_, text) => {
      const entry = { ...VISIT, subject: text, notes: text };
      const changes = {
        remoteId: text,
        version: text,
        crmBase: entry,
        pending: { kind: 'entry', entry, version: text },
      } as const;
      const values = { crmValue: text, remoteValue: text };
      const change = {
        links: [link('a', changes)],
        conflicts: [conflict('a', values)],
        writes: [write('a', { oldValue: text, newValue: text })],
        cursor: cursor(text),
      };
      expect(await commit(change)).toBe(true);
      expect(await kept('a')).toMatchObject(changes);
      expect(await links().conflicts({}, 2, NEVER)).toMatchObject([values]);
      expect(await links().writes('a', 2, NEVER)).toEqual(change.writes);
      expect(await links().cursors('agent1', NEVER)).toEqual(new Map([['event', text]]));
    });

    it('NUL and lone surrogates in entries, and what it can of them elsewhere', async () => {
      const text = 'NUL \0 and \uD800';
      await commit({ links: [link('a', { crmBase: { ...VISIT, notes: text }, remoteId: text, reason: text })] });
      const cut = 'NUL \uFFFD and \uFFFD';
      expect(await kept('a')).toMatchObject({ crmBase: { notes: text }, remoteId: cut, reason: cut });
    });

    it('where a cursor is, and forget it', async () => {
      expect(await commit({ links: [], cursor: cursor('one') })).toBe(true);
      expect(await commit({ links: [], cursor: { kind: 'task', cursor: 'two' } })).toBe(true);
      expect(await commit({ links: [], cursor: cursor('three') })).toBe(true);
      expect(await links().cursors('agent1', NEVER)).toEqual(
        new Map([
          ['event', 'three'],
          ['task', 'two'],
        ]),
      );
      expect(await commit({ links: [], cursor: cursor('') })).toBe(true);
      expect(await links().cursors('agent1', NEVER)).toEqual(new Map([['task', 'two']]));
      expect(await commit({ links: [], cursor: cursor('one') })).toBe(true);
      expect(await links().cursors('agent1', NEVER)).toEqual(
        new Map([
          ['event', 'one'],
          ['task', 'two'],
        ]),
      );
      expect(await links().cursors('agent2', NEVER)).toEqual(new Map());
    });

    it.each<[string, Parameters<typeof link>[1]]>([
      ['is of an older revision', { revision: 1 }],
      ['is of a newer revision', { revision: 3 }],
      ['is new, and there', { revision: 0 }],
      ['is not there', { id: 'z', revision: 1 }],
    ])('nothing where one link %s', async (_, changes) => {
      await commit({ links: [link('a')] });
      await commit({ links: [link('a', { revision: 1 })] });
      await commit({ links: [link('b')] });
      const before = await everything();
      const others = [link('b', { revision: 1, reason: 'new' }), link('c')];
      const rest = { conflicts: [conflict('a')], writes: [write('a')], cursor: cursor('moved') };
      for (const order of [
        [...others, link('a', changes)],
        [link('a', changes), ...others],
      ])
        expect(await commit({ links: order, ...rest })).toBe(false);
      expect(await everything()).toEqual(before);
      expect(await commit({ links: [...others, link('a', { revision: 2 })], ...rest })).toBe(true);
    });

    it("nothing for one whose turn it is not, and nothing of another user's", async () => {
      await commit({ links: [link('a')] });
      await turn('agent2');
      const before = await everything();
      const change = { links: [link('a', { revision: 1 }), link('b')], cursor: cursor('moved') };
      expect(await links().commit('agent1', 'somebody else', change, NOW, NEVER)).toBe(false);
      expect(await links().commit('agent2', 'run', change, NOW, NEVER)).toBe(false);
      expect(await links().commit('nobody', 'run', { links: [link('b')] }, NOW, NEVER)).toBe(false);
      const seen = await grant('agent1');
      await links().endTurn('agent1', 'run', seen, NEVER);
      expect(await commit(change)).toBe(false);
      expect(await links().commit('agent1', '', change, NOW, NEVER)).toBe(false);
      expect(await everything()).toEqual(before);
    });

    it('nothing for one whose turn was taken over', async () => {
      const seen = await grant('agent1');
      await (await another()).takeTurn(seen, leaseOf('next', seen.leaseUntil), NEVER);
      expect(await commit({ links: [link('a')], cursor: cursor('moved') })).toBe(false);
      expect(await everything()).toEqual({ links: [], conflicts: [], writes: [], cursors: [] });
    });

    it('once, of many different ones that follow the same revision', async () => {
      await commit({ links: [link('a'), link('b')] });
      const others = await Promise.all(Array.from({ length: 5 }, () => another()));
      const made = await Promise.all(
        others.map((other, n) => {
          const reason = `host ${n}`;
          const pair = ['a', 'b'].map((id) => link(id, { revision: 1, reason }));
          return commit(
            { links: n % 2 === 0 ? pair : pair.reverse(), conflicts: [conflict('a', { field: reason })] },
            NOW,
            other,
          );
        }),
      );
      const reason = `host ${made.indexOf(true)}`;
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await links().links('agent1', NEVER)).toMatchObject([
        { id: 'a', reason, revision: 2 },
        { id: 'b', reason, revision: 2 },
      ]);
      expect(await links().conflicts({}, 10, NEVER)).toMatchObject([{ field: reason }]);
    });

    it('the same one twice as once, and only as long as it was the last one', async () => {
      await commit({ links: [link('a')] });
      const change = {
        links: [link('a', { revision: 1, reason: 'same' }), link('b')],
        conflicts: [conflict('a')],
        writes: [write('a')],
        cursor: cursor('moved'),
      };
      const other = await another();
      expect(await Promise.all([commit(change), commit(change, NOW + 1, other)])).toEqual([true, true]);
      const after = await everything();
      expect(after).toMatchObject({ links: [{ revision: 1 }, { revision: 2 }], conflicts: [{}], writes: [{}] });
      expect(await commit(change, NOW + 2)).toBe(true);
      expect(await commit({ ...change, cursor: cursor('elsewhere') })).toBe(false);
      expect(await everything()).toEqual(after);
      expect(await commit({ links: [link('c')] })).toBe(true);
      expect(await commit(change)).toBe(false);
    });

    it('conflicts and writes without links once, however often the same are given', async () => {
      const change = { links: [], conflicts: [conflict('a'), conflict('a')], writes: [write('a')] };
      for (let times = 0; times < 3; times++) expect(await commit(change, NOW + times)).toBe(true);
      expect(await links().conflicts({}, 10, NEVER)).toHaveLength(2);
      expect(await links().writes('a', 10, NEVER)).toHaveLength(1);
    });

    it('that links lose all texts, and keep their ids and states', async () => {
      const refused = link('b', { state: 'held', cause: 'refused', reason: 'too long: Visit Calder & Sons', crmBase: undefined });
      const held = link('c', { state: 'held', cause: 'series', reason: 'somebody made a series of it' });
      const rest = { conflicts: ['a', 'b', 'd'].map((id) => conflict(id)), writes: ['a', 'd'].map((id) => write(id)) };
      await commit({ links: [link('a'), refused, held, link('d')], ...rest });
      const none = { crmBase: undefined, remoteBase: undefined, revision: 2 };
      const before = await everything();
      expect(await commit({ links: [], emptied: ['a', 'b', 'c', 'x'] }, NOW + 5)).toBe(true);
      const after = await everything();
      const reasons = new Map([['b', { reason: '' }]]);
      expect(after.links).toEqual(
        before.links.map((one) => (one.id === 'd' ? one : { ...one, ...none, ...reasons.get(one.id) })),
      );
      const texts = { crmValue: '', remoteValue: '' };
      expect(after.conflicts).toEqual(before.conflicts.map((one) => (one.linkId === 'd' ? one : { ...one, ...texts })));
      expect(after.writes).toEqual([{ ...write('a'), oldValue: '', newValue: '' }]);
      expect(await links().writes('d', 10, NEVER)).toEqual([write('d')]);
      // Whoever read them before comes too late; nothing of it can be forgotten once more.
      expect(await commit({ links: [link('a', { revision: 1 })] })).toBe(false);
      expect(await commit({ links: [], emptied: ['a', 'b', 'c'] }, NOW + 6)).toBe(true);
      expect(await everything()).toEqual(after);
      expect(await links().forgetEntries(NOW + 9, NEVER)).toBe(2);
    });

    it('that a link loses its texts, and has new ones in the same transaction', async () => {
      await commit({ links: [link('a')], conflicts: [conflict('a')] });
      const next = link('a', { state: 'held', cause: 'private', crmBase: undefined, remoteBase: undefined, revision: 1 });
      const change = { links: [next], conflicts: [conflict('a', { field: 'notes' })], emptied: ['a'] };
      expect(await commit(change)).toBe(true);
      expect(await commit(change)).toBe(true);
      expect(await kept('a')).toEqual({ ...next, changedAt: NOW, revision: 2 });
      expect(new Map((await links().conflicts({}, 5, NEVER)).map(({ field, crmValue }) => [field, crmValue]))).toEqual(
        new Map([
          ['notes', 'Zürich'],
          ['place', ''],
        ]),
      );
    });

    it("no text of another user's link, and none for one whose turn it is not", async () => {
      await turn('agent2');
      await commit({ links: [link('a')], conflicts: [conflict('a')], writes: [write('a')] });
      const before = await everything();
      expect(await links().commit('agent2', 'run', { links: [], emptied: ['a'] }, NOW, NEVER)).toBe(true);
      expect(await links().commit('agent1', 'somebody else', { links: [], emptied: ['a'] }, NOW, NEVER)).toBe(false);
      expect(await commit({ links: [link('a', { revision: 9 })], emptied: ['a'] })).toBe(false);
      expect(await everything()).toEqual(before);
    });

    it('nothing of a link for which somebody gave an order meanwhile', async () => {
      await commit({ links: [link('a', { state: 'held', cause: 'series' })] });
      const [seen] = await links().links('agent1', NEVER);
      if (seen === undefined) throw new Error('there is no link');
      expect(await links().order(seen, 'crm', NOW + 3, NEVER)).toBe(true);
      expect(await links().order(seen, 'groupware', NOW + 4, NEVER)).toBe(false);
      expect(await commit({ links: [{ ...seen, attempts: 1 }] })).toBe(false);
      const ordered = { ...seen, order: 'crm', changedAt: NOW + 3, revision: 2 } as const;
      expect(await kept('a')).toEqual(ordered);
      expect(await commit({ links: [{ ...ordered, state: 'linked', order: '' }] })).toBe(true);
      expect(await links().order({ ...ordered, revision: 3 }, 'both', NOW, NEVER)).toBe(false);
      expect(await kept('a')).toMatchObject({ state: 'linked', order: '', revision: 3 });
    });

    it('as many at once as a transaction takes, however different they are', async () => {
      const many = Array.from({ length: MOST_CHANGES }, (_, n) =>
        link(`id${n}`, {
          objid: n + 1,
          generation: 1_000 + n,
          remoteId: `remote ${n}`,
          version: `version ${n}`,
          reason: `reason ${n}`,
          attempts: 10_000 + n,
          crmBase: { ...VISIT, subject: `subject ${n}` },
        }),
      );
      expect(await commit({ links: many })).toBe(true);
      const again = many.map((one) => ({ ...one, reason: `next ${one.reason}`, revision: 1 }));
      expect(await commit({ links: again, cursor: cursor('moved') })).toBe(true);
      expect(new Map((await links().links('agent1', NEVER)).map((one) => [one.id, one]))).toEqual(
        new Map(again.map((one) => [one.id, { ...one, changedAt: NOW, revision: 2 }])),
      );
    });

    it('more than a transaction takes in several, the cursor with the last one', async () => {
      const many = Array.from({ length: 2 * MOST_CHANGES + 50 }, (_, n) => link(`id${1_000 + n}`));
      const conflicts = many.map(({ id }) => conflict(id));
      expect(await commit({ links: many, conflicts, cursor: cursor('one') })).toBe(true);
      expect(await links().links('agent1', NEVER)).toHaveLength(many.length);
      expect(await links().conflicts({}, 5_000, NEVER)).toHaveLength(many.length);
      const next = many.map((one, n) => ({ ...one, reason: 'next', revision: n === many.length - 1 ? 9 : 1 }));
      expect(await commit({ links: next, cursor: cursor('two') })).toBe(false);
      expect(await links().cursors('agent1', NEVER)).toEqual(new Map([['event', 'one']]));
    });
  });
}
