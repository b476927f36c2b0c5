// What is said of a call that is kept and goes no further.

import type { Request } from '../../../core/activity';
import type { Report } from '../../../core/report';
import type { Kept } from './keep';

/** The report of a call that the ledger could not take: nothing was posted, and nothing is lost. */
export function spooledReport(
  request: Request | undefined,
  { folder, reason }: Pick<Extract<Kept, { place: 'spool' }>, 'folder' | 'reason'>,
): Report {
  return keptReport(request, `not posted yet, kept in the spool ${folder}: ${reason}`, 'the next rerun takes it in and posts it');
}

/** Why a request waits whose call was kept when its time was over: a machine with two hundred calls at once has better things to do. */
export const TOO_LATE = 'its time was over as soon as it was kept';

/** The report of such a call. */
export function tooLateReport(request: Request | undefined): Report {
  return keptReport(request, `not posted yet, kept: ${TOO_LATE}, because this machine is busy`, 'the next rerun posts it');
}

function keptReport(request: Request | undefined, message: string, hint: string): Report {
  return { result: 'later', message, hint, ...(request === undefined ? {} : { about: request }), deliveries: [] };
}
