// The command line, through commander: words in, an invocation out. It decides nothing and touches nothing.

import { Command, CommanderError, Option } from 'commander';
import type { Vocabulary } from '../commands/command';
import type { AllOptions, CommandName } from '../commands/index';
import type { Option as OptionRecord } from '../commands/options';
import { UserError } from '../core/errors';
import { EXIT_CODES } from './exit-code';

/** What the command line is made of; see src/commands. */
export type CommandVocabulary = Vocabulary<CommandName>;

/** What the command line asks for. */
export type Invocation =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'command';
      readonly name: CommandName;
      /** The arguments of the command, as given. */
      readonly words: readonly string[];
      /** Of the command's own options and of those that every command has. */
      readonly options: AllOptions;
    };

const HINT = 'publish-activity --help shows what there is';

/** Reads the arguments after the program's name. Throws a UserError of the kind `usage`. */
export function readCommandLine(argv: readonly string[], version: string, vocabulary: CommandVocabulary): Invocation {
  let invocation: Invocation | undefined;
  let text = '';
  const program = makeProgram(version, vocabulary, (name, words, options) => {
    invocation = { kind: 'command', name, words, options };
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: (out) => (text += out), writeErr: () => undefined });
  }
  if (argv.length === 0)
    throw new UserError('usage', `there are no arguments\nUsage: ${program.name()} ${program.usage()}`, HINT);
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    if (error.code === 'commander.help') return { kind: 'text', text: program.helpInformation() };
    throw new UserError('usage', error.message.replace(/^error: /, ''), hintFor(argv, vocabulary));
  }
  return invocation ?? { kind: 'text', text };
}

/** Where the help is that lists what is missing or wrong. */
function hintFor([word = '']: readonly string[], { commands }: CommandVocabulary): string {
  return Object.hasOwn(commands, word) ? `publish-activity ${word} --help shows what there is` : HINT;
}

/** The text of `--help`. */
export function helpText(vocabulary: CommandVocabulary): string {
  const { text } = readCommandLine(['--help'], '', vocabulary) as { readonly text: string };
  return text;
}

type Invoke = (name: CommandName, words: readonly string[], options: AllOptions) => void;

function makeProgram(version: string, vocabulary: CommandVocabulary, invoke: Invoke): Command {
  const program = new Command('publish-activity')
    .usage('<objectType> <dbId> [<activityObjid>] [options]\n       publish-activity <command> [options]')
    .description("Publishes an activity of a Clarify / Dovetail CRM in the company's activity stream.")
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .addHelpText('after', () => `${publishOptions(vocabulary)}${examples()}${exitCodes()}`);
  for (const option of Object.values(vocabulary.globalOptions)) program.addOption(optionOf(option));
  for (const [name, text] of entriesOf(vocabulary.commands)) {
    const command = program
      .command(name, { isDefault: name === 'publish' })
      .summary(text.summary)
      .description(text.description)
      .usage(text.usage)
      .addHelpText('after', () => `${name === 'publish' ? examples() : ''}${exitCodes(text.exit)}`)
      .action(() => invoke(name, command.args, command.optsWithGlobals()));
    // A command without words refuses them, lest a mistyped option be passed over in silence.
    if (/^\[?</.test(text.usage)) command.argument('[words...]');
    for (const option of text.options) command.addOption(optionOf(vocabulary.options[option]));
  }
  return program;
}

function optionOf({ flags, about, read, choices, isRequired, conflicts }: OptionRecord): Option {
  const option = new Option(flags, about);
  if (read !== undefined) option.argParser(read as (spelling: string, before: unknown) => unknown);
  if (choices !== undefined) option.choices(choices);
  if (isRequired === true) option.makeOptionMandatory();
  if (conflicts !== undefined) option.conflicts(conflicts);
  return option;
}

function entriesOf<Key extends string, Value>(record: Readonly<Record<Key, Value>>): readonly (readonly [Key, Value])[] {
  return Object.entries(record) as [Key, Value][];
}

/** The options of the command that needs no name, in the manner of the options above them. */
function publishOptions({ commands, options }: CommandVocabulary): string {
  const lines = commands.publish.options.map((name) => `  ${options[name].flags.padEnd(29)} ${options[name].about}`);
  return ['', 'Options of publish:', ...lines, ''].join('\n');
}

function examples(): string {
  return `
Examples:
  publish-activity Case 268435457 268435457              what a business rule calls
  publish-activity Case 268435457 --rule "SLA warning"   an escalation: no activity
  publish-activity Case 268435457 268435457 --dry-run    show the request, send nothing
  publish-activity rerun                                 what a scheduler calls every few minutes
`;
}

function exitCodes(own?: string): string {
  return `
Exit codes:${own === undefined ? '' : ` ${own}.`}
${Object.values(EXIT_CODES)
  .map(({ code, meaning }) => `  ${String(code).padStart(2)}  ${meaning}`)
  .join('\n')}
`;
}
