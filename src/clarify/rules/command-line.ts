// The command line of a rule's action, taken apart: whether it calls this program, and with which words.

/** A word of a command line. */
export interface Word {
  /** Without quotes and without a comma at its end. */
  readonly text: string;
  readonly quoted: boolean;
}

/** A call of this program. */
export interface Call {
  /** What stands for the object type, the database id and the activity, and whatever is too much. */
  readonly words: readonly Word[];
  /** The names of the options, with their values where they have one. */
  readonly options: ReadonlyMap<string, string>;
}

/** A word may hold quotes anywhere, and a property (`[Object Type]`) holds blanks. */
const WORD = /(?:"[^"]*"?|\[[^\]]*\]|[^\s"])+/g;
const PROGRAM = /^publish-activity(?:\.(?:cmd|exe|bat|ps1|js))?$/i;
/** What comes before the name of a folder, and not of a program. */
const TO_FOLDER = /^(?:cd|chdir|pushd|\/d)$/i;
/** What ends a command: another one, the background, or where its output goes. */
const END = /^(?:&&?|\|\|?|;)$|^\d?[<>]/;
const WITH_VALUE = ['--rule', '--config', '--timeout'];

/** The call of this program in a command line, however it is spelled (`.cmd`, a whole path, quotes); `undefined` where there is none. */
export function callIn(commandLine: string): Call | undefined {
  const all = [...commandLine.matchAll(WORD)].map(([raw]) => wordOf(raw));
  const isProgram = ({ text }: Word, index: number) =>
    PROGRAM.test(text.split(/[\\/]/).at(-1) ?? '') && !TO_FOLDER.test(all[index - 1]?.text ?? '');
  const program = all.findIndex(isProgram);
  if (program === -1) return undefined;
  const after = all.slice(program + 1);
  const end = after.findIndex(({ text }) => END.test(text));
  return callOf(end === -1 ? after : after.slice(0, end));
}

function wordOf(raw: string): Word {
  return { text: raw.replaceAll('"', '').replace(/,+$/, ''), quoted: raw.startsWith('"') };
}

function callOf(given: readonly Word[]): Call {
  const words: Word[] = [];
  const options = new Map<string, string>();
  for (let index = 0; index < given.length; index++) {
    const word = given[index];
    if (word === undefined) break;
    if (!word.text.startsWith('-')) {
      words.push(word);
      continue;
    }
    const [name = '', value] = word.text.split(/=(.*)/s);
    const takesNext = value === undefined && WITH_VALUE.includes(name);
    options.set(name, value ?? (takesNext ? (given[++index]?.text ?? '') : ''));
  }
  return { words: words[0]?.text.toLowerCase() === 'publish' ? words.slice(1) : words, options };
}
