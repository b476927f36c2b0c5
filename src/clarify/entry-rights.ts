// The rights that keeping entries in step needs on a SQL Server, as data: from the very kinds and statements that read and write. Pure.

import type { ContactSource } from './contact-type';
import type { Column } from './path';
import { contactsQuery, entryQuery, ownColumns, usersQuery, type WantedUsers } from './entry-query';
import { columnsOfField, fieldsOf, ROLES_OF, rowsWith, type EntryType } from './entry-type';
import { creatable } from './entry-writer';
import type { NewIds } from './entry-ids';
import { sqlName } from './sql-name';

/** A right to something of the CRM's database. */
export interface Right {
  readonly verb: 'SELECT' | 'UPDATE' | 'INSERT' | 'DELETE' | 'EXECUTE';
  /** A table, a view or a procedure. */
  readonly on: string;
  /** The columns that it is needed for; of a procedure, none. */
  readonly columns: readonly string[];
}

/** What of a site's entries is written. */
export interface Written {
  readonly types: readonly EntryType[];
  /** The names of the kinds whose notes leave, and come back. */
  readonly notes: readonly string[];
  /** How object ids are made; left out, nothing is made. */
  readonly newIds?: Pick<NewIds, 'by'> | undefined;
  readonly deletes: 'none' | 'own' | 'appointments';
}

/** What of a site's entries is read. */
export interface Read extends Pick<Written, 'types' | 'notes'> {
  /** The rows that lead to contacts beside them. */
  readonly contacts: readonly ContactSource[];
  /** Whoever is kept in step, by the statements that find them. */
  readonly users: readonly WantedUsers[];
}

/** What reads entries and their users: whole tables, of which the columns are those that are read. */
export function readingRights({ types, notes, contacts, users }: Read): readonly Right[] {
  const statements = [
    ...types.map((type) => entryQuery(type, notes.includes(type.name), { objids: [0] })),
    ...contacts.map((source) => contactsQuery(source, '')),
  ];
  const columns = [...statements, ...users.map(usersQuery)].flatMap(({ optional }) => optional);
  return together(columns.map(reading));
}

/** What writes them: columns that change, and what a change is compared with; rows that are made, and what they look up. */
export function writingRights({ types, notes, newIds, deletes }: Written): readonly Right[] {
  const made = newIds === undefined ? [] : types.filter(({ name, kind }) => creatable(types)[kind] === name);
  const deleted = deletes === 'none' ? [] : made;
  const appointments = deletes === 'appointments' ? types.filter((type) => type.name === 'appointment' && type.insert) : [];
  const procedures = newIds?.by === 'fc_new_oid' ? [...made.map(() => 'fc_new_oid'), ...made.flatMap(numbering)] : [];
  return together([
    ...types.flatMap((type) => updating(type, notes.includes(type.name))),
    ...types.flatMap(updatingBehind),
    ...made.flatMap(making),
    ...[...deleted, ...appointments].flatMap((type): readonly Right[] => [
      ...comparing(type, notes.includes(type.name)),
      { verb: 'DELETE', on: type.table, columns: [type.idColumn] },
    ]),
    ...procedures.map((on): Right => ({ verb: 'EXECUTE', on, columns: [] })),
  ]);
}

function updating(type: EntryType, withNotes: boolean): readonly Right[] {
  const fields = type.writable.filter((field) => fieldsOf(type, withNotes).includes(field));
  const own = fields.flatMap((field) => Object.values(columnsOfField(type, field)));
  if (own.length === 0) return [];
  const beside = [...(fields.includes('time') ? type.alongside : []), ...(type.stamp === undefined ? [] : [type.stamp])];
  return [...comparing(type, withNotes), { verb: 'UPDATE', on: type.table, columns: [...own, ...beside] }];
}

/** The rows behind a row that are written for it. */
function updatingBehind(type: EntryType): readonly Right[] {
  return type.writable
    .flatMap((field) => ROLES_OF[field])
    .flatMap((role) => rowsWith(type, role) ?? [])
    .flatMap(({ table: on, column, where }): readonly Right[] => [
      { verb: 'SELECT', on, columns: [column, ...[...where.matchAll(/\[(\w+)\]/g)].map(([, name = '']) => name)] },
      { verb: 'UPDATE', on, columns: [column] },
    ]);
}

