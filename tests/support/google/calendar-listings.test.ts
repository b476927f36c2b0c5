// How Calendar behaves: listings and sync tokens. A row a fact, with the page that says so.

import { itemsOf, refusalOf, VISIT } from './asking';
import { useCalendar, ANN, BOB, EVENTS, ID } from './calendar-desk';
import { describeFacts, fact, type Fact } from './facts';

const REFERENCE = 'https://developers.google.com/workspace/calendar/api/v3/reference/events';
const ERRORS = 'https://developers.google.com/workspace/calendar/api/guides/errors';
const PROPAGATION = 'https://developers.google.com/people/api/rest/v1/people.connections/list';
const SYNC = 'https://developers.google.com/workspace/calendar/api/guides/sync';

const desk = useCalendar();
const { ask, bob, made, remove, list, tokenOf, since, ids } = desk;

const FILTERS = ['iCalUID=x', 'orderBy=updated', 'privateExtendedProperty=a%3D1', 'q=x', 'sharedExtendedProperty=a%3D1'];
const BOUNDS = ['timeMin', 'timeMax', 'updatedMin'].map((name) => `${name}=2026-03-01T00%3A00%3A00Z`);

const SYNCED: readonly Fact[] = [
  fact('gives a sync token on the last page only, and a page token on the others', SYNC, async () => {
    for (const id of ['aaaaa', 'bbbbb', 'ccccc']) await made({ id });
    const first = await list('?maxResults=2');
    const last = await list(`?maxResults=2&pageToken=${String(first.body['nextPageToken'])}`);
    expect([ids(first), first.body['nextSyncToken']]).toEqual([['aaaaa', 'bbbbb'], undefined]);
    expect([ids(last), last.body['nextPageToken']]).toEqual([['ccccc'], undefined]);
    expect(tokenOf(last)).toMatch(/^\S{10,}$/);
  }),
  fact('lists what changed since a token, page by page, and gives the next one', SYNC, async () => {
    const token = tokenOf(await list('?maxResults=1'));
    expect(itemsOf(await since(token, '&maxResults=1'))).toEqual([]);
    for (const id of ['aaaaa', 'bbbbb']) await made({ id });
    const first = await since(token, '&maxResults=1');
    const last = await since(token, `&maxResults=1&pageToken=${String(first.body['nextPageToken'])}`);
    expect([...ids(first), ...ids(last)]).toEqual(['aaaaa', 'bbbbb']);
    expect(itemsOf(await since(tokenOf(last), '&maxResults=1'))).toEqual([]);
  }),
  fact('shows a change between two pages with the next token at the latest', SYNC, async () => {
    for (const id of ['aaaaa', 'bbbbb']) await made({ id });
    const first = await list('?maxResults=1');
    await ask('PATCH', `${EVENTS}/aaaaa`, { summary: 'New' });
    const last = await list(`?maxResults=1&pageToken=${String(first.body['nextPageToken'])}`);
    expect(ids(await since(tokenOf(last), '&maxResults=1'))).toEqual(['aaaaa']);
  }),
  ...[...FILTERS, ...BOUNDS].map((query) =>
    fact(`takes no sync token beside ${query.split('=')[0]}, and gives none`, `${REFERENCE}/list`, async () => {
      const token = tokenOf(await list());
      expect(refusalOf(await since(token, `&${query}`))).toEqual([400, 'invalid']);
      expect((await list(`?${query}`)).body['nextSyncToken']).toBeUndefined();
    }),
  ),
  fact('takes no sync token with showDeleted=false', `${REFERENCE}/list`, async () => {
    expect(refusalOf(await since(tokenOf(await list('?showDeleted=false')), '&showDeleted=false'))).toEqual([400, 'invalid']);
  }),
  fact('promises nothing for a token with other parameters, and here refuses it', `${REFERENCE}/list`, async () => {
    const token = tokenOf(await list('?eventTypes=default'));
    expect((await since(token)).status).toBe(400);
    expect((await since(token, '&eventTypes=default')).status).toBe(200);
    const page = await list('?maxResults=1').then(async () => {
      for (const id of ['aaaaa', 'bbbbb']) await made({ id });
      return list('?maxResults=1');
    });
    expect((await list(`?maxResults=2&pageToken=${String(page.body['nextPageToken'])}`)).status).toBe(400);
  }),
  fact('answers a token that has expired with 410', ERRORS, async () => {
    const token = tokenOf(await list());
    desk.server.expireCursors();
    expect(refusalOf(await since(token))).toEqual([410, 'fullSyncRequired']);
  }),
  fact('answers it in the middle of the pages', ERRORS, async () => {
    const token = tokenOf(await list('?maxResults=1'));
    for (const id of ['aaaaa', 'bbbbb']) await made({ id });
    const first = await since(token, '&maxResults=1');
    desk.server.expireCursors(ANN);
    const next = `&maxResults=1&pageToken=${String(first.body['nextPageToken'])}`;
    expect(refusalOf(await since(token, next))).toEqual([410, 'fullSyncRequired']);
  }),
  fact('answers it with 400 at times', 'https://github.com/kewisch/gdata-provider', async () => {
    const token = tokenOf(await list());
    desk.server.expireCursors();
    desk.server.answerExpiredWith(400);
    const refused = await since(token);
    expect([refusalOf(refused), refused.text.includes('Invalid sync token value.')]).toEqual([[400, 'invalid'], true]);
    expect(refusalOf(await since('!'))).toEqual([400, 'invalid']);
  }),
  fact('knows a token for its user and its calendar alone', 'https://github.com/webhookdb/webhookdb/pull/735', async () => {
    const token = tokenOf(await list());
    desk.server.share(ANN, BOB, 'owner');
    expect(refusalOf(await since(token, '', bob))).toEqual([410, 'fullSyncRequired']);
    expect(refusalOf(await bob('GET', `calendars/${ANN}/events?syncToken=${token}`))).toEqual([410, 'fullSyncRequired']);
    expect((await since(token)).status).toBe(200);
  }),
  fact('gives pages of 250, and none above 2500', `${REFERENCE}/list`, async () => {
    for (let n = 0; n < 251; n += 1) desk.server.act(ANN, 'POST', `/calendar/v3/${EVENTS}`, VISIT);
    expect([itemsOf(await list()).length, itemsOf(await list('?maxResults=9999')).length]).toEqual([250, 251]);
    expect(refusalOf(await list('?maxResults=0'))).toEqual([400, 'invalid']);
    desk.server.limitPages(7);
    expect(itemsOf(await list('?maxResults=2500'))).toHaveLength(7);
  }),
  fact('may show a change late, and shows it then; by its id, an event is as it is', PROPAGATION, async () => {
    await made();
    desk.server.lag(5_000);
    const token = tokenOf(await list());
    await desk.patch({ summary: 'New' });
    await made({ id: 'aaaaa' });
    desk.pass(4_999);
    const early = await since(token);
    expect([itemsOf(early), itemsOf(await list()).map(({ summary }) => summary)]).toEqual([[], ['Visit']]);
    expect((await desk.got()).summary).toBe('New');
    await remove('aaaaa');
    desk.pass(1);
    expect(itemsOf(await since(tokenOf(early)))).toMatchObject([
      { id: ID, summary: 'New' },
      { id: 'aaaaa', summary: 'Visit' },
    ]);
    desk.pass(5_000);
    expect(ids(await list())).toEqual([ID]);
    expect(itemsOf(await since(token))).toMatchObject([{ id: ID }, { id: 'aaaaa', status: 'cancelled' }]);
  }),
  fact('knows changes of some weeks by updatedMin', ERRORS, async () => {
    await made();
    await remove();
    expect(itemsOf(await list('?updatedMin=2026-02-28T00:00:00Z'))).toMatchObject([{ id: ID, status: 'cancelled' }]);
    expect(refusalOf(await list('?updatedMin=2025-01-01T00:00:00Z'))).toEqual([410, 'updatedMinTooLongAgo']);
  }),
];

describeFacts('Calendar: listings', SYNCED);
