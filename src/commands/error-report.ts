// What a thrown error means for a run: trouble that people can mend keeps its words, everything else is a bug.

import { messageOf, UserError, type Result } from '../core/errors';
import type { DeliveryReport, Report } from '../core/report';
import { DatabaseError, type DatabaseProblem } from '../core/database-error';

const RESULTS: Readonly<Record<DatabaseProblem, Result>> = {
  unavailable: 'later',
  'login-refused': 'login-refused',
  configuration: 'configuration',
  'unknown-column': 'configuration',
  duplicate: 'later',
  busy: 'later',
  refused: 'later',
  'not-writable': 'configuration',
  uncertain: 'later',
};

const CRM_HINTS: Readonly<Record<DatabaseProblem, string>> = {
  unavailable: 'nothing was posted; run the same command again later',
  'login-refused': 'nothing was posted; check the login in clarify.database',
  configuration: 'nothing was posted; check clarify.database and the rights of its login',
  'unknown-column':
    'nothing was posted; check that clarify.database is the database of a Clarify CRM, and the columns that clarify.objectTypes names',
  duplicate: 'nothing was posted; run the same command again',
  busy: 'nothing was posted; run the same command again later',
  refused: 'nothing was posted; run the same command again later',
  'not-writable': 'nothing was posted; check the rights and the space',
  uncertain: 'run the same command again later',
};

const PASSES = 'run the same command again later';
const CHECK = 'check ledger in the configuration, and the rights of whoever runs this';
const LEDGER_HINTS: Readonly<Record<DatabaseProblem, string>> = {
  unavailable: PASSES,
  'login-refused': 'check the login in ledger of the configuration',
  configuration: CHECK,
  'unknown-column': CHECK,
  duplicate: PASSES,
  busy: PASSES,
  refused: PASSES,
  'not-writable': `${CHECK}, and the space on its disk`,
  uncertain: PASSES,
};

/** What to do about trouble with the ledger. What passes by itself is not to be mended. */
export function ledgerHint(problem: DatabaseProblem): string {
  return LEDGER_HINTS[problem];
}

function hintOf({ problem, whose }: DatabaseError): string {
  return whose === 'ledger' ? ledgerHint(problem) : CRM_HINTS[problem];
}

/** The report of a run that an error ended. */
export function reportOfError(error: unknown): Report {
  if (error instanceof UserError) {
    return {
      result: error.result,
      message: error.message,
      deliveries: [],
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    };
  }
  if (error instanceof DatabaseError) {
    return { result: RESULTS[error.problem], message: error.message, hint: hintOf(error), deliveries: [] };
  }
  return {
    result: 'bug',
    message: `this is a bug of publish-activity: ${messageOf(error)}`,
    hint: 'give the lines above, and what --version prints, to whoever looks after this program; nothing is known of what was posted',
    deliveries: [],
    stack: stackOf(error),
  };
}

function stackOf(error: unknown): string {
  return (error instanceof Error ? error.stack : undefined) ?? String(error);
}

/** What to do about a bug that one delivery met, while the others went their way. */
export const ONE_BUG_HINT = 'give the lines above, and what --version prints, to whoever looks after this program';

/** What an error means for the one delivery that it happened to: no other one is held up by it. */
export function deliveryOfError(error: unknown): Pick<DeliveryReport, 'result' | 'reason' | 'stack'> {
  const { result, message, stack } = reportOfError(error);
  return { result, reason: message, ...(stack === undefined ? {} : { stack }) };
}
