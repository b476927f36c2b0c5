// At which groupware links are: the spelling that the ledger keeps, which is for ever, and how it is known again.

import { NOWHERE, spellWhereabouts, whereaboutsIn, type Whereabouts } from '../../../src/core/sync/whereabouts';

const first: Whereabouts = { name: '', type: 'caldav', identity: 'https://dav.example.com' };
const office: Whereabouts = { name: 'office', type: 'caldav', identity: 'https://office.example.com' };
const google: Whereabouts = { name: 'google', type: 'google', identity: 'own' };

describe('At which groupware links are', () => {
  // The digits were made with sha256sum.
  it('is spelled as docs/formats.md has it', () => {
    expect(spellWhereabouts(first)).toBe('caldav/dadd0001cf0048f4/');
    expect(spellWhereabouts(office)).toMatch(/^caldav\/[0-9a-f]{16}\/office$/);
  });

  it.each<[string, Whereabouts, readonly Whereabouts[], Whereabouts, Whereabouts | undefined]>([
    ['the same', first, [first, office], first, first],
    ['another one', first, [first, office], office, first],
    [
      'under another name',
      office,
      [first, { ...office, name: 'house' }],
      { ...office, name: 'house' },
      { ...office, name: 'house' },
    ],
    ['at another address', office, [first, { ...office, identity: 'moved' }], first, { ...office, identity: 'moved' }],
    ['named by the first key now', office, [{ ...office, name: '' }], { ...office, name: '' }, { ...office, name: '' }],
    ['configured no more', office, [first, google], google, undefined],
    ['of another type under the same name', { ...office, name: '' }, [{ ...google, name: '' }], google, undefined],
    [
      'the wanted one of two that are the same',
      google,
      [google, { ...google, name: 'b' }],
      { ...google, name: 'b' },
      { ...google, name: 'b' },
    ],
  ])('is known again: %s', (_, kept, all, wanted, expected) => {
    const known = all.find(({ name }) => name === wanted.name) ?? wanted;
    expect(whereaboutsIn(spellWhereabouts(kept), all, known)).toEqual(expected);
  });

  it.each([NOWHERE, 'x', 'x/y/z'])('is none of them where it is "%s"', (kept) => {
    expect(whereaboutsIn(kept, [first, office], first)).toBeUndefined();
  });
});
