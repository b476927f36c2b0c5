// The words of a call of `sync`: which entry its rule is about.

import type { SiteKinds } from '../config/entry-types';
import type { Request } from '../core/activity';
import { syncType } from '../core/call';
import { normalizeTypeName, readArguments, type Speech } from './arguments';
import { entryTypesOfSite } from './site-entry-types';

const SYNC: Speech = {
  noun: 'kind of entry',
  form: '<entryType> <dbId> <activityObjid>',
  example: 'as in: publish-activity sync appointment 268435457',
};

/** Reads `<entryType> <dbId> [<activityObjid>]` as {@link readArguments} does. Throws a UserError of the kind `usage`. */
export function readEntryArguments(words: readonly string[], rule: string, site: SiteKinds): Request {
  const kinds = entryTypesOfSite(site).map(({ name, typeName, typeId }) => ({
    name,
    aliases: normalizeTypeName(typeName) === normalizeTypeName(name) ? [name] : [name, typeName],
    ...(typeId === undefined ? {} : { typeId }),
  }));
  const request = readArguments(words, rule, kinds, SYNC);
  return { ...request, objectType: syncType(request.objectType) };
}
