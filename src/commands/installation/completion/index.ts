// The command `completion`: prints a script with which a shell completes what is typed. The names in it are those of the moment.

import { ALERT } from '../../../core/alert';
import { UserError } from '../../../core/errors';
import { LINK_STATES } from '../../../core/sync/link';
import { nearest } from '../../../core/nearest';
import { visibleStart } from '../../../core/visible';
import type { SetupFunction, Vocabulary } from '../../command';
import { STATES } from '../../looking/list';
import { CHECK_NAMES } from '../doctor/check-names';
import type { Site } from '../doctor/site';
import type { Desk } from '../init/desk';
import { bashScript } from './bash';
import { fishScript } from './fish';
import { powershellScript } from './powershell';
import { namesUnder, shellWords, textsUnder, valueUnder, type Lists, type ShellWords } from './words';
import { zshScript } from './zsh';

/** What the command is made of. */
export interface CompletionParts {
  readonly vocabulary: Vocabulary;
  /** The names of the object types that the program knows. */
  readonly typeNames: readonly string[];
  /** The names of the kinds of entries that the program knows. */
  readonly entryTypeNames: readonly string[];
  readonly site: Pick<Site, 'found'>;
  readonly desk: Pick<Desk, 'typeNames' | 'groupwareNames'>;
}

const SCRIPTS: Readonly<Record<string, (words: ShellWords) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

/** Prints the script of a shell. It is data: a configuration that cannot be read only leaves out its names. */
export const completion: SetupFunction<never, CompletionParts> = async ({ words, parts, emit }) => {
  const shell = shellOf(words);
  const lists = listsOf(parts, await configurationOf(parts));
  const script = SCRIPTS[shell]?.(shellWords(parts.vocabulary, lists)) ?? '';
  emit({ text: script.trimEnd(), json: { format: 1, shell, script } });
  return { result: 'done', message: '', deliveries: [], printed: true };
};

function shellOf(words: readonly string[]): string {
  const shells = Object.keys(SCRIPTS);
  const [shell, ...more] = words;
  if (shell !== undefined && shells.includes(shell) && more.length === 0) return shell;
  const given = visibleStart(words.join(' '), 60);
  const message = shell === undefined ? 'for which shell?' : `there is no completion for "${given}"`;
  const near = shell === undefined ? undefined : nearest(shell, shells);
  throw new UserError(
    'usage',
    message,
    near === undefined ? `there is ${shells.join(', ')}` : `did you mean ${near}? There is ${shells.join(', ')}`,
  );
}

/** As it stands in the file; nothing where none can be read. */
async function configurationOf({ site }: CompletionParts): Promise<unknown> {
  try {
    return (await site.found()).value;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function listsOf({ typeNames, entryTypeNames, desk }: CompletionParts, value: unknown): Lists {
  const isInStep = valueUnder(value, ['groupware']) !== undefined;
  const kinds = [...new Set([...entryTypeNames, ...namesUnder(value, ['groupware', 'kinds'])])];
  const isOff = (kind: string) => valueUnder(value, ['groupware', 'kinds', kind, 'off']) === true;
  const users = [...textsUnder(value, ['groupware', 'users']), ...namesUnder(value, ['groupware', 'people'])];
  const objectTypes = [...new Set([...typeNames, ...namesUnder(value, ['clarify', 'objectTypes'])])];
  return {
    objectType: objectTypes,
    keptType: [...objectTypes, ALERT],
    entryType: isInStep ? kinds.filter((kind) => !isOff(kind)) : [],
    user: [...new Set(users)],
    destination: namesUnder(value, ['destinations']),
    destinationType: desk.typeNames,
    groupwareType: desk.groupwareNames,
    state: isInStep ? [...new Set([...STATES, ...LINK_STATES])] : STATES,
    check: CHECK_NAMES,
    shell: Object.keys(SCRIPTS),
  };
}
