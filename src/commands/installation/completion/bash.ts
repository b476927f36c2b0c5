// The completion of bash, which offers words only.

import { fill } from './fill';
import script from './script.bash' with { type: 'text' };
import type { ShellWords } from './words';

/** The script. */
export function bashScript({ commands, options, lists }: ShellWords): string {
  return fill(script, {
    lists: Object.entries(lists).map(([name, words]) => `${quoted(name)}) list=(${words.map(quoted).join(' ')}) ;;`),
    values: options.flatMap(({ flag, value }) => (value === undefined ? [] : [`${flag}) takes=${quoted(value)} ;;`])),
    commands: commands.map(({ name, list, repeats, options: own }) => {
      const flags = own.map(({ flag }) => flag).join(' ');
      return `${name}) takes=${quoted(list)} repeats=${quoted(repeats ? 'yes' : '')} flags=(${flags}) ;;`;
    }),
    names: [`local initial=${commands[0]?.name ?? ''} names=(${commands.map(({ name }) => name).join(' ')})`],
  });
}

/** A text as a word of bash or zsh that means nothing but itself. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
