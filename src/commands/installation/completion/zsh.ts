// The completion of zsh, which shows what commands and options are for. What it inserts, zsh itself quotes.

import { quoted } from './bash';
import { fill } from './fill';
import script from './script.zsh' with { type: 'text' };
import type { ShellOption, ShellWords } from './words';

/** The script. */
export function zshScript({ commands, options, lists }: ShellWords): string {
  return fill(script, {
    lists: Object.entries(lists).map(([name, words]) => `${quoted(name)}) list=(${words.map(quoted).join(' ')}) ;;`),
    values: options.flatMap(({ flag, value }) => (value === undefined ? [] : [`${flag}) takes=${quoted(value)} ;;`])),
    commands: commands.flatMap(({ name, list, repeats, options: own }) => [
      `${name})`,
      `  takes=${quoted(list)} repeats=${quoted(repeats ? 'yes' : '')}`,
      `  flags=(`,
      ...own.map((option) => `    ${described(option.flag, option)}`),
      `  )`,
      `  ;;`,
    ]),
    names: [
      `local initial=${commands[0]?.name ?? ''}`,
      'local -a names=(',
      ...commands.map((command) => `  ${described(command.name, command)}`),
      ')',
    ],
  });
}

/** As `_describe` reads it: what is before the first colon is inserted. */
function described(word: string, { about }: Pick<ShellOption, 'about'>): string {
  return quoted(`${word}:${about}`);
}
