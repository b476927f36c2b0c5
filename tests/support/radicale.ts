// Debian's Radicale on loopback: a server of CalDAV that nobody here wrote. It takes any user with any password, unless it is told them.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port';
import { temporaryFolder } from './sample';

/** A running server. */
export interface Radicale {
  readonly url: string;
  /** Where it keeps a collection, such as `ann/work`. */
  folderOf(collection: string): string;
  /** Makes a calendar of some components, as if a person had. */
  makeCalendar(collection: string, components: string, name?: string): void;
  /** Makes an address book, likewise. */
  makeAddressBook(collection: string): void;
  /** Takes everything of a user away, and brings it back. */
  takeAway(user: string): () => void;
  close(): Promise<void>;
}

/** Whether it can be started here. */
export const hasRadicale = spawnSync('radicale', ['--version']).status === 0;

/** A disk that is none, where this system has it. */
const MEMORY = '/dev/shm';

/** How long it may take until it answers, in ms. */
const PATIENCE_MS = 30_000;

/** Starts one with an empty folder; `passwords` are those of its users, where it shall look at them. */
export async function startRadicale(passwords?: Readonly<Record<string, string>>): Promise<Radicale> {
  // It flushes every change to the disk, and tests need none of that.
  const root = existsSync(MEMORY) ? mkdtempSync(join(MEMORY, 'radicale-')) : temporaryFolder();
  const port = await freePort();
  const child = spawn(
    'radicale',
    [
      ...['--config', '', '--server-hosts', `127.0.0.1:${port}`, ...authentication(root, passwords)],
      ...['--storage-filesystem-folder', root, '--logging-level', 'warning'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const url = `http://127.0.0.1:${port}`;
  await untilItAnswers(url, child, () => Buffer.concat(said).toString('utf8'));
  const folderOf = (collection: string) => join(root, 'collection-root', ...collection.split('/'));
  return {
    url,
    folderOf,
    makeCalendar: (collection, components, name = collection) => {
      mkdirSync(folderOf(collection), { recursive: true });
      const props = { tag: 'VCALENDAR', 'D:displayname': name, 'C:supported-calendar-component-set': components };
      writeFileSync(join(folderOf(collection), '.Radicale.props'), JSON.stringify(props));
    },
    makeAddressBook: (collection) => {
      mkdirSync(folderOf(collection), { recursive: true });
      writeFileSync(join(folderOf(collection), '.Radicale.props'), JSON.stringify({ tag: 'VADDRESSBOOK' }));
    },
    takeAway: (user) => {
      const away = join(root, `${user} is away`);
      renameSync(folderOf(user), away);
      return () => {
        rmSync(folderOf(user), { recursive: true, force: true });
        renameSync(away, folderOf(user));
      };
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The files of the items of a calendar, in their order. */
export function itemFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}

/** The lines of an item, unfolded. */
export function linesIn(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/);
}

function authentication(root: string, passwords: Readonly<Record<string, string>> | undefined): readonly string[] {
  if (passwords === undefined) return ['--auth-type', 'none'];
  const file = join(root, 'users');
  const lines = Object.entries(passwords).map(([user, password]) => `${user}:${password}\n`);
  writeFileSync(file, lines.join(''));
  // Each wrong login would cost a second; nobody guesses here.
  const known = ['--auth-htpasswd-filename', file, '--auth-htpasswd-encryption', 'plain', '--auth-delay', '0'];
  return ['--auth-type', 'htpasswd', ...known];
}

async function untilItAnswers(url: string, child: ChildProcess, words: () => string): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; ;) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`Radicale does not answer: ${words()}`);
    const answers = await fetch(url, { redirect: 'manual' }).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
