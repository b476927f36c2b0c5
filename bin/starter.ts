#!/usr/bin/env node
// Starts the bundled program faster than Node would: with a code cache, V8's own record of what it compiled last time.
// A cache fits one version of Node; where it is missing or does not fit, the run goes on without and leaves one for the next.

import { closeSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { FILE_MODES } from '../src/io/file-modes';
import { openNew } from '../src/io/made-file';

/** Set by the build: a hash of the bundle. V8 itself compares only its length. */
declare const FINGERPRINT: string;

/** What Node gives to a module, see https://nodejs.org/api/modules.html#the-module-wrapper */
type ModuleFunction = (
  exports: object,
  require: (id: string) => unknown,
  module: object,
  filename: string,
  dirname: string,
) => void;

// Until the program runs, and can say so itself, whatever is thrown means that it was not installed as a whole.
process.once('uncaughtException', cannotStart);

const program = join(__dirname, 'main.cjs');
const cacheFile = join(__dirname, `main.${FINGERPRINT}.${process.version}-${process.platform}-${process.arch}.cache`);

const known = readCache();
// The bundle is pure ASCII; as latin1 it is not searched for longer characters.
const script = new Script(readFileSync(program, 'latin1'), {
  filename: program,
  ...(known && { cachedData: known.code }),
});
const fits = known !== undefined && script.cachedDataRejected === false;

// A run that loaded parts of Node for the first time has compiled code that the cache lacks: `--help` makes a poor cache, a post a rich one.
const loaded = new Set(fits ? known.loaded : []);
const before = loaded.size;
function load(id: string): unknown {
  loaded.add(id);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- The bundle's own require(), seen from this folder.
  return require(id);
}

process.once('exit', () => {
  if (!fits || loaded.size > before) writeCache();
});

const module_ = { exports: {} };
(script.runInThisContext() as ModuleFunction)(module_.exports, Object.assign(load, require), module_, program, __dirname);

process.off('uncaughtException', cannotStart);

function cannotStart(error: Error): void {
  process.exitCode = 70;
  // A file that is missing or cut off needs no stack; anything else is for those who mend it.
  if (!('code' in error || error instanceof SyntaxError)) process.stderr.write(`${error.stack ?? ''}\n`);
  const [reason = ''] = error.message.split('\n');
  process.stderr.write(`publish-activity: the program cannot be started: ${reason}\npublish-activity: install it again\n`);
}

/** The cache file: V8's data, a line feed, its checksum, the names of what was loaded. */
function readCache(): { code: Buffer; loaded: string[] } | undefined {
  try {
    const file = readFileSync(cacheFile);
    const end = file.lastIndexOf('\n');
    const code = file.subarray(0, end);
    const [checksum, ...loaded] = file.toString('latin1', end + 1).split(' ');
    // V8 trusts its data: a byte that a disk lost would end the process.
    return checksum === String(crc32(code)) ? { code, loaded } : undefined;
  } catch {
    return undefined;
  }
}

/** Several runs may do this at once, and the folder may not be ours to write: then there is no cache, which is no trouble. */
function writeCache(): void {
  const fresh = `${cacheFile}.${process.pid}.tmp`;
  try {
    // Opened first: where nothing may be written, nothing is made.
    const file = openNew(fresh, FILE_MODES.codeCache);
    try {
      const code = script.createCachedData();
      writeFileSync(file, Buffer.concat([code, Buffer.from(`\n${[crc32(code), ...loaded].join(' ')}`)]));
    } finally {
      closeSync(file);
    }
    renameSync(fresh, cacheFile);
  } catch {
    try {
      rmSync(fresh, { force: true });
    } catch {
      // Windows refuses it while a virus scanner reads the file. An error here would change the exit code, and a file left over does no harm.
    }
  }
}
