// A calendar of Google's as the engine sees it: how it is found, listed and asked, over the stand-in.

import { startDeadline } from '../../src/core/deadline';
import { google } from '../../src/groupware/google/index';
import type { GoogleOptions } from '../../src/groupware/google/options';
import type { Collection, GroupwareUser, Listing, RemoteStep } from '../../src/groupware/groupware';
import { googlePerson } from '../support/google/person';
import { startGoogleSite, untilAsked, type GoogleSite } from '../support/google-site';
import { ANN, BOB, VISIT } from './suite';

const deadline = startDeadline(600_000, () => 0);
afterAll(() => deadline.end());
let site: GoogleSite;
afterEach(() => site.close());

async function start(changes: Partial<GoogleOptions> = {}): Promise<Collection> {
  site = await startGoogleSite(changes);
  site.join(ANN);
  return open();
}

/** As another run would, unless tools are shared. */
const open = (user: GroupwareUser = ANN, changes: Partial<GoogleOptions> = {}) =>
  google.open(user, 'event', { ...site.options, ...changes }, site.tools);
const create = (n: number): RemoteStep => ({ do: 'create', linkId: `pa${n}`.padEnd(8, '0'), entry: VISIT, url: '' });
const make = async (collection: Collection, ...steps: readonly number[]) => {
  const outcomes = await collection.apply(steps.map(create), deadline);
  expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(steps.map(() => 'done'));
};
const list = (collection: Collection, cursor?: string, page?: string) => collection.list(cursor, page, deadline);
const idsOf = (listing: Listing) => (listing.kind === 'page' ? listing.items.map(({ id }) => id) : listing);
const cursorOf = (listing: Listing) => (listing.kind === 'page' ? listing.cursor : undefined);
const methods = () => site.server.calls.map(({ method }) => method);
const remove = () => site.server.act(ANN.email, 'DELETE', `/calendar/v3/calendars/${encodeURIComponent(site.ownCalendar(ANN))}`);

describe('The calendar of the CRM', () => {
  it('is not there to begin with, and looking makes none', async () => {
    const collection = await start();
    expect(await list(collection)).toEqual({ kind: 'absent' });
    expect(await collection.get(['pa100000'], deadline)).toMatchObject({ kind: 'retry' });
    const step = { do: 'delete', linkId: 'x', id: 'pa100000', version: '"1"' } as const;
    expect((await collection.apply([step], deadline)).get('x')).toMatchObject({ kind: 'retry' });
    expect(site.server.calendars(ANN.email)).toHaveLength(1);
  });

  it('is made when something is put into it, in the zone of its user, and says whose it is', async () => {
    await make(await start(), 1, 2);
    const [own] = site.server.calendars(ANN.email).filter(({ isPrimary }) => !isPrimary);
    expect(own?.properties).toEqual({
      ...{ summary: 'CRM', timeZone: 'Europe/Zurich', description: 'publish-activity: events of crm, ann' },
    });
    expect(own?.events.size).toBe(2);
    expect(methods()).toEqual(['calendarList.list', 'calendars.insert', 'events.insert', 'events.insert']);
  });

  it('is not made a second time while nobody knows whether it was', async () => {
    const collection = await start();
    site.server.misbehave({ method: 'calendars.insert', what: { kind: 'hang', done: true } });
    const soon = startDeadline(20_000, () => 0);
    const applied = collection.apply([create(1), create(2)], soon);
    await untilAsked(site, 'calendars.insert');
    soon.end();
    expect([...(await applied).values()].map(({ kind }) => kind)).toEqual(['retry', 'retry']);
    await make(open(), 1);
    expect(methods().filter((name) => name === 'calendars.insert')).toHaveLength(1);
  });

  it.each([
    ['without anything in it', {}],
    ['with no calendar in it', { items: [] }],
    ['that is none', { items: 'CRM' }],
  ])('is unknown after a list of calendars %s, and none is made then', async (_, body) => {
    const collection = await start();
    site.server.misbehave({ method: 'calendarList.list', times: 2, what: { kind: 'answer', status: 200, body } });
    expect(await list(collection)).toMatchObject({ kind: 'retry' });
    expect((await collection.apply([create(1)], deadline)).get('pa100000')).toMatchObject({ kind: 'retry' });
    expect(methods()).toEqual(['calendarList.list', 'calendarList.list']);
  });

  it('is found on a later page of the list', async () => {
    await make(await start(), 1);
    site.server.limitPages(1);
    expect(idsOf(await list(open()))).toEqual(['pa100000']);
    expect(methods().filter((name) => name === 'calendarList.list')).toHaveLength(3);
  });

  it('is not there any more once the list says so, and then not one of its events was deleted', async () => {
    const collection = await start();
    await make(collection, 1);
    const cursor = cursorOf(await list(collection));
    remove();
    expect(await list(open(), cursor)).toEqual({ kind: 'absent' });
    // Deleted after it was listed.
    expect(await collection.get(['pa100000'], deadline)).toMatchObject({ kind: 'retry' });
  });

  it('is another one where it was deleted and made anew: all of that is listed', async () => {
    const collection = await start();
    await make(collection, 1);
    const cursor = cursorOf(await list(collection));
    remove();
    await make(open(), 2);
    const next = open();
    expect(await list(next, cursor)).toEqual({ kind: 'expired' });
    expect(idsOf(await list(next))).toEqual(['pa200000']);
  });

  it('is only there in doubt where the list has it and it cannot be listed', async () => {
    const collection = await start();
    await make(collection, 1);
    const cursor = cursorOf(await list(collection));
    const body = { error: { code: 404, errors: [{ reason: 'notFound' }] } };
    site.server.misbehave({ method: 'events.list', what: { kind: 'answer', status: 404, body } });
    expect(await list(open(), cursor)).toMatchObject({ kind: 'retry' });
  });
});

