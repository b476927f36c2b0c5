// What stands in the spools of this host, as status, list, why and alerts tell of it.

import type { Request } from '../../core/activity';
import { codeOf, messageOf, UserError } from '../../core/errors';
import { momentOfId } from '../../core/request-id';
import { visible } from '../../core/visible';
import type { Spool, SpooledRequest } from '../../ledger/spool';
import type { Context } from '../command';
import { counted, momentJson, momentWords } from './ledger-words';

/** How a spool stands. */
export interface SpoolStatus {
  readonly folder: string;
  readonly waiting: number;
  /** When the oldest of them was accepted, in ms since 1970 UTC; 0 where none waits. */
  readonly oldestAt: number;
  /** Those that could never be taken in. */
  readonly refused: number;
  readonly refusedFolder: string;
  /** Why nobody knows; an empty text where the figures are known. */
  readonly trouble: string;
}

/** How the spools stand: that of the configuration, and any other in which there is something. */
export function readSpools(spools: readonly Spool[]): readonly SpoolStatus[] {
  return spools
    .map(readSpool)
    .filter(({ waiting, refused, trouble }, index) => index === 0 || waiting + refused > 0 || trouble !== '');
}

function readSpool(spool: Spool): SpoolStatus {
  const { folder, refusedFolder } = spool;
  const known = { folder, refusedFolder };
  try {
    const ids = spool.waiting();
    const oldestAt = ids[0] === undefined ? 0 : momentOfId(ids[0]);
    return { ...known, waiting: ids.length, oldestAt, refused: spool.refused().length, trouble: '' };
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return { ...known, waiting: 0, oldestAt: 0, refused: 0, trouble: messageOf(error) };
  }
}

/** How many requests wait in all spools, and how many were refused, as far as is known. */
export function spoolSums(spools: readonly SpoolStatus[]): Pick<SpoolStatus, 'waiting' | 'refused'> {
  const sum = (figure: 'waiting' | 'refused') => spools.reduce((total, spool) => total + spool[figure], 0);
  return { waiting: sum('waiting'), refused: sum('refused') };
}

/** The lines for people, at `now` (ms since 1970 UTC); none where nothing is in the spools. */
export function spoolNotes(spools: readonly SpoolStatus[], now: number): readonly string[] {
  return spools.flatMap(({ folder, refusedFolder, waiting, oldestAt, refused, trouble }) => [
    ...(waiting === 0
      ? []
      : [`${waitingWords(waiting)} in the spool ${folder}, the oldest since ${momentWords(oldestAt, now)}; rerun takes them in`]),
    ...(refused === 0
      ? []
      : [`${refusedWords(refused)}: publish-activity list --state refused; then delete the files in ${refusedFolder}`]),
    ...(trouble === '' ? [] : [`the spool ${folder} cannot be read: ${trouble}`]),
  ]);
}

/** `1 request waits`, `2 requests wait`. */
export function waitingWords(count: number): string {
  return counted(count, 'request waits', 'requests wait');
}

/** `1 request of the spool was refused`. */
export function refusedWords(count: number): string {
  return counted(count, 'request of the spool was refused', 'requests of the spool were refused');
}

/** The spools for machines. */
export function spoolJson({ oldestAt, trouble, ...rest }: SpoolStatus): Readonly<Record<string, unknown>> {
  return { ...rest, oldestAt: momentJson(oldestAt), trouble: trouble === '' ? null : trouble };
}

/** A file of a spool. */
export interface SpooledFile {
  readonly id: string;
  readonly state: 'spooled' | 'refused';
  /** When it was accepted, in ms since 1970 UTC. */
  readonly at: number;
  /** What it holds; `undefined` where that is no request. */
  readonly spooled: SpooledRequest | undefined;
  readonly folder: string;
}

/** All files of the spools, the oldest first. What somebody takes in meanwhile is left out. Throws the system's error. */
export function spooledFiles(spools: readonly Spool[]): readonly SpooledFile[] {
  const files = spools.flatMap((spool) => [
    ...spool.waiting().flatMap((id) => fileOf(id, 'spooled', spool.folder, () => spool.read(id))),
    ...spool.refused().flatMap((id) => fileOf(id, 'refused', spool.refusedFolder, () => spool.readRefused(id))),
  ]);
  return files.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
}

function fileOf(
  id: string,
  state: SpooledFile['state'],
  folder: string,
  read: () => SpooledRequest | undefined,
): readonly SpooledFile[] {
  const known = { id, state, folder, at: momentOfId(id) };
  try {
    const spooled = read();
    return spooled === undefined ? [] : [{ ...known, at: spooled.at, spooled }];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ ...known, spooled: undefined }];
  }
}

/** What its words mean; `undefined` where they mean nothing. */
export async function meaningOf({ spooled }: SpooledFile, readCall: Context['readCall']): Promise<Request | undefined> {
  if (spooled === undefined) return undefined;
  try {
    return await readCall(spooled);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The words that a rule passed, as people read them. */
export function givenWords({ spooled }: SpooledFile): string {
  if (spooled === undefined) return 'a file that holds no request';
  const { command, words } = spooled;
  return [...(command === 'publish' ? [] : [command]), ...words.map((word) => visible(word))].join(' ');
}

/** A file for machines. */
export function spooledJson({ id, state, at, spooled, folder }: SpooledFile): Readonly<Record<string, unknown>> {
  const { command = null, words = null, rule = null } = spooled ?? {};
  return { format: 1, kind: 'spooled', id, state, command, words, rule, acceptedAt: momentJson(at), folder };
}
