// Mattermost, by webhook and by the REST API, over real TCP.

import type { Message } from '../../src/core/message';
import type { Outcome, Receipt } from '../../src/core/outcome';
import { mattermost } from '../../src/destinations/mattermost/index';
import { standIn } from '../support/closing';
import { attempt, ask, checkOptions, optionsOf, sampleDelivery, spellingsOf } from '../support/destination';
import type { JsonReply } from '../support/json-server';
import { BOT_TOKEN, CHANNEL_ID, failed, startMattermost, type MattermostServer } from '../support/mattermost-server';
import { FAULTS, describeDestination } from './suite';

type Options = Parameters<typeof mattermost.encode>[1];

function subjectOf(
  server: MattermostServer,
  raw: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>>,
  refusal: string,
) {
  const next = (reply: JsonReply) => () => server.answer(reply);
  const echo = Object.values(env)
    .flatMap((secret) => [secret, secret.split('/').at(-1) ?? ''])
    .join(' ');
  return {
    raw,
    env,
    faults: {
      unreachable: server.close,
      'login refused': next(failed(refusal === '' ? 401 : 400, refusal, echo)),
      'message refused': next(failed(400, 'model.post.is_valid.message_length.app_error', echo)),
      overloaded: next({ status: 429, headers: { 'Retry-After': '30' }, body: echo }),
      'cut off after sending': next('reset'),
      'silent after sending': next('hang'),
      'nonsense as success': next({ status: 200, body: `<title>${echo}</title>` }),
    },
    posted: () => server.posts.length,
    close: server.close,
  };
}

describeDestination('mattermost by webhook', mattermost, FAULTS, async () => {
  const server = await startMattermost();
  const raw = { webhookUrl: { env: 'HOOK' }, proxy: false };
  return subjectOf(server, raw, { HOOK: server.webhookUrl }, 'web.incoming_webhook.invalid.app_error');
});

describeDestination('mattermost by token', mattermost, FAULTS, async () => {
  const server = await startMattermost();
  const raw = { url: server.url, token: { env: 'TOKEN' }, channelId: CHANNEL_ID, proxy: false };
  return subjectOf(server, raw, { TOKEN: BOT_TOKEN }, '');
});

const start = (...replies: readonly JsonReply[]) => standIn(startMattermost(), ...replies);

const byToken = (url = 'https://chat.example', changes = {}) =>
  optionsOf(mattermost, { proxy: false, url, token: BOT_TOKEN, channelId: CHANNEL_ID, ...changes });
const byWebhook = (webhookUrl = 'https://chat.example/hooks/geheimerschluessel26geheim', changes = {}) =>
  optionsOf(mattermost, { proxy: false, webhookUrl, ...changes });

const bodyOf = (options: Options, message: Partial<Message> = {}, first?: Receipt) =>
  JSON.parse(mattermost.encode(sampleDelivery(message, first), options).body) as Readonly<Record<string, unknown>>;
const partsOf = (message: Partial<Message>, changes = {}) =>
  String(bodyOf(byWebhook(undefined, changes), message)['text']).split('\n\n');

const text =
  '**[Created Case for Ann Example at Example Ltd](http://server/dovetail/Cases/Summary/10042)**\n\n' +
  'Case Title: The printer is on fire\n\n' +
  'Bob Agent · Case 10042 · #dovetailCRM';
const attachments = [{ fallback: 'Priority: High', fields: [{ title: 'Priority', value: 'High', short: true }] }];
const { id } = sampleDelivery();
const posted = { channel_id: CHANNEL_ID, message: text, pending_post_id: id, props: { delivery_id: id, attachments } };

