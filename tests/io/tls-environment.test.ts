// The environment cannot switch off the check of certificates: each client in a process of its own, with the variable that would.

import { execFile } from 'node:child_process';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { install, sampleConfig } from '../support/program';
import { startMailServer } from '../support/mail-server';
import { startProxy } from '../support/proxy-server';
import { temporaryFolder } from '../support/sample';
import { startTdsServer } from '../support/tds-server';
import { certificate } from '../support/tls/certificates';

jest.setTimeout(60_000);

const root = join(__dirname, '..', '..');
const program = join(temporaryFolder(), 'tls-child.cjs');
const { key, cert } = certificate('server');

beforeAll(() => {
  const entryPoints = [join(root, 'tests', 'support', 'tls-child.ts')];
  buildSync({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'cjs', packages: 'external' });
  symlinkSync(join(root, 'node_modules'), join(program, '..', 'node_modules'), 'junction');
});

afterAll(() => rmSync(join(program, '..'), { recursive: true, force: true }));

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

/** A server whose certificate nobody vouches for, and what came to it that only it should read. */
interface Server {
  readonly port: number;
  came(): unknown;
}

/** Any server with TLS from the first byte. */
async function startTls(): Promise<Server> {
  let text = '';
  const server = createServer({ key, cert }, (socket) => {
    socket.on('error', () => undefined).on('data', (chunk) => (text += String(chunk)));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { port: (server.address() as AddressInfo).port, came: () => text };
}

async function startMail(): Promise<Server> {
  const users: unknown[] = [];
  const server = await startMailServer({
    key,
    cert,
    login: { user: 'crm', password: 'geheim' },
    onAuth: ({ username }, _, done) => {
      users.push(username);
      done(null, { user: username });
    },
  });
  closing.push(server.close);
  return { port: server.port, came: () => users.join() };
}

async function startSql(): Promise<Server> {
  const databaseFile = join(temporaryFolder(), 'server.sqlite');
  writeFileSync(databaseFile, '');
  const server = await startTdsServer({ databaseFile, tls: { key, cert } });
  closing.push(server.close);
  return { port: server.port, came: () => server.logins.map(({ user }) => user).join() };
}

async function run(client: string, port: number): Promise<string> {
  const proxy = await startProxy();
  closing.push(proxy.close);
  const { PATH, SystemRoot } = process.env;
  const env = { PATH, SystemRoot, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const { stdout } = await promisify(execFile)(process.execPath, [program, client, String(port), String(proxy.port)], { env });
  return stdout;
}

it('the variable switches it off for whoever says nothing about it', async () => {
  const server = await startTls();
  expect(await run('bare', server.port)).toContain('connected');
  expect(server.came()).toBe('text');
});

it('the program says what is wrong with the certificate, and not that none is checked', async () => {
  const { port, came } = await startTls();
  const login = { username: 'crm', password: 'geheim', proxy: false };
  const installation = install(sampleConfig({ stream: { type: 'socialcast', url: `https://localhost:${port}`, ...login } }));
  const ended = await installation.run(['Case', '268435457', '268435457'], { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
  expect(ended).toMatchObject({ code: 75, stderr: expect.stringContaining('signed by nobody whom we trust') as string });
  expect(ended.stderr).not.toMatch(/warning|NODE_TLS/i);
  expect(came()).toBe('');
});

it.each<[string, () => Promise<Server>]>([
  ['http', startTls],
  ['http through a proxy', startTls],
  ['https through a proxy with TLS', startTls],
  ['http through a proxy with TLS', startTls],
  ['mail (implicit)', startTls],
  ['mail (starttls)', startMail],
  ['SQL Server', startSql],
  ['SQL Server (TDS 8.0)', startSql],
])('%s checks the certificate all the same, and sends nothing', async (client, start) => {
  const server = await start();
  expect(await run(client, server.port)).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|caFile/);
  expect(server.came()).toBe('');
});
