import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteFile } from '../../src/io/sqlite';
import { addToStream, type Addition } from '../../src/io/stream-folder';
import { newFolder } from '../support/feed';

const never = new AbortController().signal;

describe('addToStream', () => {
  let folder: string;

  beforeEach(() => {
    folder = newFolder();
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** An addition whose one file names the entries. */
  function addition(id: string, changed: Partial<Addition> = {}): Addition {
    const draw: Addition['draw'] = (_, entries) => ({ 'drawn.txt': entries.map(({ record }) => record).join(' ') });
    return { folder, id, record: id, newest: 3, now: () => Date.UTC(2010, 5, 14), draw, ...changed };
  }

  const drawn = () => readFile(join(folder, 'drawn.txt'), 'utf8');

  it('draws the newest entries, the newest first', async () => {
    for (const id of ['a', 'b', 'c', 'd']) expect(await addToStream(addition(id), never)).toEqual({ kind: 'added' });
    expect(await drawn()).toBe('d c b');
    expect((await readdir(folder)).sort()).toEqual(['drawn.txt', 'stream.sqlite']);
  });

  it('drops a second entry of the same id, and draws what a crash has left undrawn', async () => {
    for (const id of ['a', 'b']) await addToStream(addition(id), never);
    await rm(join(folder, 'drawn.txt'));
    await addToStream(addition('a', { record: 'another text' }), never);
    expect(await drawn()).toBe('b a');
  });

  it('gives the stream one id for ever, and every entry its time', async () => {
    const seen: unknown[] = [];
    const draw: Addition['draw'] = (streamId, entries) => {
      seen.push([streamId, entries.map(({ postedAt }) => postedAt)]);
      return {};
    };
    await addToStream(addition('a', { draw }), never);
    await addToStream(addition('b', { draw, now: () => Date.UTC(2010, 5, 15) }), never);
    const id: unknown = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const first = '2010-06-14T00:00:00.000Z';
    expect(seen).toEqual([
      [id, [first]],
      [id, ['2010-06-15T00:00:00.000Z', first]],
    ]);
    expect((seen[0] as unknown[])[0]).toBe((seen[1] as unknown[])[0]);
  });

  it('keeps nothing of an addition whose files cannot be replaced', async () => {
    await addToStream(addition('a'), never);
    const draw: Addition['draw'] = () => ({ taken: 'text' });
    await mkdir(join(folder, 'taken'));
    const result = await addToStream(addition('b', { draw }), never);
    expect(result).toEqual({ kind: 'failure', reason: expect.stringContaining(join(folder, 'taken')) as string });
    await addToStream(addition('c'), never);
    expect(await drawn()).toBe('c a');
  });

  it('keeps nothing of an addition that cannot be drawn, lets the error through and lets go of the lock', async () => {
    const draw = () => {
      throw new TypeError('a bug');
    };
    await expect(addToStream(addition('a', { draw }), never)).rejects.toThrow(new TypeError('a bug'));
    expect(await addToStream(addition('b'), AbortSignal.abort())).toEqual({ kind: 'added' });
    expect(await drawn()).toBe('b');
  });

  it('waits for the lock until the signal is aborted, and writes nothing then', async () => {
    const other = await openSqliteFile(join(folder, 'stream.sqlite'), { readOnly: false });
    other.exec('BEGIN EXCLUSIVE');
    const result = await addToStream(addition('a'), AbortSignal.timeout(60));
    other.exec('ROLLBACK');
    other.close();
    expect(result).toEqual({ kind: 'failure', reason: expect.stringContaining('other processes') as string });
    expect(await readdir(folder)).toEqual(['stream.sqlite']);
  });

  it('lets several additions of one process take turns', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `entry-${index}`);
    const results = await Promise.all(ids.map((id) => addToStream(addition(id, { newest: 100 }), new AbortController().signal)));
    expect(results).toEqual(ids.map(() => ({ kind: 'added' })));
    expect((await drawn()).split(' ').sort()).toEqual([...ids].sort());
  });

  it('answers a store that is none with a failure', async () => {
    await writeFile(join(folder, 'stream.sqlite'), 'this is not a database'.repeat(100));
    const result = await addToStream(addition('a'), never);
    expect(result).toEqual({
      kind: 'failure',
      reason: expect.stringMatching(/cannot be written: .*file is not a database$/) as string,
    });
  });
});
