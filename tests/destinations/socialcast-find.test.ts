// Asking Socialcast whether a message in doubt is there, over real TCP.

import { createServer, type AddressInfo } from 'node:net';
import type { Message } from '../../src/core/message';
import { socialcast } from '../../src/destinations/socialcast/index';
import type { SocialcastOptions } from '../../src/destinations/socialcast/options';
import { standIn } from '../support/closing';
import { attempt, ask, optionsOf, sampleDelivery, spellingsOf } from '../support/destination';
import { listXml, messageXml, startSocialcast, type Reply } from '../support/socialcast-server';

const PASSWORD = 'pa:ß wörd/+&=100%';
const LOGIN = { username: 'crm@example.com', password: PASSWORD };

const start = (setup: Parameters<typeof startSocialcast>[0] = {}) => standIn(startSocialcast({ ...LOGIN, ...setup }));

const optionsAt = (url: string, changes: Readonly<Record<string, unknown>> = {}) =>
  optionsOf(socialcast, { url, ...LOGIN, proxy: false, ...changes });

/** Asks for a message since so many ms ago. */
const find = (
  options: SocialcastOptions,
  { message = {}, ago = 0, ms = 5_000 }: { message?: Partial<Message>; ago?: number; ms?: number } = {},
) => ask(socialcast, options, { delivery: sampleDelivery(message), ago, ms });

const candidates = (...ids: readonly string[]) => ({
  kind: 'candidates',
  receipts: ids.map((id) => ({ id, permalink: expect.stringContaining(`/messages/${id}-`) as string })),
});

describe('a message in doubt', () => {
  it('is found where the server kept it and nobody heard of it', async () => {
    const server = await start();
    const options = optionsAt(server.url);
    server.answer('keep and reset');
    expect(await attempt(socialcast, options)).toMatchObject({ kind: 'unknown' });
    expect(await find(options)).toEqual(candidates('90'));
  });

  it('is not found where it never arrived', async () => {
    const server = await start();
    await attempt(socialcast, optionsAt(server.url), { delivery: sampleDelivery({ title: 'another one' }) });
    expect(await find(optionsAt(server.url))).toEqual(candidates());
  });

  it('is asked for with the login, by when the attempt was and more than a day before', async () => {
    const server = await start();
    const before = Math.floor(Date.now() / 1_000);
    await find(optionsAt(server.url), { ago: 3_600_000 });
    expect(server.requests.map(({ method, path }) => `${method} ${path.replace(/since=\d+/, 'since=…')}`)).toEqual([
      'GET /api/userinfo.xml',
      'GET /api/users/7/messages.xml?since=…&per_page=50&page=1',
    ]);
    const since = Number(/since=(\d+)/.exec(server.requests[1]?.path ?? '')?.[1]);
    // The server tells its time in whole seconds, and may seem to be behind by one of them.
    expect(since).toBeGreaterThanOrEqual(before - 3_721 - 86_400);
    expect(since).toBeLessThanOrEqual(before - 3_720 - 86_400 + 5);
    expect(server.requests[1]?.headers).toMatchObject({ accept: 'application/xml', 'user-agent': 'publish-activity/1.2.3' });
  });

  it.each([
    ['3 minutes', 180_000],
    ['a day', 86_400_000],
  ])('is found where the clock of the attempt was %s ahead', async (_, ahead) => {
    const server = await start();
    await attempt(socialcast, optionsAt(server.url));
    expect(await find(optionsAt(server.url), { ago: -ahead })).toEqual(candidates('90'));
  });

  it('is found once for each post that says the same, the newest first', async () => {
    const server = await start();
    const options = optionsAt(server.url);
    await attempt(socialcast, options);
    await attempt(socialcast, options);
    expect(await find(options)).toEqual(candidates('91', '90'));
  });

  it('goes below the path of a server on premise, and where the configuration says', async () => {
    const server = await start({ path: '/socialcast/api/messages.xml' });
    const options = optionsAt(`${server.url}/socialcast`);
    await attempt(socialcast, options);
    expect(await find(options)).toEqual(candidates('90'));
    const elsewhere = optionsAt(server.url, {
      accountPath: '/socialcast/api/userinfo.xml',
      ownMessagesPath: '/socialcast/api/users/{id}/messages.xml',
    });
    expect(await find(elsewhere)).toEqual(candidates('90'));
  });

  it.each<[string, Partial<Message>, boolean]>([
    ['the same', {}, true],
    ['with blanks and line ends of its own', { body: 'Case  Title:\r\nThe printer\tis on fire ' }, true],
    [
      'with characters that XML forbids, which never went out',
      { title: 'Created\u0000 Case for Ann Example at Example Ltd' },
      true,
    ],
    ['with another title', { title: 'Close for Ann Example at Example Ltd' }, false],
    ['with another body', { body: 'Case Title: The printer is off' }, false],
    ['with another tag', { tags: ['crm'] }, false],
    ['with another link', { url: 'http://server/dovetail/Cases/Summary/10043' }, false],
    ['with the link in another spelling', { url: 'HTTP://SERVER:80/dovetail/Cases/Summary/10042' }, true],
  ])('%s is the posted one or not', async (_, message, isThere) => {
    const server = await start();
    await attempt(socialcast, optionsAt(server.url));
    expect(await find(optionsAt(server.url), { message })).toEqual(candidates(...(isThere ? ['90'] : [])));
  });
});

const CUT = { reason: expect.stringContaining('cut off') as string };

