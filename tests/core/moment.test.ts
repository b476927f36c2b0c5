import { readMoment } from '../../src/core/moment';

const NOW = Date.UTC(2026, 10, 22, 8);

describe('A moment as people type it', () => {
  it.each([
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22T07:30', '2026-11-22T07:30:00.000Z'],
    ['2026-11-22 07:30:05', '2026-11-22T07:30:05.000Z'],
    ['2026-11-22T07:30:05.25Z', '2026-11-22T07:30:05.250Z'],
    ['2026-11-22t07:30z', '2026-11-22T07:30:00.000Z'],
    ['2026-11-22T01:30-06:00', '2026-11-22T07:30:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2h', '2026-11-22T06:00:00.000Z'],
    [' 90m ', '2026-11-22T06:30:00.000Z'],
    ['7d', '2026-11-15T08:00:00.000Z'],
    ['999999999d', '1970-01-01T00:00:00.000Z'],
  ])('%j is %s', (spelling, moment) => {
    const read = readMoment(spelling, NOW);
    expect(read === undefined ? undefined : new Date(read).toISOString()).toBe(moment);
  });

  it.each([
    '',
    'yesterday',
    '22.11.2026',
    '2026-11',
    '2026-13-01',
    '2026-02-31',
    '2027-02-29',
    '2026-11-22T25:00',
    '12',
    '-2h',
    '2026-11-22T08',
  ])('%j is none', (spelling) => {
    expect(readMoment(spelling, NOW)).toBeUndefined();
  });
});
