// How People behaves: contacts by themselves, several at once, and their groups. A row a fact, with the page that says so.

import { refusalOf } from './asking';
import { ANN, FIELDS, useContacts, type Person } from './contacts-desk';
import { describeFacts, fact, type Fact } from './facts';

const REFERENCE = 'https://developers.google.com/people/api/rest/v1/people';
const GROUPS = 'https://developers.google.com/people/api/rest/v1/contactGroups';

const desk = useContacts();
const { ask, made, got, update, updateAll } = desk;
const NUMBERS = [
  { value: '1', type: 'work' },
  { value: '2', type: 'home' },
];
const etagOf = ({ metadata }: Person) => metadata.sources[0]?.etag;
const create = (contacts: readonly object[], more: object = { readMask: FIELDS }) =>
  ask('POST', 'people:batchCreateContacts', { contacts: contacts.map((contactPerson) => ({ contactPerson })), ...more });
const many = (count: number) => Array.from({ length: count }, (_, n) => ({ names: [{ givenName: `${n}` }] }));

const ONE: readonly Fact[] = [
  fact('is given a name by the server, and is made twice by whoever asks twice', `${REFERENCE}/createContact`, async () => {
    const [first, second] = [await made(), await made()];
    expect(first.resourceName).toMatch(/^people\/c\d+$/);
    expect(second.resourceName).not.toBe(first.resourceName);
  }),
  fact('has metadata, types and forms that only the server tells', REFERENCE, async () => {
    const { names, phoneNumbers } = await made({ names: [{ givenName: 'Nora', familyName: 'Dell' }], phoneNumbers: NUMBERS });
    expect(names).toEqual([
      expect.objectContaining({ displayName: 'Nora Dell', metadata: expect.objectContaining({ primary: true }) as object }),
    ]);
    expect(phoneNumbers).toMatchObject([{ formattedType: 'work' }, { formattedType: 'home' }]);
  }),
  fact('keeps data of clients, of any key', REFERENCE, async () => {
    const { resourceName } = await made({ clientData: [{ key: 'crmLink', value: 'a' }] });
    expect((await got(resourceName))['clientData']).toMatchObject([{ key: 'crmLink', value: 'a' }]);
  }),
  fact('is asked for with the fields that are wanted', `${REFERENCE}/get`, async () => {
    const { resourceName } = await made();
    expect(refusalOf(await ask('GET', resourceName))).toEqual([400, 'INVALID_ARGUMENT']);
    expect(refusalOf(await ask('GET', `${resourceName}?personFields=name`))).toEqual([400, 'INVALID_ARGUMENT']);
    expect((await ask('GET', `${resourceName}?personFields=names`)).body['metadata']).toBeUndefined();
  }),
  fact('has one name at the most', `${REFERENCE}/createContact`, async () => {
    const names = [{ givenName: 'a' }, { givenName: 'b' }];
    expect(refusalOf(await ask('POST', 'people:createContact', { names }))).toEqual([400, 'INVALID_ARGUMENT']);
    expect((await update(await made(), { names })).status).toBe(400);
  }),
  fact('has each field of the mask replaced as a whole, and no other', `${REFERENCE}/updateContact`, async () => {
    const person = await made({ names: [{ givenName: 'Nora' }], phoneNumbers: NUMBERS });
    const { body } = await update(person, { phoneNumbers: [{ value: '3' }], emailAddresses: [{ value: 'x@y' }] }, 'phoneNumbers');
    expect(body).toMatchObject({ names: [{ givenName: 'Nora' }], phoneNumbers: [{ value: '3' }] });
    expect(body['emailAddresses']).toBeUndefined();
    expect((await update(await got(person.resourceName), {}, 'phoneNumbers')).body['phoneNumbers']).toBeUndefined();
  }),
  fact('is only changed with a mask and with the version of its source', `${REFERENCE}/updateContact`, async () => {
    const person = await made();
    expect((await update(person, { names: [] }, '')).status).toBe(400);
    const change = { names: [{ givenName: 'N' }] };
    const path = `${person.resourceName}:updateContact?updatePersonFields=names`;
    expect(refusalOf(await ask('PATCH', path, change))).toEqual([400, 'INVALID_ARGUMENT']);
    expect((await update(person, change)).status).toBe(200);
  }),
  fact('is refused as failedPrecondition, with 400, where it is of another version', `${REFERENCE}/updateContact`, async () => {
    const person = await made();
    const { body } = await update(person, { names: [{ givenName: 'a' }] });
    expect(refusalOf(await update(person, { names: [{ givenName: 'b' }] }))).toEqual([400, 'failedPrecondition']);
    expect(etagOf(body as unknown as Person)).not.toBe(etagOf(person));
    expect((await update(body as unknown as Person, { names: [{ givenName: 'b' }] })).status).toBe(200);
  }),
  fact('is deleted whatever its version is, and then not there', `${REFERENCE}/deleteContact`, async () => {
    const { resourceName } = await made();
    expect((await ask('DELETE', `${resourceName}:deleteContact`)).status).toBe(200);
    expect(refusalOf(await ask('GET', `${resourceName}?personFields=names`))).toEqual([404, 'NOT_FOUND']);
    expect((await ask('DELETE', `${resourceName}:deleteContact`)).status).toBe(404);
  }),
  fact('is found under each name that it had, and tells the one that it has', `${REFERENCE}#PersonMetadata`, async () => {
    const { resourceName } = await made();
    const name = desk.server.contacts.rename(ANN, resourceName);
    expect((await got(resourceName)).resourceName).toBe(name);
    expect((await got(name)).metadata['previousResourceNames']).toBeUndefined();
  }),
  fact('is no contact where nothing but a profile is known of it', `${REFERENCE}/updateContact`, async () => {
    const person = await made();
    desk.server.contacts.source(ANN, person.resourceName, ['PROFILE']);
    const profile = await got(person.resourceName);
    expect(profile.metadata.sources).toMatchObject([{ type: 'PROFILE' }]);
    expect((await update(profile, { names: [] })).status).toBe(400);
  }),
  fact('is changed for nobody who may only read', `${REFERENCE}/createContact`, async () => {
    const { access } = desk.server.grant(ANN, ['https://www.googleapis.com/auth/contacts.readonly']);
    const headers = { Authorization: `Bearer ${access}` };
    expect((await ask('POST', 'people:createContact', {}, headers)).status).toBe(403);
    expect((await ask('GET', `people/me/connections?personFields=names`, undefined, headers)).status).toBe(200);
  }),
];

