import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteFile } from '../../src/io/sqlite';
import { addToStream, type Addition, type StreamEntry } from '../../src/io/stream-folder';
import { newFolder } from '../support/feed';

const never = new AbortController().signal;

describe('addToStream', () => {
  let folder: string;

  beforeEach(() => {
    folder = newFolder();
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** An addition whose files name the entries: the newest in one file, and each page of the archive in its own. */
  function addition(id: string, changed: Partial<Addition> = {}): Addition {
    const names = (entries: readonly StreamEntry[]) => entries.map(({ record }) => record).join(' ');
    const draw: Addition['draw'] = ({ newest, due }) => ({
      ...Object.fromEntries(due.map(({ page, entries }) => [`${page.name}.txt`, names(entries)])),
      'drawn.txt': names(newest),
    });
    const base = { folder, id, record: id, newest: 3, now: () => Date.UTC(2010, 5, 14), look: '', draw };
    return { ...base, fileOf: (page) => `${page}.txt`, ...changed };
  }

  /** Adds entries one after the other, and answers with the names of the pages that the last addition drew. */
  async function addAll(ids: readonly string[], changed: Partial<Addition> = {}): Promise<readonly string[]> {
    let names: readonly string[] = [];
    for (const id of ids) {
      const usual = addition(id, changed);
      const draw: Addition['draw'] = (drawing) => {
        names = drawing.due.map(({ page }) => page.name);
        return usual.draw(drawing);
      };
      expect(await addToStream({ ...usual, draw }, never)).toMatchObject({ kind: 'added' });
    }
    return names;
  }

  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const drawn = () => read('drawn.txt');
  const names = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `entry-${from + index}`);

  it('draws the newest entries, the newest first', async () => {
    for (const id of ['a', 'b', 'c', 'd']) {
      expect(await addToStream(addition(id), never)).toEqual({ kind: 'added', page: '2010-06' });
    }
    expect(await drawn()).toBe('d c b');
    expect(await read('2010-06.txt')).toBe('d c b a');
    expect((await readdir(folder)).sort()).toEqual(['2010-06.txt', 'drawn.txt', 'stream.sqlite']);
  });

  it('drops a second entry of the same id, and draws what a crash has left undrawn', async () => {
    for (const id of ['a', 'b']) await addToStream(addition(id), never);
    await rm(join(folder, 'drawn.txt'));
    await addToStream(addition('a', { record: 'another text' }), never);
    expect(await drawn()).toBe('b a');
  });

  it('gives the stream one id for ever, and every entry its time', async () => {
    const seen: unknown[] = [];
    const draw: Addition['draw'] = ({ streamId, newest }) => {
      seen.push([streamId, newest.map(({ postedAt }) => postedAt)]);
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
    expect(await addToStream(addition('b'), AbortSignal.abort())).toMatchObject({ kind: 'added' });
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
    const ids = names(20);
    const results = await Promise.all(ids.map((id) => addToStream(addition(id, { newest: 100 }), new AbortController().signal)));
    expect(results).toEqual(ids.map(() => ({ kind: 'added', page: '2010-06' })));
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

  describe('keeps an archive, which', () => {
    const july = { now: () => Date.UTC(2010, 6, 1) };

    it('has a page for each month, and draws its neighbour anew when one begins', async () => {
      expect(await addAll(['a', 'b'])).toEqual(['2010-06']);
      expect(await addAll(['c'], july)).toEqual(['2010-07', '2010-06']);
      expect(await addAll(['d'], july)).toEqual(['2010-07']);
      expect([await read('2010-06.txt'), await read('2010-07.txt')]).toEqual(['b a', 'd c']);
    });

    it('names the neighbours of a page', async () => {
      const seen: unknown[] = [];
      const draw: Addition['draw'] = ({ due }) => {
        seen.push(due.map(({ page, newer, older }) => [older?.name, page.name, newer?.name]));
        return {};
      };
      for (const [id, month] of [
        ['a', 4],
        ['b', 5],
        ['c', 6],
      ] as const) {
        await addToStream(addition(id, { draw, now: () => Date.UTC(2010, month, 1) }), never);
      }
      expect(seen.at(-1)).toEqual([
        ['2010-06', '2010-07', undefined],
        ['2010-05', '2010-06', '2010-07'],
        [undefined, '2010-05', '2010-06'],
      ]);
    });

    it('gives a month with many entries several pages, of which a new entry touches the last', async () => {
      await fill(store(), names(399));
      expect(await addAll(['last'])).toEqual(['2010-06-p2', '2010-06']);
      expect(await addAll(['next'])).toEqual(['2010-06-p3', '2010-06-p2']);
      expect(await addAll(['one more'])).toEqual(['2010-06-p3']);
      expect(await read('2010-06-p3.txt')).toBe('one more next');
      expect((await read('2010-06.txt')).split(' ')).toEqual(names(200).reverse());
    });

    it('puts an entry whose clock is behind into the month of its clock', async () => {
      await addAll(['a'], july);
      expect(await addAll(['b'])).toEqual(['2010-06', '2010-07']);
      expect(await read('2010-06.txt')).toBe('b');
    });

    it('is drawn anew in another look, some pages with each addition', async () => {
      for (let month = 0; month < 25; month += 1) await addAll([`old-${month}`], { now: () => Date.UTC(2007, month, 1) });
      expect(await addAll(['a'], { look: 'new' })).toHaveLength(20);
      expect(await addAll(['b'], { look: 'new' })).toHaveLength(7);
      expect(await addAll(['c'], { look: 'new' })).toEqual(['2010-06']);
    });

    it('is made again where its files are gone', async () => {
      await addAll(['a', 'b']);
      await addAll(['c'], july);
      await rm(join(folder, '2010-06.txt'));
      expect(await addAll(['d'], july)).toEqual(['2010-07', '2010-06']);
      expect(await read('2010-06.txt')).toBe('b a');
    });

    it('leaves alone what stays the same', async () => {
      await addAll(['a']);
      const draw: Addition['draw'] = ({ newest }) => ({ 'same.txt': 'same', 'other.txt': newest[0]?.record ?? '' });
      await addAll(['b'], { draw });
      const before = await stat(join(folder, 'same.txt'));
      await addAll(['c'], { draw });
      expect((await stat(join(folder, 'same.txt'))).ino).toBe(before.ino);
      expect(await read('other.txt')).toBe('c');
    });

    it('takes in what version 1.0.0 kept, and what it still adds', async () => {
      await fill(store(), ['a', 'b']);
      expect(await addAll(['c'])).toEqual(['2010-06']);
      await fill(store(), ['d']);
      await addAll(['e']);
      expect([await drawn(), await read('2010-06.txt')]).toEqual(['e d c', 'e d c b a']);
    });

    const store = () => join(folder, 'stream.sqlite');

    /** Adds entries as version 1.0.0 did. */
    async function fill(file: string, ids: readonly string[]): Promise<void> {
      const connection = await openSqliteFile(file, { readOnly: false });
      connection.exec(`
        CREATE TABLE IF NOT EXISTS stream (id TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS entry (
          position INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          posted_at TEXT NOT NULL,
          record TEXT NOT NULL
        );
        BEGIN`);
      for (const id of ids) {
        connection.run("INSERT INTO entry (id, posted_at, record) VALUES (@id, '2010-06-14T00:00:00.000Z', @id)", { id });
      }
      connection.exec('COMMIT');
      connection.close();
    }
  });
});
