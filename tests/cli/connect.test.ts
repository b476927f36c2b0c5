// Users agree at Google, as people meet it: the built program, a browser, and the stand-in.

import { connect as dial } from 'node:net';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installGoogle, led, over, page, type Connecting, type GoogleInstallation } from '../support/connecting';
import { startGoogleServer, type GoogleServer } from '../support/google/google-server';
import type { Mishap } from '../support/google/mishaps';
import { freePort } from '../support/free-port';
import { onPosix } from '../support/program';

jest.setTimeout(60_000);

const EMAIL = 'agent1@brightwater.example';
const AUTH = 'https://www.googleapis.com/auth/';

let google: GoogleServer;
let here: GoogleInstallation;

beforeEach(async () => {
  google = await startGoogleServer();
  for (const email of [EMAIL, 'agent2@brightwater.example', 'private@example.com']) google.addUser(email);
  google.consent({ kind: 'allow', user: EMAIL });
  here = await installGoogle(google.endpoints);
});
afterEach(() => google.close());

/** Goes the whole way: opens the address, and is led back. */
async function agree(connecting: Connecting): Promise<string> {
  return page(await led(connecting.address));
}

const said = (text: string) => expect.stringContaining(text) as string;

/** Who agreed, as `connect --list --json` tells. */
async function listed(at = here): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const lines = (await at.run('connect', '--list', '--json')).stdout.trim().split('\n');
  const all = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(all.map(({ user, state, account, why }) => [String(user), [state, account, why]] as const));
}

const MISSING = ['missing', null, 'has not agreed'];
const GIVEN = ['given', EMAIL, ''];

