// How Calendar behaves: a row a fact, with the page that says so.

import { asking, itemsOf, refusalOf, VISIT, type Asked, type Asking } from './asking';
import { startGoogleServer, type GoogleServer } from './google-server';
import { scope } from './reach';
import type { GoogleEvent } from './world';

const REFERENCE = 'https://developers.google.com/workspace/calendar/api/v3/reference/events';
const ERRORS = 'https://developers.google.com/workspace/calendar/api/guides/errors';
const SYNC = 'https://developers.google.com/workspace/calendar/api/guides/sync';
const VERSIONS = 'https://developers.google.com/workspace/calendar/api/guides/version-resources';
const EXTENDED = 'https://developers.google.com/workspace/calendar/api/guides/extended-properties';
const TYPES = 'https://developers.google.com/workspace/calendar/api/guides/event-types';
const SHARING = 'https://developers.google.com/workspace/calendar/api/concepts/sharing';

const ANN = 'ann@example.com';
const BOB = 'bob@example.com';
const EVENTS = 'calendars/primary/events';
const ID = 'pa0123456789abcdefghijklmnop';
const DAY = { ...VISIT, start: { date: '2026-03-02' }, end: { date: '2026-03-03' } };
const SERIES = { ...VISIT, id: ID, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=5'] };

let server: GoogleServer;
let ask: Asking;
let bob: Asking;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-03-01T12:00:00Z');
  server = await startGoogleServer({ now: () => now });
  for (const email of [ANN, BOB]) server.addUser(email);
  ask = asking(server, server.grant(ANN).access);
  bob = asking(server, server.grant(BOB).access);
});
afterEach(() => server.close());

const made = async (body: object = {}, query = '') =>
  (await ask('POST', `${EVENTS}${query}`, { ...VISIT, id: ID, ...body })).body as GoogleEvent;
const got = async (id = ID, who = ask) => (await who('GET', `${EVENTS}/${id}`)).body as GoogleEvent;
const patch = (change: object, etag?: string, who = ask) =>
  who('PATCH', `${EVENTS}/${ID}`, change, etag === undefined ? {} : { 'If-Match': etag });
const remove = (id = ID, who = ask, query = '') => who('DELETE', `${EVENTS}/${id}${query}`);
const list = (query = '', who = ask) => who('GET', `${EVENTS}${query}`);
const tokenOf = ({ body }: Asked) => String(body['nextSyncToken']);
const since = (token: string, more = '', who = ask) => list(`?syncToken=${encodeURIComponent(token)}${more}`, who);
const ids = (answer: Asked) => itemsOf(answer).map(({ id }) => id);

interface Row {
  readonly fact: string;
  readonly source: string;
  readonly check: () => Promise<void>;
}
const row = (fact: string, source: string, check: () => Promise<void>): Row => ({ fact, source, check });

const IDS: readonly Row[] = [
  row('keeps an id that the client chose', REFERENCE, async () => {
    expect(await made()).toMatchObject({ id: ID, iCalUID: `${ID}@google.com`, kind: 'calendar#event', sequence: 0 });
  }),
  row('takes ids of 5 to 1024 characters of base32hex, and no other', REFERENCE, async () => {
    for (const id of ['abcd', 'ABCDE', 'abcdw', 'abc_de', 'a'.repeat(1_025)])
      expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, id }))).toEqual([400, 'invalid']);
    for (const id of ['abcdv', 'a'.repeat(1_024)]) expect((await ask('POST', EVENTS, { ...VISIT, id })).status).toBe(200);
  }),
  row('refuses an id that is taken', ERRORS, async () => {
    await made();
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, id: ID }))).toEqual([409, 'duplicate']);
  }),
  row('refuses an id that was deleted', 'https://github.com/googleapis/google-api-python-client/issues/210', async () => {
    await made();
    await remove();
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, id: ID }))).toEqual([409, 'duplicate']);
    server.forgetDeleted();
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, id: ID }))).toEqual([409, 'duplicate']);
  }),
  row('changes nothing that was deleted', 'https://github.com/googleapis/google-api-ruby-client/issues/1811', async () => {
    await made();
    await remove();
    expect(refusalOf(await ask('PUT', `${EVENTS}/${ID}`, VISIT))).toEqual([403, 'forbidden']);
    expect((await patch({ summary: 'x' })).status).toBe(403);
  }),
  row('takes an id or an iCalUID, not both', REFERENCE, async () => {
    expect((await ask('POST', EVENTS, { ...VISIT, id: ID, iCalUID: 'x@y' })).status).toBe(400);
    expect((await ask('POST', EVENTS, { ...VISIT, iCalUID: 'x@y' })).body).toMatchObject({ iCalUID: 'x@y' });
  }),
  row('imports once for an iCalUID, from whatever organizer, and tells nobody', `${REFERENCE}/import`, async () => {
    const body = { ...VISIT, iCalUID: 'x@y', organizer: { email: 'boss@elsewhere.example' }, attendees: [{ email: BOB }] };
    const first = await ask('POST', `${EVENTS}/import`, body);
    const second = await ask('POST', `${EVENTS}/import`, { ...body, summary: 'New' });
    expect(second.body).toMatchObject({ id: first.body['id'], summary: 'New', organizer: { email: 'boss@elsewhere.example' } });
    expect(refusalOf(await ask('POST', `${EVENTS}/import`, VISIT))).toEqual([400, 'required']);
    expect([server.mails, server.events(BOB)]).toEqual([[], []]);
  }),
];

