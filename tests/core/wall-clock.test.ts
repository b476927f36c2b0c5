import {
  clockChanges,
  instantOf,
  isoSeconds,
  isTimeZone,
  siteTimeAt,
  wallClockAt,
  wallClocksBetween,
} from '../../src/core/wall-clock';

describe('a wall clock of the CRM', () => {
  it.each([
    ['summer', '2010-06-14T09:12:00', 'America/Chicago', '2010-06-14T14:12:00Z'],
    ['winter', '2010-01-14T09:12:00', 'America/Chicago', '2010-01-14T15:12:00Z'],
    ['a repeated hour (the first one)', '2010-11-07T01:30:00', 'America/Chicago', '2010-11-07T06:30:00Z'],
    ['an hour that the clocks skip', '2010-03-14T02:30:00', 'America/Chicago', '2010-03-14T08:30:00Z'],
    ['the hour before the skip', '2010-03-14T01:59:59', 'America/Chicago', '2010-03-14T07:59:59Z'],
    ['east of Greenwich', '2010-06-14T00:30:00', 'Europe/Zurich', '2010-06-13T22:30:00Z'],
    ['a repeated hour in the east', '2010-10-31T02:30:00', 'Europe/Zurich', '2010-10-31T00:30:00Z'],
    ['half hours', '2010-06-14T09:00:00', 'Asia/Kolkata', '2010-06-14T03:30:00Z'],
    ['a day that a zone left out', '2011-12-30T12:00:00', 'Pacific/Apia', '2011-12-30T22:00:00Z'],
    ['milliseconds', '2010-06-14T09:12:00.123', 'UTC', '2010-06-14T09:12:00Z'],
  ])('is an instant: %s', (_name, wallClock, zone, instant) => {
    expect(instantOf({ wallClock, timeZone: zone })).toBe(instant);
  });

  it.each(['1753-01-01T00:00:00', '', '2010-06-14', 'tomorrow', '2010-13-45T00:00:00'])('has no instant for %p', (wallClock) => {
    expect(instantOf({ wallClock, timeZone: 'America/Chicago' })).toBeUndefined();
  });

  it('is what a clock on the wall shows at an instant', () => {
    expect(wallClockAt(Date.parse('2010-06-14T14:12:00Z'), 'America/Chicago')).toBe('2010-06-14T09:12:00');
  });
});

it('is spelled in UTC where its zone shows an hour for the second time', () => {
  const time = (instant: string) => siteTimeAt(Date.parse(instant), 'America/Chicago');
  expect(time('2010-11-07T06:30:00Z')).toEqual({ wallClock: '2010-11-07T01:30:00', timeZone: 'America/Chicago' });
  expect(time('2010-11-07T07:30:00Z')).toEqual({ wallClock: '2010-11-07T07:30:00', timeZone: 'UTC' });
});

describe('the wall clocks between two instants', () => {
  // In Chicago the clocks of 2010 were set forward on 14 March at 08:00Z, and back on 7 November at 07:00Z.
  it.each([
    ['a day in summer', '06-14T05:00', '06-15T05:00', '06-14T00:00', '06-15T00:00'],
    ['a skipped hour', '03-14T07:30', '03-14T08:30', '03-14T01:30', '03-14T03:30'],
    ['from the first time of the repeated hour to the second', '11-07T06:30', '11-07T07:10', '11-07T00:30', '11-07T02:10'],
    ['within the first time', '11-07T06:10', '11-07T06:50', '11-07T00:10', '11-07T01:50'],
    ['within the second time', '11-07T07:10', '11-07T07:50', '11-07T01:10', '11-07T02:50'],
    ['the day after', '11-08T06:00', '11-09T06:00', '11-08T00:00', '11-09T00:00'],
  ])('are those of %s', (_name, since, until, from, to) => {
    const between = wallClocksBetween(Date.parse(`2010-${since}Z`), Date.parse(`2010-${until}Z`), 'America/Chicago');
    expect(between).toEqual({ since: `2010-${from}:00`, until: `2010-${to}:00` });
  });

  it.each(['America/Chicago', 'Europe/Zurich', 'Australia/Lord_Howe', 'Asia/Kolkata'])('miss nothing of a year in %s', (zone) => {
    const QUARTER = 15 * 60_000;
    const lost: string[] = [];
    for (let since = Date.UTC(2010, 0); since < Date.UTC(2011, 0); since += 7 * QUARTER) {
      const [moment, until] = [since + 3 * QUARTER, since + 4 * QUARTER];
      const between = wallClocksBetween(since, until, zone);
      const shown = wallClockAt(moment, zone);
      if (shown < between.since || shown >= between.until) lost.push(shown);
    }
    expect(lost).toEqual([]);
  });
});

describe('the moments at which clocks are set', () => {
  const between = (since: string, until: string, zone: string) =>
    clockChanges(Date.parse(since), Date.parse(until), zone).map(
      ({ at, before, after }) => `${isoSeconds(at)} ${before / 60_000} ${after / 60_000}`,
    );

  it.each([
    ['Europe/Zurich', ['2026-03-29T01:00:00Z 60 120', '2026-10-25T01:00:00Z 120 60']],
    ['America/Chicago', ['2026-03-08T08:00:00Z -360 -300', '2026-11-01T07:00:00Z -300 -360']],
    ['Australia/Sydney', ['2026-04-04T16:00:00Z 660 600', '2026-10-03T16:00:00Z 600 660']],
    ['Africa/Casablanca', ['2026-02-15T02:00:00Z 60 0', '2026-03-22T02:00:00Z 0 60']],
    ['Asia/Kathmandu', []],
  ])('of %s are found to the second', (zone, changes) => {
    expect(between('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', zone)).toEqual(changes);
  });

  it('are found though there were two in a week', () => {
    const found = between('2000-10-08T02:30:00Z', '2000-10-15T02:00:00Z', 'America/Recife');
    expect(found).toEqual(['2000-10-08T03:00:00Z -180 -120', '2000-10-15T02:00:00Z -120 -180']);
    const shown = ['2000-10-08T02:59:59Z', '2000-10-08T03:00:00Z', '2000-10-10T12:00:00Z', '2000-10-15T02:00:00Z'];
    expect(shown.map((instant) => wallClockAt(Date.parse(instant), 'America/Recife').slice(8))).toEqual([
      '07T23:59:59',
      '08T01:00:00',
      '10T10:00:00',
      '14T23:00:00',
    ]);
  });

  it('end with the stretch that is asked for', () => {
    expect(between('2026-03-28T00:00:00Z', '2026-03-29T00:59:59Z', 'Europe/Zurich')).toEqual([]);
    expect(between('2026-03-28T00:00:00Z', '2026-03-29T01:00:00Z', 'Europe/Zurich')).toHaveLength(1);
  });
});

it.each([
  ['Europe/Zurich', true],
  ['US/Central', true],
  ['UTC', true],
  ['W. Europe Standard Time', false],
  ['+01:00', false],
  ['', false],
])('whether %p is a zone: %p', (name, is) => {
  expect(isTimeZone(name)).toBe(is);
});
