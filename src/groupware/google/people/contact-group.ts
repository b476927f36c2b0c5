// The group that the contacts of the CRM are in, so that people can hide them. It has a name of Google's, so it is found by a mark, or by
// what it is called: Google lets nobody have two groups of one name. https://developers.google.com/people/api/rest/v1/contactGroups

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { GroupwareUser, Later } from '../../groupware';
import { isWell, troubleOf } from '../calls/answers';
import type { GoogleCall } from '../calls/sending';
import type { Asker } from '../places/items';
import { readWhole, type WholeList } from '../places/pages';
import type { FoundPlace } from '../places/place';

/** The group, by its resource name. */
export type FoundGroup = Exclude<FoundPlace, { readonly kind: 'absent' }>;

const CALLED = 'CRM';
/** Our mark: a value of the group's client data. This spelling can never change. */
const GROUP_MARK = 'crmGroup';
const UNREADABLE: Later = { kind: 'retry', reason: 'Google’s answer about groups of contacts cannot be read' };

const GROUPS: WholeList = {
  path: 'contactGroups',
  query: { pageSize: '1000', groupFields: 'name,groupType,clientData' },
  ...{ holds: 'contactGroups', mostPages: 20, unreadable: UNREADABLE },
};

/** What every change of a user's contacts says: Google takes one at a time, and none in a batch of several kinds. */
export const ONE_AT_A_TIME = { about: 'contacts', alone: true } as const satisfies Partial<GoogleCall>;

/** Finds the group, or makes it. Where nobody knows whether it was made, the next turn finds it. */
export async function contactGroup(asker: Asker, deadline: Deadline): Promise<FoundGroup> {
  const found = await findGroup(asker, deadline);
  if (found.kind !== 'absent') return found;
  const { client, user } = asker;
  const clientData = [{ key: GROUP_MARK, value: markOf(user) }];
  const json = { contactGroup: { name: CALLED, clientData }, readGroupFields: 'name' };
  const called = await client.call(user, { method: 'POST', path: 'contactGroups', json, ...ONE_AT_A_TIME }, deadline);
  if (called.kind === 'answer' && called.status === 409)
    return { kind: 'retry', reason: `Google has a group ${CALLED} that it does not list yet` };
  if (called.kind !== 'answer' || !isWell(called)) return troubleOf(called);
  const name = at(called.json, 'resourceName');
  return typeof name === 'string' && name !== '' ? { kind: 'place', id: name } : UNREADABLE;
}

/** Finds the group. */
export async function findGroup(asker: Asker, deadline: Deadline): Promise<FoundPlace> {
  const listed = await readWhole(GROUPS, asker, deadline);
  return 'kind' in listed ? listed : groupIn(listed, asker.user);
}

function groupIn(listed: readonly unknown[], user: GroupwareUser): FoundPlace {
  const own = listed.filter((group) => at(group, 'groupType') === 'USER_CONTACT_GROUP');
  const group = own.find((each) => isMarked(each, user)) ?? own.find((each) => at(each, 'name') === CALLED);
  const name = at(group, 'resourceName');
  return typeof name === 'string' ? { kind: 'place', id: name } : { kind: 'absent' };
}

function isMarked(group: unknown, user: GroupwareUser): boolean {
  const data = at(group, 'clientData');
  return Array.isArray(data) && data.some((each) => at(each, 'key') === GROUP_MARK && at(each, 'value') === markOf(user));
}

function markOf({ system, login }: GroupwareUser): string {
  return `${system}, ${login}`;
}
