// The methods of people, but for listing. https://developers.google.com/people/api/rest/v1/people

import { addPerson, bookOf, change, MY_CONTACTS, newest, personNamed } from './address-book';
import type { AddressBook, PersonData, PersonField, StoredPerson } from './address-book';
import { one, type Call } from './api';
import { addressOf, CHANGEABLE, etagOf, maskOf, personView, readMask } from './person-view';
import { StatusError } from './status-error';
import { isObject, textIn } from './strict';

type Json = Readonly<Record<string, unknown>>;

/** How many people a method takes at once. */
const MOST = { get: 200, create: 200, update: 200, delete: 500 } as const;
/** Of a contact there is one of these at the most. */
const SINGLE = ['biographies', 'birthdays', 'genders', 'names'];
/** What Google only tells. */
const TOLD = ['metadata', 'formattedType', 'canonicalForm', 'displayNameLastFirst'];

export function getPerson(call: Call): Json {
  return personView(found(bookFor(call), one(call, 'resourceName') ?? ''), readMask(call));
}

/** Each is answered by itself, under the name that was asked for. */
export function getPeople(call: Call): object {
  const [book, fields] = [bookFor(call), readMask(call)];
  const names = atMost(call.parameters.get('resourceNames') ?? [], MOST.get);
  return {
    responses: names.map((requestedResourceName) => {
      const person = personNamed(book, requestedResourceName);
      if (person === undefined)
        return { httpStatusCode: 404, requestedResourceName, status: { code: 5, message: 'Person not found.' } };
      return { httpStatusCode: 200, person: personView(person, fields), requestedResourceName, status: {} };
    }),
  };
}

export function createContact(call: Call): Json {
  const book = bookFor(call);
  return personView(addPerson(book, newData(book, call.body), call.world.now()), readMask(call, 'personFields', ownMask(call)));
}

/** All of them, or none where one is refused. */
export function createContacts(call: Call): object {
  const [book, fields] = [bookFor(call), bodyMask(call)];
  const given = atMost(listIn(call.body['contacts']), MOST.create);
  const all = given.map((each) => newData(book, isObject(each) && isObject(each['contactPerson']) ? each['contactPerson'] : {}));
  const people = all.map((data) => addPerson(book, data, call.world.now()));
  return fields === undefined ? {} : { createdPeople: people.map((person) => responseOf(person, person.name, fields)) };
}

export function updateContact(call: Call): Json {
  const book = bookFor(call);
  const fields = maskOf(one(call, 'updatePersonFields'), CHANGEABLE, 'updatePersonFields');
  const person = found(book, one(call, 'resourceName') ?? '');
  change(book, person, changed(book, person, call.body, fields), call.world.now());
  return personView(person, readMask(call, 'personFields', ownMask(call)));
}

/** One mask counts for all of them: what it names is replaced in each, or cleared. None is changed where one is refused. */
export function updateContacts(call: Call): object {
  const [book, read] = [bookFor(call), bodyMask(call)];
  const fields = maskOf(textIn(call.body['updateMask']), CHANGEABLE, 'updateMask');
  const contacts = isObject(call.body['contacts']) ? call.body['contacts'] : {};
  const refused = new Map<string, StatusError>();
  const work = atMost(Object.entries(contacts), MOST.update).flatMap(([name, body]) => {
    try {
      const person = found(book, name);
      return [{ name, person, data: changed(book, person, isObject(body) ? body : {}, fields) }];
    } catch (problem) {
      if (!(problem instanceof StatusError)) throw problem;
      refused.set(name, problem);
      return [];
    }
  });
  const [first] = refused.values();
  if (first !== undefined) throw new StatusError(first.status, first.message, first.reason, [errorsOf(refused)]);
  for (const { person, data } of work) change(book, person, data, call.world.now());
  if (read === undefined) return {};
  return { updateResult: Object.fromEntries(work.map(({ name, person }) => [name, responseOf(person, name, read)])) };
}

/** https://developers.google.com/people/api/rest/v1/BatchUpdateContactsErrorDetails */
function errorsOf(refused: ReadonlyMap<string, StatusError>): object {
  const contactErrors = [...refused].map(([name, { message }]) => [name, { code: 9, message }]);
  return {
    '@type': 'type.googleapis.com/google.people.v1.BatchUpdateContactsErrorDetails',
    contactErrors: Object.fromEntries(contactErrors) as object,
  };
}

export function deleteContact(call: Call): object {
  const book = bookFor(call);
  change(book, found(book, one(call, 'resourceName') ?? ''), undefined, call.world.now());
  return {};
}

