// What a kind of entry is: a row of data, in the program's own table (entry-types.ts) or in a site's configuration.

import { ALL_CARD_PARTS, CARD_FIELDS, CARD_PARTS, type CardPart } from '../core/sync/card';
import type { EntryField, EntryKind } from '../core/sync/entry';
import { problemOfPath, rowsBehind, type RowsBehind } from './path';

/** A table of the CRM whose rows stand in somebody's calendar, list of tasks or address book. Paths are those of path.ts, from its row. */
export interface EntryType {
  /** The canonical name; it is part of the identity of links and can never change. */
  readonly name: string;
  /** How people call it. */
  readonly typeName: string;
  /** What its rows become. */
  readonly kind: EntryKind;
  /** With its prefix: `table_appointment`. */
  readonly table: string;
  readonly idColumn: string;
  /** Its number in the data dictionary (docs/crm.md, "Tables and ids"), by which object ids are counted. */
  readonly typeId?: number;
  /** Placeholder to path: what the templates of this row are filled with. Nothing else of the row leaves, but for the notes. */
  readonly fields: Readonly<Record<string, string>>;
  /** Templates. One that is a single placeholder, `{{ title }}`, can be written back. */
  readonly subject: string;
  readonly place: string;
  /** The address below that of the CRM's web client; empty for none. */
  readonly link: string;
  /** The path of a text for the notes, which is read only where the configuration names the kind. */
  readonly notes?: string;
  /** Paths of moments. Of an event: its begin; where it has an end or a duration (in seconds), the end wins. Of a task: `end` is when it is due. */
  readonly begin?: string;
  readonly end?: string;
  readonly duration?: string;
  /** The path of a moment that is set once a task is done. */
  readonly done?: string;
  /** Of a contact: the paths of what stands on the card. */
  readonly card?: Readonly<Partial<Record<CardPart, string>>>;
  /** The path of the login of whoever it belongs to; empty for contacts, which belong to everybody who has to do with them. */
  readonly owner: string;
  /** The path of the objid of the contact that it is about. */
  readonly contact?: string;
  /** The fields that may be written back. What stands behind them are columns of the row's own table. */
  readonly writable: readonly EntryField[];
  /** A column that says when the row was changed, where a site has it. */
  readonly stamp?: string;
  /** Columns with moments that move along with the end. */
  readonly alongside: readonly string[];
  /** How many characters the column of a text takes, by what it means. */
  readonly longest: Readonly<Partial<Record<Role, number>>>;
  /** How a new row is made. Rows of kinds without it are never made, nor deleted. */
  readonly insert?: EntryInsert;
  /** Paths that a site wrote down: what they lead through has to be there, as its time and its owner have to. */
  readonly required: readonly string[];
  /** Whether the site wrote down its table: then it has to be there. */
  readonly isOwn: boolean;
}

/** What a new row needs beside its entry, in SQL with the parameters of `NewRow` (entry-statements.ts). Only the program itself writes it. */
export interface EntryInsert {
  /** Column to value. One that begins with a bracket is looked up, and has to be found. */
  readonly columns: Readonly<Record<string, string>>;
  /** The scheme by which the CRM numbers such rows, and what numbers of the sample begin with. */
  readonly numbers?: { readonly scheme: string; readonly sample: string };
  /** A row of another table that comes with each: the number of its type, its INSERT up to the WHERE, and what follows the condition. */
  readonly companion?: { readonly typeId: number; readonly sql: string; readonly where: string };
}

/** The parts of a row that a writer knows the columns of. */
const OWN_ROLES = ['subject', 'place', 'notes', 'begin', 'end', 'duration', 'done'] as const;
export type Role = (typeof OWN_ROLES)[number] | CardPart;
export const ROLES: readonly Role[] = [...OWN_ROLES, ...ALL_CARD_PARTS];

/** The roles that make up a field. */
export const ROLES_OF: Readonly<Record<EntryField, readonly Role[]>> = {
  subject: ['subject'],
  time: ['begin', 'end', 'duration'],
  place: ['place'],
  notes: ['notes'],
  done: ['done'],
  ...CARD_PARTS,
};

/** The path behind a part of a row: that of a subject only where its template is a single placeholder. */
export function pathOf(type: EntryType, role: Role): string | undefined {
  if (isCardPart(role)) return type.card?.[role];
  if (role !== 'subject' && role !== 'place') return type[role];
  const [, name] = /^\{\{\s*(\w+)\s*\}\}$/.exec(type[role]) ?? [];
  return name === undefined || !Object.hasOwn(type.fields, name) ? undefined : type.fields[name];
}

/** The columns of the row's own table that a field is written to; those that belong to others are left out. */
export function columnsOfField(type: EntryType, field: EntryField): Readonly<Partial<Record<Role, string>>> {
  const found = ROLES_OF[field].map((role) => [role, pathOf(type, role)] as const);
  return Object.fromEntries(found.filter(([, path]) => path !== undefined && isPlain(path)));
}

function isCardPart(role: Role): role is CardPart {
  return (ALL_CARD_PARTS as readonly Role[]).includes(role);
}

/** Where a part of a row stands in rows that point back to it; `undefined` for a part that stands anywhere else. */
export function rowsWith(type: EntryType, role: Role): RowsBehind | undefined {
  const path = pathOf(type, role);
  return path === undefined ? undefined : rowsBehind(path);
}

/** Whether a path is a column of the row's own. */
export function isPlain(path: string): boolean {
  return problemOfPath(path) === undefined && !path.includes('.');
}

/** The fields that entries of a kind have. */
export function fieldsOf(type: EntryType, withNotes: boolean): readonly EntryField[] {
  if (type.kind === 'contact')
    return ['subject', ...CARD_FIELDS.filter((field) => ROLES_OF[field].some((role) => pathOf(type, role) !== undefined))];
  return [
    'subject',
    'time',
    ...(type.place === '' ? [] : (['place'] as const)),
    ...(withNotes && type.notes !== undefined ? (['notes'] as const) : []),
    ...(type.done === undefined ? [] : (['done'] as const)),
  ];
}
