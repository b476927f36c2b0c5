// A server of CalDAV that means no good, and one that says too much: it gets no login it should not have, costs no time or memory without
// end, and nothing of what is private or secret is in what is told of it.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { startDeadline } from '../../src/core/deadline';
import { caldav } from '../../src/groupware/caldav/index';
import type { RemoteStep } from '../../src/groupware/groupware';
import { caldavOptions, PASSWORD, tools } from '../support/caldav';
import { found, multistatus, said, type DavReply } from '../support/dav-answers';
import { HOME, startDav, type DavServer } from '../support/dav-server';
import { ANN, VISIT } from './suite';

const EVENTS = `${HOME}publish-activity-crm-events/`;
const ID = `pa${'0'.repeat(26)}`;
const TOKEN = '<sync-token>t-1</sync-token>';

let server: DavServer;
const deadline = startDeadline(60_000, () => 0);
afterAll(() => deadline.end());
beforeEach(async () => {
  server = await startDav();
  server.collections.set(EVENTS, { name: 'CRM', description: '', component: 'VEVENT' });
});
afterEach(() => server.close());

const open = () => caldav.open(ANN, 'event', caldavOptions(`${server.url}/dav/`), tools);
const list = () => open().list(undefined, undefined, deadline);
const creating: RemoteStep = { do: 'create', linkId: ID, entry: VISIT, url: 'http://server/1' };
const answering = (word: string, reply: DavReply) => {
  server.script = ({ body }) => (body.includes(word) ? reply : undefined);
};
const withText = (text: string): DavReply => ({ status: 207, body: text });

describe('an answer that is an attack', () => {
  const bomb = `<!DOCTYPE a [<!ENTITY a "${'x'.repeat(1_000)}"><!ENTITY b "${'&a;'.repeat(1_000)}"><!ENTITY c "${'&b;'.repeat(1_000)}">]>`;
  const inside = (text: string) =>
    `<multistatus xmlns="DAV:"><response><href>${EVENTS}</href><status>${text}</status></response></multistatus>`;
  it.each<[string, DavReply]>([
    ['a bomb of entities', withText(bomb + inside('&c;'))],
    ['a file of this host', withText(`<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>${inside('&f;')}`)],
    ['an entity that nobody knows', withText(inside('&x;'))],
    ['elements in each other without end', withText('<a xmlns="DAV:">'.repeat(100_000))],
    ['more elements than anybody means', withText(`<multistatus xmlns="DAV:">${'<a/>'.repeat(600_000)}</multistatus>`)],
    [
      'attributes without end',
      withText(`<multistatus xmlns="DAV:" ${Array.from({ length: 50_000 }, (_, n) => `a${n}="1"`).join(' ')}/>`),
    ],
    [
      'packed so that it is large',
      { status: 207, headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20)) },
    ],
    ['another document behind it', withText(`${inside('x')}<multistatus xmlns="DAV:"/>`)],
    ['in another encoding', withText(`<?xml version="1.0" encoding="utf-16"?>${inside('x')}`)],
    ['the same names of another namespace', withText(inside('x').replace('DAV:', 'urn:DAV:'))],
  ])('tells nothing: %s', async (_, reply) => {
    answering('sync-collection', reply);
    expect(await list()).toEqual({ kind: 'retry', reason: 'the server’s answer is cut off, or cannot be read' });
  });

  it('that never ends is waited for as long as the run lasts', async () => {
    const endless = createServer((_, outgoing) => {
      outgoing.on('error', () => undefined);
      outgoing.writeHead(207).write('<multistatus xmlns="DAV:">');
      const timer = setInterval(() => outgoing.write('<response/>'), 5);
      outgoing.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const { port } = endless.address() as AddressInfo;
    const begun = performance.now();
    const short = startDeadline(700, () => performance.now() - begun);
    const collection = caldav.open(ANN, 'event', caldavOptions(`http://127.0.0.1:${port}/dav/`), tools);
    expect(await collection.list(undefined, undefined, short)).toMatchObject({ kind: 'retry' });
    short.end();
    endless.closeAllConnections();
    await new Promise((resolve) => endless.close(resolve));
  });

  it('with tokens without end comes to one', async () => {
    let token = 0;
    server.script = ({ body }) =>
      body.includes('sync-collection')
        ? multistatus([said(EVENTS, 'HTTP/1.1 507 x')], `<sync-token>t-${(token += 1)}</sync-token>`)
        : undefined;
    let page: string | undefined;
    for (;;) {
      const listing = await open().list(undefined, page, deadline);
      if (listing.kind !== 'page') {
        expect(listing).toEqual({ kind: 'retry', reason: 'the server’s listing has no end' });
        break;
      }
      page = `${Number(/^\d+/.exec(listing.next ?? '')) + 300}${(listing.next ?? '').replace(/^\d+/, '')}`;
    }
  });
});

