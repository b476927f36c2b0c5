// Several pieces of work at once, of which each comes to its end whatever becomes of the others.

/** Works on all items, some at a time. What fails ends it, once all that is in flight has come to its end. */
export async function each<T>(
  items: AsyncGenerator<T> | IterableIterator<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const worker = async () => {
    // Several workers share one generator, which answers one after the other.
    for (let next = await items.next(); next.done !== true; next = await items.next()) {
      try {
        await work(next.value);
      } catch (error) {
        await items.return?.(undefined);
        throw error;
      }
    }
  };
  await all(Array.from({ length: atOnce }, worker));
}

/** Waits until all have come to their end, and then rejects where one did. */
export async function all<T>(works: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
