// The story of a run, from the words of the command line to the exit code.

import { version } from '../package.json';
import { readArguments } from './clarify/arguments';
import type { ObjectType } from './clarify/object-type';
import { objectTypes } from './clarify/object-types';
import { typesOfSite } from './clarify/site-types';
import { EXIT_CODES, exitCodeOf } from './cli/exit-code';
import { readCommandLine, type Invocation } from './cli/program';
import { asJson, writeDatum, writeProgress, writeReport, writeStep, type Voice } from './cli/report';
import type { Context, Options, SetupName } from './commands/command';
import { reportOfError } from './commands/error-report';
import { commands, isSetup, setupCommands } from './commands/index';
import type { LoadedConfig } from './config/load';
import { logOf, type LogConfig } from './config/log';
import { startDeadline, type Deadline } from './core/deadline';
import { messageOf, UserError } from './core/errors';
import type { Report } from './core/report';
import { makeRedactor } from './core/redact';
import type { Secret } from './core/secret';
import { isRecord, type Source } from './core/shape';
import { visibleLines } from './core/visible';
import { appendLogLine } from './io/log-file';
import { buildParts } from './parts';
import { checkConfiguration, configurationSource, findConfiguration } from './parts/configuration';
import type { World } from './world';

type Command = Extract<Invocation, { kind: 'command' }>;

/** What a run comes to know on its way; its end needs it, however it ends. */
interface Run {
  options: Options;
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
  const options = { json: argv.includes('--json'), quiet: argv.includes('--quiet') };
  const run: Run = { options, log: false, secrets: [], exitZeroWhenKept: false, leavesNoTrace: false };
  try {
    const invocation = readCommandLine(argv, version);
    if (invocation.kind === 'text') {
      world.stdout.write(invocation.text);
      return EXIT_CODES.posted.code;
    }
    run.options = invocation.options;
    return await end(await obey(invocation, run, world), argv, run, world);
  } catch (error) {
    return end(reportOfError(error), argv, run, world);
  }
}

/** The commands that take as long as they take. */
const LONG: readonly string[] = ['rerun', 'reconcile', 'scan'];
/** The commands that nobody watches, and that keep what they could not post. */
const KEEPING: readonly string[] = ['publish', 'rerun', 'scan'];

async function obey({ name, words, options }: Command, run: Run, world: World): Promise<Report> {
  if (isSetup(name)) return setUp(name, words, run, world);
  // Wrong arguments are refused before anything is looked at; only for an object type that may be the site's own it is.
  const refusal = name === 'publish' ? refusalOf(words, options, objectTypes) : undefined;
  if (refusal !== undefined) await mayBeOwnType(run, world, refusal);
  const { loaded, source } = await find(run, world);
  writeStep(`configuration ${loaded.file}, ${loaded.how}`, options, voiceOf(run, world));
  const config = await checkConfiguration(loaded, source);
  const types = typesOfSite(config.clarify.objectTypes);
  const readRequest: Context['readRequest'] = (given, rule) => readArguments(given, rule, types);
  if (refusal !== undefined) readRequest(words, options.rule ?? '');
  run.exitZeroWhenKept = config.exitZeroWhenKept && KEEPING.includes(name);
  const attemptDeadline = () => startDeadlineFromNow(config.deadline, world);
  const isLong = LONG.includes(name) || (name === 'preview' && options.since !== undefined);
  const deadline = isLong
    ? startDeadlineFromNow(options.timeout ?? LONGEST_MS, world)
    : startDeadline(options.timeout ?? config.deadline, () => world.uptime());
  const stopListening = world.onInterrupt(() => deadline.end());
  const parts = await buildParts(config, world);
  const voice = voiceOf(run, world);
  try {
    const command = await commands[name]();
    return await command({
      words,
      options,
      config,
      parts,
      deadline,
      attemptDeadline,
      readRequest,
      emit: (datum) => writeDatum(datum, options, voice),
      progress: (done, total) => writeProgress(done, total, options, voice),
      confirm: (question) => world.confirm(voice.present(question)),
    });
  } finally {
    stopListening();
    deadline.end();
    parts.close();
  }
}

/** A command about the installation, which finds the configuration itself, or does without. */
async function setUp(name: SetupName, words: readonly string[], run: Run, world: World): Promise<Report> {
  const { options } = run;
  run.leavesNoTrace = true;
  const [{ buildSite }, { buildDesk }] = await Promise.all([import('./parts/site'), import('./parts/desk')]);
  const secrets: Secret[] = [];
  run.secrets = secrets;
  const deadline = startDeadlineFromNow(options.timeout ?? LONGEST_MS, world);
  const stopListening = world.onInterrupt(() => deadline.end());
  const site = buildSite(options.config, world, () => find(run, world));
  const progress = (done: number, total: number) => writeProgress(done, total, options, voiceOf(run, world));
  try {
    const command = await setupCommands[name]();
    return await command({ words, options, deadline, progress, site, desk: buildDesk(world, secrets) });
  } finally {
    stopListening();
    deadline.end();
    site.close();
  }
}

/** Why words are refused; `undefined` where they are not. */
function refusalOf(words: readonly string[], { rule = '' }: Options, types: readonly ObjectType[]): UserError | undefined {
  try {
    readArguments(words, rule, types);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Throws the refusal unless there is a configuration with object types of its own. */
async function mayBeOwnType(run: Run, world: World, refusal: UserError): Promise<void> {
  const found = await find(run, world).catch(() => undefined);
  const clarify = asRecord(asRecord(found?.loaded.value)['clarify']);
  if (Object.keys(asRecord(clarify['objectTypes'])).length === 0) throw refusal;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** The longest that a timer of Node can wait, in ms: some 24 days. */
const LONGEST_MS = 2_147_483_647;

function startDeadlineFromNow(totalMs: number, world: World): Deadline {
  const begin = world.uptime();
  return startDeadline(totalMs, () => world.uptime() - begin);
}

/** Finds the configuration, and with it the log. */
async function find(run: Run, world: World): Promise<{ loaded: LoadedConfig; source: Source }> {
  const loaded = await findConfiguration(run.options.config, world);
  const source = configurationSource(loaded.file, world);
  run.configFile = loaded.file;
  run.secrets = source.secrets;
  run.log = logOf(loaded.value, source);
  return { loaded, source };
}

/** The end of every run: one line in the log, the words for whoever reads them, the exit code. */
async function end(report: Report, argv: readonly string[], run: Run, world: World): Promise<number> {
  // Wrong arguments are found before the configuration is looked for, but they have to stand in the log all the same.
  if (run.configFile === undefined && !run.leavesNoTrace) await find(run, world).catch(() => undefined);
  const { configFile, log, options } = run;
  const exitCode = exitCodeOf(report, run.exitZeroWhenKept);
  const facts = { version, exitCode, ms: Math.round(world.uptime()), ...(configFile === undefined ? {} : { configFile }) };
  const voice = voiceOf(run, world);
  if (log !== false && options.dryRun !== true && !run.leavesNoTrace) {
    const line = { time: new Date(world.now()).toISOString(), pid: world.pid, argv, ...asJson(report, facts) };
    try {
      appendLogLine(log, line, voice.present);
    } catch (error) {
      if (options.quiet !== true)
        voice.stderr.write(voice.present(`publish-activity: the log ${log.file} cannot be written: ${messageOf(error)}\n`));
    }
  }
  writeReport(report, options, facts, voice);
  return exitCode;
}

function voiceOf({ secrets }: Run, { stdout, stderr }: World): Voice {
  const redact = makeRedactor(secrets);
  return { stdout, stderr, present: (text) => visibleLines(redact(text)) };
}
