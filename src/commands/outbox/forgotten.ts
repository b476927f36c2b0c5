// A ledger that was emptied, or restored from a backup, does not know what was posted before, and would let it be posted again. The log
// beside it remembers: a ledger never forgets a delivery, so one that the log tells of and the ledger does not know gives it away.

import { isRecord } from '../../core/shape';
import { counted } from '../looking/ledger-words';
import { parsedJson } from '../../core/parsed-json';

/** What the log tells of and the ledger does not know. */
export interface Forgotten {
  /** Of those that were looked for. */
  readonly count: number;
  /** The moment of the oldest of them, as the log has it. */
  readonly since: string;
}

/** How many deliveries are looked for at each end of the log. */
const MOST = 250;

/**
 * Looks for the oldest and the newest deliveries of the log. `known` answers which of some ids the ledger has. `undefined` where it has
 * all of them.
 */
export async function forgottenBy(
  known: (ids: readonly string[]) => Promise<readonly string[]>,
  lines: readonly string[],
  configFile: string,
): Promise<Forgotten | undefined> {
  const kept = new Map(lines.flatMap((line) => keptIn(line, configFile)));
  const all = [...kept.keys()];
  const ids = all.length <= 2 * MOST ? all : [...all.slice(0, MOST), ...all.slice(-MOST)];
  if (ids.length === 0) return undefined;
  const found = new Set(await known(ids));
  const [oldest, ...others] = ids.filter((id) => !found.has(id));
  return oldest === undefined ? undefined : { count: 1 + others.length, since: kept.get(oldest) ?? '' };
}

/** The ids of the deliveries that a line says were kept, each with the line's time. A test message is about no object, and in no ledger. */
function keptIn(line: string, configFile: string): readonly (readonly [id: string, time: string])[] {
  const entry = parsed(line);
  if (typeof entry['objectType'] !== 'string' || entry['configFile'] !== configFile || entry['result'] === 'not-kept') return [];
  const { deliveries } = entry;
  const ids = Array.isArray(deliveries)
    ? deliveries.flatMap((each: unknown) => (isRecord(each) ? [String(each['id'])] : []))
    : [];
  return ids.map((id) => [id, String(entry['time'])]);
}

/** Nothing for a line that is none: half of one, or somebody else's. */
function parsed(line: string): Readonly<Record<string, unknown>> {
  const value = parsedJson(line);
  return isRecord(value) ? value : {};
}

/** What that means, for people. */
export function forgottenWords({ count, since }: Forgotten): string {
  const many = counted(count, 'delivery', 'deliveries');
  return `the log tells of ${many} since ${since} that the ledger does not know: it was emptied, restored from a backup, or is another one`;
}

/** What to do about it. */
export const FORGOTTEN_HINT =
  'what was posted then would be posted again, see "Where exactly once cannot be had" in the README; once that is settled, or where ' +
  'the lines are older than the first ledger, move the log aside';
