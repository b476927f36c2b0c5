// The one statement that reads an activity with everything a post needs. Pure: object type and ids in, SQL and parameters out.

import type { Statement } from '../io/database';
import { sqlName } from './sql-name';

/** What the statement has to know about an object type. */
export interface QueriedType {
  readonly typeId: number;
  readonly table: string;
  readonly relation: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Which activity is wanted: a given one, or those of the object between two moments of the CRM's wall clock, newest first. */
export type Wanted =
  | { readonly objid: number; readonly activityObjid: number }
  | { readonly objid: number; readonly since: string; readonly until: string };

/** A column that only some sites or some versions of the schema have (reference: Clarify notes, sections 2.4 and 3). */
export interface OptionalColumn {
  readonly table: string;
  readonly column: string;
}

const FOCUS_TYPE = { table: 'table_act_entry', column: 'focus_type' };
const FOCUS_LOWID = { table: 'table_act_entry', column: 'focus_lowid' };
const NOTE_INTERNAL = { table: 'table_notes_log', column: 'x_is_internal' };
const PHONE_INTERNAL = { table: 'table_phone_log', column: 'x_is_internal' };

/** Every optional column that the statement would like to read. */
export const OPTIONAL_COLUMNS: readonly OptionalColumn[] = [FOCUS_TYPE, FOCUS_LOWID, NOTE_INTERNAL, PHONE_INTERNAL];

/** Prefix of the aliases under which an object's own fields come back. */
export const FIELD_PREFIX = 'field_';

/**
 * The statement for one activity. Everything is LEFT JOINed (the CRM's stock views lose rows without contact, site or user);
 * `missing` are the optional columns that this site lacks.
 */
export function activityQuery(type: QueriedType, wanted: Wanted, missing: readonly OptionalColumn[] = []): Statement {
  const has = (column: OptionalColumn) => !missing.includes(column);
  const relation = `a.${sqlName(type.relation)}`;
  const belongs = `${relation} = o.[objid]`;
  // Only with the activity given: on a whole table, no index would serve the second half.
  const focus = `(${relation} IS NULL AND a.[focus_type] = @typeId AND a.[focus_lowid] = o.[objid])`;
  const useFocus = 'activityObjid' in wanted && has(FOCUS_TYPE) && has(FOCUS_LOWID);
  const { columns, joins } = fieldsOf(type);
  const select = [
    'o.[objid] AS object_objid',
    'a.[objid] AS activity_objid',
    'a.[act_code] AS activity_code',
    'a.[entry_time] AS activity_time',
    'n.[title] AS activity_name',
    `(SELECT MIN(r.[title]) FROM [table_gbst_elm] r JOIN [table_gbst_lst] l ON l.[objid] = r.[gbst_elm2gbst_lst] WHERE l.[title] = 'Activity Name' AND r.[rank] = a.[act_code]) AS activity_rank_name`,
    'a.[proxy] AS proxy_login',
    'pe.[first_name] AS proxy_first_name',
    'pe.[last_name] AS proxy_last_name',
    'pe.[e_mail] AS proxy_email',
    'ac.[first_name] AS contact_first_name',
    'ac.[last_name] AS contact_last_name',
    'u.[login_name] AS user_login',
    'ue.[first_name] AS user_first_name',
    'ue.[last_name] AS user_last_name',
    'ue.[e_mail] AS user_email',
    `${has(NOTE_INTERNAL) ? 'nl.[x_is_internal]' : '0'} AS note_internal`,
    `${has(PHONE_INTERNAL) ? 'pl.[x_is_internal]' : '0'} AS phone_internal`,
    ...columns,
  ];
  const people = [
    'LEFT JOIN [table_gbst_elm] n ON n.[objid] = a.[entry_name2gbst_elm]',
    'LEFT JOIN [table_user] u ON u.[objid] = a.[act_entry2user]',
    'LEFT JOIN [table_employee] ue ON ue.[employee2user] = u.[objid]',
    "LEFT JOIN [table_user] pu ON pu.[login_name] = a.[proxy] AND a.[proxy] <> ''",
    'LEFT JOIN [table_employee] pe ON pe.[employee2user] = pu.[objid]',
    'LEFT JOIN [table_contact] ac ON ac.[objid] = a.[act_entry2contact]',
    'LEFT JOIN [table_notes_log] nl ON nl.[objid] = a.[act_entry2notes_log]',
    'LEFT JOIN [table_phone_log] pl ON pl.[objid] = a.[act_entry2phone_log]',
  ];
  const table = sqlName(type.table);
  const given = [
    'FROM [table_act_entry] a',
    `LEFT JOIN ${table} o ON o.[objid] = @objid AND (${useFocus ? `${belongs} OR ${focus}` : belongs})`,
    ...people,
    ...joins,
    'WHERE a.[objid] = @activityObjid',
  ];
  const recent = [
    `FROM ${table} o`,
    `LEFT JOIN [table_act_entry] a ON ${belongs} AND a.[entry_time] >= @since AND a.[entry_time] <= @until`,
    ...people,
    ...joins,
    'WHERE o.[objid] = @objid',
    'ORDER BY a.[entry_time] DESC, a.[objid] DESC',
  ];
  return {
    text: [`SELECT ${select.join(', ')}`, ...('activityObjid' in wanted ? given : recent)].join('\n'),
    parameters: { ...wanted, ...(useFocus ? { typeId: type.typeId } : {}) },
  };
}

/** The object's fields: `case_reporter2site.name` becomes a column of a LEFT JOIN, and fields with the same relation share it. */
function fieldsOf(type: QueriedType): { columns: string[]; joins: string[] } {
  const aliases = new Map<string, string>([['', 'o']]);
  const joins: string[] = [];
  const aliasOf = (relations: readonly string[]): string => {
    const path = relations.join('.');
    const known = aliases.get(path);
    if (known !== undefined) return known;
    const from = aliasOf(relations.slice(0, -1));
    const [relation = '', target = targetOf(relation)] = relations.at(-1)?.split(':') ?? [];
    const alias = `j${aliases.size}`;
    aliases.set(path, alias);
    joins.push(`LEFT JOIN ${sqlName(`table_${target}`)} ${alias} ON ${alias}.[objid] = ${from}.${sqlName(relation)}`);
    return alias;
  };
  const columns = Object.entries(type.fields).map(([name, path]) => {
    const steps = path.split('.');
    return `${aliasOf(steps.slice(0, -1))}.${sqlName(steps.at(-1) ?? '')} AS ${sqlName(FIELD_PREFIX + name)}`;
  });
  return { columns, joins };
}

/** Most relations end in the name of their target: `case_reporter2site` leads to `site`. */
function targetOf(relation: string): string {
  return relation.slice(relation.lastIndexOf('2') + 1);
}
