// The starter with a little program in place of ours: what it leaves beside the program, and when it does without.

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './support/sample';

const STARTER = join(__dirname, '..', 'dist', 'publish-activity.js');

/** Says what it was given, loads the modules that its arguments name, and ends with 3. */
const PROGRAM = `(function (exports, require, module, __filename, __dirname) {
for (const name of process.argv.slice(2)) require(name);
function complain() { throw new Error('as asked'); }
if (process.argv.includes('node:os')) complain();
console.log(JSON.stringify([process.argv.slice(2), __filename, __dirname]));
process.exitCode = 3;
})`;

function install() {
  const folder = temporaryFolder();
  const starter = join(folder, 'publish-activity.js');
  copyFileSync(STARTER, starter);
  writeFileSync(join(folder, 'main.cjs'), PROGRAM);
  return {
    folder,
    run: (...names: string[]) => spawnSync(process.execPath, [starter, ...names], { encoding: 'utf8' }),
    start: () => new Promise((resolve) => spawn(process.execPath, [starter]).on('close', resolve)),
    caches: () => readdirSync(folder).flatMap((file) => (/\.(cache|tmp)$/.test(file) ? [join(folder, file)] : [])),
  };
}

describe('The starter', () => {
  it('runs the program with its arguments and passes on its exit code', () => {
    const { folder, run } = install();
    const { status, stdout } = run('node:path', 'node:url');
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toEqual([['node:path', 'node:url'], join(folder, 'main.cjs'), folder]);
  });

  it('shows the lines of the program in a stack', () => {
    const { run } = install();
    expect(run('node:os').stderr).toMatch(/at complain \(.*main\.cjs:3:\d+\)/);
  });

  it('leaves a cache for the next run, which leaves it as it is', () => {
    const { run, caches } = install();
    run();
    const [cache = ''] = caches();
    const before = statSync(cache);
    expect(run().status).toBe(3);
    expect(caches()).toEqual([cache]);
    expect(statSync(cache).ino).toBe(before.ino);
  });

  it('makes the cache anew when a run loads what none did before', () => {
    const { run, caches } = install();
    const knows = (name: string) => caches().some((file) => readFileSync(file, 'latin1').endsWith(name));
    run('node:path');
    expect(knows('node:path')).toBe(true);
    run('node:url');
    expect(knows('node:url')).toBe(true);
    const ino = caches().map((file) => statSync(file).ino);
    run('node:path');
    expect(caches().map((file) => statSync(file).ino)).toEqual(ino);
  });

  it.each([
    ['a lost byte', (cache: Buffer) => Buffer.concat([cache.subarray(0, 100), cache.subarray(101)])],
    ['a changed byte', (cache: Buffer) => cache.fill(0xff, 100, 101)],
    ['an empty file', () => Buffer.alloc(0)],
    ['half of it', (cache: Buffer) => cache.subarray(0, cache.length / 2)],
    ['something else', () => Buffer.from('something\n2 else')],
  ])('replaces a damaged cache: %s', (_, damage) => {
    const { run, caches } = install();
    run();
    const [cache = ''] = caches();
    const damaged = damage(readFileSync(cache));
    writeFileSync(cache, damaged);
    expect(run().status).toBe(3);
    expect(readFileSync(cache).equals(damaged)).toBe(false);
  });

  it('does without a cache where none can be written, and leaves nothing behind', () => {
    const { folder, run, caches } = install();
    run();
    const [cache = ''] = caches();
    unlinkSync(cache);
    mkdirSync(join(cache, 'in the way'), { recursive: true });
    const before = readdirSync(folder);
    const { status, stderr } = run();
    expect([status, stderr]).toEqual([3, '']);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('keeps the exit code where the new cache can neither be put in its place nor removed, as under a virus scanner', () => {
    const { folder, caches } = install();
    const scanner = join(folder, 'scanner.cjs');
    const refused = "() => { throw Object.assign(new Error('held open'), { code: 'EPERM' }); }";
    writeFileSync(scanner, `Object.assign(require('node:fs'), { renameSync: ${refused}, rmSync: ${refused} });`);
    const { status, stderr } = spawnSync(process.execPath, ['--require', scanner, join(folder, 'publish-activity.js')]);
    expect([status, stderr.toString()]).toEqual([3, '']);
    expect(caches()).toEqual([expect.stringMatching(/\.tmp$/)]);
  });

  it('finds the built program in the alphabet that it reads it in', () => {
    expect(readFileSync(join(STARTER, '..', 'main.cjs')).findIndex((byte) => byte > 0x7f)).toBe(-1);
  });

  it('can be started many times at once', async () => {
    const { start, caches, run } = install();
    expect(await Promise.all(Array.from({ length: 8 }, start))).toEqual(Array.from({ length: 8 }, () => 3));
    expect(caches()).toHaveLength(1);
    expect(run().status).toBe(3);
  });
});
