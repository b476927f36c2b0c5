import { Webhook } from 'standardwebhooks';
import type { Message } from '../../src/core/message';
import type { Outcome } from '../../src/core/outcome';
import { webhook } from '../../src/destinations/webhook/index';
import { standIn } from '../support/closing';
import { attempt, checkOptions, optionsOf, sampleDelivery, spellingsOf, tools } from '../support/destination';
import type { JsonReply } from '../support/json-server';
import { PATH, startWebhook, type WebhookSetup } from '../support/webhook-server';
import { FAULTS, describeDestination } from './suite';

const key = (fill: string) => `whsec_${Buffer.from(fill.repeat(24)).toString('base64')}`;
const [SECRET, OLD_SECRET] = [key('s'), key('o')];
const API_KEY = 'gateway-key-9f8e7d6c5b';
describe.each(['json', 'cloudevents'] as const)('as %s', (format) => {
  describeDestination('webhook', webhook, FAULTS, async () => {
    const server = await startWebhook({ secret: SECRET, wanted: { 'x-api-key': API_KEY } });
    const next = (reply: JsonReply) => () => server.answer(reply);
    const echo = { message: `${server.address} ${PATH} ${SECRET} ${SECRET.slice(6)} ${API_KEY}` };
    return {
      raw: { url: server.address, format, secret: { env: 'SECRET' }, headers: { 'X-Api-Key': { env: 'KEY' } }, proxy: false },
      env: { SECRET, KEY: API_KEY },
      faults: {
        unreachable: server.close,
        'login refused': next({ status: 401, body: echo }),
        'message refused': next({ status: 422, body: echo }),
        overloaded: next({ status: 503, body: echo }),
        'cut off after sending': next('reset'),
        'silent after sending': next('hang'),
        'nonsense as success': next({ status: 200, body: `<title>${API_KEY}</title>` }),
      },
      posted: () => server.events.size,
      close: server.close,
    };
  });
});

const start = (setup: WebhookSetup = {}, ...replies: JsonReply[]) => standIn(startWebhook(setup), ...replies);

const optionsWith = (changes: Readonly<Record<string, unknown>> = {}) =>
  optionsOf(webhook, { url: 'https://receiver.example/in', proxy: false, ...changes });

const payloadOf = (message: Partial<Message> = {}, changes: Readonly<Record<string, unknown>> = {}) =>
  webhook.encode(sampleDelivery(message), optionsWith(changes));
