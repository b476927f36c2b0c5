// What the stand-in knows of somebody's contacts: people, with all that they ever were, and groups.

import { randomText, type User, type World } from './world';

/** A list of a person's values of a kind, such as telephone numbers. */
export type PersonField = readonly Readonly<Record<string, unknown>>[];

/** A person as the address book keeps it: without names of its own, metadata, and what Google only tells. */
export type PersonData = Readonly<Record<string, PersonField>>;

/** Where what is known of a person is from. */
export interface PersonSource {
  readonly type: 'CONTACT' | 'PROFILE';
  readonly id: string;
}

/** A person at some time; without data it was deleted. */
export interface PersonVersion {
  readonly revision: number;
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly data: PersonData | undefined;
}

export interface StoredPerson {
  /** `people/c123` */
  name: string;
  formerNames: readonly string[];
  sources: readonly PersonSource[];
  /** The newest one is the last. */
  readonly versions: PersonVersion[];
}

export interface ContactGroup {
  readonly resourceName: string;
  readonly name: string;
  readonly isOfSystem: boolean;
  readonly clientData: PersonField;
}

export interface AddressBook {
  readonly people: StoredPerson[];
  readonly groups: Map<string, ContactGroup>;
  /** When everything was listed last that led to a sync token, by that token. */
  readonly wholeAt: Map<string, number>;
  revision: number;
  /** Whether something of it is being changed. */
  isBusy: boolean;
}

/** How contacts of all users behave. */
export interface ContactRules {
  /** How long it takes until listings show a change. */
  lagMs: number;
  /** How long a change takes, in ms; meanwhile no other one of this user is taken. Nobody has to wait at first. */
  busyMs: number;
  /** How many listings of everything may begin in a minute. */
  mostFirst: number;
  /** When such listings began. */
  firstAt: readonly number[];
}

export const MY_CONTACTS = 'contactGroups/myContacts';

/** An address book without anybody in it. */
export function bookOf({ books }: World, { email }: Pick<User, 'email'>): AddressBook {
  const book = books.get(email) ?? newBook();
  books.set(email, book);
  return book;
}

function newBook(): AddressBook {
  const own = { resourceName: MY_CONTACTS, name: 'myContacts', isOfSystem: true, clientData: [] };
  return { people: [], groups: new Map([[MY_CONTACTS, own]]), wholeAt: new Map(), revision: 1, isBusy: false };
}

/** Adds a person. */
export function addPerson(book: AddressBook, data: PersonData, at: number): StoredPerson {
  const id = randomText(8);
  const person: StoredPerson = {
    ...{ name: `people/c${BigInt(`0x${id}`)}`, formerNames: [], sources: [{ type: 'CONTACT', id }], versions: [] },
  };
  book.people.push(person);
  change(book, person, data, at);
  return person;
}

/** Makes something else of a person; without data it is deleted. */
export function change(book: AddressBook, person: StoredPerson, data: PersonData | undefined, at: number): void {
  book.revision += 1;
  person.versions.push({ revision: book.revision, at, data });
}

/** How a person is now. */
export function newest({ versions }: StoredPerson): PersonVersion {
  const last = versions.at(-1);
  if (last === undefined) throw new Error('a person without a version');
  return last;
}

/** A person that there is, by its name or one that it had. */
export function personNamed({ people }: AddressBook, name: string): StoredPerson | undefined {
  const there = people.filter((person) => newest(person).data !== undefined);
  return there.find((person) => person.name === name) ?? there.find(({ formerNames }) => formerNames.includes(name));
}
