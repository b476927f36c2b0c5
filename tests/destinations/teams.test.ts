import type { Message } from '../../src/core/message';
import type { Outcome } from '../../src/core/outcome';
import { teams } from '../../src/destinations/teams/index';
import { BUSY_MS } from '../support/busy';
import { standIn } from '../support/closing';
import { attempt, checkOptions, optionsOf, sampleDelivery, spellingsOf } from '../support/destination';
import type { JsonReply as Reply } from '../support/json-server';
import { problemsOfCard, SIGNATURE, startTeams, WORKFLOW_ID, type Card } from '../support/teams-server';
import { FAULTS, describeDestination } from './suite';

const ADDRESS = `https://prod-01.westeurope.logic.azure.com:443/workflows/${WORKFLOW_ID}/triggers/manual/paths/invoke?api-version=2016-06-01&sv=1.0&sig=${SIGNATURE}`;
describeDestination('teams', teams, FAULTS, async () => {
  const server = await startTeams();
  const next = (reply: Reply) => () => server.answer(reply);
  const echo = JSON.stringify({ error: { code: 'X', message: `you asked for ${server.webhookUrl} with ${SIGNATURE}` } });
  return {
    raw: { webhookUrl: { env: 'ADDRESS' }, proxy: false },
    env: { ADDRESS: `${server.webhookUrl}\n` },
    faults: {
      unreachable: server.close,
      'login refused': next({ status: 401, body: echo }),
      'message refused': next({ status: 400, body: echo.replace('"X"', '"InvalidRequestContent"') }),
      overloaded: next({ status: 503, body: `<title>${encodeURIComponent(server.webhookUrl)}</title>` }),
      'cut off after sending': next('reset'),
      'silent after sending': next('hang'),
      'nonsense as success': next({ status: 200, body: `<title>Log in to ${WORKFLOW_ID}</title>` }),
    },
    posted: () => server.cards.length,
    close: server.close,
  };
});

const start = (...replies: readonly Reply[]) => standIn(startTeams(), ...replies);

const optionsAt = (webhookUrl = ADDRESS, changes: Readonly<Record<string, unknown>> = {}) =>
  optionsOf(teams, { webhookUrl, proxy: false, ...changes });

const messageOf = (message: Partial<Message> = {}, changes: Readonly<Record<string, unknown>> = {}) =>
  teams.encode(sampleDelivery(message), optionsAt(ADDRESS, changes)).body;

function cardOf(message: Partial<Message> = {}, changes: Readonly<Record<string, unknown>> = {}): Card {
  const { attachments } = JSON.parse(messageOf(message, changes)) as { attachments: [{ content: Card }] };
  return attachments[0].content;
}

const textsOf = (card: Card) => (card['body'] as { text?: string }[]).flatMap(({ text }) => (text === undefined ? [] : [text]));