const PROPERTIES: readonly Row[] = [
  row('patches the properties that are named, and null takes one away', EXTENDED, async () => {
    await made({ extendedProperties: { private: { a: '1', b: '2' }, shared: { c: '3' } } });
    await patch({ extendedProperties: { private: { a: null, d: '4' } } });
    expect((await got()).extendedProperties).toEqual({ private: { b: '2', d: '4' }, shared: { c: '3' } });
    await patch({ extendedProperties: { private: { b: null, d: null } } });
    expect((await got()).extendedProperties).toEqual({ shared: { c: '3' } });
  }),
  row('drops with a PUT what is not sent', EXTENDED, async () => {
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
  row('finds events by private properties, all of them', EXTENDED, async () => {
    await made({ extendedProperties: { private: { a: '1=1', b: '2' } } });
    await ask('POST', EVENTS, { ...VISIT, extendedProperties: { private: { a: '1=1' } } });
    const query = '?privateExtendedProperty=a%3D1%3D1';
    expect(ids(await list(query))).toHaveLength(2);
    expect(ids(await list(`${query}&privateExtendedProperty=b%3D2`))).toEqual([ID]);
  }),
  row('drops long keys and cuts long values, and says nothing', EXTENDED, async () => {
    await made({ extendedProperties: { private: { ['k'.repeat(45)]: '1', ['k'.repeat(44)]: 'v'.repeat(1_025) } } });
    expect((await got()).extendedProperties).toEqual({ private: { ['k'.repeat(44)]: 'v'.repeat(1_024) } });
  }),
  row('keeps private properties of a copy from other copies, and shared ones with all', EXTENDED, async () => {
    await made({ attendees: [{ email: BOB }], extendedProperties: { private: { a: '1' }, shared: { b: '2' } } });
    expect((await got(ID, bob)).extendedProperties).toEqual({ shared: { b: '2' } });
    await patch({ extendedProperties: { private: { mine: '1' } } }, undefined, bob);
    await patch({ summary: 'New' });
    expect((await got(ID, bob)).extendedProperties).toEqual({ private: { mine: '1' }, shared: { b: '2' } });
  }),
];

const VERSIONED: readonly Row[] = [
  row('changes and deletes with If-Match only what is of that version', VERSIONS, async () => {
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
  row('answers If-None-Match of the same version with 304', VERSIONS, async () => {
    const { etag } = (await made()) as { readonly etag: string };
    expect(await ask('GET', `${EVENTS}/${ID}`, undefined, { 'If-None-Match': etag })).toMatchObject({ status: 304, text: '' });
  }),
  row('moves the etag with a reminder, and not `updated`', REFERENCE, async () => {
    const before = await made();
    now += 60_000;
    const after = (await patch({ reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] } })).body;
    expect(after['updated']).toBe(before.updated);
    expect(after['etag']).not.toBe(before['etag']);
    expect((await patch({ summary: 'New' })).body['updated']).not.toBe(before.updated);
  }),
  row(
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

const DELETED: readonly Row[] = [
  row('deletes once; what is deleted is 410, what never was 404', ERRORS, async () => {
    await made();
    expect(await remove()).toMatchObject({ status: 204, text: '' });
    expect(refusalOf(await remove())).toEqual([410, 'deleted']);
    expect(refusalOf(await remove('nobody'))).toEqual([404, 'notFound']);
  }),
  row('shows what is deleted by its id and with showDeleted, in whole', REFERENCE, async () => {
    await made();
    await remove();
    expect(await got()).toMatchObject({ status: 'cancelled', summary: 'Visit' });
    expect(itemsOf(await list())).toEqual([]);
    expect(itemsOf(await list('?showDeleted=true'))).toMatchObject([{ id: ID, status: 'cancelled', summary: 'Visit' }]);
  }),
  row('shows among changes that something is deleted, and nothing else of it', REFERENCE, async () => {
    await made();
    const token = tokenOf(await list());
    await remove();
    expect(itemsOf(await since(token))).toEqual([
      { kind: 'calendar#event', etag: expect.any(String), id: ID, status: 'cancelled' },
    ]);
  }),
  row('deletes by a status of cancelled', REFERENCE, async () => {
    await made();
    expect((await patch({ status: 'cancelled' })).body).toMatchObject({ status: 'cancelled' });
    expect(refusalOf(await remove())).toEqual([410, 'deleted']);
  }),
  row('forgets what is deleted some day', REFERENCE, async () => {
    await made();
    await remove();
    server.forgetDeleted();
    expect(refusalOf(await ask('GET', `${EVENTS}/${ID}`))).toEqual([404, 'notFound']);
    expect(itemsOf(await list('?showDeleted=true'))).toEqual([]);
  }),
];

const FILTERS = ['iCalUID=x', 'orderBy=updated', 'privateExtendedProperty=a%3D1', 'q=x', 'sharedExtendedProperty=a%3D1'];
const BOUNDS = ['timeMin', 'timeMax', 'updatedMin'].map((name) => `${name}=2026-03-01T00%3A00%3A00Z`);

const SYNCED: readonly Row[] = [
  row('gives a sync token on the last page only, and a page token on the others', SYNC, async () => {
    for (const id of ['aaaaa', 'bbbbb', 'ccccc']) await made({ id });
    const first = await list('?maxResults=2');
    const last = await list(`?maxResults=2&pageToken=${String(first.body['nextPageToken'])}`);
    expect([ids(first), first.body['nextSyncToken']]).toEqual([['aaaaa', 'bbbbb'], undefined]);
    expect([ids(last), last.body['nextPageToken']]).toEqual([['ccccc'], undefined]);
    expect(tokenOf(last)).toMatch(/^\S{10,}$/);
  }),
  row('lists what changed since a token, page by page, and gives the next one', SYNC, async () => {
    const token = tokenOf(await list('?maxResults=1'));
    expect(itemsOf(await since(token, '&maxResults=1'))).toEqual([]);
    for (const id of ['aaaaa', 'bbbbb']) await made({ id });
    const first = await since(token, '&maxResults=1');
    const last = await since(token, `&maxResults=1&pageToken=${String(first.body['nextPageToken'])}`);
    expect([...ids(first), ...ids(last)]).toEqual(['aaaaa', 'bbbbb']);
    expect(itemsOf(await since(tokenOf(last), '&maxResults=1'))).toEqual([]);
  }),
  row('shows a change between two pages with the next token at the latest', SYNC, async () => {
    for (const id of ['aaaaa', 'bbbbb']) await made({ id });
    const first = await list('?maxResults=1');
    await ask('PATCH', `${EVENTS}/aaaaa`, { summary: 'New' });
    const last = await list(`?maxResults=1&pageToken=${String(first.body['nextPageToken'])}`);
    expect(ids(await since(tokenOf(last), '&maxResults=1'))).toEqual(['aaaaa']);
  }),
  ...[...FILTERS, ...BOUNDS].map((query) =>
    row(`takes no sync token beside ${query.split('=')[0]}, and gives none`, `${REFERENCE}/list`, async () => {
      const token = tokenOf(await list());
      expect(refusalOf(await since(token, `&${query}`))).toEqual([400, 'invalid']);
      expect((await list(`?${query}`)).body['nextSyncToken']).toBeUndefined();
    }),
  ),
  row('takes no sync token with showDeleted=false', `${REFERENCE}/list`, async () => {
    expect(refusalOf(await since(tokenOf(await list('?showDeleted=false')), '&showDeleted=false'))).toEqual([400, 'invalid']);
  }),
  row('promises nothing for a token with other parameters, and here refuses it', `${REFERENCE}/list`, async () => {
    const token = tokenOf(await list('?eventTypes=default'));
    expect((await since(token)).status).toBe(400);
    expect((await since(token, '&eventTypes=default')).status).toBe(200);
    const page = await list('?maxResults=1').then(async () => {
      for (const id of ['aaaaa', 'bbbbb']) await made({ id });
      return list('?maxResults=1');
    });
    expect((await list(`?maxResults=2&pageToken=${String(page.body['nextPageToken'])}`)).status).toBe(400);
  }),
  row('answers a token that has expired with 410', ERRORS, async () => {
    const token = tokenOf(await list());
    server.expireCursors();
    expect(refusalOf(await since(token))).toEqual([410, 'fullSyncRequired']);
  }),
  row('answers it in the middle of the pages', ERRORS, async () => {
    const token = tokenOf(await list('?maxResults=1'));
    for (const id of ['aaaaa', 'bbbbb']) await made({ id });
    const first = await since(token, '&maxResults=1');
    server.expireCursors(ANN);
    const next = `&maxResults=1&pageToken=${String(first.body['nextPageToken'])}`;
    expect(refusalOf(await since(token, next))).toEqual([410, 'fullSyncRequired']);
  }),
  row('answers it with 400 at times', 'https://github.com/kewisch/gdata-provider', async () => {
    const token = tokenOf(await list());
    server.expireCursors();
    server.answerExpiredWith(400);
    const refused = await since(token);
    expect([refusalOf(refused), refused.text.includes('Invalid sync token value.')]).toEqual([[400, 'invalid'], true]);
    expect(refusalOf(await since('!'))).toEqual([400, 'invalid']);
  }),
  row('knows a token for its user and its calendar alone', 'https://github.com/webhookdb/webhookdb/pull/735', async () => {
    const token = tokenOf(await list());
    server.share(ANN, BOB, 'owner');
    expect(refusalOf(await since(token, '', bob))).toEqual([410, 'fullSyncRequired']);
    expect(refusalOf(await bob('GET', `calendars/${ANN}/events?syncToken=${token}`))).toEqual([410, 'fullSyncRequired']);
    expect((await since(token)).status).toBe(200);
  }),
  row('gives pages of 250, and none above 2500', `${REFERENCE}/list`, async () => {
    for (let n = 0; n < 251; n += 1) server.act(ANN, 'POST', `/calendar/v3/${EVENTS}`, VISIT);
    expect([itemsOf(await list()).length, itemsOf(await list('?maxResults=9999')).length]).toEqual([250, 251]);
    expect(refusalOf(await list('?maxResults=0'))).toEqual([400, 'invalid']);
    server.limitPages(7);
    expect(itemsOf(await list('?maxResults=2500'))).toHaveLength(7);
  }),
  row('knows changes of some weeks by updatedMin', ERRORS, async () => {
    await made();
    await remove();
    expect(itemsOf(await list('?updatedMin=2026-02-28T00:00:00Z'))).toMatchObject([{ id: ID, status: 'cancelled' }]);
    expect(refusalOf(await list('?updatedMin=2025-01-01T00:00:00Z'))).toEqual([410, 'updatedMinTooLongAgo']);
  }),
];

const TIMES: readonly Row[] = [
  row('needs an offset or a zone', REFERENCE, async () => {
    const start = { dateTime: '2026-03-02T09:30:00' };
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, start }))).toEqual([400, 'required']);
    expect((await ask('POST', EVENTS, { ...VISIT, start: { dateTime: '2026-03-02T09:30:00+01:00' } })).status).toBe(200);
  }),
  row('spells moments in the calendar’s zone, and keeps the event’s beside them', `${REFERENCE}/list`, async () => {
    const chicago = { timeZone: 'America/Chicago' };
    const { start } = await made({ start: { dateTime: '2026-03-02T02:30:00', ...chicago } });
    expect(start).toEqual({ dateTime: '2026-03-02T09:30:00+01:00', ...chicago });
    const [item] = itemsOf(await list('?timeZone=Asia%2FKathmandu'));
    expect(item?.start).toEqual({ dateTime: '2026-03-02T14:15:00+05:45', ...chicago });
  }),
  row('knows no zones of Windows, and none that are offsets', REFERENCE, async () => {
    for (const timeZone of ['W. Europe Standard Time', '+01:00', 'Nowhere/Land'])
      expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, start: { ...VISIT.start, timeZone } }))).toEqual([400, 'invalid']);
  }),
  row('ends a day on the one after it', REFERENCE, async () => {
    expect(await made(DAY)).toMatchObject({ start: { date: '2026-03-02' }, end: { date: '2026-03-03' } });
    expect(refusalOf(await ask('POST', EVENTS, { ...DAY, end: DAY.start }))).toEqual([400, 'timeRangeEmpty']);
  }),
  row('has a day or a moment, on both ends alike', REFERENCE, async () => {
    for (const start of [
      DAY.start,
      { ...VISIT.start, ...DAY.start },
      {},
      { dateTime: '2026-02-30T00:00:00Z' },
      { date: '2026-2-3' },
    ])
      expect((await ask('POST', EVENTS, { ...VISIT, start })).status).toBe(400);
    expect(refusalOf(await ask('POST', EVENTS, { summary: 'x', start: VISIT.start }))).toEqual([400, 'required']);
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, end: { dateTime: '2026-03-02T08:00:00+01:00' } }))).toEqual([
      400,
      'timeRangeEmpty',
    ]);
  }),
  row('patches a moment into a day only where the moment is taken away', 'https://github.com/t4t5/caldir/pull/61', async () => {
    await made();
    expect(refusalOf(await patch({ start: DAY.start, end: DAY.end }))).toEqual([400, 'invalid']);
    const gone = { dateTime: null, timeZone: null };
    expect((await patch({ start: { ...DAY.start, ...gone }, end: { ...DAY.end, ...gone } })).body).toMatchObject({
      start: DAY.start,
    });
    expect(refusalOf(await patch({ start: VISIT.start, end: VISIT.end }))).toEqual([400, 'invalid']);
    const back = { start: { ...VISIT.start, date: null }, end: { ...VISIT.end, date: null } };
    expect((await patch(back)).body).toMatchObject({ start: { dateTime: '2026-03-02T09:30:00+01:00' } });
  }),
  row('takes a moment for a new one in the zone that stands there', REFERENCE, async () => {
    await made();
    await patch({ end: { dateTime: '2026-03-02T12:00:00' } });
    expect((await got()).end).toEqual({ dateTime: '2026-03-02T12:00:00+01:00', timeZone: 'Europe/Zurich' });
  }),
  row('bounds a listing by the end and the start, neither included', `${REFERENCE}/list`, async () => {
    await made();
    const between = async (from: string, to: string) => ids(await list(`?timeMin=${from}&timeMax=${to}`));
    expect(await between('2026-03-02T09:30:00Z', '2026-03-03T00:00:00Z')).toEqual([]);
    expect(await between('2026-03-02T09:29:59Z', '2026-03-03T00:00:00Z')).toEqual([ID]);
    expect(await between('2026-03-01T00:00:00Z', '2026-03-02T08:30:00Z')).toEqual([]);
    expect(refusalOf(await list('?timeMin=2026-03-02T00:00:00Z&timeMax=2026-03-01T00:00:00Z'))).toEqual([400, 'timeRangeEmpty']);
    expect(refusalOf(await list('?timeMin=2026-03-02T00:00:00'))).toEqual([400, 'badRequest']);
  }),
];