describe('connect', () => {
  it('keeps what a user agrees to, and shows a page that says so', async () => {
    const connecting = await here.connect(' AGENT1 ');
    const asked = new URL(connecting.address).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      ...{ access_type: 'offline', prompt: 'consent', login_hint: EMAIL, code_challenge_method: 'S256' },
      scope: [
        'openid email',
        ...['calendar.app.created', 'calendar.calendarlist.readonly', 'tasks', 'contacts'].map((one) => AUTH + one),
      ].join(' '),
    });
    expect(connecting.printed()).toContain('agent1 opens this address in a browser on this computer within 5 min, and agrees:');
    expect(await agree(connecting)).toBe(
      '200 Thank you Your entries will be kept in step with the CRM. You can close this page.',
    );
    expect(await connecting.end).toMatchObject({ code: 0, stderr: said(`agent1 agreed at Google as ${EMAIL}`) });
    expect(await listed()).toEqual({ agent1: GIVEN, agent2: MISSING });
    const { stdout } = await here.run('connect', '--list');
    expect(stdout).toMatch(/^agent1 agreed as agent1@brightwater\.example since 20\S+ \(.*\)\nagent2 has not agreed\n$/);
  });

  it('lets sync in from then on', async () => {
    expect(await here.run('sync')).toMatchObject({ code: 77 });
    const connecting = await here.connect('agent1');
    await agree(connecting);
    await connecting.end;
    expect((await here.run('sync', '--user', 'agent1')).code).toBe(0);
    expect(google.calendars(EMAIL)).toHaveLength(2);
  });

  it('replaces what the user agreed to before', async () => {
    for (const words of [['agent1'], ['agent1', '--verbose']]) {
      const connecting = await here.connect(...words);
      await agree(connecting);
      expect((await connecting.end).code).toBe(0);
    }
    expect(google.oauth.tokens.refresh.size).toBe(2);
    const [old = ''] = google.oauth.tokens.refresh.keys();
    google.oauth.tokens.revoke(old);
    expect((await here.run('sync', '--user', 'agent1')).code).toBe(0);
  });

  it('prints the address as JSON, and where it listens', async () => {
    const port = await freePort();
    const connecting = await here.connect('agent1', '--json', '--port', String(port));
    expect(JSON.parse(connecting.printed())).toEqual({
      ...{ format: 1, kind: 'address', user: 'agent1', address: connecting.address, seconds: 300 },
      ...{ redirectUri: `http://127.0.0.1:${port}`, port },
    });
    await agree(connecting);
    expect((await connecting.end).code).toBe(0);
  });

  it.each<[string, Parameters<GoogleServer['consent']>[0], string, string]>([
    ['says no', { kind: 'deny' }, 'You said no Nothing was kept.', 'agent1 said no (access_denied); nothing was kept'],
    [
      'unticks a box',
      { kind: 'allow', user: EMAIL, without: [`${AUTH}calendar.calendarlist.readonly`] },
      'Not everything was allowed Nothing was kept.',
      `agent1 did not allow everything: ${AUTH}calendar.calendarlist.readonly is missing; nothing was kept`,
    ],
    [
      'chooses another account',
      { kind: 'allow', user: 'private@example.com' },
      'This is another account Nothing was kept.',
      `private@example.com agreed, and the CRM has ${EMAIL} for agent1; nothing was kept`,
    ],
  ])('keeps nothing of a user who %s', async (_, consent, shown, words) => {
    google.consent(consent);
    const connecting = await here.connect('agent1');
    expect(await agree(connecting)).toContain(`200 ${shown}`);
    expect(await connecting.end).toMatchObject({ code: 77, stderr: said(words) });
    expect(await listed()).toEqual({ agent1: MISSING, agent2: MISSING });
  });

  it('takes another account where that is said', async () => {
    google.consent({ kind: 'allow', user: 'private@example.com' });
    const connecting = await here.connect('agent1', '--as-is');
    await agree(connecting);
    expect((await connecting.end).code).toBe(0);
    expect(await listed()).toMatchObject({ agent1: ['given', 'private@example.com', ''] });
    google.consent({ kind: 'allow', user: EMAIL });
    const back = await here.connect('agent1');
    await agree(back);
    expect(await back.end).toMatchObject({ code: 0, stderr: said('it was private@example.com before') });
  });

  it('ends where nobody answers in time', async () => {
    const connecting = await here.connect('agent1', '--timeout', '300ms');
    expect(await connecting.end).toMatchObject({
      code: 75,
      stderr: said('agent1 has not agreed: nobody answered within 0 s; nothing was kept'),
    });
    await expect(fetch(connecting.redirect)).rejects.toThrow();
  });

  onPosix('is broken off with Ctrl-C', async () => {
    const connecting = await here.connect('agent1');
    connecting.interrupt();
    expect(await connecting.end).toMatchObject({ code: 75, stderr: said('it was broken off; nothing was kept') });
  });

  it.each<[string, Mishap, string, string, number]>([
    ['is down', { kind: 'status', status: 503 }, 'the server answers 503', 'It did not work this time', 75],
    ['breaks off', { kind: 'reset', done: true }, 'ECONNRESET', 'It did not work this time', 75],
    ['answers with a page', { kind: 'page' }, 'no answer of OAuth', 'It did not work', 77],
  ])('keeps nothing while the server of tokens %s', async (_, what, words, shown, code) => {
    google.misbehave({ method: 'token', what });
    const connecting = await here.connect('agent1');
    expect(await agree(connecting)).toContain(`200 ${shown} Nothing was kept.`);
    expect(await connecting.end).toMatchObject({ code, stderr: said(words) });
    expect(await listed()).toMatchObject({ agent1: MISSING });
  });

  it('tells a client that is not let in from a user who is not', async () => {
    const wrong = await installGoogle(google.endpoints, { clientSecret: 'GOCSPX-another' });
    const connecting = await wrong.connect('agent1');
    await agree(connecting);
    expect(await connecting.end).toMatchObject({ code: 78, stderr: said('invalid_client') });
  });

  it.each<[string, readonly string[], number, string]>([
    ['nobody', [], 64, 'connect takes a login, or several'],
    ['a login that is none', ['agent1', ' '], 64, 'connect takes a login, or several'],
    ['one browser for two', ['agent1', 'agent2', '--open'], 64, '--open opens the address of one user'],
    ['a login beside --all', ['agent1', '--all'], 64, 'connect --all takes no login'],
    ['--all beside --list', ['--all', '--list'], 64, ''],
    ['somebody who is not kept in step', ['pmorales'], 66, 'pmorales is not kept in step'],
    ['a login beside --list', ['agent1', '--list'], 64, 'connect --list takes no login'],
    ['an address without TLS', ['agent1', '--callback', 'http://crm.example.com/'], 64, '--callback takes an https address'],
    ['a port that is none', ['agent1', '--port', '65536'], 64, 'is no port'],
    ['an address that nobody would see', ['agent1', '--quiet'], 64, ''],
  ])('refuses %s', async (_, words, code, message) => {
    expect(await here.run('connect', ...words)).toMatchObject({ code, stderr: said(message) });
  });

  onPosix('opens the address where that is said, in a browser that gets no secret', async () => {
    const opener = join(here.program.folder, 'xdg-open');
    const opened = join(here.program.folder, 'opened');
    writeFileSync(opener, `#!/bin/sh\nenv > "${opened}.env"\nprintf '%s' "$#:$1" > "${opened}"\n`, { mode: 0o755 });
    const env = { ...here.env, PATH: `${here.program.folder}:${process.env['PATH'] ?? ''}`, DISPLAY: ':7' };
    const connecting = await over(here.program, env).connect('agent1', '--open');
    await agree(connecting);
    expect((await connecting.end).code).toBe(0);
    expect(readFileSync(opened, 'utf8')).toBe(`1:${connecting.address}`);
    expect(readFileSync(`${opened}.env`, 'utf8')).toMatch(/^DISPLAY=:7$/m);
    expect(readFileSync(`${opened}.env`, 'utf8')).not.toContain('VAULT_KEY');
  });

  onPosix('goes on where no browser can be opened', async () => {
    const nowhere = over(here.program, { ...here.env, PATH: here.program.folder });
    const connecting = await nowhere.connect('agent1', '--open');
    await agree(connecting);
    expect(await connecting.end).toMatchObject({ code: 0, stdout: said('no browser could be opened here') });
  });

  it('says who has its port', async () => {
    const first = await here.connect('agent1');
    expect(await here.run('connect', 'agent2', '--port', first.redirect.port)).toMatchObject({
      code: 64,
      stderr: said('EADDRINUSE'),
    });
    await agree(first);
    expect((await first.end).code).toBe(0);
  });

  it('says that nobody has to agree where that is so', async () => {
    const folder = await installGoogle({}, {});
    const config = JSON.parse(readFileSync(folder.program.configFile, 'utf8')) as Record<string, unknown>;
    config['groupware'] = { type: 'folder', folder: 'groupware', users: 'all' };
    writeFileSync(folder.program.configFile, JSON.stringify(config));
    for (const words of [['agent1'], ['--list']])
      expect(await folder.run('connect', ...words)).toMatchObject({ code: 0, stderr: said('needs no consent of users') });
  });
});

