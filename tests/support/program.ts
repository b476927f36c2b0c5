// The program as a user meets it: the built bundle in a process of its own, with a configuration file in a folder of its own.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleDatabase, temporaryFolder } from './sample';

const PROGRAM = join(__dirname, '..', '..', 'dist', 'publish-activity.js');

/** How a run of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Wall time of the whole process, in ms. */
  readonly ms: number;
}

/** A folder with a configuration, and the program started in it. */
export interface Installation {
  readonly folder: string;
  readonly configFile: string;
  /** The lines of its log. */
  log(): readonly Readonly<Record<string, unknown>>[];
  run(words: readonly string[], options?: RunOptions): Promise<Ended>;
  start(words: readonly string[], options?: RunOptions): ChildProcess;
}

/** What a run may be given beside its arguments. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
}

/** The configuration of most tests: the sample CRM, and whatever destinations the test brings. */
export function sampleConfig(
  destinations: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): object {
  return {
    clarify: {
      database: { type: 'sqlite', file: sampleDatabase() },
      timeZone: 'America/Chicago',
      agentUrl: 'http://server/dovetail',
    },
    destinations,
    ...more,
  };
}

/** Makes a folder with a configuration; a text is written as it is, anything else as JSON. */
export function install(config: unknown, name = 'publish-activity.config.json'): Installation {
  const folder = temporaryFolder();
  const configFile = join(folder, name);
  writeFileSync(configFile, typeof config === 'string' ? config : JSON.stringify(config));
  const start = (words: readonly string[], { env = {} }: RunOptions = {}) =>
    spawn(process.execPath, [PROGRAM, ...words], {
      cwd: folder,
      env: { PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'], PUBLISH_ACTIVITY_CONFIG: configFile, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    folder,
    configFile,
    log: () => readLog(join(folder, 'publish-activity.log')),
    start,
    run: (words, options) => ended(start(words, options)),
  };
}

/** Waits for the end of a process, and gathers what it printed. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const start = performance.now();
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, ...printed, ms: performance.now() - start };
}

function readLog(file: string): readonly Readonly<Record<string, unknown>>[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

/** A test of what Windows does not have. Its title says that it is skipped there: jest only says how many are. */
export const onPosix = process.platform === 'win32' ? it.skip : it;
