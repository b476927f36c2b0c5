// Wall clocks and moments, for the stand-in alone: it must not make the same mistake as the program that it is asked by.

const MINUTE_MS = 60_000;

/** Whether it is the IANA name of a zone. */
export function isZone(name: string): boolean {
  const known = zones.get(name) ?? isKnownZone(name);
  zones.set(name, known);
  return known;
}

/** To ask for a format takes long. */
const zones = new Map<string, boolean>();

function isKnownZone(name: string): boolean {
  if (!/^(UTC|[A-Z][A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  const options = { timeZone: zone, hourCycle: 'h23', era: 'short' } as const;
  const parts = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en', { ...options, ...parts });
  formats.set(zone, format);
  return format;
}

/** How far a zone is ahead of UTC at a moment, in minutes. */
function offsetAt(moment: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const clock = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((clock - Math.floor(moment / 1000) * 1000) / MINUTE_MS);
}

/**
 * The moment of a wall clock, `2026-03-02T09:30:00`, in ms since 1970 UTC. An hour that is missing is taken as if the clock had not been
 * changed yet, of one that comes twice it is the first.
 */
export function momentOf(wallClock: string, zone: string): number {
  const naive = Date.parse(`${wallClock}Z`);
  const before = offsetAt(naive - 24 * 60 * MINUTE_MS, zone);
  const after = offsetAt(naive + 24 * 60 * MINUTE_MS, zone);
  const [first, second] = [naive - before * MINUTE_MS, naive - after * MINUTE_MS];
  return offsetAt(first, zone) === before || offsetAt(second, zone) !== after ? first : second;
}

/** A moment as a wall clock of a zone. */
export function wallClockOf(moment: number, zone: string): string {
  return new Date(moment + offsetAt(moment, zone) * MINUTE_MS).toISOString().slice(0, 19);
}

/** A moment with the offset of a zone, as in RFC 3339. */
export function spelledMoment(moment: number, zone: string): string {
  const offset = offsetAt(moment, zone);
  if (offset === 0) return `${wallClockOf(moment, zone)}Z`;
  const [sign, minutes] = [offset < 0 ? '-' : '+', Math.abs(offset)];
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  return `${wallClockOf(moment, zone)}${sign}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** A date-time of RFC 3339, whose offset may be left out: the wall clock, and the moment where it has an offset. */
export function readDateTime(text: string): { readonly wallClock: string; readonly moment?: number } | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/i.exec(text);
  if (match === null) return undefined;
  const [, clock = '', , offset] = match;
  const naive = Date.parse(`${clock}Z`);
  // 31 February would be read as 3 March.
  if (Number.isNaN(naive) || new Date(naive).toISOString().slice(0, 19) !== clock.toUpperCase()) return undefined;
  return { wallClock: clock, ...(offset === undefined ? {} : { moment: Date.parse(`${clock}${offset}`) }) };
}

/** Whether a text is a day that there is. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && readDateTime(`${text}T00:00:00`) !== undefined;
}
