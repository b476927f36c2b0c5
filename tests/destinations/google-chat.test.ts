// Google Chat over real TCP.

import type { Message } from '../../src/core/message';
import type { Outcome } from '../../src/core/outcome';
import { googleChat } from '../../src/destinations/google-chat/index';
import { standIn } from '../support/closing';
import { attempt, checkOptions, optionsOf, sampleDelivery } from '../support/destination';
import { CHAT_TOKEN, failed, KEY, startChat } from '../support/google-chat-server';
import type { JsonReply } from '../support/json-server';
import { FAULTS, describeDestination } from './suite';

describeDestination('google-chat', googleChat, FAULTS, async () => {
  const server = await startChat();
  const next = (reply: JsonReply) => () => server.answer(reply);
  const echo = `you sent ${server.webhookUrl}, key ${KEY}, token ${CHAT_TOKEN} as ${decodeURIComponent(CHAT_TOKEN)}`;
  return {
    raw: { webhookUrl: { env: 'HOOK' }, proxy: false },
    env: { HOOK: server.webhookUrl },
    faults: {
      unreachable: server.close,
      'login refused': next(failed(401, 'UNAUTHENTICATED', echo)),
      'message refused': next(failed(400, 'INVALID_ARGUMENT', echo)),
      overloaded: next(failed(429, 'RESOURCE_EXHAUSTED', echo)),
      'cut off after sending': next('reset'),
      'silent after sending': next('hang'),
      'nonsense as success': next({ status: 200, body: `<title>${echo}</title>` }),
    },
    posted: () => server.posts.length,
    close: server.close,
  };
});

const start = (...replies: readonly JsonReply[]) => standIn(startChat(), ...replies);

const optionsAt = (
  webhookUrl = `https://chat.googleapis.com/v1/spaces/AAAA/messages?key=${KEY}&token=${CHAT_TOKEN}`,
  changes = {},
) => optionsOf(googleChat, { webhookUrl, proxy: false, ...changes });

interface Body {
  readonly fallbackText: string;
  readonly cardsV2: readonly [{ readonly card: { readonly sections: readonly [{ readonly widgets: readonly object[] }] } }];
}
const bodyOf = (message: Partial<Message> = {}, changes = {}) =>
  JSON.parse(googleChat.encode(sampleDelivery(message), optionsAt(undefined, changes)).body) as Body;
const widgetsOf = (...given: Parameters<typeof bodyOf>) => bodyOf(...given).cardsV2[0].card.sections[0].widgets;

const { id, thread } = sampleDelivery();
const paragraph = (text: string) => ({ textParagraph: { text } });
const widgets = [
  paragraph('<b><a href="http://server/dovetail/Cases/Summary/10042">Created Case for Ann Example at Example Ltd</a></b>'),
  paragraph('Case Title: The printer is on fire'),
  { decoratedText: { topLabel: 'Priority', text: 'High', wrapText: true } },
  paragraph('Bob Agent · Case 10042 · #dovetailCRM'),
];
const said = {
  fallbackText: 'Created Case for Ann Example at Example Ltd',
  cardsV2: [{ cardId: 'activity', card: { sections: [{ widgets }] } }],
};
const QUERY = `requestId=${id}&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD`;

describe('the post', () => {
  it('is a card in the thread of its object, under the id of the delivery', () => {
    const { body, query } = googleChat.encode(sampleDelivery(), optionsAt());
    expect(JSON.parse(body)).toEqual({ ...said, thread: { threadKey: thread.key } });
    expect(query).toBe(QUERY);
  });

  it('stands alone where threads are not wanted', () => {
    const { body, query } = googleChat.encode(sampleDelivery(), optionsAt(undefined, { threads: false }));
    expect(JSON.parse(body)).toEqual(said);
    expect(query).toBe(`requestId=${id}`);
  });

  it('leaves out what there is not', () => {
    const nothing = { title: 'T', url: '', body: '\u0000', fields: [], actor: '', tags: [], typeName: '', id: '' };
    expect(widgetsOf(nothing)).toEqual([paragraph('<b>T</b>')]);
  });

  it.each<[string, Partial<Message>, string]>([
    ['markup', { body: '<b>a</b> & b' }, '&lt;b&gt;a&lt;/b&gt; &amp; b'],
    ['a call of everybody', { body: '<users/all>' }, '&lt;users/all&gt;'],
    ['lines', { body: 'a\r\nb\rc\n\nd' }, 'a<br>b<br>c<br><br>d'],
    ['characters of control', { body: 'a\u0001\ud800' }, 'a\uFFFD'],
  ])('takes %s as a text', (_, message, text) => {
    expect(widgetsOf(message)[1]).toEqual(paragraph(text));
  });

  it('calls nobody in what a notification says', () => {
    expect(bodyOf({ title: 'Hi <users/all>' }).fallbackText).toBe('Hi <\u200Busers/all>');
  });

  it('keeps the limit with the longest texts, however they are spelled', async () => {
    const server = await start();
    for (const unit of ['x', '<', '"', '\n.', '👩‍👩‍👧', 'ä', '\u0001']) {
      const long = unit.repeat(20_000 / unit.length);
      const fields = Array.from({ length: 30 }, (_, index) => ({ name: `f${index}`, label: long, value: `v${long}` }));
      const url = `http://server/${'&'.repeat(297)}`;
      const message = { title: long, body: long, actor: long, tags: [long, long], id: long, typeName: long, fields, url };
      const delivery = { ...sampleDelivery(message), id: unit };
      expect(await attempt(googleChat, optionsAt(server.webhookUrl), { delivery })).toMatchObject({ kind: 'delivered' });
    }
    expect(server.posts).toHaveLength(7);
    expect(widgetsOf({ body: 'ä'.repeat(10_000) })[1]).toEqual(paragraph(`${'ä'.repeat(8_998)}…`));
  });

  it('is shown in lines, without the secret', () => {
    const options = optionsAt(undefined, { threads: false });
    expect(googleChat.preview(googleChat.encode(sampleDelivery(), options), options)).toEqual({
      line: `POST https://chat.googleapis.com/v1/***?***&requestId=${id}`,
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify(said, undefined, 2),
    });
  });

  it('arrives as it was encoded', async () => {
    const server = await start();
    expect(await attempt(googleChat, optionsAt(`${server.webhookUrl}#x`))).toEqual({
      kind: 'delivered',
      receipt: { id: 'spaces/AAAAspace/messages/Thread.1' },
    });
    expect(server.posts).toEqual([{ ...said, thread: { threadKey: thread.key } }]);
    expect(server.requests[0]?.query.toString()).toBe(`key=${KEY}&token=${CHAT_TOKEN}&${QUERY}`);
  });

  it('is made once, however often it is sent', async () => {
    const server = await start('keep and reset');
    const options = optionsAt(server.webhookUrl);
    expect(await attempt(googleChat, options)).toMatchObject({ kind: 'unknown' });
    expect(await attempt(googleChat, options)).toMatchObject({ receipt: { id: 'spaces/AAAAspace/messages/Thread.1' } });
    expect(server.posts).toHaveLength(1);
  });
});

