// The options of the command line, as data: what they are called, what they are for, and what their text means.

import { LONGEST_RULE } from '../core/activity';
import { UserError } from '../core/errors';
import { readDuration } from '../core/shape';
import { isLoopback } from '../core/loopback';
import { urlOf } from '../core/web-address';

/** An option. */
export interface Option {
  /** As a page of usage spells it: `--json`, `--since <when>`. */
  readonly flags: string;
  readonly about: string;
  /** What its text means; `before` is what it meant so far where it is given several times. Throws a UserError of the kind `usage`. */
  readonly read?: (spelling: string, before: never) => unknown;
  /** The texts that it may have. */
  readonly choices?: readonly string[];
  readonly isRequired?: boolean;
  /** What a shell offers for its text. */
  readonly offers?: 'file' | 'keptType' | 'destination' | 'destinationType' | 'groupwareType' | 'state' | 'user';
  /** The option that it does not go together with, by its key. */
  readonly conflicts?: string;
}

/** The options that every command has. */
export const GLOBAL_OPTIONS = {
  config: { flags: '--config <file>', about: 'use this configuration file', offers: 'file' },
  timeout: { flags: '--timeout <duration>', about: 'end the whole run after this time, for example 5s', read: readTimeout },
  json: { flags: '--json', about: 'print JSON on stdout and nothing else' },
  quiet: { flags: '--quiet', about: 'print nothing; the exit code and the log tell', conflicts: 'verbose' },
  verbose: { flags: '--verbose', about: 'say more, for example which configuration is used' },
} as const satisfies Readonly<Record<string, Option>>;

/** The options that some commands have. */
export const OPTIONS = {
  rule: {
    flags: '--rule <name>',
    about: 'say which rule fired; two rules may post the same activity',
    read: readRule,
  },
  dryRun: { flags: '--dry-run', about: 'send and write nothing; print what would go out and why' },
  since: {
    flags: '--since <when>',
    about: 'only what was accepted (or logged) since: 2026-11-22, 2026-11-22T08:00Z, or 2h ago as 2h',
  },
  until: { flags: '--until <when>', about: 'only what was accepted (or logged) before' },
  objectType: { flags: '--object-type <type>', about: 'only this object type', offers: 'keptType' },
  destination: { flags: '--destination <name>', about: 'only this destination', offers: 'destination' },
  id: { flags: '--id <id>', about: 'only this delivery' },
  limit: { flags: '--limit <number>', about: 'at most so many', read: readLimit },
  publish: { flags: '--publish', about: 'post what is missing', conflicts: 'dryRun' },
  state: {
    flags: '--state <state>',
    about:
      'only this state, for example due, in-doubt, held, delivered, rejected, abandoned, accepted; of entries, linked or held',
    offers: 'state',
  },
  entries: { flags: '--entries', about: 'the entries that are kept in step with the groupware', conflicts: 'conflicts' },
  conflicts: { flags: '--conflicts', about: 'the values of entries that gave way to the other side' },
  openmetrics: { flags: '--openmetrics', about: 'print figures for monitoring, in the text format of Prometheus' },
  failed: { flags: '--failed', about: 'send again what was refused' },
  abandoned: { flags: '--abandoned', about: 'send again what was given up' },
  as: {
    flags: '--as <what>',
    about: 'what became of it; of an entry, which side is right',
    choices: ['delivered', 'undelivered', 'crm', 'groupware', 'both'],
    isRequired: true,
  },
  removeEntries: { flags: '--remove-entries', about: 'take what was made there for the CRM out of the groupware' },
  list: { flags: '--list', about: 'show who agreed, and who did not' },
  all: { flags: '--all', about: 'ask everybody who has not agreed, or whose consent counts no more', conflicts: 'list' },
  asIs: { flags: '--as-is', about: 'take whatever account agrees, not only the one with the user’s e-mail address' },
  open: { flags: '--open', about: 'open the address in the browser of this computer' },
  callback: {
    flags: '--callback <url>',
    about: 'the address that a proxy of yours passes on to this computer, for a browser elsewhere',
    read: readCallback,
  },
  port: {
    flags: '--port <number>',
    about: 'the port of 127.0.0.1 to listen on; any that is free without this option',
    read: readPort,
  },
  yes: { flags: '--yes', about: 'do not ask' },
  check: {
    flags: '--check',
    about: 'end with an exit code for what is found: rules to mend (rule), what waits or fails (status)',
  },
  from: { flags: '--from <file>', about: 'the dovetail.config of the old script', offers: 'file' },
  output: {
    flags: '--output <file>',
    about: 'where to write it; in the machine-wide folder without this option',
    offers: 'file',
  },
  server: { flags: '--server <host>', about: 'the SQL Server: host, host\\instance or host,port' },
  database: { flags: '--database <name>', about: 'the name of the database' },
  user: { flags: '--user <login>', about: 'a login: of the SQL Server (init), or of the one user that is meant', offers: 'user' },
  password: { flags: '--password <reference>', about: 'where its password is: env:NAME or file:PATH' },
  timeZone: { flags: '--time-zone <name>', about: 'the zone of the database server, for example America/Chicago' },
  agentUrl: { flags: '--agent-url <url>', about: 'where the links in posts start' },
  destinationType: {
    flags: '--destination-type <type>',
    about: 'the kind of activity stream, for example socialcast',
    offers: 'destinationType',
  },
  destinationName: { flags: '--destination-name <name>', about: 'what it is called; as its type without this option' },
  set: {
    flags: '--set <key=value>',
    about: 'a key of the destination, again and again; a secret as env:NAME or file:PATH',
    read: again,
  },
  groupwareType: {
    flags: '--groupware-type <type>',
    about: 'where calendars and tasks are kept in step, for example folder',
    offers: 'groupwareType',
  },
  groupwareSet: {
    flags: '--groupware-set <key=value>',
    about: 'a key of the groupware, likewise; users=all, people.LOGIN.password=env:NAME',
    read: again,
  },
} as const satisfies Readonly<Record<string, Option>>;

