// The command line, through commander: words in, an invocation out. It decides nothing and touches nothing.

import { Command, CommanderError, Option } from 'commander';
import type { CommandName, Options } from '../commands/command';
import { LONGEST_RULE } from '../core/activity';
import { UserError } from '../core/errors';
import { readDuration } from '../core/shape';
import { EXIT_CODES } from './exit-code';

/** What the command line asks for. */
export type Invocation =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'command';
      readonly name: CommandName;
      /** The arguments of the command, as given. */
      readonly words: readonly string[];
      readonly options: Options;
    };

interface CommandText {
  readonly usage: string;
  readonly summary: string;
  readonly description: string;
  readonly options: readonly (keyof typeof OPTIONS)[];
}

const FILTERS = ['since', 'until', 'object-type', 'destination', 'id', 'limit'] as const;

const COMMANDS = {
  publish: {
    usage: '<objectType> <dbId> [<activityObjid>] [options]',
    summary: 'publish one activity; the word "publish" may be left out',
    description:
      'Publishes one activity. <dbId> is the objid of the CRM object, <activityObjid> the objid of its table_act_entry row.\n' +
      'Without an activity (or with 0) it is the newest one of the last 10 minutes, else the object itself.',
    options: ['rule', 'dry-run'],
  },
  rerun: {
    usage: '[options]',
    summary: 'send what is due; a scheduler runs it every few minutes',
    description: 'Sends everything that is due, and looks into what is in doubt. Two runs at once share the work.',
    options: [...FILTERS, 'failed', 'abandoned', 'dry-run'],
  },
  reconcile: {
    usage: '--since <when> [--until <when>] [--publish] [options]',
    summary: 'list what the CRM logged and no rule passed on; --publish posts it',
    description:
      'Compares the CRM’s own log of activities with the ledger, for what `reconcile` in the configuration names.\n' +
      'The last 15 minutes are left to the rules, unless --until says something else. Nothing is posted without --publish.',
    options: ['since', 'until', 'publish', 'limit', 'dry-run'],
  },
  preview: {
    usage: '<objectType> <dbId> [<activityObjid>] | --since <when> [--until <when>] [options]',
    summary: 'the posts that one activity gives, or how many a span of the past would have given',
    description:
      'Shows the posts of one activity, each with the route that takes it to its destination. With --since it is a forecast of noise:\n' +
      'the posts that the activities of that time would have given, by destination, and the busiest hour of each.\n' +
      'The activities are those that `reconcile` names, else all of them. Nothing is sent, and the ledger is not looked at.',
    options: ['rule', 'since', 'until'],
  },
  status: {
    usage: '[options]',
    summary: 'what is due, in doubt, held and abandoned, and the last success of each destination',
    description: 'Shows how the ledger stands, destination by destination.',
    options: [],
  },
  list: {
    usage: '[options]',
    summary: 'the deliveries in the ledger, one a line',
    description:
      'Lists deliveries, and the requests that have none, in the order of their acceptance.\n' +
      'With --json a line has every field but the body of the message.',
    options: [...FILTERS, 'state'],
  },
  why: {
    usage: '<id> | <objectType> <dbId> [<activityObjid>] [options]',
    summary: 'the whole story of one activity in plain words',
    description: 'Tells what became of one activity, destination by destination.',
    options: [],
  },
  resolve: {
    usage: '<id> --as <delivered|undelivered> [options]',
    summary: 'say what became of a post that is held in doubt',
    description:
      'Ends the doubt about a delivery: as delivered it is never sent again, as undelivered it is sent by the next rerun.',
    options: ['as'],
  },
  discard: {
    usage: '<id>... [options]',
    summary: 'never send these deliveries; asks first',
    description: 'Takes deliveries out of the ledger’s work. Their ids stay, so that nothing posts them by mistake.',
    options: ['yes'],
  },
  test: {
    usage: '<destination> [options]',
    summary: 'post one clearly marked message through the real path',
    description: 'Posts one message that says that it is a test. Nothing of the CRM is read, and the ledger is not touched.',
    options: ['dry-run'],
  },
  show: {
    usage: '<objectType> <dbId> [<activityObjid>] [options]',
    summary: 'the values behind the placeholders of one activity, and the words that apply',
    description:
      'Shows every placeholder with its value and where in the CRM that comes from, and the post that it gives.\n' +
      'It opens no ledger and sends nothing. As in: publish-activity show Case 268435457 268435457',
    options: ['rule'],
  },
  rule: {
    usage: '[<objectType>...] [options]',
    summary: 'the business rules to enter; with --check, what is wrong with those that the CRM has',
    description:
      'Prints the rule to enter and the rule property that it needs, for some object types or for all.\n' +
      'With --check it reads the rules of the CRM that call publish-activity and tells which pass wrong arguments.\n' +
      'As in: publish-activity rule case "change request" --rule "SLA warning"',
    options: ['rule', 'check'],
  },
  scan: {
    usage: '[options]',
    summary: 'publish what no rule can fire on: new product revisions, stock that runs low; for a scheduler',
    description:
      'Looks for new product revisions, and for stock that fell to its reorder level, and publishes each once.\n' +
      'The first time it takes stock and publishes nothing. As in: publish-activity scan --dry-run',
    options: ['limit', 'dry-run'],
  },
  init: {
    usage: '[options]',
    summary: 'write a first configuration, from answers or flags',
    description:
      'Asks for what no option says, and writes a configuration that has passed the check. A password is never an option: it is typed\n' +
      'unseen, and goes into a file of its own. --from takes server, database and login from the dovetail.config of the old script.\n' +
      'Example: publish-activity init --from dovetail.config',
    options: [
      'from',
      'output',
      'server',
      'database',
      'user',
      'password',
      'time-zone',
      'agent-url',
      'destination-type',
      'destination-name',
      'set',
      'yes',
    ],
  },
  doctor: {
    usage: '[<check>...] [options]',
    summary: 'look at everything that publishing depends on, and say what to mend',
    description:
      'Makes all checks, or those that are named, and posts nothing: configuration, rights, node, database,\n' +
      'tables, clock, dns, proxy, tls, destinations, ledger, schedule, rules, log. Run it as the account of the rules.\n' +
      'Example: publish-activity doctor database tables',
    options: [],
  },
} as const satisfies Record<CommandName, CommandText>;

