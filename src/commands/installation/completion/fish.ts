// The completion of fish, which shows what commands and options are for. What it inserts, fish itself quotes.

import { fill } from './fill';
import script from './script.fish' with { type: 'text' };
import { FILE, type ShellOption, type ShellWords } from './words';

/** The script. */
export function fishScript({ commands, options, lists }: ShellWords): string {
  const withValue = options.filter(({ value }) => value !== undefined).map(({ flag }) => flag);
  const takers = (list: string, repeats: boolean) =>
    commands.filter((command) => command.list === list && command.repeats === repeats).map(({ name }) => name);
  const rules = Object.keys(lists).flatMap((list) =>
    [false, true].flatMap((repeats) => {
      const names = takers(list, repeats);
      const when = `__publish_activity_${repeats ? 'is' : 'begins'} ${names.join(' ')}`;
      return names.length === 0 ? [] : [`${COMPLETE} -n '${when}' -a '(__publish_activity_words ${list})'`];
    }),
  );
  return fill(script, {
    lists: Object.entries(lists).flatMap(([name, words]) => [
      `case ${quoted(name)}`,
      ...(words.length === 0 ? [] : [`    printf '%s\\n' ${words.map(quoted).join(' ')}`]),
    ]),
    values: [`case ${withValue.join(' ')}`],
    names: [`case ${commands.map(({ name }) => name).join(' ')}`],
    initial: [`set command ${commands[0]?.name ?? ''}`],
    begin: commands.map(({ name, about }) => `${COMPLETE} -n __publish_activity_unnamed -a ${name} -d ${quoted(about)}`),
    rules,
    options: options.map((option) => {
      const names = commands.filter(({ options: own }) => own.some(({ flag }) => flag === option.flag)).map(({ name }) => name);
      return optionLine(option, names.length === commands.length ? [] : names);
    }),
  });
}

const COMPLETE = 'complete -c publish-activity';

/** An option of some commands, or of all where none is named. */
function optionLine({ flag, about, value }: ShellOption, commands: readonly string[]): string {
  const when = commands.length === 0 ? '' : ` -n '__publish_activity_is ${commands.join(' ')}'`;
  const takes = value === undefined ? '' : value === FILE ? ' -r -F' : ` -x -a '(__publish_activity_list ${value})'`;
  return `${COMPLETE}${when} -l ${flag.replace(/^--/, '')}${takes} -d ${quoted(about)}`;
}

/** A text as a word of fish that means nothing but itself. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
