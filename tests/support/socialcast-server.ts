// A Socialcast that listens on loopback: strict about what it accepts, and able to misbehave in every way that a network knows.
// What it answers is invented; the names of the fields are those of recorded answers.

import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { create } from 'xmlbuilder2';

/** A message that was accepted. */
export interface Post {
  readonly title: string;
  readonly body: string;
  readonly url: string;
  readonly groupId: string;
  readonly messageType: string;
}

/** A comment that was accepted. */
export interface Comment {
  /** The number of the message that it is on. */
  readonly messageId: number;
  readonly text: string;
}

/** A request that was read to its end. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** What comes instead of the usual answer. */
export type Reply =
  | { readonly status: number; readonly headers?: http.OutgoingHttpHeaders; readonly body?: string }
  /** The connection stands, and nothing is ever read from it. */
  | 'never read'
  /** The connection is reset before anything is read. */
  | 'reset at once'
  /** The request is read to its end, and then … */
  | 'hang'
  | 'reset'
  | 'close'
  /** … one byte a second: of the status line and headers, or of the body of a 201. */
  | 'drip headers'
  | 'drip body'
  /** A 201 whose body is cut off after its id and before its permalink. */
  | 'cut body'
  /** The message is kept, but nobody hears of it: in time, or because the connection breaks. */
  | 'keep and hang'
  | 'keep and reset'
  | 'no http';

/** How the stand-in is set up. */
export interface SocialcastSetup {
  readonly username?: string;
  readonly password?: string;
  /** The path of the API; `/api/messages.xml` without it. */
  readonly path?: string;
  /** The most messages that a list shows, whatever is asked for; 500 without it, as the documentation says. */
  readonly mostPerPage?: number;
  /** The port to listen on; a free one without it. */
  readonly port?: number;
  /** The server's clock, in ms since 1970 UTC; the real one without it. */
  readonly now?: () => number;
  /** Key and certificate (PEM) of a TLS server; plain TCP without them. */
  readonly tls?: tls.TlsOptions;
}

/** A running stand-in. */
export interface SocialcastServer {
  readonly url: string;
  readonly port: number;
  readonly posts: readonly Post[];
  readonly comments: readonly Comment[];
  readonly requests: readonly ReceivedRequest[];
  /** The number of TCP connections that were ever accepted. */
  connections(): number;
  /** Whether a connection is still open. */
  busy(): boolean;
  /** What the next connections get, in this order; after that the usual answers again. */
  answer(...replies: Reply[]): void;
  /** Deletes a message, as its author can, and the comments on it. */
  delete(messageId: number): void;
  close(): Promise<void>;
}

const DEFAULTS = { username: 'crm@example.com', password: 'pa:ß wörd/+&=100%', path: '/api/messages.xml' };