describe('an address that leads out of the calendar', () => {
  it.each([
    'http://evil.example/dav/calendars/ann/publish-activity-crm-events/x.ics',
    '//evil.example/x.ics',
    'https://ann:x@evil.example/x.ics',
    `${EVENTS}../../bob/private/x.ics`,
    `${EVENTS}%2e%2e/x.ics`,
    `${EVENTS}a%2fb.ics`,
    `${EVENTS}a%5Cb.ics`,
    `${EVENTS}below/x.ics`,
    `${EVENTS}x.ics?export`,
    `${EVENTS}%ff.ics`,
    `${EVENTS}a%00b.ics`,
    '/dav/calendars/bob/x.ics',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'http://',
    '/',
  ])('is never asked for: %s', async (href) => {
    const response = found('x', '<getetag>"1"</getetag>').replace('<href>x</href>', `<href>${href}</href>`);
    answering('sync-collection', multistatus([response], TOKEN));
    const before = server.calls.length;
    expect(await list()).toMatchObject({ kind: 'refused', reason: expect.stringContaining('outside of the calendar') });
    expect(server.calls.slice(before).map(({ path }) => path)).toEqual(['/dav/', '/dav/principals/ann/', HOME, EVENTS]);
  });

  it.each([
    ['with the server in front', (path: string) => `${server.url}${path}`],
    ['with other escapes', (path: string) => path.replace('ann', '%61nn').replace('-crm-', '%2Dcrm-')],
    ['with white space around it', (path: string) => `\n  ${path}\n`],
    ['with a name in front of the server', (path: string) => `${server.url.replace('://', '://someone:else@')}${path}`],
  ])('is none %s', async (_, spelled) => {
    const respelled = (reply: DavReply): DavReply => ({
      ...reply,
      body: String(reply.body).replace(/<href>([^<]*)<\/href>/g, (_all, path: string) => `<href>${spelled(path)}</href>`),
    });
    const text =
      'BEGIN:VCALENDAR&#13;\nBEGIN:VEVENT&#13;\nUID:x&#13;\nDTSTART:20260302T083000Z&#13;\nEND:VEVENT&#13;\nEND:VCALENDAR&#13;\n';
    server.script = ({ body }) => {
      if (body.includes('sync-collection'))
        return respelled(multistatus([found(`${EVENTS}x.ics`, '<getetag>"1"</getetag>')], TOKEN));
      if (!body.includes('multiget')) return undefined;
      return respelled(
        multistatus([found(`${EVENTS}x.ics`, `<getetag>"1"</getetag><c:calendar-data>${text}</c:calendar-data>`)]),
      );
    };
    expect(await list()).toMatchObject({ items: [{ id: 'x', content: { kind: 'entry' } }] });
  });
});

describe('what is told of a server', () => {
  const echo = `${PASSWORD} ${Buffer.from(`ann:${PASSWORD}`).toString('base64')} SECRET Visit Basel plan`;
  it.each([200, 207, 301, 400, 401, 403, 404, 405, 409, 412, 422, 429, 500, 503, 507])(
    'holds no word of what it says, and no password: %d',
    async (status) => {
      for (const word of ['propfind', 'sync-collection', 'multiget', 'BEGIN:VCALENDAR'])
        for (const body of [echo, `<d:error xmlns:d="DAV:"><d:SECRET/>${echo}</d:error>`]) {
          answering(word, { status, body, headers: { Location: `/dav/?${encodeURIComponent(echo)}`, ETag: echo } });
          const collection = open();
          const all = [
            await collection.list(undefined, undefined, deadline),
            await collection.get([ID], deadline),
            [...(await collection.apply([creating], deadline))].filter(([, { kind }]) => kind !== 'done' && kind !== 'exists'),
          ];
          expect(JSON.stringify(all, (_, value: unknown) => (value instanceof Map ? [...value] : value))).not.toMatch(
            /s3cret|SECRET|Visit|Basel|czNjcmV0/,
          );
          server.items.clear();
        }
    },
  );

  it('keeps the words of private items to itself, whatever their names are', async () => {
    const text =
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nCLASS:PRIVATE\nSUMMARY:SECRET\nX-CRM-LINK:SECRET\nDTSTART:SECRET\nEND:VEVENT\nEND:VCALENDAR\n';
    const broken = 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:y\nCLASS:CONFIDENTIAL\nSUMMARY:SECRET';
    const data = (name: string, words: string) =>
      found(`${EVENTS}${name}`, `<getetag>"1"</getetag><c:calendar-data>${words}</c:calendar-data>`);
    server.script = ({ body }) => {
      const items = [data('x.ics', text), data('y.ics', broken)];
      return body.includes('sync-collection') || body.includes('multiget') ? multistatus(items, TOKEN) : undefined;
    };
    const listing = await list();
    expect(listing).toMatchObject({ items: [{ content: { kind: 'private' } }, { content: { kind: 'private' } }] });
    expect(JSON.stringify(listing)).not.toContain('SECRET');
  });
});