describe('a mention', () => {
  it('is a text beside the card, in place of the name', () => {
    const body = bodyOf({}, { people: { 'bob.agent@example.com': '1234567890' } });
    expect(body).toMatchObject({ text: '<users/1234567890>' });
    expect(JSON.stringify(body)).not.toMatch(/example\.com|bagent|Bob/i);
    expect(body.cardsV2[0].card.sections[0].widgets.at(-1)).toEqual(paragraph('Case 10042 · #dovetailCRM'));
  });

  it('is made of nobody else', () => {
    expect(bodyOf({}, { people: { somebody: '1' } })).not.toHaveProperty('text');
  });
});

describe('an answer', () => {
  it.each<[number, string, string, string, Partial<Outcome>]>([
    [400, 'INVALID_ARGUMENT', 'Message is too long.', '', { kind: 'rejected' }],
    [400, 'INVALID_ARGUMENT', 'API key not valid.', 'API_KEY_INVALID', { kind: 'rejected', loginRefused: true }],
    [400, 'FAILED_PRECONDITION', 'no', '', { kind: 'retry', needsRepair: true }],
    [401, 'UNAUTHENTICATED', 'no', '', { kind: 'rejected', loginRefused: true }],
    [403, 'PERMISSION_DENIED', 'no', '', { kind: 'retry', needsRepair: true }],
    [404, 'NOT_FOUND', 'no', '', { kind: 'retry', needsRepair: true }],
    [429, 'RESOURCE_EXHAUSTED', 'no', '', { kind: 'retry', afterMs: 7_000 }],
    [500, 'INTERNAL', 'no', '', { kind: 'retry' }],
    [503, 'UNAVAILABLE', 'no', '', { kind: 'retry', afterMs: 7_000 }],
    [504, 'DEADLINE_EXCEEDED', 'no', '', { kind: 'unknown' }],
  ])('of %d %s: %s', async (code, status, message, reason, outcome) => {
    const server = await start({ ...failed(code, status, message, reason), headers: { 'Retry-After': '7' } });
    const found = await attempt(googleChat, optionsAt(server.webhookUrl));
    expect(found).toMatchObject({ ...outcome, reason: expect.stringContaining(`"${status} / ${message}"`) as string });
    if (!('loginRefused' in outcome)) expect(found).not.toHaveProperty('loginRefused');
  });

  it.each<[string, JsonReply]>([
    ['without a name', { status: 200, body: {} }],
    ['with another name', { status: 200, body: { name: 'spaces/A/members/1' } }],
    ['that is cut off', 'keep and cut'],
  ])('%s leaves one in doubt', async (_, reply) => {
    const server = await start(reply);
    expect(await attempt(googleChat, optionsAt(server.webhookUrl))).toMatchObject({ kind: 'unknown' });
  });

  it('to a wrong key or token is a refused login', async () => {
    const server = await start();
    for (const wrong of [KEY, CHAT_TOKEN]) {
      const options = optionsAt(server.webhookUrl.replace(wrong, 'wrong'));
      expect(await attempt(googleChat, options)).toMatchObject({ kind: 'rejected', loginRefused: true });
    }
    expect(server.posts).toEqual([]);
  });
});

describe('the options', () => {
  it.each<[object, string]>([
    [{}, 'webhookUrl'],
    [{ webhookUrl: 'chat.googleapis.com' }, 'webhookUrl'],
    [{ webhookUrl: 'https://chat.googleapis.com/', threads: 'yes' }, 'threads'],
    [{ webhookUrl: 'https://chat.googleapis.com/', people: { bob: 'bob@example.com' } }, 'people'],
  ])('are refused where they are wrong: %j', (raw, key) => {
    expect(checkOptions(googleChat, raw).problems.map(({ path }) => path[0])).toEqual([key]);
  });

  it('hold key and token as secrets of their own', () => {
    const { secrets } = checkOptions(googleChat, { webhookUrl: `https://chat.example/?key=${KEY}&token=${CHAT_TOKEN}` });
    expect(secrets.slice(1).map((secret) => secret.reveal())).toEqual([KEY, decodeURIComponent(CHAT_TOKEN)]);
  });
});
