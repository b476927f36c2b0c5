// What `init` works with. It is built in src/parts/desk.ts.

import type { Problem } from '../../../core/shape';
import type { LoginWay } from '../../../groupware/groupware';
import type { World } from '../../../world';
import type { OptionsOf } from '../../options';
import type { Draft, Raw } from './draft';

/** The options of the command. */
export type InitOption =
  | 'from'
  | 'output'
  | 'server'
  | 'database'
  | 'user'
  | 'password'
  | 'timeZone'
  | 'agentUrl'
  | 'destinationType'
  | 'destinationName'
  | 'set'
  | 'groupwareType'
  | 'groupwareSet'
  | 'yes';
export type InitOptions = OptionsOf<InitOption>;

/** A destination type, as far as questions follow from it. */
export interface AskableType {
  readonly summary: string;
  /** The page that tells where the credentials come from. */
  readonly setupUrl?: string;
  /** The JSON Schema of its options. */
  readonly schema: Raw;
}

/** A groupware type, likewise. */
export interface AskableGroupware {
  readonly schema: Raw;
  /** The ways in which users log in there. */
  readonly logins: readonly LoginWay[];
}

/** A file to be written. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** Whether nobody but its owner may read it. */
  readonly isSecret: boolean;
}

/** The desk at which a configuration is written. */
export interface Desk {
  readonly world: World;
  /** The folder of the configuration that serves a whole machine. */
  readonly machineFolder: string;
  /** The names of the destination types. */
  readonly typeNames: readonly string[];
  destinationType(name: string): Promise<AskableType>;
  /** The names of the groupware types. */
  readonly groupwareNames: readonly string[];
  groupwareType(name: string): Promise<AskableGroupware>;
  /** A new key for a vault, as its file spells it. */
  newKey(): string;
  /** Keeps a text from being shown, whatever happens. */
  hide(secret: string): void;
  /** The text of a file in whatever encoding Windows wrote it. Throws the system's error. */
  read(path: string): string;
  exists(path: string): boolean;
  /** What the check of the configuration says of a draft that would stand in a file. */
  problemsOf(file: string, draft: Draft): Promise<readonly Problem[]>;
  /** Reads and checks the very text that will stand in the file. Rejects with a UserError that names every problem. */
  check(file: string, text: string, draft: Draft): Promise<void>;
  /** Writes files in their order, each as a whole, and makes their folders. Throws the system's error. */
  write(files: readonly NewFile[]): void;
}
