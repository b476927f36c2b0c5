// What every ledger must do, asked of each of them: one file for each subject.

import { describeAccepting } from './accept';
import { describeClaiming } from './claim';
import { type LedgerSetup, takeInHand } from './hands';
import { describeKeeping } from './keep';
import { describeReading } from './read';
import { describeSettling } from './settle';
import { describeWaiting } from './wait';
import { describeWatching } from './watch';

/** Asks a ledger all questions. */
export function describeLedger(name: string, open: () => Promise<LedgerSetup>): void {
  describe(`The ${name} ledger`, () => {
    const hands = takeInHand(open);
    describeAccepting(hands);
    describeClaiming(hands);
    describeSettling(hands);
    describeWaiting(hands);
    describeReading(hands);
    describeKeeping(hands);
    describeWatching(hands);
  });
}