describe('connect of several users', () => {
  const OTHER = 'agent2@brightwater.example';
  /** Both addresses, once they are printed. */
  const both = async (connecting: Connecting) => {
    while (connecting.addresses().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    return connecting.addresses() as readonly [string, string];
  };
  const opened = async (address: string, consent: Parameters<GoogleServer['consent']>[0]) => {
    google.consent(consent);
    return led(address);
  };

  it('keeps what each of them agrees to, though they answer at once', async () => {
    google.misbehave({ method: 'token', what: { kind: 'slow', ms: 300 } });
    const connecting = await here.connect('agent2', 'agent1', 'AGENT1');
    const [second, first] = await both(connecting);
    const answers = [await opened(first, { kind: 'allow', user: EMAIL }), await opened(second, { kind: 'allow', user: OTHER })];
    for (const shown of await Promise.all(answers.map((answer) => page(answer)))) expect(shown).toContain('200 Thank you');
    expect(await connecting.end).toMatchObject({ code: 0, stderr: said('2 users agreed') });
    expect(connecting.printed()).toContain(`agent2 agreed at Google as ${OTHER}`);
    expect(await listed()).toEqual({ agent1: GIVEN, agent2: ['given', OTHER, ''] });
  });

  it('lets an address be opened again until its user agreed, and no longer', async () => {
    const connecting = await here.connect('--all', '--json');
    const [first, second] = await both(connecting);
    const isolated = (address: string) => new URL(address).searchParams.get('login_hint');
    expect([first, second].map(isolated)).toEqual([EMAIL, OTHER]);
    expect(await page(await opened(first, { kind: 'deny' }))).toContain('200 You said no');
    expect(await page(await opened(first, { kind: 'allow', user: OTHER }))).toContain('200 This is another account');
    expect(await page(await opened(first, { kind: 'allow', user: EMAIL }))).toContain('200 Thank you');
    expect(await page(await opened(first, { kind: 'allow', user: EMAIL }))).toMatch(/^404/);
    expect(await page(await opened(second, { kind: 'allow', user: OTHER }))).toContain('200 Thank you');
    expect((await connecting.end).code).toBe(0);
    const lines = connecting.printed().trim().split('\n');
    const ends = lines.map((line) => JSON.parse(line) as { kind?: string; user?: string; end?: string });
    expect(ends.filter(({ kind }) => kind === 'answered').map(({ user, end }) => [user, end])).toEqual([
      ['agent1', 'denied'],
      ['agent1', 'account'],
      ['agent1', 'kept'],
      ['agent2', 'kept'],
    ]);
    expect(await here.run('connect', '--all')).toMatchObject({ code: 0, stderr: said('nobody is left to be asked') });
  });

  it('keeps what those agreed to who did when the time is over, and asks the others with --all', async () => {
    const connecting = await here.connect('agent1', 'agent2');
    const [first] = await both(connecting);
    expect(await page(await opened(first, { kind: 'allow', user: EMAIL }))).toContain('200 Thank you');
    connecting.interrupt();
    expect(await connecting.end).toMatchObject({
      code: 75,
      stderr: said('1 of 2 users agreed, and agent2 did not: it was broken off'),
    });
    expect(await listed()).toEqual({ agent1: GIVEN, agent2: MISSING });
    expect(await here.run('connect', '--all', '--timeout', '300ms')).toMatchObject({
      code: 75,
      stdout: said('agent2 opens this address'),
      stderr: said('agent2 has not agreed: nobody answered within 0 s'),
    });
  });

  it('leaves out with --all whose e-mail address the CRM does not have', async () => {
    const without = await installGoogle(google.endpoints, {}, undefined, (crm) =>
      crm.exec("UPDATE table_employee SET e_mail = ''"),
    );
    const { code, stdout, stderr } = await without.run('connect', '--all');
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: said('nobody is left to be asked') });
    expect(stdout).toMatch(/^agent1 is left out: the CRM has no e-mail address of agent1.*\nagent2 is left out: .*\n$/);
  });

  it('ends at once where the client is let in for nobody', async () => {
    const wrong = await installGoogle(google.endpoints, { clientSecret: 'GOCSPX-another' });
    const connecting = await wrong.connect('agent1', 'agent2');
    const [first] = await both(connecting);
    expect(await page(await opened(first, { kind: 'allow', user: EMAIL }))).toContain('200 It did not work');
    expect(await connecting.end).toMatchObject({ code: 78, stderr: said('invalid_client') });
  });
});

