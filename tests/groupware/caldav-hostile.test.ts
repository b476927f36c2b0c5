// A server of CalDAV and CardDAV that means no good, and one that says too much: it gets no login it should not have, costs no time or
// memory without end, and nothing of what is private or secret is in what is told of it.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { startDeadline, type Deadline } from '../../src/core/deadline';
import { caldav } from '../../src/groupware/caldav/index';
import type { RemoteStep } from '../../src/groupware/groupware';
import { caldavOptions, PASSWORD, tools } from '../support/caldav';
import { escaped, found, multistatus, said, type DavReply } from '../support/dav-answers';
import { CARDS_HOME, HOME, startDav, type DavServer } from '../support/dav-server';
import { itemText } from '../support/item-text';
import { ANN, NORA, VISIT } from './suite';

const ID = `pa${'0'.repeat(26)}`;
const TOKEN = '<sync-token>t-1</sync-token>';
const cardText = (...lines: readonly string[]) => ['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD', ''].join('\r\n');
const CARDS = `${CARDS_HOME}publish-activity-crm-contacts/`;

/** What a server may mean no good with. */
const SHELVES = [
  {
    protocol: 'CalDAV',
    called: 'calendar',
    kind: 'event',
    home: HOME,
    path: `${HOME}publish-activity-crm-events/`,
    ending: '.ics',
    data: 'c:calendar-data',
    component: 'VEVENT',
    entry: VISIT,
    begin: 'BEGIN:VCALENDAR',
    text: itemText('event', ['UID:x', 'DTSTART:20260302T083000Z']),
    secret: itemText('event', ['UID:x', 'CLASS:PRIVATE', 'SUMMARY:SECRET', 'X-CRM-LINK:SECRET', 'DTSTART:SECRET']),
  },
  {
    protocol: 'CardDAV',
    called: 'address book',
    kind: 'contact',
    home: CARDS_HOME,
    path: CARDS,
    ending: '.vcf',
    data: 'card:address-data',
    component: undefined,
    entry: NORA,
    begin: 'BEGIN:VCARD',
    text: cardText('UID:x', 'FN:x'),
    secret: cardText('UID:x', 'CLASS:PRIVATE', 'FN:SECRET', 'X-CRM-LINK:SECRET', 'TEL:SECRET'),
  },
] as const;

const UNREAD = { kind: 'retry', reason: 'the server’s answer is cut off, or cannot be read' };

let server: DavServer;
let deadline: Deadline;
beforeEach(async () => {
  deadline = startDeadline(60_000, () => 0);
  server = await startDav();
  for (const { path, component } of SHELVES)
    server.collections.set(path, { name: 'CRM', description: '', ...(component === undefined ? {} : { component }) });
});
afterEach(async () => {
  deadline.end();
  await server.close();
});

const open = (kind: (typeof SHELVES)[number]['kind'], url = server.url) =>
  caldav.open(ANN, kind, caldavOptions(`${url}/dav/`), tools);
const answering = (word: string, reply: DavReply) => {
  server.script = ({ body }) => (body.includes(word) ? reply : undefined);
};
const withText = (text: string): DavReply => ({ status: 207, body: text });
/** The same items to whatever is asked. */
const holding = (items: readonly string[]) => {
  server.script = ({ body }) =>
    body.includes('sync-collection') || body.includes('multiget') ? multistatus(items, TOKEN) : undefined;
};

