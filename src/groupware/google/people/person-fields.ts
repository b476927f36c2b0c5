// Which of a person's values say which field of a card. A person has lists of values, and what a value is for it says by its type. Pure.
// https://developers.google.com/people/api/rest/v1/people

import { at, isRecord } from '../../../core/shape';
import { cardOf, type CardPart } from '../../../core/sync/card';
import { normalized, type Entry } from '../../../core/sync/entry';

/** A list of a person's values. It is written as a whole: whatever is left out of it is gone. */
export type Group = 'names' | 'organizations' | 'phoneNumbers' | 'emailAddresses' | 'addresses';
export type PersonValue = Readonly<Record<string, unknown>>;
/** The values of the address book; what Google knows from elsewhere is none of it. */
export type PersonValues = Readonly<Record<Group, readonly PersonValue[]>>;

export const NO_VALUES: PersonValues = { names: [], organizations: [], phoneNumbers: [], emailAddresses: [], addresses: [] };
export const GROUPS = Object.keys(NO_VALUES) as readonly Group[];

/** A text of a contact: the name as people read it, or one of its card. */
export type Part = 'subject' | CardPart;

/** A place for a value. */
interface Slot {
  readonly group: Group;
  /** The types of values that may stand there. A value of any other type is the person's own. */
  readonly types: readonly string[];
  /** That of a new one. */
  readonly newType?: string;
  /** The texts, and where a value has them. */
  readonly says: Readonly<Partial<Record<Part, string>>>;
}

/** The type of an e-mail address that is not the first one of the CRM, even where it is the only one. This spelling can never change. */
export const SECOND_TYPE = 'Work 2';

/** What has no type, is for whatever people like. */
const ANY_USE = '';

export const SLOTS = {
  name: {
    group: 'names',
    types: [ANY_USE],
    says: { subject: 'unstructuredName', given: 'givenName', family: 'familyName' },
  },
  organization: {
    ...{ group: 'organizations', types: ['work', ANY_USE], newType: 'work' },
    says: { company: 'name', title: 'title' },
  },
  phone: { group: 'phoneNumbers', types: ['work', 'main', ANY_USE], newType: 'work', says: { phone: 'value' } },
  mobile: { group: 'phoneNumbers', types: ['mobile', 'workMobile'], newType: 'mobile', says: { mobile: 'value' } },
  fax: { group: 'phoneNumbers', types: ['workFax'], newType: 'workFax', says: { fax: 'value' } },
  email: { group: 'emailAddresses', types: ['work', ANY_USE], newType: 'work', says: { email: 'value' } },
  otherEmail: {
    ...{ group: 'emailAddresses', types: ['work', ANY_USE, SECOND_TYPE], newType: SECOND_TYPE },
    says: { otherEmail: 'value' },
  },
  address: {
    ...{ group: 'addresses', types: ['work', ANY_USE], newType: 'work' },
    says: { street: 'streetAddress', city: 'city', region: 'region', postcode: 'postalCode', country: 'country' },
  },
} as const satisfies Record<string, Slot>;

export type SlotName = keyof typeof SLOTS;
export const SLOT_NAMES = Object.keys(SLOTS) as readonly SlotName[];

/** The texts of a slot, and where its value has them. */
export function saysOf(slot: SlotName): readonly (readonly [part: Part, property: string])[] {
  return Object.entries(SLOTS[slot].says) as (readonly [Part, string])[];
}

/** Where in its list the value of each slot stands; nothing where there is none. */
export type Places = Readonly<Record<SlotName, number | undefined>>;

/** Finds them. */
export function placesOf(values: PersonValues): Places {
  const all = (slot: SlotName) => ranked(values[SLOTS[slot].group], slot);
  const isSecond = (place: number) => isTyped(values.emailAddresses[place], SECOND_TYPE);
  const [first, next] = all('email');
  const second =
    all('otherEmail').find(isSecond) ?? (next !== undefined && isSaid(values, 'otherEmail', next) ? next : undefined);
  return {
    ...(Object.fromEntries(SLOT_NAMES.map((slot) => [slot, all(slot)[0]])) as Places),
    ...{ email: first, otherEmail: second },
  };
}

/** Of several values the first one of this order counts: those that say something, those of work, the primary one, those further up. */
function ranked(values: readonly PersonValue[], slot: SlotName): readonly number[] {
  const { types }: Slot = SLOTS[slot];
  const rankOf = (value: PersonValue) => [
    saysOf(slot).some(([, property]) => textAt(value, property) !== '') ? 0 : 1,
    typeOf(value).startsWith('work') ? 0 : 1,
    at(at(value, 'metadata'), 'sourcePrimary') === true ? 0 : 1,
  ];
  return values
    .map((value, place) => ({ value, place, rank: rankOf(value) }))
    .filter(({ value }) => types.some((type) => isTyped(value, type)) && !isOver(value) && !isOneText(value))
    .sort(
      (one, other) =>
        one.rank.map((rank, n) => rank - (other.rank[n] ?? 0)).find((each) => each !== 0) ?? one.place - other.place,
    )
    .map(({ place }) => place);
}

/** A place where somebody worked before. */
function isOver(value: PersonValue): boolean {
  return value['current'] === false;
}

/** An address of which nobody says what is what. */
function isOneText(value: PersonValue): boolean {
  const { says } = SLOTS.address;
  return textAt(value, 'formattedValue') !== '' && Object.values(says).every((property) => textAt(value, property) === '');
}

function isSaid(values: PersonValues, slot: SlotName, place: number): boolean {
  const value = values[SLOTS[slot].group][place] ?? {};
  return saysOf(slot).some(([, property]) => textAt(value, property) !== '');
}

function typeOf(value: PersonValue): string {
  return textAt(value, 'type').trim().toLowerCase();
}

/** Whether a value says that it is of a type, in whatever letters. */
export function isTyped(value: PersonValue | undefined, type: string): boolean {
  return value !== undefined && typeOf(value) === type.toLowerCase();
}

/** A text of a value. */
export function textAt(value: PersonValue, property: string): string {
  const text = at(value, property);
  return typeof text === 'string' ? text : '';
}

/** The contact that these values are about. */
export function entryOfValues(values: PersonValues): Entry {
  const places = placesOf(values);
  const texts = SLOT_NAMES.flatMap((slot) => {
    const place = places[slot];
    const value = place === undefined ? undefined : values[SLOTS[slot].group][place];
    return value === undefined ? [] : saysOf(slot).map(([part, property]) => [part, textAt(value, property)] as const);
  });
  const { subject = '', ...card } = Object.fromEntries(texts) as Partial<Record<Part, string>>;
  // A name that was never said as a whole is told as Google puts it together.
  const name = subject === '' ? textAt(values.names[0] ?? {}, 'displayName') : subject;
  return normalized({ kind: 'contact', subject: name, time: {}, place: '', notes: '', done: false, card: cardOf(card) });
}

/** What stands in a part of an entry. */
export function partOf({ subject, card }: Entry, part: Part): string {
  return part === 'subject' ? subject : (card?.[part] ?? '');
}

/** The values of a person; nothing where one of its lists is none. */
export function valuesOf(person: unknown): PersonValues | undefined {
  const values = { ...NO_VALUES };
  for (const group of GROUPS) {
    const list = at(person, group) ?? [];
    if (!Array.isArray(list) || !list.every(isRecord)) return undefined;
    values[group] = list.filter(isOfContact);
  }
  return values;
}

function isOfContact(value: PersonValue): boolean {
  return (at(at(at(value, 'metadata'), 'source'), 'type') ?? 'CONTACT') === 'CONTACT';
}
