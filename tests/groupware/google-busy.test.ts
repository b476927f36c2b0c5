// When users of Google are busy, as the engine sees it: items beside their events, over the stand-in.

import { startDeadline } from '../../src/core/deadline';
import { busyEntry, busyId, type BusyTime } from '../../src/core/sync/busy';
import { google } from '../../src/groupware/google/index';
import type { GoogleOptions } from '../../src/groupware/google/options';
import { scopesOf } from '../../src/groupware/google/consent/scopes';
import type { Collection, Found, Listing, RemoteStep, Trouble } from '../../src/groupware/groupware';
import { startGoogleSite, type GoogleSite } from '../support/google-site';
import { ANN, VISIT } from './suite';

const HOUR_MS = 3_600_000;
/** A Sunday at 10:07:31. */
const START = Date.parse('2026-11-29T10:07:31Z');
const deadline = startDeadline(600_000, () => 0);
afterAll(() => deadline.end());
let [site, now]: [GoogleSite, number] = [undefined as never, START];
afterEach(() => site.close());

async function start(changes: Partial<GoogleOptions> = {}): Promise<Collection> {
  now = START;
  site = await startGoogleSite({ busy: true, ...changes }, () => now);
  site.join(ANN);
  return open();
}

const open = (changes: Partial<GoogleOptions> = {}) => google.open(ANN, 'event', { ...site.options, ...changes }, site.tools);
/** Hours of that day, as a time. */
const hours = (begin: number, end: number): BusyTime => ({
  begin: Date.UTC(2026, 10, 29, begin),
  end: Date.UTC(2026, 10, 29, end),
});
const PRIMARY = '/calendar/v3/calendars/primary/events';
/** Somebody enters something into the first calendar. */
function enter({ begin, end }: BusyTime, more: object = {}): string {
  const [start, until] = [begin, end].map((moment) => ({ dateTime: new Date(moment).toISOString() }));
  const words = { summary: 'SECRET', description: 'SECRET', location: 'SECRET' };
  return (site.server.act(ANN.email, 'POST', PRIMARY, { ...words, start, end: until, ...more }) as { readonly id: string }).id;
}
const cancel = (id: string) => site.server.act(ANN.email, 'DELETE', `${PRIMARY}/${id}`);
/** Puts an entry of the CRM into the calendar of its own, which is made by that. */
const put = (collection: Collection, n = 1) => {
  const step: RemoteStep = { do: 'create', linkId: `pa${n}`.padEnd(8, '0'), entry: VISIT, url: '' };
  return collection.apply([step], deadline);
};
const list = (collection: Collection, cursor?: string, page?: string) => collection.list(cursor, page, deadline);
const cursorOf = (listing: Listing) => (listing.kind === 'page' ? (listing.cursor ?? '') : '');
/** What is listed: names, and whether they are gone. */
const namesOf = (listing: Listing) =>
  'items' in listing ? listing.items.map((item) => ('gone' in item ? `- ${item.id}` : item.id)) : listing.kind;
const methods = () => site.server.calls.map(({ method }) => method);

