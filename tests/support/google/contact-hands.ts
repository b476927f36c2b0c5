// What a test does with contacts beside asking for them: what is there, what no API would do, and how slow it all is.

import {
  bookOf,
  change,
  newest,
  personNamed,
  type AddressBook,
  type ContactGroup,
  type ContactRules,
  type PersonData,
  type PersonSource,
  type StoredPerson,
} from './address-book';
import { userOf, type World } from './world';

/** A person as the address book keeps it. */
export interface KeptPerson {
  readonly name: string;
  readonly data: PersonData;
  /** Changes with every change. */
  readonly revision: number;
}

export interface ContactHands {
  people(email: string): readonly KeptPerson[];
  /** Changes with every change of any of them. */
  revision(email: string): number;
  groups(email: string): readonly ContactGroup[];
  /** How slow writes are to show, how long they take, and how many listings of everything may begin in a minute. */
  rule(rules: Partial<Pick<ContactRules, 'lagMs' | 'busyMs' | 'mostFirst'>>): void;
  /** What is known of a person comes from elsewhere, too, or from elsewhere alone. */
  source(email: string, name: string, sources: readonly PersonSource['type'][]): void;
  /** A person is called otherwise from now on; what it is called now. */
  rename(email: string, name: string): string;
  /** Two people become one, which has all that both had; the other one is there no more. */
  merge(email: string, from: string, into: string): void;
  /** Everybody is told as changed, and nobody was. */
  touchAll(email: string): void;
}

export function contactHands(world: World): ContactHands {
  const book = (email: string) => bookOf(world, userOf(world, email));
  const person = (email: string, name: string) => required(personNamed(book(email), name), name);
  const there = (email: string) =>
    book(email).people.flatMap((each): readonly (readonly [StoredPerson, PersonData])[] => {
      const { data } = newest(each);
      return data === undefined ? [] : [[each, data]];
    });
  return {
    people: (email) => there(email).map(([each, data]) => ({ name: each.name, data, revision: newest(each).revision })),
    revision: (email) => book(email).revision,
    groups: (email) => [...book(email).groups.values()].filter(({ isOfSystem }) => !isOfSystem),
    rule: (rules) => void Object.assign(world.contacts, rules),
    source: (email, name, types) => {
      const known = person(email, name);
      known.sources = types.map((type, n) => ({ type, id: `${n}${known.sources[0]?.id ?? ''}` }));
      again(world, book(email), known);
    },
    rename: (email, name) => {
      const known = person(email, name);
      known.formerNames = [...known.formerNames, known.name];
      known.name = `people/c${known.name.slice('people/c'.length)}0`;
      again(world, book(email), known);
      return known.name;
    },
    merge: (email, from, into) => {
      const [gone, kept] = [person(email, from), person(email, into)];
      const [theirs, own] = [newest(gone).data ?? {}, newest(kept).data ?? {}];
      const fields = new Set([...Object.keys(own), ...Object.keys(theirs)]);
      const all = [...fields].map((field) => [
        field,
        [...(own[field] ?? []), ...(field === 'names' ? [] : (theirs[field] ?? []))],
      ]);
      change(book(email), gone, undefined, world.now());
      change(book(email), kept, Object.fromEntries(all) as PersonData, world.now());
    },
    touchAll: (email) => {
      for (const [each] of there(email)) again(world, book(email), each);
    },
  };
}

/** It has another version, and says the same. */
function again(world: World, book: AddressBook, person: StoredPerson): void {
  change(book, person, newest(person).data, world.now());
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`nobody is called ${name}`);
  return value;
}