const SERIAL: readonly Row[] = [
  row('needs a zone for a series', REFERENCE, async () => {
    const start = { dateTime: '2026-03-02T09:30:00+01:00' };
    expect(refusalOf(await ask('POST', EVENTS, { ...SERIES, start }))).toEqual([400, 'required']);
    expect((await ask('POST', EVENTS, { ...SERIES, recurrence: ['DTSTART:20260302'] })).status).toBe(400);
    expect((await ask('POST', EVENTS, { ...SERIES, recurrence: ['RRULE:FREQ=NEVER'] })).status).toBe(400);
  }),
  row('keeps the wall clock of a series over the change of clocks', REFERENCE, async () => {
    await ask('POST', EVENTS, SERIES);
    const instances = itemsOf(await ask('GET', `${EVENTS}/${ID}/instances`));
    expect(instances.map(({ start }) => start?.dateTime)).toEqual([
      ...['2026-03-02T09:30:00+01:00', '2026-03-09T09:30:00+01:00', '2026-03-16T09:30:00+01:00'],
      ...['2026-03-23T09:30:00+01:00', '2026-03-30T09:30:00+02:00'],
    ]);
    expect(ids(await list('?singleEvents=true&orderBy=startTime'))).toEqual(instances.map(({ id }) => id));
    expect(ids(await list())).toEqual([ID]);
  }),
  row('shares the iCalUID among instances, and calls each by its series and moment', REFERENCE, async () => {
    await ask('POST', EVENTS, SERIES);
    const [first] = itemsOf(await ask('GET', `${EVENTS}/${ID}/instances`));
    expect(first).toMatchObject({ id: `${ID}_20260302T083000Z`, iCalUID: `${ID}@google.com`, recurringEventId: ID });
    expect(first?.recurrence).toBeUndefined();
  }),
  row('knows an instance by its original time after it was moved', REFERENCE, async () => {
    await ask('POST', EVENTS, SERIES);
    const token = tokenOf(await list());
    const id = `${ID}_20260309T083000Z`;
    const start = { dateTime: '2026-03-10T09:30:00', timeZone: 'Europe/Zurich' };
    await ask('PATCH', `${EVENTS}/${id}`, { start, end: { dateTime: '2026-03-10T10:30:00' } });
    const originalStartTime = { dateTime: '2026-03-09T09:30:00+01:00', timeZone: 'Europe/Zurich' };
    expect(itemsOf(await since(token))).toMatchObject([{ id, recurringEventId: ID, originalStartTime }]);
    expect(ids(await list())).toEqual([ID, id]);
  }),
  row('tells a cancelled instance from a deleted event', REFERENCE, async () => {
    await ask('POST', EVENTS, SERIES);
    const token = tokenOf(await list());
    const id = `${ID}_20260309T083000Z`;
    await remove(id);
    const [item] = itemsOf(await since(token));
    expect(Object.keys(item ?? {}).sort()).toEqual(['etag', 'id', 'kind', 'originalStartTime', 'recurringEventId', 'status']);
    expect(itemsOf(await list())).toMatchObject([{ id: ID }, { id, status: 'cancelled' }]);
    expect(itemsOf(await ask('GET', `${EVENTS}/${ID}/instances`))).toHaveLength(4);
  }),
  row('leaves out and adds what EXDATE and RDATE say', REFERENCE, async () => {
    const recurrence = [
      ...SERIES.recurrence,
      'EXDATE;TZID=Europe/Zurich:20260309T093000',
      'RDATE;TZID=Europe/Zurich:20260311T093000',
    ];
    await ask('POST', EVENTS, { ...SERIES, recurrence });
    const days = itemsOf(await list('?singleEvents=true&orderBy=startTime')).map(({ start }) => start?.dateTime?.slice(0, 10));
    expect(days).toEqual(['2026-03-02', '2026-03-11', '2026-03-16', '2026-03-23', '2026-03-30']);
  }),
  row('orders by start only what is no series', `${REFERENCE}/list`, async () => {
    expect(refusalOf(await list('?orderBy=startTime'))).toEqual([400, 'badRequest']);
  }),
];

