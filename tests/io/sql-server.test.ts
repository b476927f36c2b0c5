import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DatabaseSync } from '@photostructure/sqlite';
import { Secret } from '../../src/core/secret';
import type { Database, Parameter, Row } from '../../src/io/database';
import { DatabaseError, type DatabaseProblem } from '../../src/core/database-error';
import { openSqlServer } from '../../src/io/sql-server';
import type { SqlServerSettings } from '../../src/io/sql-server-settings';
import { BUSY_MS, until } from '../support/busy';
import { startTdsServer, type TdsFaults, type TdsServer, type TdsServerOptions } from '../support/tds-server';
import { authority, certificate } from '../support/tls/certificates';

const PASSWORD = 'pÄss;word}{ 7';
const PROJECT = resolve(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'publish-activity-'));
const databaseFile = join(folder, 'crm.sqlite');

jest.setTimeout(20_000);

let server: TdsServer | undefined;
let database: Database | undefined;

beforeAll(() => {
  const file = new DatabaseSync(databaseFile);
  file.exec(`
    CREATE TABLE [table_case] ([objid] INTEGER, [title] VARCHAR(80), [creation_time] DATETIME, [hours] FLOAT, [open] BIT, [image] BLOB, [x_Site] TEXT);
    INSERT INTO [table_case] VALUES (268435457, 'Grüße, 你好 😀', '2010-06-14T09:12:00', 1.5, 1, x'00ff', ''),
                                    (-2147483648, 'O''Brien <&> ]]>', '1753-01-01T00:00:00.003', -0.25, 0, x'', 'x'),
                                    (0, NULL, NULL, NULL, NULL, NULL, NULL)`);
  file.close();
});

afterEach(async () => {
  database?.close();
  await server?.close();
  database = server = undefined;
});

afterAll(() => rmSync(folder, { recursive: true }));

async function start(options: Partial<TdsServerOptions> = {}): Promise<TdsServer> {
  server = await startTdsServer({
    databaseFile,
    login: { user: 'stream_reader', password: PASSWORD },
    database: 'clarify',
    ...options,
  });
  return server;
}

function settingsFor(port: number, changes: Partial<SqlServerSettings> = {}): SqlServerSettings {
  const login = { database: 'clarify', user: 'stream_reader', password: new Secret(PASSWORD) };
  return { server: 'localhost', port, ...login, encrypt: false, trustServerCertificate: false, ...changes };
}

function open(port: number, changes: Partial<SqlServerSettings> = {}): Database {
  database = openSqlServer(settingsFor(port, changes));
  return database;
}

function ask(
  text: string,
  parameters: Record<string, Parameter> = {},
  signal = AbortSignal.timeout(20_000),
): Promise<readonly Row[]> {
  if (database === undefined) throw new Error('no database is open');
  return database.query({ text, parameters }, signal);
}

