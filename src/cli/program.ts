// The command line, through commander: words in, an invocation out. It decides nothing and touches nothing.

import { Command, CommanderError, Option } from 'commander';
import { UserError } from '../core/errors';
import { readDuration } from '../core/shape';
import { EXIT_CODES } from './exit-code';

/** The options that every command has. */
export interface CommonOptions {
  /** The configuration file that `--config` names. */
  readonly config?: string;
  /** `--timeout` in ms. */
  readonly timeout?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** What the command line asks for. */
export type Invocation =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'publish';
      /** Object type and ids, as given. */
      readonly words: readonly string[];
      readonly options: CommonOptions & { readonly rule: string; readonly dryRun?: boolean };
    };

/** Reads the arguments after the program's name. Throws a UserError of the kind `usage`. */
export function readCommandLine(argv: readonly string[], version: string): Invocation {
  let invocation: Invocation | undefined;
  let text = '';
  const program = makeProgram(version, (words, options) => {
    invocation = { kind: 'publish', words, options };
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: (out) => (text += out), writeErr: () => undefined });
  }
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    if (error.code === 'commander.help') return { kind: 'text', text: program.helpInformation() };
    throw new UserError('usage', error.message.replace(/^error: /, ''), 'publish-activity --help shows what there is');
  }
  return invocation ?? { kind: 'text', text };
}

/** The names that rules can never use for an object type, because they are commands. */
export function commandNames(): readonly string[] {
  return ['help', ...makeProgram('', () => undefined).commands.flatMap((command) => [command.name(), ...command.aliases()])];
}

/** The text of `--help`. */
export function helpText(): string {
  const { text } = readCommandLine(['--help'], '') as { readonly text: string };
  return text;
}

type Publish = (words: readonly string[], options: Extract<Invocation, { kind: 'publish' }>['options']) => void;

function makeProgram(version: string, publish: Publish): Command {
  const program = new Command('publish-activity')
    .usage('<objectType> <dbId> [<activityObjid>] [options]')
    .description("Publishes an activity of a Clarify / Dovetail CRM in the company's activity stream.")
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--config <file>', 'use this configuration file')
    .addOption(new Option('--timeout <duration>', 'end the whole run after this time, for example 5s').argParser(readTimeout))
    .option('--json', 'print one JSON object on stdout and nothing else')
    .addOption(new Option('--quiet', 'print nothing; the exit code and the log tell').conflicts('verbose'))
    .option('--verbose', 'say what is done, step by step')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', AFTER_HELP);
  program
    .command('publish', { isDefault: true })
    .summary('publish one activity; the word "publish" may be left out')
    .description(
      'Publishes one activity. <dbId> is the objid of the CRM object, <activityObjid> the objid of its table_act_entry row.\n' +
        'Without an activity (or with 0) it is the newest one of the last 10 minutes, else the object itself.',
    )
    .usage('<objectType> <dbId> [<activityObjid>] [options]')
    .argument('[words...]', 'object type, database id and activity objid, as a rule passes them')
    .option('--rule <name>', 'say which rule fired; two rules may post the same activity', '')
    .option('--dry-run', 'send and write nothing; print the exact request and why it would go out')
    .addHelpText('after', AFTER_HELP)
    .action((words: string[], _options: unknown, command: Command) => publish(words, command.optsWithGlobals()));
  return program;
}

function readTimeout(spelling: string): number {
  const ms = readDuration(/^\d+$/.test(spelling) ? `${spelling}s` : spelling);
  if (ms !== undefined && ms > 0) return ms;
  throw new UserError('usage', `--timeout: "${spelling}" is not a duration`, 'write it like 5s or 800ms');
}

const AFTER_HELP = `
Examples:
  publish-activity Case 268435457 268435457              what a business rule calls
  publish-activity Case 268435457 --rule "SLA warning"   an escalation: no activity
  publish-activity Case 268435457 268435457 --dry-run    show the request, send nothing

Exit codes:
${Object.values(EXIT_CODES)
  .map(({ code, meaning }) => `  ${String(code).padStart(2)}  ${meaning}`)
  .join('\n')}
`;
