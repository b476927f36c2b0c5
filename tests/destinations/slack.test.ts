// Slack, by webhook and by the Web API, over real TCP.

import type { Message } from '../../src/core/message';
import type { Outcome, Receipt } from '../../src/core/outcome';
import { slack } from '../../src/destinations/slack/index';
import { standIn } from '../support/closing';
import { attempt, checkOptions, optionsOf, sampleDelivery } from '../support/destination';
import type { JsonReply } from '../support/json-server';
import { CHANNEL, startSlack, TOKEN, type SlackServer } from '../support/slack-server';
import { FAULTS, describeDestination } from './suite';

type Options = Parameters<typeof slack.encode>[1];

function subjectOf(
  server: SlackServer,
  raw: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>>,
  byApi: boolean,
) {
  const next = (reply: JsonReply) => () => server.answer(reply);
  const echo = Object.values(env)
    .flatMap((secret) => [secret, secret.split('/').at(-1) ?? ''])
    .join(' ');
  const refused = (error: string) => ({ status: 200, body: { ok: false, error, needed: echo } });
  return {
    raw,
    env,
    faults: {
      unreachable: server.close,
      'login refused': next(byApi ? refused('invalid_auth') : { status: 404, body: 'no_service' }),
      'message refused': next(byApi ? refused('msg_too_long') : { status: 400, body: `<title>${echo}</title>` }),
      overloaded: next({
        status: 429,
        headers: { 'Retry-After': '30' },
        body: byApi ? { ok: false, error: 'ratelimited' } : echo,
      }),
      'cut off after sending': next('reset'),
      'silent after sending': next('hang'),
      'nonsense as success': next({ status: 200, body: `<title>${echo}</title>` }),
    },
    posted: () => server.posts.length,
    close: server.close,
  };
}

describeDestination('slack by webhook', slack, FAULTS, async () => {
  const server = await startSlack();
  return subjectOf(server, { webhookUrl: { env: 'HOOK' }, proxy: false }, { HOOK: server.webhookUrl }, false);
});

describeDestination('slack by token', slack, FAULTS, async () => {
  const server = await startSlack();
  const raw = { token: { env: 'TOKEN' }, channel: CHANNEL, apiUrl: `${server.url}/api`, proxy: false };
  return subjectOf(server, raw, { TOKEN }, true);
});

const start = (...replies: readonly JsonReply[]) => standIn(startSlack(), ...replies);

const byToken = (url = 'https://slack.example', changes = {}) =>
  optionsOf(slack, { proxy: false, token: TOKEN, channel: CHANNEL, apiUrl: `${url}/api`, ...changes });
const byWebhook = (webhookUrl = 'https://hooks.slack.com/services/T0/B0/geheimerSchluessel123456', changes = {}) =>
  optionsOf(slack, { proxy: false, webhookUrl, ...changes });

const bodyOf = (options: Options, message: Partial<Message> = {}, first?: Receipt) =>
  JSON.parse(slack.encode(sampleDelivery(message, first), options).body) as Record<string, unknown> & {
    text: string;
    blocks: object[];
  };

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
const heading = '*<http://server/dovetail/Cases/Summary/10042|Created Case for Ann Example at Example Ltd>*';
const said = {
  text: 'Created Case for Ann Example at Example Ltd\nCase Title: The printer is on fire',
  blocks: [
    { type: 'section', text: mrkdwn(heading) },
    { type: 'section', text: mrkdwn('Case Title: The printer is on fire') },
    { type: 'section', fields: [mrkdwn('*Priority*\nHigh')] },
    { type: 'context', elements: [mrkdwn('Bob Agent · Case 10042 · #dovetailCRM')] },
  ],
  unfurl_links: false,
  unfurl_media: false,
};
const metadata = { event_type: 'publish_activity_delivery', event_payload: { delivery_id: sampleDelivery().id } };

