import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { DatabaseError } from '../../src/core/database-error';
import type { Parameter, Statement, WritableDatabase } from '../../src/io/database';
import { openSqliteFile } from '../../src/io/sqlite';
import { openForeignStore, openSqliteStore } from '../../src/io/sqlite-store';
import { onPosix } from '../support/program';
import { temporaryFolder } from '../support/sample';

const NEVER = new AbortController().signal;
let folder: string;
let file: string;
let store: WritableDatabase;

beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, 'new folder', 'store.sqlite');
  store = openSqliteStore(file);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const sql = (written: string, parameters: Readonly<Record<string, Parameter>> = {}): Statement => ({ text: written, parameters });
const insert = (id: string) => sql('INSERT INTO [kept] ([id]) VALUES (@id)', { id });
const make = () => store.execute([sql('CREATE TABLE [kept] ([id] TEXT NOT NULL PRIMARY KEY, [n] BIGINT)')], NEVER);
const ids = async (by = store) => (await by.query(sql('SELECT [id] FROM [kept] ORDER BY [id]'), NEVER)).map((row) => row['id']);

async function trouble(promise: Promise<unknown>): Promise<DatabaseError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseError)) throw new Error(`no trouble with the database but ${String(error)}`);
  return error;
}

describe("Somebody else's file", () => {
  const foreign = (path: string) => {
    store.close();
    store = openForeignStore(path);
    return store;
  };

  it('is written, and keeps its log as it is', async () => {
    const path = join(folder, 'crm.sqlite');
    const crm = await openSqliteFile(path, { readOnly: false });
    crm.exec('CREATE TABLE [kept] ([id] TEXT NOT NULL PRIMARY KEY, [n] BIGINT NOT NULL DEFAULT 1)');
    foreign(path);
    expect(await store.execute([insert('a'), insert('b')], NEVER)).toEqual([1, 1]);
    expect(await ids()).toEqual(['a', 'b']);
    expect(crm.all('SELECT id FROM kept')).toHaveLength(2);
    expect(await store.query(sql('PRAGMA journal_mode'), NEVER)).toEqual([{ journal_mode: 'delete' }]);
    expect(readdirSync(folder)).toEqual(['crm.sqlite']);
    expect(await trouble(store.execute([insert('a')], NEVER))).toMatchObject({ problem: 'duplicate' });
    expect(await trouble(store.execute([sql("UPDATE [kept] SET [n] = NULL WHERE [id] = 'a'")], NEVER))).toMatchObject({
      problem: 'refused',
    });
    crm.exec('BEGIN EXCLUSIVE');
    expect(await trouble(store.query(sql('SELECT 1 FROM [kept]'), AbortSignal.timeout(30)))).toMatchObject({ problem: 'busy' });
    crm.close();
  });

  it('is not made where it is missing', async () => {
    foreign(join(folder, 'crm.sqlite'));
    expect(await trouble(store.query(sql('SELECT 1 AS [a]'), NEVER))).toMatchObject({ problem: 'configuration' });
    expect(existsSync(join(folder, 'crm.sqlite'))).toBe(false);
  });
});

