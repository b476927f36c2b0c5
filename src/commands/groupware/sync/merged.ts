// Links whose items somebody merged into one. One of them goes on; the others have no item any more, and nobody deleted it. Pure.

import type { Link } from '../../../core/sync/link';
import type { There } from '../../../core/sync/sides';
import type { RemoteItem } from '../../../groupware/groupware';

/** The groupware's side of each link, by its id, with those told apart that share the item of another one. */
export function withMerged(
  links: readonly Link[],
  there: ReadonlyMap<string, There>,
  items: ReadonlyMap<string, RemoteItem>,
): ReadonlyMap<string, There> {
  const ownerOf = new Map<string, string>();
  // The one that knew it by its name goes first.
  for (const isKnown of [true, false])
    for (const { id, remoteId } of links) {
      const side = there.get(id);
      if (side?.kind === 'present' && (side.id === remoteId) === isKnown && !ownerOf.has(side.id)) ownerOf.set(side.id, id);
    }
  const swallowed = new Set([...items.values()].flatMap(({ otherMarks = [] }) => otherMarks));
  return new Map(
    [...there].map(([id, side]) => {
      const isOthers = side.kind === 'present' ? ownerOf.get(side.id) !== id : swallowed.has(id) && side.kind !== 'private';
      return [id, isOthers ? { kind: 'merged' } : side];
    }),
  );
}