describe.each(SHELVES)('over $protocol', ({ called, kind, home, path: PATH, ending, data, entry, text, secret, begin }) => {
  const list = () => open(kind).list(undefined, undefined, deadline);
  const creating: RemoteStep = { do: 'create', linkId: ID, entry, url: 'http://server/1' };
  const dataOf = (name: string, words: string) =>
    found(`${PATH}${name}`, `<getetag>"1"</getetag><${data}>${escaped(words)}</${data}>`);

  describe('an answer that is an attack', () => {
    const bomb = `<!DOCTYPE a [<!ENTITY a "${'x'.repeat(1_000)}"><!ENTITY b "${'&a;'.repeat(1_000)}"><!ENTITY c "${'&b;'.repeat(1_000)}">]>`;
    const inside = (text: string) =>
      `<multistatus xmlns="DAV:"><response><href>${PATH}</href><status>${text}</status></response></multistatus>`;
    it.each<[string, DavReply]>([
      ['a bomb of entities', withText(bomb + inside('&c;'))],
      ['a file of this host', withText(`<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>${inside('&f;')}`)],
      ['an entity that nobody knows', withText(inside('&x;'))],
      ['elements in each other without end', withText('<a xmlns="DAV:">'.repeat(100_000))],
      [
        'attributes without end',
        withText(`<multistatus xmlns="DAV:" ${Array.from({ length: 50_000 }, (_, n) => `a${n}="1"`).join(' ')}/>`),
      ],
      ['another document behind it', withText(`${inside('x')}<multistatus xmlns="DAV:"/>`)],
      ['in another encoding', withText(`<?xml version="1.0" encoding="utf-16"?>${inside('x')}`)],
      ['the same names of another namespace', withText(inside('x').replace('DAV:', 'urn:DAV:'))],
    ])('tells nothing: %s', async (_, reply) => {
      answering('sync-collection', reply);
      expect(await list()).toEqual(UNREAD);
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
      const collection = open(kind, `http://127.0.0.1:${port}`);
      expect(await collection.list(undefined, undefined, short)).toMatchObject({ kind: 'retry' });
      short.end();
      endless.closeAllConnections();
      await new Promise((resolve) => endless.close(resolve));
    });

    it('with tokens without end comes to one', async () => {
      let token = 0;
      server.script = ({ body }) =>
        body.includes('sync-collection')
          ? multistatus([said(PATH, 'HTTP/1.1 507 x')], `<sync-token>t-${(token += 1)}</sync-token>`)
          : undefined;
      let page: string | undefined;
      for (;;) {
        const listing = await open(kind).list(undefined, page, deadline);
        if (listing.kind !== 'page') {
          expect(listing).toEqual({ kind: 'retry', reason: 'the server’s listing has no end' });
          break;
        }
        page = `${Number(/^\d+/.exec(listing.next ?? '')) + 300}${(listing.next ?? '').replace(/^\d+/, '')}`;
      }
    });
  });

  describe('an address that leads out of it', () => {
    it.each([
      `http://evil.example${PATH}x.ics`,
      '//evil.example/x.ics',
      'https://ann:x@evil.example/x.ics',
      `${PATH}../../bob/private/x.ics`,
      `${PATH}%2e%2e/x.ics`,
      `${PATH}a%2fb.ics`,
      `${PATH}a%5Cb.ics`,
      `${PATH}below/x.ics`,
      `${PATH}x.ics?export`,
      `${PATH}%ff.ics`,
      `${PATH}a%00b.ics`,
      '/dav/calendars/bob/x.ics',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'http://',
      '/',
    ])('is never asked for: %s', async (href) => {
      const response = found('x', '<getetag>"1"</getetag>').replace('<href>x</href>', `<href>${href}</href>`);
      answering('sync-collection', multistatus([response], TOKEN));
      const before = server.calls.length;
      expect(await list()).toMatchObject({ kind: 'refused', reason: expect.stringContaining(`outside of the ${called};`) });
      expect(server.calls.slice(before).map(({ path }) => path)).toEqual(['/dav/', '/dav/principals/ann/', home, PATH]);
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
      server.script = ({ body }) => {
        if (body.includes('sync-collection'))
          return respelled(multistatus([found(`${PATH}x${ending}`, '<getetag>"1"</getetag>')], TOKEN));
        if (!body.includes('multiget')) return undefined;
        return respelled(multistatus([dataOf(`x${ending}`, text)]));
      };
      expect(await list()).toMatchObject({ items: [{ id: 'x', content: { kind: 'entry' } }] });
    });
  });

  describe('what is told of a server', () => {
    const echo = `${PASSWORD} ${Buffer.from(`ann:${PASSWORD}`).toString('base64')} SECRET Visit Basel plan 555-010-2001 nora@calder`;
    it.each([200, 207, 301, 400, 401, 403, 404, 405, 409, 412, 422, 429, 500, 503, 507])(
      'holds no word of what it says, and no password: %d',
      async (status) => {
        for (const word of ['propfind', 'sync-collection', 'multiget', begin])
          for (const body of [echo, `<d:error xmlns:d="DAV:"><d:SECRET/>${echo}</d:error>`]) {
            answering(word, { status, body, headers: { Location: `/dav/?${encodeURIComponent(echo)}`, ETag: echo } });
            const collection = open(kind);
            const all = [
              await collection.list(undefined, undefined, deadline),
              await collection.get([ID], deadline),
              [...(await collection.apply([creating], deadline))].filter(([, { kind }]) => kind !== 'done' && kind !== 'exists'),
            ];
            expect(JSON.stringify(all, (_, value: unknown) => (value instanceof Map ? [...value] : value))).not.toMatch(
              /s3cret|SECRET|Visit|Basel|555-010|nora|czNjcmV0/,
            );
            server.items.clear();
          }
      },
    );

    it('keeps the words of private items to itself, whatever their names are', async () => {
      const broken = secret
        .replace(/END:[^]*/, '')
        .replace('CLASS:PRIVATE', 'CLASS:CONFIDENTIAL')
        .replace('UID:x', 'UID:y');
      holding([dataOf(`x${ending}`, secret), dataOf(`y${ending}`, broken)]);
      const listing = await list();
      expect(listing).toMatchObject({ items: [{ content: { kind: 'private' } }, { content: { kind: 'private' } }] });
      expect(JSON.stringify(listing)).not.toContain('SECRET');
    });
  });
});