describe('the post', () => {
  it('to a webhook is text and blocks', () => {
    expect(bodyOf(byWebhook())).toEqual(said);
  });

  it('by token names the channel and carries the id of the delivery', () => {
    expect(bodyOf(byToken())).toEqual({ channel: CHANNEL, ...said, metadata });
  });

  it('leaves out what there is not', () => {
    const nothing = { url: '', body: '', fields: [], actor: '', tags: [], typeName: '', id: '' };
    expect(bodyOf(byWebhook(), nothing).blocks).toEqual([
      { type: 'section', text: mrkdwn('*Created Case for Ann Example at Example Ltd*') },
    ]);
    expect(bodyOf(byWebhook(), { title: ' \n' }).blocks[0]).toEqual({
      type: 'section',
      text: mrkdwn('*<http://server/dovetail/Cases/Summary/10042|Case 10042>*'),
    });
  });

  it.each<[string, Partial<Message>, string]>([
    ['markup', { body: 'a < b & c > d &amp;' }, 'a &lt; b &amp; c &gt; d &amp;amp;'],
    ['a call of everybody', { body: '<!here> <!channel> <!everyone|x>' }, '&lt;!here&gt; &lt;!channel&gt; &lt;!everyone|x&gt;'],
    ['a mention', { body: '<@U012AB3CD> <!subteam^S1>' }, '&lt;@\u200BU012AB3CD&gt; &lt;!subteam^S1&gt;'],
    ['a call in plain words', { body: '@here,@channel (@everyone)' }, '@\u200Bhere,@\u200Bchannel (@\u200Beveryone)'],
    ['an e-mail address', { body: 'ann@example.com' }, 'ann@example.com'],
    ['characters of control', { body: 'a\u0000b\ud800' }, 'ab\uFFFD'],
  ])('takes %s as a text', (_, message, text) => {
    expect(bodyOf(byWebhook(), message).blocks[1]).toEqual({ type: 'section', text: mrkdwn(text) });
    expect(bodyOf(byWebhook(), { ...message, title: 'T' }).text).toBe(`T\n${text}`);
  });

  it.each<[string, string]>([
    ['javascript:alert(1)', '*T*'],
    ['not an address', '*T*'],
    [`http://server/${'&'.repeat(298)}`, '*T*'],
    ['http://server/a?b=1&c=<2>|3', '*<http://server/a?b=1&amp;c=%3C2%3E%7C3|T>*'],
  ])('links to %.40s only in a way that nothing ends too early', (url, text) => {
    expect(bodyOf(byWebhook(), { url, title: 'T' }).blocks[0]).toEqual({ type: 'section', text: mrkdwn(text) });
  });

  it('keeps every limit with the longest texts, however they are spelled', async () => {
    const server = await start();
    for (const unit of ['x', '<', '"', '\n.', '👩‍👩‍👧', 'ä', '@all ']) {
      const long = unit.repeat(20_000 / unit.length);
      const fields = Array.from({ length: 30 }, (_, index) => ({ name: `f${index}`, label: long, value: long }));
      const url = `http://server/${'&'.repeat(297)}`;
      const message = { title: long, body: long, actor: long, tags: [long, long], id: long, typeName: long, fields, url };
      for (const options of [byWebhook(server.webhookUrl), byToken(server.url)]) {
        expect(await attempt(slack, options, { delivery: sampleDelivery(message) })).toMatchObject({ kind: 'delivered' });
      }
    }
    const { text, blocks } = bodyOf(byWebhook(), { body: 'x'.repeat(5_000) });
    expect(blocks[1]).toEqual({ type: 'section', text: mrkdwn(`${'x'.repeat(2_999)}…`) });
    // The line end counts twice, as JSON spells it.
    expect(text).toHaveLength(3_999);
  });

  it('is shown in lines, without the secret', () => {
    const preview = (options: Options) => slack.preview(slack.encode(sampleDelivery(), options), options);
    expect(preview(byWebhook())).toEqual({
      line: 'POST https://hooks.slack.com/services/***',
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify(said, undefined, 2),
    });
    expect(preview(byToken())).toMatchObject({
      line: 'POST https://slack.example/api/chat.postMessage',
      headers: { Authorization: 'Bearer ***' },
    });
  });

  it('arrives as it was encoded', async () => {
    const server = await start();
    expect(await attempt(slack, byToken(server.url))).toEqual({
      kind: 'delivered',
      receipt: { id: expect.stringMatching(/^C012AB3CD:\d+\.\d+$/) },
    });
    expect(server.posts).toEqual([{ channel: CHANNEL, ...said, metadata, ts: expect.any(String) }]);
    expect(server.requests[0]?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'publish-activity/1.2.3',
    });
    expect(await attempt(slack, byWebhook(server.webhookUrl))).toEqual({ kind: 'delivered', receipt: {} });
  });
});

