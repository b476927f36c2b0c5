import { readCursor, RELISTED_AFTER_MS, spellCursor } from '../../../src/core/sync/cursor';

const NOW = Date.UTC(2026, 10, 29);
const CURSOR = { text: 'CPjA z=\nnext 7', wholeAt: NOW };

describe('A cursor', () => {
  it('is as it was kept', () => {
    expect(readCursor(spellCursor(CURSOR), NOW + 1)).toEqual(CURSOR);
  });

  it('counts for a day after everything was listed', () => {
    expect(readCursor(spellCursor(CURSOR), NOW + RELISTED_AFTER_MS - 1)).toEqual(CURSOR);
    expect(readCursor(spellCursor(CURSOR), NOW + RELISTED_AFTER_MS)).toBeUndefined();
  });

  it.each([
    ['was never kept', undefined],
    ['is empty', ''],
    ['has no moment', 'CPjA'],
    ['has no text', `${NOW} `],
    ['is of a later day than today', spellCursor({ ...CURSOR, wholeAt: NOW + 1 })],
  ])('that %s counts no more: everything is listed', (_, kept) => {
    expect(readCursor(kept, NOW)).toBeUndefined();
  });
});