describe('an answer that is an attack by its size', () => {
  it.each<[string, DavReply]>([
    ['more elements than anybody means', withText(`<multistatus xmlns="DAV:">${'<a/>'.repeat(600_000)}</multistatus>`)],
    [
      'packed so that it is large',
      { status: 207, headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20)) },
    ],
  ])('tells nothing: %s', async (_, reply) => {
    answering('sync-collection', reply);
    expect(await open('event').list(undefined, undefined, deadline)).toEqual(UNREAD);
  });
});

describe('a card that is none of ours', () => {
  const list = () => open('contact').list(undefined, undefined, deadline);
  const own = cardText(`UID:${ID}`, 'FN:Nora', 'TEL;TYPE=WORK:1', `X-CRM-LINK:${ID}`);
  const withLines = (text: string, lines: string) => text.replace('END:VCARD', `${lines}END:VCARD`);
  const MB = 1024 ** 2;
  const step = { linkId: ID, id: ID, version: '"1"' } as const;
  const STEPS: readonly RemoteStep[] = [
    { do: 'create', linkId: ID, entry: NORA, url: 'http://server/1' },
    { do: 'update', ...step, entry: NORA, fields: ['subject', 'phone'] },
  ];

  it.each<[string, string, object]>([
    ['of many MB', withLines(own, `PHOTO;ENCODING=b:${'A'.repeat(20 * MB)}\r\n`), unreadable('it has more than 8 MB')],
    ['of many MB that is private', withLines(own, `CLASS:PRIVATE\r\nNOTE:${'A'.repeat(9 * MB)}\r\n`), { kind: 'private' }],
    ['of millions of lines', withLines(own, 'A:\n'.repeat(MB)), unreadable('it is no whole vCard')],
    ['of folds only', withLines(own, `NOTE:${'\n '.repeat(MB)}\r\n`), { kind: 'entry' }],
    ['that is a page', '<html>Welcome</html>', unreadable('it is no whole vCard')],
    ['that is a calendar', itemText('event', ['UID:x']), unreadable('it is no whole vCard')],
    ['that is empty', '', unreadable('it is no whole vCard')],
    ['that ends too early', own.slice(0, -12), unreadable('it is no whole vCard')],
    ['of which there are two', own + cardText('UID:y', 'FN:Other'), unreadable('it holds several cards')],
    ['of which there are two of one UID', own + own, unreadable('it holds several cards')],
    ['with another one inside', withLines(own, own), unreadable('it is no whole vCard')],
    ['without a UID', own.replace(/^UID:.*\r\n/m, ''), unreadable('it has lost its UID')],
    ['without a UID and our mark', own.replace(/^(UID|X-CRM-LINK):.*\r\n/gm, ''), { kind: 'foreign' }],
  ])('%s is known for what it is, and is neither written nor lost', async (_, text, content) => {
    const path = `${CARDS}${ID}.vcf`;
    const there = found(path, `<getetag>"1"</getetag><card:address-data>${escaped(text)}</card:address-data>`);
    const beside = found(
      `${CARDS}y.vcf`,
      `<getetag>"1"</getetag><card:address-data>${cardText('UID:y', 'FN:y')}</card:address-data>`,
    );
    server.script = ({ method, body }) => {
      if (body.includes('multiget')) return multistatus(body.includes('y.vcf') ? [there, beside] : [there]);
      if (method === 'GET') return { status: 200, headers: { ETag: '"1"' }, body: text };
      if (body.includes('sync-collection')) return multistatus([there, beside], TOKEN);
      return method === 'PUT' ? { status: 412 } : undefined;
    };
    expect(await list()).toMatchObject({
      items: [
        { id: ID, version: '"1"', content },
        { id: 'y', content: { kind: 'entry' } },
      ],
    });
    const [made, changed] = await Promise.all(STEPS.map(async (each) => (await open('contact').apply([each], deadline)).get(ID)));
    expect(made).toMatchObject({ kind: 'exists', item: { content } });
    expect(changed).toMatchObject({ kind: 'kind' in content && content.kind === 'entry' ? 'stale' : 'rejected' });
  });

  it('is found by its UID, however large it is and whatever its name became', async () => {
    const there = found(
      `${CARDS}moved.vcf`,
      `<getetag>"1"</getetag><card:address-data>${withLines(own, `NOTE:${'A'.repeat(9 * MB)}\r\n`)}</card:address-data>`,
    );
    server.script = ({ body }) => (body.includes('addressbook-query') ? multistatus([there]) : undefined);
    const got = await open('contact').get([ID], deadline);
    expect('kind' in got ? got : got.get(ID)).toMatchObject({ id: 'moved', content: unreadable('it has more than 8 MB') });
  });
});

function unreadable(words: string) {
  return { kind: 'unreadable', words };
}
