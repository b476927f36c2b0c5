// What every groupware answers once the time of its run is over. Nothing is begun any more then.

import type { Later } from './groupware';

export const TOO_LATE: Later = { kind: 'retry', reason: 'the time of the run is over' };
