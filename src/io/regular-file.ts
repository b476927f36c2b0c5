// Files that somebody else names, which may be anything: a pipe or a device that never answers, or has no end. Everything that the
// program reads is read here.

import { closeSync, constants, fstatSync, openSync, readSync, stat, statSync, type Stats } from 'node:fs';
import { afterMs } from '../core/deadline';
import { whyUnreadable } from '../core/unreadable';

/** Opens what is there without waiting for whoever is at its other end. Windows has no such flags. */
export const WITHOUT_WAITING = ifKnown(constants.O_NONBLOCK) | ifKnown(constants.O_NOCTTY);

/** More than any file has that is written for this program, in bytes. */
const LARGEST = 16 * 1024 ** 2;

/**
 * The text of a file in UTF-8, or in UTF-16 with a byte-order mark, as Notepad and PowerShell of Windows write it; without the mark.
 * Throws the system's error, also for bytes that are neither, for what is no file, and for one that is too large.
 */
export function readTextFile(path: string): string {
  const bytes = readWholeFile(path);
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

function readWholeFile(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | WITHOUT_WAITING);
  try {
    refuseUnlessFile(fstatSync(file));
    return readToEnd(file);
  } finally {
    closeSync(file);
  }
}

/** Some systems show files whose size they do not know, so the end counts, and not the size. */
function readToEnd(file: number): Buffer {
  const pieces: Buffer[] = [];
  for (let read = 0; read <= LARGEST;) {
    const piece = Buffer.alloc(64 * 1024);
    const length = readSync(file, piece);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, length));
    read += length;
  }
  throw fileError('EFBIG');
}

/** How long a disk may take to say whether it has a file, in ms, where nobody says otherwise. */
const REACHABLE_MS = 3_000;

/**
 * Waits until the system has looked for a path, whatever it found; rejects with ETIMEDOUT where it has not within `mostMs`. What is on a
 * network share that is dead is asked in this way first: a call that waits for it without end can only be left alone in the background.
 */
export async function whenReachable(path: string, mostMs = REACHABLE_MS): Promise<void> {
  let callOff = () => {};
  const tooLong = new Promise<never>((_, reject) => {
    callOff = afterMs(mostMs, () => reject(fileError('ETIMEDOUT')));
  });
  try {
    await Promise.race([new Promise<void>((resolve) => stat(path, () => resolve())), tooLong]);
  } finally {
    callOff();
  }
}

/** Whether a file holds just this text; false for whatever cannot be read. */
export async function holdsText(path: string, text: string): Promise<boolean> {
  // Loaded here, because most runs go without it, and it takes Node a millisecond.
  const { open } = await import('node:fs/promises');
  const file = await open(path, constants.O_RDONLY | WITHOUT_WAITING).catch(() => undefined);
  try {
    const facts = await file?.stat();
    // One of another size need not be read, nor what is no file.
    return facts?.isFile() === true && facts.size === Buffer.byteLength(text) && (await file?.readFile('utf8')) === text;
  } catch {
    return false;
  } finally {
    await file?.close();
  }
}

/** Throws EISDIR for a folder, and ENOTFILE for a pipe, a device or a socket. */
export function refuseUnlessFile(facts: Pick<Stats, 'isFile' | 'isDirectory'>): void {
  if (!facts.isFile()) throw fileError(facts.isDirectory() ? 'EISDIR' : 'ENOTFILE');
}

/** The same for a path that a library is going to open by itself. What is not there is left to the library. */
export function refuseUnlessFileAt(path: string): void {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts !== undefined) refuseUnlessFile(facts);
}

/** The same for a text that a library is going to read as a whole; refuses one that is too large (EFBIG), and what is not there. */
export function refuseUnlessTextAt(path: string): void {
  const facts = statSync(path);
  refuseUnlessFile(facts);
  if (facts.size > LARGEST) throw fileError('EFBIG');
}

function fileError(code: 'EISDIR' | 'ENOTFILE' | 'EFBIG' | 'ETIMEDOUT'): Error {
  return Object.assign(new Error(whyUnreadable({ code })), { code, syscall: 'open' });
}

function ifKnown(flag: number | undefined): number {
  return flag ?? 0;
}
