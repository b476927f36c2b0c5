// What is said of a call that is kept and goes no further.

import type { Request } from '../../../core/activity';
import type { RuleCommand } from '../../../core/call';
import type { Report } from '../../../core/report';
import type { Kept } from './keep';

/** How it is said, by the command that the call is for: what did not happen, and who does it later. */
export const FATES: Readonly<Record<RuleCommand, { readonly undone: string; readonly by: string; readonly does: string }>> = {
  publish: { undone: 'not posted yet', by: 'rerun', does: 'posts it' },
  sync: { undone: 'not in step yet', by: 'sync', does: 'brings it into step' },
};

/** The report of a call that the ledger could not take: nothing was done, and nothing is lost. */
export function spooledReport(
  command: RuleCommand,
  request: Request | undefined,
  { folder, reason }: Pick<Extract<Kept, { place: 'spool' }>, 'folder' | 'reason'>,
): Report {
  const { undone, by, does } = FATES[command];
  return keptReport(request, `${undone}, kept in the spool ${folder}: ${reason}`, `the next ${by} takes it in and ${does}`);
}

/** Why a request waits whose call was kept when its time was over: a machine with two hundred calls at once has better things to do. */
export const TOO_LATE = 'its time was over as soon as it was kept';

/** The report of such a call. */
export function tooLateReport(command: RuleCommand, request: Request | undefined): Report {
  const { undone, by, does } = FATES[command];
  return keptReport(request, `${undone}, kept: ${TOO_LATE}, because this machine is busy`, `the next ${by} ${does}`);
}

function keptReport(request: Request | undefined, message: string, hint: string): Report {
  return { result: 'later', message, hint, ...(request === undefined ? {} : { about: request }), deliveries: [] };
}