describe('the card', () => {
  it('has title, who and when, text, fields, tags and a link', () => {
    expect(JSON.parse(messageOf())).toEqual({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            msteams: { width: 'Full' },
            body: [
              {
                type: 'TextBlock',
                text: 'Created Case for Ann Example at Example Ltd',
                wrap: true,
                size: 'Medium',
                weight: 'Bolder',
              },
              {
                type: 'TextBlock',
                text: 'Bob Agent · {{DATE(2026-03-02T09:30:00Z, SHORT)}} {{TIME(2026-03-02T09:30:00Z)}}',
                wrap: true,
                size: 'Small',
                isSubtle: true,
                spacing: 'None',
              },
              { type: 'TextBlock', text: 'Case Title: The printer is on fire', wrap: true },
              { type: 'FactSet', facts: [{ title: 'Priority', value: 'High' }] },
              { type: 'TextBlock', text: '\\#dovetailCRM', wrap: true, size: 'Small', isSubtle: true },
            ],
            actions: [{ type: 'Action.OpenUrl', title: 'Open Case 10042', url: 'http://server/dovetail/Cases/Summary/10042' }],
          },
        },
      ],
    });
  });

  it.each<[string, Partial<Message>]>([
    ['the usual', {}],
    ['nothing but a title', { body: '', url: '', tags: [], actor: '', fields: [] }],
    ['no title', { title: ' ' }],
    ['no moment', { happened: { wallClock: '1753-01-01T00:00:00', timeZone: 'UTC' } }],
    ['an address that no browser opens', { url: 'javascript:alert(1)' }],
    ['controls and halves of characters', { title: 'a\u0000\u001b[31m', body: '\ud83c\ufffe', actor: '\udc00' }],
  ])('is understood by the parser of Microsoft with %s', (_, message) => {
    const card = cardOf(message);
    expect(problemsOfCard(card)).toEqual([]);
    expect(textsOf(card).every((text) => text.trim() !== '' && !/[\p{Cc}\p{Surrogate}]/u.test(text.replace(/\n/g, '')))).toBe(
      true,
    );
  });

  it.each([
    ['*bold* _italic_ `code` ~no~', '\\*bold\\* \\_italic\\_ \\`code\\` \\~no\\~'],
    ['[click](http://evil.example)', '\\[click\\](http://evil.example)'],
    ['C:\\temp\\new', 'C:\\\\temp\\\\new'],
    ['<at>all</at> <AT>x</at>', '\\<\u2060at\\>all\\<\u2060/at\\> \\<\u2060AT\\>x\\<\u2060/at\\>'],
    ['<b>no</b> &lt;b&gt; &#60; Calder & Sons', '\\<b\\>no\\</b\\> \\&lt;b\\&gt; \\&#60; Calder & Sons'],
    ['{{DATE(2017-02-14T06:00:00Z, SHORT)}} {x}', '\\{{DATE(2017-02-14T06:00:00Z, SHORT)}} {x}'],
    ['- one\n+ two\r\n  # three', '\\- one\n\n\\+ two\n\n\\# three'],
    ['1. one\n22) two 3. three', '1\\. one\n\n22\\) two 3. three'],
    ['a\n\n\n    b', 'a\n\nb'],
    ['state-of-the-art #1 +49 1.5', 'state-of-the-art #1 +49 1.5'],
  ])('shows %j as it is', (body, text) => {
    expect(textsOf(cardOf({ body }))[2]).toBe(text);
    const fields = [{ name: 'x', label: body, value: body }];
    const facts = (cardOf({ fields })['body'] as { facts?: unknown[] }[]).flatMap((block) => block.facts ?? []);
    expect(facts).toEqual([expect.objectContaining({ value: text })]);
  });

  it.each([
    ['x', 28_000],
    ['ä', 28_000],
    ['漢', 28_000],
    ['👩‍👩‍👧', 28_000],
    ['\\', 28_000],
    ['"', 28_000],
    ['<at>', 10_000],
    ['a\n', 20_000],
    ['1.\n', 20_000],
  ])('stays below 28 KB with every part made of %j, and says that it was cut', (piece, times) => {
    const long = piece.repeat(times);
    const fields = Array.from({ length: 40 }, (_, index) => ({ name: `n${index}`, label: long, value: long }));
    const all = {
      title: long,
      body: long,
      actor: long,
      tags: [long, long],
      fields,
      url: `http://server/${'x'.repeat(1_400)}`,
      id: long,
    };
    for (const message of [all, { body: long }]) {
      const text = messageOf(message, { people: { bagent: 'bob@example.com' } });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(28_000);
      expect(problemsOfCard(cardOf(message))).toEqual([]);
    }
    const alone = messageOf({ body: long });
    expect(Buffer.byteLength(alone)).toBeGreaterThan(27_900);
    expect(alone).toContain('…');
  });
});

it.each(['\n', ' ', '\t\n', '<', '{', '&', '1'])('makes a card of a flood of %j in no time', (piece) => {
  const begin = Date.now();
  messageOf({ title: `x${piece.repeat(60_000)}y`, body: `x${piece.repeat(60_000)}y` });
  expect(Date.now() - begin).toBeLessThan(BUSY_MS);
});

describe('people', () => {
  const people = { BAgent: 'bob@example.com', 'carol@example.com': '2b450b8e-1db6-42cb-a545-1b05eb8a358b' };

  it('who are known are mentioned', async () => {
    const card = cardOf({}, { people });
    expect(textsOf(card)[1]).toMatch(/^<at>Bob Agent<\/at> · /);
    expect(card['msteams']).toEqual({
      width: 'Full',
      entities: [{ type: 'mention', text: '<at>Bob Agent</at>', mentioned: { id: 'bob@example.com', name: 'Bob Agent' } }],
    });
    const server = await start();
    expect(await attempt(teams, optionsAt(server.webhookUrl, { people }))).toMatchObject({ kind: 'delivered' });
    expect(server.failedRuns).toEqual([]);
  });

  it('are known by login or e-mail address, however it is spelled', () => {
    const entities = (message: Partial<Message>) => JSON.stringify(cardOf(message, { people })['msteams']);
    expect(entities({ actorLogin: 'BAGENT' })).toContain('bob@example.com');
    expect(entities({ actorLogin: 'x', actorEmail: 'Carol@Example.com' })).toContain('2b450b8e-');
    expect(entities({ actorLogin: 'x', actorEmail: '' })).not.toContain('entities');
  });

  it.each([
    ["Bob <at>O'Neil</at> *x*", "Bob atO'Neilat x"],
    ['Zoë Müller-漢字 Jr.', 'Zoë Müller-漢字 Jr.'],
  ])('called %s are mentioned by a name that is no markup', async (actor, name) => {
    const card = cardOf({ actor }, { people });
    expect(textsOf(card)[1]?.split(' · ')[0]).toBe(`<at>${name}</at>`);
    const server = await start();
    await attempt(teams, optionsAt(server.webhookUrl, { people }), {
      delivery: sampleDelivery({ actor, title: '<at>Bob Agent</at>' }),
    });
    expect([server.cards.length, server.failedRuns]).toEqual([1, []]);
  });

  it('without a name, or not in the list, are not mentioned', () => {
    expect(JSON.stringify(cardOf({ actor: '***' }, { people }))).not.toContain('<at>');
    expect(JSON.stringify(cardOf())).not.toContain('<at>');
  });

  it('leave neither login nor e-mail address in the card', () => {
    expect(messageOf()).not.toMatch(/bagent|bob\.agent@/);
  });
});

