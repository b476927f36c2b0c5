// When somebody is busy, of which a groupware tells nothing else. It tells it as items that nobody made, and nobody can change: one that
// begins or ends at another moment is another one. Pure.

import { isoSeconds, utcTime } from '../wall-clock';
import type { Decision } from './decide';
import type { Entry } from './entry';

/** A time at which somebody is busy, in ms since 1970 UTC. Its end is the first moment after it. */
export interface BusyTime {
  readonly begin: number;
  readonly end: number;
}

/** All that anybody is told. */
const SUBJECT = 'Busy';

/** The item's id, such as `busy/2026-11-29T09:00:00Z/2026-11-29T10:00:00Z`. This spelling can never change. */
export function busyId({ begin, end }: BusyTime): string {
  return `busy/${isoSeconds(begin)}/${isoSeconds(end)}`;
}

/** The time that an id says; `undefined` for the id of anything else. */
export function readBusyId(id: string): BusyTime | undefined {
  const [, begin, end] = /^busy\/([\dT:-]+Z)\/([\dT:-]+Z)$/.exec(id) ?? [];
  return begin === undefined || end === undefined ? undefined : { begin: Date.parse(begin), end: Date.parse(end) };
}

/** Whether an id is that of such an item. */
export function isBusyId(id: string): boolean {
  return readBusyId(id) !== undefined;
}

/** The item as an entry. In UTC, so that its moments are the same whatever clocks do. */
export function busyEntry({ begin, end }: BusyTime): Entry {
  const time = { begin: utcTime(begin), end: utcTime(end) };
  return { kind: 'event', subject: SUBJECT, time, place: '', notes: '', done: false };
}

/** Times in their order; those that overlap or meet are one. */
export function joined(times: readonly BusyTime[]): readonly BusyTime[] {
  const all: BusyTime[] = [];
  for (const { begin, end } of times.toSorted((a, b) => a.begin - b.begin)) {
    const last = all.at(-1);
    if (last === undefined || begin > last.end) all.push({ begin, end });
    else all[all.length - 1] = { begin: last.begin, end: Math.max(last.end, end) };
  }
  return all;
}

/** A decision about such an item, which nothing is done to: the row that somebody changed or deleted stays as people made it. */
export function readOnly(decision: Decision): Decision {
  if (decision.remote === undefined) return decision;
  const why = 'somebody changed or deleted it in the CRM, and when a user is busy is only read';
  return { link: { ...decision.link, state: 'apart', cause: 'both', reason: why }, why, lost: [], waits: [] };
}
