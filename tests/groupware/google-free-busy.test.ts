// What is asked about when a user is busy, and what is made of Google's answer.

import { askedAbout, readBusy } from '../../src/groupware/google/calendar/free-busy';

const DAY_MS = 86_400_000;
const busy = (...times: readonly (readonly [string, string])[]) => ({
  calendars: { primary: { busy: times.map(([start, end]) => ({ start, end })) } },
});
const hour = (n: number, offset = 'Z') => `2026-11-29T${String(n).padStart(2, '0')}:00:00${offset}`;
const span = (begin: number, end: number) => ({ begin: Date.parse(hour(begin)), end: Date.parse(hour(end)) });

describe('What is asked about', () => {
  const now = Date.parse('2026-11-29T10:07:31Z');

  it('is no more than Google takes at once, with a week that is over and ten to come', () => {
    for (const at of [now, now + DAY_MS, now + 2 * DAY_MS, now + 5 * DAY_MS]) {
      const { begin, end } = askedAbout(at);
      expect(end - begin).toBeLessThanOrEqual(90 * DAY_MS);
      expect(begin).toBeLessThanOrEqual(at - 7 * DAY_MS);
      expect(end).toBeGreaterThanOrEqual(at + 70 * DAY_MS);
    }
  });

  it('is the same for a week', () => {
    const begin = askedAbout(now).begin + 7 * DAY_MS;
    expect([begin, begin + 7 * DAY_MS - 1].map(askedAbout)).toEqual([askedAbout(now), askedAbout(now)]);
    expect(askedAbout(begin + 7 * DAY_MS)).not.toEqual(askedAbout(now));
  });
});

describe('An answer of Google’s', () => {
  it.each<[string, unknown, readonly object[]]>([
    ['without a busy time is of somebody who is free', busy(), []],
    ['has times in their order', busy([hour(12), hour(13)], [hour(9), hour(10)]), [span(9, 10), span(12, 13)]],
    ['may have times that meet', busy([hour(9), hour(10)], [hour(10), hour(11)]), [span(9, 11)]],
    ['may be spelled in another zone', busy([hour(10, '+01:00'), hour(11, '+01:00')]), [span(9, 10)]],
    ['may call the calendar by its own id', { calendars: { 'ann@example.com': { busy: [] } } }, []],
    ['may say that there are no errors', { calendars: { primary: { busy: [], errors: [] } } }, []],
  ])('%s', (_, json, expected) => {
    expect(readBusy(json)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['is empty', {}],
    ['is no object', 'busy'],
    ['has no calendar', { calendars: {} }],
    ['has two calendars', { calendars: { primary: { busy: [] }, other: { busy: [] } } }],
    ['has a calendar of which it says nothing', { calendars: { primary: {} } }],
    ['has a calendar that is none', { calendars: { primary: 'busy' } }],
    ['has times that are none', { calendars: { primary: { busy: 'all day' } } }],
    ['has a time without its end', { calendars: { primary: { busy: [{ start: hour(9) }] } } }],
    ['has a day in place of a moment', busy(['2026-11-29', '2026-11-30'])],
    ['has a moment without an offset', busy([hour(9, ''), hour(10, '')])],
    ['has a time that ends as it begins', busy([hour(9), hour(9)])],
    ['has errors that are none', { calendars: { primary: { busy: [], errors: 'none' } } }],
  ])('is no word of anybody’s being free where it %s', (_, json) => {
    expect(readBusy(json)).toEqual({ kind: 'retry', reason: 'Google’s answer about when the user is busy cannot be read' });
  });

  it.each<[string, readonly object[], string]>([
    ['its reason', [{ domain: 'global', reason: 'internalError' }], 'internalError'],
    ['no reason', [{}], 'no reason'],
    ['none of its words', [{ reason: 'Ann sees her dentist' }], 'no reason'],
  ])('that has an error tells %s, and no times', (_, errors, words) => {
    const json = { calendars: { primary: { errors, busy: [] } } };
    expect(readBusy(json)).toEqual({ kind: 'retry', reason: `Google does not tell when the user is busy (${words})` });
  });
});
