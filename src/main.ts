// The story of a run, from the words of the command line to the exit code.

import { version } from '../package.json';
import { readArguments } from './clarify/arguments';
import { readCall, type GivenCall, type Known } from './clarify/calls';
import { objectTypes } from './clarify/object-types/index';
import { typesOfSite } from './clarify/site-types';
import { EXIT_CODES, exitCodeOf } from './cli/exit-code';
import { earlyOptions } from './cli/early-options';
import { readCommandLine, type Invocation } from './cli/program';
import { asJson, writeDatum, writeProgress, writeReport, writeStep, type Voice } from './cli/report';
import type { Datum } from './commands/command';
import { reportOfError } from './commands/error-report';
import { commands, vocabulary, type AllOptions } from './commands/index';
import { spooledReport, TOO_LATE, tooLateReport } from './commands/outbox/publish/spooled';
import { UnusableConfig, type LoadedConfig } from './config/load';
import { logOf, type LogConfig } from './config/log';
import type { Config } from './config/schema';
import { startDeadline, type Deadline } from './core/deadline';
import { messageOf, UserError } from './core/errors';
import type { Report } from './core/report';
import { makeRedactor } from './core/redact';
import type { Secret } from './core/secret';
import type { Source } from './core/shape';
import { visibleLines } from './core/visible';
import { appendLogLine } from './io/log-file';
import { whenReachable } from './io/regular-file';
import { buildParts } from './parts/index';
import { acceptCall, withFate, type Accepted } from './parts/accept';
import { checkConfiguration, configurationSource, findConfiguration } from './parts/configuration';
import type { World } from './world';

/** A command as the command line names it, and the two kinds of records that there are of them. */
type Invoked = Extract<Invocation, { kind: 'command' }>;
type SetupCommand = Extract<(typeof commands)[keyof typeof commands], { needs: 'nothing' }>;
type OrdinaryCommand = Exclude<(typeof commands)[keyof typeof commands], SetupCommand>;

/** What a run comes to know on its way; its end needs it, however it ends. */
interface RunState {
  options: AllOptions;
  /** Looked for once, however it ends: a share that is dead is waited for only once. */
  finding?: Promise<Found>;
  configFile?: string;
  log: LogConfig | false;
  /** Filled as soon as secrets are read, so that they are masked even in the report of a broken configuration. */
  secrets: readonly Secret[];
  exitZeroWhenKept: boolean;
  /** Whether it leaves no line in the log: of commands that write nothing, or that are there before the log is. */
  leavesNoTrace: boolean;
}

/** Runs the program with the arguments after its name, and answers with the exit code. Rejects only when a stream does. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  const run: RunState = { options: earlyOptions(argv), log: false, secrets: [], exitZeroWhenKept: false, leavesNoTrace: false };
  try {
    const invocation = readCommandLine(argv, version, vocabulary);
    if (invocation.kind === 'text') {
      world.stdout.write(invocation.text);
      return EXIT_CODES.posted.code;
    }
    run.options = invocation.options;
    return await end(await Promise.race([obey(invocation, run, world), crashIn(world)]), argv, run, world);
  } catch (error) {
    return end(reportOfError(error), argv, run, world);
  }
}

/** Rejects when something is thrown that no part of the program catches, so that even then there is a line in the log. */
function crashIn(world: World): Promise<never> {
  return new Promise((_, reject) => world.onCrash(reject));
}

async function obey(command: Invoked, run: RunState, world: World): Promise<Report> {
  const { name, words, options } = command;
  const record = commands[name];
  if (record.needs === 'nothing') return setUp(record, words, run, world);
  const called = record.callOf?.(options, words);
  if (called !== undefined) return obeyRule({ command: called, words, rule: options.rule ?? '' }, record, command, run, world);
  const checked = await check(await find(run, world), run, world);
  const { config } = checked;
  run.exitZeroWhenKept = config.exitZeroWhenKept && record.keeps === true;
  const deadline =
    record.isLong?.(options, words) === true
      ? startDeadlineFromNow(options.timeout ?? LONGEST_MS, world)
      : startDeadline(options.timeout ?? config.deadline, () => world.uptime());
  const stopListening = world.onInterrupt(() => deadline.end());
  try {
    return await perform(record, command, { ...checked, deadline }, run, world);
  } finally {
    stopListening();
    deadline.end();
  }
}

