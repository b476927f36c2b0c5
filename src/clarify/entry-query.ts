// The statements that read entries and the users that they belong to. Pure: kind and window in, SQL and parameters out.

import type { Parameter } from '../io/database';
import type { ActivityStatement } from './activity-query';
import type { ContactSource } from './contact-type';
import { isPlain, pathOf, ROLES, type EntryType, type Role } from './entry-type';
import { Joins, type Column } from './path';
import { sqlName } from './sql-name';

/** What is wanted of a kind: the entries of a user that may be in a window of wall clocks, or rows by their objids. */
export type WantedEntries =
  | { readonly login: string; readonly since: string; readonly until: string; readonly reach: string }
  | { readonly objids: readonly number[] };

/** The alias of the contact that a row is about. */
export const CONTACT = 'contact_objid';
/** Prefixes of the aliases under which values come back. */
export const FIELD_PREFIX = 'field_';
export const ROLE_PREFIX = 'role_';
export const WAS_PREFIX = 'was_';

/** A user of the CRM, as the start of a path; and where the employee stands who is that user. */
const USER = { alias: 'o', table: 'table_user', id: 'objid' } as const;
const EMPLOYEE = 'employee[employee2user>objid]:employee';

/** The paths of a kind by what they mean; notes only where they may leave. */
export function rolesOf(type: EntryType, withNotes: boolean): Readonly<Partial<Record<Role, string>>> {
  const found = ROLES.map((role) => [role, role === 'notes' && !withNotes ? undefined : pathOf(type, role)] as const);
  return Object.fromEntries(found.filter(([, path]) => path !== undefined));
}

/** The columns of a row's own table that say what its entry is, and whose. A change is compared and set on them. */
export function ownColumns(type: EntryType, withNotes: boolean): readonly string[] {
  const [first = ''] = type.owner.split('.');
  // A path that begins with a table that points back to here has no column here.
  const owner = first.includes('[') || first === '' ? [] : [first.split(':')[0] ?? ''];
  return [...new Set([...Object.values(rolesOf(type, withNotes)).filter(isPlain), ...type.alongside, ...owner])];
}

/** The statement for the entries of a kind. Everything is LEFT JOINed. `lacks` tells what this site does not have. */
export function entryQuery(
  type: EntryType,
  withNotes: boolean,
  wanted: WantedEntries,
  lacks: (column: Column) => boolean = () => false,
): ActivityStatement {
  const row = { alias: 'o', table: type.table, id: type.idColumn };
  const joins = new Joins(lacks, 'j');
  const roles = rolesOf(type, withNotes);
  const valueOf = (role: Role) => (roles[role] === undefined ? 'NULL' : joins.value(row, roles[role]));
  const owner = type.owner === '' ? 'NULL' : joins.value(row, type.owner);
  const objid = `o.${sqlName(type.idColumn)}`;
  const select = [
    `${objid} AS [objid]`,
    `${owner} AS [owner_login]`,
    ...(type.contact === undefined ? [] : [`${joins.value(row, type.contact)} AS ${sqlName(CONTACT)}`]),
    ...Object.entries(type.fields).map(([name, path]) => `${joins.value(row, path)} AS ${sqlName(FIELD_PREFIX + name)}`),
    ...Object.entries(roles).map(([role, path]) => `${joins.value(row, path)} AS ${sqlName(ROLE_PREFIX + role)}`),
    ...[...ownColumns(type, withNotes), ...(type.stamp === undefined ? [] : [type.stamp])]
      .filter((column) => joins.value(row, column) !== 'NULL')
      .map((column) => `o.${sqlName(column)} AS ${sqlName(WAS_PREFIX + column)}`),
  ];
  const { conditions, parameters } =
    'objids' in wanted ? byObjid(objid, wanted.objids) : inWindow(owner, valueOf('begin'), valueOf('end'), type, wanted);
  return {
    text: [`SELECT ${select.join(', ')}`, `FROM ${sqlName(type.table)} o`, ...joins.texts, ...conditions].join('\n'),
    parameters,
    optional: [...joins.used, { table: type.table, column: type.idColumn }],
  };
}

