// The man page, from the table of the commands. In roff; https://man7.org/linux/man-pages/man7/man.7.html has the macros.

import { helpText } from '../src/cli/program';
import { EXIT_CODES } from '../src/cli/exit-code';
import type { CommandText, Vocabulary } from '../src/commands/command';
import { vocabulary } from '../src/commands/index';
import type { Option, OptionName } from '../src/commands/options';
import { CONFIG_FILES, CONFIG_VARIABLE, machineFolderOf } from '../src/config/load';

/** Where the page is in the package. */
export const MAN_PAGE = 'docs/publish-activity.1';

const PROGRAM = 'publish-activity';

/** The text of the page. The first command is the one that needs no name. */
export function manPage({ commands, options, globalOptions }: Vocabulary = vocabulary): string {
  const section = (name: string, ...lines: readonly string[]) => [`.SH ${name}`, ...lines];
  return [
    `.\\" Made by npm run docs from src/commands/index.ts.`,
    `.TH ${PROGRAM.toUpperCase().replace('-', '\\-')} 1`,
    '.nh',
    '.ad l',
    ...section(
      'NAME',
      `${escaped(PROGRAM)} \\- publish an activity of a Clarify / Dovetail CRM in the company's activity stream`,
    ),
    ...section(
      'SYNOPSIS',
      ...usageLines('', Object.values(commands)[0]?.usage ?? ''),
      '.br',
      ...usageLines('', '<command> [options]'),
    ),
    ...section('DESCRIPTION', ...textLines(Object.values(commands)[0]?.description ?? '')),
    ...section('COMMANDS', ...Object.entries(commands).flatMap(([name, text]) => commandLines(name, text, options))),
    ...section('OPTIONS', 'Of every command:', ...Object.values(globalOptions).flatMap(optionLines)),
    ...section('EXIT STATUS', ...exitLines()),
    ...section(
      'FILES',
      `In ${escaped(machineFolderOf('linux', {}))}, in the working directory where a terminal is attached, or beside the program:`,
      ...CONFIG_FILES.flatMap((file) => tagged(`.I ${escaped(file)}`, ['the configuration; the first one that is found'])),
    ),
    ...section('ENVIRONMENT', ...tagged(`.B ${escaped(CONFIG_VARIABLE)}`, ['names the configuration, unless \\-\\-config does'])),
    ...section('EXAMPLES', '.EX', ...examplesOf(helpText(vocabulary)).map(textLine), '.EE'),
    ...section(
      'SEE ALSO',
      'README.md, docs/configuration.md, docs/destinations.md and docs/words.md in the folder of the package',
    ),
    '',
  ].join('\n');
}

function commandLines(
  name: string,
  { usage, description, options, exit }: CommandText<OptionName>,
  all: Readonly<Record<OptionName, Option>>,
): readonly string[] {
  return [
    `.SS ${escaped(name)}`,
    ...usageLines(name, usage),
    '.PP',
    ...textLines(description),
    ...options.flatMap((option) => optionLines(all[option])),
    ...(exit === undefined ? [] : ['.PP', textLine(`Exit status: ${exit}.`)]),
  ];
}

/** How it is called, with the program and what is typed as it stands in bold. */
function usageLines(name: string, usage: string): readonly string[] {
  return [`.B ${escaped(`${PROGRAM} ${name}`.trim())}`, textLine(usage)];
}

function optionLines({ flags, about }: Option): readonly string[] {
  return tagged(`.B ${escaped(flags)}`, [textLine(about)]);
}

/** Codes with several meanings have them one after the other. */
function exitLines(): readonly string[] {
  const all = Object.values(EXIT_CODES);
  return [...new Set(all.map(({ code }) => code))].flatMap((code) =>
    tagged(
      `.B ${code}`,
      all.filter((each) => each.code === code).flatMap(({ meaning }, at) => [...(at === 0 ? [] : ['.br']), textLine(meaning)]),
    ),
  );
}

function tagged(tag: string, lines: readonly string[]): readonly string[] {
  return ['.TP', tag, ...lines];
}

function examplesOf(help: string): readonly string[] {
  const [, examples = ''] = /^Examples:\n((?: .*\n)+)/m.exec(help) ?? [];
  return examples.trimEnd().split('\n');
}

function textLines(text: string): readonly string[] {
  return text.split('\n').map(textLine);
}

/** A line of text that is no request, whatever it begins with. */
function textLine(text: string): string {
  return /^[.']/.test(text) ? `\\&${escaped(text)}` : escaped(text);
}

/** Text in which nothing means anything to roff: hyphens stay what can be typed, and so does every quote. */
function escaped(text: string): string {
  return text.replace(/[\\\-'`^~’…]/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '’': '\\(cq',
  '…': '...',
};
