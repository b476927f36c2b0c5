// A person who works in the groupware in memory.

import { normalized, type Entry } from '../../src/core/sync/entry';
import { entryIn, type Person } from '../groupware/suite';
import type { MemoryItems } from './memory-groupware';

/** Somebody who has these items before them. */
export function personOf(items: MemoryItems): Person {
  const at = (id: string) => {
    const item = items.items.get(id);
    if (item === undefined) throw new Error(`${id} is not there`);
    return item;
  };
  const settled = (work: () => void) => Promise.resolve().then(work);
  return {
    add: (entry) =>
      settled(() =>
        items.put('theirs', { content: { kind: 'entry', entry: normalized(entry) }, mark: undefined, decorations: [] }),
      ).then(() => 'theirs'),
    edit: (id, change: Partial<Entry>) =>
      settled(() => items.put(id, { ...at(id), content: { kind: 'entry', entry: { ...entryIn(at(id).content), ...change } } })),
    remove: (id) => settled(() => items.put(id, undefined)),
    turn: (id, kind) =>
      settled(() => items.put(id, { ...at(id), content: kind === 'unreadable' ? { kind, words: 'it is broken' } : { kind } })),
    decorate: (id) => settled(() => items.put(id, { ...at(id), decorations: ['a reminder'] })),
    decorations: (id) => Promise.resolve(at(id).decorations),
    respell: () => Promise.resolve(),
  };
}
