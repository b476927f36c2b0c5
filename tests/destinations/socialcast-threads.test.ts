// Later posts about an object as comments on its first message in Socialcast, over real TCP.

import type { Message } from '../../src/core/message';
import type { Outcome, Receipt } from '../../src/core/outcome';
import { socialcast } from '../../src/destinations/socialcast/index';
import type { SocialcastOptions } from '../../src/destinations/socialcast/options';
import { standIn } from '../support/closing';
import { attempt, ask, checkOptions, optionsOf, sampleDelivery, spellingsOf } from '../support/destination';
import { commentXml, listXml, startSocialcast, type Reply } from '../support/socialcast-server';

const PASSWORD = 'pa:ß wörd/+&=100%';
const LOGIN = { username: 'crm@example.com', password: PASSWORD };
const TEXT =
  'Close for Ann Example at Example Ltd\nCase Title: The printer is on fire #dovetailCRM\nhttp://server/dovetail/Cases/Summary/10042';
const LATER = { title: 'Close for Ann Example at Example Ltd', activity: 'Close' };

const start = () => standIn(startSocialcast(LOGIN));

const optionsAt = (url: string, changes: Readonly<Record<string, unknown>> = {}) =>
  optionsOf(socialcast, { url, ...LOGIN, proxy: false, threads: true, ...changes });

const later = (first?: Receipt, message: Partial<Message> = {}) => sampleDelivery({ ...LATER, ...message }, first);

/** Posts the first message about the case, and answers its receipt. */
async function postFirst(options: SocialcastOptions): Promise<Receipt> {
  const outcome = await attempt(socialcast, options);
  if (outcome.kind !== 'delivered') throw new Error('the first message was not delivered');
  return outcome.receipt;
}

const find = (options: SocialcastOptions, first: Receipt, ago = 0, ms = 5_000) =>
  ask(socialcast, options, { delivery: later(first), ago, ms });

describe('a later post about an object', () => {
  it('is a message of its own unless threads are asked for, as the script of 2010 posted it', () => {
    const options = optionsAt('https://example.socialcast.com', { threads: false });
    expect(checkOptions(socialcast, { url: 'https://example.socialcast.com', ...LOGIN }).options?.threads).toBe(false);
    expect(socialcast.needsFirstPost?.(options)).toBe(false);
    expect(socialcast.needsFirstPost?.(optionsAt('https://example.socialcast.com'))).toBe(true);
    expect(socialcast.encode(later({ id: '90' }), options)).toEqual(socialcast.encode(later(), options));
  });

  it('is a message where the first one is not known, or gave no number back', () => {
    const options = optionsAt('https://example.socialcast.com');
    for (const first of [undefined, {}]) expect(socialcast.encode(later(first), options)).not.toHaveProperty('comment');
  });

  it('is a comment with title, text, tags and link in one text', () => {
    const options = optionsAt('https://example.socialcast.com/community');
    const payload = socialcast.encode(later({ id: '90', permalink: 'https://x.example/90' }), options);
    expect(payload.comment).toEqual({
      messageId: '90',
      url: 'https://example.socialcast.com/community/api/messages/90/comments.xml',
      body: `<?xml version="1.0" encoding="UTF-8"?><comment><text><![CDATA[${TEXT}]]></text></comment>`,
    });
    expect(socialcast.preview(payload, options)).toEqual({
      line: 'POST https://example.socialcast.com/community/api/messages/90/comments.xml',
      headers: { 'Content-Type': 'application/xml', Accept: 'application/xml', Authorization: 'Basic ***' },
      body: payload.comment?.body,
    });
  });

  it.each([
    ['where the configuration says', { commentsPath: '/c/{id}.xml' }, { id: '90' }, 'https://x.example/c/90.xml'],
    [
      'below the message that an earlier comment is on',
      {},
      { id: '90#comment-91' },
      'https://x.example/api/messages/90/comments.xml',
    ],
    ['nowhere else, whatever the number is', {}, { id: '../users' }, 'https://x.example/api/messages/..%2Fusers/comments.xml'],
  ])('goes %s', (_, changes, first, url) => {
    expect(socialcast.encode(later(first), optionsAt('https://x.example', changes)).comment?.url).toBe(url);
  });

  it('stands under the first message, and so does the one after it', async () => {
    const server = await start();
    const options = optionsAt(server.url);
    const first = await postFirst(options);
    const second = await attempt(socialcast, options, { delivery: later(first) });
    expect(second).toEqual({
      kind: 'delivered',
      receipt: { id: '90#comment-91', permalink: `${server.url}/messages/90#comment-91` },
    });
    const third = await attempt(socialcast, options, { delivery: later({ id: '90#comment-91' }, { title: 'Reopen' }) });
    expect(third).toMatchObject({ kind: 'delivered', receipt: { id: '90#comment-92' } });
    expect(server.posts).toHaveLength(1);
    expect(server.comments.map(({ messageId, text }) => [messageId, text.split('\n')[0]])).toEqual([
      [90, 'Close for Ann Example at Example Ltd'],
      [90, 'Reopen'],
    ]);
    expect(server.comments[0]?.text).toBe(TEXT);
  });

  it('is a message of its own where the first one was deleted', async () => {
    const server = await start();
    const options = optionsAt(server.url);
    const first = await postFirst(options);
    server.delete(90);
    expect(await attempt(socialcast, options, { delivery: later(first) })).toMatchObject({
      kind: 'delivered',
      receipt: { id: '91' },
    });
    expect(server.posts.map(({ title }) => title)).toEqual([
      'Created Case for Ann Example at Example Ltd',
      'Close for Ann Example at Example Ltd',
    ]);
    expect(server.comments).toEqual([]);
  });

  it('delivers a hostile text as a text', async () => {
    const server = await start();
    const options = optionsAt(server.url);
    const hostile = { title: 'a]]></text><text>b\u0000\ud83c', body: '</comment><!--', tags: ['<'], url: '' };
    const delivery = later(await postFirst(options), hostile);
    expect(await attempt(socialcast, options, { delivery })).toMatchObject({ kind: 'delivered' });
    expect(server.comments.map(({ text }) => text)).toEqual(['a]]></text><text>b\uFFFD\n</comment><!-- #<']);
  });

  it.each<[Reply, Partial<Outcome>]>([
    ['hang', { kind: 'unknown' }],
    ['reset', { kind: 'unknown' }],
    [{ status: 401 }, { kind: 'rejected', loginRefused: true }],
    [{ status: 403 }, { kind: 'retry', needsRepair: true }],
    [{ status: 422, body: `<errors><error>Text ${PASSWORD}</error></errors>` }, { kind: 'rejected' }],
    [
      { status: 503, headers: { 'Retry-After': '60' } },
      { kind: 'retry', afterMs: 60_000 },
    ],
    [{ status: 200, body: '<message><id>5</id></message>' }, { kind: 'unknown' }],
    [
      { status: 201, body: '<comment><id nil="true"/></comment>' },
      { kind: 'delivered', receipt: {} },
    ],
  ])('that meets %j is not posted as a message', async (reply, expected) => {
    const server = await start();
    const options = optionsAt(server.url);
    const first = await postFirst(options);
    server.answer(reply);
    const outcome = await attempt(socialcast, options, { delivery: later(first), ms: 800 });
    expect(outcome).toMatchObject(expected);
    expect(server.posts).toHaveLength(1);
    for (const spelling of spellingsOf(PASSWORD)) expect(JSON.stringify(outcome)).not.toContain(spelling);
  });
});

