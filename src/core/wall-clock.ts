// The CRM's moments: text without a zone, in the server's local time (docs/crm.md, "Dates and time zones").

/** A wall-clock text such as `2010-06-14T09:12:00`, read off a clock in a known zone. */
export type WallClock = string;

const NO_DATE_YEAR = '1753';

/** A moment as a site's clock showed it. */
export interface SiteTime {
  readonly wallClock: WallClock;
  /** The IANA name of the clock's zone. */
  readonly timeZone: string;
}

/** Whether a wall clock says a moment: not for "no date" (1753-01-01), and not for a text that is none. */
export function isMoment(wallClock: WallClock): boolean {
  return !wallClock.startsWith(NO_DATE_YEAR) && !Number.isNaN(readAsUtc(wallClock));
}

/** A moment of UTC (ms since 1970) as a time of the site UTC. */
export function utcTime(instantMs: number): SiteTime {
  return { wallClock: isoSeconds(instantMs).slice(0, -1), timeZone: 'UTC' };
}

/** The moment as an ISO 8601 instant in UTC; `undefined` where the wall clock says no moment. */
export function instantOf({ wallClock, timeZone }: SiteTime): string | undefined {
  if (!isMoment(wallClock)) return undefined;
  const asUtc = readAsUtc(wallClock);
  if (timeZone === 'UTC') return isoSeconds(asUtc);
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
  return spellUtc(instantMs + offsetMs(instantMs, timeZone));
}

/**
 * The time that a zone's clock shows at an instant (ms since 1970 UTC); in UTC where that clock shows it for the second time, which
 * would be read as the first one.
 */
export function siteTimeAt(instantMs: number, timeZone: string): SiteTime {
  const time = { wallClock: wallClockAt(instantMs, timeZone), timeZone };
  return instantOf(time) === isoSeconds(instantMs) ? time : utcTime(instantMs);
}

/** How far at the most clocks are set back at once, in ms: everywhere in the tz database since 1970 it is an hour, or less. */
const SET_BACK_MS = 2 * 3_600_000;

/**
 * The wall clocks of a zone between which everything stands that was logged between two instants (ms since 1970 UTC). Around the hour
 * that clocks repeat this is up to that hour more: what a clock showed twice cannot be told apart.
 */
export function wallClocksBetween(
  sinceMs: number,
  untilMs: number,
  timeZone: string,
): { readonly since: WallClock; readonly until: WallClock } {
  const least = Math.min(offsetMs(sinceMs, timeZone), offsetMs(sinceMs + SET_BACK_MS, timeZone));
  const most = Math.max(offsetMs(untilMs, timeZone), offsetMs(untilMs - SET_BACK_MS, timeZone));
  return { since: spellUtc(sinceMs + least), until: spellUtc(untilMs + most) };
}

/** A moment at which a zone's clocks are set, in ms since 1970 UTC, and how far they are ahead of UTC before it and from then on, in ms. */
export interface ClockChange {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** Less than there ever is between two such moments, in ms: in Recife it was once a week less an hour, in Freetown four days. */
const STEP_MS = 24 * 3_600_000;

/** When a zone's clocks are set between two instants (ms since 1970 UTC), in order. */
export function clockChanges(sinceMs: number, untilMs: number, timeZone: string): readonly ClockChange[] {
  const changes: ClockChange[] = [];
  for (let from = sinceMs; from < untilMs; from += STEP_MS) {
    const [before, after] = [offsetMs(from, timeZone), offsetMs(Math.min(from + STEP_MS, untilMs), timeZone)];
    if (before === after) continue;
    let [early, late] = [from, Math.min(from + STEP_MS, untilMs)];
    while (late - early > 1_000) {
      const middle = Math.round((early + late) / 2_000) * 1_000;
      if (offsetMs(middle, timeZone) === before) early = middle;
      else late = middle;
    }
    changes.push({ at: late, before, after });
  }
  return changes;
}

/**
 * Whether Intl knows a zone of this name. The list is asked first because it costs about 1 ms, and the first DateTimeFormat of a process
 * 10 ms. It lacks the aliases (UTC, US/Central, Asia/Kolkata), which DateTimeFormat knows. Offsets such as +01:00 are no zones: they
 * have no summer time.
 */
export function isTimeZone(name: string): boolean {
  if (formats.has(name) || Intl.supportedValuesOf('timeZone').includes(name)) return true;
  if (!/^[a-z]/i.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** An instant (ms since 1970 UTC) in ISO 8601, to the second. */
export function isoSeconds(instantMs: number): string {
  return `${spellUtc(instantMs)}Z`;
}

function spellUtc(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(0, 19);
}

/** The wall clock read as if its zone were UTC, in ms since 1970; NaN for a text that is no moment. */
function readAsUtc(wallClock: WallClock): number {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)/.exec(wallClock);
  return match === null ? Number.NaN : Date.parse(`${match[1] ?? ''}T${match[2] ?? ''}Z`);
}

const HALF_DAY_MS = 12 * 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();
/** By zone and by step since 1970: the offset that counts for all of it in ms, or NaN for one in which the clocks are set. */
const steadyOffsets = new Map<string, Map<number, number>>();

/** How far a zone's clock is ahead of UTC at an instant (ms since 1970 UTC), in ms. Intl is slow, so it is asked for each step of time once. */
export function offsetMs(instantMs: number, timeZone: string): number {
  const known = steadyOffsets.get(timeZone) ?? new Map<number, number>();
  steadyOffsets.set(timeZone, known);
  const step = Math.floor(instantMs / STEP_MS);
  let steady = known.get(step);
  if (steady === undefined) {
    const [begin, end] = [shownOffsetMs(step * STEP_MS, timeZone), shownOffsetMs((step + 1) * STEP_MS, timeZone)];
    steady = begin === end ? begin : Number.NaN;
    known.set(step, steady);
  }
  return Number.isNaN(steady) ? shownOffsetMs(instantMs, timeZone) : steady;
}

/** The offset as Intl shows it. */
function shownOffsetMs(instantMs: number, timeZone: string): number {
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