describe('the post', () => {
  it('to a webhook is Markdown and an attachment', () => {
    expect(bodyOf(byWebhook())).toEqual({ text, attachments });
    expect(bodyOf(byWebhook(undefined, { channel: 'town-square', username: 'CRM' }))).toEqual({
      text,
      attachments,
      channel: 'town-square',
      username: 'CRM',
    });
  });

  it('by token names the channel and carries the id of the delivery', () => {
    expect(bodyOf(byToken())).toEqual(posted);
  });

  it('leaves out what there is not', () => {
    const nothing = { title: 'T', url: '', body: '\u0000', fields: [], actor: '', tags: [], typeName: '', id: '' };
    expect(bodyOf(byWebhook(), nothing)).toEqual({ text: '**T**', attachments: [] });
  });

  it.each<[string, string, string]>([
    ['marks in a line', '*a* _b_ `c` ~~d~~ [e](f) \\ |', '\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~ \\[e\\](f) \\\\ \\|'],
    ['tags of HTML and entities', '<b> & &lt;', '&lt;b&gt; &amp; &amp;lt;'],
    [
      'lines that begin like something else',
      '# a\n- b\n+ c\n1. d\n2) e\n---\n===\n> f',
      '\\# a\n\\- b\n\\+ c\n1\\. d\n2\\) e\n\\---\n\\===\n&gt; f',
    ],
    ['an address', 'http://server/a_b/c-d?e=f#g', 'http://server/a_b/c-d?e=f#g'],
    ['a number', '-5 and 1.5', '-5 and 1.5'],
  ])('takes %s as a text', (_, body, markdown) => {
    expect(partsOf({ body, title: 'T' })[1]).toBe(markdown);
  });

  it('calls nobody, in whatever way the text of the CRM tries to', async () => {
    const server = await start();
    const calls =
      '@all @here,@channel _@all_ .@all -@here x-@all *@all* <!all> <!here> <!channel> <!here|@all> \\@all @bob &#64;all';
    const fields = [{ name: 'f', label: calls, value: calls }];
    const message = { title: calls, body: calls, actor: calls, id: calls, typeName: calls, tags: ['@all', calls], fields };
    for (const options of [byWebhook(server.webhookUrl), byToken(server.url)])
      expect(await attempt(mattermost, options, { delivery: sampleDelivery(message) })).toMatchObject({ kind: 'delivered' });
    expect(server.posts.map(({ mentions }) => mentions)).toEqual([[], []]);
  });

  it('keeps every limit with the longest texts, however they are spelled', async () => {
    const server = await start();
    for (const unit of ['x', '<', '*', '\n.', '👩‍👩‍👧', 'ä', '@all ']) {
      const long = unit.repeat(20_000 / unit.length);
      const fields = Array.from({ length: 30 }, (_, index) => ({ name: `f${index}`, label: long, value: `v${long}` }));
      const url = `http://server/${'&'.repeat(297)}`;
      const message = { title: long, body: long, actor: long, tags: [long, long], id: long, typeName: long, fields, url };
      for (const options of [byWebhook(server.webhookUrl), byToken(server.url)]) {
        const delivery = { ...sampleDelivery(message), id: unit };
        expect(await attempt(mattermost, options, { delivery })).toMatchObject({ kind: 'delivered' });
      }
    }
    expect(server.posts).toHaveLength(14);
    expect(partsOf({ body: 'x'.repeat(20_000) })[1]).toBe(`${'x'.repeat(11_999)}…`);
  });

  it('is shown in lines, without the secret', () => {
    const preview = (options: Options) => mattermost.preview(mattermost.encode(sampleDelivery(), options), options);
    expect(preview(byWebhook())).toEqual({
      line: 'POST https://chat.example/hooks/***',
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ text, attachments }, undefined, 2),
    });
    expect(preview(byToken())).toMatchObject({
      line: 'POST https://chat.example/api/v4/posts',
      headers: { Authorization: 'Bearer ***' },
    });
  });

  it('arrives as it was encoded', async () => {
    const server = await start();
    const [postId, options] = ['post0000000000000000000000', byToken(server.url)];
    const receipt = { id: postId, permalink: `${server.url}/_redirect/pl/${postId}` };
    expect(await attempt(mattermost, options)).toEqual({ kind: 'delivered', receipt });
    expect(server.posts[0]).toMatchObject({ message: text, root_id: '', props: posted.props, mentions: [] });
    expect(await attempt(mattermost, byWebhook(server.webhookUrl))).toEqual({ kind: 'delivered', receipt: {} });
  });
});

describe('a mention', () => {
  it.each([
    ['by login', { BAgent: 'bob.agent' }, '@bob.agent'],
    ['by e-mail', { 'Bob.Agent@Example.com': 'bob' }, '@bob'],
    ['of nobody else', { somebody: 'bob' }, 'Bob Agent'],
  ])('is made %s', (_, people, name) => {
    expect(partsOf({}, { people })[2]).toBe(`${name} · Case 10042 · #dovetailCRM`);
    expect(JSON.stringify(bodyOf(byWebhook(undefined, { people })))).not.toMatch(/example\.com|bagent/i);
  });

  it('reaches the user', async () => {
    const server = await start();
    await attempt(mattermost, byToken(server.url, { people: { bagent: 'bob' } }));
    expect(server.posts[0]?.mentions).toContain('@bob');
  });
});

