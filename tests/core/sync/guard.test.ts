import { isEmpty, isTooMuch } from '../../../src/core/sync/guard';

const ABSENT = { kind: 'absent' };

describe('The guard', () => {
  it.each([
    [21, 84, false],
    [21, 83, true],
    [20, 21, false],
    [2, 2, true],
    [1, 1, false],
  ])('says of %d missing of %d: %s', (missing, all, expected) => {
    expect(isTooMuch(missing, all)).toBe(expected);
  });

  it.each([
    ['several of which none is there', [ABSENT, ABSENT], true],
    ['several of which one is there', [ABSENT, { kind: 'present' }], false],
    ['several of which one is not there and nobody knows the other', [ABSENT, undefined], true],
    ['several of which one is there and nobody knows another', [ABSENT, { kind: 'unknown' }, { kind: 'present' }], false],
    ['several of which nobody knows any', [{ kind: 'unknown' }, undefined], false],
    ['one alone', [ABSENT], false],
    ['none', [], false],
  ])('calls empty %s: %s', (_, sides, expected) => {
    expect(isEmpty(sides)).toBe(expected);
  });
});