describe('A listing', () => {
  it('goes on from its cursor in another run, with one call', async () => {
    const collection = await start();
    await make(collection, 1);
    const cursor = cursorOf(await list(collection));
    await googlePerson(site.server, ANN.email, () => site.ownCalendar(ANN)).edit('pa100000', { subject: 'New' });
    const before = methods().length;
    expect(await list(open(), cursor)).toMatchObject({ isWhole: false, items: [{ id: 'pa100000' }] });
    expect(methods().slice(before)).toEqual(['events.list']);
  });

  it.each([
    ['of the other calendar', (cursor: string) => cursor, { calendar: 'primary' }],
    ['that is damaged', (cursor: string) => cursor.slice(1), {}],
    ['that is none', () => '', {}],
  ] as const)('begins anew with a cursor %s', async (_, spoil, changes) => {
    const collection = await start();
    await make(collection, 1);
    const cursor = spoil(cursorOf(await list(collection)) ?? '');
    expect(await list(open(ANN, changes), cursor)).toEqual({ kind: 'expired' });
  });

  it('of everything travels by itself, one of changes with those of others', async () => {
    await start({ batch: 'shared' });
    site.join(BOB);
    const both = [open(ANN), open(BOB)];
    for (const each of both) await make(each, 1);
    const batched = () => site.server.calls.filter(({ method }) => method === 'events.list').map(({ isInBatch }) => isInBatch);
    const whole = await Promise.all(both.map((each) => list(each)));
    expect(batched()).toEqual([false, false]);
    const changes = await Promise.all(both.map((each, n) => list(each, cursorOf(whole[n] ?? { kind: 'absent' }))));
    expect(changes.map(idsOf)).toEqual([[], []]);
    expect(batched()).toEqual([false, false, true, true]);
  });

  it('asks for the same each time, and for nothing that a token forbids', async () => {
    const collection = await start();
    await make(collection, 1, 2, 3);
    site.server.limitPages(2);
    const first = await list(collection);
    const last = await list(collection, undefined, first.kind === 'page' ? first.next : '');
    await list(collection, cursorOf(last));
    const asked = site.server.calls.filter(({ method }) => method === 'events.list');
    expect(asked.map(({ query }) => [...query.keys()].filter((name) => !name.endsWith('Token')).sort())).toEqual(
      asked.map(() => ['fields', 'maxResults', 'singleEvents']),
    );
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['with an event that has no id', { items: [{ etag: '"1"' }], nextSyncToken: 'x' }],
    ['without its events', { items: 'none', nextSyncToken: 'x' }],
    ['that does not say where it goes on', { items: [] }],
    ['with nothing in it', {}],
  ])('counts for nothing %s', async (_, body) => {
    const collection = await start();
    await make(collection, 1);
    site.server.misbehave({ method: 'events.list', what: { kind: 'answer', status: 200, body } });
    expect(await list(collection)).toMatchObject({ kind: 'retry' });
  });

  it('that forgot its own pages is tried later', async () => {
    const collection = await start();
    await make(collection, 1, 2, 3);
    site.server.limitPages(2);
    const first = await list(collection);
    site.server.expireCursors();
    expect(await list(collection, undefined, first.kind === 'page' ? first.next : '')).toMatchObject({ kind: 'retry' });
  });
});

