import { asDays, dayIn, midnightOf, onDay } from '../../../src/core/sync/all-day';
import type { Entry, Span } from '../../../src/core/sync/entry';

const entry = (kind: 'event' | 'task', time: Span): Entry => ({ kind, subject: '', time, place: '', notes: '', done: false });
const at = (wallClock: string) => ({ wallClock, timeZone: 'Asia/Kathmandu' });
const [first, second] = [at('2026-12-05T00:00:00'), at('2026-12-06T00:00:00')];

describe('whole days', () => {
  it.each<[string, 'event' | 'task', Span, Span]>([
    [
      'an event from midnight to midnight',
      'event',
      { begin: first, end: second },
      { begin: { day: '2026-12-05' }, end: { day: '2026-12-06' } },
    ],
    ['a task that is due at midnight', 'task', { end: first }, { end: { day: '2026-12-05' } }],
    [
      'a task from midnight on',
      'task',
      { begin: first, end: first },
      { begin: { day: '2026-12-05' }, end: { day: '2026-12-05' } },
    ],
    [
      'what is in days already',
      'event',
      { begin: { day: '2026-12-05' }, end: second },
      { begin: { day: '2026-12-05' }, end: { day: '2026-12-06' } },
    ],
  ])('are read from %s', (_, kind, time, days) => {
    expect(asDays(entry(kind, time))).toEqual(entry(kind, days));
  });

  it.each<[string, 'event' | 'task', Span]>([
    ['that ends later', 'event', { begin: first, end: at('2026-12-06T00:30:00') }],
    ['that begins later', 'event', { begin: at('2026-12-05T00:00:01'), end: second }],
    ['without length', 'event', { begin: first, end: first }],
    ['without an end', 'event', { begin: first }],
    ['that is due at another time', 'task', { begin: first, end: at('2026-12-06T09:00:00') }],
  ])('are not read from one %s', (_, kind, time) => {
    expect(asDays(entry(kind, time))).toEqual(entry(kind, time));
  });

  it('begin at midnight', () => {
    expect(midnightOf({ day: '2026-12-05' }, 'Asia/Kathmandu')).toEqual(first);
    expect(midnightOf(second, 'UTC')).toBe(second);
    expect(midnightOf(undefined, 'UTC')).toBeUndefined();
  });
});

describe('the day of a moment', () => {
  const late = { wallClock: '2026-12-02T23:30:00', timeZone: 'America/Chicago' };
  const midnight = { ...late, wallClock: '2026-12-02T00:00:00' };

  it.each([
    ['on its own clock', late, 'America/Chicago', '2026-12-02'],
    ['for somebody further east', late, 'Europe/Zurich', '2026-12-03'],
    ['of a midnight, wherever somebody is', midnight, 'Pacific/Honolulu', '2026-12-02'],
  ])('%s', (_, moment, timeZone, day) => {
    expect(dayIn(moment, timeZone)).toBe(day);
    expect(onDay(moment, day, timeZone)).toBe(moment);
  });

  it('becomes another one at the same time of the day there', () => {
    expect(onDay(late, '2026-12-05', 'America/Chicago')).toEqual({ ...late, wallClock: '2026-12-05T23:30:00' });
    expect(onDay(late, '2026-12-05', 'Europe/Zurich')).toEqual({ wallClock: '2026-12-05T06:30:00', timeZone: 'Europe/Zurich' });
  });
});
