// A pair whose groupware is Google, and how an answer of it is lost.

import type { MishapRow } from './google/mishaps';
import type { GoogleSite } from './google-site';
import { OWNER, type Pair } from './pair';

/** The address of who owns what is in step. */
export const EMAIL = `${OWNER}@example.com`;

/** Google as it stands in the pair. */
export function googleIn({ world }: Pair): GoogleSite {
  if (world.google === undefined) throw new Error('it is Google');
  return world.google;
}

/** Ends of a call that was carried out, of which whoever made it learns nothing. */
export const LOST_ANSWERS: readonly (readonly [string, MishapRow['what']])[] = [
  ['the connection is reset', { kind: 'reset', done: true }],
  ['it says later of what was done', { kind: 'status', status: 503, done: true }],
  ['the answer is cut off', { kind: 'cut' }],
  ['a portal answers', { kind: 'page' }],
];
