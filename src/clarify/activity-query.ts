// The statements that read activities with everything a post needs. Pure: object type and ids in, SQL and parameters out.

import type { DetailName } from '../core/activity';
import type { Parameter, Statement } from '../io/database';
import type { ObjectType } from './object-type';
import { Joins, type Column } from './path';
import { sqlName } from './sql-name';

/** What the statements have to know about an object type. */
export type QueriedType = Pick<ObjectType, 'typeId' | 'table' | 'idColumn' | 'relation' | 'fields' | 'parent'>;

/**
 * Which rows are wanted: activities by their objids, whatever they belong to; or an object with those of its activities that lie
 * between two moments of the CRM's wall clock, the newest first.
 */
export type Wanted =
  { readonly activityObjids: readonly number[] } | { readonly objid: number; readonly since: string; readonly until: string };

/** A statement, and the columns without which it can do. */
export interface ActivityStatement extends Statement {
  readonly optional: readonly Column[];
}

/** Prefixes of the aliases under which the values of an object and of an activity's log rows come back. */
export const FIELD_PREFIX = 'field_';
export const DETAIL_PREFIX = 'detail_';

/** What the log rows of an activity tell (docs/crm.md, "Log rows"): placeholder to the codes that have it, and its path. */
export const DETAILS: Readonly<Record<DetailName, { readonly codes: readonly number[]; readonly path: string }>> = {
  oldStatus: { codes: [300], path: 'status_chg[status_chg2act_entry>p_status_chg2gbst_elm]:gbst_elm.title' },
  newStatus: { codes: [300], path: 'status_chg[status_chg2act_entry>c_status_chg2gbst_elm]:gbst_elm.title' },
  resolution: { codes: [200], path: 'close_case[close_case2act_entry>close_rsolut2gbst_elm]:gbst_elm.title' },
  commitmentDue: { codes: [400, 1600], path: 'act_entry2commit_log.sched_cmpltime' },
};

/** An activity, as the start of a path. */
export const ENTRY = { alias: 'a', table: 'table_act_entry', id: 'objid' } as const;
/** The title that the CRM's list of activity names has for the code of an activity `a`. */
export const RANK_NAME =
  "(SELECT MIN(r.[title]) FROM [table_gbst_elm] r JOIN [table_gbst_lst] l ON l.[objid] = r.[gbst_elm2gbst_lst] WHERE l.[title] = 'Activity Name' AND r.[rank] = a.[act_code])";

/** The columns of `table_act_entry` and of its notes that only some sites or versions have (docs/crm.md, "Tables and ids"). */
const optionalColumn = (table: string, column: string): Column => ({ table, column });
export const FOCUS_TYPE = optionalColumn('table_act_entry', 'focus_type');
export const FOCUS_LOWID = optionalColumn('table_act_entry', 'focus_lowid');
const PARENT_ENTRY = optionalColumn('table_act_entry', 'act_entry_child2parent');

/** Where the CRM keeps the texts of notes and calls, each with a mark of its own (docs/crm.md, "Notes and what is internal"). */
const LOGS: readonly Log[] = [
  { name: 'note', alias: 'nl', relation: 'act_entry2notes_log', column: optionalColumn('table_notes_log', 'x_is_internal') },
  { name: 'phone', alias: 'pl', relation: 'act_entry2phone_log', column: optionalColumn('table_phone_log', 'x_is_internal') },
];

interface Log {
  readonly name: 'note' | 'phone';
  /** That of its row in the statements. */
  readonly alias: string;
  readonly relation: string;
  readonly column: Column;
}

/**
 * Whether an activity `a` names a row that does not come with it: one that the login may not see (row-level security), or that is not
 * committed yet. Then nobody can tell whether it is internal.
 */
function isHidden({ alias, relation }: Log): string {
  return `COALESCE(a.[${relation}], 0) > 0 AND ${alias}.[objid] IS NULL`;
}

/** The conditions that leave out what is internal, and what may be. */
export function publicOnly(has: Has): readonly string[] {
  return LOGS.filter(({ column }) => has(column)).map(
    (log) => `AND COALESCE(${log.alias}.[x_is_internal], 0) = 0 AND NOT (${isHidden(log)})`,
  );
}

/** Those of them that a statement about the activities of a type may use. */
export function optionalOf({ relation }: Pick<QueriedType, 'relation'>): readonly Column[] {
  return [FOCUS_TYPE, FOCUS_LOWID, PARENT_ENTRY, ...LOGS.map(({ column }) => column), ...relationColumn(relation)];
}

/** The column of the activities of a type that leads to their object, where there is one. */
export function relationColumn(relation: string | undefined): readonly Column[] {
  return relation === undefined ? [] : [optionalColumn('table_act_entry', relation)];
}

/** What tells the parent of the object, and the activity of the parent that an activity `a` came from; of a type with a parent. */
export function parentColumns({ parent }: Pick<QueriedType, 'parent'>, has: Has): readonly string[] {
  if (parent === undefined) return [];
  return [
    `o.${sqlName(parent.column)} AS parent_objid`,
    `${has(PARENT_ENTRY) ? 'a.[act_entry_child2parent]' : 'NULL'} AS parent_activity_objid`,
  ];
}