/** Starts a Socialcast on loopback. */
export async function startSocialcast(setup: SocialcastSetup = {}): Promise<SocialcastServer> {
  const { username, password, path } = { ...DEFAULTS, ...setup };
  const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  const api = path.slice(0, path.lastIndexOf('/'));
  const posts: Post[] = [];
  /** When each post was kept, in ms since 1970 UTC. */
  const times: number[] = [];
  const comments: Comment[] = [];
  const deleted = new Set<number>();
  const requests: ReceivedRequest[] = [];
  const replies: Reply[] = [];
  const sockets = new Set<Socket>();
  const replyOf = new WeakMap<object, Reply>();
  // A TLS connection cannot be reset, only the TCP connection below it.
  const reset = (socket: Socket) => [...sockets].find(({ remotePort }) => remotePort === socket.remotePort)?.resetAndDestroy();
  let connections = 0;

  const handle = (request: ReceivedRequest): Answer => {
    if (request.headers.authorization !== authorization)
      return { ...html(401, 'Log in to Example'), headers: { 'WWW-Authenticate': 'Basic realm="Example"' } };
    if (request.method === 'GET') return read(new URL(request.path, server.url));
    const commented = commentedIn(request.path);
    if (commented === undefined && request.path !== path) return html(404, 'There is no such page');
    if (request.method !== 'POST') return html(405, 'Method not allowed');
    if (!/^application\/xml(; *charset=utf-8)?$/i.test(request.headers['content-type'] ?? '')) return html(406, 'Not acceptable');
    if (commented !== undefined) return comment(commented, request.body);
    const message = readMessage(request.body);
    if (Array.isArray(message)) return { status: 422, body: errorsXml(message) };
    posts.push(message);
    times.push((setup.now ?? Date.now)());
    return { status: 201, body: messageXml(FIRST_ID + posts.length - 1, message, server.url) };
  };

  /** The number of a message that is there, in the path of its comments. */
  const commentedIn = (pathname: string): number | undefined => {
    const [start, end] = [`${api}/messages/`, '/comments.xml'];
    const id = pathname.startsWith(start) && pathname.endsWith(end) ? pathname.slice(start.length, -end.length) : '';
    const isThere = /^\d+$/.test(id) && posts[Number(id) - FIRST_ID] !== undefined && !deleted.has(Number(id));
    return isThere ? Number(id) : undefined;
  };

  const comment = (messageId: number, body: string): Answer => {
    const fields = readDocument(body, 'comment', { text: 'text' });
    if (Array.isArray(fields)) return { status: 422, body: errorsXml(fields) };
    const { text = '' } = fields;
    if (text.trim() === '') return { status: 422, body: errorsXml(["Text can't be blank"]) };
    comments.push({ messageId, text });
    return { status: 201, body: commentXml(FIRST_COMMENT + comments.length - 1, messageId, text, server.url) };
  };

  /** Who the login is, the comments on a message, and the login's messages: those kept at or after `since` (seconds), the newest first, page by page. */
  const read = ({ pathname, searchParams }: URL): Answer => {
    if (pathname === `${api}/userinfo.xml`) return { status: 200, body: USER_XML };
    if (pathname === path) return html(405, 'Method not allowed');
    const commented = commentedIn(pathname);
    if (commented === undefined && pathname !== `${api}/users/${USER_ID}/messages.xml`) return html(404, 'There is no such page');
    const number = (name: string, usual: number) => Number(searchParams.get(name) ?? usual);
    const perPage = Math.min(number('per_page', 20), setup.mostPerPage ?? 500);
    const from = (number('page', 1) - 1) * perPage;
    if (commented !== undefined) {
      const shown = comments.flatMap(({ messageId, text }, index) =>
        messageId === commented ? [commentXml(FIRST_COMMENT + index, messageId, text, server.url)] : [],
      );
      return { status: 200, body: listXml(shown.slice(from, from + perPage), 'comment') };
    }
    const messages = posts.flatMap((post, index) => {
      const time = times[index] ?? 0;
      if (deleted.has(FIRST_ID + index)) return [];
      return Math.floor(time / 1_000) < number('since', 0) ? [] : [messageXml(FIRST_ID + index, post, server.url, time)];
    });
    return { status: 200, body: listXml(messages.reverse().slice(from, from + perPage)) };
  };

  const web = http.createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body };
      requests.push(request);
      const reply = replyOf.get(incoming.socket);
      if (reply === 'keep and reset') handle(request);
      if (reply === 'reset' || reply === 'keep and reset') reset(incoming.socket);
      else respond(outgoing, incoming.socket, reply, () => handle(request));
    });
  });

  const accept = (socket: Socket) => {
    const reply = replies.shift();
    // With nobody listening for data nothing is read.
    if (reply === 'never read') return;
    if (reply === 'reset at once') reset(socket);
    else {
      if (reply !== undefined) replyOf.set(socket, reply);
      web.emit('connection', socket);
    }
  };
  const front = setup.tls === undefined ? net.createServer(accept) : tls.createServer(setup.tls, accept);
  front.prependListener('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  front.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => front.listen(setup.port ?? 0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;

  const server: SocialcastServer = {
    url: setup.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    port,
    posts,
    comments,
    requests,
    connections: () => connections,
    busy: () => sockets.size > 0,
    answer: (...next) => void replies.push(...next),
    delete: (messageId) => void deleted.add(messageId),
    close: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return server;
}

interface Answer {
  readonly status: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string;
}

function respond(outgoing: http.ServerResponse, socket: Socket, reply: Reply | undefined, usual: () => Answer): void {
  const send = ({ status, headers = {}, body = '' }: Answer) => {
    const type = /^\s*<(!doctype )?html/i.test(body) ? 'text/html; charset=utf-8' : 'application/xml; charset=utf-8';
    outgoing.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...headers }).end(body);
  };
  if (reply === undefined) send(usual());
  else if (typeof reply === 'object') send(reply);
  else if (reply === 'close') socket.end();
  else if (reply === 'no http') socket.end('220 mail.example.com ESMTP\r\n');
  else if (reply === 'keep and hang') usual();
  else if (reply === 'drip headers') drip(socket, `HTTP/1.1 201 Created\r\nX-Slow: ${'x'.repeat(1000)}\r\n\r\n`);
  else if (reply === 'drip body' || reply === 'cut body') {
    const { body = '' } = usual();
    socket.write(`HTTP/1.1 201 Created\r\nContent-Type: application/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`);
    if (reply === 'drip body') drip(socket, body);
    else socket.end(body.slice(0, body.lastIndexOf('</permalink-url>')));
  }
}

function drip(socket: Socket, text: string): void {
  let at = 0;
  const next = () => {
    if (socket.writable) socket.write(text.charAt(at++));
  };
  next();
  const timer = setInterval(next, 1000);
  socket.on('close', () => clearInterval(timer));
}

const SPELLINGS: Readonly<Record<string, keyof Post>> = {
  title: 'title',
  body: 'body',
  url: 'url',
  'group-id': 'groupId',
  group_id: 'groupId',
  'message-type': 'messageType',
  message_type: 'messageType',
};