describe('A listing with busy times', () => {
  it('has them beside the events, as one word and two moments', async () => {
    const collection = await start();
    await put(collection);
    enter(hours(12, 13));
    enter(hours(13, 14), { visibility: 'private' });
    enter(hours(16, 17));
    const listing = await list(open());
    expect(namesOf(listing)).toEqual(['pa100000', busyId(hours(12, 14)), busyId(hours(16, 17))]);
    expect(listing).toMatchObject({
      isWhole: true,
      items: [{}, { content: { kind: 'entry', entry: busyEntry(hours(12, 14)) } }, {}],
    });
    expect(JSON.stringify(listing)).not.toContain('SECRET');
    const { body } = site.server.calls.find(({ method }) => method === 'freebusy.query') ?? {};
    expect(JSON.parse(body ?? '')).toMatchObject({ items: [{ id: 'primary' }] });
  });

  it('has them before there is a calendar for entries, and makes none', async () => {
    const collection = await start();
    enter(hours(12, 13));
    expect(await list(collection)).toMatchObject({ kind: 'absent', items: [{ id: busyId(hours(12, 13)) }] });
    expect(site.server.calendars(ANN.email)).toHaveLength(1);
  });

  it('does not have what is free, or over', async () => {
    const collection = await start();
    enter(hours(8, 10));
    enter(hours(12, 13), { transparency: 'transparent' });
    expect(await list(collection)).toEqual({ kind: 'absent', items: [] });
  });

  it('costs one call more, in the same request, and goes on from where it came to', async () => {
    const collection = await start();
    await put(collection);
    enter(hours(12, 13));
    const first = cursorOf(await list(open()));
    const [calls, requests] = [methods().length, site.server.requests.length];
    const again = await list(open(), first);
    expect([again, namesOf(again)]).toMatchObject([{ isWhole: false }, [busyId(hours(12, 13))]]);
    expect(methods().slice(calls).sort()).toEqual(['events.list', 'freebusy.query']);
    expect(site.server.requests.length - requests).toBe(1);
  });

  it('says which of those that were to come are none any more, and nothing of what is over', async () => {
    const collection = await start();
    await put(collection);
    enter(hours(9, 11));
    const [cancelled] = [enter(hours(12, 13)), enter(hours(14, 15))];
    const first = await list(open());
    cancel(cancelled);
    enter(hours(15, 16));
    now = hours(11, 11).begin;
    const listing = await list(open(), cursorOf(first));
    expect(namesOf(listing)).toEqual([busyId(hours(14, 16)), `- ${busyId(hours(12, 13))}`, `- ${busyId(hours(14, 15))}`]);
    expect(namesOf(await list(open(), cursorOf(listing)))).toEqual([busyId(hours(14, 16))]);
  });

  it.each([
    ['under way', 9, 18],
    ['of days', -100, 100],
  ])('calls one that is %s the same all the while', async (_, begin, end) => {
    const collection = await start();
    await put(collection);
    enter(hours(begin, end));
    const id = busyId(hours(begin, end));
    let cursor = cursorOf(await list(open()));
    for (const at of [11, 14, 17]) {
      now = hours(at, at).begin;
      const listing = await list(open(), cursor);
      expect(namesOf(listing)).toEqual([id]);
      cursor = cursorOf(listing);
    }
  });

  it('calls one that Google cuts off the same for a week, and then lists it anew', async () => {
    const collection = await start();
    await put(collection);
    enter(hours(-40 * 24, 40 * 24));
    const first = await list(open());
    const [, id = ''] = namesOf(first);
    now += 3 * 24 * HOUR_MS;
    const same = await list(open(), cursorOf(first));
    now += 4 * 24 * HOUR_MS;
    const other = await list(open(), cursorOf(same));
    expect(namesOf(same)).toEqual([id]);
    expect(namesOf(other)).toEqual([expect.stringMatching(/^busy\//), `- ${id}`]);
  });

  it('has them on its first page, and knows them on its last', async () => {
    const collection = await start();
    for (const n of [1, 2, 3]) await put(collection, n);
    const id = enter(hours(12, 13));
    site.server.limitPages(2);
    const first = await list(open());
    const last = await list(open(), undefined, first.kind === 'page' ? first.next : '');
    expect([namesOf(first).length, namesOf(last)]).toEqual([3, ['pa300000']]);
    cancel(id);
    expect(namesOf(await list(open(), cursorOf(last)))).toEqual([`- ${busyId(hours(12, 13))}`]);
    expect(methods().filter((method) => method === 'freebusy.query')).toHaveLength(2);
  });

  it.each([
    ['a cursor of before it was switched on', { busy: false }, (cursor: string) => cursor],
    ['a cursor that is damaged', {}, (cursor: string) => cursor.slice(1)],
    ['a cursor with something else in it', {}, (cursor: string) => cursor.replace('"busy/', '"')],
  ])('begins anew with %s', async (_, changes, spoil) => {
    const collection = await start();
    await put(collection);
    enter(hours(12, 13));
    const cursor = spoil(cursorOf(await list(open(changes))));
    expect(await list(open(), cursor)).toEqual({ kind: 'expired' });
  });

  it.each([
    ['says so of the calendar', 200, { calendars: { primary: { errors: [{ reason: 'internalError' }], busy: [] } } }],
    ['answers nothing', 200, {}],
    ['is in trouble', 503, {}],
  ])('says nothing at all where Google %s', async (_, status, body) => {
    const collection = await start();
    await put(collection);
    enter(hours(12, 13));
    const cursor = cursorOf(await list(open()));
    site.server.misbehave({ method: 'freebusy.query', times: 2, what: { kind: 'answer', status, body } });
    expect(await list(open(), cursor)).toMatchObject({ kind: 'retry' });
    expect(namesOf(await list(open(), cursor))).toEqual(status === 503 ? [busyId(hours(12, 13))] : 'retry');
  });

  it('asks again after an answer that was lost, since a question changes nothing', async () => {
    const collection = await start();
    enter(hours(12, 13));
    site.server.misbehave({ method: 'freebusy.query', what: { kind: 'reset', done: true } });
    expect(namesOf(await list(collection))).toEqual([busyId(hours(12, 13))]);
  });

  it('asks though the account takes nothing more', async () => {
    const collection = await start();
    await put(collection);
    site.server.misbehave({ method: 'events.insert', what: { kind: 'limit', reason: 'quotaExceeded' } });
    expect([...(await put(collection, 2)).values()]).toMatchObject([{ kind: 'retry' }]);
    expect(await list(collection)).toMatchObject({ kind: 'page' });
  });

  it('lets its user agree anew where that was not asked for before', async () => {
    await start();
    site.join(ANN, scopesOf({ calendar: 'own', busy: false }, ['event']));
    expect(await list(open())).toMatchObject({ kind: 'refused', by: 'user' });
  });

  it('travels with the calls of others', async () => {
    const collection = await start({ batch: 'shared' });
    await put(collection);
    const cursor = cursorOf(await list(open()));
    await list(open(), cursor);
    expect(site.server.calls.slice(-2).map(({ isInBatch }) => isInBatch)).toEqual([true, true]);
  });
});

describe('A busy time', () => {
  const ids = () => [hours(8, 9), hours(12, 13), hours(14, 15)].map(busyId) as [string, string, string];
  /** What was found, by id: an entry, or that there is none. */
  const contentsOf = (found: ReadonlyMap<string, Found> | Trouble) =>
    'reason' in found
      ? found
      : Object.fromEntries(
          [...found].map(([id, item]) => [id, item === 'absent' || item.content.kind !== 'entry' ? item : item.content.entry]),
        );

  it('is asked for by its id: what is over stays as it was, and what is to come is there or not', async () => {
    const collection = await start();
    await put(collection);
    enter(hours(12, 13));
    const [over, there, gone] = ids();
    expect(contentsOf(await collection.get([...ids(), 'pa100000'], deadline))).toEqual({
      ...{ [over]: busyEntry(hours(8, 9)), [there]: busyEntry(hours(12, 13)), [gone]: 'absent' },
      pa100000: VISIT,
    });
  });

  it('is not asked for where it is over', async () => {
    const collection = await start();
    await collection.get(ids().slice(0, 1), deadline);
    expect(methods()).toEqual([]);
  });

  it('is unknown where Google does not tell, or is not asked so far ahead', async () => {
    const collection = await start();
    const far = busyId(hours(100 * 24, 101 * 24));
    expect(await collection.get([far], deadline)).toEqual(new Map());
    site.server.misbehave({ method: 'freebusy.query', what: { kind: 'answer', status: 200, body: {} } });
    expect(await collection.get(ids(), deadline)).toMatchObject({ kind: 'retry' });
  });

  it('is neither changed nor deleted', async () => {
    const collection = await start();
    const [, id] = ids();
    const steps: readonly RemoteStep[] = [
      { do: 'update', linkId: 'a', id, version: '1', entry: VISIT, fields: ['time'] },
      { do: 'delete', linkId: 'b', id, version: '1' },
    ];
    const rejected = { kind: 'rejected', reason: 'when a user is busy is only read' };
    expect(await collection.apply(steps, deadline)).toEqual(
      new Map([
        ['a', rejected],
        ['b', rejected],
      ]),
    );
    expect(methods()).toEqual([]);
  });

  it('is not there any more once nobody wants to know, unless it is over', async () => {
    const collection = await start({ busy: false });
    await put(collection);
    enter(hours(12, 13));
    expect(namesOf(await list(collection))).toEqual(['pa100000']);
    const [over, ...others] = ids();
    expect(contentsOf(await collection.get(ids(), deadline))).toEqual({
      ...{ [over]: busyEntry(hours(8, 9)) },
      ...Object.fromEntries(others.map((id) => [id, 'absent'])),
    });
    expect(methods()).not.toContain('freebusy.query');
  });
});
