// The spool: requests that the ledger could not take, one file each, until a run finds the ledger well. docs/formats.md fixes the files.

import type { RuleCommand } from '../core/call';
import { codeOf, UserError } from '../core/errors';
import { isRecord } from '../core/shape-base';
import { visibleStart } from '../core/visible';
import type { SpoolFolder } from '../io/spool-folder';
import { parsedJson } from '../core/parsed-json';

/** A request as it was given. Nobody has judged its words yet: that takes the configuration, which may be broken. */
export interface SpooledRequest {
  /** The id that it will have in the ledger; see {@link newRequestId}. */
  readonly id: string;
  readonly command: RuleCommand;
  /** `<objectType> <dbId> [<activityObjid>]`, as the rule passed them. */
  readonly words: readonly string[];
  readonly rule: string;
  /** When it was accepted, in ms since 1970 UTC. It counts for everything that is measured from the acceptance. */
  readonly at: number;
}

/** The folder of the requests that wait. Every function throws the system's error. */
export interface Spool {
  /** Its absolute path. */
  readonly folder: string;
  /** Keeps a request; it is on the disk when this returns. */
  keep(request: SpooledRequest): void;
  /** The ids of those that wait, the oldest first; none where there is no folder. */
  waiting(): readonly string[];
  /** One that waits; `undefined` where somebody else has taken it in. Throws a UserError where the file holds no request. */
  read(id: string): SpooledRequest | undefined;
  /** Lets go of one that is in the ledger. */
  remove(id: string): void;
  /** Puts one that can never be taken in where an administrator finds it. */
  refuse(id: string): void;
  /** The ids of those. */
  refused(): readonly string[];
  /** One of those; see {@link Spool.read}. */
  readRefused(id: string): SpooledRequest | undefined;
  /** Where they are. */
  readonly refusedFolder: string;
  /** Removes what processes that were killed while they wrote had begun, a day later. Nobody was told that it was kept. */
  sweep(now: number): void;
}

const FORMAT = 1;
/** How long a file may be in the making, in ms; far longer than it ever takes. */
const IN_THE_MAKING_MS = 86_400_000;

/** The spool in a folder, which is made when something is kept. */
export function openSpool(files: SpoolFolder): Spool {
  return {
    folder: files.path,
    refusedFolder: files.asidePath,
    keep: (request) => files.keep(request.id, textOf(request)),
    waiting: () => files.names(),
    read: (id) => requestOf(id, () => files.read(id)),
    remove: (id) => files.remove(id),
    refuse: (id) => files.putAside(id),
    refused: () => files.namesAside(),
    readRefused: (id) => requestOf(id, () => files.readAside(id)),
    sweep: (now) => files.sweep(now - IN_THE_MAKING_MS),
  };
}

function textOf({ command, words, rule, at }: SpooledRequest): string {
  return `${JSON.stringify({ format: FORMAT, ...(command === 'publish' ? {} : { command }), at, rule, words })}\n`;
}

/** What reading answers of something that will never be a request: a folder, a pipe, bytes that are no text. */
const NO_TEXT: readonly string[] = ['EISDIR', 'ENOTFILE', 'EFBIG', 'ERR_ENCODING_INVALID_ENCODED_DATA'];

/** The request that a file holds. A power cut can leave a file that is empty, or full of zeros. */
function requestOf(id: string, read: () => string | undefined): SpooledRequest | undefined {
  const text = textIn(read);
  if (text === undefined) return undefined;
  const value = parsedJson(text);
  if (!isRecord(value)) throw new UserError('rejected', 'the file holds no request');
  const { format, command = 'publish', at, rule, words } = value;
  if (typeof format === 'number' && format > FORMAT)
    throw new UserError('later', `the file is of a newer publish-activity (format ${format})`);
  if (typeof command === 'string' && !isCommand(command))
    throw new UserError('later', `the file is of a newer publish-activity (command ${visibleStart(command, 20)})`);
  const isWhole =
    isCommand(command) && Number.isSafeInteger(at) && typeof rule === 'string' && Array.isArray(words) && words.every(isText);
  if (!isWhole) throw new UserError('rejected', 'the file holds no request');
  return { id, command, words: words as readonly string[], rule, at: Number(at) };
}

function textIn(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch (error) {
    if (!NO_TEXT.includes(codeOf(error))) throw error;
    throw new UserError('rejected', 'the file holds no request');
  }
}

function isCommand(value: unknown): value is RuleCommand {
  return value === 'publish' || value === 'sync';
}

function isText(word: unknown): boolean {
  return typeof word === 'string';
}