/** The error that a query ends with, which in no case holds the password. */
async function trouble(query: Promise<unknown>): Promise<DatabaseError> {
  const error = await query.then(
    () => new Error('the query succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseError);
  expect(String((error as Error).stack)).not.toContain(PASSWORD);
  return error as DatabaseError;
}

const ALL_COLUMNS =
  'SELECT [objid], [title], [creation_time], [hours], [open], [image], [x_Site] FROM [table_case] WHERE [objid] = @objid';

describe('values', () => {
  it.each([
    [
      268435457,
      { title: 'Grüße, 你好 😀', creation_time: '2010-06-14T09:12:00', hours: 1.5, open: 1, image: '0x00ff', x_Site: '' },
    ],
    [
      -2147483648,
      { title: "O'Brien <&> ]]>", creation_time: '1753-01-01T00:00:00.003', hours: -0.25, open: 0, image: '0x', x_Site: 'x' },
    ],
    [0, { title: null, creation_time: null, hours: null, open: null, image: null, x_Site: null }],
  ])('come back as plain values from row %d', async (objid, expected) => {
    open((await start()).port);
    expect(await ask(ALL_COLUMNS, { objid })).toEqual([{ objid, ...expected }]);
  });

  it('sends no more of a text than is asked for', async () => {
    const standIn = await start();
    open(standIn.port, { mostTextBytes: 10 });
    expect(await ask('SELECT title FROM table_case WHERE objid = 268435457')).toEqual([{ title: 'Grüße' }]);
  });

  it('come back as text where they are too large for a number', async () => {
    open((await start()).port);
    expect(await ask('SELECT 268435457 * 268435457 AS [large], COUNT(*) AS [count] FROM [table_case]')).toEqual([
      { large: '72057594574798849', count: 3 },
    ]);
  });

  it('fill many packets', async () => {
    open((await start()).port);
    const title = 'ä😀'.repeat(5000);
    expect(await ask('SELECT @title AS [title], @title AS [again]', { title })).toEqual([{ title, again: title }]);
  });

  it.each<Parameter>([
    "'; DROP TABLE table_case --",
    "' OR 1=1 --",
    '%',
    '',
    ' ',
    '@objid',
    'Grüße 😀',
    'a'.repeat(4001),
    0,
    -1,
    2147483647,
    0.5,
    2 ** 31 + 0.5,
  ])('are bound and never part of the text: %j', async (value) => {
    const { port, queries } = await start();
    open(port);
    const text = 'SELECT @value AS [value]';
    expect(await ask(text, { value })).toEqual([{ value }]);
    expect(queries).toEqual([{ text, parameters: { value } }]);
  });
});

describe('columnsOf', () => {
  it('gives the lower-case names of the columns of tables in one round trip, and nothing for a table that is not there', async () => {
    const { port, queries } = await start();
    const sql = open(port);
    const signal = AbortSignal.timeout(20_000);
    const columns = new Set(['objid', 'title', 'creation_time', 'hours', 'open', 'image', 'x_site']);
    expect(await sql.columnsOf(['TABLE_case', 'table_none'], signal)).toEqual(new Map([['table_case', columns]]));
    expect(queries.map(({ parameters }) => parameters)).toEqual([{ table0: 'TABLE_case', table1: 'table_none' }]);
  });
});

describe('the connection', () => {
  it('is opened at the first query, logs in once and serves all queries', async () => {
    const standIn = await start();
    open(standIn.port);
    expect(standIn.connections).toBe(0);
    await Promise.all([ask('SELECT 1 AS [a]'), ask('SELECT 2 AS [a]')]);
    await ask('SELECT 3 AS [a]');
    expect(standIn.connections).toBe(1);
    expect(standIn.logins).toEqual([
      { user: 'stream_reader', password: PASSWORD, database: 'clarify', appName: 'publish-activity', encrypted: false },
    ]);
    expect(standIn.queries).toHaveLength(3);
  });

  it('is opened anew after the server died between two queries', async () => {
    const standIn = await start();
    open(standIn.port);
    await ask('SELECT 1 AS [a]');
    standIn.cutAll();
    await until(() => standIn.open === 0);
    expect(await ask('SELECT 2 AS [a]')).toEqual([{ a: 2 }]);
    expect(standIn.connections).toBe(2);
  });

  it('is opened anew after the server died in the middle of a row', async () => {
    const standIn = await start({ faults: { cut: 'half-query' } });
    open(standIn.port);
    expect((await trouble(ask(ALL_COLUMNS, { objid: 0 }))).problem).toBe('unavailable');
    standIn.faults.cut = undefined;
    expect(await ask(ALL_COLUMNS, { objid: 0 })).toHaveLength(1);
  });

  it('is kept after an error in a statement', async () => {
    const standIn = await start({ faults: { missingColumns: ['x_site'] } });
    open(standIn.port);
    await trouble(ask(ALL_COLUMNS, { objid: 0 }));
    await ask('SELECT 1 AS [a]');
    expect(standIn.connections).toBe(1);
  });

  it('ends at close, with what was running', async () => {
    const standIn = await start({ faults: { hang: 'query' } });
    const sql = open(standIn.port);
    const query = trouble(ask('SELECT 1 AS [a]'));
    await until(() => standIn.queries.length === 1);
    sql.close();
    expect((await query).problem).toBe('unavailable');
    await until(() => standIn.open === 0);
    sql.close();
  });
});

describe('problems', () => {
  it.each<[string, TdsFaults, Partial<SqlServerSettings>, DatabaseProblem, RegExp]>([
    [
      'a wrong password',
      {},
      { password: new Secret('wrong') },
      'login-refused',
      /refuses the login of stream_reader: Login failed .*18456/,
    ],
    ['an unknown database', {}, { database: 'other' }, 'login-refused', /other on localhost:\d+ refuses .*4060/],
    ['an untrusted domain (18452)', { loginError: 18452 }, {}, 'login-refused', /18452/],
    ['a disabled login (18470)', { loginError: 18470 }, {}, 'login-refused', /18470/],
    ['a server that is being upgraded (18401)', { loginError: 18401 }, {}, 'unavailable', /18401/],
    ['a cloud database that is moving (40613)', { loginError: 40613 }, {}, 'unavailable', /40613/],
    [
      'a table that is not there (208)',
      { queryError: 208 },
      {},
      'configuration',
      /the database clarify on localhost:\d+ answered: .*208/,
    ],
    ['a table that may not be read (229)', { queryError: 229 }, {}, 'configuration', /229/],
    ['a column that may not be read (230)', { queryError: 230 }, {}, 'configuration', /230/],
    [
      'columns that are not there (207)',
      { missingColumns: ['x_site', 'hours'] },
      {},
      'unknown-column',
      /Invalid column name 'hours'.*207/,
    ],
    ['the victim of a deadlock (1205)', { queryError: 1205 }, {}, 'busy', /1205/],
    ['an answer that is no TDS, at login', { garbage: 'login' }, {}, 'unavailable', /clarify on localhost/],
    ['an answer that is no TDS, at a query', { garbage: 'query' }, {}, 'unavailable', /clarify on localhost/],
    ['a connection cut at the first message', { cut: 'prelogin' }, {}, 'unavailable', /was lost/],
    ['a connection cut in the first answer', { cut: 'half-prelogin' }, {}, 'unavailable', /was lost/],
    ['a connection cut at login', { cut: 'login' }, {}, 'unavailable', /was lost/],
    ['a connection cut in the answer to the login', { cut: 'half-login' }, {}, 'unavailable', /clarify on localhost/],
    ['a connection cut at a query', { cut: 'query' }, {}, 'unavailable', /was lost/],
  ])('%s', async (_, faults, changes, problem, message) => {
    const standIn = await start({ faults });
    open(standIn.port, changes);
    const error = await trouble(ask(ALL_COLUMNS, { objid: 0 }));
    expect(error).toMatchObject({ problem, message: expect.stringMatching(message) as unknown });
    expect(standIn.connections).toBe(1);
    if (problem === 'unavailable' || problem === 'login-refused') await until(() => standIn.open === 0);
  });

  it('a server that is not there', async () => {
    const { port } = await start();
    await server?.close();
    server = undefined;
    open(port);
    expect(await trouble(ask('SELECT 1 AS [a]'))).toMatchObject({
      problem: 'unavailable',
      message: expect.stringMatching(/^the database clarify on localhost:\d+ cannot be reached: .*ECONNREFUSED/) as unknown,
    });
  });

  it('a name that nobody knows', async () => {
    open(1433, { server: 'no-such-host.invalid' });
    expect(await trouble(ask('SELECT 1 AS [a]'))).toMatchObject({
      problem: 'unavailable',
      message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) as unknown,
    });
  });
});

/** Where a server can hang, how, and whether under TLS. */
const HANGS: readonly (readonly [string, TdsFaults, boolean])[] = [
  ['no answer at all', { hang: 'prelogin' }, false],
  ['half of the first answer', { hang: 'half-prelogin' }, false],
  ['no answer to the TLS handshake', { hang: 'tls' }, true],
  ['half of the TLS handshake', { hang: 'half-tls' }, true],
  ['no answer to the login', { hang: 'login' }, false],
  ['no answer to the login, under TLS', { hang: 'login' }, true],
  ['half of the answer to the login', { hang: 'half-login' }, false],
  ['no answer to the query', { hang: 'query' }, false],
  ['half of a row', { hang: 'half-query' }, false],
  ['half of a row, under TLS', { hang: 'half-query' }, true],
  ['a first answer that drips', { drip: 'prelogin' }, false],
  ['a TLS handshake that drips', { drip: 'tls' }, true],
  ['an answer to the login that drips', { drip: 'login' }, false],
  ['an answer to the login that drips, under TLS', { drip: 'login' }, true],
  ['rows that drip', { drip: 'query' }, false],
  ['a query that takes long', { delayMs: 60_000 }, false],
];

describe('the abort signal', () => {
  const tls = certificate('server');

  it.each(HANGS)('ends %s at once', async (_, faults, encrypt) => {
    const standIn = await start({ faults, tls });
    open(standIn.port, { encrypt, ca: authority() });
    await expectPromptEnd(() => until(() => standIn.open === 1));
    await until(() => standIn.open === 0);
  });

  it('ends a handshake of TDS 8.0', async () => {
    const standIn = await start({ faults: { hang: 'prelogin' }, tls });
    open(standIn.port, { encrypt: true, minTlsVersion: 'TLSv1.3', ca: authority() });
    await expectPromptEnd(() => until(() => standIn.open === 1));
    await until(() => standIn.open === 0);
  });

  it('ends a TLS handshake of TDS 8.0 with a server that says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    open((silent.address() as AddressInfo).port, { encrypt: true, minTlsVersion: 'TLSv1.3' });
    await expectPromptEnd(() => until(() => sockets.length === 1));
    sockets[0]?.resume();
    await until(() => sockets[0]?.destroyed === true);
    silent.close();
  });

  it('ends a connection that is never taken', async () => {
    const script = `const server = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => {
      require('node:fs').writeSync(1, String(server.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
    const listener = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = (await once(listener.stdout, 'data')) as [Buffer];
    const port = Number(output.toString());
    // The system takes a few on the listener's behalf.
    const taken = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    await new Promise((done) => setTimeout(done, 200));
    open(port);
    await expectPromptEnd(() => new Promise((done) => setTimeout(done, 200)));
    taken.forEach((socket) => socket.destroy());
    listener.kill('SIGKILL');
    await once(listener, 'close');
  });

  it('opens nothing when it was aborted before', async () => {
    const standIn = await start();
    open(standIn.port);
    expect(await trouble(ask('SELECT 1 AS [a]', {}, AbortSignal.abort()))).toMatchObject({ problem: 'unavailable' });
    expect(standIn.connections).toBe(0);
  });

  it('does not spoil the next query', async () => {
    const standIn = await start({ faults: { hang: 'query' } });
    open(standIn.port);
    await expectPromptEnd(() => until(() => standIn.queries.length === 1));
    standIn.faults.hang = undefined;
    expect(await ask('SELECT 1 AS [a]')).toEqual([{ a: 1 }]);
  });

  async function expectPromptEnd(hanging: () => Promise<unknown>): Promise<void> {
    const controller = new AbortController();
    const query = trouble(ask(ALL_COLUMNS, { objid: 268435457 }, controller.signal));
    await hanging();
    await new Promise((done) => setTimeout(done, 100));
    const start = performance.now();
    controller.abort();
    expect(await query).toMatchObject({
      problem: 'unavailable',
      message: expect.stringMatching(/did not answer in time/) as unknown,
    });
    expect(performance.now() - start).toBeLessThan(BUSY_MS);
  }
});

describe('TLS', () => {
  it.each<[string, Partial<TdsServerOptions>, Partial<SqlServerSettings>]>([
    ['trusts an authority of the settings', { tls: certificate('server') }, { ca: authority() }],
    ['trusts every certificate where it is told to', { tls: certificate('expired') }, { trustServerCertificate: true }],
    [
      'speaks TLS 1.0 where it is told to',
      { tls: { ...certificate('server'), maxVersion: 'TLSv1' } },
      { minTlsVersion: 'TLSv1', ca: authority() },
    ],
    ['speaks TLS 1.3 as TDS 8.0', { tls: certificate('server') }, { minTlsVersion: 'TLSv1.3', ca: authority() }],
    ['encrypts where the server demands it', { tls: { ...certificate('server'), required: true } }, { ca: authority() }],
  ])('%s', async (_, options, changes) => {
    const standIn = await start(options);
    open(standIn.port, { encrypt: true, ...changes });
    expect(await ask('SELECT [title] FROM [table_case] WHERE [objid] = @objid', { objid: 268435457 })).toEqual([
      { title: 'Grüße, 你好 😀' },
    ]);
    expect(standIn.logins).toMatchObject([{ encrypted: true }]);
    standIn.cutAll();
    await until(() => standIn.open === 0);
    expect(await ask('SELECT 1 AS [a]')).toEqual([{ a: 1 }]);
  });

  it.each<[string, Partial<TdsServerOptions>, Partial<SqlServerSettings>, RegExp]>([
    ['an unknown authority', { tls: certificate('server') }, {}, /"caFile", or set "trustServerCertificate"/],
    ['an expired certificate', { tls: certificate('expired') }, { ca: authority() }, /expired; .*"trustServerCertificate"/],
    [
      'a certificate for another host',
      { tls: certificate('wrong-host') },
      { ca: authority() },
      /write "server" as the certificate does/,
    ],
    [
      'a server that is too old',
      { tls: { ...certificate('server'), maxVersion: 'TLSv1.1' } },
      { ca: authority() },
      /"minTlsVersion"/,
    ],
    [
      'a connection cut in the handshake',
      { tls: certificate('server'), faults: { cut: 'tls' } },
      { ca: authority() },
      /"minTlsVersion"/,
    ],
    [
      'a server that demands encryption',
      { tls: { ...certificate('server'), required: true } },
      { encrypt: false },
      /set "encrypt" to true/,
    ],
    ['a server that denies encryption', {}, {}, /offers no encryption; set "encrypt" to false only/],
    [
      'an unknown authority, in TDS 8.0',
      { tls: certificate('server') },
      { minTlsVersion: 'TLSv1.3' },
      /"caFile", or set "trustServerCertificate"/,
    ],
  ])('tells the remedy for %s, before the login goes out', async (_, options, changes, message) => {
    const standIn = await start(options);
    open(standIn.port, { encrypt: true, ...changes });
    expect(await trouble(ask('SELECT 1 AS [a]'))).toMatchObject({
      problem: 'unavailable',
      message: expect.stringMatching(message) as unknown,
    });
    expect(standIn.logins).toEqual([]);
    await until(() => standIn.open === 0);
  });
});

describe('a named instance', () => {
  it('is found through the SQL Server Browser', async () => {
    const standIn = await start();
    const browser = await startBrowser(
      `ServerName;DB;InstanceName;OTHER;IsClustered;No;Version;16.0;tcp;9;;ServerName;DB;InstanceName;CRM;IsClustered;No;Version;16.0;np;\\\\DB\\pipe;tcp;${standIn.port};;`,
    );
    try {
      openInstance('crm');
      expect(await ask('SELECT 1 AS [a]')).toEqual([{ a: 1 }]);
      openInstance('sales');
      expect(await trouble(ask('SELECT 1 AS [a]'))).toMatchObject({
        problem: 'unavailable',
        message: expect.stringMatching(/on 127.0.0.1\\sales cannot be reached: there is no instance sales/) as unknown,
      });
    } finally {
      await browser.close();
    }
  });

  it('is given up when the signal is aborted', async () => {
    const browser = await startBrowser(undefined);
    try {
      openInstance('crm');
      const controller = new AbortController();
      const query = trouble(ask('SELECT 1 AS [a]', {}, controller.signal));
      // Asked again, because a datagram can be lost.
      await until(() => browser.questions === 2);
      controller.abort();
      expect((await query).problem).toBe('unavailable');
    } finally {
      await browser.close();
    }
  });

  function openInstance(instance: string): void {
    database?.close();
    open(0, { server: '127.0.0.1', port: undefined, instance });
  }

  /** Answers on UDP port 1434 of the loopback interface, or only counts the questions. */
  async function startBrowser(text: string | undefined) {
    const socket = createSocket('udp4');
    const browser = {
      questions: 0,
      close: () => new Promise<void>((done) => socket.close(done)),
    };
    socket.on('message', (_, from) => {
      browser.questions += 1;
      if (text === undefined) return;
      const length = Buffer.alloc(2);
      length.writeUInt16LE(text.length);
      socket.send(Buffer.concat([Buffer.from([5]), length, Buffer.from(text, 'latin1')]), from.port, from.address);
    });
    socket.bind(1434, '127.0.0.1');
    await once(socket, 'listening');
    return browser;
  }
});

describe('a process', () => {
  const bundle = join(folder, 'bundle.cjs');

  // In processes of their own, because the time zone and the end of a process cannot be had inside the test runner.
  const SCRIPT = `
    const { openSqlServer, Secret } = require(process.argv[1]);
    const { settings, abortAfterMs } = JSON.parse(process.argv[2]);
    const started = performance.now();
    const print = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
    process.on('exit', () => print(performance.now() - started));
    const controller = new AbortController();
    if (abortAfterMs !== undefined) setTimeout(() => controller.abort(), abortAfterMs);
    const statement = { text: 'SELECT [creation_time] FROM [table_case] WHERE [objid] = @objid', parameters: { objid: 268435457 } };
    const ask = async ({ password, ...rest }) => {
      const database = openSqlServer({ ...rest, password: new Secret(password) });
      const result = await database.query(statement, controller.signal).catch((error) => error.message);
      database.close();
      return result;
    };
    Promise.all(settings.map(ask)).then(print);`;

  beforeAll(async () => {
    const contents = "export * from './src/io/sql-server'; export { Secret } from './src/core/secret';";
    const options = {
      stdin: { contents, resolveDir: PROJECT, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      packages: 'external',
      // Left as it is, it would not look into NODE_PATH.
      supported: { 'dynamic-import': false },
      outfile: bundle,
    };
    await promisify(execFile)(process.execPath, ['-e', `require('esbuild').buildSync(${JSON.stringify(options)})`], {
      cwd: PROJECT,
    });
  });

  /** The results of the queries, and after how many ms the process ended. */
  async function runProcess(settings: readonly SqlServerSettings[], abortAfterMs?: number, TZ = 'UTC'): Promise<unknown[]> {
    const plain = settings.map((one) => ({ ...one, password: PASSWORD }));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['-e', SCRIPT, bundle, JSON.stringify({ settings: plain, abortAfterMs })],
      {
        env: { ...process.env, NODE_PATH: join(PROJECT, 'node_modules'), TZ },
        timeout: 20_000,
      },
    );
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  }

  it.each(['UTC', 'America/Chicago', 'Asia/Kathmandu', 'Pacific/Apia'])(
    'in the time zone %s reads what the server’s clock showed',
    async (TZ) => {
      const { port } = await start();
      expect((await runProcess([settingsFor(port)], undefined, TZ))[0]).toEqual([[{ creation_time: '2010-06-14T09:12:00' }]]);
    },
  );

  it('ends by itself after an abort, wherever the server hangs', async () => {
    const hanging = await Promise.all(
      HANGS.map(([, faults]) => startTdsServer({ databaseFile, faults, tls: certificate('server') })),
    );
    const settings = hanging.map(({ port }, index) =>
      settingsFor(port, { encrypt: HANGS[index]?.[2] === true, ca: authority() }),
    );
    const instance = settingsFor(0, { server: '127.0.0.1', port: undefined, instance: 'silent' });
    try {
      const abortAfterMs = 2000;
      const [results, endedMs] = await runProcess([...settings, instance], abortAfterMs);
      expect(new Set(results as string[])).toEqual(
        new Set(
          [...settings.map(({ port }) => `localhost:${String(port)}`), '127.0.0.1\\silent'].map(
            (place) => `the database clarify on ${place} did not answer in time`,
          ),
        ),
      );
      expect(endedMs).toBeLessThan(abortAfterMs + BUSY_MS);
    } finally {
      await Promise.all(hanging.map((one) => one.close()));
    }
  });
});
