import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import sql from 'mssql';
import { startTdsServer, type TdsServer } from './tds-server';

// The driver is asked directly, because these tests are about what it hears from the stand-in.

const folder = mkdtempSync(join(tmpdir(), 'publish-activity-'));
const databaseFile = join(folder, 'crm.sqlite');
let server: TdsServer;
let pool: sql.ConnectionPool;

async function connect(writable: boolean): Promise<void> {
  server = await startTdsServer({ databaseFile, writable });
  pool = new sql.ConnectionPool({
    server: 'localhost',
    port: server.port,
    user: 'u',
    password: 'p',
    options: { encrypt: false },
  });
  await pool.connect();
}

beforeAll(() => {
  const file = new DatabaseSync(databaseFile);
  file.exec(
    "CREATE TABLE [table_site] ([objid] INTEGER PRIMARY KEY, [name] TEXT NOT NULL); INSERT INTO [table_site] VALUES (1, 'LIMIT 1 || 2')",
  );
  file.close();
});

afterEach(async () => {
  await pool.close();
  await server.close();
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the stand-in', () => {
  it.each<[string, number, string]>([
    ['SELECT [name] FROM [table_site] LIMIT 1', 102, "Incorrect syntax near 'LIMIT'."],
    ["SELECT [name] || 'x' FROM [table_site]", 102, "Incorrect syntax near '|'."],
    ["INSERT INTO [table_site] VALUES (1, 'x') ON CONFLICT DO NOTHING", 102, "Incorrect syntax near 'CONFLICT'."],
    ["INSERT OR IGNORE INTO [table_site] VALUES (1, 'x')", 156, "Incorrect syntax near the keyword 'OR'."],
    ["INSERT INTO [table_site] VALUES (2, 'x') RETURNING [objid]", 102, "Incorrect syntax near 'RETURNING'."],
    ["SELECT datetime('now')", 195, "'datetime' is not a recognized built-in function name."],
    ['SELECT IFNULL([name], 1) FROM [table_site]', 195, "'IFNULL' is not a recognized built-in function name."],
    ['SELECT [nmae] FROM [table_site]', 207, "Invalid column name 'nmae'."],
    ['SELECT s.[nmae] FROM [table_site] s', 207, "Invalid column name 'nmae'."],
    ['SELECT [name] FROM [table_sites]', 208, "Invalid object name 'table_sites'."],
    ['SELECT a.[name], [objid] FROM [table_site] a JOIN [table_site] b ON 1 = 1', 209, "Ambiguous column name 'objid'."],
    ['SELECT [name] FROM [table_site] WHERE [objid] = @objid', 137, 'Must declare the scalar variable "@objid".'],
    ['SELEC 1', 102, "Incorrect syntax near 'SELEC'."],
    ["UPDATE [table_site] SET [name] = 'x'", 229, 'The UPDATE permission was denied.'],
  ])('refuses %s as SQL Server does', async (text, number, message) => {
    await connect(false);
    await expect(pool.request().query(text)).rejects.toMatchObject({ number, message });
  });

  it('takes what only looks like a foreign dialect', async () => {
    await connect(false);
    const text =
      "SELECT [name] AS [limit], 'RETURNING || datetime(' AS [x] FROM [table_site] WHERE [name] = 'LIMIT 1 || 2' -- LIMIT";
    const { recordset } = await pool.request().query<unknown>(text);
    expect([...recordset]).toEqual([{ limit: 'LIMIT 1 || 2', x: 'RETURNING || datetime(' }]);
  });

  it('writes where it may, and says how many rows', async () => {
    await connect(true);
    await pool.request().query('CREATE TABLE [ledger] ([id] NVARCHAR(32) NOT NULL PRIMARY KEY, [started] INT)');
    const insert = () => pool.request().input('id', 'a').query('INSERT INTO [ledger] ([id], [started]) VALUES (@id, 0)');
    expect((await insert()).rowsAffected).toEqual([1]);
    await expect(insert()).rejects.toMatchObject({ number: 2627 });
    const { rowsAffected } = await pool.request().query('UPDATE [ledger] SET [started] = [started] + 1 WHERE [started] = 0');
    expect(rowsAffected).toEqual([1]);
    const { recordset } = await pool.request().query<unknown>('SELECT [id], [started] FROM [ledger]');
    expect([...recordset]).toEqual([{ id: 'a', started: 1 }]);
  });

  it('answers late when told to', async () => {
    await connect(false);
    server.faults.delayMs = 200;
    const start = performance.now();
    await pool.request().query('SELECT 1 AS [a]');
    expect(performance.now() - start).toBeGreaterThan(190);
  });
});
