import { setMaxListeners } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError } from '../../src/core/database-error';
import { Secret } from '../../src/core/secret';
import type { Parameter, Statement, WritableDatabase } from '../../src/io/database';
import { openSqlServer } from '../../src/io/sql-server';
import { asTransaction } from '../../src/io/sql-server-transaction';
import { temporaryFolder } from '../support/sample';
import { startTdsServer, type TdsServer } from '../support/tds-server';

const NEVER = new AbortController().signal;
// Every call that waits listens to it.
setMaxListeners(0, NEVER);
let folder: string;
let server: TdsServer;
let databases: WritableDatabase[];
let database: WritableDatabase;

const sql = (text: string, parameters: Readonly<Record<string, Parameter>> = {}): Statement => ({ text, parameters });
const insert = (id: string, n = 0) => sql('INSERT INTO [kept] ([id], [n]) SELECT @id, @n', { id, n });
const rows = () => database.query(sql('SELECT [id], [n] FROM [kept] ORDER BY [id]'), NEVER);

function connect(): WritableDatabase {
  const login = { database: 'activity', user: 'publisher', password: new Secret('pw') };
  const encryption = { encrypt: false, trustServerCertificate: false };
  const opened = openSqlServer({ server: 'localhost', port: server.port, ...login, ...encryption });
  databases.push(opened);
  return opened;
}

async function trouble(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof DatabaseError ? error : new Error(`no trouble with the database but ${String(error)}`);
}

beforeEach(async () => {
  folder = temporaryFolder();
  const databaseFile = join(folder, 'server.sqlite');
  writeFileSync(databaseFile, '');
  server = await startTdsServer({ databaseFile, writable: true });
  databases = [];
  database = connect();
  await database.execute([sql('CREATE TABLE [kept] ([id] NVARCHAR(32) NOT NULL PRIMARY KEY, [n] BIGINT NOT NULL)')], NEVER);
});

afterEach(async () => {
  for (const opened of databases) opened.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('A transaction', () => {
  it('is one batch', () => {
    const statements = [
      sql('UPDATE [kept] SET [n] = @n WHERE [id] = @id', { n: 1, id: 'a' }),
      sql('UPDATE [kept] SET [n] = @n WHERE [id] = @id', { n: 1, id: 'b' }),
      sql('DELETE FROM [kept] WHERE [id] = @id', { id: 'a' }),
    ];
    expect(asTransaction(statements)).toEqual({
      text: `SET NOCOUNT ON; SET XACT_ABORT ON; SET LOCK_TIMEOUT 1000;
DECLARE @rows0 INT, @rows1 INT, @rows2 INT;
BEGIN TRANSACTION;
UPDATE [kept] SET [n] = @n WHERE [id] = @id;
SET @rows0 = @@ROWCOUNT;
UPDATE [kept] SET [n] = @n WHERE [id] = @id_2;
SET @rows1 = @@ROWCOUNT;
DELETE FROM [kept] WHERE [id] = @id;
SET @rows2 = @@ROWCOUNT;
COMMIT TRANSACTION;
SELECT @rows0 AS [rows0], @rows1 AS [rows1], @rows2 AS [rows2]`,
      parameters: { n: 1, id: 'a', id_2: 'b' },
    });
  });

  it('is one round trip, and says how many rows each statement changed', async () => {
    const before = server.queries.length;
    const all = sql('UPDATE [kept] SET [n] = [n] + 1');
    expect(await database.execute([insert('a'), insert('b', 3_000_000_000), all, insert('c')], NEVER)).toEqual([1, 1, 2, 1]);
    expect(server.queries.length).toBe(before + 1);
    expect(await rows()).toEqual([
      { id: 'a', n: '1' },
      { id: 'b', n: '3000000001' },
      { id: 'c', n: '0' },
    ]);
  });

  it('keeps nothing where a unique key clashes', async () => {
    await database.execute([insert('a')], NEVER);
    expect(await trouble(database.execute([insert('b'), insert('a')], NEVER))).toMatchObject({ problem: 'duplicate' });
    expect(await rows()).toHaveLength(1);
    expect(await database.execute([insert('b')], NEVER)).toEqual([1]);
    expect(server.connections).toBe(1);
  });

  it.each([
    [1105, 'not-writable'],
    [9002, 'not-writable'],
    [3906, 'not-writable'],
    [262, 'configuration'],
    [208, 'configuration'],
  ])('reports error %i as %s', async (queryError, problem) => {
    server.faults.queryError = queryError;
    expect(await trouble(database.execute([insert('a')], NEVER))).toMatchObject({ problem });
  });

  it.each([1205, 1222])('is tried again after error %i, until the signal is aborted', async (queryError) => {
    server.faults.queryError = queryError;
    const { problem } = (await trouble(database.execute([insert('a')], AbortSignal.timeout(200)))) as DatabaseError;
    // Of a try that was under way at the end nobody knows what it came to.
    expect(['busy', 'uncertain']).toContain(problem);
    expect(server.queries.length).toBeGreaterThan(3);
    const waiting = database.execute([insert('b')], NEVER);
    setTimeout(() => (server.faults.queryError = undefined), 100);
    expect(await waiting).toEqual([1]);
    expect(await rows()).toMatchObject([{ id: 'b' }]);
  });

  it('that only reads is tried a few times', async () => {
    server.faults.queryError = 1205;
    const before = server.queries.length;
    expect(await trouble(rows())).toMatchObject({ problem: 'busy' });
    expect(server.queries.length - before).toBe(3);
  });

  it('runs from several connections at once', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `row ${String(n).padStart(2, '0')}`);
    const sides = [database, connect(), connect(), connect()];
    await Promise.all(names.map((name, n) => (sides[n % 4] ?? database).execute([insert(name)], NEVER)));
    expect((await rows()).map((row) => row['id'])).toEqual(names);
    expect(server.connections).toBe(4);
  });

  it('that is cut off before its answer is uncertain', async () => {
    await rows();
    server.faults.hang = 'query';
    expect(await trouble(database.execute([insert('a')], AbortSignal.timeout(100)))).toMatchObject({ problem: 'uncertain' });
  });
});

describe('A transaction of a connection whose login is not through', () => {
  it.each(['prelogin', 'login'] as const)('is not uncertain, because nothing was asked: %s', async (phase) => {
    server.faults.hang = phase;
    const fresh = connect();
    expect(await trouble(fresh.execute([insert('a')], AbortSignal.timeout(200)))).toMatchObject({ problem: 'unavailable' });
    server.faults.hang = undefined;
    server.faults.cut = phase;
    expect(await trouble(fresh.execute([insert('a')], NEVER))).toMatchObject({ problem: 'unavailable' });
  });
});

describe('A query', () => {
  it('gives at most as many rows as are wanted', async () => {
    await database.execute([insert('a'), insert('b'), insert('c')], NEVER);
    const found = await database.query({ ...sql('SELECT [id] FROM [kept] ORDER BY [id]'), most: 2 }, NEVER);
    expect(found).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(server.queries.at(-1)?.text).toBe('SELECT TOP (2) [id] FROM [kept] ORDER BY [id]');
  });

  it('takes whole numbers beyond 32 bits exactly, and others as they are', async () => {
    const values = { a: 2 ** 31, b: -(2 ** 53 - 1), c: 1.5, d: 2 ** 31 - 1 };
    const [row] = await database.query(sql('SELECT @a AS [a], @b AS [b], @c AS [c], @d AS [d]', values), NEVER);
    expect(row).toEqual({ a: '2147483648', b: '-9007199254740991', c: 1.5, d: 2_147_483_647 });
  });
});
