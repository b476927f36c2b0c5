// What posts about the sample CRM read like, for the pages: one for each object type, as a fresh configuration words it.

import { openActivityReader, type ActivityReader } from '../src/clarify/activity-reader';
import { objectTypes, type ObjectType } from '../src/clarify/object-types/index';
import { ACTIVITY_NAMES, wordingOf } from '../src/clarify/wording';
import type { Activity, Request } from '../src/core/activity';
import { compose, type Composition } from '../src/core/compose';
import { startDeadline } from '../src/core/deadline';
import { messageOf } from '../src/core/errors';
import { openSqliteDatabase } from '../src/io/sqlite';
import { makeTemplates } from '../src/io/template';

type Rows = Readonly<Record<string, readonly Readonly<Record<string, string | number | null>>[]>>;

/** The title of a post about the first activity of each object type, or about the first object where it has none. */
export async function exampleTitles(databaseFile: string, rows: Rows): Promise<ReadonlyMap<string, string>> {
  const database = openSqliteDatabase(databaseFile);
  const reader = openActivityReader(database);
  const { render } = makeTemplates();
  const titles = new Map<string, string>();
  try {
    for (const type of objectTypes) {
      const request = { objectType: type.name, rule: '', ...firstOf(type, rows) };
      const activity = await read(type, request, reader);
      titles.set(type.name, compose(activity, request, compositionOf(type), render)[0]?.message.title ?? '');
    }
  } finally {
    database.close();
  }
  return titles;
}

async function read(type: ObjectType, request: Request, reader: ActivityReader): Promise<Activity> {
  const deadline = startDeadline(10_000, () => 0);
  try {
    const reading = await reader.read(type, request, { since: '9999', until: '9999' }, deadline);
    if (reading.kind === 'found') return reading.activity;
    throw new Error(reading.reason);
  } catch (error) {
    throw new Error(`the sample has not all that ${type.name} reads: ${messageOf(error)}; ${remedy(type)}`, { cause: error });
  } finally {
    deadline.end();
  }
}

function remedy({ table, relation }: ObjectType): string {
  const activity = relation === undefined ? 'focus_type and focus_lowid' : relation;
  return `add rows to sample/clarify-sample.json, in ${table} and in the tables that its fields lead to, and an activity in table_act_entry (${activity})`;
}

function firstOf(type: ObjectType, rows: Rows): { readonly objid: number; readonly activityObjid?: number } {
  const ownerOf = (entry: Rows[string][number]) =>
    Number(type.relation === undefined ? 0 : entry[type.relation]) ||
    (entry['focus_type'] === type.typeId ? Number(entry['focus_lowid']) : 0);
  const entry = rows['table_act_entry']?.find((each) => ownerOf(each) > 0);
  if (entry !== undefined) return { objid: ownerOf(entry), activityObjid: Number(entry['objid']) };
  const first = rows[type.table]?.[0];
  if (first === undefined) throw new Error(`the sample has no row of ${type.table} for ${type.name}; ${remedy(type)}`);
  return { objid: Number(first['objid']) };
}

function compositionOf(type: ObjectType): Composition {
  return {
    ...type,
    wording: wordingOf(type, '2010'),
    changes: {},
    activityNames: ACTIVITY_NAMES,
    agentUrl: 'http://server/dovetail',
    tags: [],
    routing: { routes: [], take: 'first', rules: {}, destinations: ['stream'] },
    placeholders: [],
    locale: 'en-GB',
    timeZone: 'UTC',
    nowMs: 0,
  };
}
