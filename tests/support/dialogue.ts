// The command `init` in a test: somebody answers, or nobody can be asked, and what it writes stands in a folder of the test's own.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InitOptions } from '../../src/commands/installation/init/desk';
import { init } from '../../src/commands/installation/init/index';
import { UserError } from '../../src/core/errors';
import type { Report } from '../../src/core/report';
import type { Secret } from '../../src/core/secret';
import { parseJson } from '../../src/io/json-document';
import { buildDesk } from '../../src/parts/desk';
import { realWorld, type World } from '../../src/world';
import { plenty } from './ledger-context';
import { temporaryFolder } from './sample';

/** What a dialogue came to. */
export interface Dialogue {
  readonly report: Report;
  readonly folder: string;
  /** The questions, a secret one with a star in front. */
  readonly questions: readonly string[];
  readonly said: string;
  readonly secrets: readonly Secret[];
}

/** What a test can say beside the options. */
interface Situation {
  readonly answers?: string[];
  /** Whether the answer to "Replace?" is yes. */
  readonly yes?: boolean;
  readonly folder?: string;
  readonly platform?: NodeJS.Platform;
  /** new.json if left out; `undefined` for no such option. */
  readonly output?: undefined;
}

/** Runs init in a folder with somebody who gives these answers; without answers nobody can be asked. */
export async function dialogue(
  options: InitOptions,
  { answers, yes = false, folder = temporaryFolder(), platform = 'linux', ...more }: Situation = {},
): Promise<Dialogue> {
  const output = 'output' in more ? {} : { output: 'new.json' };
  const questions: string[] = [];
  let said = '';
  const world: World = {
    ...realWorld(),
    platform,
    cwd: folder,
    canAsk: answers !== undefined,
    stderr: { isTerminal: true, write: (text) => (said += text) },
    ask: (question, { secret = false } = {}) => {
      questions.push(`${secret ? '* ' : ''}${question}`);
      return Promise.resolve(answers?.shift());
    },
    confirm: (question) => {
      questions.push(question);
      return Promise.resolve(yes);
    },
  };
  const secrets: Secret[] = [];
  const context = {
    words: [],
    options: { ...output, ...options },
    deadline: plenty(),
    progress: () => undefined,
    emit: () => undefined,
  };
  try {
    const report = await init({
      ...context,
      parts: { desk: { ...buildDesk(world, secrets), machineFolder: join(folder, 'machine') } },
    }).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      const { result, message, hint = '' } = error;
      return { result, message, hint, deliveries: [] };
    });
    return { report, folder, questions, said, secrets };
  } finally {
    context.deadline.end();
  }
}

/** A file that was written, read as JSON with comments. */
export function written(folder: string, name = 'new.json'): unknown {
  return parseJson(readFileSync(join(folder, name), 'utf8')).value;
}

/** Flags that say everything about the CRM. */
export const CRM: InitOptions = {
  server: 'clarify-db',
  database: 'clarify',
  user: 'reader',
  password: 'env:CLARIFY_PASSWORD',
  timeZone: 'America/Chicago',
  agentUrl: 'http://server/dovetail',
};
/** Flags that say everything about a stream. */
export const FEED: InitOptions = { destinationType: 'feed', set: ['folder=stream'] };
