// A person with Google's own address book before them: what they do there needs no token, is not counted, and never goes wrong.

import type { CardPart } from '../../../src/core/sync/card';
import type { Entry } from '../../../src/core/sync/entry';
import type { Person } from '../../groupware/suite';
import type { Texts } from '../worlds';
import type { PersonData, PersonField } from './address-book';
import type { GoogleServer } from './google-server';

/** What others put there, whatever stands there from us: the first of its list, so that Google calls it the primary one. */
const DECORATIONS: PersonData = {
  phoneNumbers: [
    { value: '555-010-9001', type: 'home' },
    { value: '1', type: 'pager' },
    { value: '2', type: 'homeFax' },
  ],
  emailAddresses: [
    { value: 'nora@home.example', type: 'home', displayName: 'Nono' },
    { value: 'club@example.com', type: 'Chess club' },
  ],
  addresses: [{ type: 'home', streetAddress: '1 Hidden Lane', city: 'Austin', poBox: '7' }],
  organizations: [{ type: 'school', name: 'Night school', title: 'Pupil' }],
  nicknames: [{ value: 'Nono' }],
  birthdays: [{ date: { year: 1975, month: 4, day: 1 } }],
  biographies: [{ value: 'a,b' }],
  userDefined: [{ key: 'q"', value: '1' }],
};

/** A text of a card, and the list, the property and the type of the value in which it stands. */
export type PlaceOfText = readonly [part: CardPart, group: string, property: string, type: string];

/** The values that somebody changes by hand. */
const EDITED: readonly PlaceOfText[] = [
  ['title', 'organizations', 'title', 'work'],
  ['company', 'organizations', 'name', 'work'],
  ['phone', 'phoneNumbers', 'value', 'work'],
  ['mobile', 'phoneNumbers', 'value', 'mobile'],
  ['fax', 'phoneNumbers', 'value', 'workFax'],
  ['email', 'emailAddresses', 'value', 'work'],
];

/** Somebody with contacts. */
export function contactPerson(server: GoogleServer, email: string): Person {
  const change = (id: string, work: (data: PersonData) => PersonData) =>
    Promise.resolve().then(() => changePerson(server, email, id, work));
  return {
    add: (entry) =>
      Promise.resolve().then(() => {
        const made = server.act(email, 'POST', '/v1/people:createContact', written(entry));
        return (made as { readonly resourceName: string }).resourceName;
      }),
    edit: (id, entry) => change(id, (data) => edited(data, entry)),
    remove: (id) => Promise.resolve().then(() => void server.act(email, 'DELETE', `/v1/${id}:deleteContact`)),
    turn: (id, into) =>
      Promise.resolve().then(() => {
        if (into === 'foreign') server.contacts.source(email, id, ['PROFILE']);
        else if (into === 'unreadable') server.contacts.source(email, id, ['CONTACT', 'CONTACT']);
        else throw new Error(`no contact is ${into}`);
      }),
    decorate: (id) =>
      change(id, (data) =>
        Object.fromEntries(Object.entries(DECORATIONS).map(([field, own]) => [field, [...own, ...(data[field] ?? [])]])),
      ),
    decorations: (id) =>
      Promise.resolve().then(() => {
        const data = dataOf(server, email, id);
        const isOwn = (field: string) => (value: unknown) =>
          (DECORATIONS[field] ?? []).some((own) => JSON.stringify(own) === JSON.stringify(value));
        const all = Object.keys(DECORATIONS).map((field) => [field, (data[field] ?? []).filter(isOwn(field))] as const);
        return Object.fromEntries(all.filter(([, values]) => values.length > 0));
      }),
    // Types in other letters, and a name that is not said as a whole.
    respell: (id) => change(id, respelled),
  };
}

/** Somebody saves lists of a contact in place of those that stand there. */
export function changePerson(server: GoogleServer, email: string, id: string, work: (data: PersonData) => PersonData): void {
  const { metadata } = server.act(email, 'GET', `/v1/${id}?personFields=metadata`) as { readonly metadata: object };
  const changed = work(dataOf(server, email, id));
  const mask = Object.keys(changed).join();
  server.act(email, 'PATCH', `/v1/${id}:updateContact?updatePersonFields=${mask}`, { ...changed, metadata });
}

function dataOf({ contacts }: GoogleServer, email: string, id: string): PersonData {
  return contacts.people(email).find(({ name }) => name === id)?.data ?? {};
}

/** Contacts as texts to be looked at. */
export function contactTexts(server: GoogleServer, email: string): Texts {
  const people = () => server.contacts.people(email);
  const never = () => Promise.reject(new Error('Google keeps no texts'));
  return {
    names: () => Promise.resolve(people().map(({ name }) => name)),
    read: (id) => Promise.resolve(JSON.stringify(people().find(({ name }) => name === id)?.data)),
    write: never,
    remove: never,
  };
}

function written({ subject, card }: Entry): PersonData {
  const { given, family, company, title, phone, mobile, fax, email, otherEmail } = card ?? {};
  const { street, city, region, postcode, country } = card ?? {};
  return {
    names: [{ unstructuredName: subject, givenName: given, familyName: family }],
    organizations: [{ name: company, title }],
    phoneNumbers: [
      { value: phone, type: 'main' },
      { value: mobile, type: 'workMobile' },
      { value: fax, type: 'workFax' },
    ],
    emailAddresses: [{ value: otherEmail }, { value: email, type: 'work' }],
    addresses: [{ streetAddress: street, city, region, postalCode: postcode, country }],
  };
}

/** With other texts where they stand; without a value where there is no text any more. Lists in which no text has its place are left out. */
export function edited(data: PersonData, { subject, card }: Partial<Entry>, places: readonly PlaceOfText[] = EDITED): PersonData {
  const all = new Map<string, PersonField>(Object.entries(data));
  if (subject !== undefined) all.set('names', [{ ...data['names']?.[0], unstructuredName: subject }]);
  for (const [part, group, property, type] of places) {
    const text = card?.[part];
    const list = all.get(group) ?? [];
    const at = list.findIndex((value) => value['type'] === type);
    if (text === undefined || (text === '' && at < 0)) continue;
    const value = { type, ...list[at], [property]: text };
    const isEmpty = property === 'value' && text === '';
    all.set(group, at < 0 ? [...list, value] : list.flatMap((each, n) => (n === at ? (isEmpty ? [] : [value]) : [each])));
  }
  const groups = ['names', ...places.map(([, group]) => group)];
  return Object.fromEntries([...all].filter(([group]) => groups.includes(group)));
}

function respelled(data: PersonData): PersonData {
  const groups = ['organizations', 'phoneNumbers', 'emailAddresses', 'addresses'];
  const louder = (value: Readonly<Record<string, unknown>>) =>
    typeof value['type'] === 'string' ? { ...value, type: value['type'].toUpperCase() } : value;
  const [{ unstructuredName, ...name } = {}] = data['names'] ?? [];
  const isBuilt = unstructuredName === [name['givenName'], name['familyName']].join(' ');
  return {
    names: [isBuilt ? name : { unstructuredName, ...name }],
    ...Object.fromEntries(groups.map((group) => [group, (data[group] ?? []).map(louder)])),
  };
}