describe('A change', () => {
  it('of what was just listed is one call, of anything else two', async () => {
    const collection = await start();
    await make(collection, 1, 2);
    const listing = await list(open());
    const items = listing.kind === 'page' ? listing.items.flatMap((item) => ('gone' in item ? [] : [item])) : [];
    const steps = items.map(({ id, version }): RemoteStep => ({
      ...{ do: 'update', linkId: id, id, version, entry: { ...VISIT, subject: 'New' }, fields: ['subject'] },
    }));
    const before = methods().length;
    await collection.apply(steps.slice(0, 1), deadline);
    expect(methods().slice(before)).toEqual(['events.patch']);
    const other = open();
    const outcomes = await other.apply(steps.slice(1), deadline);
    expect([...outcomes.values()]).toMatchObject([{ kind: 'done', item: { content: { entry: { subject: 'New' } } } }]);
    expect(methods().slice(before + 1)).toEqual(['calendarList.list', 'events.get', 'events.patch']);
    expect(site.server.calls.at(-1)?.body).toBe('{"summary":"New"}');
  });

  it('that comes to nothing since the event was deleted meanwhile is told from one that is not allowed', async () => {
    const collection = await start();
    await make(collection, 1, 2);
    const listing = await list(collection);
    const items = listing.kind === 'page' ? listing.items.flatMap((item) => ('gone' in item ? [] : [item])) : [];
    const steps = items.map(({ id, version }): RemoteStep => ({
      ...{ do: 'update', linkId: id, id, version, entry: { ...VISIT, subject: 'New' }, fields: ['subject'] },
    }));
    // The stand-in answers 403 for what was deleted, as Google was seen to.
    await googlePerson(site.server, ANN.email, () => site.ownCalendar(ANN)).remove('pa100000');
    const body = { error: { code: 403, errors: [{ reason: 'forbidden' }] } };
    site.server.misbehave({ method: 'events.patch', nth: 1, times: 1, what: { kind: 'answer', status: 403, body } });
    const outcomes = await collection.apply(steps.toReversed(), deadline);
    expect(outcomes.get('pa100000')).toEqual({ kind: 'stale' });
    expect(outcomes.get('pa200000')).toEqual({ kind: 'rejected', reason: 'Google answered 403 (forbidden)' });
  });
});

describe('A page of whatever stands before Google', () => {
  const itself = { do: 'update', linkId: 'pa100000', id: 'pa100000', version: '"1"', entry: VISIT, fields: ['subject'] } as const;

  it.each([302, 400, 403, 404, 410, 413, 418])('says nothing of any event, with %i', async (status) => {
    const collection = await start();
    await make(collection, 1);
    const listing = await list(collection);
    const [item] = listing.kind === 'page' ? listing.items : [];
    const version = item !== undefined && 'version' in item ? item.version : '';
    const what = { kind: 'answer', status, body: '<title>Blocked</title>' } as const;
    const blocked = (method: string) => site.server.misbehave({ method, times: 2, what });
    blocked('events.list');
    expect(await list(collection, cursorOf(listing))).toMatchObject({ kind: 'refused' });
    blocked('events.get');
    expect(await collection.get(['pa100000'], deadline)).toEqual(new Map());
    for (const method of ['events.insert', 'events.patch', 'events.delete']) blocked(method);
    const steps: readonly RemoteStep[] = [
      create(2),
      { ...itself, version, entry: { ...VISIT, subject: 'New' } },
      { do: 'delete', linkId: 'x', id: 'pa100000', version },
    ];
    for (const step of steps)
      expect([...(await collection.apply([step], deadline)).values()].map(({ kind }) => kind)).toEqual(['refused']);
  });
});
