import { isSameField, type Entry, type Span } from '../../../src/core/sync/entry';

const at = (wallClock: string, timeZone: string) => ({ wallClock, timeZone });
const entry = (time: Span): Entry => ({ kind: 'event', subject: 'Visit', time, place: '', notes: '', done: false });
const NINE = at('2026-06-15T09:00:00', 'America/Chicago');

describe('A time', () => {
  it.each<[string, Span, boolean]>([
    ['spelled alike', { begin: { ...NINE } }, true],
    ['of the same moment in another zone', { begin: at('2026-06-15T14:00:00', 'UTC') }, true],
    ['of the same wall clock in another zone', { begin: { ...NINE, timeZone: 'UTC' } }, false],
    ['of another moment', { begin: { ...NINE, wallClock: '2026-06-15T09:00:01' } }, false],
    ['that has an end, too,', { begin: NINE, end: NINE }, false],
    ['of the whole day', { begin: { day: '2026-06-15' } }, false],
    ['that is none', {}, false],
  ])('%s is the same or is not', (_, time, isSame) => {
    expect(isSameField(entry({ begin: NINE }), entry(time), 'time')).toBe(isSame);
    expect(isSameField(entry(time), entry({ begin: NINE }), 'time')).toBe(isSame);
    expect(isSameField(entry(time), entry({ ...time }), 'time')).toBe(true);
  });
});
