// How Tasks behaves: tasks by themselves, and their lists. A row a fact, with the page that says so.

import { asking, refusalOf } from './asking';
import { describeFacts, fact, type Fact } from './facts';
import { scope } from './reach';
import { ANN, ASSIGNED, CALL, itemsOf, LISTS, TASKS, titlesOf, useTasks } from './task-desk';
import { TASK_LIMITS } from './task-world';

const REFERENCE = 'https://developers.google.com/workspace/tasks/reference/rest/v1/tasks';
const OF_LISTS = 'https://developers.google.com/workspace/tasks/reference/rest/v1/tasklists';

const desk = useTasks();
const { ask, bob, made, got, patch, remove, list, assigned } = desk;

const BODIES: readonly Fact[] = [
  fact('chooses the id itself, so that twice is two', REFERENCE, async () => {
    const [one, two] = [await made({ id: 'mine' }), await made({ id: 'mine' })];
    expect(new Set([one.id, two.id, 'mine']).size).toBe(3);
    expect(itemsOf(await list())).toHaveLength(2);
  }),
  fact('keeps the day alone of when something is due', REFERENCE, async () => {
    for (const due of ['2026-03-02T00:00:00Z', '2026-03-02T17:45:00.000Z', '2026-03-02T23:30:00+01:00'])
      expect((await made({ due })).due).toBe('2026-03-02T00:00:00.000Z');
    expect(refusalOf(await ask('POST', TASKS, { ...CALL, due: '2026-03-02' }))).toEqual([400, 'invalid']);
  }),
  fact('holds 1024 characters of a title and 8192 of notes', REFERENCE, async () => {
    const long = { title: 't'.repeat(1_024), notes: 'n'.repeat(8_192) };
    expect(await made(long)).toMatchObject(long);
    for (const longer of [{ title: `${long.title}t` }, { notes: `${long.notes}n` }])
      expect(refusalOf(await ask('POST', TASKS, longer))).toEqual([400, 'invalid']);
  }),
  fact('is open or completed, and says since when', REFERENCE, async () => {
    const { id } = await made();
    expect(await got(id)).toMatchObject({ status: 'needsAction' });
    expect((await patch(id, { status: 'completed' })).body).toMatchObject({ completed: '2026-03-01T12:00:00.000Z' });
    expect(Object.keys((await patch(id, { status: 'needsAction' })).body)).not.toContain('completed');
    expect(refusalOf(await patch(id, { status: 'done' }))).toEqual([400, 'invalid']);
  }),
  fact('patches what is named, and null takes it away', `${REFERENCE}/patch`, async () => {
    const { id } = await made();
    expect((await patch(id, { title: 'New', notes: null })).body).toMatchObject({ title: 'New', due: CALL.due });
    expect(Object.keys(await got(id))).not.toContain('notes');
  }),
  fact('drops with a PUT what is not sent', `${REFERENCE}/update`, async () => {
    const { id } = await made();
    const replaced = await ask('PUT', `${TASKS}/${id}`, { id, title: 'New' });
    expect([replaced.body['title'], replaced.body['due'], replaced.body['notes']]).toEqual(['New', undefined, undefined]);
  }),
  fact('moves `updated` and the etag with every change, by its own clock', REFERENCE, async () => {
    const before = await made();
    desk.pass(90_000);
    const changed = await patch(before.id, { title: 'New' });
    expect([before.updated, changed.body['updated']]).toEqual(['2026-03-01T12:00:00.000Z', '2026-03-01T12:01:30.000Z']);
    expect(changed.body['etag']).not.toBe(before.etag);
    expect(changed.headers.get('date')).toBe('Sun, 01 Mar 2026 12:01:30 GMT');
  }),
  fact('promises nothing of a version that is named; both are tried', REFERENCE, async () => {
    const { id, etag } = await made();
    await patch(id, { title: 'Theirs' });
    expect((await patch(id, { title: 'Ours' }, etag)).body['title']).toBe('Ours');
    desk.server.honourVersions();
    expect(refusalOf(await patch(id, { title: 'x' }, etag))).toEqual([412, 'conditionNotMet']);
    expect(refusalOf(await ask('DELETE', `${TASKS}/${id}`, undefined, { 'If-Match': etag }))).toEqual([412, 'conditionNotMet']);
  }),
  fact('shows what is deleted by its id, and lets it be changed; some day it is not there', REFERENCE, async () => {
    const { id } = await made();
    expect((await remove(id)).status).toBe(204);
    expect(await got(id)).toMatchObject({ deleted: true, title: 'Call' });
    expect((await patch(id, { title: 'New' })).body).toMatchObject({ deleted: true });
    desk.server.forgetDeletedTasks();
    expect(refusalOf(await ask('GET', `${TASKS}/${id}`))).toEqual([404, 'notFound']);
  }),
  fact('moves a task behind another one, below it, and into another list', `${REFERENCE}/move`, async () => {
    const [one, two] = [await made({ title: 'One' }), await made({ title: 'Two' })];
    expect(titlesOf(await list())).toEqual(['Two', 'One']);
    await ask('POST', `${TASKS}/${two.id}/move?previous=${one.id}`);
    expect(titlesOf(await list())).toEqual(['One', 'Two']);
    expect((await ask('POST', `${TASKS}/${two.id}/move?parent=${one.id}`)).body).toMatchObject({ parent: one.id });
    const { id: other } = (await ask('POST', LISTS, { title: 'Other' })).body as { readonly id: string };
    await ask('POST', `${TASKS}/${two.id}/move?destinationTasklist=${other}`);
    expect([titlesOf(await list()), titlesOf(await ask('GET', `lists/${other}/tasks`))]).toEqual([['One'], ['Two']]);
  }),
  fact('lets in who may write tasks, and nobody else', 'https://developers.google.com/workspace/tasks/auth', async () => {
    expect(refusalOf(await bob('GET', `lists/${desk.listOf()}/tasks`))).toEqual([404, 'notFound']);
    expect((await ask('GET', `lists/${desk.listOf()}/tasks`)).status).toBe(200);
  }),
];

