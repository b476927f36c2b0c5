// Where the values of an activity's placeholders come from, for whoever words a template and wonders.

import type { Activity } from '../core/activity';
import type { COMMON_PLACEHOLDERS } from '../core/compose';
import type { Database } from '../io/database';
import { activityQuery, DETAILS } from './activity-query';
import { fieldsLost, TOGETHER } from './needs';
import { lookUpGaps } from './gaps';
import type { ObjectType } from './object-type';
import { describePath, Joins } from './path';
import { placeholdersOf } from './templates';

/** A placeholder of a template, what it becomes, and where that comes from. */
export interface ExplainedValue {
  readonly name: string;
  /** As readers see it. */
  readonly value: string;
  /** As the CRM has it, where that is something else: a date, a blank. */
  readonly raw?: string;
  /** A path through the CRM's tables, or words. */
  readonly from: string;
  /** Whether this site's schema lacks a table or column on that path. */
  readonly lacking: boolean;
}

/** The placeholders of an object type that a site cannot fill, because its schema lacks something. Rejects with a DatabaseError. */
export async function placeholdersLost(
  type: ObjectType,
  database: Pick<Database, 'query' | 'columnsOf'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { optional } = activityQuery(type, { activityObjids: [] });
  const { lacks } = await lookUpGaps(optional, database, signal);
  const isLost = (path: string) => new Joins(lacks, 'd').value({ alias: 'a', table: ENTRY, id: 'objid' }, path) === 'NULL';
  const details = Object.entries(DETAILS).filter(([, { path }]) => isLost(path));
  return [...fieldsLost(type, lacks), ...details.map(([name]) => name)];
}

/** Every placeholder of a type, the type's own fields first. `values` are those of all placeholders, `lost` the ones without a source. */
export function explainValues(
  type: ObjectType,
  { fields, entry }: Activity,
  values: Readonly<Record<string, string>>,
  lost: readonly string[],
): readonly ExplainedValue[] {
  const names = [...new Set([...Object.keys(type.fields), ...placeholdersOf(type)])];
  return names.map((name) => {
    const value = values[name] ?? '';
    const raw = fields[name] ?? entry?.details[name];
    const isChanged = raw !== undefined && raw !== '' && raw !== value;
    return { name, value, from: sourceOf(name, type), lacking: lost.includes(name), ...(isChanged ? { raw } : {}) };
  });
}

const ENTRY = 'table_act_entry';
const LOGIN = `${ENTRY}.proxy, else ${describePath(ENTRY, 'act_entry2user.login_name')}`;

/** What is made of fields, of the activity or of the configuration. */
const SOURCES: Readonly<Partial<Record<(typeof COMMON_PLACEHOLDERS)[number], string>>> = {
  objectType: 'the name of the object type',
  typeName: 'how posts call the object type',
  activity: `${describePath(ENTRY, 'entry_name2gbst_elm.title')}, else by ${ENTRY}.act_code`,
  activityCode: `${ENTRY}.act_code`,
  activityObjid: `${ENTRY}.objid`,
  actor: `the name behind ${LOGIN}, or behind ${ENTRY}.act_entry2contact`,
  actorLogin: LOGIN,
  rule: '--rule',
  agentUrl: 'clarify.agentUrl',
  oldStatus: describePath(ENTRY, DETAILS.oldStatus.path),
  newStatus: describePath(ENTRY, DETAILS.newStatus.path),
  resolution: describePath(ENTRY, DETAILS.resolution.path),
  commitmentDue: describePath(ENTRY, DETAILS.commitmentDue.path),
};

function sourceOf(name: string, { table, idColumn, fields, id }: ObjectType): string {
  const path = fields[name];
  if (name === 'objid') return `${table}.${idColumn}`;
  if (name === 'id' && id !== undefined) return `the template ${id}`;
  const parts = TOGETHER[name]?.filter((part) => fields[part] !== undefined);
  if (parts !== undefined && parts.length > 0) return parts.join(', ');
  const known = SOURCES[name as keyof typeof SOURCES];
  return known ?? (path === undefined ? 'nothing: this object type has none' : describePath(table, path));
}
