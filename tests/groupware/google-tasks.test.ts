// A list of Google's Tasks as the engine sees it, and a task in step with the CRM, over the stand-in: how the list is found, what a lost
// answer comes to, days, people's notes, and how many calls it is.

import { startDeadline } from '../../src/core/deadline';
import type { Entry } from '../../src/core/sync/entry';
import { keyText } from '../../src/core/sync/entry-key';
import { GOOGLE_APIS } from '../../src/groupware/google/calls/apis';
import { google } from '../../src/groupware/google/index';
import { LIST_EVERY } from '../../src/groupware/google/options';
import type { Collection, GroupwareUser, Listing, RemoteItem, RemoteStep } from '../../src/groupware/groupware';
import type { GoogleTask } from '../support/google/task-world';
import { startGoogleSite, type GoogleSite } from '../support/google-site';
import { OWNER, pairOf, T, TASK, V, type Pair } from '../support/pair';
import { googleIn } from '../support/pair-at-google';
import { ANN, CALL, itemOf } from './suite';

const LISTS = '/tasks/v1/users/@me/lists';
const ROW = { type: 'action_item', objid: 8 } as const;
const MINUTE = 60_000;
const deadline = startDeadline(600_000, () => 0);
afterAll(() => deadline.end());

const linkId = (n: number) => `pa${String(n).padStart(26, '0')}`;
const create = (n: number): RemoteStep => ({ do: 'create', linkId: linkId(n), entry: CALL, url: 'http://server/8' });

