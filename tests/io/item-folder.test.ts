// A folder of items: each file is whole or not there, and nothing is written over what somebody else wrote.

import fs, { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openItemFolder } from '../../src/io/item-folder';
import type { ItemFolder } from '../../src/io/item-folder-contract';
import { onPosix } from '../support/program';
import { temporaryFolder } from '../support/sample';

const FILES = { suffix: '.ics', largest: 1024 ** 2 };
let root: string;
let path: string;
let folder: ItemFolder;
beforeEach(() => {
  root = temporaryFolder();
  path = join(root, 'ann', 'calendar');
  folder = openItemFolder(path, FILES);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

const made = async (name: string, text: string) => {
  const version = await folder.create(name, text);
  if (version === false) throw new Error('it is there');
  return version;
};
const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};
const modeOf = (file: string) => (statSync(file).mode & 0o7777).toString(8);

it('is made when something is made in it, and not before', async () => {
  expect(await folder.read()).toBeUndefined();
  expect([await folder.replace('a.ics', '', 'x'), await folder.remove('a.ics', ''), existsSync(path)]).toEqual([
    false,
    false,
    false,
  ]);
  const version = await made('b.ics', 'two');
  await made('a.ics', '\ufeff\u00fcn\u00ef');
  expect(await folder.read()).toEqual([
    { name: 'a.ics', text: '\ufeff\u00fcn\u00ef', version: expect.stringMatching(/^\S{43}$/) },
    { name: 'b.ics', text: 'two', version },
  ]);
  expect(readdirSync(path).sort()).toEqual(['a.ics', 'b.ics']);
});

it('makes a file that is not there, and leaves one that is', async () => {
  const answers = await Promise.all(['one', 'two', 'three'].map((text) => folder.create('a.ics', text)));
  expect(answers.filter((answer) => answer !== false)).toHaveLength(1);
  expect(['one', 'two', 'three']).toContain(readFileSync(join(path, 'a.ics'), 'utf8'));
  expect(readdirSync(path)).toEqual(['a.ics']);
});

it('does so on a disk that knows no links', async () => {
  jest.spyOn(fs, 'linkSync').mockImplementation(failing('EPERM'));
  await made('a.ics', 'one');
  expect(await folder.create('a.ics', 'two')).toBe(false);
  expect([readFileSync(join(path, 'a.ics'), 'utf8'), readdirSync(path)]).toEqual(['one', ['a.ics']]);
});

it.each([
  ['is no UTF-8', Buffer.from([0x42, 0xff])],
  ['has more than a megabyte', Buffer.alloc(1024 ** 2 + 1, 'x')],
])('has no text for a file that %s, and has the file', async (_name, bytes) => {
  await made('a.ics', 'x'.repeat(1024 ** 2));
  writeFileSync(join(path, 'b.ics'), bytes);
  const files = (await folder.read()) ?? [];
  expect(files.map(({ name, text }) => [name, text?.length])).toEqual([
    ['a.ics', 1024 ** 2],
    ['b.ics', undefined],
  ]);
});

it('replaces and removes a file of the version that was read, and no other', async () => {
  const first = await made('a.ics', 'one');
  const second = await folder.replace('a.ics', first, 'two');
  expect(await folder.read()).toEqual([{ name: 'a.ics', text: 'two', version: second }]);
  expect([await folder.replace('a.ics', first, 'three'), await folder.remove('a.ics', first)]).toEqual([false, false]);
  expect(readFileSync(join(path, 'a.ics'), 'utf8')).toBe('two');
  expect(await folder.remove('a.ics', second as string)).toBe(true);
  expect(await folder.read()).toEqual([]);
});

it('lets one of two through that replace the same version at once', async () => {
  const version = await made('a.ics', 'one');
  const answers = await Promise.all(['two', 'three'].map((text) => openItemFolder(path, FILES).replace('a.ics', version, text)));
  expect(answers.filter((answer) => answer !== false)).toHaveLength(1);
});

it('waits while somebody holds a file open, and looks again before it replaces it', async () => {
  const version = await made('a.ics', 'one');
  const rename = jest.spyOn(fs, 'renameSync').mockImplementationOnce(failing('EPERM')).mockImplementationOnce(failing('EBUSY'));
  expect(await folder.replace('a.ics', version, 'two')).not.toBe(false);
  expect(rename).toHaveBeenCalledTimes(3);
  const [file] = (await folder.read()) ?? [];
  rename.mockImplementationOnce(() => {
    writeFileSync(join(path, 'a.ics'), 'theirs');
    failing('EPERM')();
  });
  expect(await folder.replace('a.ics', file?.version ?? '', 'three')).toBe(false);
  expect(readFileSync(join(path, 'a.ics'), 'utf8')).toBe('theirs');
});

it('leaves what somebody writes while it compares', async () => {
  const version = await made('a.ics', 'one');
  const read = fs.readFileSync;
  jest.spyOn(fs, 'readFileSync').mockImplementationOnce((...given: Parameters<typeof fs.readFileSync>) => {
    const bytes = read(...given);
    writeFileSync(join(path, 'a.ics'), 'theirs');
    return bytes;
  });
  expect(await folder.replace('a.ics', version, 'two')).toBe(false);
  expect(readFileSync(join(path, 'a.ics'), 'utf8')).toBe('theirs');
});

it('goes on where a file never looks the same twice', async () => {
  const version = await made('a.ics', 'one');
  const look = fs.lstatSync;
  let looks = 0;
  const other = (...given: Parameters<typeof fs.lstatSync>) => {
    const facts = look(...given);
    if (facts !== undefined) facts.ino = looks += 1;
    return facts;
  };
  jest.spyOn(fs, 'lstatSync').mockImplementation(other);
  expect(await folder.replace('a.ics', version, 'two')).not.toBe(false);
  expect(readFileSync(join(path, 'a.ics'), 'utf8')).toBe('two');
});

it('waits for the disk once for all that was done, and says where that fails', async () => {
  const waits = jest.fn();
  const flush = fs.fsyncSync;
  jest.spyOn(fs, 'fsyncSync').mockImplementation((file) => {
    if (fs.fstatSync(file).isDirectory()) waits();
    flush(file);
  });
  const version = await made('a.ics', 'one');
  const next = await folder.replace('a.ics', version, 'two');
  await made('b.ics', 'one');
  await folder.remove('a.ics', String(next));
  expect(waits).not.toHaveBeenCalled();
  folder.flush();
  folder.flush();
  expect(waits).toHaveBeenCalledTimes(1);
  await folder.create('b.ics', 'two');
  folder.flush();
  expect(waits).toHaveBeenCalledTimes(1);
  waits.mockImplementation(failing('EIO'));
  await made('c.ics', 'one');
  expect(() => folder.flush()).toThrow('EIO');
});

it('leaves everything as it was where the disk is full', async () => {
  const version = await made('a.ics', 'one');
  jest.spyOn(fs, 'writeFileSync').mockImplementation(failing('ENOSPC'));
  await expect(folder.create('b.ics', 'two')).rejects.toMatchObject({ code: 'ENOSPC' });
  await expect(folder.replace('a.ics', version, 'two')).rejects.toMatchObject({ code: 'ENOSPC' });
  expect([readdirSync(path), readFileSync(join(path, 'a.ics'), 'utf8')]).toEqual([['a.ics'], 'one']);
});

it.each<[string, (version: string) => Promise<unknown>]>([
  ['makes', () => openItemFolder(path, FILES).create('b.ics', 'two')],
  ['replaces', (version) => openItemFolder(path, FILES).replace('a.ics', version, 'two')],
])('sweeps what a crash left behind a day ago, and nothing else, when it %s a file', async (_, write) => {
  const version = await made('a.ics', 'one');
  const names = ['.00000000000000aa.tmp', '.00000000000000bb.tmp', '.mine.tmp', 'old.ics'];
  for (const name of names) writeFileSync(join(path, name), 'half a');
  for (const name of names.filter((each) => !each.includes('bb'))) utimesSync(join(path, name), 1, 1);
  await write(version);
  rmSync(join(path, 'b.ics'), { force: true });
  expect(readdirSync(path).sort()).toEqual(['.00000000000000bb.tmp', '.mine.tmp', 'a.ics', 'old.ics']);
});

it.each(['../a.ics', 'b/a.ics', '.a.ics', 'a.txt', '', '..'])('has no item of the name %p', async (name) => {
  await expect(folder.create(name, 'x')).rejects.toThrow('no name of an item');
  await expect(folder.replace(name, '', 'x')).rejects.toThrow('no name of an item');
  await expect(folder.remove(name, '')).rejects.toThrow('no name of an item');
  expect(readdirSync(root)).toEqual([]);
});

onPosix.each([0o000, 0o022, 0o077])('has the rights of its kind under the umask %o (skipped on Windows)', async (umask) => {
  const before = process.umask(umask);
  try {
    await made('a.ics', 'one');
  } finally {
    process.umask(before);
  }
  expect([join(root, 'ann'), path].map(modeOf)).toEqual(['2770', '2770']);
  expect(modeOf(join(path, 'a.ics'))).toBe('660');
});

onPosix('keeps the wider rights of a file that it replaces (skipped on Windows)', async () => {
  const version = await made('a.ics', 'one');
  chmodSync(join(path, 'a.ics'), 0o644);
  await folder.replace('a.ics', version, 'two');
  expect(modeOf(join(path, 'a.ics'))).toBe('664');
});

it('is given up where its disk does not answer', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  try {
    jest.spyOn(fs, 'stat').mockImplementation(() => undefined);
    const answers = Promise.allSettled([folder.read(), folder.create('a.ics', 'x'), folder.remove('a.ics', '')]);
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await answers).toMatchObject(Array(3).fill({ status: 'rejected', reason: { code: 'ETIMEDOUT' } }));
  } finally {
    jest.useRealTimers();
  }
});
