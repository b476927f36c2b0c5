// Exit codes are an interface: rules, schedulers and scripts act on them. This is the one table; help and README are made from it.

import type { Result } from '../core/errors';
import type { Report } from '../core/report';

/** What each result means to the caller: the numbers of sysexits.h, so that programs that know them understand ours. */
export const EXIT_CODES: Readonly<Record<Result, { readonly code: number; readonly meaning: string }>> = {
  posted: { code: 0, meaning: 'posted' },
  filtered: { code: 0, meaning: 'left out on purpose, for example an internal note; one line says why' },
  planned: { code: 0, meaning: 'a dry run that found nothing wrong; nothing was sent' },
  done: { code: 0, meaning: 'the command did what it was asked, for example status or discard; nothing was posted' },
  usage: { code: 64, meaning: 'wrong arguments; nothing was sent, and nothing is kept' },
  'not-found': { code: 66, meaning: 'no such activity or object, or they do not belong together' },
  rejected: {
    code: 69,
    meaning:
      'the destination refuses the message itself (400, 413, 422, …), or it was given up; it is not tried again by itself; ' +
      'with status --check: something waits for a person',
  },
  bug: { code: 70, meaning: 'a bug of this program; the lines say where to report it' },
  'not-kept': {
    code: 74,
    meaning: 'neither ledger nor spool could keep it; the line says whether it was posted, and nothing is tried again',
  },
  later: {
    code: 75,
    meaning:
      'kept, and will be sent by rerun (database or destination down, slow or to be mended, TLS, network); the line says if it may have been posted',
  },
  'login-refused': { code: 77, meaning: 'login refused by the database or the destination; kept and tried again' },
  configuration: {
    code: 78,
    meaning:
      'something is wrong with the configuration, a table or a right is missing in the database, or rule --check found a rule to mend; ' +
      'what a rule handed over is kept',
  },
};

/** The exit code of a report. `exitZeroWhenKept` is for engines that alarm on any other code: what is kept is no reason to. */
export function exitCodeOf({ result }: Pick<Report, 'result'>, exitZeroWhenKept: boolean): number {
  return result === 'later' && exitZeroWhenKept ? 0 : EXIT_CODES[result].code;
}