/** The key of an option. */
export type OptionName = keyof typeof OPTIONS;

/** What a record of options is as values: each may be left out. */
type Values<Options, Name extends keyof Options> = { readonly [N in Name]?: ValueOf<Options[N]> };

type ValueOf<One> = One extends { readonly read: (...given: never[]) => infer Value }
  ? Value
  : One extends { readonly flags: `${string}<${string}` }
    ? string
    : boolean;

/** What the options of every command were given; `timeout` is in ms. */
export type GlobalOptions = Values<typeof GLOBAL_OPTIONS, keyof typeof GLOBAL_OPTIONS>;

/** What the options of a command were given, those of every command included. */
export type OptionsOf<Name extends OptionName = never> = GlobalOptions & Values<typeof OPTIONS, Name>;

/** Which deliveries and requests are meant. */
export const FILTERS = ['since', 'until', 'objectType', 'destination', 'id', 'limit'] as const satisfies readonly OptionName[];
export type FilterName = (typeof FILTERS)[number];

/** The longest time to give a run, in ms: a timer of Node can wait for less than 25 days, and fires at once where it is set to more. */
const LONGEST_TIMEOUT_MS = 24 * 86_400_000;

/** An option that may be given again and again. */
function again(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function readTimeout(spelling: string): number {
  const ms = readDuration(/^\d+$/.test(spelling) ? `${spelling}s` : spelling);
  if (ms !== undefined && ms > 0 && ms <= LONGEST_TIMEOUT_MS) return ms;
  throw new UserError('usage', `--timeout: "${spelling}" is not a duration of at most 24d`, 'write it like 5s or 800ms');
}

function readLimit(spelling: string): number {
  if (/^[1-9]\d{0,8}$/.test(spelling)) return Number(spelling);
  throw new UserError('usage', `--limit: "${spelling}" is not a whole number above 0`);
}

/** Whoever is on the way could read what comes without TLS. */
function readCallback(spelling: string): string {
  const address = urlOf(spelling);
  const isSafe = address?.protocol === 'https:' || (address?.protocol === 'http:' && isLoopback(address.hostname));
  if (address !== undefined && isSafe && !/[?#@]/.test(spelling)) return spelling;
  const hint = 'as in: --callback https://crm.example.com/consent';
  throw new UserError('usage', '--callback takes an https address without ?, # and login', hint);
}

function readPort(spelling: string): number {
  if (/^[1-9]\d{0,4}$/.test(spelling) && Number(spelling) <= 65_535) return Number(spelling);
  throw new UserError('usage', `--port: "${spelling}" is no port`, 'it is a number from 1 to 65535');
}

function readRule(name: string): string {
  if (name.length <= LONGEST_RULE) return name;
  throw new UserError('usage', `--rule: a name has at most ${LONGEST_RULE} characters, and this one has ${name.length}`);
}
