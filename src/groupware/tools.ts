// What a groupware may touch outside itself.

import type { ItemFolder } from '../io/item-folder-contract';

/** Tools of a groupware, each loaded when it is first asked for. */
export interface Tools {
  /** Files of items, one each, in a folder. */
  itemFolder(): Promise<(folder: string) => ItemFolder>;
  /** Ms since 1970 UTC. */
  now(): number;
}
