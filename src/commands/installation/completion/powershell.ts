// The completion of PowerShell. The script is ASCII: Windows PowerShell reads any other text in whatever encoding the machine has.

import { fill } from './fill';
import script from './script.ps1' with { type: 'text' };
import type { ShellOption, ShellWords } from './words';

/** The script. */
export function powershellScript({ commands, options, lists }: ShellWords): string {
  const offered = (text: string, { about }: Pick<ShellOption, 'about'>) => `@(${quoted(text)}, ${quoted(about)})`;
  return fill(script, {
    lists: Object.entries(lists).map(([name, words]) => `${quoted(name)} = @(${words.map(quoted).join(', ')})`),
    values: options.flatMap(({ flag, value }) => (value === undefined ? [] : [`${quoted(flag)} = ${quoted(value)}`])),
    commands: commands.flatMap(({ name, about, list, repeats, options: own }) => [
      `${quoted(name)} = @{`,
      `    About = ${quoted(about)}; List = ${quoted(list)}; Repeats = $${repeats}`,
      `    Options = @(`,
      ...own.map((option, at) => `        ${offered(option.flag, option)}${at === own.length - 1 ? '' : ','}`),
      `    )`,
      `}`,
    ]),
    initial: [`$initial = ${quoted(commands[0]?.name ?? '')}`],
  });
}

/** The quotes that end a text in single quotes: for PowerShell these are all the same. */
const QUOTES = /['\u2018-\u201b]/g;

/** A text as an expression of PowerShell, in ASCII. */
function quoted(text: string): string {
  if (/^[ -~]*$/.test(text)) return `'${text.replace(QUOTES, '$&$&')}'`;
  const spelled = text
    .replace(/\\/g, '\\\\')
    .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `[regex]::Unescape('${spelled.replace(QUOTES, '$&$&')}')`;
}