/** The statement for the contacts that a user has to do with by rows of a table; each once. */
export function contactsQuery(
  { table, idColumn, owner, contact, condition }: ContactSource,
  login: string,
  lacks: (column: Column) => boolean = () => false,
): ActivityStatement {
  const row = { alias: 'o', table, id: idColumn };
  const joins = new Joins(lacks, 'j');
  const [found, own] = [joins.value(row, contact), joins.value(row, owner)];
  const open = condition === undefined ? [] : [`AND ${joins.value(row, condition)} LIKE 'Open%'`];
  return {
    text: [
      `SELECT DISTINCT ${found} AS ${sqlName(CONTACT)}`,
      `FROM ${sqlName(table)} o`,
      ...joins.texts,
      `WHERE LOWER(${own}) = @login AND ${found} IS NOT NULL`,
      ...open,
    ].join('\n'),
    parameters: { login },
    optional: joins.used,
  };
}

/** The columns without which nothing can be said of a kind: its rows, whose they are, and when. */
export function neededColumns(type: EntryType): readonly Column[] {
  const joins = new Joins(() => false, 'j');
  const row = { alias: 'o', table: type.table, id: type.idColumn };
  const when = type.kind === 'event' ? type.begin : type.end;
  const owner = type.owner === '' ? [] : [type.owner];
  for (const path of [type.idColumn, ...owner, when ?? type.idColumn, ...type.required]) joins.value(row, path);
  return joins.used;
}

interface Conditions {
  readonly conditions: readonly string[];
  readonly parameters: Readonly<Record<string, Parameter>>;
}

function byObjid(objid: string, objids: readonly number[]): Conditions {
  const listed = Object.fromEntries(objids.map((each, index) => [`objid${index}`, each]));
  return { conditions: [`WHERE ${objid} IN (${namesOf(listed)})`], parameters: listed };
}

/** Rather some rows too many: whether one is in the window is decided by its entry. `reach` is how far back an event can have begun. */
function inWindow(
  owner: string,
  begin: string,
  end: string,
  type: EntryType,
  { login, since, until, reach }: Extract<WantedEntries, { readonly login: string }>,
): Conditions {
  const own = `WHERE LOWER(${owner}) = @login`;
  if (type.kind === 'task')
    return { conditions: [own, `AND ${end} >= @since AND ${end} <= @until`], parameters: { login, since, until } };
  if (end === 'NULL' && type.duration === undefined)
    return { conditions: [own, `AND ${begin} >= @since AND ${begin} <= @until`], parameters: { login, since, until } };
  if (end === 'NULL')
    return { conditions: [own, `AND ${begin} >= @reach AND ${begin} <= @until`], parameters: { login, reach, until } };
  const parameters = { login, since, until };
  return { conditions: [own, `AND (${begin} >= @since OR ${end} >= @since) AND ${begin} <= @until`], parameters };
}

/** Which users are wanted: some logins (in lower case), the active ones of a group, or all active ones. */
export type WantedUsers =
  | { readonly logins: readonly string[] }
  /** `path` leads from `table_user` to the name of a user's group. */
  | { readonly group: string; readonly path: string }
  | 'all';

/** Where a site is likely to name the group of a user (docs/crm.md, "Calendar, tasks"). */
export const GROUP_PATH = `${EMPLOYEE}.work_group`;

/** The statement for users. */
export function usersQuery(wanted: WantedUsers): ActivityStatement {
  const joins = new Joins(() => false, 'j');
  const email = joins.value(USER, `${EMPLOYEE}.e_mail`);
  const active = 'o.[status] = 1';
  const { conditions, parameters } = ((): Conditions => {
    if (wanted === 'all') return { conditions: [`WHERE ${active}`], parameters: {} };
    if ('group' in wanted) {
      const group = joins.value(USER, wanted.path);
      return { conditions: [`WHERE ${active} AND ${group} = @group`], parameters: { group: wanted.group } };
    }
    const listed = Object.fromEntries(wanted.logins.map((login, index) => [`login${index}`, login]));
    return { conditions: [`WHERE LOWER(o.[login_name]) IN (${namesOf(listed)})`], parameters: listed };
  })();
  const select = `SELECT o.[login_name] AS [login], o.[status] AS [status], ${email} AS [email]`;
  const own = ['objid', 'login_name', 'status'].map((column) => ({ table: USER.table, column }));
  return {
    text: [select, 'FROM [table_user] o', ...joins.texts, ...conditions, 'ORDER BY o.[objid]'].join('\n'),
    parameters,
    optional: [...joins.used, ...own],
  };
}

function namesOf(parameters: Readonly<Record<string, unknown>>): string {
  return Object.keys(parameters)
    .map((name) => `@${name}`)
    .join(', ');
}
