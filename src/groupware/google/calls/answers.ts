// What a service of Google's answered, as the engine has to know it. Pure.

import type { Refused, Trouble } from '../../groupware';
import type { Called } from './client';
import { reasonsOf } from './error-reasons';
import { refusalWords } from './refusals';

/** An answer with its status. */
export type Answer = Extract<Called, { readonly kind: 'answer' }>;

/** What it means that somebody's first calendar is not there. */
export const NO_FIRST_CALENDAR: Refused = { kind: 'refused', reason: 'the account has no calendar' };

/** Whether it was done. */
export function isWell({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** Whether Google itself refused it, and no proxy or portal before it: those have no reasons that it knows. */
export function isGoogles({ json }: Answer): boolean {
  return reasonsOf(json).length > 0;
}

/** Whether there is certainly nothing of that name. */
export function isMissing(answer: Answer): boolean {
  return (answer.status === 404 || answer.status === 410) && isGoogles(answer);
}

/** What is wrong with one thing alone: that it is too long, or not allowed. */
const OF_THE_ITEM: readonly number[] = [400, 403, 413, 422];

/** Whether Google refused what was sent for what it says. */
export function isOfItem(answer: Answer): boolean {
  return OF_THE_ITEM.includes(answer.status) && isGoogles(answer);
}

/** Why something was not done, or nothing is known of it. */
export function troubleOf(called: Called): Trouble {
  if (called.kind === 'unknown') return { kind: 'retry', reason: called.reason };
  return called.kind === 'answer' ? refusalOf(called) : called;
}

/** A refusal that a person has to do something about. */
export function refusalOf({ status, json }: Answer): Refused {
  return { kind: 'refused', reason: refusalWords(status, reasonsOf(json)) };
}
