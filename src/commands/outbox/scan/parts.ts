// What scanning is made of beside the parts of publishing.

import type { ScanReader } from '../../../clarify/scan-reader';
import type { Ledger } from '../../../ledger/ledger';

/** What scanning is made of beside the parts of publishing. */
export interface ScanParts {
  scanReader(): Promise<ScanReader>;
  /** Looks into the ledger without making or changing one; `undefined` where it cannot be read. */
  peek<T>(work: (ledger: Ledger) => Promise<T>): Promise<T | undefined>;
}