const SEVERAL: readonly Fact[] = [
  fact('200 are made at once, and none where one is refused', `${REFERENCE}/batchCreateContacts`, async () => {
    const { body } = await create(many(200));
    expect(body['createdPeople']).toHaveLength(200);
    expect((await create(many(201))).status).toBe(400);
    expect((await create([...many(1), { names: [{}, { givenName: 'b' }] }])).status).toBe(400);
    expect(desk.server.contacts.people(ANN)).toHaveLength(200);
  }),
  fact('nothing is told of what was made without a mask', `${REFERENCE}/batchCreateContacts`, async () => {
    expect((await create(many(1), {})).body).toEqual({});
  }),
  fact('200 are asked for at once, each answered by itself', `${REFERENCE}/getBatchGet`, async () => {
    const { resourceName } = await made();
    const asked = (names: readonly string[]) =>
      ask('GET', `people:batchGet?personFields=${FIELDS}&${names.map((name) => `resourceNames=${name}`).join('&')}`);
    const { body } = await asked([resourceName, 'people/c1']);
    expect(body['responses']).toMatchObject([
      { requestedResourceName: resourceName, person: { resourceName } },
      { requestedResourceName: 'people/c1', status: { code: 5 } },
    ]);
    expect((await asked(Array.from({ length: 201 }, (_, n) => `people/c${n}`))).status).toBe(400);
  }),
  fact(
    'one mask counts for all that are changed at once: what it names is cleared where nothing is given',
    `${REFERENCE}/batchUpdateContacts`,
    async () => {
      const [one, other] = [await made({ phoneNumbers: NUMBERS }), await made({ phoneNumbers: NUMBERS })];
      const changes = [
        [one, { names: [{ givenName: 'a' }] }],
        [other, { phoneNumbers: [{ value: '3' }] }],
      ] as const;
      expect((await updateAll(changes, 'names,phoneNumbers')).status).toBe(200);
      expect((await got(one.resourceName))['phoneNumbers']).toBeUndefined();
      expect((await got(other.resourceName))['names']).toBeUndefined();
    },
  ),
  fact(
    'none is changed where one is refused, and it is said which',
    'https://developers.google.com/people/api/rest/v1/BatchUpdateContactsErrorDetails',
    async () => {
      const [one, other] = [await made(), await made()];
      await update(other, { names: [{ givenName: 'b' }] });
      const names = [{ givenName: 'c' }];
      const refused = await updateAll(
        [
          [one, { names }],
          [other, { names }],
        ],
        'names',
      );
      expect(refusalOf(refused)).toEqual([400, 'failedPrecondition']);
      expect(refused.text).toContain(`"contactErrors":{"${other.resourceName}"`);
      expect(etagOf(await got(one.resourceName))).toBe(etagOf(one));
    },
  ),
  fact('500 are deleted at once', `${REFERENCE}/batchDeleteContacts`, async () => {
    const { resourceName } = await made();
    const remove = (resourceNames: readonly string[]) => ask('POST', 'people:batchDeleteContacts', { resourceNames });
    expect((await remove(Array.from({ length: 501 }, () => resourceName))).status).toBe(400);
    expect((await remove([resourceName])).status).toBe(200);
    expect(desk.server.contacts.people(ANN)).toEqual([]);
  }),
  fact('changes of one user that come at once may be refused', `${REFERENCE}/updateContact`, async () => {
    desk.server.contacts.rule({ busyMs: 20 });
    const statuses = await Promise.all([1, 2].map(async () => (await create(many(1))).status));
    expect(statuses.sort()).toEqual([200, 409]);
    expect((await create(many(1))).status).toBe(200);
  }),
];

