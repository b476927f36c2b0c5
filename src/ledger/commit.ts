// What one transaction of links is: its name, and how a large one comes apart. Pure.

import { createHash } from 'node:crypto';
import type { Conflict, CrmWrite, Link } from '../core/sync/link';
import type { Commit } from './links';

/** How many links, conflicts and writes a transaction changes, or empties: SQL Server takes 2,100 parameters, and each of these has up to ten of its own. */
export const MOST_CHANGES = 200;

/** Something of a commit. */
type Change =
  | { readonly what: 'link'; readonly of: string; readonly link: Link }
  | { readonly what: 'conflict'; readonly of: string; readonly conflict: Conflict }
  | { readonly what: 'write'; readonly of: string; readonly write: CrmWrite }
  | { readonly what: 'emptied'; readonly of: string };

/** A commit with everything that it may leave out. */
export type Piece = Required<Omit<Commit, 'cursor' | 'groupware'>> & Pick<Commit, 'cursor' | 'groupware'>;

/**
 * A commit as what fits into a transaction each: every link with all that is about it; the cursor, and at which groupware the links are, in the
 * last piece. There is one piece at least. Links that are damaged are left out, but for being emptied.
 */
export function piecesOf({ links, conflicts = [], writes = [], emptied = [], cursor, groupware }: Commit): readonly Piece[] {
  const byLink = new Map<string, Change[]>();
  const changes: readonly Change[] = [
    ...links.filter(({ damage }) => damage === undefined).map((link) => ({ what: 'link', of: link.id, link }) as const),
    ...emptied.map((of) => ({ what: 'emptied', of }) as const),
    ...conflicts.map((conflict) => ({ what: 'conflict', of: conflict.linkId, conflict }) as const),
    ...writes.map((write) => ({ what: 'write', of: write.linkId, write }) as const),
  ];
  for (const change of changes) byLink.set(change.of, [...(byLink.get(change.of) ?? []), change]);
  const pieces: Change[][] = [[]];
  for (const together of byLink.values()) {
    for (let start = 0; start < together.length; start += MOST_CHANGES) {
      const part = together.slice(start, start + MOST_CHANGES);
      const last = pieces.at(-1) ?? [];
      if (last.length + part.length > MOST_CHANGES) pieces.push(part);
      else last.push(...part);
    }
  }
  return pieces.map((piece, index) => ({
    links: piece.flatMap((change) => (change.what === 'link' ? [change.link] : [])),
    conflicts: piece.flatMap((change) => (change.what === 'conflict' ? [change.conflict] : [])),
    writes: piece.flatMap((change) => (change.what === 'write' ? [change.write] : [])),
    emptied: piece.flatMap((change) => (change.what === 'emptied' ? [change.of] : [])),
    ...(cursor !== undefined && index === pieces.length - 1 ? { cursor } : {}),
    ...(groupware !== undefined && index === pieces.length - 1 ? { groupware } : {}),
  }));
}

/** The name of a piece, by which it is known again: the same for the same changes by the same owner. */
export function commitId(owner: string, { links, conflicts, writes, emptied, cursor, groupware }: Piece): string {
  const json = JSON.stringify([owner, links, conflicts, writes, emptied, cursor, groupware]);
  return createHash('sha256').update(json, 'utf8').digest('hex').slice(0, 32);
}

/** The id of the n-th conflict or write of a commit: ids of one moment are in the order in which they were given. */
export function changeId(commit: string, n: number): string {
  return `${commit}-${String(n).padStart(4, '0')}`;
}