/** The call of a rule. It is kept first: what comes after that may be as wrong as it likes, and as slow. */
async function obeyRule(
  given: GivenCall,
  record: OrdinaryCommand,
  command: Invoked,
  run: RunState,
  world: World,
): Promise<Report> {
  const found = await find(run, world).catch(async (error: unknown) => {
    if (error instanceof UnusableConfig) return error;
    // Wrong words are wrong under every configuration, and nobody can mend the missing one by them.
    await readCall(given, { types: objectTypes, kinds: {} });
    throw error;
  });
  const isWhole = !(found instanceof UnusableConfig);
  const { value } = isWhole ? found.loaded : found;
  const source = isWhole ? found.source : configurationSource(found.file, world);
  const accepted = await acceptCall(given, command.options.timeout, { value, source, isWhole }, world);
  const { kept, deadline, call } = accepted;
  run.exitZeroWhenKept = accepted.exitZeroWhenKept;
  try {
    if (!isWhole) throw found;
    // In a hurry, or because the ledger is down, there is nothing more to say; where the configuration itself is in the way, there is.
    const isUsable = call.request !== undefined && accepted.ledger !== undefined;
    if (kept.place === 'spool' && isUsable) return spooledReport(given.command, call.request, kept);
    if (kept.place === 'ledger' && deadline.expired()) {
      await accepted.putBack(TOO_LATE);
      return tooLateReport(given.command, call.request);
    }
    const checked = await check(found, run, world);
    return await perform(record, command, { ...checked, deadline, accepted }, run, world);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await accepted.putBack(error.result === 'configuration' ? 'the configuration could not be used' : '');
    return { ...reportOfError(withFate(error, given, kept)), ...(call.request === undefined ? {} : { about: call.request }) };
  } finally {
    accepted.close();
  }
}

/** A configuration that is right, and what the words of calls are held against. */
interface CheckedConfig extends Known {
  readonly config: Config;
}

/** What a command is performed with. */
interface Performance extends CheckedConfig {
  readonly deadline: Deadline;
  readonly accepted?: Accepted;
}

async function perform(
  record: OrdinaryCommand,
  { words, options }: Invoked,
  { config, types, kinds, deadline, accepted }: Performance,
  run: RunState,
  world: World,
): Promise<Report> {
  const voice = voiceOf(run, world);
  const parts = await buildParts(config, world, accepted);
  try {
    const command = await record.load();
    return await command({
      words,
      options,
      config,
      parts,
      deadline,
      // A call of a rule ends in time, whatever it begins.
      attemptDeadline: () => startDeadlineFromNow(accepted === undefined ? config.deadline : deadline.remainingMs(), world),
      readRequest: (given, rule) => readArguments(given, rule, types),
      readCall: (given) => readCall(given, { types, kinds }),
      emit: (datum) => writeDatum(datum, options, voice),
      progress: (done, total) => writeProgress(done, total, options, voice),
      confirm: (question) => world.confirm(voice.present(question)),
    });
  } finally {
    parts.close();
  }
}

/** A command about the installation, which finds the configuration itself, or does without. */
async function setUp(record: SetupCommand, words: readonly string[], run: RunState, world: World): Promise<Report> {
  const { options } = run;
  run.leavesNoTrace = true;
  const [{ buildSite }, { buildDesk }, { entryTypes }] = await Promise.all([
    import('./parts/site'),
    import('./parts/desk'),
    import('./clarify/entry-types'),
  ]);
  const secrets: Secret[] = [];
  run.secrets = secrets;
  const deadline = startDeadlineFromNow(options.timeout ?? LONGEST_MS, world);
  const stopListening = world.onInterrupt(() => deadline.end());
  const site = buildSite(options.config, world, () => find(run, world));
  const emit = (datum: Datum) => writeDatum(datum, options, voiceOf(run, world));
  const progress = (done: number, total: number) => writeProgress(done, total, options, voiceOf(run, world));
  try {
    const command = await record.load();
    const names = { typeNames: namesOf(objectTypes), entryTypeNames: namesOf(entryTypes) };
    const parts = { site, desk: buildDesk(world, secrets), vocabulary, ...names };
    return await command({ words, options, deadline, progress, emit, parts });
  } finally {
    stopListening();
    deadline.end();
    site.close();
  }
}