function comparing(type: EntryType, withNotes: boolean): readonly Right[] {
  return [{ verb: 'SELECT', on: type.table, columns: [type.idColumn, ...ownColumns(type, withNotes)] }];
}

function making(type: EntryType): readonly Right[] {
  const { table, idColumn, stamp, insert } = type;
  const fields = type.writable.flatMap((field) => Object.values(columnsOfField(type, field)));
  const { columns = {}, companion } = insert ?? {};
  const stamps = stamp === undefined ? [] : [stamp];
  const sql = [...Object.values(columns), companion?.sql ?? ''].join('\n');
  return [
    { verb: 'SELECT', on: table, columns: [idColumn, ...stamps] },
    { verb: 'INSERT', on: table, columns: [idColumn, ...fields, ...stamps, ...Object.keys(columns)] },
    ...insertedBy(companion?.sql ?? ''),
    ...readBy(sql).map(reading),
  ];
}

function numbering({ insert }: EntryType): readonly string[] {
  return insert?.numbers === undefined ? [] : ['fc_next_num_scheme'];
}

function reading({ table, column }: Column): Right {
  return { verb: 'SELECT', on: table, columns: [column] };
}

/** The row that a statement makes, as EntryInsert spells it. */
function insertedBy(sql: string): readonly Right[] {
  const [, on, listed = ''] = /^INSERT INTO \[(\w+)\] \(([^)]*)\)/.exec(sql) ?? [];
  return on === undefined ? [] : [{ verb: 'INSERT', on, columns: [...listed.matchAll(/\w+/g)].map(([name]) => name) }];
}

/** The columns that SQL reads, as EntryInsert spells it: `FROM [table] x`, and then `x.[column]`. */
function readBy(sql: string): readonly Column[] {
  const tables = new Map([...sql.matchAll(/(?:FROM|JOIN) \[(\w+)\] (\w+)/g)].map(([, table = '', alias]) => [alias, table]));
  return [...sql.matchAll(/\b(\w+)\.\[(\w+)\]/g)].flatMap(([, alias, column = '']) => {
    const table = tables.get(alias);
    return table === undefined ? [] : [{ table, column }];
  });
}

/** In the order in which they are shown, table by table, and the procedures behind them. */
const VERBS: readonly Right['verb'][] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'EXECUTE'];

/** Each right once, with all its columns. */
function together(rights: readonly Right[]): readonly Right[] {
  const found = new Map<string, Right>();
  for (const right of rights) {
    const { verb, on } = right;
    const key = `${verb === 'EXECUTE' ? 1 : 0} ${on} ${VERBS.indexOf(verb)}`;
    found.set(key, { ...right, columns: [...new Set([...(found.get(key)?.columns ?? []), ...right.columns])] });
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, right]) => right);
}

/** Rights to what is there: whole, or for the columns that a site has. */
export function thatAreThere(rights: readonly Right[], isAbsent: (column: Column) => boolean): readonly Right[] {
  return rights.flatMap((right): readonly Right[] => {
    if (right.verb === 'EXECUTE') return [right];
    const columns = right.columns.filter((column) => !isAbsent({ table: right.on, column }));
    return columns.length === 0 ? [] : [{ ...right, columns }];
  });
}

/** Rights, some of which may be the same: each once, with all its columns. */
export function joined(...rights: readonly (readonly Right[])[]): readonly Right[] {
  return together(rights.flat());
}

/** The statement that gives a login a right. To read is a right to whole tables, lest a column be forgotten; to change is none. */
export function grantText({ verb, on, columns }: Right, login: string): string {
  const listed = verb === 'UPDATE' ? ` (${columns.map(sqlName).join(', ')})` : '';
  return `GRANT ${verb}${listed} ON ${sqlName(on)} TO [${login.replaceAll(']', ']]')}];`;
}