describe('While connect waits', () => {
  it('nothing but the answer is taken', async () => {
    const connecting = await here.connect('agent1');
    const answer = await led(connecting.address);
    const changed = (work: (url: URL) => void) => {
      const url = new URL(answer);
      work(url);
      return url;
    };
    const nothing = /^404 /;
    for (const stray of [
      changed((url) => (url.search = '')),
      changed((url) => (url.pathname = '/favicon.ico')),
      changed((url) => (url.pathname = '/elsewhere')),
      changed((url) => url.searchParams.set('state', 'another')),
      changed((url) => url.searchParams.delete('state')),
      changed((url) => (url.hostname = 'localhost')),
    ])
      expect(await page(stray)).toMatch(nothing);
    for (const method of ['POST', 'PUT', 'HEAD', 'OPTIONS']) expect(await page(answer, { method })).toMatch(/^404/);
    expect(connecting.printed()).toContain('an answer arrived that does not belong to this address');
    expect(await page(answer)).toContain('200 Thank you');
    expect((await connecting.end).code).toBe(0);
  });

  it('a second answer changes nothing', async () => {
    google.misbehave({ method: 'token', what: { kind: 'slow', ms: 400 } });
    const connecting = await here.connect('agent1');
    const answer = await led(connecting.address);
    const pages = await Promise.all([page(answer), page(answer)]);
    expect(pages.map((each) => each.slice(0, 3)).sort()).toEqual(['200', '404']);
    expect((await connecting.end).code).toBe(0);
    expect(google.oauth.tokens.refresh.size).toBe(1);
  });

  it('a browser that goes away before its page does no harm', async () => {
    const connecting = await here.connect('agent1');
    const answer = await led(connecting.address);
    const socket = dial(Number(answer.port), '127.0.0.1');
    socket.write(`GET ${answer.pathname}${answer.search} HTTP/1.1\r\nHost: ${answer.host}\r\n\r\n`);
    await once(socket, 'connect');
    setTimeout(() => socket.destroy(), 50);
    expect((await connecting.end).code).toBe(0);
    expect(await listed()).toMatchObject({ agent1: GIVEN });
  });

  it('whoever is hostile keeps nobody out', async () => {
    const connecting = await here.connect('agent1');
    const port = Number(connecting.redirect.port);
    const sockets = Array.from({ length: 200 }, () => dial(port, '127.0.0.1').on('error', () => undefined));
    const closed = sockets.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
    const connected = sockets.map((socket) => new Promise<void>((resolve) => socket.once('connect', resolve)));
    await Promise.all(sockets.map((_, index) => Promise.race([connected[index], closed[index]])));
    let told = 0;
    for (const socket of sockets) socket.on('data', () => (told += 1)).write('GET /?code=x HTTP/1.1\r\nHost: ');
    const huge = dial(port, '127.0.0.1').on('error', () => undefined);
    huge.write(`GET /?code=${'x'.repeat(1_000_000)} HTTP/1.1\r\n\r\n`);
    const [refusal] = (await once(huge, 'data')) as [Buffer];
    expect(refusal.toString('latin1')).toMatch(/^HTTP\/1\.1 400 /);
    // Whoever came first had to go, without waiting for its time to be over.
    await Promise.all(closed.slice(0, 150));
    expect(told).toBe(0);
    expect(await agree(connecting)).toContain('200 Thank you');
    expect((await connecting.end).code).toBe(0);
    for (const socket of [...sockets, huge]) socket.destroy();
  });

  it('its page asks nobody for anything, and its address goes nowhere', async () => {
    const connecting = await here.connect('agent1');
    const answer = await fetch(await led(connecting.address));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...{ connection: 'close', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      ...{ 'content-security-policy': said("default-src 'none'"), 'content-type': 'text/html; charset=utf-8' },
    });
    expect(await answer.text()).not.toMatch(/https?:|src=|href=|agent1/);
    await connecting.end;
  });
});

describe('connect --callback', () => {
  it('takes the answer from a proxy, whatever path that keeps', async () => {
    const callback = 'https://crm.example.com/consent';
    google.addClient({ id: 'web', secret: 'of the web', kind: 'web', redirectUris: [callback] });
    const web = await installGoogle(google.endpoints, { clientId: 'web', clientSecret: 'of the web' });
    const connecting = await web.connect('agent1', '--callback', callback);
    const port = /port (\d+) of 127\.0\.0\.1/.exec(connecting.printed())?.[1] ?? '';
    const answer = await led(connecting.address);
    expect(answer.origin + answer.pathname).toBe(callback);
    const passedOn = `http://127.0.0.1:${port}/kept/by/the/proxy${answer.search}`;
    expect(await page(passedOn, { headers: { 'X-Forwarded-Host': 'crm.example.com' } })).toContain('200 Thank you');
    expect((await connecting.end).code).toBe(0);
    expect(await listed(web)).toMatchObject({ agent1: GIVEN });
  });
});
