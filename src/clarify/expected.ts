// The activities that business rules pass on, as the configuration names them, and where the CRM logs them.

import type { ReconcileConfig } from '../config/reconcile';
import { UserError } from '../core/errors';
import { nearest } from '../core/nearest';
import { wallClocksBetween } from '../core/wall-clock';
import type { Kinds, LoggedActivity } from './activity-log';
import type { LogReader } from './log-reader';
import type { ObjectType } from './object-type';
import { typeCalled } from './templates';
import { ACTIVITY_NAMES } from './wording';

/** One entry of `reconcile`. Every question rejects with a DatabaseError where the CRM does not answer. */
export interface ExpectedActivities {
  /** The canonical name. */
  readonly objectType: string;
  /** The rule under which they are posted; may be empty. */
  readonly rule: string;
  /** Rejects with a UserError of the kind `configuration` where an activity has a name that neither the CRM nor this program knows. */
  checkNames(signal: AbortSignal): Promise<void>;
  /** The next `most` after an activity, or the first ones, in the order in which they were logged. */
  logged(span: Span, after: LoggedActivity | undefined, most: number, signal: AbortSignal): Promise<readonly LoggedActivity[]>;
  count(span: Span, signal: AbortSignal): Promise<number>;
}

/** From one moment on and before another, in ms since 1970 UTC. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

/** How many activities of all entries the CRM logged. */
export async function countAll(expected: readonly ExpectedActivities[], span: Span, signal: AbortSignal): Promise<number> {
  let count = 0;
  for (const each of expected) count += await each.count(span, signal);
  return count;
}

/** What a configuration expects rules to pass on; its object types were checked. */
export function expectedActivities(
  entries: ReconcileConfig,
  types: readonly ObjectType[],
  reader: LogReader,
  timeZone: string,
): readonly ExpectedActivities[] {
  return entries.map(({ objectType, activities, rule }) => {
    const type = typeCalled(objectType, types);
    if (type === undefined) throw new Error(`the check let the object type ${objectType} through`);
    return activitiesOf(type, rule, kindsOf(activities), reader, timeZone);
  });
}

/** All activities of all object types that have any of their own: what there could be, where nothing says what rules pass on. */
export function allActivities(types: readonly ObjectType[], reader: LogReader, timeZone: string): readonly ExpectedActivities[] {
  return types.filter(({ relation }) => relation !== undefined).map((type) => activitiesOf(type, '', 'all', reader, timeZone));
}

function activitiesOf(type: ObjectType, rule: string, kinds: Kinds, reader: LogReader, timeZone: string): ExpectedActivities {
  const part = ({ since, until }: Span, after?: LoggedActivity) => {
    const between = wallClocksBetween(since, until, timeZone);
    return { ...between, afterObjid: 0, ...(after && { since: after.time, afterObjid: after.activityObjid }) };
  };
  const names = kinds === 'all' ? [] : kinds.names.filter((name) => codesCalled(name).length === 0);
  return {
    objectType: type.name,
    rule,
    checkNames: (signal) => checkNames(names, reader, signal),
    logged: (span, after, most, signal) => reader.logged(type, kinds, part(span, after), most, signal),
    count: (span, signal) => reader.count(type, kinds, part(span), signal),
  };
}

/** The baseline codes of the names count, too: a site may have given them other names. */
function kindsOf(activities: readonly (string | number)[]): Kinds {
  const names = activities.filter((activity) => typeof activity === 'string');
  const codes = activities.filter((activity) => typeof activity === 'number');
  return { codes: [...new Set([...codes, ...names.flatMap(codesCalled)])], names: [...new Set(names)] };
}

function codesCalled(name: string): readonly number[] {
  const codes = Object.entries(ACTIVITY_NAMES).filter(([, known]) => known.toLowerCase() === name.toLowerCase());
  return codes.map(([code]) => Number(code));
}

/** A name with a mistake in it would let everything look well for ever. */
async function checkNames(names: readonly string[], reader: LogReader, signal: AbortSignal): Promise<void> {
  if (names.length === 0) return;
  const known = [...new Set([...Object.values(ACTIVITY_NAMES), ...(await reader.activityNames(signal))])];
  const unknown = names.filter((name) => !known.some((each) => each.toLowerCase() === name.toLowerCase()));
  const [first] = unknown;
  if (first === undefined) return;
  const near = nearest(first, known);
  const remedy = near === undefined ? 'write it as the CRM lists it, or its code' : `did you mean ${near}?`;
  throw new UserError('configuration', `reconcile: the CRM knows no activity called ${JSON.stringify(first)}`, remedy);
}