describe('A store', () => {
  it('is made at its first use', async () => {
    expect(existsSync(join(folder, 'new folder'))).toBe(false);
    await make();
    expect(existsSync(file)).toBe(true);
    expect(await store.columnsOf(['KEPT', 'other'], NEVER)).toEqual(new Map([['kept', new Set(['id', 'n'])]]));
  });

  it('syncs every commit of its write-ahead log', async () => {
    expect(await store.query(sql('PRAGMA journal_mode'), NEVER)).toMatchObject([{ journal_mode: 'wal' }]);
    expect(await store.query(sql('PRAGMA synchronous'), NEVER)).toMatchObject([{ synchronous: 2 }]);
  });

  onPosix('is for its owner and group alone, whatever the umask (skipped on Windows)', async () => {
    const before = process.umask(0o077);
    try {
      await make();
    } finally {
      process.umask(before);
    }
    const files = readdirSync(join(folder, 'new folder')).sort();
    expect(files).toEqual(['store.sqlite', 'store.sqlite-shm', 'store.sqlite-wal']);
    for (const name of files) expect((statSync(join(folder, 'new folder', name)).mode & 0o777).toString(8)).toBe('660');
  });

  onPosix('leaves the rights of a file that is there (skipped on Windows)', async () => {
    mkdirSync(join(folder, 'new folder'));
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    await make();
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  });

  it('says how many rows each statement of a transaction changed, and shows them to others', async () => {
    await make();
    const all = sql('UPDATE [kept] SET [n] = @n', { n: 3_000_000_000 });
    expect(await store.execute([insert('a'), insert('b'), all], NEVER)).toEqual([1, 1, 2]);
    const other = openSqliteStore(file);
    expect(await other.query(sql('SELECT [id], [n] FROM [kept] ORDER BY [id]'), NEVER)).toMatchObject([
      { id: 'a', n: 3_000_000_000 },
      { id: 'b', n: 3_000_000_000 },
    ]);
    other.close();
  });

  it('commits what is asked for at the same moment at once', async () => {
    await make();
    await store.query(sql('PRAGMA wal_checkpoint(TRUNCATE)'), NEVER);
    const size = () => statSync(`${file}-wal`).size;
    await store.execute([insert('alone')], NEVER);
    const one = size();
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => store.execute([insert(id)], NEVER)));
    expect(await ids()).toEqual(['a', 'alone', 'b', 'c', 'd']);
    // Each commit writes whole pages to the log, and these rows are on the same ones.
    expect(size()).toBeLessThanOrEqual(2 * one);
  });

  it('undoes one that fails, and commits those that were asked for at the same moment', async () => {
    await make();
    const works = [[insert('a')], [insert('b'), insert('a')], [insert('c')], [sql('INSERT INTO [other] ([id]) VALUES (1)')]];
    const settled = await Promise.allSettled(works.map((statements) => store.execute(statements, NEVER)));
    expect(settled).toMatchObject([
      { status: 'fulfilled', value: [1] },
      { status: 'rejected', reason: { problem: 'duplicate' } },
      { status: 'fulfilled', value: [1] },
      { status: 'rejected', reason: { problem: 'configuration' } },
    ]);
    expect(await ids()).toEqual(['a', 'c']);
  });

  it('gives at most as many rows as are wanted', async () => {
    await make();
    await store.execute(['a', 'b', 'c'].map(insert), NEVER);
    expect(await store.query({ ...sql('SELECT [id] FROM [kept] ORDER BY [id]'), most: 2 }, NEVER)).toHaveLength(2);
  });

  // A page that was split may keep a copy: whoever has to be sure rewrites the whole file.
  it('overwrites in its file what is emptied', async () => {
    await store.execute([sql('CREATE TABLE [kept] ([id] TEXT NOT NULL PRIMARY KEY, [words] TEXT)')], NEVER);
    const insertWords = 'INSERT INTO [kept] ([id], [words]) VALUES (@id, @words)';
    const words = ['private words', 'private words '.repeat(1_000)];
    await store.execute(
      words.map((each, n) => sql(insertWords, { id: `${n}`, words: each })),
      NEVER,
    );
    await store.execute([sql("UPDATE [kept] SET [words] = ''")], NEVER);
    await store.query(sql('PRAGMA wal_checkpoint(TRUNCATE)'), NEVER);
    const bytes = [file, `${file}-wal`].map((each) => readFileSync(each).toString('latin1')).join('');
    expect([bytes.includes('kept'), bytes.includes('private')]).toEqual([true, false]);
  });

  it('keeps nothing of a transaction that fails', async () => {
    await make();
    await store.execute([insert('a')], NEVER);
    expect(await trouble(store.execute([insert('b'), insert('a')], NEVER))).toMatchObject({ problem: 'duplicate' });
    expect(await trouble(store.execute([insert('c'), sql('UPDATE [none] SET [id] = 1')], NEVER))).toMatchObject({
      problem: 'configuration',
    });
    expect(await ids()).toEqual(['a']);
  });

  it('waits for a lock without blocking the process, until the signal is aborted', async () => {
    await make();
    const other = await openSqliteFile(file, { readOnly: false });
    other.exec('BEGIN IMMEDIATE');
    expect(await ids()).toEqual([]);
    expect(await trouble(store.execute([insert('a')], AbortSignal.timeout(80)))).toMatchObject({ problem: 'busy' });
    const waiting = store.execute([insert('b')], NEVER);
    await new Promise((done) => setTimeout(done, 50));
    other.exec('COMMIT');
    other.close();
    expect(await waiting).toEqual([1]);
    expect(await ids()).toEqual(['b']);
  });

  it('is asked once even if the signal is aborted already', async () => {
    await make();
    expect(await store.execute([insert('a')], AbortSignal.abort())).toEqual([1]);
  });

  it('lets many transactions of several handles take turns', async () => {
    await make();
    const handles = Array.from({ length: 10 }, () => openSqliteStore(file));
    const names = Array.from({ length: 100 }, (_, n) => `row ${String(n).padStart(2, '0')}`);
    await Promise.all(names.map((name, n) => (handles[n % 10] ?? store).execute([insert(name)], AbortSignal.timeout(20_000))));
    expect(await ids()).toEqual(names);
    for (const handle of handles) handle.close();
  });

  it.each([
    '\\\\server\\share\\store.sqlite',
    '//server/share/store.sqlite',
    '\\\\?\\UNC\\server\\share\\store.sqlite',
    '\\/server/share',
  ])('refuses the network path %s', async (path) => {
    const remote = openSqliteStore(path);
    expect(await trouble(remote.query(sql('SELECT 1 AS [a]'), NEVER))).toMatchObject({
      problem: 'configuration',
      message: expect.stringMatching(/network share, where the write-ahead log of SQLite fails/) as unknown,
    });
  });

  it.each<[string, string | Buffer]>([
    ['no database', 'this is not a database'.repeat(100)],
    ['damaged', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4_080, 0x5a)])],
  ])('refuses a file that is %s', async (_, contents) => {
    mkdirSync(join(folder, 'new folder'));
    writeFileSync(file, contents);
    expect(await trouble(make())).toMatchObject({ problem: 'configuration' });
  });

  it('refuses a folder in the place of its file, and a file in the place of its folder', async () => {
    mkdirSync(file, { recursive: true });
    expect(await trouble(make())).toMatchObject({ problem: 'not-writable' });
    rmSync(join(folder, 'new folder'), { recursive: true });
    writeFileSync(join(folder, 'new folder'), '');
    expect(await trouble(make())).toMatchObject({ problem: 'not-writable' });
  });

  it('opens what could not be opened before once it can be', async () => {
    mkdirSync(file, { recursive: true });
    await trouble(make());
    rmSync(file, { recursive: true });
    await make();
    expect(await ids()).toEqual([]);
  });

  it('can be closed whether it was used or not, and twice', async () => {
    openSqliteStore(file).close();
    await make();
    store.close();
    expect(() => store.close()).not.toThrow();
  });
});

