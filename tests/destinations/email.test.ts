import type { Outcome } from '../../src/core/outcome';
import { email } from '../../src/destinations/email/index';
import { BUSY_MS, until } from '../support/busy';
import { closedLater } from '../support/closing';
import { attempt, checkOptions, optionsOf, sampleDelivery, spellingsOf } from '../support/destination';
import type { Script } from '../support/mail-server';
import { hang, hangUp, reset, startMailServer, startScriptedMail, type MailSetup } from '../support/mail-server';
import { certificate } from '../support/tls/certificates';
import { FAULTS, describeDestination } from './suite';

const PASSWORD = 'pa:ß wörd/+&=100%';
const LOGIN = { user: 'crm@example.com', password: PASSWORD };
const CA = 'tests/support/tls/ca.pem';
const PLAIN = { host: '127.0.0.1', tls: 'none', from: 'CRM <crm@example.com>', to: ['stream@example.com'] };

describeDestination('email', email, FAULTS, async () => {
  let script: Script = {};
  const echo = `you sent ${PASSWORD} as ${Buffer.from(`\0crm@example.com\0${PASSWORD}`).toString('base64')}`;
  // The script may change until a client comes.
  const server = await startScriptedMail(new Proxy({}, { get: (_, step: string) => (script as Record<string, unknown>)[step] }));
  const follow = (next: Script) => () => {
    script = next;
  };
  return {
    raw: { ...PLAIN, port: server.port, user: LOGIN.user, password: { env: 'SECRET' } },
    env: { SECRET: PASSWORD },
    faults: {
      unreachable: server.close,
      'login refused': follow({ AUTH: `535 5.7.8 ${echo}` }),
      'message refused': follow({ dot: `554 5.6.0 ${echo}` }),
      overloaded: follow({ MAIL: `451 4.3.2 ${encodeURIComponent(PASSWORD)}` }),
      'cut off after sending': follow({ dot: reset }),
      'silent after sending': follow({ dot: hang }),
      'nonsense as success': follow({ dot: `Fine! ${echo}` }),
    },
    posted: () => server.mails.length,
    close: server.close,
  };
});

const real = (setup: MailSetup = {}) => closedLater(startMailServer(setup));
const scripted = (script: Script) => closedLater(startScriptedMail(script));

const optionsWith = (changes: Readonly<Record<string, unknown>> = {}) => optionsOf(email, { ...PLAIN, ...changes });

/** The lines of a head, unfolded, by their names in lower case. */
function headOf(raw: string): Readonly<Record<string, string>> {
  const [head = ''] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return Object.fromEntries(
    lines.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  );
}

/** The parts of a message, decoded from quoted-printable where they are so encoded. */
function partsOf(raw: string): readonly string[] {
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? '';
  const parts = raw.split(`--${boundary}`).slice(1, -1);
  return parts.map((part) => {
    const body = part.slice(part.indexOf('\r\n\r\n') + 4);
    if (/base64/i.test(part.slice(0, part.indexOf('\r\n\r\n')))) return Buffer.from(body, 'base64').toString('utf8');
    if (!/quoted-printable/i.test(part.slice(0, part.indexOf('\r\n\r\n')))) return body;
    const bytes = body
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  });
}

