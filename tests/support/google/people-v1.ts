// People v1 as a table. Verbs, paths and scopes are those of Google's discovery document, https://people.googleapis.com/$discovery/rest?version=v1

import type { Api, Method } from './api';
import { createGroup, getGroup, listGroups, modifyMembers } from './contact-groups';
import {
  createContact,
  createContacts,
  deleteContact,
  deleteContacts,
  getPeople,
  getPerson,
  updateContact,
  updateContacts,
} from './people';
import { listConnections } from './person-list';
import { scope } from './reach';

const WRITTEN = [scope('contacts')];
const READ = [...WRITTEN, scope('contacts.readonly')];
const PERSON_READ = [...READ, ...['directory.readonly', 'userinfo.email', 'userinfo.profile'].map(scope)];

const reads = (path: string, run: Method['run'], scopes = READ): Method => ({ verb: 'GET', path, scopes, run });
const writes = (verb: Method['verb'], path: string, run: Method['run']): Method => ({
  ...{ verb, path, scopes: WRITTEN, run, isMutation: true },
});

export const peopleV1: Api = {
  name: 'people',
  path: '/v1/',
  batchPath: '/batch',
  declaredIn: '@maxim_mazurok/gapi.client.people-v1',
  methods: {
    'connections.list': reads('{resourceName=people/*}/connections', listConnections),
    'people.getBatchGet': reads('people:batchGet', getPeople, PERSON_READ),
    'people.createContact': writes('POST', 'people:createContact', createContact),
    'people.batchCreateContacts': writes('POST', 'people:batchCreateContacts', createContacts),
    'people.batchUpdateContacts': writes('POST', 'people:batchUpdateContacts', updateContacts),
    'people.batchDeleteContacts': writes('POST', 'people:batchDeleteContacts', deleteContacts),
    'people.updateContact': writes('PATCH', '{resourceName=people/*}:updateContact', updateContact),
    'people.deleteContact': writes('DELETE', '{resourceName=people/*}:deleteContact', deleteContact),
    'contactGroups.list': reads('contactGroups', listGroups),
    'contactGroups.create': writes('POST', 'contactGroups', createGroup),
    'members.modify': writes('POST', '{resourceName=contactGroups/*}/members:modify', modifyMembers),
    'people.get': reads('{resourceName=people/*}', getPerson, PERSON_READ),
    'contactGroups.get': reads('{resourceName=contactGroups/*}', getGroup),
  },
  leftOut: [
    ...['contactGroups.batchGet', 'contactGroups.delete', 'contactGroups.update', 'otherContacts.list', 'otherContacts.search'],
    ...['otherContacts.copyOtherContactToMyContactsGroup', 'people.deleteContactPhoto', 'people.updateContactPhoto'],
    ...['people.listDirectoryPeople', 'people.searchContacts', 'people.searchDirectoryPeople'],
  ],
};
