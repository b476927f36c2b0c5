// The CRM's moments: text without a zone, in the server's local time (reference: Clarify notes, section 2, Dates).

/** A wall-clock text such as `2010-06-14T09:12:00`, read off a clock in a known zone. */
export type WallClock = string;

const NO_DATE_YEAR = '1753';

/** The moment as an ISO 8601 instant in UTC; `undefined` for "no date" (1753-01-01) and for a text that is no moment. */
export function instantOf(wallClock: WallClock, timeZone: string): string | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)/.exec(wallClock);
  if (match === null || match[1] === NO_DATE_YEAR) return undefined;
  const asUtc = Date.parse(`${wallClock.slice(0, 10)}T${wallClock.slice(11, 19)}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The offsets half a day before and after are the only two that can apply. Where both give the wall clock back (an hour that
  // the clocks repeat), the earlier instant is the first of the two; where neither does (an hour that they skip), the offset of
  // before shifts the moment forward by the length of the gap.
  const before = offsetMs(asUtc - HALF_DAY_MS, timeZone);
  const after = offsetMs(asUtc + HALF_DAY_MS, timeZone);
  const candidates = [asUtc - before, asUtc - after].filter((instant) => instant + offsetMs(instant, timeZone) === asUtc);
  return isoSeconds(candidates.length === 0 ? asUtc - before : Math.min(...candidates));
}

/** The wall clock of a zone at an instant (ms since 1970 UTC), to the second. */
export function wallClockAt(instantMs: number, timeZone: string): WallClock {
  return new Date(instantMs + offsetMs(instantMs, timeZone)).toISOString().slice(0, 19);
}

/** An instant (ms since 1970 UTC) in ISO 8601, to the second. */
export function isoSeconds(instantMs: number): string {
  return `${new Date(instantMs).toISOString().slice(0, 19)}Z`;
}

const HALF_DAY_MS = 12 * 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a zone's clock is ahead of UTC at an instant, in ms. */
function offsetMs(instantMs: number, timeZone: string): number {
  const parts = formatFor(timeZone).formatToParts(instantMs);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((found) => found.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(instantMs / 1_000) * 1_000;
}

/** Made at first use and kept: the first format of a process costs some 10 ms, which a run without a date does not pay. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}
