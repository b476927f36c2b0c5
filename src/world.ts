// The world: everything that a run may touch outside itself and that a test may want to hold in its hand.

import { join } from 'node:path';
import { isatty } from 'node:tty';

/** One of the two streams of words. */
export interface Output {
  /** Whether a person reads it at a terminal. */
  readonly isTerminal: boolean;
  write(text: string): void;
}

/** What a run may touch outside itself, beside the files and servers that its configuration names. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that the program was started in; `undefined` where it is gone, or may not be entered. */
  readonly cwd: string | undefined;
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  /** The version of Node that runs this: `v20.19.2`. */
  readonly nodeVersion: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * Whether a person certainly started the run: some standard stream is a terminal. Never on Windows, where what a service starts gets
   * an invisible console of its own (https://github.com/nodejs/node/issues/24873).
   */
  readonly terminal: boolean;
  /** The folder that the program is installed in. */
  readonly programFolder: string;
  /** Calls the listener at the first Ctrl-C, which then does not end the process; answers how to stop listening. */
  onInterrupt(listener: () => void): () => void;
  /** Calls the listener when something is thrown that nothing catches: then nobody knows how the run stands. */
  onCrash(listener: (error: unknown) => void): void;
  /** Whether there is somebody to ask: a terminal is attached where questions are shown and answers are typed. */
  readonly canAsk: boolean;
  /**
   * Asks a person for a line; `undefined` where nobody can be asked, or ends the dialogue (Ctrl-D, Ctrl-C). A secret is not shown
   * while it is typed.
   */
  ask(question: string, options?: { readonly secret?: boolean }): Promise<string | undefined>;
  /** Asks a person a question that is answered with yes or no; false where no terminal is attached. */
  confirm(question: string): Promise<boolean>;
  /** Kills a process, and where the system knows groups, all processes of the group that it leads. One that is gone is left alone. */
  killGroup(pid: number): void;
  /** Ms since 1970 UTC. */
  now(): number;
  /** Ms since the process started, by a clock that nobody sets. */
  uptime(): number;
}

/** The real world of this process. The streams are opened only when something is written: opening them costs time. */
export function realWorld(): World {
  return {
    env: process.env,
    cwd: startFolder(),
    platform: process.platform,
    pid: process.pid,
    nodeVersion: process.version,
    stdout: outputOf(1, () => process.stdout),
    stderr: outputOf(2, () => process.stderr),
    terminal: process.platform !== 'win32' && [0, 1, 2].some((descriptor) => isatty(descriptor)),
    programFolder: join(__dirname, '..'),
    onInterrupt: (listener) => {
      process.once('SIGINT', listener);
      return () => process.off('SIGINT', listener);
    },
    onCrash: (listener) => {
      process.on('uncaughtException', listener);
    },
    canAsk: canAsk(),
    ask,
    confirm: async (question) => /^y(es)?$/i.test(((await ask(`${question} [y/N] `)) ?? '').trim()),
    killGroup,
    now: () => Date.now(),
    // As exact as performance.now(), for which Node would load a module first.
    uptime: () => process.uptime() * 1_000,
  };
}

/** A rule engine may have started the program in a folder that somebody removed since. */
function startFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

function canAsk(): boolean {
  return isatty(0) && isatty(2);
}

async function ask(question: string, { secret = false } = {}): Promise<string | undefined> {
  if (!canAsk()) return undefined;
  const { createInterface } = await import('node:readline');
  const { Writable } = await import('node:stream');
  // Readline itself writes what is typed; for a secret it writes into nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, written) => written() });
  const output = secret ? nowhere : process.stderr;
  const dialogue = createInterface({ input: process.stdin, output, terminal: true });
  if (secret) process.stderr.write(question);
  return new Promise((resolve) => {
    dialogue.once('SIGINT', () => dialogue.close());
    dialogue.once('close', () => {
      if (secret) process.stderr.write('\n');
      resolve(undefined);
    });
    dialogue.question(secret ? '' : question, (answer) => {
      resolve(answer);
      dialogue.close();
    });
  });
}

function outputOf(descriptor: number, open: () => NodeJS.WriteStream): Output {
  let stream: NodeJS.WriteStream | undefined;
  return {
    isTerminal: isatty(descriptor),
    write: (text) => {
      // A reader that went away (`publish-activity --help | head -1`) is no trouble of ours; unheard, the error would end the process.
      stream ??= open().on('error', () => undefined);
      stream.write(text);
    },
  };
}
