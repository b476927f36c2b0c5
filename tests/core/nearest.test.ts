import { nearest, nearestFew } from '../../src/core/nearest';

describe('The nearest known word', () => {
  it.each([
    ['pasword', 'password'],
    ['PASSWORD', 'password'],
    ['passwrod', 'password'],
    ['usre', 'user'],
    ['prt', 'port'],
    ['fort', 'port'],
    ['x', undefined],
    ['', undefined],
    ['deadline', undefined],
  ])('to %j is %j', (word, expected) => {
    expect(nearest(word, ['user', 'password', 'port'])).toBe(expected);
  });

  it('counts a swap of neighbours as one edit and a far swap as two', () => {
    expect(nearest('bac', ['abc'])).toBe('abc');
    expect(nearest('cba', ['abc'])).toBeUndefined();
  });

  it('of several comes first, and no more are named than wanted', () => {
    expect(nearestFew('caes', ['cases', 'case', 'lease', 'care'], 2)).toEqual(['cases', 'case']);
  });
});