/**
 * The statement for what is wanted. Everything is LEFT JOINed: the CRM's stock views lose rows without contact, site or user.
 * `lacks` tells what this site does not have.
 */
export function activityQuery(
  type: QueriedType,
  wanted: Wanted,
  lacks: (column: Column) => boolean = () => false,
): ActivityStatement {
  const has = (column: Column) => !lacks(column);
  const object = { alias: 'o', table: type.table, id: type.idColumn };
  const [fields, details] = [new Joins(lacks, 'j'), new Joins(lacks, 'd')];
  const columns = [
    ...Object.entries(type.fields).map(([name, path]) => `${fields.value(object, path)} AS ${sqlName(FIELD_PREFIX + name)}`),
    ...Object.entries(DETAILS).map(([name, { codes, path }]) => {
      const value = details.value(ENTRY, path);
      return `CASE WHEN a.[act_code] IN (${codes.join(', ')}) THEN ${value} END AS ${sqlName(DETAIL_PREFIX + name)}`;
    }),
  ];
  const objid = `o.${sqlName(type.idColumn)}`;
  const select = [
    `${objid} AS object_objid`,
    'a.[objid] AS activity_objid',
    'a.[act_code] AS activity_code',
    'a.[entry_time] AS activity_time',
    'n.[title] AS activity_name',
    `${RANK_NAME} AS activity_rank_name`,
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
    ...LOGS.map(({ name, alias, column }) => `${has(column) ? `${alias}.[x_is_internal]` : '0'} AS ${name}_internal`),
    ...LOGS.map((log) => `${has(log.column) ? `CASE WHEN ${isHidden(log)} THEN 1 ELSE 0 END` : '0'} AS ${log.name}_hidden`),
    ...parentColumns(type, has),
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
  const from = 'activityObjids' in wanted ? fromActivities(type, wanted.activityObjids, has) : fromObject(type, wanted, has);
  return {
    text: [`SELECT ${select.join(', ')}`, ...from.tables, ...people, ...fields.texts, ...details.texts, ...from.conditions].join(
      '\n',
    ),
    parameters: from.parameters,
    optional: [...optionalOf(type), ...fields.used, ...details.used],
  };
}

/** Where the rows of a statement come from. */
interface From {
  readonly tables: readonly string[];
  readonly conditions: readonly string[];
  readonly parameters: Readonly<Record<string, Parameter>>;
}

function fromActivities(type: QueriedType, activityObjids: readonly number[], has: Has): From {
  const listed = Object.fromEntries(activityObjids.map((objid, index) => [`activity${index}`, objid]));
  const owner = ownerOf(type, has);
  return {
    tables: ['FROM [table_act_entry] a', `LEFT JOIN ${sqlName(type.table)} o ON o.${sqlName(type.idColumn)} = ${owner.text}`],
    conditions: [
      `WHERE a.[objid] IN (${Object.keys(listed)
        .map((name) => `@${name}`)
        .join(', ')})`,
    ],
    parameters: { ...listed, ...owner.parameters },
  };
}

function fromObject(type: QueriedType, { objid, since, until }: Extract<Wanted, { readonly objid: number }>, has: Has): From {
  const id = `o.${sqlName(type.idColumn)}`;
  const relation = relationOf(type, has);
  // Without a relation of its own no index would serve the search, and such a type seldom has activities: the object stands alone.
  const between =
    relation === undefined ? '1 = 0' : `${relation} = ${id} AND a.[entry_time] >= @since AND a.[entry_time] <= @until`;
  return {
    tables: [`FROM ${sqlName(type.table)} o`, `LEFT JOIN [table_act_entry] a ON ${between}`],
    conditions: [`WHERE ${id} = @objid`, 'ORDER BY a.[entry_time] DESC, a.[objid] DESC'],
    parameters: relation === undefined ? { objid } : { objid, since, until },
  };
}

/** Whether the site has a column. */
export type Has = (column: Column) => boolean;

/** What leads from an activity to its object. */
export type Owned = Pick<QueriedType, 'relation' | 'typeId'>;

/** The column that leads from an activity to its object, where the type and the site have one. */
function relationOf({ relation }: Owned, has: Has): string | undefined {
  return relation === undefined || !has(optionalColumn('table_act_entry', relation)) ? undefined : `a.${sqlName(relation)}`;
}

/** The objid of the object that an activity `a` belongs to: its relation, else its focus. Unset relations may be 0 or -1. */
export function ownerOf(
  type: Owned,
  has: Has,
): { readonly text: string; readonly parameters: Readonly<Record<string, Parameter>> } {
  const column = relationOf(type, has);
  const { typeId } = type;
  const useFocus = typeId !== undefined && has(FOCUS_TYPE) && has(FOCUS_LOWID);
  const related = column === undefined ? [] : [`CASE WHEN ${column} > 0 THEN ${column} END`];
  const focus = useFocus ? ['CASE WHEN a.[focus_type] = @typeId THEN a.[focus_lowid] END'] : [];
  const all = [...related, ...focus];
  const text = all.length === 2 ? `COALESCE(${all.join(', ')})` : (all[0] ?? 'NULL');
  return { text, parameters: useFocus ? { typeId } : {} };
}
