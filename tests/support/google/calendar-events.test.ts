// How Calendar behaves: events by themselves. A row a fact, with the page that says so.

import { itemsOf, refusalOf, VISIT } from './asking';
import { useCalendar, BOB, EVENTS, ID } from './calendar-desk';
import { describeFacts, fact, type Fact } from './facts';

const REFERENCE = 'https://developers.google.com/workspace/calendar/api/v3/reference/events';
const ERRORS = 'https://developers.google.com/workspace/calendar/api/guides/errors';
const VERSIONS = 'https://developers.google.com/workspace/calendar/api/guides/version-resources';
const EXTENDED = 'https://developers.google.com/workspace/calendar/api/guides/extended-properties';

const desk = useCalendar();
const { ask, bob, made, got, patch, remove, list, tokenOf, since, ids } = desk;

const IDS: readonly Fact[] = [
  fact('keeps an id that the client chose', REFERENCE, async () => {
    expect(await made()).toMatchObject({ id: ID, iCalUID: `${ID}@google.com`, kind: 'calendar#event', sequence: 0 });
  }),
  fact('takes ids of 5 to 1024 characters of base32hex, and no other', REFERENCE, async () => {
    for (const id of ['abcd', 'ABCDE', 'abcdw', 'abc_de', 'a'.repeat(1_025)])
      expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, id }))).toEqual([400, 'invalid']);
    for (const id of ['abcdv', 'a'.repeat(1_024)]) expect((await ask('POST', EVENTS, { ...VISIT, id })).status).toBe(200);
  }),
  fact('refuses an id that is taken', ERRORS, async () => {
    await made();
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, id: ID }))).toEqual([409, 'duplicate']);
  }),
  fact('refuses an id that was deleted', 'https://github.com/googleapis/google-api-python-client/issues/210', async () => {
    await made();
    await remove();
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, id: ID }))).toEqual([409, 'duplicate']);
    desk.server.forgetDeleted();
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, id: ID }))).toEqual([409, 'duplicate']);
  }),
  fact('changes nothing that was deleted', 'https://github.com/googleapis/google-api-ruby-client/issues/1811', async () => {
    await made();
    await remove();
    expect(refusalOf(await ask('PUT', `${EVENTS}/${ID}`, VISIT))).toEqual([403, 'forbidden']);
    expect((await patch({ summary: 'x' })).status).toBe(403);
  }),
  fact('takes an id or an iCalUID, not both', REFERENCE, async () => {
    expect((await ask('POST', EVENTS, { ...VISIT, id: ID, iCalUID: 'x@y' })).status).toBe(400);
    expect((await ask('POST', EVENTS, { ...VISIT, iCalUID: 'x@y' })).body).toMatchObject({ iCalUID: 'x@y' });
  }),
  fact('imports once for an iCalUID, from whatever organizer, and tells nobody', `${REFERENCE}/import`, async () => {
    const body = { ...VISIT, iCalUID: 'x@y', organizer: { email: 'boss@elsewhere.example' }, attendees: [{ email: BOB }] };
    const first = await ask('POST', `${EVENTS}/import`, body);
    const second = await ask('POST', `${EVENTS}/import`, { ...body, summary: 'New' });
    expect(second.body).toMatchObject({ id: first.body['id'], summary: 'New', organizer: { email: 'boss@elsewhere.example' } });
    expect(refusalOf(await ask('POST', `${EVENTS}/import`, VISIT))).toEqual([400, 'required']);
    expect([desk.server.mails, desk.server.events(BOB)]).toEqual([[], []]);
  }),
];

const PROPERTIES: readonly Fact[] = [
  fact('patches the properties that are named, and null takes one away', EXTENDED, async () => {
    await made({ extendedProperties: { private: { a: '1', b: '2' }, shared: { c: '3' } } });
    await patch({ extendedProperties: { private: { a: null, d: '4' } } });
    expect((await got()).extendedProperties).toEqual({ private: { b: '2', d: '4' }, shared: { c: '3' } });
    await patch({ extendedProperties: { private: { b: null, d: null } } });
    expect((await got()).extendedProperties).toEqual({ shared: { c: '3' } });
  }),
  fact('drops with a PUT what is not sent', EXTENDED, async () => {
    await made({
      location: 'Basel',
      colorId: '3',
      extendedProperties: { private: { a: '1' } },
      reminders: { useDefault: false },
    });
    await ask('PUT', `${EVENTS}/${ID}`, { ...VISIT, summary: 'New' });
    const event = await got();
    expect(event).toMatchObject({ summary: 'New', reminders: { useDefault: true } });
    expect(Object.keys(event)).not.toEqual(expect.arrayContaining(['location', 'colorId', 'extendedProperties']));
    expect([event.location, event['colorId'], event.extendedProperties]).toEqual([undefined, undefined, undefined]);
  }),
  fact('finds events by private properties, all of them', EXTENDED, async () => {
    await made({ extendedProperties: { private: { a: '1=1', b: '2' } } });
    await ask('POST', EVENTS, { ...VISIT, extendedProperties: { private: { a: '1=1' } } });
    const query = '?privateExtendedProperty=a%3D1%3D1';
    expect(ids(await list(query))).toHaveLength(2);
    expect(ids(await list(`${query}&privateExtendedProperty=b%3D2`))).toEqual([ID]);
  }),
  fact('drops long keys and cuts long values, and says nothing', EXTENDED, async () => {
    await made({ extendedProperties: { private: { ['k'.repeat(45)]: '1', ['k'.repeat(44)]: 'v'.repeat(1_025) } } });
    expect((await got()).extendedProperties).toEqual({ private: { ['k'.repeat(44)]: 'v'.repeat(1_024) } });
  }),
  fact('keeps private properties of a copy from other copies, and shared ones with all', EXTENDED, async () => {
    await made({ attendees: [{ email: BOB }], extendedProperties: { private: { a: '1' }, shared: { b: '2' } } });
    expect((await got(ID, bob)).extendedProperties).toEqual({ shared: { b: '2' } });
    await patch({ extendedProperties: { private: { mine: '1' } } }, undefined, bob);
    await patch({ summary: 'New' });
    expect((await got(ID, bob)).extendedProperties).toEqual({ private: { mine: '1' }, shared: { b: '2' } });
  }),
];

