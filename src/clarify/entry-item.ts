// From a row of the CRM to an entry. Pure.

import { ALL_CARD_PARTS, cardOf, type Card } from '../core/sync/card';
import { normalized, type Entry, type EntryField } from '../core/sync/entry';
import type { Render } from '../core/compose';
import { fitText } from '../core/fit';
import type { Row } from '../io/database';
import { textOf } from './activity-reader';
import type { CrmItem } from './entries';
import { FIELD_PREFIX, ROLE_PREFIX, WAS_PREFIX } from './entry-query';
import { momentOf, msOf, spanOf } from './entry-time';
import { columnsOfField, fieldsOf, pathOf, ROLES, ROLES_OF, rowsWith, type EntryType } from './entry-type';
import { LONGEST_TEXT } from './short-texts';

/** What reading an entry has to know beside its row. */
export interface ItemSettings {
  /** The IANA zone of the CRM's clock. */
  readonly timeZone: string;
  /** The address of the CRM's web client. */
  readonly agentUrl: string;
  /** The names of the kinds whose notes may leave. */
  readonly notes: readonly string[];
  /** How far back and ahead entries are kept in step, in ms. */
  readonly window: { readonly pastMs: number; readonly aheadMs: number };
  readonly render: Render;
}

/** The longest text of a placeholder; no column of the CRM's own is as long. */
const LONGEST_FIELD = 1_000;

/** The item of a row; `undefined` where its time makes it none. */
export function itemOf(type: EntryType, row: Row, now: number, settings: ItemSettings): CrmItem | undefined {
  const { timeZone, window } = settings;
  const role = (name: string) => row[ROLE_PREFIX + name];
  const time = spanOf(
    type.kind,
    { begin: role('begin') ?? null, end: role('end') ?? null, duration: role('duration') ?? null },
    timeZone,
  );
  if (time === undefined) return undefined;
  const withNotes = settings.notes.includes(type.name);
  const columns = startingWith(row, WAS_PREFIX);
  const besides = besidesOf(type, row);
  const fields = fieldsOf(type, withNotes);
  const values = valuesOf(type, row, settings.agentUrl);
  const entry: Entry = normalized({
    kind: type.kind,
    subject: filled(type, 'subject', row, values, settings.render),
    time,
    place: filled(type, 'place', row, values, settings.render),
    notes: withNotes ? shortText(textOf(row, `${ROLE_PREFIX}notes`), LONGEST_TEXT) : '',
    done: momentOf(role('done')) !== undefined,
    ...(type.kind === 'contact' && { card: cardFrom(row) }),
  });
  const [beginMs, endMs] = [msOf(time.begin, timeZone), msOf(time.end, timeZone) ?? 0];
  const firstMs = type.kind === 'task' ? endMs : (beginMs ?? 0);
  return {
    type: type.name,
    objid: Number(row['objid']),
    kind: type.kind,
    entry,
    owner: type.owner === '' ? undefined : textOf(row, 'owner_login').trim().toLowerCase(),
    // Which contacts are in somebody's window, other rows say.
    isInWindow: type.kind !== 'contact' && endMs >= now - window.pastMs && firstMs <= now + window.aheadMs,
    isPast: type.kind === 'event' ? endMs <= now : entry.done,
    fields,
    writable: type.writable.filter((field) => fields.includes(field) && canWrite(type, field, columns, besides)),
    url: type.link === '' ? '' : settings.render(type.link, values).trim(),
    columns,
    ...(type.kind === 'contact' && { besides }),
  };
}

/** What stands on the card of a row. */
function cardFrom(row: Row): Card {
  return cardOf(
    Object.fromEntries(
      ALL_CARD_PARTS.map((part) => [part, shortText(textOf(row, ROLE_PREFIX + part), LONGEST_FIELD).replace(/\s+/g, ' ')]),
    ),
  );
}

/** What the rows behind it hold. Where there is none, there is nothing to write to. */
function besidesOf(type: EntryType, row: Row): Readonly<Partial<Record<string, string>>> {
  const found = ROLES.filter((role) => rowsWith(type, role) !== undefined)
    .map((role) => [role, textOf(row, ROLE_PREFIX + role)] as const)
    .filter(([, value]) => value !== '');
  return Object.fromEntries(found);
}

/** Whether a field has its columns at this site, and none of them holds more text than was read. */
function canWrite(type: EntryType, field: EntryField, columns: Row, besides: Readonly<Partial<Record<string, string>>>): boolean {
  const own = Object.values(columnsOfField(type, field));
  if (ROLES_OF[field].some((role) => Object.hasOwn(besides, role))) return true;
  return (
    own.length > 0 && own.every((column) => Object.hasOwn(columns, column) && String(columns[column]).length <= LONGEST_TEXT)
  );
}

/** A subject or a place, on one line. */
function filled(
  type: EntryType,
  field: 'subject' | 'place',
  row: Row,
  values: Readonly<Record<string, string>>,
  render: Render,
): string {
  // A template that is a single column needs no engine, and comes back as it is written.
  const isColumn = pathOf(type, field) !== undefined;
  const text = isColumn ? shortText(textOf(row, ROLE_PREFIX + field), LONGEST_FIELD) : render(type[field], values);
  return text.replace(/\s+/g, ' ');
}

/** The values of the placeholders that templates of a kind have. */
function valuesOf(type: EntryType, row: Row, agentUrl: string): Readonly<Record<string, string>> {
  const fields = Object.keys(type.fields).map((name) => [
    name,
    shortText(textOf(row, FIELD_PREFIX + name), LONGEST_FIELD).trim(),
  ]) as readonly (readonly [string, string])[];
  return { ...Object.fromEntries(fields), objid: textOf(row, 'objid'), agentUrl };
}

/** The placeholders that templates of a kind may name. */
export function entryPlaceholders({ fields }: EntryType): readonly string[] {
  return [...Object.keys(fields), 'objid', 'agentUrl'];
}

function startingWith(row: Row, prefix: string): Row {
  const found = Object.entries(row).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** Half of a pair of surrogates, as a cut column may end in, becomes U+FFFD. */
function shortText(text: string, most: number): string {
  return fitText(text, most).toWellFormed();
}
