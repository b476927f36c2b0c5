// What `scan` watches: where it is read, what happens to it, and under which rule that is published.

import type { ScanReader, StockLevel } from '../../../clarify/scan-reader';
import type { ScanConfig } from '../../../config/schema';
import type { Judgement } from './judge';
import { judgeLevel, judgeRevision } from './judge';

/** A thing of the CRM with what there is to say about it. */
export interface Looked {
  readonly objid: number;
  readonly judge: (seen: string | undefined) => Judgement | undefined;
  /** For a dry run, as a sentence goes on: `8 on hand, reorder level 10`; may be empty. */
  readonly words: string;
}

/** A kind of thing that is watched. */
export interface Watch {
  readonly objectType: string;
  /** What stands for `--rule` in what is published; it is a part of the delivery's id and can never change. */
  readonly rule: string;
  /** The key of the configuration that turns it off. */
  readonly key: keyof ScanConfig;
  /** How it is counted. */
  readonly one: string;
  readonly many: string;
  readonly page: (after: number, most: number, signal: AbortSignal) => Promise<readonly Looked[]>;
}

/** The kinds that a configuration wants to be watched. */
export function watchesOf({ productRevisions, stock, recover }: ScanConfig, reader: ScanReader): readonly Watch[] {
  const judge = judgeLevel(recover);
  const revisions: Watch = {
    objectType: 'product_revision',
    rule: 'New product revision',
    key: 'productRevisions',
    one: 'product revision',
    many: 'product revisions',
    page: async (...given) =>
      (await reader.revisions(...given)).map(({ objid }) => ({ objid, judge: (seen) => judgeRevision(seen, {}), words: '' })),
  };
  const levels: Watch = {
    objectType: 'stocking_level',
    rule: 'Stock below reorder level',
    key: 'stock',
    one: 'stock level',
    many: 'stock levels',
    page: async (...given) =>
      (await reader.levels(...given)).map((level) => ({
        objid: level.objid,
        judge: (seen) => judge(seen, level),
        words: levelWords(level),
      })),
  };
  return [...(productRevisions ? [revisions] : []), ...(stock ? [levels] : [])];
}

function levelWords({ onHand, reorderLevel }: StockLevel): string {
  return `${onHand ?? '?'} on hand, reorder level ${reorderLevel ?? '?'}`;
}
