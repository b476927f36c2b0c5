// What every store of links must do, asked of each of them: one file for each subject.

import { describeAllowances } from './allowances';
import { describeCommits } from './commits';
import { describeDamage } from './damage';
import { type LinkSetup, takeInHand } from './hands';
import { describeReading } from './read';
import { describeTurns } from './turns';

/** Asks a store all questions. */
export function describeLinks(name: string, open: () => Promise<LinkSetup>): void {
  describe(`The ${name} links`, () => {
    const hands = takeInHand(open);
    describeTurns(hands);
    describeAllowances(hands);
    describeCommits(hands);
    describeReading(hands);
    describeDamage(hands);
  });
}
