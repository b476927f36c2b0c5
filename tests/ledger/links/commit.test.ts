import { commitId, MOST_CHANGES, piecesOf } from '../../../src/ledger/commit';
import { conflict, link, write } from '../../support/links';

describe('A commit', () => {
  const many = Array.from({ length: MOST_CHANGES - 3 }, (_, n) => link(`id${n}`));
  const cursor = { kind: 'event', cursor: 'moved' } as const;

  it('is one piece where it fits, also of nothing', () => {
    expect(piecesOf({ links: [] })).toEqual([{ links: [], conflicts: [], writes: [], emptied: [] }]);
    const rest = { conflicts: [conflict('id0')], writes: [write('elsewhere')], emptied: ['id1'], cursor };
    expect(piecesOf({ links: many, ...rest })).toEqual([{ links: many, ...rest }]);
  });

  it('keeps a link together with all that is about it, and the cursor for the end', () => {
    const last = { links: [link('z')], conflicts: [conflict('z')], writes: [write('z')], emptied: ['z'] };
    const pieces = piecesOf({ ...last, links: [...many, ...last.links], cursor });
    expect(pieces).toEqual([
      { links: many, conflicts: [], writes: [], emptied: [] },
      { ...last, cursor },
    ]);
  });

  it('comes apart even where one link has more than fits', () => {
    const conflicts = Array.from({ length: 2 * MOST_CHANGES }, (_, n) => conflict('z', { field: `field ${n}` }));
    const pieces = piecesOf({ links: [link('z')], conflicts });
    expect(pieces.map((piece) => piece.links.length + piece.conflicts.length)).toEqual([MOST_CHANGES, MOST_CHANGES, 1]);
    expect(pieces.flatMap((piece) => piece.conflicts)).toEqual(conflicts);
  });

  it('leaves out what is damaged', () => {
    expect(piecesOf({ links: [link('a', { damage: 'its state is none' }), link('b')] })).toMatchObject([
      { links: [{ id: 'b' }] },
    ]);
  });

  it('has a name of its own for each owner and each change', () => {
    const [piece] = piecesOf({ links: [link('a')], cursor });
    const [other] = piecesOf({ links: [link('a', { revision: 1 })], cursor });
    if (piece === undefined || other === undefined) throw new Error('there is no piece');
    expect(commitId('run', piece)).toMatch(/^[0-9a-f]{32}$/);
    expect(commitId('run', { ...piece })).toBe(commitId('run', piece));
    const emptied = { ...piece, emptied: ['a'] };
    const ids = [commitId('run', piece), commitId('other', piece), commitId('run', other), commitId('run', emptied)];
    expect(new Set(ids).size).toBe(4);
  });
});