const OPTIONS = {
  rule: () => new Option('--rule <name>', 'say which rule fired; two rules may post the same activity').argParser(readRule),
  'dry-run': () => new Option('--dry-run', 'send and write nothing; print what would go out and why'),
  since: () =>
    new Option('--since <when>', 'only what was accepted (or logged) since: 2026-11-22, 2026-11-22T08:00Z, or 2h ago as 2h'),
  until: () => new Option('--until <when>', 'only what was accepted (or logged) before'),
  'object-type': () => new Option('--object-type <type>', 'only this object type'),
  destination: () => new Option('--destination <name>', 'only this destination'),
  id: () => new Option('--id <id>', 'only this delivery'),
  limit: () => new Option('--limit <number>', 'at most so many').argParser(readLimit),
  publish: () => new Option('--publish', 'post what is missing').conflicts('dryRun'),
  state: () =>
    new Option('--state <state>', 'only this state, for example due, in-doubt, held, delivered, rejected, abandoned, accepted'),
  failed: () => new Option('--failed', 'send again what was refused'),
  abandoned: () => new Option('--abandoned', 'send again what was given up'),
  as: () => new Option('--as <what>', 'what became of it').choices(['delivered', 'undelivered']).makeOptionMandatory(),
  yes: () => new Option('--yes', 'do not ask'),
  check: () => new Option('--check', 'check the rules of the CRM'),
  from: () => new Option('--from <file>', 'the dovetail.config of the old script'),
  output: () => new Option('--output <file>', 'where to write it; in the machine-wide folder without this option'),
  server: () => new Option('--server <host>', 'the SQL Server: host, host\\instance or host,port'),
  database: () => new Option('--database <name>', 'the name of the database'),
  user: () => new Option('--user <login>', 'the SQL Server login'),
  password: () => new Option('--password <reference>', 'where its password is: env:NAME or file:PATH'),
  'time-zone': () => new Option('--time-zone <name>', 'the zone of the database server, for example America/Chicago'),
  'agent-url': () => new Option('--agent-url <url>', 'where the links in posts start'),
  'destination-type': () => new Option('--destination-type <type>', 'the kind of activity stream, for example socialcast'),
  'destination-name': () => new Option('--destination-name <name>', 'what it is called; as its type without this option'),
  set: () =>
    new Option('--set <key=value>', 'a key of the destination, again and again; a secret as env:NAME or file:PATH').argParser(
      (value, before: readonly string[] | undefined) => [...(before ?? []), value],
    ),
};