const LISTED: readonly Fact[] = [
  fact('shows 20 on a page, and 100 at the most', `${REFERENCE}/list`, async () => {
    for (let n = 0; n < 101; n += 1) desk.server.act(ANN, 'POST', `/tasks/v1/${TASKS}`, { title: `${n}` });
    const first = await list('?maxResults=999');
    expect([itemsOf(await list()).length, itemsOf(first).length]).toEqual([20, 100]);
    const last = await list(`?maxResults=999&pageToken=${String(first.body['nextPageToken'])}`);
    expect([itemsOf(last).length, last.body['nextPageToken']]).toEqual([1, undefined]);
    expect(last.body['nextSyncToken']).toBeUndefined();
  }),
  fact('shows what is deleted only with showDeleted, in whole', `${REFERENCE}/list`, async () => {
    await remove((await made()).id);
    expect(titlesOf(await list())).toEqual([]);
    expect(itemsOf(await list('?showDeleted=true'))).toMatchObject([{ title: 'Call', deleted: true }]);
  }),
  fact('hides what is completed in apps of Google, and what a list was cleared of', `${REFERENCE}/list`, async () => {
    const { id } = await made();
    await patch(id, { status: 'completed' });
    expect([titlesOf(await list()), titlesOf(await list('?showCompleted=false'))]).toEqual([['Call'], []]);
    expect((await ask('POST', 'lists/@default/clear')).status).toBe(204);
    expect([titlesOf(await list()), titlesOf(await list('?showHidden=true'))]).toEqual([[], ['Call']]);
    expect((await patch(id, { status: 'needsAction' })).body['hidden']).toBeUndefined();
  }),
  fact('shows what changed since a moment, by `updated`', `${REFERENCE}/list`, async () => {
    await made({ title: 'Old' });
    desk.pass(60_000);
    const { updated } = await made({ title: 'New' });
    expect(titlesOf(await list(`?updatedMin=${updated}`))).toEqual(['New']);
    expect(refusalOf(await list('?updatedMin=yesterday'))).toEqual([400, 'invalid']);
  }),
  fact('shows what is due, or was completed, between two moments', `${REFERENCE}/list`, async () => {
    const { id } = await made();
    await patch(id, { status: 'completed' });
    const shown = async (from: string, to: string, name: string) =>
      titlesOf(await list(`?${name}Min=${from}T00:00:00Z&${name}Max=${to}T00:00:00Z`)).length;
    expect([await shown('2026-03-01', '2026-03-03', 'due'), await shown('2026-03-03', '2026-03-04', 'due')]).toEqual([1, 0]);
    expect(await shown('2026-03-01', '2026-03-02', 'completed')).toBe(1);
    expect(await shown('2026-02-01', '2026-03-01', 'completed')).toBe(0);
  }),
  fact('does not say how soon, and is made to lag', `${REFERENCE}/list`, async () => {
    desk.server.lagListings(30_000);
    const { id } = await made();
    expect([titlesOf(await list()), (await got(id)).title]).toEqual([[], 'Call']);
    desk.pass(30_000);
    await patch(id, { title: 'New' });
    expect([titlesOf(await list()), (await got(id)).title]).toEqual([['Call'], 'New']);
  }),
];

