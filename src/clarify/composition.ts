// What a post about an activity is composed with: the words of its object type, changed as the site says.

import type { Config } from '../config/schema';
import type { Activity } from '../core/activity';
import type { Composition } from '../core/compose';
import type { ObjectType } from './object-type';
import { objectTypeNamed } from './object-types/index';
import { ACTIVITY_NAMES, wordingOf } from './wording';
import { allPlaceholders, changesFor } from './templates';

/** The composition of posts about an activity at `nowMs` (ms since 1970 UTC). `types` are those that the site has. */
export function compositionOf(
  { objectType }: Pick<Activity, 'objectType'>,
  types: readonly ObjectType[],
  { tags, clarify, templates, routing }: Pick<Config, 'tags' | 'clarify' | 'templates' | 'routing'>,
  nowMs: number,
): Composition {
  const type = objectTypeNamed(objectType, types);
  const wording = wordingOf(type, clarify.wording);
  const changes = changesFor(type, templates, types);
  // Only what is about several object types can name a placeholder that this one lacks.
  const isPlain = routing.routes.length === 0 && Object.keys(routing.rules).length === 0;
  const placeholders = isPlain ? [] : allPlaceholders(types);
  return { ...type, ...clarify, wording, changes, activityNames: ACTIVITY_NAMES, nowMs, tags, routing, placeholders };
}