describe('a mention', () => {
  it.each([
    ['by login', { BAgent: 'U0AAAAAAA' }, '<@U0AAAAAAA>'],
    ['by e-mail', { 'Bob.Agent@Example.com': 'U0BBBBBBB' }, '<@U0BBBBBBB>'],
    ['of nobody else', { somebody: 'U0CCCCCCC' }, 'Bob Agent'],
  ])('is made %s', (_, people, name) => {
    const body = bodyOf(byWebhook(undefined, { people }));
    expect(body.blocks[3]).toEqual({ type: 'context', elements: [mrkdwn(`${name} · Case 10042 · #dovetailCRM`)] });
    expect(JSON.stringify(body)).not.toMatch(/example\.com|bagent/i);
  });
});

describe('an answer', () => {
  it.each<[string, Partial<Outcome>]>([
    ['invalid_auth', { kind: 'rejected', loginRefused: true }],
    ['not_authed', { kind: 'rejected', loginRefused: true }],
    ['token_revoked', { kind: 'rejected', loginRefused: true }],
    ['account_inactive', { kind: 'rejected', loginRefused: true }],
    ['missing_scope', { kind: 'rejected', loginRefused: true }],
    ['ratelimited', { kind: 'retry', afterMs: 7_000 }],
    ['service_unavailable', { kind: 'retry' }],
    ['internal_error', { kind: 'unknown' }],
    ['fatal_error', { kind: 'unknown' }],
    ['channel_not_found', { kind: 'retry', needsRepair: true }],
    ['not_in_channel', { kind: 'retry', needsRepair: true }],
    ['is_archived', { kind: 'retry', needsRepair: true }],
    ['user_not_in_channel', { kind: 'retry', needsRepair: true }],
    ['restricted_action', { kind: 'retry', needsRepair: true }],
    ['ekm_access_denied', { kind: 'retry', needsRepair: true }],
    ['team_access_not_granted', { kind: 'retry', needsRepair: true }],
    ['unknown_method', { kind: 'retry', needsRepair: true }],
    ['msg_too_long', { kind: 'rejected' }],
    ['no_text', { kind: 'rejected' }],
    ['invalid_blocks', { kind: 'rejected' }],
    ['an_error_of_tomorrow', { kind: 'retry', needsRepair: true }],
  ])('of 200 with the error %s', async (error, outcome) => {
    const server = await start({ status: 200, headers: { 'Retry-After': '7' }, body: { ok: false, error } });
    const found = await attempt(slack, byToken(server.url));
    expect(found).toMatchObject({ ...outcome, reason: expect.stringContaining(`"${error}"`) as string });
    if (outcome.kind === 'rejected' && !('loginRefused' in outcome)) expect(found).not.toHaveProperty('loginRefused');
  });

  it('says what a token lacks', async () => {
    const body = { ok: false, error: 'missing_scope', needed: 'chat:write' };
    const server = await start({ status: 200, body });
    expect(await attempt(slack, byToken(server.url))).toEqual({
      kind: 'rejected',
      loginRefused: true,
      reason: 'the server answered 200: the token lacks a right; it says "missing_scope / needs chat:write"',
    });
  });

  it.each<[number, string, Partial<Outcome>]>([
    [400, 'invalid_payload', { kind: 'rejected' }],
    [400, 'invalid_blocks', { kind: 'rejected' }],
    [400, 'user_not_found', { kind: 'retry', needsRepair: true }],
    [403, 'posting_to_general_channel_denied', { kind: 'retry', needsRepair: true }],
    [403, 'action_prohibited', { kind: 'retry', needsRepair: true }],
    [403, 'invalid_token', { kind: 'rejected', loginRefused: true }],
    [404, 'channel_not_found', { kind: 'retry', needsRepair: true }],
    [404, 'no_service', { kind: 'rejected', loginRefused: true }],
    [410, 'channel_is_archived', { kind: 'retry', needsRepair: true }],
    [429, 'rate_limited', { kind: 'retry', afterMs: 7_000 }],
    [500, 'rollup_error', { kind: 'retry' }],
    [504, '', { kind: 'unknown' }],
    [200, 'okay', { kind: 'unknown' }],
  ])('of a webhook: %d %s', async (status, body, outcome) => {
    const server = await start({ status, headers: { 'Retry-After': '7' }, body });
    expect(await attempt(slack, byWebhook(server.webhookUrl))).toMatchObject({
      ...outcome,
      reason: expect.stringContaining(body) as string,
    });
  });

  it.each<[string, JsonReply]>([
    ['without a ts', { status: 200, body: { ok: true, channel: CHANNEL } }],
    ['that is cut off', 'keep and cut'],
    ['without ok', { status: 200, body: { channel: CHANNEL, ts: '1.2' } }],
  ])('%s leaves one in doubt', async (_, reply) => {
    const server = await start(reply);
    expect(await attempt(slack, byToken(server.url))).toMatchObject({ kind: 'unknown' });
  });
});

