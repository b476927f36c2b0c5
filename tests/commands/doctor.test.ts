import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { objectTypes } from '../../src/clarify/object-types/index';
import { startDeadline } from '../../src/core/deadline';
import { Secret } from '../../src/core/secret';
import { openSqlServer } from '../../src/io/sql-server';
import { openSqliteFile } from '../../src/io/sqlite';
import { newRequestId } from '../../src/core/request-id';
import { openSpoolFolder } from '../../src/io/spool-folder';
import { openSqliteStore } from '../../src/io/sqlite-store';
import type { Ledger } from '../../src/ledger/ledger';
import { openSpool } from '../../src/ledger/spool';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { BUSY_MS } from '../support/busy';
import { PASSWORDS, startCompany, type Company } from '../support/company';
import { examine, lines, linesOf } from '../support/doctor';
import { accept, enter, HOUR, MINUTE, NOW, one } from '../support/ledger-content';
import { install, sampleConfig } from '../support/program';
import { startProxy } from '../support/proxy-server';
import { changedSample, changeDatabase, temporaryFolder } from '../support/sample';
import { startSlack } from '../support/slack-server';
import { startSocialcast } from '../support/socialcast-server';
import { startTdsServer, type TdsServer } from '../support/tds-server';
import { authority, certificate } from '../support/tls/certificates';

jest.setTimeout(30_000);

const FEED = { stream: { type: 'feed', folder: 'stream' } };
const NEVER = new AbortController().signal;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function company(change: Parameters<typeof startCompany>[0] = {}): Promise<Company> {
  const started = await startCompany({ clarify: { timeZone: 'UTC' }, ...change });
  closing.push(started.close);
  return started;
}