describe('the configuration of email', () => {
  it.each([
    [{ host: 'mail.example.com:25' }, 'is not the name or the address of a host'],
    [{ from: 'CRM' }, '"CRM" is not a mail address'],
    [{ from: 'CRM <crm@example.com>\r\nBcc: all@example.com' }, 'is not a mail address'],
    [{ from: 'C\nRM <crm@example.com>' }, 'is not a mail address'],
    [{ to: ['a@example.com> SIZE=1'] }, 'is not a mail address'],
    [{ to: ['Ann <ann@example.com>, Bob <bob@example.com>'] }, 'is not a mail address'],
    [{ to: ['ann@exa mple.com'] }, 'is not a mail address'],
    [{ to: ['ann@bücher.example'] }, 'is not a mail address'],
    [{ to: [] }, 'is empty'],
    [{ user: 'crm' }, 'has only one of user and password'],
    [{ password: 'secret' }, 'has only one of user and password'],
    [{ tls: 'startls' }, 'did you mean starttls'],
  ])('does not take %j', (changes, message) => {
    const { problems } = checkOptions(email, { ...PLAIN, ...changes });
    expect(problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    [{ tls: undefined }, '127.0.0.1:587 (tls: starttls)'],
    [{ tls: 'implicit' }, '127.0.0.1:465 (tls: implicit)'],
    [{ tls: 'none' }, '127.0.0.1:25 (tls: none)'],
    [{ port: 2525, ...LOGIN }, '127.0.0.1:2525 (tls: none, login crm@example.com)'],
  ])('with %j leads to %s', (changes, shown) => {
    const options = optionsWith(changes);
    expect(email.preview(email.encode(sampleDelivery(), options), options).line).toBe(`MAIL through ${shown}`);
  });

  it.each([
    ['crm@localhost', { name: '', address: 'crm@localhost' }],
    ['"Dock, door" <a.b+c@x-y.example>', { name: 'Dock, door', address: 'a.b+c@x-y.example' }],
    ['Zoë <z@example.com>', { name: 'Zoë', address: 'z@example.com' }],
  ])('reads the mailbox %s', (text, mailbox) => {
    expect(optionsWith({ from: text }).from).toEqual(mailbox);
  });
});

describe('the mail', () => {
  it('is what the dry run shows', () => {
    const options = optionsWith({
      to: ['a@example.com', 'Bob <b@example.com>'],
      replyTo: 'desk@example.com',
      subjectPrefix: '[CRM]',
    });
    expect(email.preview(email.encode(sampleDelivery(), options), options)).toEqual({
      line: 'MAIL through 127.0.0.1:25 (tls: none)',
      headers: {
        From: 'CRM <crm@example.com>',
        To: 'a@example.com, Bob <b@example.com>',
        'Reply-To': 'desk@example.com',
        Subject: '[CRM] Case 10042',
        'Message-ID': `<${sampleDelivery().id}@publish-activity.example.com>`,
        'In-Reply-To': `<${sampleDelivery().thread.key}@thread.publish-activity.example.com>`,
        References: `<${sampleDelivery().thread.key}@thread.publish-activity.example.com>`,
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        'Content-Type': 'multipart/alternative, of which this is the plain text',
      },
      body: [
        'Created Case for Ann Example at Example Ltd',
        'Case Title: The printer is on fire',
        'Priority: High\nBy: Bob Agent\nWhen: 2026-03-02 09:30 (UTC)',
        'http://server/dovetail/Cases/Summary/10042',
        '#dovetailCRM\n',
      ].join('\n\n'),
    });
  });

  it('arrives with the head that was shown, and as two bodies', async () => {
    const server = await real();
    const options = optionsWith({ port: server.port, to: ['a@example.com', 'Bob <b@example.com>'], subjectPrefix: '[CRM]' });
    const { id, thread } = sampleDelivery();
    const messageId = `<${id}@publish-activity.example.com>`;
    expect(await attempt(email, options)).toEqual({ kind: 'delivered', receipt: { id: messageId } });
    expect(server.mails).toMatchObject([{ from: 'crm@example.com', to: ['a@example.com', 'b@example.com'], secure: false }]);
    const raw = server.mails[0]?.raw ?? '';
    const root = `<${thread.key}@thread.publish-activity.example.com>`;
    expect(headOf(raw)).toMatchObject({
      from: 'CRM <crm@example.com>',
      to: 'a@example.com, Bob <b@example.com>',
      subject: '[CRM] Case 10042',
      'message-id': messageId,
      'in-reply-to': root,
      references: root,
      'auto-submitted': 'auto-generated',
      'mime-version': '1.0',
      'content-type': expect.stringMatching(/^multipart\/alternative;/),
    });
    expect(Math.abs(Date.parse(headOf(raw)['date'] ?? '') - Date.now())).toBeLessThan(60_000);
    const [text, html] = partsOf(raw);
    expect(text?.replaceAll('\r\n', '\n').trim()).toBe(email.encode(sampleDelivery(), options).text.trim());
    expect(html).toContain('<tr><th align="left">Priority</th><td dir="auto">High</td></tr>');
    expect(html).toContain('<a href="http://server/dovetail/Cases/Summary/10042">Case 10042</a>');
  });

  it('has the same subject and thread for everything about an object, and its title where no threads are wanted', () => {
    const later = sampleDelivery({ title: 'Closed', activity: 'Close' });
    const [one, two] = [sampleDelivery(), later].map((delivery) => email.encode(delivery, optionsWith()));
    expect([two?.subject, two?.headers]).toEqual([one?.subject, one?.headers]);
    const alone = email.encode(later, optionsWith({ threads: false }));
    expect(alone.subject).toBe('Closed');
    expect(alone.headers).not.toHaveProperty('References');
  });

  it('is about an object of an older version of this program, too', () => {
    expect(email.encode(sampleDelivery({ typeName: '' }), optionsWith()).subject).toBe('case 10042');
  });

  it('links to nothing but web pages', () => {
    const { html, text } = email.encode(sampleDelivery({ url: 'javascript:alert(1)' }), optionsWith());
    expect(html).not.toContain('href');
    expect(text).toContain('javascript:alert(1)');
  });

  it('leaves out what is not there', () => {
    const { text, html } = email.encode(
      sampleDelivery({ body: ' ', url: '', tags: [' '], fields: [], actor: '' }),
      optionsWith(),
    );
    expect(text).toBe('Created Case for Ann Example at Example Ltd\n\nWhen: 2026-03-02 09:30 (UTC)\n');
    expect(html.match(/<p/g)).toHaveLength(1);
  });

  it('cuts endless texts', () => {
    const endless = '🚀'.repeat(500_000);
    const { text, subject } = email.encode(sampleDelivery({ title: endless, body: endless, id: endless }), optionsWith());
    expect(subject.length).toBeLessThanOrEqual(200);
    expect(text.length).toBeLessThan(101_000);
  });

  it('keeps a hostile text a text: no header, no command, no markup, no end of the message', async () => {
    const server = await real();
    const hostile = 'x\r\nBcc: victim@example.com\r\n\r\n.\r\nMAIL FROM:<a@b>\r\n<script>alert(1)</script>\u2028\u0000&amp;';
    const message = {
      title: hostile,
      body: hostile,
      actor: hostile,
      tags: [hostile],
      id: hostile,
      typeName: hostile,
      url: hostile,
    };
    const options = optionsWith({ port: server.port, threads: false });
    expect(await attempt(email, options, { delivery: sampleDelivery(message) })).toMatchObject({ kind: 'delivered' });
    expect(server.mails).toMatchObject([{ to: ['stream@example.com'] }]);
    const raw = server.mails[0]?.raw ?? '';
    const names = 'auto-submitted content-type date from message-id mime-version subject to x-auto-response-suppress';
    expect(Object.keys(headOf(raw)).sort().join(' ')).toBe(names);
    const [text, html] = partsOf(raw);
    expect(text).toContain('.\r\nMAIL FROM:<a@b>\r\n<script>');
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    for (const line of raw.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998);
  });
});

describe('the encryption', () => {
  const secure = certificate('server');

  it.each([
    ['starttls', { ...secure }],
    ['implicit', { ...secure, secure: true }],
  ])('%s carries login and message, with a certificate that caFile vouches for', async (tls, setup) => {
    const server = await real({ ...setup, login: LOGIN });
    expect(await attempt(email, optionsWith({ port: server.port, tls, caFile: CA, ...LOGIN }))).toMatchObject({
      kind: 'delivered',
    });
    expect(server.mails).toMatchObject([{ secure: true, user: LOGIN.user }]);
  });

  it.each([
    ['starttls', 'server', undefined, 'signed by nobody whom we trust'],
    ['implicit', 'server', undefined, 'signed by nobody whom we trust'],
    ['starttls', 'expired', CA, 'the certificate has expired'],
    ['implicit', 'wrong-host', CA, 'made out to another name'],
  ] as const)('%s is refused with the certificate %s, caFile %s', async (tls, name, caFile, words) => {
    const server = await real({ ...certificate(name), secure: tls === 'implicit', login: LOGIN });
    const outcome = await attempt(email, optionsWith({ port: server.port, tls, caFile, ...LOGIN }));
    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining(words) });
    expect(server.mails).toEqual([]);
  });

  it('sends neither login nor message where somebody took STARTTLS out of the greeting', async () => {
    const server = await scripted({ EHLO: '250-loopback\n250 AUTH PLAIN' });
    const outcome = await attempt(email, optionsWith({ port: server.port, tls: 'starttls', ...LOGIN }));
    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining('offers no encryption (STARTTLS)') });
    expect(server.lines.join('\n')).not.toMatch(/AUTH|MAIL/);
  });

  it('says so where the port speaks another kind of it', async () => {
    const server = await scripted({});
    const outcome = await attempt(email, optionsWith({ port: server.port, tls: 'implicit' }));
    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining('"implicit" for 465') });
  });

  it('is not used where it is set to none, even if offered', async () => {
    const server = await real({ ...secure });
    expect(await attempt(email, optionsWith({ port: server.port }))).toMatchObject({ kind: 'delivered' });
    expect(server.mails).toMatchObject([{ secure: false }]);
  });

  it('refuses a version of TLS that is too old', async () => {
    const server = await real({ ...secure, secure: true, maxVersion: 'TLSv1.2' });
    const options = optionsWith({ port: server.port, tls: 'implicit', caFile: CA, minTlsVersion: 'TLSv1.3' });
    expect(await attempt(email, options)).toMatchObject({ kind: 'retry', reason: expect.stringContaining('minTlsVersion') });
  });
});

