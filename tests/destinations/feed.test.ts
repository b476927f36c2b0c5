import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDeadline } from '../../src/core/deadline';
import type { Outcome } from '../../src/core/outcome';
import { feed } from '../../src/destinations/feed/index';
import type { Tools } from '../../src/destinations/destination';
import { openSqliteFile } from '../../src/io/sqlite';
import { problemsOf } from '../support/activity-streams';
import { optionsOf } from '../support/destination';
import { delivery, feedTools, newFolder } from '../support/feed';
import { feedProcesses } from '../support/feed-processes';
import { describeTexts } from './texts';

const parent = newFolder();
const folder = () => join(parent, expect.getState().currentTestName?.replace(/\W+/g, '-') ?? '');
const optionsWith = (changed = {}) => optionsOf(feed, { folder: folder(), ...changed });

afterAll(() => rm(parent, { recursive: true, force: true }));

async function send(n: number, changed = {}, tools: Tools = feedTools(JULY), totalMs = 10_000, message = {}): Promise<Outcome> {
  const deadline = startDeadline(totalMs, () => 0);
  const options = optionsWith(changed);
  try {
    return await feed.send(feed.encode(delivery(n, message), options), options, tools, deadline);
  } finally {
    deadline.end();
  }
}

const JULY = Date.UTC(2010, 6, 1);
const read = (name: string, from = folder()) => readFile(join(from, name), 'utf8');