/** An installation over the sample, some of whose configuration is changed. */
function installed(more: object = {}, destinations: Readonly<Record<string, unknown>> = FEED): string {
  return install({ ...sampleConfig(destinations), ...more }).configFile;
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('doctor', () => {
  it('finds nothing wrong with what works, posts nothing and leaves nothing behind', async () => {
    const { configFile, folder, socialcast, database } = await company();
    chmodSync(configFile, 0o600);
    const before = readdirSync(folder);
    const { result, message, checks = [] } = await examine(configFile, []);
    expect({ result, message }).toEqual({ result: 'done', message: 'nothing is wrong' });
    expect(checks.filter(({ status }) => status !== 'OK').map(({ check }) => check)).toEqual(['schedule']);
    expect([...new Set(checks.map(({ check }) => check))]).toEqual(
      'configuration rights node database tables clock dns proxy tls destinations ledger spool schedule rules log'.split(' '),
    );
    expect(checks.find(({ check }) => check === 'destinations')).toMatchObject({
      message: expect.stringMatching(/^socialcast: signed in as ./),
    });
    expect(socialcast.posts).toEqual([]);
    expect(socialcast.requests.map(({ method }) => method)).toEqual(['GET']);
    expect(database.queries.map(({ text }) => text.slice(0, 6))).toEqual(database.queries.map(() => 'SELECT'));
    expect(readdirSync(folder)).toEqual(before);
  });

  it('makes the checks that are named, in its own order, and refuses others', async () => {
    const file = installed();
    expect((await examine(file, ['log', 'node'])).checks?.map(({ check }) => check)).toEqual(['node', 'log']);
    await expect(examine(file, ['databse'])).rejects.toMatchObject({ result: 'usage', hint: 'did you mean database?' });
  });

  it('looks at what can be looked at where the configuration is broken', async () => {
    const file = installed({ tags: 7, deadline: 'soon' });
    const { result, checks = [] } = await examine(file, []);
    expect(result).toBe('configuration');
    expect(checks[0]).toMatchObject({ check: 'configuration', status: 'fail', message: expect.stringContaining('2 problems') });
    const others = checks.slice(1).map(({ check, status }) => `${check} ${status}`);
    expect(others.slice(0, 4)).toEqual(['rights OK', 'node OK', 'database skip', 'tables skip']);
    expect(others.slice(4).every((line) => line.endsWith(' skip'))).toBe(true);
  });

  it('says of a single check that the configuration is broken', async () => {
    const file = installed({ tags: 7 });
    expect(await examine(file, ['database'])).toMatchObject({ result: 'configuration' });
    expect(await examine(join(temporaryFolder(), 'none.json'), ['ledger'])).toMatchObject({ result: 'configuration' });
  });

  it('ends a check that hangs, and no other one', async () => {
    const { configFile, database } = await company();
    database.faults.hang = 'login';
    const begin = performance.now();
    const deadline = startDeadline(1_000, () => performance.now() - begin);
    const { result, checks = [] } = await examine(configFile, ['database', 'clock', 'destinations'], {}, deadline);
    expect(performance.now() - begin).toBeLessThan(1_000 + BUSY_MS);
    expect(result).toBe('later');
    expect(checks.map(({ check, status }) => `${check} ${status}`)).toEqual(['database fail', 'clock skip', 'destinations OK']);
  });

  it('has the exit code of the worst failure', async () => {
    const { configFile, database } = await company({
      more: { ledger: { type: 'sqlite', file: 'publish-activity.config.json/l' } },
    });
    database.faults.loginError = 40613;
    expect(await examine(configFile, ['database'])).toMatchObject({ result: 'later' });
    expect(await examine(configFile, ['database', 'ledger'])).toMatchObject({ result: 'not-kept', message: '2 failures' });
    database.faults.loginError = 18456;
    expect(await examine(configFile, ['database', 'ledger'])).toMatchObject({ result: 'login-refused' });
  });
});

describe('doctor rights', () => {
  it.each([
    [0o600, []],
    [0o640, []],
    [0o644, ['read the secret in it (mode 644)']],
    [0o646, ['read the secret in it and change it (mode 646)']],
  ])('of a configuration with a secret and the mode %o', async (mode, expected) => {
    const { configFile } = await company();
    chmodSync(configFile, mode);
    const found = await lines(configFile, 'rights');
    if (expected.length === 0) expect(found).toEqual([expect.stringMatching(/^OK: /)]);
    else expect(found).toEqual([`warn: ${configFile}: every account of this machine can ${expected[0] ?? ''}`]);
  });

  it('finds the files that the secrets are in, and leaves a configuration without any alone', async () => {
    const { configFile, folder } = install(
      sampleConfig({ s: { type: 'socialcast', url: 'http://127.0.0.1:9', username: 'u', password: { file: 'pw.txt' } } }),
    );
    const secretFile = join(folder, 'pw.txt');
    writeFileSync(secretFile, 'hushhush\r\n');
    chmodSync(configFile, 0o644);
    chmodSync(secretFile, 0o644);
    expect(await lines(configFile, 'rights')).toEqual([expect.stringContaining(`${secretFile}: every account`)]);
    chmodSync(secretFile, 0o600);
    expect(await lines(configFile, 'rights')).toEqual([expect.stringMatching(/^OK: /)]);
  });

  it('leaves it to icacls on Windows', async () => {
    const { checks = [] } = await examine(installed(), ['rights'], { platform: 'win32' });
    expect(checks).toMatchObject([{ status: 'skip', remedy: expect.stringContaining('icacls "') }]);
  });
});

describe('doctor configuration', () => {
  it('warns of one that only the working directory shows', async () => {
    const { configFile, folder } = install(sampleConfig(FEED));
    const { checks = [] } = await examine(configFile, ['configuration']);
    expect(linesOf(checks)).toEqual([`OK: ${configFile}, named by --config`]);
    const standing = { cwd: folder, terminal: true, programFolder: folder };
    expect(await lines('', 'configuration', standing)).toEqual([expect.stringContaining('fail:')]);
  });
});

describe('doctor node', () => {
  it.each([
    ['v20.19.0', 'OK'],
    ['v24.1.0', 'OK'],
    ['v20.18.3', 'fail'],
    ['v18.20.0', 'fail'],
  ])('%s: %s', async (nodeVersion, status) => {
    expect((await examine(installed(), ['node'], { nodeVersion })).checks).toMatchObject([{ status }]);
  });
});

describe('doctor tables', () => {
  it('says what a site lacks and what it costs', async () => {
    const file = await changedSample((crm) => {
      crm.exec('ALTER TABLE table_notes_log DROP COLUMN x_is_internal');
      crm.exec('ALTER TABLE table_case DROP COLUMN respprty2gbst_elm');
      crm.exec('DROP TABLE table_contract');
      crm.exec('ALTER TABLE table_probdesc RENAME COLUMN title TO headline');
    });
    const { configFile } = await company({ databaseFile: file });
    const { result, checks = [] } = await examine(configFile, ['tables']);
    expect(linesOf(checks)).toEqual([
      expect.stringMatching(`^OK: ${objectTypes.length - 2} of ${objectTypes.length} object types can be read; they do without `),
      expect.stringMatching(/^fail: solution: nothing can be read for .*title/),
      'warn: contract: table_contract is not there, or may not be read',
    ]);
    expect(checks[0]?.message).toContain('table_notes_log (x_is_internal)');
    expect(checks[0]?.message).toContain('always empty: case.priority');
    expect(result).toBe('configuration');
  });

  it('fails where it is no CRM at all', async () => {
    const file = await changedSample((crm) => crm.exec('ALTER TABLE table_act_entry DROP COLUMN entry_time'));
    const { checks = [] } = await examine((await company({ databaseFile: file })).configFile, ['tables']);
    expect(checks).toHaveLength(objectTypes.length);
    expect(checks.every(({ status, message }) => status === 'fail' && message.includes('entry_time'))).toBe(true);
  });

  it('fails for a table of the site’s own that is not there', async () => {
    const tower = { table: 'table_x_tower', typeId: 9001, fields: { id: 'x_id', title: 'x_title' } };
    const { configFile } = await company({ clarify: { objectTypes: { tower } } });
    expect(await lines(configFile, 'tables')).toContain('fail: tower: table_x_tower is not there, or may not be read');
  });
});

describe('doctor clock', () => {
  // The stand-in answers in UTC.
  it.each<[string, string, number, string]>([
    ['of the right zone', 'UTC', 0, 'OK: the clock of the database server shows the time of UTC'],
    [
      'of another zone',
      'Etc/GMT+6',
      0,
      'fail: the clock of the database server shows .{16}, 6 h ahead of Etc/GMT\\+6: UTC\\+00:00',
    ],
    ['of a zone of half an hour', 'Asia/Kolkata', 0, 'fail: .*, 5.5 h behind Asia/Kolkata: UTC\\+00:00 at the moment'],
    ['behind ours', 'UTC', 5 * MINUTE, 'warn: the clock of the database server is [45] min behind the clock of this machine'],
    ['ahead of ours', 'UTC', -20 * MINUTE, 'warn: the clock of the database server is (19|20) min ahead of'],
  ])('%s', async (_, timeZone, aheadMs, expected) => {
    const { configFile } = await company({ clarify: { timeZone } });
    const now = () => Date.now() + aheadMs;
    expect(await lines(configFile, 'clock', { now })).toEqual([expect.stringMatching(new RegExp(`^${expected}`))]);
  });

  it('names the zone that the CRM has for its own', async () => {
    const databaseFile = await changedSample((crm) => {
      crm.exec('DROP TABLE IF EXISTS table_time_zone');
      crm.exec("CREATE TABLE table_time_zone (name TEXT, is_default INT); INSERT INTO table_time_zone VALUES ('CET', 1)");
    });
    const { configFile } = await company({ databaseFile, clarify: { timeZone: 'Asia/Tokyo' } });
    const { checks } = await examine(configFile, ['clock']);
    expect(checks).toMatchObject([{ status: 'fail', remedy: expect.stringContaining('default zone CET') }]);
  });
});

describe('doctor and the network', () => {
  const socialcastAt = (url: string, more: object = {}) => ({
    sc: { type: 'socialcast', url, username: 'u', password: PASSWORDS.socialcast, proxy: false, ...more },
  });

  it('looks up the names of servers, and of a proxy in their place', async () => {
    const known = installed({}, socialcastAt('https://localhost:9'));
    expect(await lines(known, 'dns')).toEqual(['OK: known: localhost']);
    const unknown = installed({}, socialcastAt('https://no-such-host.invalid'));
    expect(await examine(unknown, ['dns'])).toMatchObject({ result: 'later' });
    expect(await lines(unknown, 'dns')).toEqual([expect.stringMatching(/^fail: no-such-host.invalid \(destinations.sc\)/)]);
    const proxied = installed({}, socialcastAt('https://no-such-host.invalid', { proxy: 'http://u:pw123456@localhost:9' }));
    expect(await lines(proxied, 'dns')).toEqual(['OK: known: localhost']);
    const asEnvironmentSays = installed({}, socialcastAt('https://no-such-host.invalid', { proxy: undefined }));
    const env = { HTTPS_PROXY: 'http://localhost:9' };
    expect(await lines(asEnvironmentSays, 'dns', { env })).toEqual([expect.stringMatching(/^skip: /)]);
  });

  it('tries proxies, and shows no login of theirs', async () => {
    const proxy = await startProxy();
    closing.push(proxy.close);
    const file = (port: number) =>
      installed({}, socialcastAt('https://localhost', { proxy: `http://u:pw123456@127.0.0.1:${port}` }));
    expect(await lines(file(proxy.port), 'proxy')).toEqual([`OK: destinations.sc.proxy: http://127.0.0.1:${proxy.port} answers`]);
    const port = await unusedPort();
    expect(await lines(file(port), 'proxy')).toEqual([
      `fail: destinations.sc.proxy: http://127.0.0.1:${port} cannot be reached (ECONNREFUSED)`,
    ]);
    const open = installed({}, socialcastAt('https://localhost', { proxy: undefined }));
    const env = { https_proxy: `127.0.0.1:${proxy.port}` };
    expect(await lines(open, 'proxy', { env })).toEqual([expect.stringMatching(/^OK: https_proxy: http:\/\/127\.0\.0\.1/)]);
    expect(await lines(installed({}, socialcastAt('https://localhost')), 'proxy', { env })).toEqual([
      'OK: none is configured, and the environment names none',
    ]);
  });

  it.each([
    ['is good for long', 'server', 0, true, /^OK: destinations.sc: .* can be trusted, until 2120-01-01$/],
    ['ends soon', 'server', Date.UTC(2119, 11, 20), true, /^warn: .* ends on 2120-01-01, in 12 d$/],
    ['has ended', 'expired', 0, true, /^fail: .*the certificate has expired \(CERT_HAS_EXPIRED\)$/],
    ['is signed by nobody we trust', 'server', 0, false, /^fail: .*nobody whom we trust/],
  ] as const)('looks at a certificate that %s', async (_, name, nowMs, trusted, expected) => {
    const server = await startSocialcast({ tls: certificate(name) });
    closing.push(server.close);
    const { folder, configFile } = install(sampleConfig(socialcastAt(server.url, trusted ? { caFile: 'ca.pem' } : {})));
    writeFileSync(join(folder, 'ca.pem'), authority());
    const now = () => nowMs || Date.now();
    expect(await lines(configFile, 'tls', { now })).toEqual([expect.stringMatching(expected)]);
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('warns of what goes out unencrypted', async () => {
    const { configFile } = await company({ server: { server: 'db.example' }, destination: { url: 'http://social.example' } });
    expect(await lines(configFile, 'tls')).toEqual([
      'warn: clarify.database: the connection is not encrypted',
      'warn: destinations.socialcast: http://social.example is spoken to without encryption',
    ]);
  });
});

describe('doctor destinations', () => {
  it('tells a refused login from a wrong address and from a server that is away', async () => {
    const { configFile, socialcast } = await company();
    socialcast.answer(
      { status: 401, body: PASSWORDS.socialcast },
      { status: 404 },
      { status: 503 },
      { status: 200, body: '<p>Hi</p>' },
    );
    const results = [];
    for (let time = 0; time < 4; time += 1) results.push((await examine(configFile, ['destinations'])).result);
    expect(results).toEqual(['login-refused', 'later', 'later', 'later']);
  });

  it('says where the credentials come from, where a login is refused and a page can tell', async () => {
    const slack = await startSlack();
    closing.push(() => slack.close());
    const team = { type: 'slack', token: 'xoxb-wrong', channel: 'C012AB3CD', apiUrl: `${slack.url}/api`, proxy: false };
    const { checks = [] } = await examine(installed({}, { team }), ['destinations']);
    const page = 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks says where it comes from';
    expect(checks).toMatchObject([{ remedy: `check the login of destinations.team in the configuration; ${page}` }]);
  });

  it('says how to try what cannot be tried without posting', async () => {
    const chat = { type: 'google-chat', webhookUrl: 'https://chat.googleapis.com/v1/spaces/A/messages?key=k123&token=t12345' };
    const { result, checks = [] } = await examine(installed({}, { chat }), ['destinations']);
    expect(result).toBe('done');
    expect(checks).toMatchObject([{ status: 'skip', remedy: expect.stringContaining('publish-activity test chat') }]);
  });

  it('fails for a folder that cannot be made', async () => {
    const file = installed({}, { stream: { type: 'feed', folder: 'publish-activity.config.json/stream' } });
    expect(await lines(file, 'destinations')).toEqual([
      expect.stringMatching(/^fail: stream: the folder .* anything can be made$/),
    ]);
  });
});

describe('doctor and the ledger', () => {
  /** An installation whose clock stands at NOW, and its ledger. */
  async function withLedger(): Promise<{ file: string; ledger: Ledger; look: (name: string) => Promise<readonly string[]> }> {
    const { configFile, folder } = install(sampleConfig({ socialcast: { type: 'feed', folder: 'stream' } }));
    const ledger = openSqlLedger(openSqliteStore(join(folder, 'publish-activity.ledger')), 'sqlite');
    closing.push(() => ledger.close());
    await ledger.counts(NEVER);
    return { file: configFile, ledger, look: (name) => lines(configFile, name, { now: () => NOW }) };
  }

  it('tells its version, its size and how it stands', async () => {
    const { ledger, look } = await withLedger();
    await enter(ledger, { ago: HOUR, state: 'due', dueIn: MINUTE });
    expect(await look('ledger')).toEqual([
      expect.stringMatching(/^OK: .*publish-activity\.ledger, version \d+, 0\.\d MB, \d+ MB left on its disk$/),
      'OK: 1 due (the oldest of 2026-11-22T07:00:00Z (1 h ago)), 0 in doubt, 0 held, 0 abandoned, 0 requests without a message yet',
    ]);
    await enter(ledger, { objid: 2, ago: HOUR, state: 'held' });
    expect((await look('ledger'))[1]).toMatch(/^warn: .* 1 held/);
  });

  it('tells whether a spool can be made, and what waits there for long', async () => {
    const { file, look } = await withLedger();
    const folder = join(file, '..', 'publish-activity.ledger.spool');
    expect(await look('spool')).toEqual([`OK: ${folder} can be written`]);
    expect(existsSync(folder)).toBe(false);
    const spool = openSpool(openSpoolFolder(folder));
    const keep = (at: number) => spool.keep({ id: newRequestId(at), command: 'publish', words: ['Case', '1'], rule: '', at });
    keep(NOW - MINUTE);
    expect(await look('spool')).toEqual([`OK: ${folder} can be written`]);
    keep(NOW - 2 * HOUR);
    expect(await look('spool')).toEqual([
      `OK: ${folder} can be written`,
      expect.stringMatching(/^warn: 2 requests wait in the spool .*, the oldest since 2026-11-22T06:00:00Z \(2 h ago\)/),
    ]);
    for (const id of spool.waiting()) spool.refuse(id);
    expect((await look('spool'))[1]).toMatch(/^warn: 2 requests of the spool were refused/);
  });

  it('fails where no spool can be made', async () => {
    const { configFile } = install(sampleConfig(FEED, { spool: 'publish-activity.config.json/spool' }));
    const { result, checks } = await examine(configFile, ['spool']);
    expect(result).toBe('not-kept');
    expect(checks).toMatchObject([
      { status: 'fail', remedy: expect.stringContaining('name another folder with spool') as string },
    ]);
  });

  it('refuses one that a newer program wrote', async () => {
    const { file, look } = await withLedger();
    const store = openSqliteStore(join(file, '..', 'publish-activity.ledger'));
    await store.execute([{ text: 'INSERT INTO publish_activity_schema (version) VALUES (99)', parameters: {} }], NEVER);
    store.close();
    expect(await look('ledger')).toEqual([expect.stringMatching(/^fail: .*is of version 99/)]);
  });

  it('fails for a file that is none', async () => {
    const { configFile, folder } = install(sampleConfig(FEED));
    writeFileSync(join(folder, 'publish-activity.ledger'), 'this is no database, and never was one'.repeat(50));
    expect(await examine(configFile, ['ledger'])).toMatchObject({ result: 'not-kept' });
  });

  it('knows by what stays due whether anybody runs rerun', async () => {
    const { ledger, look } = await withLedger();
    expect(await look('schedule')).toEqual([expect.stringMatching(/^skip: nothing waits/)]);
    const due = await enter(ledger, { objid: 1, activityObjid: 1, ago: 3 * HOUR, state: 'due', dueIn: -20 * MINUTE });
    expect(await look('schedule')).toEqual([expect.stringMatching(/^skip: /)]);
    await enter(ledger, { objid: 2, activityObjid: 2, ago: 3 * HOUR, state: 'due', dueIn: -40 * MINUTE });
    expect(await look('schedule')).toEqual(['fail: nobody runs rerun: 1 post has been due for up to 40 min']);
    await ledger.begin(due, { owner: 'rerun', now: NOW - MINUTE, workMs: 1_000 }, NEVER);
    expect(await look('schedule')).toEqual(['OK: 1 post has been due for up to 40 min, and rerun was at work 1 min ago']);
    await ledger.finish(due.id, 'rerun', { state: 'delivered', now: NOW, dueAt: NOW, reason: '' }, NEVER);
    expect((await one(ledger, due.id)).started).toBe(2);
  });

  it('holds what stands behind something earlier, or goes nowhere, against nobody', async () => {
    const { ledger, look } = await withLedger();
    await enter(ledger, { activityObjid: 1, ago: 5 * HOUR, state: 'due', dueIn: HOUR });
    await enter(ledger, { activityObjid: 2, ago: 4 * HOUR, state: 'due', dueIn: -3 * HOUR });
    await enter(ledger, { objid: 9, ago: 4 * HOUR, state: 'due', dueIn: -3 * HOUR, destination: 'gone' });
    expect(await look('schedule')).toEqual([expect.stringMatching(/^skip: /)]);
  });

  it('counts requests that nobody took up', async () => {
    const { ledger, look } = await withLedger();
    await accept(ledger, { objid: 7 }, 2 * HOUR);
    expect(await look('schedule')).toEqual([
      expect.stringMatching(/^fail: nobody runs rerun: 1 post has been due for up to 1 h/),
    ]);
  });
});

describe('doctor on Windows', () => {
  it.each([
    ['ledger', { ledger: { type: 'sqlite', file: 'publish-activity.config.json/l' } }],
    ['log', { log: 'publish-activity.config.json/l' }],
    ['destinations', { destinations: { stream: { type: 'feed', folder: 'publish-activity.config.json/l' } } }],
  ])('gives the icacls line for what cannot be written: %s', async (name, config) => {
    const { checks = [] } = await examine(installed(config), [name], { platform: 'win32' });
    expect(checks).toMatchObject([
      { check: name, remedy: expect.stringMatching(/: icacls ".+" \/grant "ACCOUNT:\(OI\)\(CI\)M"/) },
    ]);
  });
});

describe('doctor and a ledger on a SQL Server', () => {
  const login = { user: 'pub]lisher', password: 'shared S3cret' };
  const LINKS = ['grant', 'link', 'cursor', 'conflict', 'write', 'allowance', 'consent'].map(
    (name) => `publish_activity_${name}`,
  );
  const TABLES = [
    ...['request', 'delivery', 'watch', 'wait'].map((name) => `publish_activity_${name}`),
    ...LINKS,
    'publish_activity_schema',
  ];
  const anything = (table: string) => ['SELECT', 'INSERT', 'UPDATE'].map((right) => `${right} ${table}`);

  /** An installation with such a ledger, of a version: 0 has no tables yet. */
  async function withServer(version: number): Promise<{ file: string; server: TdsServer; databaseFile: string }> {
    const databaseFile = join(temporaryFolder(), 'server.sqlite');
    writeFileSync(databaseFile, '');
    const server = await startTdsServer({ databaseFile, writable: true, login, database: 'activity' });
    closing.push(() => server.close());
    const place = {
      server: '127.0.0.1',
      port: server.port,
      database: 'activity',
      encrypt: false,
      trustServerCertificate: false,
    } as const;
    if (version > 0) {
      const ledger = openSqlLedger(openSqlServer({ ...place, ...login, password: new Secret(login.password) }), 'sqlserver');
      await ledger.counts(NEVER);
      ledger.close();
      // As an older version left it.
      await changeDatabase(databaseFile, (open) => {
        open.exec(`DELETE FROM publish_activity_schema WHERE version > ${version}`);
        const gone = version < 4 ? LINKS : version < 5 ? ['publish_activity_consent'] : [];
        open.exec(gone.map((table) => `DROP TABLE ${table};`).join(' '));
        if (version < 3) open.exec('DROP TABLE publish_activity_wait');
        if (version < 2)
          open.exec('DROP TABLE publish_activity_watch; ALTER TABLE publish_activity_request DROP COLUMN occurrence');
      });
    }
    return { file: installed({ ledger: { type: 'sqlserver', ...place, ...login } }), server, databaseFile };
  }

  const contentOf = async (databaseFile: string): Promise<string> => {
    const open = await openSqliteFile(databaseFile, { readOnly: true });
    const names = open.all('SELECT sql FROM sqlite_master ORDER BY name');
    const counts =
      names.length === 0
        ? []
        : TABLES.filter((table) => JSON.stringify(names).includes(`[${table}]`)).map((table) =>
            open.all(`SELECT * FROM ${table}`),
          );
    open.close();
    return JSON.stringify([names, counts]);
  };

  it.each([
    [0, /^OK: the database activity on 127\.0\.0\.1 is of version 0; the next run brings it to version 6$/],
    [1, /^OK: the database activity on 127\.0\.0\.1 is of version 1; the next run brings it to version 6$/],
    [2, /^OK: the database activity on 127\.0\.0\.1 is of version 2; the next run brings it to version 6$/],
    [3, /^OK: the database activity on 127\.0\.0\.1 is of version 3; the next run brings it to version 6$/],
    [4, /^OK: the database activity on 127\.0\.0\.1 is of version 4; the next run brings it to version 6$/],
    [5, /^OK: the database activity on 127\.0\.0\.1 is of version 5; the next run brings it to version 6$/],
    [6, /^OK: the database activity on 127\.0\.0\.1, version 6$/],
  ])('tries all that publishing does with version %i, and takes it back', async (version, words) => {
    const { file, server, databaseFile } = await withServer(version);
    const before = await contentOf(databaseFile);
    expect((await lines(file, 'ledger'))[0]).toMatch(words);
    expect(server.queries.some(({ text }) => text.includes('ROLLBACK TRANSACTION'))).toBe(true);
    expect(await contentOf(databaseFile)).toBe(before);
  });

  it.each<[string, number, readonly string[], readonly string[]]>([
    ['make tables', 0, ['CREATE TABLE'], ['CREATE TABLE', 'ALTER ON SCHEMA::dbo']],
    ['make tables in the schema', 0, ['ALTER'], ['CREATE TABLE', 'ALTER ON SCHEMA::dbo']],
    ['use the tables that it makes', 0, ['INSERT publish_activity_request'], ['SELECT, INSERT, UPDATE ON SCHEMA::dbo']],
    ['read the tables that it makes', 0, ['SELECT publish_activity_delivery'], ['SELECT, INSERT, UPDATE ON SCHEMA::dbo']],
    ['make what a new version brings', 1, ['CREATE TABLE'], ['CREATE TABLE', 'ALTER ON SCHEMA::dbo']],
    [
      'find the tables that are there',
      4,
      ['SEE'],
      [
        ...TABLES.slice(0, -1).map((table) => `SELECT, INSERT, UPDATE ON dbo.${table}`),
        'SELECT, UPDATE ON dbo.publish_activity_schema',
      ],
    ],
    ['even see the tables', 4, TABLES.flatMap(anything), ['SELECT, INSERT, UPDATE ON SCHEMA::dbo']],
    ['see the tables but one', 4, anything('publish_activity_schema'), ['SELECT, INSERT, UPDATE ON SCHEMA::dbo']],
    [
      'do anything but read',
      5,
      TABLES.flatMap((table) => [`INSERT ${table}`, `UPDATE ${table}`]),
      [
        'UPDATE ON dbo.publish_activity_schema',
        'INSERT, UPDATE ON dbo.publish_activity_request',
        'INSERT, UPDATE ON dbo.publish_activity_delivery',
        'INSERT, UPDATE ON dbo.publish_activity_watch',
        'INSERT, UPDATE ON dbo.publish_activity_wait',
        ...LINKS.map((table) => `INSERT, UPDATE ON dbo.${table}`),
      ],
    ],
    ['enter a delivery', 5, ['INSERT publish_activity_delivery'], ['INSERT ON dbo.publish_activity_delivery']],
    ['change a delivery', 1, ['UPDATE publish_activity_delivery'], ['UPDATE ON dbo.publish_activity_delivery']],
    ['take turns', 5, ['UPDATE publish_activity_schema'], ['UPDATE ON dbo.publish_activity_schema']],
    ['read the watches', 5, ['SELECT publish_activity_watch'], ['SELECT ON dbo.publish_activity_watch']],
    ['change a link', 5, ['UPDATE publish_activity_link'], ['UPDATE ON dbo.publish_activity_link']],
    ['read a cursor', 5, ['SELECT publish_activity_cursor'], ['SELECT ON dbo.publish_activity_cursor']],
    ['change a consent', 5, ['UPDATE publish_activity_consent'], ['UPDATE ON dbo.publish_activity_consent']],
    ['make what version 4 brings', 3, ['CREATE TABLE'], ['CREATE TABLE', 'ALTER ON SCHEMA::dbo']],
  ])('names the GRANT of a login that may not %s (version %i)', async (_, version, denied, rights) => {
    const { file, server } = await withServer(version);
    server.faults.denied = denied;
    const { result, checks } = await examine(file, ['ledger']);
    expect(result).toBe('not-kept');
    const grants = rights.map((right) => `GRANT ${right} TO [pub]]lisher];`).join(' ');
    expect(checks).toMatchObject([{ status: 'fail', remedy: `let the administrator of the database run: ${grants}` }]);
  });

  it('tells of a database that is read-only', async () => {
    const { file, server } = await withServer(2);
    server.faults.queryError = 3906;
    expect(await examine(file, ['ledger'])).toMatchObject({ result: 'not-kept' });
  });
});

describe('doctor log', () => {
  it('warns where it cannot be written', async () => {
    expect(await lines(installed({ log: false }), 'log')).toEqual(['OK: none is kept (log is false)']);
    expect(await lines(installed({ log: 'publish-activity.config.json/log' }), 'log')).toEqual([
      expect.stringMatching(/^warn: /),
    ]);
  });
});
