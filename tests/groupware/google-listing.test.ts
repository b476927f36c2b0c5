// Where a listing at Google goes on: what its cursor remembers from page to page, and of which place.

import { startDeadline } from '../../src/core/deadline';
import type { Called } from '../../src/groupware/google/calls/client';
import { beginOf, readCursor, spellCursor, type Cursor } from '../../src/groupware/google/places/cursor';
import { listPage } from '../../src/groupware/google/places/listing';
import { TASK_LISTING } from '../../src/groupware/google/tasks/list';
import { ANN } from './suite';

const WAY = ['https://tasks.example', 'tasks', '100'];
const deadline = startDeadline(60_000, () => 0);
afterAll(() => deadline.end());

const task = (id: string, minute: number) => ({
  ...{ id, etag: '"1"', title: id, status: 'needsAction' },
  updated: `2026-11-29T12:${String(minute).padStart(2, '0')}:00.000Z`,
});

/** Where a listing goes on after these pages, each in a run of its own. */
async function after(...pages: readonly object[]): Promise<Cursor | undefined> {
  let cursor: Cursor | undefined = beginOf('list');
  for (const json of pages) {
    const called: Called = { kind: 'answer', status: 200, headers: {}, json };
    const client = { call: () => Promise.resolve(called) };
    const listed = await listPage(TASK_LISTING, { client, user: ANN }, cursor ?? beginOf(''), deadline);
    cursor = listed.kind === 'page' ? readCursor(WAY, spellCursor(WAY, listed.to)) : undefined;
  }
  return cursor;
}

describe('A listing of tasks', () => {
  it('goes on ten minutes before the latest change of all its pages, be that on the first one', async () => {
    const first = { items: [task('1', 30)], nextPageToken: 'more' };
    expect(await after(first)).toEqual({
      ...{ placeId: 'list', since: '', pageToken: 'more', latest: '2026-11-29T12:30:00.000Z' },
    });
    expect(await after(first, { items: [task('2', 5)] })).toEqual({
      ...{ placeId: 'list', since: '2026-11-29T12:20:00.000Z', pageToken: '', latest: '' },
    });
  });

  it('says nothing with a page that leads to itself', async () => {
    const again = { items: [], nextPageToken: 'more' };
    expect(await after(again, again)).toBeUndefined();
  });
});

describe('A cursor', () => {
  it('of a place that is not there is one, whether it was spelled with what counts for tasks only or without', () => {
    for (const more of [[], ['']])
      expect(readCursor(WAY, JSON.stringify([WAY.join(' '), '', '', '', ...more]))).toEqual(beginOf(''));
  });

  it.each([
    ['of another way', JSON.stringify(['https://tasks.example tasks 99', 'list', '', ''])],
    ['no list of texts', JSON.stringify([WAY.join(' '), 'list', 1])],
    ['no JSON', 'list'],
  ])('counts no more where it is %s', (_, text) => {
    expect(readCursor(WAY, text)).toBeUndefined();
  });
});
