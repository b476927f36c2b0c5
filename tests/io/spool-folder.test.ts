// The folder of the spool: files that are whole or not there, made for owner and group, and never read without end.

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openSpoolFolder } from '../../src/io/spool-folder';
import { onPosix } from '../support/program';
import { temporaryFolder } from '../support/sample';

let path: string;
beforeEach(() => (path = join(temporaryFolder(), 'new', 'spool')));
afterEach(() => rmSync(join(path, '..', '..'), { recursive: true, force: true }));

const mode = (file: string) => statSync(file).mode & 0o7777;

it('is made when something is kept, and not before', () => {
  const folder = openSpoolFolder(path);
  expect([folder.names(), folder.namesAside(), folder.read('a')]).toEqual([[], [], undefined]);
  folder.remove('a');
  folder.sweep(Date.now());
  expect(existsSync(path)).toBe(false);
  folder.keep('b', 'two\n');
  folder.keep('a', 'ünï\n');
  expect(readdirSync(path).sort()).toEqual(['a.json', 'b.json']);
  expect(folder.names()).toEqual(['a', 'b']);
  expect(folder.read('a')).toBe('ünï\n');
});

it('lets go of a file once, and puts another aside', () => {
  const folder = openSpoolFolder(path);
  folder.keep('a', '1');
  folder.keep('b', '2');
  folder.remove('a');
  folder.putAside('b');
  folder.putAside('b');
  expect([folder.names(), folder.namesAside(), folder.readAside('b'), folder.read('b')]).toEqual([[], ['b'], '2', undefined]);
});

it('has no name for what is only begun, and sweeps it a day later', () => {
  const folder = openSpoolFolder(path);
  folder.keep('a', '1');
  for (const name of ['young', 'old']) writeFileSync(join(path, `${name}.tmp`), 'half a requ');
  utimesSync(join(path, 'old.tmp'), 1, 1);
  folder.sweep(Date.now() - 60_000);
  expect(folder.names()).toEqual(['a']);
  expect(readdirSync(path).sort()).toEqual(['a.json', 'young.tmp']);
});

it('leaves nothing behind where the name is taken by a folder', () => {
  const folder = openSpoolFolder(path);
  mkdirSync(join(path, 'a.json'), { recursive: true });
  expect(() => folder.keep('a', '1')).toThrow(/EISDIR|EPERM|EEXIST|ENOTEMPTY/);
  expect(readdirSync(path)).toEqual(['a.json']);
});

describe.each([0o000, 0o022, 0o077])('Under a umask of %o', (umask) => {
  onPosix('everything is for owner and group (skipped on Windows, which has no modes)', () => {
    const before = process.umask(umask);
    try {
      const folder = openSpoolFolder(path);
      folder.keep('a', '1');
      folder.putAside('a');
      folder.keep('b', '1');
      expect([mode(path), mode(join(path, 'b.json')), mode(join(path, 'refused'))]).toEqual([0o2770, 0o660, 0o2770]);
    } finally {
      process.umask(before);
    }
  });
});

onPosix('A pipe in it is no file, and nobody waits for its other end (skipped on Windows)', () => {
  const folder = openSpoolFolder(path);
  folder.keep('a', '1');
  execFileSync('mkfifo', [join(path, 'b.json')]);
  expect(() => folder.read('b')).toThrow(expect.objectContaining({ code: 'ENOTFILE' }) as Error);
});

onPosix('A link that somebody planted is not written through (skipped on Windows, where links take a right)', () => {
  const folder = openSpoolFolder(path);
  folder.keep('a', '1');
  const victim = join(path, '..', 'victim');
  writeFileSync(victim, 'whole');
  symlinkSync(victim, join(path, 'b.tmp'));
  symlinkSync(victim, join(path, 'c.json'));
  expect(() => folder.keep('b', '2')).toThrow('EEXIST');
  folder.keep('c', '3');
  expect([readFileSync(victim, 'utf8'), folder.read('c')]).toEqual(['whole', '3']);
});