describe('the answer', () => {
  it('202 without a body is all that there is: delivered, with nothing to point to', async () => {
    const server = await start();
    expect(await attempt(teams, optionsAt(server.webhookUrl))).toEqual({ kind: 'delivered', receipt: {} });
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'publish-activity/1.2.3' },
      body: messageOf(),
    });
  });

  it.each<[Reply, Partial<Outcome>]>([
    [
      { status: 200, body: '{"ok":1}' },
      { kind: 'delivered', receipt: {} },
    ],
    [{ status: 400 }, { kind: 'rejected' }],
    [{ status: 400, body: '{"error":{"code":"InvalidRequestContent","message":"no"}}' }, { kind: 'rejected' }],
    [{ status: 400, body: '{"error":{"code":"BadRequest","message":"no"}}' }, { kind: 'rejected' }],
    [
      { status: 400, body: '{"error":{"code":"WorkflowTriggerIsNotEnabled"}}' },
      { kind: 'retry', needsRepair: true },
    ],
    [
      { status: 400, body: '{"error":{"code":"TriggerInputSchemaMismatch"}}' },
      { kind: 'retry', needsRepair: true },
    ],
    [
      { status: 400, body: '<html><title>400 The plain HTTP request</title></html>' },
      { kind: 'retry', needsRepair: true },
    ],
    [{ status: 404 }, { kind: 'retry', needsRepair: true }],
    [{ status: 413 }, { kind: 'rejected' }],
    [{ status: 500 }, { kind: 'retry' }],
    [{ status: 502 }, { kind: 'retry' }],
    [{ status: 504 }, { kind: 'unknown' }],
    [
      { status: 302, headers: { Location: 'https://login.example.com/?x=1' } },
      { kind: 'retry', needsRepair: true },
    ],
    [
      { status: 429, headers: { 'Retry-After': '17' } },
      { kind: 'retry', afterMs: 17_000 },
    ],
    ['keep and hang', { kind: 'unknown' }],
  ])('%j is read by the one table', async (reply, expected) => {
    const server = await start(reply);
    expect(await attempt(teams, optionsAt(server.webhookUrl), { ms: 3_000 })).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });

  it('is quoted where it says why, but never the address or a part of it', async () => {
    const said = `The signature ${SIGNATURE} of ${WORKFLOW_ID} is wrong`;
    const server = await start({ status: 401, body: JSON.stringify({ error: { code: 'AuthorizationFailed', message: said } }) });
    const outcome = await attempt(teams, optionsAt(server.webhookUrl));
    expect(outcome).toEqual({
      kind: 'rejected',
      loginRefused: true,
      reason: 'the server answered 401: it refuses the login; it says "The signature *** of *** is wrong"',
    });
  });
});

describe('the options', () => {
  it('are shown without the address', () => {
    const options = optionsAt();
    const preview = teams.preview(teams.encode(sampleDelivery(), options), options);
    expect(preview.line).toBe('POST https://prod-01.westeurope.logic.azure.com/***');
    expect(preview.headers).toEqual({ 'Content-Type': 'application/json; charset=utf-8' });
    expect(preview.body).toMatch(/\n +"text": "Case Title: The printer is on fire",\n/);
    for (const part of [SIGNATURE, WORKFLOW_ID]) {
      for (const spelling of spellingsOf(part)) expect(JSON.stringify(preview)).not.toContain(spelling);
    }
  });

  it.each([
    'https://company.webhook.office.com/webhookb2/abc@def/IncomingWebhook/ghi/jkl',
    'https://outlook.office.com/webhook/abc@def/IncomingWebhook/ghi/jkl',
    'https://outlook.office365.com/webhook/abc/IncomingWebhook/ghi',
  ])('refuse the address of a retired connector, and say what to do: %s', (webhookUrl) => {
    const { problems } = checkOptions(teams, { webhookUrl });
    expect(problems).toEqual([
      {
        path: ['webhookUrl'],
        message: expect.stringMatching(/^is the address of an Office 365 connector.*retired.*Workflows/) as string,
      },
    ]);
    expect(problems[0]?.message).not.toMatch(/abc|ghi/);
  });

  it.each<[object, string]>([
    [{ webhookUrl: 'prod-01.westeurope.logic.azure.com/geheim' }, 'webhookUrl'],
    [{ webhookUrl: { env: 'NOT_SET' } }, 'webhookUrl'],
    [{ webhookUrl: undefined }, 'webhookUrl'],
    [{ people: { bagent: 'Bob Agent' } }, 'people.bagent'],
    [{ people: { bagent: '<at>x</at>@y' } }, 'people.bagent'],
    [{ url: ADDRESS }, 'url'],
  ])('are refused where they are wrong: %j', (changes, key) => {
    const { problems } = checkOptions(teams, { webhookUrl: ADDRESS, ...changes });
    expect(problems.map(({ path }) => path.join('.'))).toEqual([key]);
    expect(JSON.stringify(problems)).not.toMatch(/geheim|sig=/);
  });
});
