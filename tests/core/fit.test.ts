import { bytesOf, fitText, unitsOf } from '../../src/core/fit';

describe('a text that has to fit', () => {
  it.each([
    ['abc', 3, unitsOf, 'abc'],
    ['abcd', 3, unitsOf, 'ab…'],
    ['ab cd', 4, unitsOf, 'ab…'],
    ['äöü', 6, bytesOf, 'äöü'],
    ['äöüß', 7, bytesOf, 'äö…'],
    ['', 0, unitsOf, ''],
    ['abc', 0, unitsOf, ''],
    ['abc', 2, bytesOf, ''],
    ['x👩‍👩‍👧y', 8, unitsOf, 'x…'],
    ['x👩‍👩‍👧yz', 10, unitsOf, 'x👩‍👩‍👧…'],
    ['e\u0301e\u0301e\u0301', 5, unitsOf, 'e\u0301e\u0301…'],
  ])('%j within %d becomes %3$j', (text, most, lengthOf, fitted) => {
    expect(fitText(text, most, lengthOf)).toBe(fitted);
  });

  it('is never longer than it may be', () => {
    const text = 'Zürich 👩‍👩‍👧 🇨🇭 ok '.repeat(40);
    for (const lengthOf of [unitsOf, bytesOf])
      for (let most = 0; most < 300; most++) expect(lengthOf(fitText(text, most, lengthOf))).toBeLessThanOrEqual(most);
  });

  it('takes an endless text apart no further than it may go', () => {
    expect(fitText('x'.repeat(50_000_000), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  it('needs little for a place that takes much', () => {
    expect(fitText('🚀'.repeat(500_000), 100_001)).toBe(`${'🚀'.repeat(50_000)}…`);
  });
});
