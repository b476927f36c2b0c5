// What a command is: a record that says everything about it, and a function that is loaded when it is its turn.

import type { Config } from '../config/schema';
import type { GivenCall } from '../clarify/calls';
import type { Request } from '../core/activity';
import type { RuleCommand } from '../core/call';
import type { Deadline } from '../core/deadline';
import type { Report } from '../core/report';
import type { GlobalOptions, Option, OptionName, OptionsOf } from './options';
import type { PublishParts } from './outbox/publish/parts';

/** One piece of data: a line (or lines) for people, or an object for machines. */
export interface Datum {
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** What a command works with: its own options and no others, and those of the parts that it needs. */
export interface Context<Options = GlobalOptions, Parts = PublishParts> {
  readonly words: readonly string[];
  readonly options: Options;
  readonly config: Config;
  readonly parts: Parts;
  /**
   * The end of the whole run: the configured deadline, or, for a command that takes as long as it takes, `--timeout` or Ctrl-C.
   * What is in flight then is finished all the same.
   */
  readonly deadline: Deadline;
  /** The deadline of one attempt, from now on; for commands that make many. */
  readonly attemptDeadline: () => Deadline;
  /** Reads `<objectType> <dbId> [<activityObjid>]`. Throws a UserError of the kind `usage`. */
  readonly readRequest: (words: readonly string[], rule: string) => Request;
  /** Reads the call of a rule, for whichever command. Rejects with a UserError of the kind `usage`. */
  readonly readCall: (call: GivenCall) => Promise<Request>;
  /** Prints a piece of data to stdout, as a line for people or, with `--json`, as one JSON object a line. */
  readonly emit: (datum: Datum) => void;
  /** Shows how far a long work has come, where a terminal is attached; `total` is 0 where nobody knows. */
  readonly progress: (done: number, total: number) => void;
  /** Asks a person; false without a terminal. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** A command: it does its work, prints data on its way, and ends with a report. */
export type CommandFunction<Name extends OptionName = never, Parts = PublishParts> = (
  context: Context<OptionsOf<Name>, Parts>,
) => Promise<Report>;

/** What a command about the installation works with: it has to work where the configuration is missing or broken, and so finds it itself. */
export interface SetupContext<Options = GlobalOptions, Parts = unknown> extends Pick<
  Context<Options>,
  'words' | 'options' | 'progress' | 'emit'
> {
  /** What is left of `--timeout`, or until Ctrl-C. */
  readonly deadline: Deadline;
  readonly parts: Parts;
}

/** A command about the installation. */
export type SetupFunction<Name extends OptionName = never, Parts = unknown> = (
  context: SetupContext<OptionsOf<Name>, Parts>,
) => Promise<Report>;

/** What the command line and the pages tell of a command. */
export interface CommandText<Name extends OptionName> {
  /** What may stand after its name. Where no word may, it begins with `[options]`. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  readonly description: string;
  readonly options: readonly Name[];
  /** What its exit code means, beside what it means for every command; left out where there is nothing to add. */
  readonly exit?: string;
}

/** What the command line is made of. */
export interface Vocabulary<Name extends string = string> {
  /** In the order of the help. The first one needs no name. */
  readonly commands: Readonly<Record<Name, CommandText<OptionName>>>;
  readonly options: Readonly<Record<OptionName, Option>>;
  readonly globalOptions: Readonly<Record<string, Option>>;
}

/** A command that works with a checked configuration. */
export interface Command<Name extends OptionName, Parts> extends CommandText<Name> {
  readonly needs: 'configuration';
  /** Whether it takes as long as it takes, and not only as long as the deadline of the configuration. */
  readonly isLong?: (options: OptionsOf<NoInfer<Name>>, words: readonly string[]) => boolean;
  /** Which call of a rule it is, that is kept before anything else is done with it; `undefined` for none. */
  readonly callOf?: (options: OptionsOf<NoInfer<Name>>, words: readonly string[]) => RuleCommand | undefined;
  /** Whether nobody watches it, and what it could not post is kept: then `exitZeroWhenKept` counts for it. */
  readonly keeps?: boolean;
  readonly load: () => Promise<CommandFunction<NoInfer<Name>, Parts>>;
}

/** A command about the installation. */
export interface SetupCommand<Name extends OptionName, Parts> extends CommandText<Name> {
  readonly needs: 'nothing';
  readonly load: () => Promise<SetupFunction<NoInfer<Name>, Parts>>;
}
