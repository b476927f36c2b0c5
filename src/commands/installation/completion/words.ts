// What can be typed after the program's name, as data that every shell's script is made of.

import { isRecord } from '../../../core/shape';
import { visible } from '../../../core/visible';
import type { Vocabulary } from '../../command';
import type { Option } from '../../options';

/** An option as it is typed. */
export interface ShellOption {
  /** `--since` */
  readonly flag: string;
  readonly about: string;
  /** What may stand after it: {@link FILE}, the name of a list, or something that has none. Left out where it takes no value. */
  readonly value?: string;
}

/** A command as it is typed. */
export interface ShellCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly ShellOption[];
  /** The name of the list that its first word is from, or of several as one; empty where there is none. */
  readonly list: string;
  /** Whether the words after the first one are from that list, too. */
  readonly repeats: boolean;
}

/** All that a script knows. */
export interface ShellWords {
  /** The first one is what the words mean where no command is named. */
  readonly commands: readonly ShellCommand[];
  /** Every option of any command, once. */
  readonly options: readonly ShellOption[];
  /** The words to offer, by the name of their list. */
  readonly lists: Lists;
}

export type Lists = Readonly<Record<string, readonly string[]>>;

/** In the place of a list: the name of a file, with which every shell helps by itself. */
export const FILE = 'file';

const HELP: ShellOption = { flag: '--help', about: 'print this help' };

/** Makes the words of the table. A list is for what is spelled `<name of the list>` there, or what an option `offers`. */
export function shellWords({ commands, options, globalOptions }: Vocabulary, lists: Lists): ShellWords {
  const everywhere = [...Object.values(globalOptions).map(shellOption), HELP];
  const joined: Record<string, readonly string[]> = {};
  const made = Object.entries(commands).map(([name, { summary, usage, options: own }]): ShellCommand => {
    const words = [...usage.matchAll(/<(\w+)>(\.{3})?/g)].filter(([, word = '']) => Object.hasOwn(lists, word));
    const named = [...new Set(words.map(([, word = '']) => word))];
    const list = named.join('_');
    // Where the first word may be from several lists, they are one.
    if (named.length > 1) joined[list] = [...new Set(named.flatMap((word) => lists[word] ?? []))];
    const all = [...own.map((option) => shellOption(options[option])), ...everywhere];
    return { name, about: summary, options: all, list, repeats: words[0]?.[2] !== undefined };
  });
  const choices = Object.values(options).flatMap((option) =>
    option.choices === undefined ? [] : [[shellOption(option).flag, option.choices] as const],
  );
  const all = new Map(made.flatMap((command) => command.options).map((option) => [option.flag, option]));
  return { commands: made, options: [...all.values()], lists: { ...lists, ...joined, ...Object.fromEntries(choices) } };
}

function shellOption({ flags, about, offers, choices }: Option): ShellOption {
  const [flag = '', value] = flags.split(' ');
  if (value === undefined) return { flag, about };
  return { flag, about, value: offers ?? (choices === undefined ? '' : flag) };
}

/**
 * The names under a key of a configuration as it stands in the file, checked or not. Left out is what nobody can type: a name with
 * characters that are not shown.
 */
export function namesUnder(value: unknown, path: readonly string[]): readonly string[] {
  const found = valueUnder(value, path);
  return isRecord(found) ? Object.keys(found).filter(canBeTyped) : [];
}

/** The texts of a list under a key, likewise. */
export function textsUnder(value: unknown, path: readonly string[]): readonly string[] {
  const found = valueUnder(value, path);
  return Array.isArray(found) ? found.filter((each) => typeof each === 'string').filter(canBeTyped) : [];
}

/** What stands under a key of a configuration as it stands in the file; `undefined` where nothing does. */
export function valueUnder(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  return isRecord(value) && Object.hasOwn(value, key) ? valueUnder(value[key], rest) : undefined;
}

function canBeTyped(name: string): boolean {
  return name !== '' && visible(name) === name;
}
