// `connect` as people meet it: the program in a process of its own, and a browser that goes where it is led.

import { randomBytes } from 'node:crypto';
import { DESKTOP_CLIENT } from './google/controls';
import type { Endpoints } from './google/google-server';
import { ended, install, type Ended, type Installation } from './program';
import { changedSample } from './sample';

/** A key of a vault, as an environment variable has it. */
export function newKey(): string {
  return randomBytes(32).toString('base64');
}

/** Where tests let users agree. */
export interface GoogleInstallation {
  readonly program: Installation;
  readonly env: Readonly<Record<string, string>>;
  run(...words: readonly string[]): Promise<Ended>;
  /** Starts `connect`, and answers once it says which address to open. */
  connect(...words: readonly string[]): Promise<Connecting>;
}

/** A run of `connect` that waits for an answer. */
export interface Connecting {
  readonly address: string;
  /** The addresses of all users that were printed so far. */
  addresses(): readonly string[];
  /** Where the browser is led back to. */
  readonly redirect: URL;
  readonly pid: number;
  /** All that was printed so far. */
  printed(): string;
  interrupt(): void;
  kill(): void;
  readonly end: Promise<Ended>;
}

/** The addresses of Google's that the configuration may name. */
export type ConfiguredEndpoints = Partial<Omit<Endpoints, 'certificates'> & { readonly issuer: string }>;

/** An installation whose groupware is Google. */
export async function installGoogle(
  { certificates: _, ...endpoints }: ConfiguredEndpoints & { readonly certificates?: string },
  changes: object = {},
  env: Readonly<Record<string, string>> = { VAULT_KEY: newKey() },
  change: Parameters<typeof changedSample>[0] = () => undefined,
): Promise<GoogleInstallation> {
  const crm = await changedSample(change);
  const program = install({
    clarify: { database: { type: 'sqlite', file: crm }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: { stream: { type: 'feed', folder: 'feed' } },
    groupware: {
      ...{ type: 'google', clientId: DESKTOP_CLIENT.id, clientSecret: DESKTOP_CLIENT.secret, users: ['agent1', 'agent2'] },
      ...{ vault: { key: { env: 'VAULT_KEY' } }, endpoints, proxy: false },
      ...changes,
    },
  });
  return over(program, env);
}

/** The same installation with other variables. */
export function over(program: Installation, env: Readonly<Record<string, string>>): GoogleInstallation {
  return {
    program,
    env,
    run: (...words) => program.run(words, { env }),
    connect: (...words) => begin(program, ['connect', ...words], env),
  };
}

async function begin(
  program: Installation,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Connecting> {
  const child = program.start(words, { env });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  const end = ended(child);
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const [found] = addressesIn(printed);
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`it ended before there was an address: ${printed}`)));
  });
  return {
    address,
    addresses: () => addressesIn(printed),
    redirect: new URL(new URL(address).searchParams.get('redirect_uri') ?? ''),
    pid: child.pid ?? 0,
    printed: () => printed,
    interrupt: () => child.kill('SIGINT'),
    kill: () => child.kill('SIGKILL'),
    end,
  };
}

function addressesIn(printed: string): readonly string[] {
  return printed.match(/https?:\/\/\S+\/auth\?[^\s"]+/g) ?? [];
}

/** Opens an address, and answers where the browser is led. */
export async function led(address: string): Promise<URL> {
  const answer = await fetch(address, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`it is led nowhere: ${answer.status} ${await answer.text()}`);
  return new URL(location);
}

/** A page as a browser shows it: its status, and its words. */
export async function page(address: URL | string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(address, init);
  const text = (await answer.text()).replace(/<(style|title)[^]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ');
  return `${answer.status} ${text.replace(/\s+/g, ' ').trim()}`;
}