const ASSIGNMENTS: readonly Fact[] = [
  fact('lists what was assigned only with showAssigned', `${REFERENCE}/list`, async () => {
    await assigned();
    expect(titlesOf(await list('?showHidden=true'))).toEqual([]);
    expect(itemsOf(await list('?showAssigned=true'))).toMatchObject([{ assignmentInfo: ASSIGNED }]);
  }),
  fact('deletes with it the original', `${REFERENCE}/delete`, async () => {
    const id = await assigned();
    expect(desk.server.originals.size).toBe(1);
    expect(refusalOf(await patch(id, { deleted: true }))).toEqual([400, 'invalid']);
    await remove(id);
    expect(desk.server.originals.size).toBe(0);
  }),
  fact('makes none of them, and lets nobody say so', `${REFERENCE}/insert`, async () => {
    expect(Object.keys(await made({ assignmentInfo: { surfaceType: 'SPACE' } }))).not.toContain('assignmentInfo');
    const id = await assigned();
    expect(refusalOf(await ask('POST', `${TASKS}?parent=${id}`, CALL))).toEqual([400, 'invalid']);
    expect((await patch(await assigned({ ...ASSIGNED, surfaceType: 'DOCUMENT' }), { notes: 'x' })).status).toBe(400);
  }),
];

const ALL_LISTS: readonly Fact[] = [
  fact('has a list that nobody made, and cannot be deleted', OF_LISTS, async () => {
    expect(titlesOf(await ask('GET', LISTS))).toEqual(['My Tasks']);
    expect((await ask('DELETE', `${LISTS}/@default`)).status).toBe(400);
  }),
  fact('makes lists of one title, as many as it is told', `${OF_LISTS}/insert`, async () => {
    for (const title of ['CRM', 'CRM']) expect((await ask('POST', LISTS, { title })).body).toMatchObject({ title });
    expect(titlesOf(await ask('GET', LISTS))).toEqual(['My Tasks', 'CRM', 'CRM']);
    expect(titlesOf(await ask('GET', `${LISTS}?maxResults=1`))).toEqual(['My Tasks']);
  }),
  fact('renames and deletes a list, and what was assigned goes with it', `${OF_LISTS}/delete`, async () => {
    const { id } = (await ask('POST', LISTS, { title: 'CRM' })).body as { readonly id: string };
    expect((await ask('PATCH', `${LISTS}/${id}`, { title: 'Mine' })).body['title']).toBe('Mine');
    const task = (await ask('POST', `lists/${id}/tasks`, CALL)).body as { readonly id: string };
    desk.server.alterTask(ANN, id, task.id, (each) => ({ ...each, assignmentInfo: ASSIGNED }));
    expect((await ask('DELETE', `${LISTS}/${id}`)).status).toBe(204);
    expect([desk.server.originals.size, (await ask('GET', `lists/${id}/tasks`)).status]).toEqual([0, 404]);
  }),
  fact('lets a user have 2000 lists', `${OF_LISTS}/insert`, async () => {
    for (let n = 1; n < 2_000; n += 1) desk.server.act(ANN, 'POST', `/tasks/v1/${LISTS}`, { title: 'x' });
    expect(refusalOf(await ask('POST', LISTS, { title: 'x' }))).toEqual([403, 'quotaExceeded']);
  }),
  fact('lets a list have 20,000 tasks that are not hidden, and a user 100,000', `${REFERENCE}/insert`, () => {
    expect([TASK_LIMITS.inList, TASK_LIMITS.inAll]).toEqual([20_000, 100_000]);
    return Promise.resolve();
  }),
  fact('ends a day’s calls of a project', 'https://developers.google.com/workspace/tasks/limits', async () => {
    desk.server.limit({ perDay: 2 });
    expect([(await list()).status, (await list()).status]).toEqual([200, 200]);
    desk.pass(1_800_000);
    expect(refusalOf(await list())).toEqual([403, 'dailyLimitExceeded']);
    desk.pass(86_400_000);
    const again = asking(desk.server, desk.server.grant(ANN, [scope('tasks')]).access, 'tasks');
    expect((await again('GET', TASKS)).status).toBe(200);
  }),
];

describeFacts('Tasks: what a task is', BODIES);
describeFacts('Tasks: listings', LISTED);
describeFacts('Tasks: what was assigned', ASSIGNMENTS);
describeFacts('Tasks: lists', ALL_LISTS);

it('Tasks: an answer may be lost after the task was made', async () => {
  desk.server.misbehave({ method: 'tasks.insert', what: { kind: 'reset', done: true } });
  await expect(ask('POST', TASKS, CALL)).rejects.toThrow('fetch failed');
  expect(titlesOf(await list())).toEqual(['Call']);
});
