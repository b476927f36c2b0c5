// What posts about the sample CRM read like, for the pages: one for each object type, as a fresh configuration words it.

import { openActivityReader } from '../src/clarify/activity-reader';
import { objectTypes, type ObjectType } from '../src/clarify/object-types/index';
import { ACTIVITY_NAMES, wordingOf } from '../src/clarify/wording';
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
  for (const type of objectTypes) {
    const deadline = startDeadline(10_000, () => 0);
    const request = { objectType: type.name, rule: '', ...firstOf(type, rows) };
    const reading = await reader.read(type, request, { since: '9999', until: '9999' }, deadline).catch((error: unknown) => {
      throw new Error(`the sample has not all that ${type.name} reads: ${messageOf(error)}; ${remedy(type)}`, { cause: error });
    });
    deadline.end();
    if (reading.kind !== 'found') throw new Error(`the sample has no ${type.name}: ${reading.reason}; ${remedy(type)}`);
    titles.set(type.name, compose(reading.activity, request, compositionOf(type), render)[0]?.message.title ?? '');
  }
  database.close();
  return titles;
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