function namesOf(all: readonly { readonly name: string }[]): readonly string[] {
  return all.map(({ name }) => name);
}

/** The longest that a timer of Node can wait, in ms: some 24 days. */
const LONGEST_MS = 2_147_483_647;

function startDeadlineFromNow(totalMs: number, world: World): Deadline {
  const begin = world.uptime();
  return startDeadline(totalMs, () => world.uptime() - begin);
}

/** A configuration file that was found, and what its check may look at. */
interface Found {
  readonly loaded: LoadedConfig;
  readonly source: Source;
}

/** Finds the configuration, and with it the log: also that of a file which is damaged somewhere else. */
function find(run: RunState, world: World): Promise<Found> {
  return (run.finding ??= findNow(run, world));
}

async function findNow(run: RunState, world: World): Promise<Found> {
  const { config, timeout } = run.options;
  const loaded = await findConfiguration(config, world, timeout).catch((error: unknown) => {
    if (error instanceof UnusableConfig) openLog(error, run, world);
    throw error;
  });
  const source = openLog(loaded, run, world);
  return { loaded, source };
}

function openLog({ file, value }: Pick<LoadedConfig, 'file' | 'value'>, run: RunState, world: World): Source {
  const source = configurationSource(file, world);
  run.configFile = file;
  run.secrets = source.secrets;
  run.log = logOf(value, source);
  return source;
}

/** Checks a configuration, and takes the site's object types and kinds of entries from it. */
async function check({ loaded, source }: Found, run: RunState, world: World): Promise<CheckedConfig> {
  writeStep(`configuration ${loaded.file}, ${loaded.how}`, run.options, voiceOf(run, world));
  const config = await checkConfiguration(loaded, source, run.options.timeout);
  return { config, types: typesOfSite(config.clarify.objectTypes), kinds: config.groupware?.kinds ?? {} };
}

/** How long the disk of the log may take to answer, in ms. */
const LOG_MS = 1_000;

/** The end of every run: one line in the log, the words for whoever reads them, the exit code. */
async function end(report: Report, argv: readonly string[], run: RunState, world: World): Promise<number> {
  // Wrong arguments are found before the configuration is looked for, but they have to stand in the log all the same.
  if (run.configFile === undefined && !run.leavesNoTrace) await find(run, world).catch(() => undefined);
  const { configFile, log, options } = run;
  const exitCode = exitCodeOf(report, run.exitZeroWhenKept);
  const facts = { version, exitCode, ms: Math.round(world.uptime()), ...(configFile === undefined ? {} : { configFile }) };
  const voice = voiceOf(run, world);
  if (log !== false && options.dryRun !== true && !run.leavesNoTrace) {
    const line = { time: new Date(world.now()).toISOString(), pid: world.pid, argv, ...asJson(report, facts) };
    try {
      await whenReachable(log.file, LOG_MS);
      appendLogLine(log, line, voice.present);
    } catch (error) {
      if (options.quiet !== true)
        voice.stderr.write(voice.present(`publish-activity: the log ${log.file} cannot be written: ${messageOf(error)}\n`));
    }
  }
  writeReport(report, options, facts, voice);
  return exitCode;
}

function voiceOf({ secrets }: RunState, { stdout, stderr }: World): Voice {
  const redact = makeRedactor(secrets);
  return { stdout, stderr, present: (text) => visibleLines(redact(text)) };
}