describe('A list of tasks', () => {
  let [site, now]: [GoogleSite, number] = [] as never;
  beforeEach(async () => {
    now = Date.UTC(2026, 10, 29, 12);
    site = await startGoogleSite({}, () => now);
    site.join(ANN);
  });
  afterEach(() => site.close());

  /** As another run would. */
  const open = (user: GroupwareUser = ANN): Collection => google.open(user, 'task', site.options, site.tools);
  const list = (collection: Collection, cursor?: string) => collection.list(cursor, undefined, deadline);
  const apply = async (step: RemoteStep, collection = open()) => (await collection.apply([step], deadline)).get(step.linkId);
  const methods = () => site.server.calls.map(({ method }) => method);
  const titles = () => site.server.taskLists(ANN.email).map(({ title }) => title);
  const cursorOf = (listing: Listing) => (listing.kind === 'page' ? listing.cursor : undefined);
  const idsOf = (listing: Listing) => (listing.kind === 'page' ? listing.items.map(({ id }) => id) : listing);
  const addList = (title: string) => (site.server.act(ANN.email, 'POST', LISTS, { title }) as { readonly id: string }).id;

  it('is not there to begin with, and looking makes none', async () => {
    expect(await list(open())).toMatchObject({ kind: 'absent' });
    expect(await open().get(['x'], deadline)).toMatchObject({ kind: 'retry' });
    expect(titles()).toEqual(['My Tasks']);
  });

  it('is made with the first task, and is called after its CRM where that is not the usual one', async () => {
    await apply(create(1));
    site.join({ ...ANN, system: 'test' });
    await apply(create(2), open({ ...ANN, system: 'test' }));
    expect(titles()).toEqual(['My Tasks', 'CRM tasks', 'CRM tasks (test)']);
  });

  it('is not made a second time while nobody knows whether it was', async () => {
    site.server.misbehave({ method: 'tasklists.insert', what: { kind: 'reset', done: true } });
    expect(await apply(create(1))).toMatchObject({ kind: 'retry' });
    expect(await apply(create(1))).toMatchObject({ kind: 'done' });
    expect(titles()).toEqual(['My Tasks', 'CRM tasks']);
  });

  it.each([
    ['without anything in it', {}],
    ['with no list in it', { items: [] }],
    ['that is none', { items: 'CRM tasks' }],
  ])('is unknown after an answer %s, and none is made then', async (_, body) => {
    site.server.misbehave({ method: 'tasklists.list', times: 2, what: { kind: 'answer', status: 200, body } });
    expect([(await list(open())).kind, (await apply(create(1)))?.kind]).toEqual(['retry', 'retry']);
    expect(titles()).toEqual(['My Tasks']);
  });

  it('is of two with that title the one with tasks of ours, or whichever as long as there are none', async () => {
    const ids = [addList('CRM tasks'), addList('CRM tasks'), addList('CRM tasks')];
    await apply(create(1));
    await apply(create(2));
    expect(ids.map((id) => site.server.tasks(ANN.email, id).length).sort()).toEqual([0, 0, 2]);
    const notes = `Theirs\n[crm ${linkId(3)}]`;
    for (const id of ids) site.server.act(ANN.email, 'POST', `/tasks/v1/lists/${id}/tasks`, { title: 'x', notes });
    expect(await list(open())).toMatchObject({ kind: 'refused', reason: expect.stringContaining('several lists') });
  });

  it('is not there any more where people deleted it, and then not one of its tasks was deleted by itself', async () => {
    const { id } = itemOf(await apply(create(1)));
    const cursor = cursorOf(await list(open()));
    const collection = open();
    await list(collection);
    site.server.act(ANN.email, 'DELETE', `${LISTS}/${site.ownList(ANN)}`);
    expect(await collection.get([id], deadline)).toMatchObject({ kind: 'retry' });
    expect(await list(open(), cursor)).toEqual({ kind: 'absent' });
  });

  it('goes on by the clock of the server, whatever ours says, and lists some minutes again', async () => {
    now = Date.UTC(2031, 0, 1);
    itemOf(await apply(create(1)));
    now += 30 * MINUTE;
    const second = itemOf(await apply(create(2)));
    const cursor = cursorOf(await list(open()));
    const before = methods().length;
    const listing = await list(open(), cursor);
    expect([idsOf(listing), methods().slice(before)]).toEqual([[second.id], ['tasks.list']]);
    expect(site.server.calls.at(-1)?.query.get('updatedMin')).toBe('2031-01-01T00:20:00.000Z');
    const listId = site.ownList(ANN);
    site.server.act(ANN.email, 'DELETE', `/tasks/v1/lists/${listId}/tasks/${second.id}`);
    expect(await list(open(), cursorOf(listing))).toMatchObject({ items: [{ id: second.id, gone: true }], isWhole: false });
  });

  it.each([
    ['that is damaged', (cursor: string) => cursor.slice(1)],
    ['that is none', () => ''],
    ['of another way of listing', (cursor: string) => cursor.replace('100', '99')],
  ])('begins anew with a cursor %s', async (_, spoil) => {
    await apply(create(1));
    expect(await list(open(), spoil(cursorOf(await list(open())) ?? ''))).toEqual({ kind: 'expired' });
  });

  it.each([
    ['that is no object', 'none'],
    ['with a task that has no id', { items: [{ etag: '"1"' }] }],
    ['without its tasks', { items: 'none' }],
  ])('says nothing with an answer %s', async (_, body) => {
    await apply(create(1));
    site.server.misbehave({ method: 'tasks.list', times: 2, what: { kind: 'answer', status: 200, body } });
    expect(await list(open())).toMatchObject({ kind: 'retry' });
  });

  it('never touches what was assigned to somebody in a document or a chat', async () => {
    const there = itemOf(await apply(create(1)));
    const { server } = site;
    const assignmentInfo = { surfaceType: 'DOCUMENT', linkToTask: 'https://docs.example/1' };
    server.alterTask(ANN.email, site.ownList(ANN), there.id, (task) => ({ ...task, assignmentInfo }));
    const [item] = [...((await open().get([there.id], deadline)) as ReadonlyMap<string, RemoteItem>).values()];
    const { version } = item ?? there;
    const outcome = await apply({ do: 'delete', linkId: linkId(1), id: there.id, version });
    expect([item?.content.kind, outcome?.kind, server.originals.size]).toEqual(['foreign', 'rejected', 1]);
    expect(methods().filter((method) => method === 'tasks.delete')).toEqual([]);
  });
});

