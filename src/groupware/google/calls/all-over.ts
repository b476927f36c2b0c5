// When nobody waits for a request any more that carried calls of several.

/** A signal that is aborted once nobody waits any more. */
export function whenAllAreOver(signals: readonly AbortSignal[]): { readonly signal: AbortSignal; end(): void } {
  const all = new AbortController();
  const open = new Set(signals);
  const over = () => {
    if ([...open].every(({ aborted }) => aborted)) all.abort();
  };
  for (const signal of open) signal.addEventListener('abort', over, { once: true });
  over();
  return {
    signal: all.signal,
    end: () => {
      for (const signal of open) signal.removeEventListener('abort', over);
    },
  };
}
