// Whether something happened to what is watched, from how it stood and how it stands. Pure. The states are those of docs/formats.md.

import type { StockLevel } from '../../../clarify/scan-reader';

/** A new state, and which time it is that what is told of happened, if it did just now. */
export interface Judgement {
  readonly state: string;
  readonly occurrence?: number;
}

/** Judges a thing; `undefined` where its state stays as it is. Without a state, it was not watched before. */
export type Judge<Thing> = (seen: string | undefined, thing: Thing) => Judgement | undefined;

/** A revision happens once: when it is there. */
export const judgeRevision: Judge<unknown> = (seen) => (seen === undefined ? { state: 'known', occurrence: 1 } : undefined);

const LEVEL = /^(above|below):(\d+)$/;

/**
 * Stock happens to fall to its reorder level, or below it. It counts as recovered once it is above that level by `recover` per cent of
 * it, and by at least 1, so that a level around which it hovers is told of once. A level that is new to us has not fallen.
 */
export function judgeLevel(recover: number): Judge<StockLevel> {
  return (seen, { onHand, reorderLevel }) => {
    if (onHand === undefined || reorderLevel === undefined) return undefined;
    const isLow = onHand <= reorderLevel;
    const [, stood, crossings = '0'] = LEVEL.exec(seen ?? '') ?? [];
    const count = Number(crossings);
    if (stood === undefined) return { state: stateOf(isLow, 0) };
    if (stood === 'above') return isLow ? { state: stateOf(true, count + 1), occurrence: count + 1 } : undefined;
    const margin = Math.max(1, (Math.abs(reorderLevel) * recover) / 100);
    return onHand >= reorderLevel + margin ? { state: stateOf(false, count) } : undefined;
  };
}

function stateOf(isLow: boolean, crossings: number): string {
  return `${isLow ? 'below' : 'above'}:${crossings}`;
}