describe('A task in step with the CRM', () => {
  let pair: Pair;
  afterEach(() => pair.close());

  const put = (changes: Partial<Entry> = {}) =>
    pair.crm.put({ ...ROW, kind: 'task', owner: OWNER, entry: { ...TASK, ...changes } });
  const inStep = async (changes: Partial<Entry> = {}) => {
    pair = await pairOf('Google');
    put(changes);
    await pair.rest();
    pair.begin();
  };
  const site = () => googleIn(pair);
  const listId = () => site().ownList({ ...ANN, login: OWNER });
  const tasks = (): readonly GoogleTask[] =>
    site()
      .server.tasks(ANN.email, listId())
      .filter(({ deleted }) => deleted !== true);
  const patch = async (change: object) => {
    const id = await pair.idOf(ROW.type, ROW.objid);
    site().server.act(ANN.email, 'PATCH', `/tasks/v1/lists/${listId()}/tasks/${id}`, change);
  };
  const due = () => pair.crm.rows.get(keyText(ROW))?.entry.time.end;
  const at = (wallClock: string) => ({ end: { wallClock, timeZone: 'America/Chicago' } });

  it('carries the way back to the CRM, and the id of its link, below the notes', async () => {
    await inStep({ notes: 'About the offer' });
    const [link] = await pair.links.find(ROW, 1, new AbortController().signal);
    expect(tasks()).toMatchObject([
      { notes: expect.stringMatching(new RegExp(`^About the offer\n\n(http\\S+ )?\\[crm ${link?.id}\\]$`)) },
    ]);
  });

  // Each turn of a pair is ten minutes after the one before.
  it.each([
    ['that shows it soon', 1, 0],
    ['that lags', 1, 4],
    ['that lags, with turns one after the other', 4, 4],
  ])('is made once though the answer is lost, by a listing %s', async (_, turns, lagMinutes) => {
    pair = await pairOf('Google');
    put();
    site().server.lagListings(lagMinutes * MINUTE);
    site().server.misbehave({ method: 'tasks.insert', what: { kind: 'reset', done: true } });
    await pair.turn();
    for (let n = 0; n < turns; n += 1) {
      pair.now -= 9 * MINUTE;
      await pair.turn();
    }
    expect(await pair.rest()).toMatchObject({ crm: [T, V], links: ['linked', 'linked'], conflicts: [] });
    expect(tasks()).toHaveLength(1);
    expect(site().server.calls.filter(({ method }) => method === 'tasks.insert')).toHaveLength(1);
  });

  it('whose answer was lost is no conflict, writes nothing, and leaves with its row', async () => {
    pair = await pairOf('Google');
    put({ place: 'Dock 3' });
    site().server.misbehave({ method: 'tasks.insert', what: { kind: 'reset', done: true } });
    await pair.turn();
    pair.crm.rows.delete(keyText(ROW));
    expect(await pair.rest()).toMatchObject({ crm: [V], links: ['gone (deleted-here)', 'linked'], conflicts: [] });
    expect(tasks()).toEqual([]);
  });

  it('stays linked where people take that line out, and it is not put back', async () => {
    await inStep();
    await patch({ notes: 'Mine' });
    await pair.rest();
    pair.crm.edit(ROW, { subject: 'Call Nora', notes: 'Mine, and yours' });
    await pair.rest();
    expect(tasks()).toMatchObject([{ title: 'Call Nora', notes: 'Mine, and yours' }]);
  });

  it('gives people’s notes to the CRM without that line, which stays', async () => {
    await inStep();
    const line = tasks()[0]?.notes ?? '';
    await patch({ notes: `Before\n${line} after\nand more` });
    await pair.rest();
    expect(pair.crm.rows.get(keyText(ROW))?.entry.notes).toBe('Before\n\nafter\nand more');
    pair.crm.edit(ROW, { notes: 'Changed' });
    await pair.rest();
    expect(tasks()[0]?.notes).toBe(`Changed\n\n${line}`);
  });

  it('is due on the day of its user, west of Greenwich, too, and leaves the CRM its time of day', async () => {
    await inStep({ time: at('2026-12-02T22:00:00') });
    expect(tasks()).toMatchObject([{ due: '2026-12-02T00:00:00.000Z' }]);
    pair.crm.edit(ROW, { time: at('2026-12-02T20:00:00') });
    const patches = () => site().server.calls.filter(({ method }) => method === 'tasks.patch').length;
    await pair.rest();
    expect([patches(), due()]).toEqual([0, at('2026-12-02T20:00:00').end]);
    await patch({ due: '2026-12-05T00:00:00Z' });
    expect(await pair.rest()).toMatchObject({ conflicts: [] });
    expect([patches(), due()]).toEqual([0, at('2026-12-05T20:00:00').end]);
    pair.crm.edit(ROW, { time: at('2026-12-01T23:59:00') });
    await pair.rest();
    expect([patches(), tasks()[0]?.due, due()]).toEqual([1, '2026-12-01T00:00:00.000Z', at('2026-12-01T23:59:00').end]);
  });

  it('is one call in a quiet turn: 350 users stay far below what a project may ask in a day', async () => {
    await inStep();
    await pair.turn();
    const calls = () => site().server.calls.filter(({ method }) => method.startsWith('task'));
    const before = calls().length;
    for (let n = 0; n < 2; n += 1) await pair.turn();
    const quiet = calls().slice(before);
    expect(quiet.map(({ method }) => method)).toEqual(['tasks.list', 'tasks.list']);
    const [{ most, perMs }] = GOOGLE_APIS.tasks.quotas.project;
    const aDay = 350 * (perMs / LIST_EVERY.tasks);
    // A third is left for what changes.
    expect([aDay, aDay / most < 0.7]).toEqual([33_600, true]);
  });
});