describe('a thread', () => {
  const first = { id: `${CHANNEL}:1700000000.000100` };

  it('is asked for where the way knows threads', () => {
    expect(slack.needsFirstPost?.(byToken())).toBe(true);
    expect(slack.needsFirstPost?.(byToken(undefined, { threads: false }))).toBe(false);
    expect(slack.needsFirstPost?.(byWebhook())).toBe(false);
  });

  it.each<[string, object, Receipt | undefined, object]>([
    ['begins with the first post', {}, undefined, {}],
    ['goes on below it', {}, first, { thread_ts: '1700000000.000100' }],
    ['is shown in the channel, too', { broadcast: true }, first, { thread_ts: '1700000000.000100', reply_broadcast: true }],
    ['is not wanted', { threads: false }, first, {}],
    ['stays in its channel', {}, { id: 'C0OTHER:1700000000.000100' }, {}],
    ['has no first post that is known', {}, {}, {}],
  ])('%s', (_, changes, receipt, more) => {
    expect(bodyOf(byToken(undefined, changes), {}, receipt)).toEqual({ channel: CHANNEL, ...said, metadata, ...more });
  });

  it('whose first post is gone ends, and the post stands beside it', async () => {
    const server = await start();
    const options = byToken(server.url);
    const receipt = await attempt(slack, options).then((outcome) => (outcome.kind === 'delivered' ? outcome.receipt : {}));
    await attempt(slack, options, { delivery: sampleDelivery({}, receipt) });
    server.remove(receipt.id?.split(':')[1] ?? '');
    expect(await attempt(slack, options, { delivery: sampleDelivery({}, receipt) })).toMatchObject({ kind: 'delivered' });
    expect(server.posts.map(({ thread_ts: thread }) => thread)).toEqual([receipt.id?.split(':')[1], undefined]);
  });
});

describe('the options', () => {
  const url = 'https://hooks.slack.com/services/T0/B0/geheimerSchluessel123456';

  it.each<[object, readonly (string | undefined)[]]>([
    [{}, ['webhookUrl']],
    [{ token: TOKEN }, ['channel']],
    [{ token: TOKEN, channel: '#general' }, ['channel']],
    [{ webhookUrl: url, token: TOKEN }, ['token']],
    [{ webhookUrl: url, channel: CHANNEL }, ['channel']],
    [{ webhookUrl: url, broadcast: true }, ['broadcast']],
    [{ webhookUrl: url, threads: true }, ['threads']],
    [{ webhookUrl: 'hooks.slack.com/x' }, ['webhookUrl']],
    [{ webhookUrl: url, people: { bob: '@bob' } }, ['people']],
  ])('are refused where they are wrong: %j', (raw, keys) => {
    const { problems } = checkOptions(slack, raw);
    expect(problems.map(({ path }) => path[0])).toEqual(keys);
  });

  it('say how to have threads', () => {
    expect(checkOptions(slack, { webhookUrl: url, threads: true }).problems[0]?.message).toContain('use token and channel');
    expect(checkOptions(slack, { webhookUrl: url, threads: false }).problems).toEqual([]);
  });

  it('hold the key of a webhook as a secret of its own', () => {
    expect(checkOptions(slack, { webhookUrl: url }).secrets.map((secret) => secret.reveal())).toEqual([
      url,
      'geheimerSchluessel123456',
    ]);
  });

  it('decide whether a post in doubt can be looked for', () => {
    const repeat = typeof slack.repeat === 'object' ? slack.repeat : undefined;
    expect([repeat?.of(byToken()), repeat?.of(byWebhook())]).toEqual(['findable', 'unsafe']);
  });
});
