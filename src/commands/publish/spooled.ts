// What is said of a call that waits in the spool.

import type { Request } from '../../core/activity';
import type { Report } from '../../core/report';
import type { Kept } from './keep';

/** The report of a call that the ledger could not take: nothing was posted, and nothing is lost. */
export function spooledReport(
  request: Request | undefined,
  { folder, reason }: Pick<Extract<Kept, { place: 'spool' }>, 'folder' | 'reason'>,
): Report {
  return {
    result: 'later',
    message: `not posted yet, kept in the spool ${folder}: ${reason}`,
    hint: 'the next rerun takes it in and posts it',
    ...(request === undefined ? {} : { about: request }),
    deliveries: [],
  };
}