// In a process of another user, because the tests of a build run as one who may do anything.
const roots = process.getuid?.() === 0 ? it : it.skip;

describe('A store without the rights (skipped where the tests do not run as root)', () => {
  const program = join(temporaryFolder(), 'ledger-child.cjs');

  beforeAll(async () => {
    const root = resolve(__dirname, '..', '..');
    const entryPoints = [join(root, 'tests', 'support', 'ledger-child.ts')];
    await build({ entryPoints, bundle: true, platform: 'node', packages: 'external', outfile: program });
    symlinkSync(join(root, 'node_modules'), join(program, '..', 'node_modules'), 'junction');
    chmodSync(join(program, '..'), 0o755);
  });

  afterAll(() => rmSync(join(program, '..'), { recursive: true, force: true }));

  const NOBODY = 65534;
  const asNobody = (path: string) => {
    const child = spawn(process.execPath, [program, 'claim', path, 'nobody'], {
      uid: NOBODY,
      gid: NOBODY,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return text(child.stdout);
  };

  roots.each<[string, (path: string) => void]>([
    ['to make the folder', () => chmodSync(folder, 0o755)],
    [
      'to write into the folder',
      () => {
        chmodSync(folder, 0o755);
        mkdirSync(join(folder, 'new folder'), { mode: 0o755 });
      },
    ],
    [
      'to open the file',
      (path) => {
        chmodSync(folder, 0o755);
        mkdirSync(join(folder, 'new folder'), { mode: 0o777 });
        writeFileSync(path, '', { mode: 0o600 });
      },
    ],
    [
      'to write the file',
      (path) => {
        chmodSync(folder, 0o755);
        mkdirSync(join(folder, 'new folder'), { mode: 0o777 });
        writeFileSync(path, '', { mode: 0o644 });
      },
    ],
  ])('%s is not writable', async (_, arrange) => {
    arrange(file);
    expect(await asNobody(file)).toMatch(/^not-writable: the database .*store\.sqlite answered: /);
  });

  roots('that can be read but not written beside is not writable', async () => {
    await make();
    store.close();
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'new folder'), 0o555);
    chmodSync(file, 0o666);
    expect(await asNobody(file)).toMatch(/^not-writable: /);
  });
});