const VERSIONED: readonly Fact[] = [
  fact('changes and deletes with If-Match only what is of that version', VERSIONS, async () => {
    const { etag } = (await made()) as { readonly etag: string };
    expect(etag).toMatch(/^"\d+"$/);
    const later = await patch({ summary: 'New' }, etag);
    expect(later.headers.get('etag')).toBe(later.body['etag']);
    expect(refusalOf(await patch({ summary: 'x' }, etag))).toEqual([412, 'conditionNotMet']);
    expect(refusalOf(await ask('PUT', `${EVENTS}/${ID}`, VISIT, { 'If-Match': etag }))).toEqual([412, 'conditionNotMet']);
    expect(refusalOf(await ask('DELETE', `${EVENTS}/${ID}`, undefined, { 'If-Match': etag }))).toEqual([412, 'conditionNotMet']);
    expect((await got()).summary).toBe('New');
    expect((await ask('DELETE', `${EVENTS}/${ID}`, undefined, { 'If-Match': String(later.body['etag']) })).status).toBe(204);
  }),
  fact('answers If-None-Match of the same version with 304', VERSIONS, async () => {
    const { etag } = (await made()) as { readonly etag: string };
    expect(await ask('GET', `${EVENTS}/${ID}`, undefined, { 'If-None-Match': etag })).toMatchObject({ status: 304, text: '' });
  }),
  fact('moves the etag with a reminder, and not `updated`', REFERENCE, async () => {
    const before = await made();
    desk.pass(60_000);
    const after = (await patch({ reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] } })).body;
    expect(after['updated']).toBe(before.updated);
    expect(after['etag']).not.toBe(before['etag']);
    expect((await patch({ summary: 'New' })).body['updated']).not.toBe(before.updated);
  }),
  fact(
    'refuses a sequence below its own, and counts one up with a new time',
    'https://github.com/kewisch/gdata-provider',
    async () => {
      await made({ sequence: 3 });
      expect(refusalOf(await patch({ sequence: 2 }))).toEqual([400, 'invalid']);
      expect((await patch({ summary: 'New' })).body['sequence']).toBe(3);
      expect((await patch({ end: { dateTime: '2026-03-02T11:00:00' } })).body['sequence']).toBe(4);
    },
  ),
];

const DELETED: readonly Fact[] = [
  fact('deletes once; what is deleted is 410, what never was 404', ERRORS, async () => {
    await made();
    expect(await remove()).toMatchObject({ status: 204, text: '' });
    expect(refusalOf(await remove())).toEqual([410, 'deleted']);
    expect(refusalOf(await remove('nobody'))).toEqual([404, 'notFound']);
  }),
  fact('shows what is deleted by its id and with showDeleted, in whole', REFERENCE, async () => {
    await made();
    await remove();
    expect(await got()).toMatchObject({ status: 'cancelled', summary: 'Visit' });
    expect(itemsOf(await list())).toEqual([]);
    expect(itemsOf(await list('?showDeleted=true'))).toMatchObject([{ id: ID, status: 'cancelled', summary: 'Visit' }]);
  }),
  fact('shows among changes that something is deleted, and nothing else of it', REFERENCE, async () => {
    await made();
    const token = tokenOf(await list());
    await remove();
    expect(itemsOf(await since(token))).toEqual([
      { kind: 'calendar#event', etag: expect.any(String), id: ID, status: 'cancelled' },
    ]);
  }),
  fact('deletes by a status of cancelled', REFERENCE, async () => {
    await made();
    expect((await patch({ status: 'cancelled' })).body).toMatchObject({ status: 'cancelled' });
    expect(refusalOf(await remove())).toEqual([410, 'deleted']);
  }),
  fact('forgets what is deleted some day', REFERENCE, async () => {
    await made();
    await remove();
    desk.server.forgetDeleted();
    expect(refusalOf(await ask('GET', `${EVENTS}/${ID}`))).toEqual([404, 'notFound']);
    expect(itemsOf(await list('?showDeleted=true'))).toEqual([]);
  }),
];

describeFacts('Calendar: ids', IDS);
describeFacts('Calendar: extended properties', PROPERTIES);
describeFacts('Calendar: versions', VERSIONED);
describeFacts('Calendar: deleted events', DELETED);
