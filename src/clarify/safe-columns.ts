// Which columns of the CRM may be read into entries, and which may be written (docs/crm.md, "Calendar, tasks" and "Notes and what is internal").

import { columnsOfField, pathOf, ROLES_OF, rowsWith, type EntryType } from './entry-type';
import { Joins } from './path';

/** The columns of the CRM's own tables that may be written. */
const SAFE: Readonly<Record<string, readonly string[]>> = {
  table_appointment: ['description', 'start_time', 'end_time', 'duration'],
  table_task: ['title', 'notes', 'start_date', 'due_date', 'comp_date', 'update_stamp'],
  table_commit_log: ['sched_cmpltime', 'warning_time'],
  table_contact: ['title', 'phone', 'mobile_phone', 'e_mail', 'update_stamp'],
  table_e_addr: ['e_num'],
};

/** What belongs together with other rows, and what is the CRM's own bookkeeping: never written, not even where a site made it. */
const BOUND = /status|condition|_sts|[a-z0-9_]2[a-z]|^(objid|dev|id_number)$/i;

/** Texts of logs, which may be internal, and whatever is internal or secret by its name. */
const PRIVATE_COLUMNS = /^(internal|internal_note|x_authtoken|x_windows_login_name|password)$/i;
const PRIVATE_TEXTS: Readonly<Record<string, readonly string[]>> = {
  table_notes_log: ['description'],
  table_phone_log: ['notes'],
  table_email_log: ['message'],
  table_resrch_log: ['notes'],
  table_onsite_log: ['notes'],
  table_commit_log: ['cmit_history'],
  table_act_entry: ['addnl_info'],
};

/** Why what stands at the end of a path never leaves; `undefined` where it may. */
export function whyPrivate(table: string, path: string): string | undefined {
  const joins = new Joins(() => false, 'j');
  joins.value({ alias: 'o', table, id: 'objid' }, path);
  const column = path.split('.').at(-1)?.toLowerCase() ?? '';
  const isText = joins.used.some((used) => used.column.toLowerCase() === column && textsOf(used.table).includes(column));
  return isText || PRIVATE_COLUMNS.test(column) ? 'leads to what may be internal, which never leaves' : undefined;
}

function textsOf(table: string): readonly string[] {
  return PRIVATE_TEXTS[table.toLowerCase()] ?? [];
}

/** What of a kind cannot be written though it should, under the keys that say so. */
export function whyNotWritten(type: EntryType): readonly (readonly [readonly string[], string])[] {
  const fields = type.writable.flatMap((field) => {
    const behind = ROLES_OF[field].map((role) => rowsWith(type, role)).find((rows) => rows !== undefined);
    if (behind !== undefined) return refusal(behind.table, behind.column, ['writable']);
    const columns = Object.values(columnsOfField(type, field));
    const isWhole = ROLES_OF[field].every(
      (role) => pathOf(type, role) === undefined || columnsOfField(type, field)[role] !== undefined,
    );
    if (columns.length === 0 || !isWhole) return [[['writable'], `${field} is not in a column of ${type.table} alone`] as const];
    return columns.flatMap((column) => refusal(type.table, column, ['writable']));
  });
  const beside = [
    ...type.alongside.map((column) => [column, 'alongside'] as const),
    ...(type.stamp === undefined ? [] : [[type.stamp, 'stamp'] as const]),
  ];
  const isWritten = type.writable.length > 0;
  return [...fields, ...(isWritten ? beside.flatMap(([column, key]) => refusal(type.table, column, [key])) : [])];
}

function refusal(table: string, column: string, keys: readonly string[]): readonly (readonly [readonly string[], string])[] {
  return mayBeWritten(table, column) ? [] : [[keys, `${table}.${column} is never written`]];
}

function mayBeWritten(table: string, column: string): boolean {
  const [ownTable, ownColumn] = [/^(table_)?x_/i.test(table), /^x_/i.test(column)];
  if (BOUND.test(column)) return false;
  return ownTable || ownColumn || (SAFE[table.toLowerCase()] ?? []).includes(column.toLowerCase());
}
