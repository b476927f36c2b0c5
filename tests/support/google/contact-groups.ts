// The groups of contacts: https://developers.google.com/people/api/rest/v1/contactGroups

import { bookOf, change, newest, personNamed, type AddressBook, type ContactGroup, type PersonField } from './address-book';
import { one, type Call } from './api';
import { StatusError } from './status-error';
import { isObject, textIn } from './strict';
import { randomText } from './world';

type Json = Readonly<Record<string, unknown>>;

const USUAL_SIZE = 30;
const LONGEST = 1_000;

export function listGroups(call: Call): object {
  const all = [...bookOf(call.world, call.user).groups.values()];
  const size = Number(one(call, 'pageSize') ?? USUAL_SIZE);
  if (size < 0 || size > LONGEST) throw new StatusError('INVALID_ARGUMENT', 'Page size must be between 1 and 1000.');
  const from = Number(one(call, 'pageToken') ?? 0);
  const end = from + Math.min(size, call.world.longestPage);
  const contactGroups = all.slice(from, end).map((group) => groupView(group, one(call, 'groupFields')));
  return { contactGroups, totalItems: all.length, ...(end < all.length ? { nextPageToken: String(end) } : {}) };
}

export function getGroup(call: Call): object {
  return groupView(groupNamed(bookOf(call.world, call.user), one(call, 'resourceName') ?? ''), one(call, 'groupFields'));
}

/** Names are unique among those of a user. */
export function createGroup(call: Call): object {
  const { groups } = bookOf(call.world, call.user);
  const given = isObject(call.body['contactGroup']) ? call.body['contactGroup'] : {};
  const name = textIn(given['name']);
  if (name === '') throw new StatusError('INVALID_ARGUMENT', 'Contact group name is required.');
  if ([...groups.values()].some((group) => group.name === name))
    throw new StatusError('ALREADY_EXISTS', 'Contact group name already exists.');
  const resourceName = `contactGroups/${randomText(8)}`;
  const clientData = Array.isArray(given['clientData']) ? (given['clientData'] as PersonField) : [];
  const group = { resourceName, name, isOfSystem: false, clientData };
  groups.set(resourceName, group);
  return groupView(group, textIn(call.body['readGroupFields']));
}

/** Nobody leaves the last group. */
export function modifyMembers(call: Call): object {
  const book = bookOf(call.world, call.user);
  const { resourceName } = groupNamed(book, one(call, 'resourceName') ?? '');
  const [added, removed] = ['resourceNamesToAdd', 'resourceNamesToRemove'].map((name) => namesIn(call.body[name]));
  const notFoundResourceNames: string[] = [];
  const canNotRemoveLastContactGroupResourceNames: string[] = [];
  for (const [names, isIn] of [[added ?? [], true] as const, [removed ?? [], false] as const])
    for (const name of names) {
      const person = personNamed(book, name);
      const data = person === undefined ? undefined : newest(person).data;
      if (person === undefined || data === undefined) {
        notFoundResourceNames.push(name);
        continue;
      }
      const others = (data['memberships'] ?? []).filter(({ contactGroupMembership: of }) => groupIn(of) !== resourceName);
      const own = isIn ? [{ contactGroupMembership: { contactGroupResourceName: resourceName } }] : [];
      if (others.length + own.length === 0) canNotRemoveLastContactGroupResourceNames.push(name);
      else change(book, person, { ...data, memberships: [...others, ...own] }, call.world.now());
    }
  return { notFoundResourceNames, canNotRemoveLastContactGroupResourceNames };
}

function groupIn(membership: unknown): unknown {
  return isObject(membership) ? membership['contactGroupResourceName'] : undefined;
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function groupNamed({ groups }: AddressBook, name: string): ContactGroup {
  const group = groups.get(name);
  if (group === undefined) throw new StatusError('NOT_FOUND', 'Requested entity was not found.');
  return group;
}

/** As far as it is asked for; without a mask all but what programs put there. */
function groupView({ resourceName, name, isOfSystem, clientData }: ContactGroup, fields = ''): Json {
  const wanted = (fields === '' ? 'metadata,groupType,memberCount,name' : fields).split(',');
  const told: Json = {
    ...{ groupType: isOfSystem ? 'SYSTEM_CONTACT_GROUP' : 'USER_CONTACT_GROUP', name, metadata: {} },
    ...(clientData.length === 0 ? {} : { clientData }),
  };
  const chosen = Object.entries(told).filter(([field]) => wanted.includes(field));
  return { resourceName, etag: `g${name.length}`, formattedName: name, ...Object.fromEntries(chosen) };
}
