// The one table from how a program ended to the outcome of a delivery. Exit codes are those of sysexits.h, as this program itself
// and mail servers use them.

import type { Outcome, Receipt } from '../../core/outcome';
import type { ProcessResult } from '../../io/process-contract';
import { excerpt } from '../kit/answer';
import { urlOf } from '../../core/web-address';

interface Row {
  readonly from: number;
  readonly to: number;
  readonly kind: 'retry' | 'place' | 'rejected' | 'login-refused';
  readonly words: string;
}

/**
 * `place` is what somebody can mend without touching the message: see the verdicts of an answer.
 * Any other code is a program that failed without a word about the message: an uncaught error is 1, and may come after the post.
 */
const ROWS: readonly Row[] = [
  { from: 64, to: 64, kind: 'place', words: 'it was called wrongly' },
  { from: 65, to: 65, kind: 'rejected', words: 'it does not accept the message' },
  { from: 66, to: 68, kind: 'place', words: 'something that it needs is not there' },
  { from: 69, to: 69, kind: 'rejected', words: 'it refuses the message' },
  { from: 75, to: 75, kind: 'retry', words: 'it asks to come back later' },
  { from: 77, to: 77, kind: 'login-refused', words: 'its login was refused' },
  { from: 78, to: 78, kind: 'place', words: 'its configuration is wrong' },
];

const NOT_STARTED: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program or folder',
  EACCES: 'we may not run it',
  ENOEXEC: 'it is no program',
  ETIMEDOUT: 'no time was left',
};

/** What became of a delivery. `redact` masks secrets, since a program may print whatever it was given. */
export function outcomeOfProcess(result: ProcessResult, redact: (text: string) => string): Outcome {
  switch (result.kind) {
    case 'not-started':
      // It certainly did nothing, and somebody will mend it.
      return {
        kind: 'retry',
        reason: `the program could not be started: ${NOT_STARTED[result.code] ?? 'the system refused'} (${result.code})`,
        ...(result.code === 'ETIMEDOUT' ? {} : { needsRepair: true }),
      };
    case 'killed': {
      const reason = result.ours ? 'the program took too long and was killed' : `the program was ended by ${result.signal}`;
      return { kind: 'unknown', reason: reason + lastWords(result.stderr, redact) };
    }
    case 'ended': {
      const { exitCode, stdout, stderr } = result;
      if (exitCode === 0) return { kind: 'delivered', receipt: receiptIn(redact(stdout)) };
      const row = ROWS.find(({ from, to }) => exitCode >= from && exitCode <= to);
      const words = row?.words ?? 'it does not say whether it posted anything';
      const reason = `the program ended with exit code ${exitCode}: ${words}${lastWords(stderr, redact)}`;
      if (row === undefined) return { kind: 'unknown', reason };
      if (row.kind === 'place') return { kind: 'retry', reason, needsRepair: true };
      return row.kind === 'login-refused' ? { kind: 'rejected', reason, loginRefused: true } : { kind: row.kind, reason };
    }
  }
}

/** The first line: an address where the post can be seen, or the id that the other side gave it. */
function receiptIn(stdout: string): Receipt {
  const line = excerpt(linesOf(stdout)[0] ?? '');
  if (!/^https?:\/\//i.test(line)) return line === '' ? {} : { id: line };
  const address = urlOf(line);
  return address === undefined || address.username !== '' || address.password !== '' ? {} : { permalink: address.href };
}

/** The last line that the program printed for people. */
function lastWords(stderr: string, redact: (text: string) => string): string {
  // A secret may have several lines.
  const line = excerpt(linesOf(redact(stderr)).at(-1) ?? '');
  return line === '' ? '' : `; it says "${line}"`;
}

function linesOf(text: string): readonly string[] {
  return text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
}