/** Reads the arguments after the program's name. Throws a UserError of the kind `usage`. */
export function readCommandLine(argv: readonly string[], version: string): Invocation {
  let invocation: Invocation | undefined;
  let text = '';
  const program = makeProgram(version, (name, words, options) => {
    invocation = { kind: 'command', name, words, options };
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
  return ['help', ...Object.keys(COMMANDS)];
}

/** The text of `--help`. */
export function helpText(): string {
  const { text } = readCommandLine(['--help'], '') as { readonly text: string };
  return text;
}

type Invoke = (name: CommandName, words: readonly string[], options: Options) => void;

function makeProgram(version: string, invoke: Invoke): Command {
  const program = new Command('publish-activity')
    .usage('<objectType> <dbId> [<activityObjid>] [options]\n       publish-activity <command> [options]')
    .description("Publishes an activity of a Clarify / Dovetail CRM in the company's activity stream.")
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--config <file>', 'use this configuration file')
    .addOption(new Option('--timeout <duration>', 'end the whole run after this time, for example 5s').argParser(readTimeout))
    .option('--json', 'print JSON on stdout and nothing else')
    .addOption(new Option('--quiet', 'print nothing; the exit code and the log tell').conflicts('verbose'))
    .option('--verbose', 'say more, for example which configuration is used')
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .addHelpText('after', () => `${publishOptions()}${examples()}${exitCodes()}`);
  for (const [name, text] of Object.entries(COMMANDS) as [CommandName, CommandText][]) {
    const command = program
      .command(name, { isDefault: name === 'publish' })
      .summary(text.summary)
      .description(text.description)
      .usage(text.usage)
      .addHelpText('after', () => `${name === 'publish' ? examples() : ''}${exitCodes()}`)
      .action(() => invoke(name, command.args, command.optsWithGlobals()));
    // A command without words refuses them, lest a mistyped option be passed over in silence.
    if (/^\[?</.test(text.usage)) command.argument('[words...]');
    for (const option of text.options) command.addOption(OPTIONS[option]());
  }
  return program;
}

/** The longest time to give a run, in ms: a timer of Node can wait for less than 25 days, and fires at once where it is set to more. */
const LONGEST_TIMEOUT_MS = 24 * 86_400_000;

function readTimeout(spelling: string): number {
  const ms = readDuration(/^\d+$/.test(spelling) ? `${spelling}s` : spelling);
  if (ms !== undefined && ms > 0 && ms <= LONGEST_TIMEOUT_MS) return ms;
  throw new UserError('usage', `--timeout: "${spelling}" is not a duration of at most 24d`, 'write it like 5s or 800ms');
}

function readLimit(spelling: string): number {
  if (/^[1-9]\d{0,8}$/.test(spelling)) return Number(spelling);
  throw new UserError('usage', `--limit: "${spelling}" is not a whole number above 0`);
}

function readRule(name: string): string {
  if (name.length <= LONGEST_RULE) return name;
  throw new UserError('usage', `--rule: a name has at most ${LONGEST_RULE} characters, and this one has ${name.length}`);
}

/** The options of the command that needs no name, in the manner of the options above them. */
function publishOptions(): string {
  const rows = COMMANDS.publish.options.map((name) => OPTIONS[name]());
  const lines = rows.map(({ flags, description }) => `  ${flags.padEnd(29)} ${description}`);
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

function exitCodes(): string {
  return `
Exit codes:
${Object.values(EXIT_CODES)
  .map(({ code, meaning }) => `  ${String(code).padStart(2)}  ${meaning}`)
  .join('\n')}
`;
}