const group = (name: string) => ask('POST', 'contactGroups', { contactGroup: { name } });
const member = (of: unknown) => ({ contactGroupMembership: { contactGroupResourceName: of } });

const OF_GROUPS: readonly Fact[] = [
  fact('have names that are unique for a user', `${GROUPS}/create`, async () => {
    expect((await group('CRM')).body).toMatchObject({ name: 'CRM', groupType: 'USER_CONTACT_GROUP' });
    expect(refusalOf(await group('CRM'))).toEqual([409, 'ALREADY_EXISTS']);
  }),
  fact('are listed with those of the system, page by page', `${GROUPS}/list`, async () => {
    const { body: made } = await group('CRM');
    const { body } = await ask('GET', 'contactGroups?pageSize=1&groupFields=name,groupType');
    expect(body['contactGroups']).toMatchObject([{ name: 'myContacts', groupType: 'SYSTEM_CONTACT_GROUP' }]);
    const { body: next } = await ask('GET', `contactGroups?pageSize=1&pageToken=${String(body['nextPageToken'])}`);
    expect([next['contactGroups'], next['nextPageToken']]).toEqual([[made], undefined]);
    expect((await ask('GET', String(made['resourceName']))).body).toEqual(made);
  }),
  fact('have data of clients, too', `${GROUPS}#ContactGroup`, async () => {
    const clientData = [{ key: 'k', value: 'v' }];
    await ask('POST', 'contactGroups', { contactGroup: { name: 'CRM', clientData } });
    const { body } = await ask('GET', 'contactGroups?groupFields=clientData');
    expect(body['contactGroups']).toMatchObject([{}, { clientData }]);
  }),
  fact(
    'have the members that are made in them; whoever says nothing is in myContacts',
    `${REFERENCE}#ContactGroupMembership`,
    async () => {
      const { body } = await group('CRM');
      const [mine] = desk.server.contacts.people(ANN);
      expect(mine).toBeUndefined();
      await made({ memberships: [member(body['resourceName'])] });
      await made();
      const memberships = desk.server.contacts.people(ANN).map(({ data }) => data['memberships']);
      expect(memberships).toEqual([[member(body['resourceName'])], [member('contactGroups/myContacts')]]);
      expect((await ask('POST', 'people:createContact', { memberships: [member('contactGroups/1')] })).status).toBe(400);
    },
  ),
  fact('let nobody leave the last one', `${GROUPS}.members/modify`, async () => {
    const { body } = await group('CRM');
    const { resourceName } = await made();
    const modify = (change: object) => ask('POST', `${String(body['resourceName'])}/members:modify`, change);
    expect((await modify({ resourceNamesToAdd: [resourceName, 'people/c1'] })).body['notFoundResourceNames']).toEqual([
      'people/c1',
    ]);
    await ask('POST', 'contactGroups/myContacts/members:modify', { resourceNamesToRemove: [resourceName] });
    const last = await modify({ resourceNamesToRemove: [resourceName] });
    expect(last.body['canNotRemoveLastContactGroupResourceNames']).toEqual([resourceName]);
    expect(refusalOf(await update(await got(resourceName), { memberships: [] }))).toEqual([400, 'INVALID_ARGUMENT']);
  }),
];

describeFacts('A contact', ONE);
describeFacts('Of several contacts', SEVERAL);
describeFacts('Groups', OF_GROUPS);
