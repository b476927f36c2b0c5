// What a command of the ledger is given in a test: the ledger, a clock that stands still, and somebody who says yes or no.

import { readArguments } from '../../src/clarify/arguments';
import { objectTypes } from '../../src/clarify/object-types/index';
import type { CommandFunction, Context } from '../../src/commands/command';
import type { AllOptions, AllParts } from '../../src/commands/index';
import type { OptionName } from '../../src/commands/options';
import type { ReadyDestination } from '../../src/commands/outbox/deliver';
import type { Config } from '../../src/config/schema';
import { startDeadline, type Deadline } from '../../src/core/deadline';
import { UserError } from '../../src/core/errors';
import type { Report } from '../../src/core/report';
import type { Ledger } from '../../src/ledger/ledger';
import { NOW } from './ledger-content';

/** How a command ended, and what it printed. */
export interface Obeyed {
  readonly report: Report;
  /** What stands on stdout without --json. */
  readonly text: string;
  readonly json: readonly Readonly<Record<string, unknown>>[];
  /** What was asked. */
  readonly questions: readonly string[];
}

/** Whatever command: it is given more options and parts than it looks at. */
export type AnyCommand = CommandFunction<OptionName, AllParts>;

/** What a test can say beside the words. */
export interface Situation {
  readonly options?: AllOptions;
  readonly answer?: boolean;
  readonly destinations?: readonly ReadyDestination[];
  readonly now?: number;
  /** Parts beside those of publishing. */
  readonly parts?: Partial<AllParts>;
  /** What the run has of time; plenty without it. */
  readonly deadline?: Deadline;
}

/** Runs a command. What people can mend is answered as a report, as main.ts does. */
export async function obey(
  command: AnyCommand,
  ledger: Ledger,
  words: readonly string[] = [],
  { options = {}, answer = false, destinations = [], now = NOW, parts = {}, deadline = plenty() }: Situation = {},
): Promise<Obeyed> {
  const texts: string[] = [];
  const json: Readonly<Record<string, unknown>>[] = [];
  const questions: string[] = [];
  const configured = { socialcast: { type: 'socialcast', options: {} }, stream: { type: 'feed', options: {} } };
  const context: Context<AllOptions, AllParts> = {
    words,
    options,
    config: { destinations: configured, tags: ['dovetailCRM'] } as unknown as Config,
    parts: {
      ledger: () => Promise.resolve(ledger),
      destinations: () => Promise.resolve(destinations),
      now: () => now,
      spools: () => [],
      ...parts,
    } as unknown as AllParts,
    deadline,
    attemptDeadline: plenty,
    readRequest: (given, rule) => readArguments(given, rule, objectTypes),
    emit: (datum) => {
      texts.push(datum.text);
      json.push(JSON.parse(JSON.stringify(datum.json)) as Readonly<Record<string, unknown>>);
    },
    progress: () => undefined,
    confirm: (question) => {
      questions.push(question);
      return Promise.resolve(answer);
    },
  };
  try {
    return { report: await command(context), text: texts.join('\n'), json, questions };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { result, message, hint } = error;
    const report = { result, message, deliveries: [], ...(hint === undefined ? {} : { hint }) };
    return { report, text: texts.join('\n'), json, questions };
  } finally {
    deadline.end();
  }
}

/** More time than any test takes. */
export function plenty(): Deadline {
  const started = performance.now();
  return startDeadline(60_000, () => performance.now() - started);
}
