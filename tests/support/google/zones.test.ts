import { isZone, momentOf, spelledMoment, wallClockOf } from './zones';

describe('a wall clock', () => {
  it.each([
    ['in winter', '2026-01-15T09:00:00', 'Europe/Zurich', '2026-01-15T08:00:00Z'],
    ['an hour after the clocks went on', '2026-03-29T04:00:00', 'Europe/Zurich', '2026-03-29T02:00:00Z'],
    ['an hour before they do', '2026-03-29T01:00:00', 'Europe/Zurich', '2026-03-29T00:00:00Z'],
    ['an hour that is missing', '2026-03-29T02:30:00', 'Europe/Zurich', '2026-03-29T01:30:00Z'],
    ['an hour that is missing', '2026-03-08T02:30:00', 'America/Chicago', '2026-03-08T08:30:00Z'],
    ['an hour that is missing', '2026-10-04T02:30:00', 'Australia/Sydney', '2026-10-03T16:30:00Z'],
    ['an hour that comes twice', '2026-10-25T02:30:00', 'Europe/Zurich', '2026-10-25T00:30:00Z'],
    ['an hour that comes twice', '2026-11-01T01:30:00', 'America/Chicago', '2026-11-01T06:30:00Z'],
    ['an hour after the clocks went back', '2026-10-25T04:00:00', 'Europe/Zurich', '2026-10-25T03:00:00Z'],
    ['a quarter of an hour', '2026-03-02T09:30:00', 'Asia/Kathmandu', '2026-03-02T03:45:00Z'],
  ])('is a moment: %s', (_, wallClock, zone, moment) => {
    expect(momentOf(wallClock, zone)).toBe(Date.parse(moment));
  });

  it.each([
    ['2026-03-29T01:30:00Z', 'Europe/Zurich', '2026-03-29T03:30:00+02:00'],
    ['2026-03-02T18:15:00Z', 'Asia/Kathmandu', '2026-03-03T00:00:00+05:45'],
    ['2026-03-02T00:00:00Z', 'America/Chicago', '2026-03-01T18:00:00-06:00'],
    ['2026-03-02T00:00:00Z', 'UTC', '2026-03-02T00:00:00Z'],
  ])('and its offset are spelled from %s in %s', (moment, zone, spelled) => {
    expect(spelledMoment(Date.parse(moment), zone)).toBe(spelled);
    expect(wallClockOf(Date.parse(moment), zone)).toBe(spelled.slice(0, 19));
  });
});

describe('a zone', () => {
  it.each([
    ['Europe/Zurich', true],
    ['America/Argentina/Buenos_Aires', true],
    ['Etc/GMT+5', true],
    ['UTC', true],
    ['Nowhere/Land', false],
    ['W. Europe Standard Time', false],
    ['+01:00', false],
    ['', false],
  ])('is one by its IANA name: %s, %s', (name, expected) => {
    expect(isZone(name)).toBe(expected);
  });
});
