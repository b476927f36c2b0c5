// Reads an activity from the CRM's database: the row that may not be committed yet is waited for, what is internal is left there.

import type { Activity, ActivityEntry, Request } from '../core/activity';
import { sleep, type Deadline } from '../core/deadline';
import { DatabaseError } from '../core/database-error';
import type { Database, Row } from '../io/database';
import {
  activityQuery,
  FIELD_PREFIX,
  OPTIONAL_COLUMNS,
  type OptionalColumn,
  type QueriedType,
  type Wanted,
} from './activity-query';

/** What reading found. `absent`: a row is not there, or not yet; `mismatched`: it is there, and belongs to another object. */
export type Reading =
  | { readonly kind: 'found'; readonly activity: Activity }
  | { readonly kind: 'internal'; readonly reason: string }
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'mismatched'; readonly reason: string };

/** How long a row is waited for that the CRM may not have committed yet, and how often it is looked for. */
const COMMIT_WAIT_MS = 2_000;
const FIRST_WAIT_MS = 50;

/**
 * Reads the activity of a request, or, where it names none, the object's newest one in a window (of the CRM's wall clock), internal
 * notes left out, else the object alone. Rejects with a DatabaseError.
 */
export async function readActivity(
  database: Database,
  type: QueriedType,
  request: Request,
  window: { readonly since: string; readonly until: string },
  deadline: Deadline,
): Promise<Reading> {
  const { objid, activityObjid } = request;
  const wanted: Wanted = activityObjid === undefined ? { objid, ...window } : { objid, activityObjid };
  const rows = await waitForRows(() => queryWithoutMissing(database, type, wanted, deadline.signal), deadline);
  return interpret(rows, request);
}

async function waitForRows(look: () => Promise<readonly Row[]>, deadline: Deadline): Promise<readonly Row[]> {
  let waited = 0;
  for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
    const rows = await look();
    const pause = Math.min(wait, COMMIT_WAIT_MS - waited);
    // The last look has to leave time for saying what came of it.
    if (rows.length > 0 || pause <= 0 || deadline.remainingMs() < 2 * pause) return rows;
    await sleep(pause, deadline.signal);
    waited += pause;
  }
}

/** Where a column is unknown, the optional ones are looked up and those that this site lacks are left out, once. */
async function queryWithoutMissing(
  database: Database,
  type: QueriedType,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  try {
    return await database.query(activityQuery(type, wanted), signal);
  } catch (error) {
    if (!(error instanceof DatabaseError && error.problem === 'unknown-column')) throw error;
    const missing = await missingColumns(database, signal);
    if (missing.length === 0) throw error;
    return database.query(activityQuery(type, wanted, missing), signal);
  }
}

async function missingColumns(database: Database, signal: AbortSignal): Promise<readonly OptionalColumn[]> {
  const known = new Map<string, ReadonlySet<string>>();
  for (const { table } of OPTIONAL_COLUMNS) {
    if (!known.has(table)) known.set(table, await database.columnsOf(table, signal));
  }
  return OPTIONAL_COLUMNS.filter(({ table, column }) => known.get(table)?.has(column) !== true);
}

function interpret(rows: readonly Row[], request: Request): Reading {
  const { objectType, objid, activityObjid } = request;
  const [first] = rows;
  if (first === undefined) {
    const what =
      activityObjid === undefined ? `${objectType} with the objid ${objid}` : `activity with the objid ${activityObjid}`;
    return { kind: 'absent', reason: `there is no ${what}` };
  }
  if (first['object_objid'] === null) {
    return {
      kind: 'mismatched',
      reason: `activity ${activityObjid} does not belong to the ${objectType} with the objid ${objid}`,
    };
  }
  if (activityObjid !== undefined && isInternal(first))
    return { kind: 'internal', reason: `activity ${activityObjid} is an internal note` };
  const newest = rows.find((row) => row['activity_objid'] !== null && !isInternal(row));
  const activity = { objectType, objid, fields: fieldsOf(first) };
  return { kind: 'found', activity: newest === undefined ? activity : { ...activity, entry: entryOf(newest) } };
}

function isInternal(row: Row): boolean {
  return [row['note_internal'], row['phone_internal']].some((mark) => mark !== null && Number(mark) !== 0);
}

function fieldsOf(row: Row): Readonly<Record<string, string>> {
  const fields = Object.entries(row).filter(([column]) => column.startsWith(FIELD_PREFIX));
  return Object.fromEntries(
    fields.map(([column, value]) => [column.slice(FIELD_PREFIX.length), value === null ? '' : String(value)]),
  );
}

function entryOf(row: Row): ActivityEntry {
  const text = (column: string) => (row[column] === null ? '' : String(row[column]));
  const proxy = text('proxy_login').trim();
  const login = proxy || text('user_login');
  // Somebody who used "Switch User" is the real actor; a customer's own doing (self service) comes next, then the CRM user.
  const people = proxy === '' ? ['contact', 'user'] : ['proxy'];
  const names = people.map((person) => [text(`${person}_first_name`), text(`${person}_last_name`)].filter(Boolean).join(' '));
  return {
    objid: Number(row['activity_objid']),
    code: Number(row['activity_code']),
    listName: text('activity_name') || text('activity_rank_name'),
    time: text('activity_time'),
    actor: names.find((name) => name !== '') ?? login,
    actorLogin: login,
    // A customer's doing comes with the login of self service, whose address is nobody's.
    actorEmail: proxy !== '' ? text('proxy_email') : names[0] === '' ? text('user_email') : '',
  };
}
