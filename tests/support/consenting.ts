// What users agreed to, for commands in memory.

import type { Consenting } from '../../src/commands/groupware/consent-parts';
import type { Links } from '../../src/ledger/links';
import { openMemoryConsents } from './memory-consents';

/** A groupware that needs no consent. */
export function nobodyAgrees(links: Links): Consenting {
  return { called: 'Folder', consents: openMemoryConsents(), links };
}
