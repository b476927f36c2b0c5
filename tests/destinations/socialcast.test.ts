import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../../src/core/outcome';
import { socialcast } from '../../src/destinations/socialcast/index';
import type { Tools } from '../../src/destinations/destination';
import { closedLater, standIn } from '../support/closing';
import { attempt, checkOptions, optionsOf, sampleDelivery, spellingsOf, tools } from '../support/destination';
import { startProxy } from '../support/proxy-server';
import type { Reply, SocialcastSetup } from '../support/socialcast-server';
import { startSocialcast } from '../support/socialcast-server';
import { authority, certificate } from '../support/tls/certificates';
import { FAULTS, describeDestination } from './suite';

const PASSWORD = 'pa:ß wörd/+&=100%';
const LOGIN = { username: 'crm@example.com', password: PASSWORD };

describeDestination('socialcast', socialcast, FAULTS, async () => {
  const server = await startSocialcast(LOGIN);
  const next = (reply: Reply) => () => server.answer(reply);
  const echo = `<errors><error>you sent ${PASSWORD} as Basic ${Buffer.from(`crm@example.com:${PASSWORD}`).toString('base64')}</error></errors>`;
  return {
    raw: { url: server.url, username: LOGIN.username, password: { env: 'SECRET' }, proxy: false },
    env: { SECRET: PASSWORD },
    faults: {
      unreachable: server.close,
      'login refused': next({ status: 401, body: echo }),
      'message refused': next({ status: 422, body: echo.replace('you sent', 'Body is not') }),
      overloaded: next({ status: 503, body: `<title>${encodeURIComponent(PASSWORD)}</title>` }),
      'cut off after sending': next('reset'),
      'silent after sending': next('hang'),
      'nonsense as success': next({ status: 200, body: `<title>${PASSWORD}</title>` }),
    },
    posted: () => server.posts.length,
    close: server.close,
  };
});

const start = (setup: SocialcastSetup = {}, ...replies: Reply[]) => standIn(startSocialcast({ ...LOGIN, ...setup }), ...replies);

const optionsAt = (url: string, changes: Readonly<Record<string, unknown>> = {}) =>
  optionsOf(socialcast, { url, ...LOGIN, proxy: false, ...changes });

const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>';

describe('the request', () => {
  const url = 'https://example.socialcast.com';

  it('is the one that the script of 2010 sent', () => {
    expect(socialcast.encode(sampleDelivery(), optionsAt(url))).toEqual({
      url: 'https://example.socialcast.com/api/messages.xml',
      headers: { 'Content-Type': 'application/xml', Accept: 'application/xml' },
      body:
        `${PROLOG}<message>` +
        '<title><![CDATA[Created Case for Ann Example at Example Ltd]]></title>' +
        '<body><![CDATA[Case Title: The printer is on fire #dovetailCRM]]></body>' +
        '<url><![CDATA[http://server/dovetail/Cases/Summary/10042]]></url>' +
        '</message>',
    });
  });

  it.each([
    ['an empty body is a blank and the tag', { body: '' }, {}, '<body><![CDATA[ #dovetailCRM]]></body>'],
    ['each tag gets a blank', { body: 'B', tags: ['one', 'two'] }, {}, '<body><![CDATA[B #one #two]]></body>'],
    ['no tag, no blank', { body: 'B', tags: [] }, {}, '<body><![CDATA[B]]></body>'],
    [
      'group and type come last',
      {},
      { groupId: 17, messageType: 'idea' },
      '</url><group-id><![CDATA[17]]></group-id><message-type><![CDATA[idea]]></message-type></message>',
    ],
    ['the end of CDATA is split', { title: 'a]]>b' }, {}, '<title><![CDATA[a]]]]><![CDATA[>b]]></title>'],
  ])('%s', (_, message, options, part) => {
    expect(socialcast.encode(sampleDelivery(message), optionsAt(url, options)).body).toContain(part);
  });

  it('has no url element where the message has no address', () => {
    expect(socialcast.encode(sampleDelivery({ url: '' }), optionsAt(url)).body).not.toContain('url');
  });

  it('goes to a server on premise below its path', () => {
    expect(socialcast.encode(sampleDelivery(), optionsAt('https://intranet/socialcast/')).url).toBe(
      'https://intranet/socialcast/api/messages.xml',
    );
    expect(socialcast.encode(sampleDelivery(), optionsAt('https://intranet', { path: '/x.xml' })).url).toBe(
      'https://intranet/x.xml',
    );
  });

  it('is shown as it is, but for the login', () => {
    const options = optionsAt(url);
    const payload = socialcast.encode(sampleDelivery(), options);
    expect(socialcast.preview(payload, options)).toEqual({
      line: 'POST https://example.socialcast.com/api/messages.xml',
      headers: { ...payload.headers, Authorization: 'Basic ***' },
      body: payload.body,
    });
  });

  it('arrives as it was encoded, and gives back what the server made of it', async () => {
    const server = await start({ path: '/socialcast/api/messages.xml' });
    const options = optionsAt(`${server.url}/socialcast`, { groupId: 17, messageType: 'idea' });
    const outcome = await attempt(socialcast, options);
    expect(outcome).toEqual({ kind: 'delivered', receipt: { id: '90', permalink: `${server.url}/messages/90-posted-by-crm` } });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.body).toBe(socialcast.encode(sampleDelivery(), options).body);
    expect(server.requests[0]?.headers).toMatchObject({
      'content-type': 'application/xml',
      'user-agent': 'publish-activity/1.2.3',
    });
    expect(server.posts).toEqual([
      {
        title: 'Created Case for Ann Example at Example Ltd',
        body: 'Case Title: The printer is on fire #dovetailCRM',
        url: 'http://server/dovetail/Cases/Summary/10042',
        groupId: '17',
        messageType: 'idea',
      },
    ]);
  });
});

