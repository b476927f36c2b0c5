import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdirSync, openSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { whyUnreadable } from '../../src/core/unreadable';
import { appendLogLine } from '../../src/io/log-file';
import { holdsText, readTextFile, refuseUnlessTextAt } from '../../src/io/regular-file';
import { openSqliteDatabase } from '../../src/io/sqlite';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { addToStream } from '../../src/io/stream-folder';
import { onPosix } from '../support/program';
import { temporaryFolder } from '../support/sample';

const NEVER = new AbortController().signal;
const NO_FILE = 'it is a pipe, a device or a socket, and no file';

/** Why reading a file was refused, in words. */
function whyNot(path: string): string {
  try {
    return `it says ${readTextFile(path)}`;
  } catch (error) {
    return whyUnreadable(error);
  }
}

/** Why a library may not read a file by itself, in words. */
function whyNotByItself(path: string): string {
  try {
    refuseUnlessTextAt(path);
    return 'it may';
  } catch (error) {
    return whyUnreadable(error);
  }
}

function pipe(name = 'pipe'): string {
  const path = join(temporaryFolder(), name);
  execFileSync('mkfifo', [path]);
  return path;
}

/** Opens a pipe for reading, so that others can open it for writing. */
function readPipe(path: string): string {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  closing.push(() => closeSync(reader));
  return path;
}

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

describe('readTextFile', () => {
  it('reads a file, and one behind a link', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'Zürich');
    expect(readTextFile(file)).toBe('Zürich');
    const large = 'x'.repeat(200_000);
    writeFileSync(file, large);
    expect(readTextFile(file)).toBe(large);
    const link = join(temporaryFolder(), 'link');
    symlinkSync(file, link);
    expect(readTextFile(link)).toBe(large);
  });

  it.each<[string, (path: string) => void, string]>([
    ['nothing', () => undefined, 'there is no such file'],
    ['a folder', (path) => mkdirSync(path), 'it is a folder'],
    [
      'bytes of another encoding',
      (path) => writeFileSync(path, Buffer.from('Zürich', 'latin1')),
      'it is not UTF-8 text; save it as UTF-8',
    ],
    [
      'more than it is for',
      (path) => {
        writeFileSync(path, '');
        truncateSync(path, 17 * 1024 ** 2);
      },
      'it has more than 16 MB',
    ],
  ])('refuses %s', (_, make, words) => {
    const path = join(temporaryFolder(), 'file');
    make(path);
    expect(whyNot(path)).toBe(words);
    // What a library decodes, it has to refuse by itself.
    expect(whyNotByItself(path)).toBe(/UTF-8/.test(words) ? 'it may' : words);
  });

  onPosix('refuses what never ends or never answers, and says so at once (skipped on Windows)', async () => {
    expect([whyNotByItself(pipe()), whyNotByItself('/dev/zero')]).toEqual([NO_FILE, NO_FILE]);
    expect(whyNot(pipe())).toBe(NO_FILE);
    expect(whyNot('/dev/zero')).toBe(NO_FILE);
    const socket = join(temporaryFolder(), 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    expect(whyNot(socket)).toBe(NO_FILE);
    await new Promise((resolve) => server.close(resolve));
    // Of a file without a size the whole text is read.
    expect(whyNot('/proc/self/status')).toMatch(/^it says Name:/);
  });
});

describe('What is no file', () => {
  onPosix('holds no text (skipped on Windows)', async () => {
    expect(await holdsText(pipe(), '')).toBe(false);
    expect(await holdsText(temporaryFolder(), '')).toBe(false);
  });

  onPosix.each<[string, () => string]>([
    ['a pipe that nobody reads', () => pipe()],
    ['a pipe that somebody reads', () => readPipe(pipe())],
    ['a device', () => '/dev/full'],
  ])('gets no line of the log: %s (skipped on Windows)', (_, make) => {
    const log = { file: make(), maxBytes: 1, keep: 1 };
    expect(() => appendLogLine(log, {}, (text) => text)).toThrow(NO_FILE);
    expect(existsSync(log.file)).toBe(true);
  });

  it('gets no line of the log, and is not moved aside: a folder', () => {
    const folder = temporaryFolder();
    expect(() => appendLogLine({ file: folder, maxBytes: 1, keep: 1 }, {}, (text) => text)).toThrow('it is a folder');
    expect(existsSync(folder)).toBe(true);
  });

  onPosix('is neither a database nor a ledger nor the store of a feed (skipped on Windows)', async () => {
    const statement = { text: 'SELECT 1', parameters: {} };
    const crm = openSqliteDatabase(pipe());
    await expect(crm.query(statement, NEVER)).rejects.toMatchObject({
      problem: 'configuration',
      message: expect.stringContaining(NO_FILE),
    });
    const ledger = openSqliteStore(pipe());
    await expect(ledger.query(statement, NEVER)).rejects.toMatchObject({
      problem: 'not-writable',
      message: expect.stringContaining(NO_FILE),
    });
    const store = pipe('stream.sqlite');
    const addition = {
      folder: join(store, '..'),
      id: 'a',
      record: 'a',
      newest: 1,
      now: () => 0,
      look: '',
      draw: () => ({}),
      fileOf: () => '',
    };
    expect(await addToStream(addition, NEVER)).toMatchObject({ kind: 'failure', reason: expect.stringContaining(NO_FILE) });
  });
});
