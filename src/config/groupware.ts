// Whose calendar and tasks are kept in step with which groupware, and how far: the key `groupware`.

import {
  andThen,
  at,
  choice,
  duration,
  flag,
  integer,
  isRecord,
  list,
  object,
  optional,
  propertiesOf,
  record,
  required,
  splitByKeys,
  text,
  textAs,
  variant,
  withDefault,
  type Checked,
  type JsonSchema,
  type Shape,
} from '../core/shape';
import { databaseShape, type DatabaseConfig } from './database';
import type { OptionShapes } from './destinations';
import { siteKindsShape, type SiteKinds } from './entry-types';
import { login, LOGIN, someUsersShape, usersShape, type Group } from './groupware-users';
import { otherGroupwaresShape, type OtherGroupwares } from './other-groupwares';
import { timeZoneShape } from './time-zone';

/** What is kept in step. */
export interface GroupwareConfig extends Omit<Common, 'database' | 'others'> {
  readonly kinds: SiteKinds;
  /** The name of the groupware type. */
  readonly type: string;
  /** What the options of that type yield. */
  readonly options: unknown;
  /** Further groupwares by their names, each for some users of its own. */
  readonly others: OtherGroupwares;
  /** The CRM's database with a login that may write; nothing where it is that of `clarify`. */
  readonly database: DatabaseConfig | undefined;
}

const DAY_MS = 86_400_000;

const OTHER_USERS =
  'Who is kept in step with this one, and with no other, whether or not groupware.users names them: a list of logins, or a group of the CRM.';

/** What the keys beside those of the groupware's type yield. */
type Common = Checked<ReturnType<typeof object<ReturnType<typeof common>>>>;

function common(types: OptionShapes) {
  return {
    users: withDefault(
      usersShape(),
      [] as readonly string[] | Group | 'all',
      'Whose entries are kept in step: a list of logins, a group of the CRM, or "all" for every active user. Nobody if left out.',
    ),
    others: withDefault(
      otherGroupwaresShape(types, (options) => withCommon(object({ users: required(someUsersShape(), OTHER_USERS) }), options)),
      {},
      'Further groupwares, each under a name of its own, with the type and the options of it, and the users whom it is for. All other keys count for all of them.',
    ),
    write: withDefault(
      flagOr(list(login())),
      false,
      'Whether what people change in the groupware is written into the CRM: for all (true), for some logins, or for nobody (false). ' +
        'Try it with false first, and look at publish-activity sync --dry-run.',
    ),
    database: optional(
      databaseShape(),
      'The CRM’s database, with a login that has the rights which docs/groupware.md lists; that of clarify if left out.',
    ),
    newIds: optional(
      object({
        by: required(
          choice(['fc_new_oid', 'sample']),
          'The procedure fc_new_oid of the CRM, or a table of the sample CRM that comes with the program.',
        ),
        base: withDefault(integer(0, 2_147_483_647), 268_435_456, 'What is added to a counted number, 2^28 on the first site.'),
      }),
      'How object ids of new rows are made. Without it no row is ever made, and what people enter in the groupware stays there.',
    ),
    delete: withDefault(
      choice(['own', 'none', 'appointments']),
      'own',
      'Which rows a deletion in the groupware deletes in the CRM: those that were made from there (own), none, or all appointments.',
    ),
    contacts: withDefault(
      contactsShape(),
      'window',
      'Which contacts stand in a user’s address book: those that entries in the window and open work of the user’s are about ("window"), ' +
        'none ("none"), or those that a path of the site leads to.',
    ),
    removeContacts: withDefault(
      flag(),
      false,
      'Whether the card of a contact whom nothing in the window is about any more leaves the address book; it stays if left out.',
    ),
    window: withDefault(
      object({
        past: withDefault(duration(0, 3_650 * DAY_MS), 30 * DAY_MS, 'How far back entries are kept in step; "30d" if left out.'),
        ahead: withDefault(duration(DAY_MS, 3_650 * DAY_MS), 365 * DAY_MS, 'How far ahead; "365d" if left out.'),
      }),
      { past: 30 * DAY_MS, ahead: 365 * DAY_MS },
      'Which entries are kept in step, by when they are. What leaves it is left alone on both sides.',
    ),
    notes: withDefault(
      list(textAs((name) => (/^\w{1,64}$/.test(name) ? name : undefined), 'the name of a kind of entry')),
      [],
      'The kinds of entries whose notes go to the groupware, for example appointment; of none if left out.',
    ),
    kinds: withDefault(
      siteKindsShape(),
      {},
      'The site’s own kinds of entries, and what is different about those that the program knows: by name, for example appointment.',
    ),
    every: withDefault(
      duration(0, 7 * DAY_MS),
      0,
      'How long a user’s turn is left alone after it ended, 25 % more or less, so that users spread; if left out, each run of `sync` takes every user once.',
    ),
    concurrency: optional(
      integer(1, 100),
      'How many users’ turns a run takes at once, at each groupware; if left out, 4, or 50 of google with batch "shared", whose requests they fill.',
    ),
    firstFill: withDefault(
      object({
        entriesPerMinute: withDefault(
          integer(0, 1_000_000),
          600,
          'How many entries are made in a minute for users who are new, and for anybody else in a turn; 0 for as many as there are.',
        ),
        usersPerHour: withDefault(
          integer(0, 1_000_000),
          60,
          'How many users have their first turn in an hour; 0 for as many as there are.',
        ),
      }),
      { entriesPerMinute: 600, usersPerHour: 60 },
      'How fast users who are new get their entries, over all hosts, so that a first fill does not flood the groupware.',
    ),
    people: withDefault(
      record(
        object({
          timeZone: optional(timeZoneShape(), 'The zone in which this user’s entries are first written; the CRM’s if left out.'),
        }),
        LOGIN,
        'a login',
      ),
      {},
      'What is different about some users, by login.',
    ),
    system: withDefault(
      textAs((name) => (/^[\w.-]{1,40}$/.test(name) ? name : undefined), 'a name of letters, digits, _, - and .'),
      'crm',
      'Which CRM this is, where several fill one groupware. It is a part of every id: never change it.',
    ),
  };
}