const GUESTS: readonly Row[] = [
  row('mails guests as sendUpdates says', `${REFERENCE}/insert`, async () => {
    const attendees = [{ email: BOB }, { email: 'guest@elsewhere.example' }];
    await made({ attendees });
    await patch({ summary: 'New' });
    expect(server.mails).toEqual([]);
    await ask('PATCH', `${EVENTS}/${ID}?sendUpdates=externalOnly`, { summary: 'Newer' });
    expect(server.mails).toEqual([{ to: 'guest@elsewhere.example', about: 'update', eventId: ID }]);
    await remove(ID, ask, '?sendUpdates=all');
    expect(server.mails.slice(1).map(({ to, about }) => `${about} ${to}`)).toEqual([
      `cancellation ${BOB}`,
      'cancellation guest@elsewhere.example',
    ]);
  }),
  row('gives each guest a copy of the same id', SHARING, async () => {
    await made({ attendees: [{ email: BOB }] });
    expect(await got(ID, bob)).toMatchObject({
      summary: 'Visit',
      organizer: { email: ANN },
      attendees: [{ email: BOB, self: true }],
    });
    expect((await got()).organizer).toEqual({ email: ANN, self: true });
    await remove();
    expect(await got(ID, bob)).toMatchObject({ status: 'cancelled' });
  }),
  row('lets nobody but the organizer change what is shared', ERRORS, async () => {
    await made({ attendees: [{ email: BOB }] });
    expect(refusalOf(await patch({ summary: 'x' }, undefined, bob))).toEqual([403, 'forbiddenForNonOrganizer']);
    expect((await patch({ colorId: '1', attendees: [{ email: BOB, responseStatus: 'accepted' }] }, undefined, bob)).status).toBe(
      200,
    );
    expect((await got()).attendees).toMatchObject([{ email: BOB, responseStatus: 'accepted' }]);
    expect((await got())['colorId']).toBeUndefined();
  }),
  row('tells the organizer that a guest removed the own copy', SHARING, async () => {
    await made({ attendees: [{ email: BOB }] });
    await remove(ID, bob);
    expect(await got()).toMatchObject({ status: 'confirmed', attendees: [{ responseStatus: 'declined' }] });
  }),
  row('hides what is private from those who only read', SHARING, async () => {
    await made({ visibility: 'private', location: 'Basel' });
    server.share(ANN, BOB, 'reader');
    const [seen] = itemsOf(await bob('GET', `calendars/${ANN}/events`));
    expect([seen?.summary, seen?.location, seen?.start?.dateTime]).toEqual([undefined, undefined, '2026-03-02T09:30:00+01:00']);
    expect(refusalOf(await bob('PATCH', `calendars/${ANN}/events/${ID}`, { summary: 'x' }))).toEqual([
      403,
      'requiredAccessLevel',
    ]);
    server.share(ANN, BOB, 'writer');
    expect(itemsOf(await bob('GET', `calendars/${ANN}/events`))).toMatchObject([{ summary: 'Visit' }]);
  }),
];