/** The message in a request, or what is wrong with it. */
function readMessage(xml: string): Post | string[] {
  const fields = readDocument(xml, 'message', SPELLINGS);
  if (Array.isArray(fields)) return fields;
  const post: Post = { title: '', body: '', url: '', groupId: '', messageType: '', ...fields };
  const problems: string[] = [];
  if (post.title.trim() === '' && post.body.trim() === '') problems.push("Body can't be blank");
  if (post.groupId !== '' && !/^\d+$/.test(post.groupId)) problems.push('Group is not a number');
  return problems.length > 0 ? problems : post;
}

/** The fields of a document by their own names, read by a real parser, or what is wrong with it. */
function readDocument(
  xml: string,
  name: string,
  spellings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | string[] {
  if (!xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>')) return ['The prolog is missing'];
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(xml)) return ['Not the characters of XML'];
  let root: { readonly nodeName: string; readonly childNodes: Iterable<unknown> };
  try {
    root = create(xml).root().node;
  } catch {
    return ['The XML cannot be read'];
  }
  if (root.nodeName !== name) return [`Unknown document ${root.nodeName}`];
  const fields: Record<string, string> = {};
  const problems: string[] = [];
  for (const node of root.childNodes as Iterable<{ nodeType: number; nodeName: string; textContent: string | null }>) {
    const key = spellings[node.nodeName];
    if (node.nodeType !== 1 || key === undefined) problems.push(`Unknown field ${node.nodeName}`);
    else if (key in fields) problems.push(`Field ${node.nodeName} given twice`);
    else fields[key] = node.textContent ?? '';
  }
  return problems.length > 0 ? problems : fields;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

function html(status: number, title: string): Answer {
  return { status, body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1><br></body></html>` };
}

function errorsXml(errors: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<errors type="array">\n${errors.map((error) => `  <error>${escaped(error)}</error>\n`).join('')}</errors>\n`;
}

/** The number of the first post. */
const FIRST_ID = 90;
/** The number of the first comment: one that a message could have, too. */
const FIRST_COMMENT = 91;
/** The number of the one login that there is. */
const USER_ID = 7;

const USER_XML = `<?xml version="1.0" encoding="UTF-8"?>
<user>
  <contact-info><email>crm@example.com</email></contact-info>
  <manager nil="true"></manager>
  <custom-fields type="array"/>
  <community><id type="integer">5</id><name>Example</name><version>master</version></community>
  <id type="integer">${USER_ID}</id>
  <name>CRM Robot</name>
</user>
`;

/** Messages or comments as the server lists them. */
export function listXml(entries: readonly string[], name: 'message' | 'comment' = 'message'): string {
  const inside = entries.map((entry) => entry.slice(entry.indexOf(`<${name}>`))).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}s type="array">\n${inside}</${name}s>\n`;
}

/** A comment as the server shows it (socialcast.md 1.4; names as in apidoc/comments/index.html, spelled as XML of Rails). */
export function commentXml(id: number, messageId: number, text: string, base: string, time = Date.now()): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<comment>
  <attachments type="array"/>
  <created-at type="datetime">${new Date(time).toISOString().slice(0, 19)}+00:00</created-at>
  <editable type="boolean">true</editable>
  <likes type="array"><like><id type="integer">3</id></like></likes>
  <permalink-url>${base}/messages/${messageId}#comment-${id}</permalink-url>
  <text>${escaped(text)}</text>
  <thumbnail-url nil="true"/>
  <url>${base}/api/messages/${messageId}/comments/${id}</url>
  <user>
    <id type="integer">${USER_ID}</id>
    <name>CRM Robot</name>
  </user>
  <id type="integer">${id}</id>
</comment>
`;
}

/** A message as the server shows it, with the oddities of real ones: dotted names, unbound prefixes, an id in every corner. */
export function messageXml(
  id: number,
  post: Pick<Post, 'title' | 'body' | 'url'>,
  base: string,
  time = Date.UTC(2026, 2, 2, 9, 30),
): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<message>
  <action>shared a link</action>
  <body>${escaped(post.body)}</body>
  <created-at type="datetime">${new Date(time).toISOString().slice(0, 19)}+00:00</created-at>
  <deletable type="boolean">true</deletable>
  <external-url>${escaped(post.url)}</external-url>
  <group-name nil="true"/>
  <icon nil="true"></icon>
  <user>
    <id type="integer">${USER_ID}</id>
    <name>CRM Robot</name>
    <url>${base}/users/7-crmrobot</url>
    <permalink-url>${base}/users/7-crmrobot</permalink-url>
  </user>
  <external-resources type="array">
    <external-resource>
      <id type="integer">31</id>
      <resource-properties><html.title>A page</html.title><video:title>Not bound</video:title></resource-properties>
    </external-resource>
  </external-resources>
  <id type="integer">${id}</id>
  <!-- <id type="integer">1</id> -->
  <message-type>link</message-type>
  <permalink-url>${base}/messages/${id}-posted-by-crm</permalink-url>
  <tags type="array"/>
  <title>${escaped(post.title)}</title>
  <url>${base}/api/messages/${id}</url>
</message>
`;
}
