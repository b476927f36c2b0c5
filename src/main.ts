// The story of a run, from the words of the command line to the exit code.

import { version } from '../package.json';
import { readArguments } from './clarify/arguments';
import { objectTypes } from './clarify/object-types';
import { EXIT_CODES } from './cli/exit-code';
import { readCommandLine, type Invocation } from './cli/program';
import { asJson, writeReport, writeStep, type Voice } from './cli/report';
import { reportOfError } from './commands/error-report';
import { publish } from './commands/publish';
import type { LoadedConfig } from './config/load';
import { logOf, type LogConfig } from './config/log';
import { startDeadline } from './core/deadline';
import { messageOf } from './core/errors';
import type { Report } from './core/report';
import { makeRedactor, type Secret } from './core/secret';
import type { Source } from './core/shape';
import { appendLogLine } from './io/log-file';
import { buildParts, checkConfiguration, configurationSource, findConfiguration } from './parts';
import type { World } from './world';

type Publishing = Extract<Invocation, { kind: 'publish' }>;

/** What a run comes to know on its way; its end needs it, however it ends. */
interface Run {
  options: Partial<Publishing['options']>;
  configFile?: string;
  log: LogConfig | false;
  /** Filled as soon as secrets are read, so that they are masked even in the report of a broken configuration. */
  secrets: readonly Secret[];
}

/** Runs the program with the arguments after its name, and answers with the exit code. Rejects only when a stream does. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  const run: Run = { options: { json: argv.includes('--json'), quiet: argv.includes('--quiet') }, log: false, secrets: [] };
  try {
    const invocation = readCommandLine(argv, version);
    if (invocation.kind === 'text') {
      world.stdout.write(invocation.text);
      return EXIT_CODES.posted.code;
    }
    run.options = invocation.options;
    return await end(await publishing(invocation, run, world), argv, run, world);
  } catch (error) {
    return end(reportOfError(error), argv, run, world);
  }
}

async function publishing({ words, options }: Publishing, run: Run, world: World): Promise<Report> {
  const request = readArguments(words, options.rule, objectTypes);
  const { loaded, source } = await find(run, world);
  writeStep(`configuration ${loaded.file}, ${loaded.how}`, options, voiceOf(run, world));
  const config = await checkConfiguration(loaded, source);
  const deadline = startDeadline(options.timeout ?? config.deadline, () => world.uptime());
  const parts = await buildParts(config, world);
  try {
    return await publish(request, options.dryRun === true, parts, deadline);
  } catch (error) {
    return { ...reportOfError(error), about: request };
  } finally {
    deadline.end();
    parts.close();
  }
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
  if (run.configFile === undefined) await find(run, world).catch(() => undefined);
  const { configFile, log, options } = run;
  const facts = { version, ms: Math.round(world.uptime()), ...(configFile === undefined ? {} : { configFile }) };
  const voice = voiceOf(run, world);
  if (log !== false && options.dryRun !== true) {
    try {
      appendLogLine(
        log,
        { time: new Date(world.now()).toISOString(), pid: world.pid, argv, ...asJson(report, facts) },
        voice.redact,
      );
    } catch (error) {
      if (options.quiet !== true)
        voice.stderr.write(`publish-activity: the log ${log.file} cannot be written: ${messageOf(error)}\n`);
    }
  }
  writeReport(report, options, facts, voice);
  return EXIT_CODES[report.result].code;
}

function voiceOf({ secrets }: Run, { stdout, stderr }: World): Voice {
  return { stdout, stderr, redact: makeRedactor(secrets) };
}
