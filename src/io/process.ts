// Other programs through node:child_process: without a shell, with a small environment, and never for longer than allowed.

import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { sleep } from '../core/deadline';
import { codeOf } from '../core/errors';
import { Secret } from '../core/secret';
import type { ProcessRequest, ProcessResult, RunProcess } from './process-contract';

/** What a program may take of our environment, which may hold secrets: where things are, who runs it, and how texts are spelled. */
const PASSED_ON: ReadonlySet<string> = new Set(
  (
    'PATH PATHEXT SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC TEMP TMP TMPDIR HOME HOMEDRIVE HOMEPATH USERPROFILE APPDATA LOCALAPPDATA ' +
    'PROGRAMDATA PROGRAMFILES USER LOGNAME USERNAME LANG LC_ALL LC_CTYPE TZ'
  ).split(' '),
);

/** As much of its output as is kept, in bytes: the receipt stands at the begin of the one, the reason at the end of the other. */
const KEPT_STDOUT = 64 * 1024;
const KEPT_STDERR = 8 * 1024;

/** How long after the end of a program its output is waited for, in ms: something that it left behind may hold the pipe open. */
const LAST_WORDS_MS = 100;

/** What running a program needs of the world. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The folder that a program runs in which is given none: that which ours was started in, or, where that is gone, our own. */
  readonly cwd: string | undefined;
  readonly programFolder: string;
  /** Kills a process and the group that it leads. One that is gone is left alone. */
  killGroup(pid: number): void;
}

/** Makes what runs programs, see {@link RunProcess}. */
export function processRunner(world: Surroundings): RunProcess {
  return (request, signal) => {
    if (signal.aborted) return Promise.resolve({ kind: 'not-started', code: 'ETIMEDOUT' });
    let child: ReturnType<typeof start>;
    try {
      child = start(request, world);
    } catch (error) {
      return Promise.resolve({ kind: 'not-started', code: codeOf(error) || 'EUNKNOWN' });
    }
    // A program need not read what it is given, and what it leaves behind need not write.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);
    const stdout = keep(child.stdout, (all) => all.subarray(0, KEPT_STDOUT));
    const stderr = keep(child.stderr, (all) => (all.length > KEPT_STDERR ? marked(all.subarray(-KEPT_STDERR)) : all));
    child.stdin.end(request.input);
    return new Promise((resolve) => {
      const settle = (result: ProcessResult) => {
        signal.removeEventListener('abort', kill);
        child.stdin.destroy();
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(result);
      };
      const kill = () => {
        if (child.pid !== undefined) world.killGroup(child.pid);
        // Not waited for: a program that hangs in a system call outlives even this signal, and is not to hold us up.
        child.unref();
        settle({ kind: 'killed', ours: true, signal: 'SIGKILL', stderr: stderr() });
      };
      signal.addEventListener('abort', kill, { once: true });
      child.once('error', (error) => settle({ kind: 'not-started', code: codeOf(error) || 'EUNKNOWN' }));
      child.once('exit', (exitCode, killedBy) => {
        signal.removeEventListener('abort', kill);
        const closed = new Promise((resolve) => child.once('close', resolve));
        void Promise.race([closed, sleep(LAST_WORDS_MS, signal)]).then(() =>
          settle(
            exitCode === null
              ? { kind: 'killed', ours: false, signal: killedBy ?? '', stderr: stderr() }
              : { kind: 'ended', exitCode, stdout: stdout(), stderr: stderr() },
          ),
        );
      });
    });
  };
}

function start({ command, args, cwd, env }: ProcessRequest, { env: ours, platform, ...folders }: Surroundings) {
  return spawn(command, args, {
    cwd: cwd ?? folders.cwd ?? folders.programFolder,
    env: Object.fromEntries([...passedOn(ours, platform, Object.keys(env)), ...Object.entries(env).map(revealed)]),
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: false,
    windowsHide: true,
    // The head of a process group of its own, so that it can be killed with all that it started. On Windows it would get a console.
    detached: platform !== 'win32',
  });
}

/** Windows spells names of variables as it likes: of `Path` and `PATH` only one would arrive, and not always that of the configuration. */
function passedOn(
  env: Surroundings['env'],
  platform: NodeJS.Platform,
  named: readonly string[],
): readonly [string, string | undefined][] {
  const own = new Set(platform === 'win32' ? named.map((name) => name.toUpperCase()) : []);
  return Object.entries(env).filter(([name]) => PASSED_ON.has(name.toUpperCase()) && !own.has(name.toUpperCase()));
}

function revealed([name, value]: [string, string | Secret]): [string, string] {
  return [name, value instanceof Secret ? value.reveal() : value];
}

/** What stands for the part that was left out before the end of an output, so that nobody takes the rest of a word for a word. */
const LEFT_OUT = Buffer.from('\u2026', 'utf8');

function marked(end: Buffer): Buffer {
  return Buffer.concat([LEFT_OUT, end.subarray(LEFT_OUT.length)]);
}

/** Reads a stream for good, because a full pipe would stop the program, and keeps a part; answers how to get it. */
function keep(stream: Readable, part: (all: Buffer) => Buffer): () => string {
  let kept = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => (kept = Buffer.from(part(Buffer.concat([kept, chunk])))));
  return () => kept.toString('utf8');
}