describe('a comment in doubt', () => {
  const candidates = (...ids: readonly string[]) => ({
    kind: 'candidates',
    receipts: ids.map((id) => expect.objectContaining({ id }) as object),
  });

  it('is found where the server kept it and nobody heard of it', async () => {
    const server = await start();
    const options = optionsAt(server.url);
    const first = await postFirst(options);
    expect(await find(options, first)).toEqual(candidates());
    server.answer('keep and reset');
    expect(await attempt(socialcast, options, { delivery: later(first) })).toMatchObject({ kind: 'unknown' });
    expect(await find(options, first)).toEqual(candidates('90#comment-91'));
    expect(server.requests.at(-1)).toMatchObject({
      method: 'GET',
      path: '/api/messages/90/comments.xml?per_page=50&page=1',
    });
  });

  it('is looked for among the messages where the first one is gone', async () => {
    const server = await start();
    const options = optionsAt(server.url);
    const first = await postFirst(options);
    server.delete(90);
    expect(await find(options, first)).toEqual(candidates());
    await attempt(socialcast, options, { delivery: later(first) });
    expect(await find(options, first)).toEqual(candidates('91'));
  });

  const DAY = 86_400_000;
  const user = { status: 200, body: '<user><id type="integer">7</id></user>' };
  const own = (id: number, text = TEXT, time = Date.now()) => commentXml(id, 90, text, 'https://x.example', time);
  const list = (...comments: readonly string[]) => ({ status: 200, body: listXml(comments, 'comment') });
  const many = (from: number, count: number) => Array.from({ length: count }, (_, index) => own(from + index, `Number ${index}`));

  it.each<[string, readonly Reply[], object]>([
    [
      'every comment that says the same, the newest first',
      [user, list(own(9), own(10), own(8))],
      candidates('90#comment-10', '90#comment-9', '90#comment-8'),
    ],
    ['none that says something else', [user, list(own(9, 'Close'))], candidates()],
    [
      'none from more than a day before the attempt',
      [user, list(own(9, TEXT, Date.now() - DAY - 200_000), own(10, TEXT, Date.now() - DAY - 60_000))],
      candidates('90#comment-10'),
    ],
    ['one without a time', [user, list(own(9).replace(/<created-at.*created-at>/, ''))], candidates('90#comment-9')],
    [
      "none of somebody else's",
      [user, list(own(9).replace('<id type="integer">7</id>', '<id type="integer">8</id>'))],
      candidates(),
    ],
    ['one on the second page', [user, list(...many(100, 50)), list(own(200))], candidates('90#comment-200')],
    ['none in an empty list as Rails spells it', [user, { status: 200, body: '<nil-classes type="array"/>' }], candidates()],
  ])('finds %s', async (_, replies, finding) => {
    const server = await start();
    server.answer(...replies);
    expect(await find(optionsAt(server.url), { id: '90' })).toEqual(finding);
  });

  it.each<[string, readonly Reply[]]>([
    ['no list of comments', [user, { status: 200, body: listXml([]) }]],
    ['a refused login', [user, { status: 401 }]],
    ['no account', [{ status: 404 }]],
    ['no list of messages either', [user, { status: 404 }, { status: 404 }]],
    ['silence', [user, 'hang']],
    ['the same words without a number', [user, list(own(9).replace('<id type="integer">9</id>', '<id nil="true"/>'))]],
  ])('stays in doubt with %s', async (_, replies) => {
    const server = await start();
    server.answer(...replies);
    expect(await find(optionsAt(server.url), { id: '90' }, 0, 800)).toMatchObject({ kind: 'unknown' });
  });
});
