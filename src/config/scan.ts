// What `scan` looks for: the key `scan`.

import { flag, object, textAs, withDefault, type Checked } from '../core/shape';

/** What `scan` looks for. */
export type ScanConfig = Checked<ReturnType<typeof scanShape>>;

/** By how much stock has to rise above its reorder level, in per cent of that, before a fall below it counts again. */
const RECOVER = 10;

/** What `scan` looks for where nobody said. */
export const DEFAULT_SCAN: ScanConfig = { productRevisions: true, stock: true, recover: RECOVER };

/** The shape of `scan`. */
export function scanShape() {
  return object({
    productRevisions: withDefault(flag(), true, 'Whether `scan` tells of new product revisions.'),
    stock: withDefault(flag(), true, 'Whether `scan` tells of stock that falls to its reorder level.'),
    recover: withDefault(
      textAs(readPercent, 'a percentage such as "10%"', { pattern: PERCENT.source }),
      RECOVER,
      'How far above its reorder level stock has to rise, by at least 1, before a fall is told again: "10%" of that level if left out.',
    ),
  });
}

const PERCENT = /^(\d{1,4}(?:\.\d{1,3})?) ?%$/;

function readPercent(spelling: string): number | undefined {
  const number = PERCENT.exec(spelling)?.[1];
  return number === undefined ? undefined : Number(number);
}
