import { instantOf, wallClockAt } from '../../src/core/wall-clock';

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