const focusTime = { eventType: 'focusTime', focusTimeProperties: { chatStatus: 'doNotDisturb' } };
const office = { eventType: 'workingLocation', workingLocationProperties: { type: 'homeOffice', homeOffice: {} } };

const KINDS: readonly Row[] = [
  row('has events of six types, and filters by them', TYPES, async () => {
    await made();
    await made({ id: 'focus', ...focusTime });
    await made({ id: '0ffice', ...office });
    expect(ids(await list())).toEqual([ID, 'focus', '0ffice']);
    expect(ids(await list('?eventTypes=default'))).toEqual([ID]);
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, eventType: 'fromGmail' }))).toEqual([400, 'eventTypeRestriction']);
  }),
  row('changes no type, and nothing of a birthday', TYPES, async () => {
    await made();
    expect(refusalOf(await patch(focusTime))).toEqual([400, 'eventTypeRestriction']);
    await made({ ...DAY, id: 'b1rth', eventType: 'birthday', recurrence: ['RRULE:FREQ=YEARLY'] });
    expect(refusalOf(await ask('PATCH', `${EVENTS}/b1rth`, { summary: 'x' }))).toEqual([400, 'eventTypeRestriction']);
    expect((await ask('PATCH', `${EVENTS}/b1rth`, { colorId: '1' })).status).toBe(200);
  }),
  row('has all but plain events on primary calendars only', TYPES, async () => {
    const { body } = await ask('POST', 'calendars', { summary: 'CRM' });
    const other = `calendars/${String(body['id'])}/events`;
    for (const kind of [focusTime, office])
      expect(refusalOf(await ask('POST', other, { ...VISIT, ...kind }))).toEqual([400, 'eventTypeRestriction']);
    expect((await ask('POST', other, VISIT)).body).toMatchObject({
      organizer: { email: body['id'], displayName: 'CRM', self: true },
    });
  }),
  row('hears of attachments, conferences and labels only with their parameters', REFERENCE, async () => {
    const attachments = [{ fileUrl: 'https://drive.google.com/x' }];
    await made({ attachments, eventLabelId: 'x', colorId: '3' });
    expect([(await got())['attachments'], (await got())['eventLabelId'], (await got())['colorId']]).toEqual([
      undefined,
      undefined,
      '3',
    ]);
    await ask('PATCH', `${EVENTS}/${ID}?supportsAttachments=true&eventLabelVersion=1`, { attachments, eventLabelId: 'x' });
    expect(await got()).toMatchObject({ attachments, eventLabelId: 'x' });
  }),
  row('has default reminders or own ones, and five at the most', REFERENCE, async () => {
    const one = { method: 'popup', minutes: 5 };
    const refused = async (reminders: object) => refusalOf(await ask('POST', EVENTS, { ...VISIT, reminders }))[1];
    expect(await refused({ useDefault: true, overrides: [one] })).toBe('cannotUseDefaultRemindersAndSpecifyOverride');
    expect(await refused({ useDefault: false, overrides: Array.from({ length: 6 }, () => one) })).toBe(
      'eventRemindersCountExceedsLimit',
    );
  }),
];

