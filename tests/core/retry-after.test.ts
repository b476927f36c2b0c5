import { retryAfterMs } from '../../src/core/retry-after';

const NOW = Date.UTC(2026, 2, 2, 12, 0, 0);

describe('retryAfterMs', () => {
  it.each<[string, number | undefined]>([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['14400', 14_400_000],
    ['14401', 14_400_000],
    ['315360000', 14_400_000],
    ['9'.repeat(400), 14_400_000],
    ['Mon, 02 Mar 2026 12:01:30 GMT', 90_000],
    ['Monday, 02-Mar-26 12:01:30 GMT', 90_000],
    ['Mon, 02 Mar 2026 11:00:00 GMT', 0],
    ['Thu, 02 Mar 2036 12:00:00 GMT', 14_400_000],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['soon', undefined],
    ['garbage 1', undefined],
    ['2026-03-02T12:01:30Z', undefined],
    ['Mon, 99 Foo 2026 12:01:30 GMT', undefined],
  ])('%j asks for %p', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});