describe('an answer', () => {
  it.each<[number, string, Partial<Outcome>]>([
    [400, 'model.post.is_valid.message_length.app_error', { kind: 'rejected' }],
    [400, 'model.post.is_valid.props.app_error', { kind: 'rejected' }],
    [400, 'web.incoming_webhook.text.app_error', { kind: 'rejected' }],
    [400, 'api.context.invalid_body_param.app_error', { kind: 'rejected' }],
    [400, 'api.post.create_post.can_not_post_to_deleted.error', { kind: 'retry', needsRepair: true }],
    [400, 'web.incoming_webhook.user.app_error', { kind: 'retry', needsRepair: true }],
    [403, 'web.incoming_webhook.channel_locked.app_error', { kind: 'retry', needsRepair: true }],
    [401, 'api.context.session_expired.app_error', { kind: 'rejected', loginRefused: true }],
    [403, 'api.context.permissions.app_error', { kind: 'retry', needsRepair: true }],
    [404, 'web.incoming_webhook.channel.app_error', { kind: 'retry', needsRepair: true }],
    [400, 'web.incoming_webhook.invalid.app_error', { kind: 'rejected', loginRefused: true }],
    [429, 'api.context.rate_limit', { kind: 'retry', afterMs: 7_000 }],
    [500, 'api.post.deduplicate_create_post.pending', { kind: 'unknown' }],
    [500, 'api.post.deduplicate_create_post.failed_to_get', { kind: 'unknown' }],
    [500, 'app.post.save.app_error', { kind: 'retry' }],
    [501, 'web.incoming_webhook.disabled.app_error', { kind: 'retry' }],
  ])('of %d %s', async (status, error, outcome) => {
    const server = await start({ ...failed(status, error, 'Nein.'), headers: { 'Retry-After': '7' } });
    const found = await attempt(mattermost, byToken(server.url));
    expect(found).toMatchObject({ ...outcome, reason: expect.stringContaining('"Nein."') as string });
    if (!('loginRefused' in outcome)) expect(found).not.toHaveProperty('loginRefused');
  });

  it.each<[string, JsonReply]>([
    ['with another id', { status: 200, body: { id: 'short' } }],
    ['without an id', { status: 200, body: {} }],
  ])('%s leaves one in doubt', async (_, reply) => {
    const server = await start(reply);
    expect(await attempt(mattermost, byToken(server.url))).toMatchObject({ kind: 'unknown' });
  });

  it('of the server is the first post again, where the same one comes twice within seconds', async () => {
    const server = await start('keep and reset');
    const options = byToken(server.url);
    expect(await attempt(mattermost, options)).toMatchObject({ kind: 'unknown' });
    expect(await attempt(mattermost, options)).toMatchObject({ receipt: { id: server.posts[0]?.id } });
    expect(server.posts).toHaveLength(1);
  });
});

describe('a thread', () => {
  const first = { id: 'a'.repeat(26) };

  it('is asked for where the way knows threads', () => {
    const needs = (options: Options) => mattermost.needsFirstPost?.(options);
    expect([byToken(), byToken(undefined, { threads: false }), byWebhook()].map(needs)).toEqual([true, false, false]);
  });

  it.each<[string, object, Receipt | undefined, object]>([
    ['begins with the first post', {}, undefined, {}],
    ['goes on below it', {}, first, { root_id: first.id }],
    ['is not wanted', { threads: false }, first, {}],
    ['has no first post that is known', {}, {}, {}],
    ['has no first post of another kind', {}, { id: 'C012:1.2' }, {}],
  ])('%s', (_, changes, receipt, more) => {
    expect(bodyOf(byToken(undefined, changes), {}, receipt)).toEqual({ ...posted, ...more });
  });

  it('whose first post is gone ends, and the post stands beside it', async () => {
    const server = await start();
    const options = byToken(server.url);
    const root = { id: 'post0000000000000000000000' };
    const send = (number: string, receipt?: Receipt) =>
      attempt(mattermost, options, { delivery: { ...sampleDelivery({}, receipt), id: number } });
    await send('1');
    await send('2', root);
    expect(server.posts.map(({ root_id: at }) => at)).toEqual(['', root.id]);
    server.remove(root.id);
    expect(await send('3', root)).toMatchObject({ kind: 'delivered' });
    expect(server.posts.map(({ root_id: at }) => at)).toEqual([root.id, '']);
  });
});

