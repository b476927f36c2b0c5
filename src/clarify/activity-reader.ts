// Reads activities from the CRM's database: the row that may not be committed yet is waited for, what is internal is left there.

import type { Activity, ActivityEntry, Request } from '../core/activity';
import { sleep, type Deadline } from '../core/deadline';
import type { Database, Row } from '../io/database';
import { activityQuery, DETAIL_PREFIX, FIELD_PREFIX, type QueriedType, type Wanted } from './activity-query';
import type { Lacks } from './gaps';
import { decisiveColumns, ownerColumns, requiredColumns } from './needs';
import type { ObjectType } from './object-type';
import { openQuestions } from './questions';

/** What reading found. `absent`: a row is not there, or not yet, or may not be seen; `mismatched`: it is there, and belongs to another object. */
export type Reading =
  | { readonly kind: 'found'; readonly activity: Activity }
  | { readonly kind: 'internal'; readonly reason: string }
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'mismatched'; readonly reason: string };

/** What reading has to know about an object type. */
export type ReadType = QueriedType & Pick<ObjectType, 'name' | 'required' | 'id'>;

/** Moments of the CRM's wall clock. */
export interface Window {
  readonly since: string;
  readonly until: string;
}

/** Reads activities. Everything rejects with a DatabaseError. */
export interface ActivityReader {
  /**
   * Reads the activity of a request, or, where it names none, the object's newest one in a window, internal notes left out, else the
   * object alone. A row that is not there is waited for a little.
   */
  read(type: ReadType, request: Request, window: Window, deadline: Deadline): Promise<Reading>;
  /** Reads many requests of one type, each of which names its activity, in one round trip. Nothing is waited for. */
  readMany(type: ReadType, requests: readonly Request[], signal: AbortSignal): Promise<readonly Reading[]>;
}

/** How long a row is waited for that the CRM may not have committed yet, and how often it is looked for. */
const COMMIT_WAIT_MS = 2_000;
const FIRST_WAIT_MS = 50;

/**
 * Reads through a connection. What the site lacks is looked up at most once for each object type. `conditions` are
 * those that decide where a post goes.
 */
export function openActivityReader(database: Database, conditions: readonly string[] = []): ActivityReader {
  const ask = openQuestions(database);
  const look = (type: ReadType, wanted: Wanted, signal: AbortSignal) => {
    const make = (lacks?: Lacks) => activityQuery(type, wanted, lacks);
    const decisive = () => decisiveColumns(type, conditions);
    const needed = (lacks: Lacks) => [
      ...requiredColumns(type, lacks),
      // An object that is read by its own objid needs nobody to say whose it is.
      ...('activityObjids' in wanted ? ownerColumns(type, lacks) : []),
    ];
    return ask({ kind: type.name, make, decisive, needed }, signal);
  };

  return {
    async read(type, request, window, deadline) {
      const { objid, activityObjid } = request;
      const wanted: Wanted = activityObjid === undefined ? { objid, ...window } : { activityObjids: [activityObjid] };
      const rows = await waitForRows(() => look(type, wanted, deadline.signal), deadline);
      return interpret(rows, request, type);
    },

    async readMany(type, requests, signal) {
      const activityObjids = requests.flatMap(({ activityObjid }) => activityObjid ?? []);
      const rows = await look(type, { activityObjids: [...new Set(activityObjids)] }, signal);
      const byActivity = new Map<number, Row[]>();
      for (const row of rows) {
        const activityObjid = Number(row['activity_objid']);
        byActivity.set(activityObjid, [...(byActivity.get(activityObjid) ?? []), row]);
      }
      return requests.map((request) => interpret(byActivity.get(request.activityObjid ?? 0) ?? [], request, type));
    },
  };
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

function interpret(rows: readonly Row[], request: Request, type: ReadType): Reading {
  const { objectType, objid, activityObjid } = request;
  const [first] = rows;
  if (first === undefined) {
    const what =
      activityObjid === undefined ? `${objectType} with the objid ${objid}` : `activity with the objid ${activityObjid}`;
    return { kind: 'absent', reason: `there is no ${what}` };
  }
  if (Number(first['object_objid'] ?? 0) !== objid) {
    return {
      kind: 'mismatched',
      reason: `activity ${activityObjid} does not belong to the ${objectType} with the objid ${objid}`,
    };
  }
  if (activityObjid !== undefined && isInternal(first))
    return { kind: 'internal', reason: `activity ${activityObjid} is an internal note` };
  if (activityObjid !== undefined && isHidden(first))
    return { kind: 'absent', reason: `the note or call of activity ${activityObjid} is not there, so it may be internal` };
  const newest = rows.find((row) => row['activity_objid'] !== null && !isInternal(row) && !isHidden(row));
  const activity = { objectType, objid, fields: valuesOf(newest ?? first, FIELD_PREFIX) };
  return { kind: 'found', activity: newest === undefined ? activity : { ...activity, entry: entryOf(newest, type) } };
}

function isInternal(row: Row): boolean {
  return [row['note_internal'], row['phone_internal']].some((mark) => mark !== null && Number(mark) !== 0);
}

/** Whether its note or call is not there for us. It may be internal, and it may come. */
function isHidden(row: Row): boolean {
  return [row['note_hidden'], row['phone_hidden']].some((mark) => Number(mark ?? 0) !== 0);
}

function valuesOf(row: Row, prefix: string): Readonly<Record<string, string>> {
  const values = Object.entries(row).filter(([column]) => column.startsWith(prefix));
  return Object.fromEntries(values.map(([column, value]) => [column.slice(prefix.length), value === null ? '' : String(value)]));
}

/** A text of a row; empty where it has none. */
export function textOf(row: Row, column: string): string {
  const value = row[column] ?? null;
  return value === null ? '' : String(value);
}

/** The same activity on the parent object, where the CRM logged it there, too. */
export function onParentOf(row: Row, { parent }: Pick<ObjectType, 'parent'>): Pick<ActivityEntry, 'onParent'> {
  const [objid, activityObjid] = [row['parent_objid'], row['parent_activity_objid']].map((value) => Number(value ?? 0));
  return parent !== undefined && objid && activityObjid
    ? { onParent: { objectType: parent.objectType, objid, activityObjid } }
    : {};
}

function entryOf(row: Row, type: ReadType): ActivityEntry {
  const { relation } = type;
  const text = (column: string) => textOf(row, column);
  const proxy = text('proxy_login').trim();
  const login = proxy || text('user_login');
  // Somebody who used "Switch User" is the real actor; a customer's own doing (self service) comes next, then the CRM user.
  // An activity of a contact names that contact as its object, whoever did it.
  const unproxied = relation === 'act_entry2contact' ? ['user', 'contact'] : ['contact', 'user'];
  const people = proxy === '' ? unproxied : ['proxy'];
  const names = people.map((person) => [text(`${person}_first_name`), text(`${person}_last_name`)].filter(Boolean).join(' '));
  return {
    objid: Number(row['activity_objid']),
    code: Number(row['activity_code']),
    listName: text('activity_name') || text('activity_rank_name'),
    time: text('activity_time'),
    actor: names.find((name) => name !== '') ?? login,
    actorLogin: login,
    // A customer's doing comes with the login of self service, whose address is nobody's.
    actorEmail:
      proxy !== '' ? text('proxy_email') : names[0] === '' || relation === 'act_entry2contact' ? text('user_email') : '',
    details: valuesOf(row, DETAIL_PREFIX),
    ...onParentOf(row, type),
  };
}
