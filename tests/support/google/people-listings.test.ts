// How People lists contacts. A row a fact, with the page that says so.

import { refusalOf } from './asking';
import { ANN, FIELDS, peopleOf, useContacts } from './contacts-desk';
import { describeFacts, fact, type Fact } from './facts';

const LIST = 'https://developers.google.com/people/api/rest/v1/people.connections/list';
const EXPIRED = 'https://github.com/freed-project/freed/issues/1976';
const DAY = 86_400_000;

const desk = useContacts();
const { ask, list, made, update, tokenOf, since } = desk;
const hands = () => desk.server.contacts;

const LISTINGS: readonly Fact[] = [
  fact('shows the fields that are asked for, and takes no other', LIST, async () => {
    await made({ names: [{ givenName: 'Nora' }], phoneNumbers: [{ value: '1' }] });
    const [person] = peopleOf(await ask('GET', 'people/me/connections?personFields=names'));
    expect(Object.keys(person ?? {}).sort()).toEqual(['etag', 'names', 'resourceName']);
    expect(refusalOf(await ask('GET', 'people/me/connections'))).toEqual([400, 'INVALID_ARGUMENT']);
    expect((await ask('GET', 'people/c1/connections?personFields=names')).status).toBe(400);
  }),
  fact('has pages of 1 to 1,000, 100 unless it is said, and a token on the last one only', LIST, async () => {
    for (let n = 0; n < 3; n += 1) await made();
    const first = await list('&pageSize=2');
    expect([peopleOf(first).length, first.body['nextSyncToken']]).toEqual([2, undefined]);
    const second = await list(`&pageSize=2&pageToken=${String(first.body['nextPageToken'])}`);
    expect([peopleOf(second).length, typeof second.body['nextSyncToken']]).toEqual([1, 'string']);
    for (const size of [1_001, -1]) expect((await list(`&pageSize=${size}`)).status).toBe(400);
  }),
  fact('gives a sync token to whoever asks for one', LIST, async () => {
    expect((await ask('GET', 'people/me/connections?personFields=names')).body['nextSyncToken']).toBeUndefined();
    expect(tokenOf(await list())).not.toBe('undefined');
  }),
  fact('shows what changed since a token, and whoever was deleted as no more than that', LIST, async () => {
    const [kept, gone] = [await made(), await made()];
    const token = tokenOf(await list());
    expect(peopleOf(await since(token))).toEqual([]);
    await update(kept, { names: [{ givenName: 'N' }] });
    await ask('DELETE', `${gone.resourceName}:deleteContact`);
    const [changed, deleted] = peopleOf(await since(token));
    expect([changed?.resourceName, changed?.metadata['deleted']]).toEqual([kept.resourceName, undefined]);
    expect([deleted?.resourceName, deleted?.metadata['deleted'], deleted?.['names']]).toEqual([
      gone.resourceName,
      true,
      undefined,
    ]);
    expect(peopleOf(await list())).toHaveLength(1);
  }),
  fact('goes on from a token with the same parameters only', LIST, async () => {
    const token = tokenOf(await list());
    expect((await since(token, '&pageSize=5')).status).toBe(400);
    expect((await since(token)).status).toBe(200);
  }),
  fact('forgets a token 7 days after everything was listed, and says 400 EXPIRED_SYNC_TOKEN', EXPIRED, async () => {
    const token = tokenOf(await list());
    desk.pass(6 * DAY);
    const next = tokenOf(await since(token));
    desk.pass(DAY);
    expect(refusalOf(await since(next))).toEqual([400, 'EXPIRED_SYNC_TOKEN']);
    expect((await list()).status).toBe(200);
  }),
  fact('forgets a token on demand', 'https://github.com/garrytan/gbrain/issues/5127', async () => {
    const token = tokenOf(await list());
    desk.server.expireCursors(ANN, 'events of');
    expect((await since(token)).status).toBe(200);
    desk.server.expireCursors(ANN);
    expect(refusalOf(await since(token))).toEqual([400, 'EXPIRED_SYNC_TOKEN']);
  }),
  fact('shows changes minutes later', LIST, async () => {
    hands().rule({ lagMs: 300_000 });
    const person = await made();
    expect(peopleOf(await list())).toEqual([]);
    const token = tokenOf(await list());
    expect((await ask('GET', `${person.resourceName}?personFields=${FIELDS}`)).status).toBe(200);
    desk.pass(300_000);
    expect(peopleOf(await since(token))).toHaveLength(1);
    await update(person, { names: [{ givenName: 'N' }] });
    expect(peopleOf(await list())).toMatchObject([{ names: [{ givenName: 'Nora' }] }]);
  }),
  fact('has a quota of its own for first pages of everything', LIST, async () => {
    hands().rule({ mostFirst: 1 });
    const token = tokenOf(await list());
    expect(refusalOf(await list())).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
    expect((await since(token)).status).toBe(200);
    desk.pass(60_000);
    expect((await list()).status).toBe(200);
  }),
  fact(
    'shows 100 telephone numbers of a person at the most',
    'https://developers.google.com/people/api/rest/v1/people',
    async () => {
      const { resourceName } = await made({ phoneNumbers: Array.from({ length: 101 }, (_, n) => ({ value: `${n}` })) });
      expect(peopleOf(await list())[0]?.['phoneNumbers']).toHaveLength(100);
      expect((await desk.got(resourceName))['phoneNumbers']).toHaveLength(101);
    },
  ),
  fact(
    'tells among changes what a person was called before',
    'https://developers.google.com/people/api/rest/v1/people',
    async () => {
      const { resourceName } = await made();
      const token = tokenOf(await list());
      const name = hands().rename(ANN, resourceName);
      expect(peopleOf(await since(token))).toMatchObject([
        { resourceName: name, metadata: { previousResourceNames: [resourceName] } },
      ]);
      expect(peopleOf(await list())[0]?.metadata['previousResourceNames']).toBeUndefined();
    },
  ),
  fact(
    'tells thousands as changed that are not',
    'https://github.com/fleapower/Google-Script-Contacts-Sync/issues/19',
    async () => {
      const { resourceName, metadata } = await made();
      const token = tokenOf(await list());
      hands().touchAll(ANN);
      const [person] = peopleOf(await since(token));
      expect(person?.resourceName).toBe(resourceName);
      expect(person?.metadata.sources[0]?.etag).not.toBe(metadata.sources[0]?.etag);
    },
  ),
  fact(
    'has two people as one whom somebody merged',
    'https://github.com/fleapower/Google-Script-Contacts-Sync/issues/12',
    async () => {
      const [one, other] = [await made({ phoneNumbers: [{ value: '1' }] }), await made({ phoneNumbers: [{ value: '2' }] })];
      const token = tokenOf(await list());
      hands().merge(ANN, other.resourceName, one.resourceName);
      expect(peopleOf(await since(token))).toMatchObject([
        { resourceName: other.resourceName, metadata: { deleted: true } },
        { resourceName: one.resourceName, phoneNumbers: [{ value: '1' }, { value: '2' }] },
      ]);
    },
  ),
];

describeFacts('A listing of contacts', LISTINGS);