describe('the receipt', () => {
  const answered = async (body: string, status = 201) => attempt(socialcast, optionsAt((await start({}, { status, body })).url));

  it.each([
    [
      'id and permalink',
      '<message><id type="integer">5</id><permalink-url>https://x.example/5</permalink-url></message>',
      { id: '5', permalink: 'https://x.example/5' },
    ],
    [
      'the other spelling',
      '<message><id>5</id><permalink_url>https://x.example/5</permalink_url></message>',
      { id: '5', permalink: 'https://x.example/5' },
    ],
    ['no script', '<message><id>5</id><permalink-url>javascript:alert(1)</permalink-url></message>', { id: '5' }],
    ['no login', '<message><id>5</id><permalink-url>https://a:b@x.example/</permalink-url></message>', { id: '5' }],
    ['no relative address', '<message><id>5</id><permalink-url>/messages/5</permalink-url></message>', { id: '5' }],
    ['no null', '<message><id nil="true"/><permalink-url nil="true"/></message>', {}],
    ['no id with a line end', '<message><id>5&#10;6</id></message>', {}],
    ['not the id of somebody else', '<message><user><id>7</id></user></message>', {}],
    ['nothing of a page', '<!DOCTYPE html><html><id>5</id></html>', {}],
  ])('takes %s', async (_, body, receipt) => {
    expect(await answered(body)).toEqual({ kind: 'delivered', receipt });
  });

  it('of a body that is cut off is what came before the cut', async () => {
    const server = await start({}, 'cut body');
    expect(await attempt(socialcast, optionsAt(server.url))).toEqual({ kind: 'delivered', receipt: { id: '90' } });
  });

  it('proves a 200, and its lack leaves one in doubt', async () => {
    expect(await answered('<message><id>5</id></message>', 200)).toEqual({ kind: 'delivered', receipt: { id: '5' } });
    expect(await answered('<message><id nil="true"/></message>', 200)).toMatchObject({ kind: 'unknown' });
    expect(await answered('{"error":"no"}', 200)).toMatchObject({ kind: 'unknown' });
    expect(await answered('<html><title>Log in</title></html>', 200)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('Log in') as string,
    });
    expect(await answered('', 200)).toEqual({ kind: 'delivered', receipt: {} });
    expect(await answered('', 202)).toEqual({ kind: 'delivered', receipt: {} });
  });
});