describe('the list of messages', () => {
  const own = (id: number) => messageXml(id, { title: `Number ${id}`, body: 'x', url: '' }, 'https://x.example');
  const wanted = messageXml(
    5,
    {
      title: 'Created Case for Ann Example at Example Ltd',
      body: 'Case Title: The printer is on fire #dovetailCRM',
      url: 'http://server/dovetail/Cases/Summary/10042',
    },
    'https://x.example',
  );
  const user = { status: 200, body: '<user><id type="integer">7</id></user>' };
  const list = (...messages: readonly string[]) => ({ status: 200, body: listXml(messages) });
  const part = (from: string, to: string) => ({ status: 200, body: list(own(9)).body.replace(from, to) });
  const many = (from: number, count: number) => Array.from({ length: count }, (_, index) => own(from + index));

  it.each<[string, readonly Reply[], object]>([
    ['one page', [user, list(own(9), wanted)], candidates('5')],
    ['two pages', [user, list(...many(100, 50)), list(...many(200, 3), wanted)], candidates('5')],
    ['pages of the size that the server likes', [user, list(...many(100, 20)), list(wanted)], candidates('5')],
    ['a full page and an empty one', [user, list(...many(100, 50)), list()], candidates()],
    ['an empty list as Rails spells it', [user, { status: 200, body: '<nil-classes type="array"/>' }], candidates()],
    ['a message that moved to the next page meanwhile', [user, list(...many(100, 49), wanted), list(wanted)], candidates('5')],
    [
      "somebody else's message with the same words",
      [user, list(wanted.replace('<id type="integer">7</id>', '<id type="integer">8</id>'))],
      candidates(),
    ],
    ['underscores for dashes', [user, list(wanted.replaceAll('external-url', 'external_url'))], candidates('5')],
  ])('is read with %s', async (_, replies, finding) => {
    const server = await start();
    server.answer(...replies);
    expect(await find(optionsAt(server.url))).toEqual(finding);
  });

  it.each<[string, readonly Reply[], object]>([
    ['a refused login', [{ status: 401 }], { reason: expect.stringContaining('refuses the login') as string }],
    ['a refused login at the list', [user, { status: 401 }], { reason: expect.stringContaining('401') as string }],
    ['a login page', [user, { status: 200, body: '<html><title>Log in</title></html>' }], {}],
    ['an answer that does not say who the login is', [{ status: 200, body: '<user><name>Me</name></user>' }], {}],
    ['a number of a user that is none', [{ status: 200, body: '<user><id>7/../8</id></user>' }], {}],
    ['no answer with a body', [user, { status: 204 }], {}],
    ['a redirect', [{ status: 302, headers: { Location: 'https://evil.example/' } }], {}],
    ['another path', [user, { status: 404 }], {}],
    ['a server in trouble', [user, { status: 503, headers: { 'Retry-After': '60' } }], { afterMs: 60_000 }],
    ['a cut connection', [user, 'reset'], {}],
    ['silence', [user, 'hang'], { reason: expect.stringContaining('no answer in time') as string }],
    ['a page that comes again and again', [user, list(...many(100, 50)), list(...many(100, 50))], {}],
    ['a list that is not closed', [user, part('</messages>', '')], CUT],
    ['a list that ends in a message', [user, part('</message>\n</messages>', '<message><id>1</id><title>Crea')], CUT],
    ['a list that ends in a tag', [user, part('</messages>', '</mess')], CUT],
    ['a list with an end too many', [user, part('</messages>', '</message></messages>')], CUT],
    ['a list with something after it', [user, part('</messages>', '</messages><p>Timeout</p>')], CUT],
    ['an empty list that is not closed', [user, { status: 200, body: '<nil-classes type="array">' }], CUT],
    ['a second page that is not closed', [user, list(...many(100, 50)), part('</messages>', '')], CUT],
    ['the same words without an id', [user, list(wanted.replace('<id type="integer">5</id>', '<id nil="true"/>'))], {}],
    [
      'more than is ever read of an answer',
      [user, list(...many(100, 40), `<message><body>${'x'.repeat(1_048_576)}</body></message>`)],
      {},
    ],
  ])('leaves one in doubt with %s', async (_, replies, more) => {
    const server = await start();
    server.answer(...replies);
    expect(await find(optionsAt(server.url), { ms: 800 })).toMatchObject({
      kind: 'unknown',
      reason: expect.any(String) as string,
      ...more,
    });
    expect(server.posts).toEqual([]);
  });

  it('leaves one in doubt where the connection ends in the middle, and nothing says how long the answer is', async () => {
    const cut = listXml([own(9), own(8)]).slice(0, -200);
    const answers = ['<user><id type="integer">7</id></user>', cut];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(`HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n${answers.shift()}`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const finding = await find(optionsAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    await new Promise((resolve) => server.close(resolve));
    expect(finding).toMatchObject({ kind: 'unknown', ...CUT });
    expect(answers).toEqual([]);
  });

  it('leaves one in doubt where nobody listens', async () => {
    const server = await start();
    await server.close();
    expect(await find(optionsAt(server.url), { ms: 1_000 })).toMatchObject({ kind: 'unknown' });
  });

  it('gives no secret away', async () => {
    const server = await start();
    server.answer({ status: 400, body: `<title>${PASSWORD}</title>` });
    const finding = JSON.stringify(await find(optionsAt(server.url)));
    for (const spelling of spellingsOf(PASSWORD)) expect(finding).not.toContain(spelling);
  });
});