/** All of them, or none where one is not there. */
export function deleteContacts(call: Call): object {
  const book = bookFor(call);
  const people = atMost(listIn(call.body['resourceNames']), MOST.delete).map((name) => found(book, String(name)));
  for (const person of new Set(people)) change(book, person, undefined, call.world.now());
  return {};
}

function bookFor({ world, user }: Call): AddressBook {
  return bookOf(world, user);
}

/** A contact: a person of whom nothing but a profile is known is none. */
function found(book: AddressBook, name: string): StoredPerson {
  const person = personNamed(book, name);
  if (person === undefined) throw new StatusError('NOT_FOUND', 'Requested entity was not found.');
  return person;
}

function atMost<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length === 0) throw new StatusError('INVALID_ARGUMENT', 'Request must have at least one contact.');
  if (list.length > most) throw new StatusError('INVALID_ARGUMENT', `Request exceeds the limit of ${most}.`);
  return list;
}

function newData(book: AddressBook, body: Json): PersonData {
  const data = dataOf(body, [...CHANGEABLE]);
  checkGroups(book, data['memberships'] ?? []);
  const memberships = data['memberships'] ?? [{ contactGroupMembership: { contactGroupResourceName: MY_CONTACTS } }];
  return { ...data, memberships };
}

/** What becomes of a person by a change of some fields, each of which is replaced as a whole. */
function changed(book: AddressBook, person: StoredPerson, body: Json, fields: readonly string[]): PersonData {
  const version = newest(person);
  const metadata = isObject(body['metadata']) ? body['metadata'] : {};
  const sources = listIn(metadata['sources']).filter((source) => isObject(source) && source['type'] === 'CONTACT');
  const [source] = sources;
  if (!isObject(source) || !person.sources.some(({ type }) => type === 'CONTACT'))
    throw new StatusError('INVALID_ARGUMENT', 'Request must set person.metadata.sources with a source of type CONTACT.');
  if (source['etag'] !== etagOf(version)) throw new StatusError('FAILED_PRECONDITION', STALE, 'failedPrecondition');
  const data = dataOf(body, fields);
  if (fields.includes('memberships')) {
    checkGroups(book, data['memberships'] ?? []);
    if ((data['memberships'] ?? []).length === 0)
      throw new StatusError('INVALID_ARGUMENT', 'person.memberships must have at least one contact group membership.');
  }
  const rest = Object.entries(version.data ?? {}).filter(([name]) => !fields.includes(name));
  return Object.fromEntries([...rest, ...Object.entries(data)]);
}

const STALE = 'Request person.etag is different than the current person.etag. Clear local cache and get the latest person.';

/** Fields of a body without what Google only tells; those that are not there are empty. */
function dataOf(body: Json, fields: readonly string[]): PersonData {
  const lists = fields.flatMap((field): readonly (readonly [string, PersonField])[] => {
    const list = listIn(body[field]).filter(isObject).map(kept);
    if (SINGLE.includes(field) && list.length > 1)
      throw new StatusError('INVALID_ARGUMENT', `Cannot have more than one person.${field} per source.`);
    return list.length === 0 ? [] : [[field, list]];
  });
  return Object.fromEntries(lists);
}

/** Of a name, how it is shown is only told; of an address of mail it can be said. An address as it was put together says nothing new. */
function kept(value: Json): Json {
  const told = [
    ...('value' in value ? TOLD : [...TOLD, 'displayName']),
    ...(value['formattedValue'] === addressOf(value) ? ['formattedValue'] : []),
  ];
  return Object.fromEntries(Object.entries(value).filter(([name, each]) => !told.includes(name) && each !== null && each !== ''));
}

function checkGroups({ groups }: AddressBook, memberships: PersonField): void {
  for (const { contactGroupMembership: of } of memberships)
    if (!isObject(of) || !groups.has(String(of['contactGroupResourceName'])))
      throw new StatusError('INVALID_ARGUMENT', 'Contact group is not found.');
}

function responseOf(person: StoredPerson, requestedResourceName: string, fields: readonly string[]): object {
  return { httpStatusCode: 200, person: personView(person, fields), requestedResourceName, status: {} };
}

/** Without one, nothing is read again. */
function bodyMask(call: Call): readonly string[] | undefined {
  const text = textIn(call.body['readMask']);
  return text === '' ? undefined : readMask(call, 'readMask', text);
}

/** All fields where nobody says which. */
function ownMask(call: Call): string {
  return one(call, 'personFields') ?? [...CHANGEABLE, 'metadata'].join(',');
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