describe('a fault', () => {
  it.each<[Reply, Partial<Outcome>]>([
    ['never read', { kind: 'unknown' }],
    ['hang', { kind: 'unknown' }],
    ['drip headers', { kind: 'unknown' }],
    ['reset', { kind: 'unknown' }],
    ['close', { kind: 'unknown' }],
    ['no http', { kind: 'unknown' }],
    ['keep and hang', { kind: 'unknown' }],
    ['drip body', { kind: 'delivered', receipt: {} }],
    [
      { status: 429, headers: { 'Retry-After': '60' } },
      { kind: 'retry', afterMs: 60_000 },
    ],
    [{ status: 502, body: '<p>' }, { kind: 'retry' }],
  ])('after the request went out is never answered with another: %j', async (reply, expected) => {
    const server = await start({}, reply);
    const outcome = await attempt(socialcast, optionsAt(server.url), { ms: 1_200 });
    expect(outcome).toMatchObject(expected);
    expect(server.connections()).toBe(1);
  });

  it('shows the errors that the server lists', async () => {
    const server = await start(
      {},
      {
        status: 422,
        body: '<errors type="array"><error>Body can&apos;t be blank</error><error>Title is too long</error></errors>',
      },
    );
    expect(await attempt(socialcast, optionsAt(server.url))).toEqual({
      kind: 'rejected',
      reason: `the server answered 422: it does not accept the message; it says "Body can't be blank / Title is too long"`,
    });
  });

  it('about the group leaves the message for when somebody has mended that', async () => {
    const body = '<errors><error>Group is closed</error></errors>';
    const server = await start({}, { status: 422, body });
    expect(await attempt(socialcast, optionsAt(server.url))).toEqual({
      kind: 'retry',
      needsRepair: true,
      reason: 'the server answered 422: it does not let us post there; it says "Group is closed"',
    });
  });

  it('of the login is told from others', async () => {
    const server = await start();
    const options = optionsAt(server.url, { password: 'wrong password' });
    expect(await attempt(socialcast, options)).toMatchObject({ kind: 'rejected', loginRefused: true });
    expect(server.posts).toEqual([]);
  });

  it('by a redirect takes the login nowhere', async () => {
    const other = await start();
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await start({}, { status, headers: { Location: `${other.url}/api/messages.xml` } });
      expect(await attempt(socialcast, optionsAt(server.url))).toMatchObject({
        kind: status === 303 ? 'unknown' : 'retry',
        reason: expect.stringContaining(other.url) as string,
      });
    }
    expect(other.connections()).toBe(0);
  });

  it('before the request went out is tried again until it works', async () => {
    const first = await start();
    await first.close();
    const options = optionsAt(first.url);
    const pending = attempt(socialcast, options);
    // The first attempt fails at once, the second one follows after 200 ms.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const revived = await closedLater(startSocialcast({ ...LOGIN, port: first.port }));
    expect(await pending).toMatchObject({ kind: 'delivered' });
    expect(revived.posts).toHaveLength(1);
  });

  it('before the request went out is given up a moment before the deadline', async () => {
    const gone = await start();
    await gone.close();
    let tries = 0;
    const http: Tools['http'] = async () => {
      const send = await tools.http();
      return (...request) => {
        tries += 1;
        return send(...request);
      };
    };
    const begin = Date.now();
    expect(await attempt(socialcast, optionsAt(gone.url), { ms: 1_000, using: { ...tools, http } })).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('ECONNREFUSED') as string,
    });
    expect(Date.now() - begin).toBeGreaterThanOrEqual(200);
    // A second wait of 400 ms would leave less than the half second that an attempt needs.
    expect(tries).toBe(2);
  });

  it('of a certificate is not tried again', async () => {
    const server = await start({ tls: certificate('expired') });
    expect(await attempt(socialcast, optionsAt(server.url))).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('CERT_HAS_EXPIRED') as string,
    });
    expect(server.connections()).toBe(1);
  });

  it('of a proxy that wants another login shows neither login', async () => {
    const proxy = await closedLater(startProxy({ login: { username: 'a', password: 'b' } }));
    const options = optionsAt('https://localhost:1', {
      proxy: `http://user:${encodeURIComponent('geheimes wort')}@127.0.0.1:${proxy.port}`,
    });
    const outcome = await attempt(socialcast, options);
    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining('407') as string });
    expect(proxy.asked).toEqual(['CONNECT localhost:1']);
    for (const secret of ['geheimes wort', PASSWORD]) {
      for (const spelling of spellingsOf(secret)) expect(JSON.stringify(outcome)).not.toContain(spelling);
    }
  });
});

describe('the options', () => {
  const folder = mkdtempSync(join(tmpdir(), 'socialcast-'));
  const caFile = join(folder, 'ca.pem');
  const notes = join(folder, 'notes.txt');
  writeFileSync(caFile, authority());
  writeFileSync(notes, 'no certificate');
  afterAll(() => rmSync(folder, { recursive: true }));

  const valid = { url: 'https://example.socialcast.com', ...LOGIN };

  it('trust a company certificate that they name', async () => {
    const server = await start({ tls: certificate('server') });
    expect(await attempt(socialcast, optionsAt(server.url, { caFile }))).toMatchObject({ kind: 'delivered' });
  });

  it.each<[object, string]>([
    [{ url: 'example.socialcast.com' }, 'url'],
    [{ url: 'https://a:b@example.socialcast.com' }, 'url'],
    [{ username: '' }, 'username'],
    [{ password: { env: 'NOT_SET' } }, 'password'],
    [{ groupId: '17' }, 'groupId'],
    [{ groupId: 0 }, 'groupId'],
    [{ path: 'api' }, 'path'],
    [{ caFile: notes }, 'caFile'],
    [{ caFile: join(folder, 'missing.pem') }, 'caFile'],
    [{ minTlsVersion: 'SSLv3' }, 'minTlsVersion'],
    [{ proxy: true }, 'proxy'],
    [{ proxy: 'proxy:3128' }, 'proxy'],
    [{ proxy: 'socks5://proxy:1080' }, 'proxy'],
    [{ proxy: 'http://user:100%@proxy' }, 'proxy'],
    [{ Password: 'x' }, 'Password'],
  ])('are refused where they are wrong: %j', (changes, key) => {
    const { problems } = checkOptions(socialcast, { ...valid, ...changes });
    expect(problems.map(({ path }) => path)).toEqual([[key]]);
    expect(JSON.stringify(problems)).not.toMatch(/100%|a:b/);
  });

  it('hold the password of a proxy as a secret of its own', () => {
    const { secrets } = checkOptions(socialcast, { ...valid, proxy: 'http://user:p%40ss@proxy:3128' });
    expect(secrets.map((secret) => secret.reveal())).toEqual([PASSWORD, 'http://user:p%40ss@proxy:3128', 'p@ss']);
  });
});
