// The statements that read the CRM's own log: which activities of the objects of a type there were between two moments, whoever heard
// of them. Pure.

import type { ActivityEntry } from '../core/activity';
import type { WallClock } from '../core/wall-clock';
import type { Parameter } from '../io/database';
import {
  optionalOf,
  ownerOf,
  parentColumns,
  publicOnly,
  RANK_NAME,
  type ActivityStatement,
  type Has,
  type QueriedType,
} from './activity-query';
import type { Column } from './path';
import { sqlName } from './sql-name';

/** An activity as the log has it. */
export interface LoggedActivity extends Pick<ActivityEntry, 'code' | 'time' | 'onParent'> {
  /** Of the object that it belongs to. */
  readonly objid: number;
  readonly activityObjid: number;
  /** As posts call it. */
  readonly name: string;
}

/** Which activities are wanted: those with one of the codes, and those that the CRM calls by one of the names, in any case; or all. */
export type Kinds = 'all' | { readonly codes: readonly number[]; readonly names: readonly string[] };

/** A part of the log, in the CRM's wall clock. */
export interface LogPart {
  /** From this moment on; and at this very moment only what has a greater objid than `afterObjid`. */
  readonly since: WallClock;
  readonly afterObjid: number;
  /** Before this moment. */
  readonly until: WallClock;
}

/** What the statements have to know about an object type. */
export type LoggedType = Omit<QueriedType, 'fields'>;

/** The activities of a part of the log, in their order, at most `most`. Internal notes are none of them, nor is what has lost its object. */
export function logQuery(
  type: LoggedType,
  kinds: Kinds,
  part: LogPart,
  most: number,
  lacks: (column: Column) => boolean = () => false,
): ActivityStatement {
  const has = (column: Column) => !lacks(column);
  const select = [
    `o.${sqlName(type.idColumn)} AS object_objid`,
    'a.[objid] AS activity_objid',
    'a.[act_code] AS activity_code',
    'a.[entry_time] AS activity_time',
    `${LIST_NAME} AS activity_name`,
    ...parentColumns(type, has),
  ];
  const statement = fromLog(type, kinds, part, select, has);
  return { ...statement, text: `${statement.text}\nORDER BY a.[entry_time], a.[objid]`, most };
}

/** How many activities a part of the log has, as one row with `logged`. */
export function logCount(
  type: LoggedType,
  kinds: Kinds,
  part: LogPart,
  lacks: (column: Column) => boolean = () => false,
): ActivityStatement {
  return fromLog(type, kinds, part, ['COUNT(*) AS logged'], (column) => !lacks(column));
}

/** The names of all activities that the CRM knows (docs/crm.md, "The activity log"), one a row. */
export const ACTIVITY_LIST = {
  text: `SELECT e.[title] AS title FROM [table_gbst_elm] e
JOIN [table_gbst_lst] l ON l.[objid] = e.[gbst_elm2gbst_lst] WHERE l.[title] = 'Activity Name'`,
  parameters: {},
} as const;

/** The name of an activity in the CRM's list. The list is searched by rank only for a row that names no element of it. */
const LIST_NAME = `COALESCE(NULLIF(n.[title], ''), ${RANK_NAME})`;

function fromLog(
  type: LoggedType,
  kinds: Kinds,
  { since, afterObjid, until }: LogPart,
  select: readonly string[],
  has: Has,
): ActivityStatement {
  const owner = ownerOf(type, has);
  const kind = kindOf(kinds);
  const text = [
    `SELECT ${select.join(', ')}`,
    'FROM [table_act_entry] a',
    // What has no object could never be posted.
    `JOIN ${sqlName(type.table)} o ON o.${sqlName(type.idColumn)} = ${owner.text}`,
    'LEFT JOIN [table_gbst_elm] n ON n.[objid] = a.[entry_name2gbst_elm]',
    'LEFT JOIN [table_notes_log] nl ON nl.[objid] = a.[act_entry2notes_log]',
    'LEFT JOIN [table_phone_log] pl ON pl.[objid] = a.[act_entry2phone_log]',
    'WHERE a.[entry_time] >= @since AND a.[entry_time] < @until AND (a.[entry_time] > @since OR a.[objid] > @afterObjid)',
    `AND (${kind.text})`,
    ...publicOnly(has),
  ];
  return {
    text: text.join('\n'),
    parameters: { since, until, afterObjid, ...owner.parameters, ...kind.parameters },
    optional: optionalOf(type),
  };
}

/** Both sides are made small by the same engine: what is small of an `Ö` is not for us to say. */
function kindOf(kinds: Kinds): { readonly text: string; readonly parameters: Readonly<Record<string, Parameter>> } {
  if (kinds === 'all') return { text: '1 = 1', parameters: {} };
  const { codes, names } = kinds;
  const code = codes.map((value, index) => [`code${index}`, value] as const);
  const name = names.map((value, index) => [`name${index}`, value] as const);
  const conditions = [
    ...(code.length === 0 ? [] : [`a.[act_code] IN (${code.map(([key]) => `@${key}`).join(', ')})`]),
    ...(name.length === 0 ? [] : [`LOWER(${LIST_NAME}) IN (${name.map(([key]) => `LOWER(@${key})`).join(', ')})`]),
  ];
  return {
    text: conditions.length === 0 ? '1 = 0' : conditions.join(' OR '),
    parameters: Object.fromEntries<Parameter>([...code, ...name]),
  };
}
