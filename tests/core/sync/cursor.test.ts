import { isFresh, isOld, readCursor, RELISTED_AFTER_MS, spellCursor } from '../../../src/core/sync/cursor';

const NOW = Date.UTC(2026, 10, 29);
const CURSOR = { text: 'CPjA z=\nnext 7', wholeAt: NOW };
const MINUTE = 60_000;

describe('A cursor', () => {
  it.each([
    ['', CURSOR, `${NOW} CPjA z=\nnext 7`],
    [
      ' with the moment until which its listing is new enough',
      { ...CURSOR, freshUntil: NOW + 7 },
      `${NOW}/${NOW + 7} CPjA z=\nnext 7`,
    ],
    [' whose text looks like such a moment', { text: `/${NOW} x`, wholeAt: NOW }, `${NOW} /${NOW} x`],
  ])('is as it was kept%s', (_, cursor, kept) => {
    expect(spellCursor(cursor)).toBe(kept);
    expect(readCursor(kept, NOW + 1)).toEqual(cursor);
  });

  it('is old a day after everything was listed', () => {
    expect(isOld(CURSOR, NOW + RELISTED_AFTER_MS - 1)).toBe(false);
    expect(isOld(CURSOR, NOW + RELISTED_AFTER_MS)).toBe(true);
  });

  it.each([
    ['was never kept', undefined],
    ['is empty', ''],
    ['has no moment', 'CPjA'],
    ['has no text', `${NOW} `],
    ['has a moment that is none', `${NOW}/soon CPjA`],
    ['is of a later day than today', spellCursor({ ...CURSOR, wholeAt: NOW + 1 })],
  ])('that %s counts no more: everything is listed', (_, kept) => {
    expect(readCursor(kept, NOW)).toBeUndefined();
  });

  it.each<[title: string, freshUntil: number | undefined, everyMs: number | undefined, isNew: boolean]>([
    ['counts until its moment', NOW + 1, 15 * MINUTE, true],
    ['counts no more then', NOW, 15 * MINUTE, false],
    ['counts for a quarter more than its time', NOW + 18.75 * MINUTE, 15 * MINUTE, true],
    ['counts for no longer: a clock was ahead, or it comes more often now', NOW + 18.75 * MINUTE + 1, 15 * MINUTE, false],
    ['counts not where none was kept', undefined, 15 * MINUTE, false],
    ['counts not where each turn lists', NOW + 1, undefined, false],
  ])('has a listing that %s', (_, freshUntil, everyMs, isNew) => {
    const cursor = freshUntil === undefined ? CURSOR : { ...CURSOR, freshUntil };
    expect(isFresh(cursor, everyMs, NOW)).toBe(isNew);
  });
});