/** The words "window" and "none", or a path of the site. */
function contactsShape(): Shape<'window' | 'none' | { readonly path: string }> {
  const words = choice(['window', 'none']);
  const own = object({
    path: required(
      text(),
      'The path from table_user to the objid of a contact, for example "x_territory[x_territory2user>x_territory2contact]:contact.objid".',
    ),
  });
  return {
    schema: { anyOf: [words.schema, own.schema] },
    parse: (raw, place) => (isRecord(raw) ? own.parse(raw, place) : words.parse(raw, place)),
  };
}

/** Yes or no, or what another shape says. */
function flagOr<T>(shape: Shape<T>): Shape<T | boolean> {
  const yesOrNo = flag();
  return {
    schema: { anyOf: [yesOrNo.schema, shape.schema] },
    parse: (raw, place) => (typeof raw === 'boolean' ? yesOrNo.parse(raw, place) : shape.parse(raw, place)),
  };
}

/** The shape of `groupware`, of the types that there are. */
export function groupwareShape(types: OptionShapes): Shape<GroupwareConfig> {
  const own = object(common(types));
  const kinds = Object.entries(types).map(([type, options]) => [type, withCommon(own, options)] as const);
  return andThen(variant('type', Object.fromEntries(kinds)), (checked): GroupwareConfig => checked);
}

/**
 * The keys that every groupware has, beside those of a type. Where a type has something to say of `people` as well, each of them has its
 * keys beside ours.
 */
function withCommon<C extends object>(own: Shape<C>, options: Shape<unknown>): Shape<C & { readonly options: unknown }> {
  return {
    get schema() {
      const [ours, theirs] = [propertiesOf(own), propertiesOf(options)];
      const people = saysOfPeople(ours) && saysOfPeople(theirs) ? { people: joined(ours, theirs) } : {};
      return { ...options.schema, required: neededBy(own, options), properties: { ...theirs, ...ours, ...people } };
    },
    parse: (raw, place) => {
      const [ours, theirs] = [propertiesOf(own), propertiesOf(options)];
      const [ownKeys, otherKeys] = splitByKeys(raw, Object.keys(ours));
      const named = inLowerCase(at(raw, 'people'));
      const [ownPeople, otherPeople] = !saysOfPeople(theirs)
        ? [named]
        : saysOfPeople(ours)
          ? peopleInTwo(named, personIn(ours))
          : [undefined, named];
      const checked = own.parse(withPeople(ownKeys, ownPeople), place);
      const checkedOptions = options.parse(withPeople(otherKeys, otherPeople), place);
      return checked === undefined ? undefined : { ...checked, options: checkedOptions };
    },
  };
}

function saysOfPeople(properties: Readonly<Record<string, unknown>>): boolean {
  return at(properties, 'people') !== undefined;
}

/** The keys that have to be there. */
function neededBy(...shapes: readonly Shape<unknown>[]): readonly string[] {
  return shapes.flatMap(({ schema }) => (schema['required'] ?? []) as readonly string[]);
}

/** The schema of one of the people in the properties of a shape. */
function personIn(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const found = at(at(at(properties, 'people'), 'additionalProperties'), 'properties');
  return isRecord(found) ? found : {};
}

function joined(ours: Readonly<Record<string, unknown>>, theirs: Readonly<Record<string, unknown>>): JsonSchema {
  const [people, person] = [at(ours, 'people'), at(at(ours, 'people'), 'additionalProperties')] as readonly JsonSchema[];
  return { ...people, additionalProperties: { ...person, properties: { ...personIn(ours), ...personIn(theirs) } } };
}

/** What is said of each of the people under our keys, and under those of the type. What is no object is ours to complain about. */
function peopleInTwo(raw: unknown, person: Readonly<Record<string, unknown>>): readonly [unknown, unknown] {
  if (!isRecord(raw)) return [raw, undefined];
  const all = Object.entries(raw).map(([login, each]) => [login, each, splitByKeys(each, Object.keys(person))] as const);
  const ours = all.map(([login, each, [own]]) => [login, isRecord(each) ? own : each]);
  return [Object.fromEntries(ours), Object.fromEntries(all.map(([login, , [, other]]) => [login, other]))];
}

/** As logins are everywhere else. */
function inLowerCase(people: unknown): unknown {
  return isRecord(people)
    ? Object.fromEntries(Object.entries(people).map(([login, each]) => [login.trim().toLowerCase(), each]))
    : people;
}

function withPeople(keys: Readonly<Record<string, unknown>>, people: unknown): Readonly<Record<string, unknown>> {
  return people === undefined ? keys : { ...keys, people };
}
