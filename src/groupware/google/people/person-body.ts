// Contacts as people of Google's address book: a new one, and what changes of one. Each list is written as a whole, so that whatever is not
// ours goes back to the letter. Pure.

import { normalized, normalizedText, withFields, type Entry } from '../../../core/sync/entry';
import { webAddress } from '../../../core/web-address';
import type { StepTo } from '../../text-item';
import { MARK } from './person';
import {
  entryOfValues,
  isTyped,
  NO_VALUES,
  partOf,
  placesOf,
  saysOf,
  SECOND_TYPE,
  SLOT_NAMES,
  SLOTS,
  type Group,
  type PersonValue,
  type PersonValues,
  type SlotName,
} from './person-fields';

/** Lists that are to be written, by their names: these, joined, are the mask of the write. */
export type PersonChange = Readonly<Partial<Record<Group, readonly PersonValue[]>>>;

/** The group that everybody is in whom Google shows as a contact. */
const MY_CONTACTS = 'contactGroups/myContacts';

/** A new person, in a group of contacts. */
export function newPerson({ linkId, entry, url }: Omit<StepTo<'create'>, 'do'>, group: string): object {
  const address = webAddress(url);
  return {
    ...changeOf(NO_VALUES, normalized(entry)),
    ...(address === undefined ? {} : { urls: [{ value: address, type: 'CRM' }] }),
    clientData: [{ key: MARK, value: linkId }],
    memberships: [group, MY_CONTACTS].map((contactGroupResourceName) => ({
      contactGroupMembership: { contactGroupResourceName },
    })),
  };
}

/** The lists that have to be written so that some fields of a person are those of an entry; none where they are so already. */
export function personChange(values: PersonValues, { entry, fields }: Pick<StepTo<'update'>, 'entry' | 'fields'>): PersonChange {
  return changeOf(values, normalized(withFields(entryOfValues(values), entry, fields)));
}

function changeOf(values: PersonValues, wanted: Entry): PersonChange {
  const [places, current] = [placesOf(values), entryOfValues(values)];
  const lists = new Map<Group, (PersonValue | undefined)[]>();
  const listOf = (group: Group) => {
    const list = lists.get(group) ?? [...values[group]];
    lists.set(group, list);
    return list;
  };
  for (const slot of SLOT_NAMES) {
    const changed = saysOf(slot).filter(([part]) => normalizedText(partOf(current, part)) !== partOf(wanted, part));
    if (changed.length === 0) continue;
    const list = listOf(SLOTS[slot].group);
    const place = places[slot] ?? list.length;
    list[place] = changedValue(
      slot,
      list[place] ?? newValue(slot),
      changed.map(([part, property]) => [property, partOf(wanted, part)]),
    );
  }
  // Where there is no first address, the second one must not be taken for it.
  const second = places.otherEmail;
  if (second !== undefined && partOf(wanted, 'email') === '' && partOf(wanted, 'otherEmail') !== '') {
    const value = listOf('emailAddresses')[second] ?? {};
    listOf('emailAddresses')[second] = isTyped(value, SECOND_TYPE) ? value : { ...value, type: SECOND_TYPE };
  }
  const isNew = ([group, list]: readonly [Group, readonly unknown[]]) =>
    list.length !== values[group].length || list.some((value, n) => value !== values[group][n]);
  return Object.fromEntries(
    [...lists].filter(isNew).map(([group, list]) => [group, list.filter((value) => value !== undefined)]),
  );
}

function newValue(slot: SlotName): PersonValue {
  return 'newType' in SLOTS[slot] ? { type: SLOTS[slot].newType } : {};
}

/** What Google made of the old texts, and what does not make a value by itself. */
const MADE_OF_TEXTS = ['formattedValue', 'canonicalForm', 'displayName', 'displayNameLastFirst'];
const NO_TEXTS: readonly string[] = ['metadata', 'type', 'formattedType', 'current', 'sourcePrimary'];

/** A value with other texts; nothing where it says nothing any more. */
function changedValue(
  slot: SlotName,
  value: PersonValue,
  texts: readonly (readonly [property: string, text: string])[],
): PersonValue | undefined {
  const stale = [
    ...(slot === 'email' || slot === 'otherEmail' ? [] : MADE_OF_TEXTS),
    ...(texts.some(([property]) => property === 'country') ? ['countryCode'] : []),
  ];
  const kept = Object.entries(value).filter(([property]) => !stale.includes(property));
  const all = Object.entries({ ...Object.fromEntries(kept), ...Object.fromEntries(texts) });
  const said = all.filter(([property, text]) => text !== '' || !texts.some(([changed]) => changed === property));
  return said.every(([property]) => NO_TEXTS.includes(property)) ? undefined : Object.fromEntries(said);
}