const CALENDARS: readonly Row[] = [
  row(
    'makes two calendars of one name where it is asked twice',
    'https://developers.google.com/workspace/calendar/api/v3/reference/calendars/insert',
    async () => {
      for (let n = 0; n < 2; n += 1) await ask('POST', 'calendars', { summary: 'CRM', timeZone: 'Asia/Kathmandu' });
      const items = itemsOf(await ask('GET', 'users/me/calendarList'));
      expect(items.map(({ summary }) => summary)).toEqual([ANN, 'CRM', 'CRM']);
      expect([items[0]?.['primary'], items[1]?.['primary'], items[1]?.['dataOwner']]).toEqual([true, undefined, ANN]);
    },
  ),
  row(
    'has nothing of a calendar that was deleted but that it was',
    'https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list',
    async () => {
      const { body } = await ask('POST', 'calendars', { summary: 'CRM' });
      const token = tokenOf(await ask('GET', 'users/me/calendarList'));
      expect((await ask('DELETE', `calendars/${String(body['id'])}`)).status).toBe(204);
      expect(refusalOf(await ask('GET', `calendars/${String(body['id'])}/events`))).toEqual([404, 'notFound']);
      expect(itemsOf(await ask('GET', `users/me/calendarList?syncToken=${token}`))).toMatchObject([
        { id: body['id'], deleted: true },
      ]);
      expect(refusalOf(await ask('DELETE', 'calendars/primary'))).toEqual([400, 'cannotDeletePrimaryCalendar']);
    },
  ),
  row('does not find a calendar that is not shared', ERRORS, async () => {
    expect(refusalOf(await bob('GET', `calendars/${ANN}/events`))).toEqual([404, 'notFound']);
  }),
  row(
    'lets an application see its own calendars alone',
    'https://developers.google.com/workspace/calendar/api/auth',
    async () => {
      const own = asking(server, server.grant(ANN, [scope('calendar.app.created')]).access);
      const { body } = await own('POST', 'calendars', { summary: 'CRM' });
      expect((await own('POST', `calendars/${String(body['id'])}/events`, VISIT)).status).toBe(200);
      expect((await own('GET', EVENTS)).status).toBe(404);
      server.act(ANN, 'POST', '/calendar/v3/calendars', { summary: 'By hand' });
      expect((await own('GET', `calendars/${String(server.calendars(ANN)[2]?.id)}/events`)).status).toBe(404);
      expect(refusalOf(await own('GET', 'users/me/calendarList'))).toEqual([403, 'insufficientPermissions']);
    },
  ),
  row(
    'refuses a token whose scopes are too narrow',
    'https://docs.cloud.google.com/docs/authentication/troubleshoot-adc',
    async () => {
      const narrow = asking(server, server.grant(ANN, [scope('calendar.events.readonly')]).access);
      expect((await narrow('GET', EVENTS)).status).toBe(200);
      const refused = await narrow('POST', EVENTS, VISIT);
      expect([refusalOf(refused), refused.text.includes('ACCESS_TOKEN_SCOPE_INSUFFICIENT')]).toEqual([
        [403, 'insufficientPermissions'],
        true,
      ]);
    },
  ),
  row(
    'tells when somebody is busy, and not a word more',
    'https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query',
    async () => {
      await made({ id: 'aaaaa' });
      await made({ id: 'bbbbb', start: { dateTime: '2026-03-02T10:00:00Z' }, end: { dateTime: '2026-03-02T11:00:00Z' } });
      await made({
        id: 'ccccc',
        start: { dateTime: '2026-03-02T10:30:00Z' },
        end: { dateTime: '2026-03-02T12:00:00Z' },
        visibility: 'private',
      });
      await made({ id: 'ddddd', ...DAY, transparency: 'transparent' });
      const narrow = asking(server, server.grant(BOB, [scope('calendar.freebusy')]).access);
      const items = [{ id: ANN }, { id: 'nobody@example.com' }];
      const asked = await narrow('POST', 'freeBusy', { timeMin: '2026-03-02T00:00:00Z', timeMax: '2026-03-03T00:00:00Z', items });
      expect(asked.body['calendars']).toEqual({
        [ANN]: {
          busy: [
            { start: '2026-03-02T08:30:00Z', end: '2026-03-02T09:30:00Z' },
            { start: '2026-03-02T10:00:00Z', end: '2026-03-02T12:00:00Z' },
          ],
        },
        'nobody@example.com': { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] },
      });
      expect(refusalOf(await narrow('POST', 'freeBusy', { items }))).toEqual([400, 'required']);
    },
  ),
  row(
    'answers in part where fields are named',
    'https://developers.google.com/workspace/calendar/api/guides/performance',
    async () => {
      await made();
      const answer = await list('?fields=items(id,start/date),nextSyncToken');
      expect(answer.body).toEqual({ items: [{ id: ID, start: {} }], nextSyncToken: expect.any(String) });
      expect(refusalOf(await list('?fields=items('))).toEqual([400, 'invalid']);
    },
  ),
];

describe.each([
  ['ids', IDS],
  ['extended properties', PROPERTIES],
  ['versions', VERSIONED],
  ['deleted events', DELETED],
  ['listings', SYNCED],
  ['times', TIMES],
  ['series', SERIAL],
  ['guests', GUESTS],
  ['types of events', KINDS],
  ['calendars and tokens', CALENDARS],
] as const)('Calendar: %s', (_, rows) => {
  it.each(rows)('$fact', async ({ check, source }) => {
    expect(source).toMatch(/^https:\/\//);
    await check();
  });
});
