// A groupware as a test of canaries has it: what stands in it, whatever keeps it, and how somebody writes there with another program.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesBelow } from './canary';
import { startDav, type DavServer } from './dav-server';
import { temporaryFolder } from './sample';

/** Where somebody has entries. */
export type Shelf = 'calendar' | 'contacts';

/** A groupware in which users have calendars and address books. */
export interface CanarySide {
  /** The key `groupware` of the configuration, as far as it is about this one. */
  readonly options: object;
  /** The passwords and tokens, and all spellings of them; none may ever come out. */
  readonly passwords: readonly string[];
  readonly secrets: readonly string[];
  /** All items by their places. */
  items(): ReadonlyMap<string, string>;
  placeOf(user: string, shelf: Shelf, name: string): string;
  write(place: string, text: string): void;
  /** The server, where there is one. */
  readonly server?: DavServer;
  close(): Promise<void>;
}

/** A folder of files. */
export function folderSide(): CanarySide {
  const folder = join(temporaryFolder(), 'groupware');
  mkdirSync(folder);
  return {
    options: { type: 'folder', folder },
    passwords: [],
    secrets: [],
    items: () => new Map(filesBelow(folder).map((file) => [file, readFileSync(file, 'utf8')])),
    placeOf: (user, shelf, name) => join(folder, user, shelf, name),
    write: (place, text) => {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, text);
    },
    close: () => Promise.resolve(),
  };
}

/** What URLs, XML and base64 spell differently. */
const SHARED = 'sh4red-s3cret+&<"%ü';
const OWN = '0wn-s3cret/of=agent1';
const TOKEN = 't0ken-s3cret.of-dkeller';

/** A server of CalDAV and CardDAV, with a login for all, and others of their own. */
export async function caldavSide(): Promise<CanarySide> {
  const server = await startDav();
  return {
    options: {
      type: 'caldav',
      url: `${server.url}/dav/`,
      principal: '/dav/principals/{login}/',
      ...{ user: 'service', password: SHARED },
      people: { agent1: { user: 'ines', password: OWN }, dkeller: { token: TOKEN } },
    },
    passwords: [SHARED, OWN, TOKEN],
    secrets: [...[SHARED, OWN, TOKEN].flatMap(spellings), ...[`service:${SHARED}`, `ines:${OWN}`].map(base64Of)],
    items: () => server.items,
    // Where the program itself made it.
    placeOf: (user, shelf, name) => {
      const homes = { calendar: 'calendars', contacts: 'addressbooks' } as const;
      const own = [...server.collections].find(
        ([path, { component }]) => path.startsWith(`/dav/${homes[shelf]}/${user}/`) && component !== 'VTODO',
      );
      if (own === undefined) throw new Error(`${user} has no ${shelf}`);
      return own[0] + name;
    },
    write: (place, text) => server.change(place, text),
    server,
    close: () => server.close(),
  };
}

function spellings(secret: string): readonly string[] {
  const inXml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return [secret, encodeURIComponent(secret), inXml, JSON.stringify(secret).slice(1, -1), base64Of(secret)];
}

/** Without what may be left out at its end. */
function base64Of(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '');
}
