// The address book at the stand-in of Google, as its user sees it.

import { cardOf } from '../../../src/core/sync/card';
import type { Entry } from '../../../src/core/sync/entry';
import { MARK } from '../../../src/groupware/google/people/person';
import { SECOND_TYPE } from '../../../src/groupware/google/people/person-fields';
import type { PersonData } from '../../support/google/address-book';
import type { KeptPerson } from '../../support/google/contact-hands';
import { changePerson, edited, type PlaceOfText } from '../../support/google/contact-person';
import type { GoogleServer } from '../../support/google/google-server';
import type { MemoryItem, MemoryItems } from '../../support/memory-groupware';

/** Where each text of a card stands; people have nothing else for work. */
const PLACES: readonly PlaceOfText[] = [
  ['company', 'organizations', 'name', 'work'],
  ['title', 'organizations', 'title', 'work'],
  ['phone', 'phoneNumbers', 'value', 'work'],
  ['mobile', 'phoneNumbers', 'value', 'mobile'],
  ['fax', 'phoneNumbers', 'value', 'workFax'],
  ['email', 'emailAddresses', 'value', 'work'],
  ['otherEmail', 'emailAddresses', 'value', SECOND_TYPE],
  ['street', 'addresses', 'streetAddress', 'work'],
  ['city', 'addresses', 'city', 'work'],
  ['region', 'addresses', 'region', 'work'],
  ['postcode', 'addresses', 'postalCode', 'work'],
  ['country', 'addresses', 'country', 'work'],
];
/** What is no matter of work, in a list that the program writes as a whole. */
const OWN = { group: 'phoneNumbers', type: 'home' } as const;

/** The contacts of somebody with this address. */
export function contactItems(server: GoogleServer, email: string): MemoryItems {
  let known: { readonly revision: number; readonly items: ReadonlyMap<string, MemoryItem> } | undefined;
  return {
    get items() {
      const revision = server.contacts.revision(email);
      if (known?.revision !== revision)
        known = { revision, items: new Map(server.contacts.people(email).map((person) => [person.name, itemOf(person)])) };
      return known.items;
    },
    put(id, item) {
      const isThere = this.items.has(id);
      if (item === undefined) server.act(email, 'DELETE', `/v1/${id}:deleteContact`);
      else if (isThere) changePerson(server, email, id, (data) => written(data, item));
      else
        return (server.act(email, 'POST', '/v1/people:createContact', written({}, item)) as { readonly resourceName: string })
          .resourceName;
      return id;
    },
  };
}

function itemOf({ data, revision }: KeptPerson): MemoryItem {
  const [name] = data['names'] ?? [];
  const texts = PLACES.map(([part, group, property, type]) => {
    const value = data[group]?.find((each) => each['type'] === type);
    return [part, textOf(value?.[property])] as const;
  });
  const card = cardOf({ ...Object.fromEntries(texts), given: textOf(name?.['givenName']), family: textOf(name?.['familyName']) });
  const subject = textOf(name?.['unstructuredName']);
  const entry: Entry = { kind: 'contact', subject, time: {}, place: '', notes: '', done: false, card };
  const mark = data['clientData']?.find(({ key }) => key === MARK)?.['value'];
  const decorations = (data[OWN.group] ?? []).filter(({ type }) => type === OWN.type).map(({ value }) => textOf(value));
  return {
    content: { kind: 'entry', entry },
    version: String(revision),
    mark: mark === undefined ? undefined : textOf(mark),
    decorations,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** All that a contact says, with what is its user's own before what is the CRM's. */
function written(data: PersonData, { content, decorations }: Pick<MemoryItem, 'content' | 'decorations'>): PersonData {
  if (content.kind !== 'entry') throw new Error(`no contact is ${content.kind}`);
  const { subject, card } = content.entry;
  const name = { givenName: card?.given, familyName: card?.family, unstructuredName: subject };
  const lists = edited(data, { subject, ...(card && { card }) }, PLACES);
  const others = (lists[OWN.group] ?? []).filter(({ type }) => type !== OWN.type);
  const own = decorations.map((value) => ({ value, type: OWN.type }));
  return { ...lists, names: [{ ...data['names']?.[0], ...name }], [OWN.group]: [...own, ...others] };
}
