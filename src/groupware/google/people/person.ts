// What a person of Google's address book is: an entry, or why it is none. Pure.
// https://developers.google.com/people/api/rest/v1/people

import { at, isRecord } from '../../../core/shape';
import type { RemoteContent, RemoteGone, RemoteItem } from '../../groupware';
import { entryOfValues, GROUPS, valuesOf, type PersonValue } from './person-fields';

/** Our mark: a value of the person's client data, which holds the id of its link. This spelling can never change. */
export const MARK = 'crmLink';

/** Everything of a person that is ever asked for, and only as far as it stands in the address book. */
export const PERSON_QUERY = {
  personFields: [...GROUPS, 'clientData', 'metadata'].join(),
  sources: 'READ_SOURCE_TYPE_CONTACT',
} as const;

/** A person's entry in the address book, as a write has to name it. */
export interface ContactSource {
  readonly type: 'CONTACT';
  readonly id: string;
  readonly etag: string;
}

/** As many telephone numbers and addresses stand in a listing; there may be more. */
const MOST_LISTED = 100;

/** A person as it was understood; `undefined` for what is none. */
export function itemOf(person: unknown): RemoteItem | RemoteGone | undefined {
  const id = at(person, 'resourceName');
  if (typeof id !== 'string' || id === '') return undefined;
  if (at(at(person, 'metadata'), 'deleted') === true) return { id, gone: true };
  const [mark, ...otherMarks] = marksOf(person);
  return {
    ...{ id, version: contactSourceOf(person)?.etag ?? '', content: contentOf(person) },
    ...(mark === undefined ? {} : { mark }),
    ...(otherMarks.length === 0 ? {} : { otherMarks }),
  };
}

/** Whether a person was made for a link. All others are somebody's own, and are looked at no further. */
export function isMarked(person: unknown): boolean {
  return marksOf(person).length > 0;
}

/** What a person was called before; told in listings of changes only. */
export function formerNamesOf(person: unknown): readonly string[] {
  const names = at(at(person, 'metadata'), 'previousResourceNames');
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

/** Where a person stands in the address book; nothing where it does not, or twice. */
export function contactSourceOf(person: unknown): ContactSource | undefined {
  const [source, ...more] = contactSources(person);
  const [id, etag] = [at(source, 'id'), at(source, 'etag')];
  if (more.length > 0 || typeof id !== 'string' || typeof etag !== 'string') return undefined;
  return { type: 'CONTACT', id, etag };
}

function contactSources(person: unknown): readonly unknown[] {
  const sources = at(at(person, 'metadata'), 'sources');
  return Array.isArray(sources) ? sources.filter((source) => at(source, 'type') === 'CONTACT') : [];
}

/** A listing may hold a part of the numbers only: what is not there, is not known. */
function contentOf(person: unknown): RemoteContent {
  if (contactSources(person).length === 0) return { kind: 'foreign' };
  if (contactSourceOf(person) === undefined) return { kind: 'unreadable', words: 'it stands in the address book twice' };
  const values = valuesOf(person);
  if (values === undefined) return { kind: 'unreadable', words: 'one of its lists is none' };
  if ([values.phoneNumbers, values.emailAddresses].some(({ length }) => length >= MOST_LISTED))
    return { kind: 'unreadable', words: `it has ${MOST_LISTED} numbers or addresses of mail, or more` };
  return { kind: 'entry', entry: entryOfValues(values) };
}

function marksOf(person: unknown): readonly string[] {
  const data = at(person, 'clientData');
  const own: readonly PersonValue[] = Array.isArray(data) ? data.filter(isRecord).filter(({ key }) => key === MARK) : [];
  return [...new Set(own.flatMap(({ value }) => (typeof value === 'string' && value !== '' ? [value] : [])))];
}