describe('feed', () => {
  describeTexts(feed, optionsWith);

  it('makes the folder, and shows the post in the page and in the feed', async () => {
    const outcome = await send(1);
    const id = delivery(1).id;
    expect(outcome).toEqual({
      kind: 'delivered',
      receipt: {
        id: 'urn:uuid:6b86b273-ff34-fce1-9d6b-804eff5a3f57',
        permalink: expect.stringMatching(`^file:.*/2010-07\\.html#post-${id}$`) as string,
      },
    });
    const permalink = outcome.kind === 'delivered' ? outcome.receipt.permalink : undefined;
    expect(await readFile(fileURLToPath(permalink?.replace(/#.*/, '') ?? ''), 'utf8')).toContain(`id="post-${id}"`);
    expect(await read('feed.atom')).toContain('<id>urn:uuid:6b86b273-ff34-fce1-9d6b-804eff5a3f57</id>');
    expect(problemsOf(await read('stream.json'))).toEqual([]);
    expect(problemsOf(await read('2010-07.json'))).toEqual([]);
    expect((await readdir(folder())).sort()).toEqual([
      '2010-07.html',
      '2010-07.json',
      'feed.atom',
      'index.html',
      'stream.css',
      'stream.js',
      'stream.json',
      'stream.sqlite',
    ]);
  });

  it('gives the public address as the permalink where it is known', async () => {
    const outcome = await send(1, { link: 'https://crm.example.com/stream' });
    expect(outcome).toMatchObject({
      receipt: { permalink: `https://crm.example.com/stream/2010-07.html#post-${delivery(1).id}` },
    });
  });

  it('changes nothing when a post comes again', async () => {
    await send(1);
    await send(2);
    const before = [await read('index.html'), await read('feed.atom')];
    expect(await send(1)).toMatchObject({ kind: 'delivered' });
    expect([await read('index.html'), await read('feed.atom')]).toEqual(before);
  });

  it('keeps the feed id, and shows as many posts as it is told to', async () => {
    await send(1, { keep: 2 });
    const id = /<id>[^<]*<\/id>/.exec(await read('feed.atom'))?.[0] ?? 'none';
    await send(2, { keep: 2 });
    await send(3, { keep: 2 });
    const atom = await read('feed.atom');
    expect(atom).toContain(id);
    expect(atom.match(/number \d/g)).toEqual(['number 3', 'number 2']);
    expect((await read('index.html')).match(/number \d/g)).toEqual(['number 3', 'number 2']);
    await send(4, { keep: 200 });
    expect((await read('index.html')).match(/number \d/g)).toEqual(['number 4', 'number 3', 'number 2', 'number 1']);
  });

  it('shows every post for ever, by month', async () => {
    const july = Array.from({ length: 3 }, (_, index) => index + 1);
    for (const n of july) await send(n, { keep: 2 });
    await send(4, { keep: 2 }, feedTools(Date.UTC(2010, 7, 1)));
    expect((await read('index.html')).match(/number \d/g)).toEqual(['number 4', 'number 3']);
    expect(await read('index.html')).toContain(`<a class="step next" rel="next" href="2010-07.html#post-${delivery(3).id}">`);
    expect((await read('2010-07.html')).match(/number \d/g)).toEqual(['number 3', 'number 2', 'number 1']);
    expect(await read('2010-07.html')).toContain('<a class="step prev" rel="prev" href="2010-08.html">August 2010</a>');
    expect(await read('2010-08.html')).toContain('<a class="step next" rel="next" href="2010-07.html">July 2010</a>');
  });

  it('has on the first page and in the feed what was posted last; in a page all stand by when it happened', async () => {
    for (const [index, wallClock] of ['2010-06-14', '2010-06-16', '2010-05-02'].entries()) {
      await send(index + 1, { keep: 2 }, feedTools(JULY + index), 10_000, {
        happened: { wallClock: `${wallClock}T09:00:00`, timeZone: 'UTC' },
      });
    }
    const numbers = async (file: string) => (await read(file)).match(/"name":"[^"]*number \d|<(title|h3)[^>]*>[^<]*number \d/g);
    const orderOf = async (file: string) => (await numbers(file))?.map((text) => text.slice(-1)).join('');
    expect([await orderOf('index.html'), await orderOf('2010-07.html')]).toEqual(['23', '213']);
    expect([await orderOf('feed.atom'), await orderOf('stream.json'), await orderOf('2010-07.json')]).toEqual([
      '32',
      '32',
      '321',
    ]);
    expect(await read('index.html')).toContain(`rel="next" href="2010-07.html#post-${delivery(2).id}"`);
  });

  it('draws the pages anew that another version of the program drew', async () => {
    const august = Date.UTC(2010, 7, 1);
    const older = { ...feedTools(august), version: '1.2.2' };
    await send(1, {}, { ...older, now: () => JULY });
    await send(2, {}, older);
    await writeFile(join(folder(), '2010-07.html'), 'in the order of then');
    await send(3, {}, older);
    expect(await read('2010-07.html')).toBe('in the order of then');
    await send(4, {}, feedTools(august));
    expect((await read('2010-07.html')).match(/number \d/g)).toEqual(['number 1']);
  });

  it('shows what version 1.0.0 kept beside what it keeps now', async () => {
    await mkdir(folder());
    const connection = await openSqliteFile(join(folder(), 'stream.sqlite'), { readOnly: false });
    connection.exec(`
      CREATE TABLE stream (id TEXT NOT NULL);
      INSERT INTO stream VALUES ('0b5d7f0a-2f0e-4f5e-9a39-3f1f0a5a9d11');
      CREATE TABLE entry (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, posted_at TEXT NOT NULL, record TEXT NOT NULL);`);
    const old = {
      id: delivery(1).id,
      title: 'Close for Jürg Ammann, number 1',
      body: 'Case Title: Freezer',
      url: '',
      tags: [],
      objectType: 'case',
      objectId: '4712',
      activity: 'Close',
      actor: 'Pat Morales',
      happenedAt: '2010-05-14T14:12:00Z',
    };
    connection.run("INSERT INTO entry (id, posted_at, record) VALUES (@id, '2010-05-14T14:13:00.000Z', @record)", {
      id: old.id,
      record: JSON.stringify(old),
    });
    connection.close();
    await send(2);
    for (const file of ['index.html', 'feed.atom']) {
      expect((await read(file)).match(/number \d/g)).toEqual(['number 2', 'number 1']);
    }
    expect(await read('feed.atom')).toContain('<id>urn:uuid:0b5d7f0a-2f0e-4f5e-9a39-3f1f0a5a9d11</id>');
    expect(await read('2010-05.html')).toContain('<span dir="auto">Case 4712</span>');
    expect(problemsOf(await read('2010-05.json'))).toEqual([]);
  });

  it('previews the entry and touches nothing', async () => {
    const options = optionsWith({ folder: join(parent, 'previewed') });
    const preview = feed.preview(feed.encode(delivery(1), options), options);
    expect(preview.line).toBe(`WRITE ${join(parent, 'previewed', 'index.html')} and feed.atom beside it, with the new entry`);
    expect(preview.body).toContain('<title type="text">Created Case for Nora O&#39;Dell at Calder, number 1</title>');
    expect(await readdir(parent)).not.toContain('previewed');
  });

  it('asks to be tried again where the folder cannot be made', async () => {
    const file = join(parent, 'a-file');
    await writeFile(file, '');
    for (const place of [file, join(file, 'below')]) {
      expect(await send(1, { folder: place })).toEqual({
        kind: 'retry',
        reason: expect.stringContaining(`${place} cannot be written: `) as string,
      });
    }
  });

  const rightsCount = process.platform !== 'win32' && process.getuid?.() !== 0;
  (rightsCount ? it : it.skip)(
    'asks to be tried again where it has no right to write (skipped for root and on Windows)',
    async () => {
      await send(1);
      await chmod(folder(), 0o555);
      expect(await send(2)).toMatchObject({ kind: 'retry' });
      await chmod(folder(), 0o755);
    },
  );

  it('asks to be tried again when others keep the lock past the deadline', async () => {
    await send(1);
    const before = await read('index.html');
    const other = await openSqliteFile(join(folder(), 'stream.sqlite'), { readOnly: false });
    other.exec('BEGIN EXCLUSIVE');
    expect(await send(2, {}, feedTools(JULY), 100)).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('other processes') as string,
    });
    other.close();
    expect(await read('index.html')).toBe(before);
    expect(await send(2)).toMatchObject({ kind: 'delivered' });
  });

  it.each([
    ['record', 'no JSON'],
    ['record', '{"id":"x"}'],
    ['posted_at', '2010-07-soon'],
  ])('leaves out an entry whose %s is damaged, says so, and draws the others', async (column, value) => {
    await send(1);
    await send(2);
    const store = await openSqliteFile(join(folder(), 'stream.sqlite'), { readOnly: false });
    store.run(`UPDATE entry SET ${column} = @value WHERE position = 1`, { value });
    store.close();
    expect(await send(3)).toMatchObject({
      kind: 'delivered',
      reason: expect.stringMatching(/cannot be read, and are left out of 2010-07/) as string,
    });
    const page = await read('index.html');
    expect([1, 2, 3].map((n) => page.includes(`number ${n}`))).toEqual([false, true, true]);
  });

  it('does not wait for a folder that hangs, and cannot say whether the post is there', async () => {
    const hanging: Tools = { ...feedTools(JULY), streamFolder: () => Promise.resolve(() => new Promise(() => undefined)) };
    expect(await send(1, {}, hanging, 50)).toMatchObject({ kind: 'unknown' });
  });
});

describe('feed, from many processes', () => {
  const start = feedProcesses();

  it('goes on after a process that was killed with the lock in its hand', async () => {
    await send(1);
    const child = start('hold', folder());
    if (child.stdout !== null) await once(child.stdout, 'data');
    expect(await send(2, {}, feedTools(JULY), 100)).toMatchObject({ kind: 'retry' });
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await send(2)).toMatchObject({ kind: 'delivered' });
    expect((await read('index.html')).match(/number \d/g)).toEqual(['number 2', 'number 1']);
  }, 60_000);
});
