// A link whose row something damaged: it is told, keeps nobody else from being read, and stays as it is until somebody says what it is.

import { NOW } from '../../support/ledger';
import { link, NEVER, VISIT } from '../../support/links';
import type { LinkHands } from './hands';

export function describeDamage({ links, damage, turn, commit, kept }: LinkHands): void {
  describe('of which one', () => {
    beforeEach(async () => {
      await turn();
      await commit({ links: ['a', 'b', 'c'].map((id) => link(id)) });
    });
    const seen = async () => {
      const read = await links().links('agent1', NEVER);
      expect(read.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      const [, one] = read;
      if (one === undefined) throw new Error('there is no link');
      return one;
    };

    it.each<[string, string, string | number, string]>([
      ['has entries that are no JSON', 'entries', '{"crmBase":', 'its entries are none'],
      ['has entries that are no object', 'entries', '[]', 'its entries are none'],
      ['has an entry that is none', 'entries', '{"crmBase":{"subject":"x"}}', 'its entries are none'],
      [
        'has a time that is none',
        'entries',
        JSON.stringify({ sent: { ...VISIT, time: { begin: 'noon' } } }),
        'its entries are none',
      ],
      ['has something pending that is nothing', 'entries', '{"pending":{"kind":"entry"}}', 'its entries are none'],
      ['has a state that is none', 'state', 'maybe', 'its state is none'],
      ['is of a kind that is none', 'kind', 'meal', 'its kind is none'],
      ['is from nowhere', 'origin', 'moon', 'its origin is none'],
    ])('%s is held, and the others are not', async (_, column, value, words) => {
      await damage('b', column, value);
      const one = await seen();
      expect(one).toMatchObject({
        state: 'held',
        cause: '',
        damage: words,
        reason: `its row in the ledger is damaged: ${words}`,
      });
      expect(await kept('a')).not.toHaveProperty('damage');
    });

    it('is damaged is left as it is by a commit, which changes the others', async () => {
      await damage('b', 'entries', 'x');
      const read = await links().links('agent1', NEVER);
      expect(await commit({ links: read.map((one) => ({ ...one, state: 'linked', crmBase: VISIT, reason: 'next' })) })).toBe(
        true,
      );
      expect(await links().links('agent1', NEVER)).toMatchObject([
        { reason: 'next', revision: 2 },
        { damage: 'its entries are none', revision: 1 },
        { reason: 'next', revision: 2 },
      ]);
      expect(await commit({ links: [link('b', { revision: 0 })] })).toBe(false);
    });

    it('is damaged is sound and without entries once somebody gives an order', async () => {
      await damage('b', 'entries', 'x');
      expect(await links().order(await seen(), 'crm', NOW + 1, NEVER)).toBe(true);
      const mended = await seen();
      expect(mended).toEqual({
        ...link('b', { state: 'held', order: 'crm', crmBase: undefined, remoteBase: undefined }),
        changedAt: NOW + 1,
        revision: 2,
      });
      expect(await commit({ links: [{ ...mended, state: 'linked', order: '' }] })).toBe(true);
    });

    it('has entries that cannot be read loses them, too', async () => {
      await damage('b', 'entries', 'Visit {');
      expect(await links().commit('agent1', 'run', { links: [], emptied: ['b'] }, NOW + 1, NEVER)).toBe(true);
      expect(await seen()).toEqual({ ...link('b', { crmBase: undefined, remoteBase: undefined }), changedAt: NOW, revision: 2 });
    });

    it('was damaged since it was read is not written over either', async () => {
      const one = await seen();
      await damage('b', 'revision', 7);
      expect(await commit({ links: [one] })).toBe(false);
    });
  });
}
