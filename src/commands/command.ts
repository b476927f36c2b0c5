// What every command is given, and what it says on its way.

import type { Deadline } from '../core/deadline';
import type { Report } from '../core/report';
import type { Config } from '../config/schema';
import type { Request } from '../core/activity';
import type { Site } from './doctor/site';
import type { Desk } from './init/desk';
import type { PublishParts } from './publish';
import type { Kept } from './publish/keep';
import type { ReconcileParts } from './reconcile';
import type { RuleParts } from './rule';
import type { ScanParts } from './scan';
import type { ShowParts } from './show';

/** The names of the commands. Rules can never use one of them for an object type. */
export type CommandName =
  | 'publish'
  | 'rerun'
  | 'reconcile'
  | 'scan'
  | 'preview'
  | 'show'
  | 'rule'
  | 'status'
  | 'list'
  | 'why'
  | 'resolve'
  | 'discard'
  | 'test'
  | SetupName;

/** The commands that are about the installation itself: they have to work where the configuration is missing or broken. */
export type SetupName = 'doctor' | 'init';

/** Every option of every command. One that a command does not have is never set. */
export interface Options {
  /** The configuration file that `--config` names. */
  readonly config?: string;
  /** `--timeout` in ms. */
  readonly timeout?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly rule?: string;
  readonly dryRun?: boolean;
  readonly publish?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly objectType?: string;
  readonly destination?: string;
  readonly state?: string;
  readonly failed?: boolean;
  readonly abandoned?: boolean;
  readonly id?: string;
  readonly limit?: number;
  readonly as?: string;
  readonly yes?: boolean;
  readonly check?: boolean;
  readonly from?: string;
  readonly output?: string;
  readonly server?: string;
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
  readonly timeZone?: string;
  readonly agentUrl?: string;
  readonly destinationType?: string;
  readonly destinationName?: string;
  readonly set?: readonly string[];
}

/** One piece of data: a line (or lines) for people, or an object for machines. */
export interface Datum {
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** What a command works with. */
export interface Context {
  readonly words: readonly string[];
  readonly options: Options;
  readonly config: Config;
  readonly parts: PublishParts & ShowParts & RuleParts & ScanParts & ReconcileParts;
  /**
   * The end of the whole run: the configured deadline, or, for a command that takes as long as it takes, `--timeout` or Ctrl-C.
   * What is in flight then is finished all the same.
   */
  readonly deadline: Deadline;
  /** The deadline of one attempt, from now on; for commands that make many. */
  readonly attemptDeadline: () => Deadline;
  /** Where the call of a rule is kept; only for `publish`, and not for its dry run. */
  readonly kept?: Kept;
  /** Reads `<objectType> <dbId> [<activityObjid>]`. Throws a UserError of the kind `usage`. */
  readonly readRequest: (words: readonly string[], rule: string) => Request;
  /** Prints a piece of data to stdout, as a line for people or, with `--json`, as one JSON object a line. */
  readonly emit: (datum: Datum) => void;
  /** Shows how far a long work has come, where a terminal is attached; `total` is 0 where nobody knows. */
  readonly progress: (done: number, total: number) => void;
  /** Asks a person; false without a terminal. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** A command: it does its work, prints data on its way, and ends with a report. */
export type CommandFunction = (context: Context) => Promise<Report>;

/** What a command about the installation works with: instead of a checked configuration, what it takes to find one and to check it. */
export interface SetupContext extends Pick<Context, 'words' | 'options' | 'progress'> {
  /** What is left of `--timeout`, or until Ctrl-C. */
  readonly deadline: Deadline;
  readonly site: Site;
  readonly desk: Desk;
}

/** A command about the installation. */
export type SetupFunction = (context: SetupContext) => Promise<Report>;