const eventOf = (message: Partial<Message> = {}, changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.parse(payloadOf(message, changes).body) as { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

const DATA = {
  object: { type: 'case', name: 'Case', id: '10042', url: 'http://server/dovetail/Cases/Summary/10042' },
  activity: { code: 600, name: 'Create' },
  actor: { name: 'Bob Agent' },
  title: 'Created Case for Ann Example at Example Ltd',
  body: 'Case Title: The printer is on fire',
  tags: ['dovetailCRM'],
  fields: [{ name: 'priority', label: 'Priority', value: 'High' }],
  thread: '5f6a5e2f6ea26e3a5a1c1a5ef7d5c0d7',
};

describe('the event', () => {
  const { id, thread } = sampleDelivery();

  it('is plain JSON with a type, the moment it happened, and what happened', () => {
    expect(payloadOf()).toEqual({
      id,
      contentType: 'application/json; charset=utf-8',
      body: JSON.stringify({ type: 'crm.case.create', timestamp: '2026-03-02T09:30:00Z', data: { ...DATA, thread: thread.key } }),
    });
  });

  it('is a CloudEvent in structured mode', () => {
    expect(payloadOf({}, { format: 'cloudevents', source: 'https://crm.example.com/production' })).toEqual({
      id,
      contentType: 'application/cloudevents+json; charset=utf-8',
      body: JSON.stringify({
        specversion: '1.0',
        id,
        source: 'https://crm.example.com/production',
        type: 'crm.case.create',
        subject: 'case/10042',
        time: '2026-03-02T09:30:00Z',
        datacontenttype: 'application/json',
        data: { ...DATA, thread: thread.key },
      }),
    });
  });

  it.each<[Partial<Message>, string]>([
    [{ activity: 'Case Close' }, 'crm.case.case_close'],
    [{ activity: '  E-Mail Out! ' }, 'crm.case.e_mail_out'],
    [{ activity: 'Rückfrage' }, 'crm.case.ruckfrage'],
    [{ activity: '解決', activityCode: 200 }, 'crm.case.activity_200'],
    [{ activity: '', activityCode: 0 }, 'crm.case.notice'],
    [{ objectType: 'change-request', activity: 'Create' }, 'crm.change_request.create'],
    [{ activity: 'a.b"\r\n' }, 'crm.case.a_b'],
  ])('of %j has a type for programs', (message, type) => {
    expect(eventOf(message).type).toBe(type);
  });

  it('tells of people their names and nothing else', () => {
    expect(payloadOf().body).not.toMatch(/bagent|bob\.agent@/);
  });

  it('holds texts as they are, but for what no text can hold', () => {
    const { data } = eventOf({ title: 'a "b" <c> \u0000\ud83c', body: '1\r\n2\t3', url: 'javascript:alert(1)' });
    expect(data).toMatchObject({ title: 'a "b" <c> \uFFFD', body: '1\r\n2\t3' });
    expect(data['object']).not.toHaveProperty('url');
  });

  it.each(['x', 'ä', '漢', '👩‍👩‍👧', '"', '\\', 'x\n'])(
    'stays below 20 KB with every part made of %j, and says that it was cut',
    (piece) => {
      const long = `a${piece.repeat(25_000)}b`;
      const fields = Array.from({ length: 40 }, (_, index) => ({ name: `n${index}`, label: long, value: long }));
      const tags = Array.from({ length: 40 }, () => long);
      const words = { id: long, activity: long, actor: long, typeName: long };
      const url = `http://server/${'x'.repeat(1_400)}`;
      for (const format of ['json', 'cloudevents']) {
        const all = payloadOf({ title: long, body: long, tags, fields, url, ...words }, { format }).body;
        expect(Buffer.byteLength(all)).toBeLessThanOrEqual(20_000);
      }
      const alone = payloadOf({ body: long }).body;
      expect(Buffer.byteLength(alone)).toBeLessThanOrEqual(20_000);
      expect(Buffer.byteLength(alone)).toBeGreaterThan(19_900);
      expect(alone).toContain('…');
    },
  );
});

describe('the request', () => {
  it.each([
    ['one secret', SECRET],
    ['the newer of two', [OLD_SECRET, SECRET]],
    ['the older of two', [SECRET, OLD_SECRET]],
    ['a secret with a line end around it', ` ${SECRET}\n`],
  ])('is verified with %s by the library of the standard', async (_, secret) => {
    const server = await start({ secret: SECRET });
    expect(await attempt(webhook, optionsWith({ url: server.address, secret }))).toEqual({ kind: 'delivered', receipt: {} });
    expect(server.events.size).toBe(1);
    const signatures = String(server.requests[0]?.headers['webhook-signature']).split(' ');
    expect(signatures).toHaveLength(Array.isArray(secret) ? 2 : 1);
  });

  it('is not verified with another secret, or changed on its way', async () => {
    const server = await start({ secret: SECRET });
    expect(await attempt(webhook, optionsWith({ url: server.address, secret: OLD_SECRET }))).toMatchObject({
      kind: 'rejected',
      loginRefused: true,
    });
    await attempt(webhook, optionsWith({ url: server.address, secret: SECRET }));
    const { headers, body } = server.requests[1] ?? { headers: {}, body: '' };
    const plain = headers as Record<string, string>;
    expect(new Webhook(SECRET).verify(body, plain)).toEqual(JSON.parse(body));
    expect(() => new Webhook(SECRET).verify(`${body} `, plain)).toThrow();
    expect(() => new Webhook(SECRET).verify(body, { ...plain, 'webhook-id': 'another' })).toThrow();
  });

  it('is signed at the moment of sending, while everything else stays the same', async () => {
    const server = await start();
    const options = optionsWith({ url: server.address, secret: SECRET });
    for (const now of [1_700_000_000_999, 1_700_086_400_000])
      await attempt(webhook, options, { using: { ...tools, now: () => now } });
    const [first, second] = server.requests;
    expect([first?.headers['webhook-timestamp'], second?.headers['webhook-timestamp']]).toEqual(['1700000000', '1700086400']);
    expect(first?.headers['webhook-signature']).not.toBe(second?.headers['webhook-signature']);
    expect([first?.headers['webhook-id'], first?.body]).toEqual([second?.headers['webhook-id'], second?.body]);
    expect(first?.headers['webhook-id']).toBe(sampleDelivery().id);
  });

  it('without a secret has no signature, and still the id that a repeat is known by', async () => {
    const server = await start();
    const options = optionsWith({ url: server.address });
    server.answer('keep and reset');
    expect(await attempt(webhook, options)).toMatchObject({ kind: 'unknown' });
    expect(await attempt(webhook, options)).toMatchObject({ kind: 'delivered' });
    expect(server.requests).toHaveLength(2);
    expect(server.events.size).toBe(1);
    expect(server.requests[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it('is shown as it is, but for what is secret', () => {
    const options = optionsWith({
      url: `https://receiver.example${PATH}?x=1`,
      secret: [SECRET, OLD_SECRET],
      headers: { 'X-Key': API_KEY },
    });
    const preview = webhook.preview(webhook.encode(sampleDelivery(), options), options);
    expect(preview).toEqual({
      line: 'POST https://receiver.example/***',
      headers: {
        'X-Key': '***',
        'Content-Type': 'application/json; charset=utf-8',
        'webhook-id': sampleDelivery().id,
        'webhook-timestamp': '(the moment of posting)',
        'webhook-signature': 'v1,*** v1,***',
      },
      body: expect.stringMatching(/^\{\n {2}"type": "crm\.case\.create",\n/) as string,
    });
    expect(webhook.preview(payloadOf(), optionsWith()).headers).not.toHaveProperty('webhook-signature');
  });
});

describe('a repeat', () => {
  it('is dropped by a receiver that follows the standard, and by no other', () => {
    const { repeat } = webhook;
    if (typeof repeat !== 'object') throw new Error('it does not depend on the options');
    expect([{}, { receiverDropsRepeats: false }].map((changes) => repeat.of(optionsWith(changes)))).toEqual(['safe', 'unsafe']);
  });
});

describe('the answer', () => {
  it.each<[JsonReply, Partial<Outcome>]>([
    [
      { status: 200, body: 'thanks' },
      { kind: 'delivered', receipt: {} },
    ],
    [
      { status: 200, body: { message: 'kept' } },
      { kind: 'delivered', receipt: {} },
    ],
    [{ status: 202 }, { kind: 'delivered' }],
    [
      { status: 400, body: { error: { message: 'bad' } } },
      { kind: 'rejected', reason: expect.stringContaining('it says "bad"') as string },
    ],
    [
      { status: 400, body: { title: 'x', detail: 'worse' } },
      { kind: 'rejected', reason: expect.stringContaining('it says "worse"') as string },
    ],
    [{ status: 410 }, { kind: 'retry', needsRepair: true, reason: 'the server answered 410: this address is gone for good' }],
    [{ status: 415 }, { kind: 'retry', needsRepair: true }],
    [
      { status: 429, headers: { 'Retry-After': '120' } },
      { kind: 'retry', afterMs: 120_000 },
    ],
    [{ status: 500 }, { kind: 'retry' }],
    [{ status: 502 }, { kind: 'retry' }],
    [{ status: 504 }, { kind: 'unknown' }],
    [
      { status: 307, headers: { Location: 'https://elsewhere.example/?key=x' } },
      { kind: 'retry', needsRepair: true },
    ],
  ])('%j is read by the one table', async (reply, expected) => {
    const server = await start({}, reply);
    expect(await attempt(webhook, optionsWith({ url: server.address }))).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });

  it('never shows the address, a secret or a header, in whatever part they are sent back', async () => {
    const said = [SECRET, SECRET.slice(6), OLD_SECRET.slice(6), API_KEY, PATH.slice(4)];
    const server = await start({}, { status: 400, body: { error: said.join(' and ') } });
    const options = optionsWith({ url: server.address, secret: [SECRET, OLD_SECRET], headers: { 'X-Key': API_KEY } });
    const outcome = JSON.stringify(await attempt(webhook, options));
    expect(outcome).toContain('***');
    for (const part of said) for (const spelling of spellingsOf(part)) expect(outcome).not.toContain(spelling);
  });
});

describe('the options', () => {
  it('are all that is needed with an address alone', () => {
    expect(optionsWith()).toMatchObject({
      format: 'json',
      secret: [],
      headers: {},
      source: 'urn:publish-activity',
      receiverDropsRepeats: true,
    });
  });

  it.each<[object, string, string]>([
    [{ url: 'receiver.example/geheim' }, 'url', 'https://'],
    [{ url: 'https://user:geheim@receiver.example/' }, 'url', 'Authorization'],
    [{ secret: 'geheim' }, 'secret', 'whsec_'],
    [{ secret: SECRET.slice(6) }, 'secret', 'whsec_'],
    [{ secret: 'whsec_Z2VoZWlt' }, 'secret', '24 to 64 bytes'],
    [{ secret: `whsec_${'A'.repeat(100)}` }, 'secret', '24 to 64 bytes'],
    [{ secret: 'whsk_geheim' }, 'secret', 'whsec_'],
    [{ secret: [SECRET, { env: 'NOT_SET' }] }, 'secret.1', 'NOT_SET'],
    [{ secret: [] }, 'secret', 'must be'],
    [{ headers: { 'X-Key': 'geheim\r\nX-Evil: 1' } }, 'headers.X-Key', 'line end'],
    [{ headers: { 'X-Key': 'geheim…' } }, 'headers.X-Key', 'no header'],
    [{ headers: { 'X Key': 'geheim' } }, 'headers.X Key', 'name of a header'],
    [{ headers: { 'X-Evil\r\nX': 'geheim' } }, 'headers.X-Evil\r\nX', 'name of a header'],
    [{ headers: { 'Webhook-Id': 'geheim' } }, 'headers.Webhook-Id', 'writes itself'],
    [{ headers: { 'CONTENT-TYPE': 'geheim' } }, 'headers.CONTENT-TYPE', 'writes itself'],
    [{ format: 'xml' }, 'format', 'json, cloudevents'],
    [{ source: 'two words' }, 'source', 'URI'],
    [{ receiverDropsRepeats: 'yes' }, 'receiverDropsRepeats', 'true'],
  ])('are refused where they are wrong: %j', (changes, path, words) => {
    const { problems } = checkOptions(webhook, { url: 'https://receiver.example/in', ...changes });
    expect(problems.map((each) => each.path.join('.'))).toEqual([path]);
    expect(problems[0]?.message).toContain(words);
    expect(JSON.stringify(problems)).not.toMatch(/geheim|Z2VoZWlt/);
  });

  it('hold every secret as one, a key also without the mark before it', () => {
    const { secrets } = checkOptions(webhook, {
      url: 'https://receiver.example/in',
      secret: SECRET,
      headers: { 'X-Key': API_KEY },
    });
    const known = secrets.map((each) => each.reveal());
    expect(known).toEqual(expect.arrayContaining(['https://receiver.example/in', SECRET, SECRET.slice(6), API_KEY]));
  });
});