describe('a message in doubt', () => {
  const find = (server: MattermostServer, ago = 0, ahead = 0) => ask(mattermost, byToken(server.url), { ago, ahead, ms: 800 });

  it('is found by the id of the delivery, and by nothing else', async () => {
    const server = await start();
    await attempt(mattermost, byToken(server.url), { delivery: { ...sampleDelivery(), id: 'another' } });
    expect(await find(server)).toEqual({ kind: 'candidates', receipts: [] });
    server.answer('keep and reset');
    expect(await attempt(mattermost, byToken(server.url))).toMatchObject({ kind: 'unknown' });
    const receipt = { id: server.posts[1]?.id, permalink: `${server.url}/_redirect/pl/${server.posts[1]?.id}` };
    expect(await find(server)).toEqual({ kind: 'candidates', receipts: [receipt] });
  });

  it('is found by a host whose clock is a day ahead', async () => {
    const server = await start();
    await attempt(mattermost, byToken(server.url));
    expect(await find(server, 0, 86_400_000)).toMatchObject({ receipts: [{ id: server.posts[0]?.id }] });
  });

  it('is asked for by the time of the attempt and more than a day before', async () => {
    const server = await start();
    const before = Date.now();
    await find(server, 3_600_000);
    const [request] = server.requests;
    expect(request?.path).toBe(`/api/v4/channels/${CHANNEL_ID}/posts`);
    expect(Number(request?.query.get('since'))).toBeGreaterThanOrEqual(before - 3_720_000 - 86_400_000);
    expect(Number(request?.query.get('since'))).toBeLessThan(before - 3_720_000 - 86_400_000 + 5_000);
  });

  it.each([
    ['3 minutes', 180_000],
    ['a day', 86_400_000],
  ])('is found where the clock of the attempt was %s ahead', async (_, ahead) => {
    const server = await start();
    await attempt(mattermost, byToken(server.url));
    expect(await find(server, -ahead)).toMatchObject({ receipts: [{ id: server.posts[0]?.id }] });
  });

  const page = (more: object) => ({ status: 200, body: { order: [], posts: {}, ...more } });
  const PART = { reason: /a part of the posts only/ };
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`p${index}`, { id: `p${index}` }]));

  it.each<[string, JsonReply, object]>([
    ['a refused token', failed(401, 'api.context.session_expired.app_error'), { reason: /refuses the login/ }],
    ['too many questions', { status: 429, headers: { 'Retry-After': '60' } }, { afterMs: 60_000 }],
    ['a page of somebody else', { status: 200, body: '<html>' }, { reason: /no JSON/ }],
    ['an answer without posts', { status: 200, body: {} }, { reason: /no list/ }],
    ['as many posts as are ever shown', { status: 200, body: { posts: many } }, { reason: /1000 posts/ }],
    ['posts without their order', page({ order: undefined }), PART],
    ['a post that is named and not shown', page({ order: ['a'], posts: { b: { id: 'b' } } }), PART],
    ['a post that is named and empty', page({ order: ['a'], posts: { a: null } }), PART],
    ['a further page', page({ has_next: true }), PART],
    ['older posts out of reach', page({ first_inaccessible_post_time: 1_700_000_000_000 }), PART],
    ['an answer that ends in the middle', { status: 200, body: '{"order":["a"],"posts":{"a":{"id":"a"}' }, { reason: /no JSON/ }],
    [
      'the post without its id',
      { status: 200, body: { posts: { a: { props: { delivery_id: id } } } } },
      { reason: /not its id/ },
    ],
    ['a cut connection', 'reset', {}],
    ['silence', 'hang', {}],
  ])('stays in doubt after %s', async (_, reply, { reason = /^asked whether/, ...more }: { reason?: RegExp }) => {
    const server = await start(reply);
    expect(await find(server)).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(reason) as string, ...more });
  });

  it('gives no secret away', async () => {
    const server = await start(failed(403, 'api.context.permissions.app_error', `you sent ${BOT_TOKEN}`));
    const finding = JSON.stringify(await find(server));
    for (const spelling of spellingsOf(BOT_TOKEN)) expect(finding).not.toContain(spelling);
  });
});

describe('the options', () => {
  const webhookUrl = 'https://chat.example/hooks/geheimerschluessel26geheim';
  const bot = { url: 'https://chat.example', token: BOT_TOKEN, channelId: CHANNEL_ID };

  it.each<[object, readonly (string | undefined)[]]>([
    [{}, ['webhookUrl']],
    [{ ...bot, channelId: 'town-square' }, ['channelId']],
    [{ ...bot, username: 'CRM' }, ['username']],
    [{ webhookUrl, token: BOT_TOKEN }, ['token']],
    [{ webhookUrl, threads: true }, ['threads']],
    [{ webhookUrl, people: { bob: '@bob' } }, ['people']],
  ])('are refused where they are wrong: %j', (raw, keys) => {
    const { problems } = checkOptions(mattermost, raw);
    expect(problems.map(({ path }) => path[0])).toEqual(keys);
  });

  it('decide whether a post in doubt can be looked for', () => {
    const repeat = typeof mattermost.repeat === 'object' ? mattermost.repeat : undefined;
    expect([repeat?.of(byToken()), repeat?.of(byWebhook())]).toEqual(['findable', 'unsafe']);
  });
});
