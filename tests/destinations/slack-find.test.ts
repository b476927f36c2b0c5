// Asking Slack whether a message in doubt is there, over real TCP.

import type { Delivery } from '../../src/core/delivery';
import { slack } from '../../src/destinations/slack/index';
import { standIn } from '../support/closing';
import { attempt, ask, optionsOf, sampleDelivery, spellingsOf } from '../support/destination';
import type { JsonReply } from '../support/json-server';
import { CHANNEL, startSlack, TOKEN } from '../support/slack-server';

async function start(setup: Parameters<typeof startSlack>[0] = {}) {
  const server = await standIn(startSlack(setup));
  const options = optionsOf(slack, { token: TOKEN, channel: CHANNEL, apiUrl: `${server.url}/api`, proxy: false });
  const find = (delivery: Delivery, ago = 0, ahead = 0) => ask(slack, options, { delivery, ago, ahead, ms: 800 });
  return { server, options, find };
}

/** The same delivery under another id. */
const other = (number: number): Delivery => ({ ...sampleDelivery(), id: String(number).padStart(32, '0') });
const ids = (...posts: readonly { readonly ts: string }[]) => ({
  kind: 'candidates',
  receipts: posts.map(({ ts }) => ({ id: `${CHANNEL}:${ts}` })),
});

/** A page of the list. */
const page = (messages: readonly unknown[], more = {}) => ({ status: 200, body: { ok: true, messages, ...more } });
const PART = { reason: /a part of the messages only/ };

describe('a message in doubt', () => {
  it('is found where Slack kept it and nobody heard of it', async () => {
    const { server, options, find } = await start();
    server.answer('keep and reset');
    expect(await attempt(slack, options)).toMatchObject({ kind: 'unknown' });
    expect(await find(sampleDelivery())).toEqual(ids(...server.posts));
    expect(server.posts).toHaveLength(1);
  });

  it('is not taken for another one that says the same', async () => {
    const { options, find } = await start();
    await attempt(slack, options, { delivery: other(1) });
    expect(await find(sampleDelivery())).toEqual(ids());
  });

  it('is asked for by the time of the attempt and more than a day before', async () => {
    const { server, find } = await start();
    const before = Date.now() / 1_000;
    await find(sampleDelivery(), 3_600_000);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /api/conversations.history']);
    const oldest = Number(server.requests[0]?.query.get('oldest'));
    expect(oldest).toBeGreaterThanOrEqual(before - 3_720 - 86_400 - 0.01);
    expect(oldest).toBeLessThan(before - 3_720 - 86_400 + 5);
  });

  it('is found by a host whose clock is a day ahead', async () => {
    const { server, options, find } = await start();
    await attempt(slack, options);
    expect(await find(sampleDelivery(), 0, 86_400_000)).toEqual(ids(...server.posts));
  });

  it.each([
    ['3 minutes', 180_000],
    ['a day', 86_400_000],
  ])('is found where the clock of the attempt was %s ahead', async (_, ahead) => {
    const { server, options, find } = await start();
    await attempt(slack, options);
    expect(await find(sampleDelivery(), -ahead)).toEqual(ids(...server.posts));
  });

  it('is found on any page', async () => {
    const { server, options, find } = await start({ perPage: 2 });
    await attempt(slack, options);
    for (const number of [1, 2, 3, 4]) await attempt(slack, options, { delivery: other(number) });
    expect(await find(sampleDelivery())).toEqual(ids(...server.posts.slice(0, 1)));
    expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(3);
  });

  it('is found in its thread, and beside a thread that is gone', async () => {
    const { server, options, find } = await start();
    await attempt(slack, options, { delivery: other(1) });
    const ts = server.posts[0]?.ts ?? '';
    const inThread = sampleDelivery({}, { id: `${CHANNEL}:${ts}` });
    await attempt(slack, options, { delivery: inThread });
    expect(server.posts[1]?.thread_ts).toBe(ts);
    expect(await find(sampleDelivery())).toEqual(ids());
    expect(await find(inThread)).toEqual(ids(...server.posts.slice(1)));
    server.remove(ts);
    server.remove(server.posts[0]?.ts ?? '');
    await attempt(slack, options, { delivery: inThread });
    expect(await find(inThread)).toEqual(ids(...server.posts));
  });

  it.each<[string, JsonReply, object]>([
    ['a refused token', { status: 200, body: { ok: false, error: 'token_revoked' } }, { reason: /refuses the token/ }],
    [
      'a right that is missing',
      { status: 200, body: { ok: false, error: 'missing_scope', needed: 'channels:history' } },
      { reason: /channels:history/ },
    ],
    ['too many questions', { status: 429, headers: { 'Retry-After': '60' }, body: '' }, { afterMs: 60_000 }],
    ['a page of somebody else', { status: 200, body: '<html>' }, {}],
    ['messages that are none', page(['x']), { reason: /no list/ }],
    ['more messages without a way to them', page([], { has_more: true }), PART],
    ['a next page without a name', page([], { response_metadata: { next_cursor: 7 } }), PART],
    ['older messages out of reach', page([], { is_limited: true }), PART],
    ['an answer that ends in the middle', { status: 200, body: '{"ok":true,"messages":[{"ts":"1.2"}' }, { reason: /no JSON/ }],
    ['an answer without messages', { status: 200, body: { ok: true } }, {}],
    ['an answer without ok', { status: 200, body: { messages: [] } }, {}],
    ['an empty answer', { status: 200, body: '' }, {}],
    ['more than is ever read', { status: 200, body: { ok: true, messages: ['x'.repeat(1_100_000)] } }, { reason: /too long/ }],
    ['a cut connection', 'reset', {}],
    ['silence', 'hang', {}],
  ])('stays in doubt after %s', async (_, reply, { reason = /^asked whether/, ...more }: { reason?: RegExp }) => {
    const { server, find } = await start();
    server.answer(reply);
    expect(await find(sampleDelivery())).toMatchObject({
      kind: 'unknown',
      reason: expect.stringMatching(reason) as string,
      ...more,
    });
  });

  it('gives no secret away', async () => {
    const { server, find } = await start();
    server.answer({ status: 200, body: { ok: false, error: 'invalid_auth', needed: `${TOKEN} ${encodeURIComponent(TOKEN)}` } });
    const finding = JSON.stringify(await find(sampleDelivery()));
    for (const spelling of spellingsOf(TOKEN)) expect(finding).not.toContain(spelling);
  });
});
