// The only writer to stdout and stderr: data to stdout, words for people to stderr, nothing unmasked to either.

import type { Datum } from '../commands/command';
import type { CheckReport, DeliveryReport, Report } from '../core/report';
import type { Output } from '../world';

/** How a report is shown. */
export interface Manner {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** The streams, and what every text passes on its way to them. */
export interface Voice {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Masks every secret, and spells out what could play tricks on a terminal. */
  readonly present: (text: string) => string;
}

/** Facts about the run that only `--json`, `--verbose` and the log show. */
export interface RunFacts {
  readonly version: string;
  /** The configuration file in use; left out where none was found. */
  readonly configFile?: string;
  readonly exitCode: number;
  /** How long the run took, in ms. */
  readonly ms: number;
}

/** Shows a report in the manner that the command line asks for. */
export function writeReport(report: Report, manner: Manner, facts: RunFacts, voice: Voice): void {
  if (manner.quiet === true) return;
  if (manner.json === true) {
    // A command that printed its data has said everything, unless something went wrong.
    if (report.printed === true && facts.exitCode === 0) return;
    voice.stdout.write(voice.present(`${JSON.stringify(asJson(report, facts))}\n`));
    return;
  }
  const data = [
    ...report.deliveries.flatMap((delivery) => dataLines(delivery, manner.verbose === true || voice.stdout.isTerminal)),
    ...checkLines(report.checks ?? []),
  ];
  if (data.length > 0) voice.stdout.write(voice.present(`${data.join('\n')}\n`));
  const words = wordsOf(report);
  if (words.length > 0) voice.stderr.write(voice.present(`${words.join('\n')}\n`));
}

/** Prints one piece of data as a command comes by it. */
export function writeDatum(datum: Datum, manner: Manner, voice: Voice): void {
  if (manner.quiet !== true)
    voice.stdout.write(voice.present(`${manner.json === true ? JSON.stringify(datum.json) : datum.text}\n`));
}

/** Draws how far a long work has come, over the line drawn before; nothing where nobody watches. */
export function writeProgress(done: number, total: number, manner: Manner, voice: Voice): void {
  if (!voice.stderr.isTerminal || manner.quiet === true || manner.json === true) return;
  const filled = total === 0 ? 0 : Math.round((30 * Math.min(done, total)) / total);
  const bar = total === 0 ? '' : ` [${'#'.repeat(filled)}${' '.repeat(30 - filled)}] of ${total}`;
  voice.stderr.write(`\r${done}${bar}\x1b[K${done >= total && total > 0 ? '\n' : ''}`);
}

/** Says one line of `--verbose`. */
export function writeStep(step: string, manner: Manner, voice: Voice): void {
  if (manner.verbose === true && manner.json !== true) voice.stderr.write(voice.present(`publish-activity: ${step}\n`));
}

/** The report as `--json` prints it and the log keeps it. Keys are only ever added; `format` changes with anything else. */
export function asJson(report: Report, facts: RunFacts): Readonly<Record<string, unknown>> {
  return {
    format: 1,
    result: report.result,
    exitCode: facts.exitCode,
    message: report.message,
    hint: report.hint,
    ...report.about,
    deliveries: report.deliveries.map(({ result, ...delivery }) => ({ ...delivery, result })),
    checks: report.checks,
    sums: report.sums,
    configFile: facts.configFile,
    version: facts.version,
    ms: facts.ms,
    stack: report.stack,
  };
}

function dataLines(delivery: DeliveryReport, showPermalink: boolean): readonly string[] {
  if (delivery.preview !== undefined) {
    return [`# ${delivery.destination} (${delivery.type}), delivery ${delivery.id}: ${delivery.reason}`, delivery.preview, ''];
  }
  return showPermalink && delivery.receipt?.permalink !== undefined ? [delivery.receipt.permalink] : [];
}

/** The checks one below the other, each with its remedy on the next line. */
function checkLines(checks: readonly CheckReport[]): readonly string[] {
  const width = Math.max(...checks.map(({ check }) => check.length));
  const margin = ' '.repeat(6);
  return checks.flatMap(({ check, status, message, remedy }) => [
    `${status.padEnd(4)}  ${check.padEnd(width)}  ${message.replaceAll('\n', `\n${margin}`)}`,
    ...(remedy === undefined ? [] : [`${margin}-> ${remedy.replaceAll('\n', `\n${margin}   `)}`]),
  ]);
}

/** The words for people; the last line is the one to read. */
function wordsOf(report: Report): readonly string[] {
  const lines = report.stack === undefined ? [] : [report.stack];
  if (report.message !== '') lines.push(`publish-activity: ${report.message}`);
  if (report.hint !== undefined) lines.push(`publish-activity: ${report.hint}`);
  return lines;
}
