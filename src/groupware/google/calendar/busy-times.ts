// A user's events, and beside them the times at which the user is busy, as items that nobody changes.

import type { Deadline } from '../../../core/deadline';
import { parsedJson } from '../../../core/parsed-json';
import { busyEntry, busyId, isBusyId, readBusyId, type BusyTime } from '../../../core/sync/busy';
import type { Collection, Found, Listing, RemoteItem, RemoteStep, StepOutcome, Trouble } from '../../groupware';
import { askedAbout } from './free-busy';

/** How it is found out when a user is busy. */
export interface BusyParts {
  /** Asks about a span of time; left out where nobody wants to know. */
  readonly ask?: (about: BusyTime, deadline: Deadline) => Promise<readonly BusyTime[] | Trouble>;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/** The collection with busy times. Where nobody wants to know them, those that are known are not there any more. */
export function withBusyTimes(events: Collection, parts: BusyParts): Collection {
  const { remoteUser, settledAfterMs } = events;
  return {
    ...{ remoteUser, ...(settledAfterMs === undefined ? {} : { settledAfterMs }) },
    list: (cursor, page, deadline) =>
      parts.ask === undefined
        ? events.list(cursor, page, deadline)
        : list(events, { ...parts, ask: parts.ask }, [cursor, page], deadline),
    get: (ids, deadline) => get(events, parts, ids, deadline),
    apply: (steps, deadline) => apply(events, steps, deadline),
    ...(events.inspect === undefined ? {} : { inspect: events.inspect.bind(events) }),
  };
}

/** How far a listing came: of the events, and which busy times are known that were to come. */
interface Reached {
  readonly text: string;
  readonly known: readonly string[];
}

function spelled({ text, known }: Reached): string {
  return JSON.stringify([text, ...known]);
}

function readReached(spelling: string): Reached | undefined {
  const value = parsedJson(spelling);
  if (!Array.isArray(value) || !value.every((part): part is string => typeof part === 'string')) return undefined;
  const [text, ...known] = value;
  return text !== undefined && known.every(isBusyId) ? { text, known } : undefined;
}

/** Busy times stand on the first page: all of them, and which of those that were known are none any more. What is over says nothing. */
async function list(
  events: Collection,
  { ask, now }: Required<BusyParts>,
  [cursor, page]: readonly [string | undefined, string | undefined],
  deadline: Deadline,
): Promise<Listing> {
  const [from, at] = [cursor, page].map((each) => (each === undefined ? undefined : readReached(each)));
  if ((cursor !== undefined && from === undefined) || (page !== undefined && at === undefined)) return { kind: 'expired' };
  if (at !== undefined) return reaching(await events.list(from?.text, at.text, deadline), at.known);
  const moment = now();
  const about = askedAbout(moment);
  const [listed, times] = await Promise.all([events.list(from?.text, undefined, deadline), ask(about, deadline)]);
  if (listed.kind !== 'page' && listed.kind !== 'absent') return listed;
  if ('reason' in times) return times;
  const items = times.filter(({ end }) => end > moment).map(itemOf);
  if (listed.kind === 'absent') return { ...listed, items };
  const known = items.map(({ id }) => id);
  const gone = (from?.known ?? []).filter((id) => !known.includes(id) && isTold(readBusyId(id), about, moment));
  const besides = [...items, ...gone.map((id) => ({ id, gone: true }) as const)];
  return reaching({ ...listed, items: [...listed.items, ...besides] }, known);
}

/** A page that says of the busy times, too, how far it came. */
function reaching(listed: Listing, known: readonly string[]): Listing {
  if (listed.kind !== 'page') return listed;
  const { next, cursor, ...rest } = listed;
  return {
    ...rest,
    ...(next === undefined ? {} : { next: spelled({ text: next, known }) }),
    ...(cursor === undefined ? {} : { cursor: spelled({ text: cursor, known }) }),
  };
}

/** Whether an answer about a span would have a time that is to come, or under way, if it were still there. */
function isTold(time: BusyTime | undefined, about: BusyTime, now: number): boolean {
  return time !== undefined && time.end > now && time.begin < about.end;
}

function itemOf(time: BusyTime): RemoteItem {
  return { id: busyId(time), version: '1', content: { kind: 'entry', entry: busyEntry(time) } };
}

async function get(
  events: Collection,
  { ask, now }: BusyParts,
  ids: readonly string[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, Found> | Trouble> {
  const own = ids.filter((id) => !isBusyId(id));
  const found = own.length === 0 ? new Map<string, Found>() : await events.get(own, deadline);
  const wanted = ids.flatMap((id) => readBusyId(id) ?? []);
  if ('reason' in found || wanted.length === 0) return found;
  const moment = now();
  const about = askedAbout(moment);
  const isAsked = ask !== undefined && wanted.some(({ end }) => end > moment);
  const times = isAsked ? await ask(about, deadline) : [];
  if ('reason' in times) return times;
  const current = new Set(times.map(busyId));
  const answers = wanted.flatMap((time): readonly (readonly [string, Found])[] => {
    const id = busyId(time);
    // What is over stays as it was.
    if (time.end <= moment || current.has(id)) return [[id, itemOf(time)]];
    return isTold(time, about, moment) ? [[id, 'absent']] : [];
  });
  return new Map([...found, ...answers]);
}

const READ_ONLY = 'when a user is busy is only read';

async function apply(
  events: Collection,
  steps: readonly RemoteStep[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, StepOutcome>> {
  const isOfBusy = (step: RemoteStep) => step.do !== 'create' && isBusyId(step.id);
  const refused = steps.filter(isOfBusy).map(({ linkId }) => [linkId, { kind: 'rejected', reason: READ_ONLY }] as const);
  const own = steps.filter((step) => !isOfBusy(step));
  return new Map([...(own.length === 0 ? [] : await events.apply(own, deadline)), ...refused]);
}