describe('what a mail server says', () => {
  it.each<[string, Script, object]>([
    ['asks to wait at the greeting', { greeting: '421 too many' }, { kind: 'retry' }],
    ['does not want us', { greeting: '554 blocked' }, { kind: 'retry' }],
    ['speaks something else', { greeting: 'HTTP/1.1 400 Bad Request' }, { kind: 'retry' }],
    ['knows neither EHLO nor HELO', { EHLO: '502 no', HELO: '502 no' }, { kind: 'retry' }],
    ['knows HELO only', { EHLO: '502 no', HELO: '250 hello' }, { kind: 'delivered' }],
    ['takes no login now', { AUTH: '454 later' }, { kind: 'retry' }],
    ['refuses the login', { AUTH: '535 no' }, { kind: 'rejected', loginRefused: true }],
    ['knows no such login', { AUTH: '504 no' }, { kind: 'rejected', loginRefused: true }],
    ['offers no login', { EHLO: '250 loopback' }, { kind: 'rejected', loginRefused: true }],
    ['wants a login all the same', { MAIL: '530 5.7.0 login first' }, { kind: 'rejected', loginRefused: true }],
    ['refuses the sender', { MAIL: '553 no' }, { kind: 'retry', needsRepair: true }],
    ['refuses the recipient', { RCPT: '550 5.1.1 nobody' }, { kind: 'retry', needsRepair: true }],
    ['greylists the recipient', { RCPT: '450 4.2.0 later' }, { kind: 'retry' }],
    ['refuses DATA', { DATA: '554 no' }, { kind: 'retry', needsRepair: true }],
    ['has no room at the end', { dot: '452 4.3.1 disk full' }, { kind: 'retry' }],
    ['finds it too long', { dot: '552 5.3.4 too big' }, { kind: 'rejected', reason: expect.stringContaining('too long') }],
    ['finds a mailbox full', { dot: '552 5.2.2 over quota' }, { kind: 'retry', needsRepair: true }],
    ['cannot say what is full', { RCPT: '552 no' }, { kind: 'retry', needsRepair: true }],
    ['knows a mailbox no more', { dot: '550 5.2.1 disabled' }, { kind: 'retry', needsRepair: true }],
    ['relays for nobody', { RCPT: '554 5.7.1 relay access denied' }, { kind: 'retry', needsRepair: true }],
    ['has no way on', { dot: '550 5.4.1 no answer from host' }, { kind: 'retry', needsRepair: true }],
    ['finds them too many', { RCPT: '550 5.5.3 too many recipients' }, { kind: 'retry', needsRepair: true }],
    ['cannot convert it', { dot: '554 5.6.1 media not supported' }, { kind: 'rejected' }],
    ['refuses it without a second code', { dot: '554 no' }, { kind: 'rejected' }],
    ['refuses it as spam', { dot: '554 5.7.1 spam' }, { kind: 'retry', needsRepair: true }],
    ['closes down after it', { dot: '421 4.3.2 going down' }, { kind: 'retry' }],
    [
      'answers in two lines',
      { dot: '554-one\n554 two' },
      { kind: 'rejected', reason: expect.stringContaining('"554-one 554 two"') },
    ],
    ['says go on after it', { dot: '354 more' }, { kind: 'unknown' }],
    ['says a number that is none', { dot: '999 what' }, { kind: 'unknown' }],
    ['takes it', { dot: '250 2.0.0 queued' }, { kind: 'delivered' }],
    ['takes it, and hangs up in place of a goodbye', { QUIT: reset }, { kind: 'delivered' }],
    ['takes it, and never says goodbye', { QUIT: hang }, { kind: 'delivered' }],
  ])('%s', async (_, script, outcome) => {
    const server = await scripted(script);
    expect(await attempt(email, optionsWith({ port: server.port, ...LOGIN }))).toMatchObject(outcome);
  });

  it.each<[string, Script, Outcome['kind']]>([
    ['before the greeting', { greeting: hangUp }, 'retry'],
    ['instead of a login', { AUTH: reset }, 'retry'],
    ['at the sender', { MAIL: hangUp }, 'retry'],
    ['at the recipient', { RCPT: reset }, 'retry'],
    ['at DATA', { DATA: reset }, 'retry'],
    ['at the dot', { dot: reset }, 'unknown'],
    ['at the dot, politely', { dot: hangUp }, 'unknown'],
    ['in the middle of the last answer', { dot: (socket) => void socket.end('25') }, 'unknown'],
    ['in the middle of a last answer that is long enough to say no', { dot: (socket) => void socket.end('554 no') }, 'rejected'],
  ])('where it hangs up %s', async (_, script, kind) => {
    const server = await scripted(script);
    const outcome = await attempt(email, optionsWith({ port: server.port, ...LOGIN }));
    expect(outcome).toMatchObject({ kind });
    expect(server.mails).toEqual([]);
  });

  it.each<[string, Script, 'retry' | 'unknown']>([
    ['from the start', { greeting: hang }, 'retry'],
    ['at EHLO', { EHLO: hang }, 'retry'],
    ['at the login', { AUTH: hang }, 'retry'],
    ['at the sender', { MAIL: hang }, 'retry'],
    ['at DATA', { DATA: hang }, 'retry'],
    ['at the dot', { dot: hang }, 'unknown'],
  ])('where it falls silent %s, the deadline is kept', async (_, script, kind) => {
    const server = await scripted(script);
    const begin = Date.now();
    expect(await attempt(email, optionsWith({ port: server.port, ...LOGIN }), { ms: 1_000 })).toMatchObject({ kind });
    expect(Date.now() - begin).toBeLessThan(1_000 + BUSY_MS);
    await until(() => !server.busy());
  });

  it('gives up at the deadline on one that says a word a second, for ever', async () => {
    const timers: NodeJS.Timeout[] = [];
    const drip: Script = { EHLO: (socket) => void timers.push(setInterval(() => socket.write('250-x\r\n'), 20)) };
    const server = await scripted(drip);
    expect(await attempt(email, optionsWith({ port: server.port }), { ms: 300 })).toMatchObject({ kind: 'retry' });
    for (const timer of timers) clearInterval(timer);
  });

  it('gives up on a line that does not end', async () => {
    const server = await scripted({ greeting: (socket) => void socket.write('220 '.padEnd(3_000_000, 'x')) });
    const outcome = await attempt(email, optionsWith({ port: server.port }));
    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining('not SMTP') });
  });

  it('quotes it on one line, without what steers a terminal, and shortly', async () => {
    const server = await scripted({ dot: `550 \u001b[31mno\tway ${'x'.repeat(5_000)}` });
    const outcome = await attempt(email, optionsWith({ port: server.port }));
    expect(outcome).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(/^[^\p{Cc}]{50,300}$/u) });
  });

  it('is delivered where some recipients are refused, and says which', async () => {
    const server = await real({ refuse: { 'gone@example.com': 550 } });
    const options = optionsWith({ port: server.port, to: ['gone@example.com', 'here@example.com'] });
    expect(await attempt(email, options)).toMatchObject({
      kind: 'delivered',
      reason: expect.stringMatching(/^not for gone@example\.com: the mail server answered 550: .*nobody here is called/),
    });
    expect(server.mails).toMatchObject([{ to: ['here@example.com'] }]);
  });

  it('is refused, or put off, where all are', async () => {
    const server = await real({ refuse: { 'a@example.com': 550, 'b@example.com': 550, 'c@example.com': 450 } });
    const to = (...all: string[]) =>
      attempt(email, optionsWith({ port: server.port, to: all.map((name) => `${name}@example.com`) }));
    expect(await to('a', 'b')).toMatchObject({ kind: 'retry', needsRepair: true });
    expect(await to('a', 'c')).toMatchObject({ kind: 'retry' });
  });

  it('shows no part of a login that the server repeats', async () => {
    const server = await real({ login: { ...LOGIN, password: 'another' }, allowInsecureAuth: true });
    const outcome = JSON.stringify(await attempt(email, optionsWith({ port: server.port, ...LOGIN })));
    expect(outcome).toContain('no login for crm@example.com with ***');
    for (const spelling of spellingsOf(PASSWORD)) expect(outcome).not.toContain(spelling);
  });
});
