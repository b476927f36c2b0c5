// Exit codes are an interface: rules, schedulers and scripts act on them. This is the one table; help and README are made from it.

import type { Result } from '../core/errors';

/** What each result means to the caller: the numbers of sysexits.h, so that programs that know them understand ours. */
export const EXIT_CODES: Readonly<Record<Result, { readonly code: number; readonly meaning: string }>> = {
  posted: { code: 0, meaning: 'posted' },
  filtered: { code: 0, meaning: 'left out on purpose, for example an internal note; one line says why' },
  planned: { code: 0, meaning: 'a dry run that found nothing wrong; nothing was sent' },
  usage: { code: 64, meaning: 'wrong arguments; nothing was opened and nothing was sent' },
  'not-found': { code: 66, meaning: 'no such activity or object, or they do not belong together' },
  rejected: { code: 69, meaning: 'the destination refuses the message (3xx, 403, 404, 422, …)' },
  bug: { code: 70, meaning: 'a bug of this program; the lines say where to report it' },
  later: {
    code: 75,
    meaning: 'try again later (database or destination down, slow, TLS, network); the line says whether it may have been posted',
  },
  'login-refused': { code: 77, meaning: 'login refused by the database or the destination' },
  configuration: {
    code: 78,
    meaning: 'something is wrong with the configuration, or a table or a right is missing in the database',
  },
};
