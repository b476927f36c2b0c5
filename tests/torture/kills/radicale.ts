// Radicale as the office's groupware: people edit through the server, as telephones do, and name the version that they change. What stands
// there is read from the server's own files.

import { basename, dirname, join, sep } from 'node:path';
import { hasRadicale, startRadicale } from '../../support/radicale';
import { factsOf, namesIn, textsIn } from './disk';
import type { OfficeGroupware } from './groupware';
import { ENDINGS, unfolded, type Kind } from './items';
import { USERS } from './users';

/** As the program calls them (docs/formats.md). */
const COLLECTIONS: Readonly<Record<Kind, string>> = {
  event: 'publish-activity-crm-events',
  task: 'publish-activity-crm-tasks',
  contact: 'publish-activity-crm-contacts',
};
const TYPES: Readonly<Record<Kind, string>> = { event: 'text/calendar', task: 'text/calendar', contact: 'text/vcard' };
/** What the server keeps for itself beside the entries. */
const OWN_FILES = /(^|\/)\.Radicale\.(cache|lock)/;
/** Somebody else was faster, or there is no place for it. */
const NOT_NOW: readonly number[] = [404, 409, 412];

/** Starts one. */
export async function openRadicale(): Promise<OfficeGroupware> {
  if (!hasRadicale) throw new Error('Radicale cannot be started here');
  const server = await startRadicale();
  const folder = server.folderOf('.');
  const folderOf = (user: string, kind: Kind) => server.folderOf(`${user}/${COLLECTIONS[kind]}`);
  const names = () =>
    namesIn(folder, true)
      .map((name) => name.split(sep).join('/'))
      .filter((name) => !OWN_FILES.test(name));
  return {
    configuration: {
      type: 'caldav',
      url: server.url,
      people: Object.fromEntries(USERS.map((user) => [user, { password: passwordOf(user) }])),
    },
    sends: ['socket (write|answer) (PUT|DELETE|MKCALENDAR|MKCOL)'],
    textsOf: (user, kind) => textsIn(folderOf(user, kind), ENDINGS[kind]),
    open: async (path) => {
      const kind = kindAt(path);
      const [user, url] = [basename(dirname(dirname(path))), urlOf(server.url, path)];
      const found = await ask(url, { user });
      const version = found?.headers.get('etag');
      if (found === undefined || typeof version !== 'string') return undefined;
      const headers = { 'If-Match': version, 'Content-Type': TYPES[kind] };
      return {
        text: await found.text(),
        save: async (text) => (await ask(url, { user, method: 'PUT', headers, body: text })) !== undefined,
        remove: async () => (await ask(url, { user, method: 'DELETE', headers })) !== undefined,
      };
    },
    add: async (user, kind, name, text) => {
      const url = urlOf(server.url, join(folderOf(user, kind), `${name}${ENDINGS[kind]}`));
      const headers = { 'If-None-Match': '*', 'Content-Type': TYPES[kind] };
      return (await ask(url, { user, method: 'PUT', headers, body: text })) !== undefined;
    },
    hasLine: (text, line) => linesOf(text).has(plain(unfolded(line))),
    everything: () => names().map((name) => [`file ${name}`, factsOf(join(folder, name))]),
    litter: () => names().filter(isLitter),
    close: server.close,
  };
}

/** Radicale's own way of writing is its quotes; it knows nobody, and takes any password. */
const plain = (line: string) => line.replaceAll('"', '');
const passwordOf = (user: string) => `s3cret-of-${user}`;

function linesOf(text: string): ReadonlySet<string> {
  return new Set(unfolded(text).split(/\r?\n/).map(plain));
}

function kindAt(path: string): Kind {
  const name = basename(dirname(path));
  return (Object.keys(COLLECTIONS) as Kind[]).find((kind) => COLLECTIONS[kind] === name) ?? 'event';
}

/** The address of what stands in a file. */
function urlOf(server: string, path: string): string {
  const parts = [basename(dirname(dirname(path))), basename(dirname(path)), basename(path)];
  return `${server}/${parts.map(encodeURIComponent).join('/')}`;
}

/** What somebody asks of the server. */
interface Asked {
  readonly user: string;
  readonly method?: 'GET' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer that is well; nothing where it cannot be done now. */
async function ask(url: string, { user, headers, ...request }: Asked): Promise<Response | undefined> {
  const login = Buffer.from(`${user}:${passwordOf(user)}`).toString('base64');
  const response = await fetch(url, { ...request, headers: { ...headers, Authorization: `Basic ${login}` } });
  if (response.ok) return response;
  const words = await response.text();
  if (NOT_NOW.includes(response.status)) return undefined;
  throw new Error(`${request.method ?? 'GET'} ${url}: ${response.status} ${words}`);
}

/** A collection that is none of ours, a file that is no entry, or what the server did not finish. */
function isLitter(name: string): boolean {
  const [, collection, item, ...more] = name.split('/');
  if (collection === undefined) return false;
  const kind = (Object.keys(COLLECTIONS) as Kind[]).find((each) => COLLECTIONS[each] === collection);
  if (kind === undefined || more.length > 0) return true;
  return item !== undefined && item !== '.Radicale.props' && !item.endsWith(ENDINGS[kind]);
}
