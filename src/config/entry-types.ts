// What a configuration says about kinds of entries: own ones, and changes of those that the program brings along.

import { choice, flag, integer, list, object, optional, record, text, type Checked, type Shape } from '../core/shape';
import { ALL_CARD_PARTS, type CardPart } from '../core/sync/card';
import { ENTRY_FIELDS } from '../core/sync/entry';
import { PLACEHOLDER, sqlName, template, TYPE_NAME, TYPE_NAME_WORDS } from './object-types';

/** A kind of entry as a site describes it. What it leaves out is that of the program's own kind of the same name, if there is one. */
export type SiteKind = Checked<ReturnType<typeof siteKindShape>>;

/** The kinds of a site by canonical name. */
export type SiteKinds = Readonly<Record<string, SiteKind>>;

type CardPaths = Readonly<Record<CardPart, ReturnType<typeof optional<string>>>>;

/** The longest column that anything is written to. */
const LONGEST = 20_000;

/** The shape of `groupware.kinds`. The paths in it, and what may be written, only the CRM's floor can check. */
export function siteKindsShape(): Shape<SiteKinds> {
  return record(siteKindShape(), TYPE_NAME, TYPE_NAME_WORDS);
}

function siteKindShape() {
  return object({
    off: optional(flag(), 'true leaves the kind out.'),
    typeName: optional(text(), 'How people call it.'),
    becomes: optional(choice(['event', 'task']), 'What its rows become.'),
    table: optional(sqlName(), 'Its table or view, for example table_x_visit.'),
    idColumn: optional(sqlName(), 'The column with its objid; objid if left out.'),
    fields: optional(
      record(text(), PLACEHOLDER, 'the name of a placeholder'),
      'What its templates may name: placeholder to path, for example site: "x_visit2site.name".',
    ),
    subject: optional(template(), 'Its subject, as a template; "{{ title }}" alone can be written back.'),
    place: optional(template(), 'Its place, as a template; empty for none.'),
    link: optional(template(), 'The address that entries link to, as a template; empty for none.'),
    notes: optional(text(), 'The path of a text for the notes, which leave only where groupware.notes names the kind.'),
    begin: optional(text(), 'The path of the moment when it begins.'),
    end: optional(text(), 'The path of the moment when it ends; of a task, when it is due.'),
    duration: optional(text(), 'The path of its length in seconds, where there is no end.'),
    done: optional(text(), 'Of a task: the path of the moment when it was done.'),
    owner: optional(text(), 'The path of the login of whoever it belongs to, for example "x_visit2user.login_name".'),
    card: optional(
      object(Object.fromEntries(ALL_CARD_PARTS.map((part) => [part, optional(text(), `The path of its ${part}.`)])) as CardPaths),
      'Of contacts: what stands on the card, by paths, for example mobile: "x_mobile".',
    ),
    contact: optional(text(), 'The path of the objid of the contact that it is about, for example "x_visit2contact".'),
    stamp: optional(sqlName(), 'The column that says when a row was changed.'),
    alongside: optional(list(sqlName()), 'Columns with moments that move along with the end.'),
    writable: optional(list(choice(ENTRY_FIELDS)), 'What may be written back; a list without items for nothing.'),
    longest: optional(
      object({
        subject: optional(integer(1, LONGEST), 'Of the subject.'),
        place: optional(integer(1, LONGEST), 'Of the place.'),
        notes: optional(integer(1, LONGEST), 'Of the notes.'),
        title: optional(integer(1, LONGEST), 'Of a contact’s title.'),
        phone: optional(integer(1, LONGEST), 'Of a contact’s phone.'),
        mobile: optional(integer(1, LONGEST), 'Of a contact’s mobile phone.'),
        email: optional(integer(1, LONGEST), 'Of a contact’s e-mail.'),
        otherEmail: optional(integer(1, LONGEST), 'Of a contact’s other e-mail.'),
      }),
      'How many characters the column of a text takes.',
    ),
  });
}
