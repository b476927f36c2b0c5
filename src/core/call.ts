// For which command a rule calls this program, and how the request that is kept of the call tells it.

/** The commands that rules run: one publishes an activity, one brings an entry into step. */
export type RuleCommand = 'publish' | 'sync';

/** What the object type of a request for `sync` begins with. No type of the CRM has a slash in its name, so that neither is in the other's way. */
export const SYNC_PREFIX = 'sync/';

/** The object type of a request for `sync` about a kind of entry. */
export function syncType(kind: string): string {
  return SYNC_PREFIX + kind;
}

/** The kind of entry that a request for `sync` is about, by its object type; `undefined` for one that is to be posted. */
export function kindOfSync(objectType: string): string | undefined {
  return objectType.startsWith(SYNC_PREFIX) ? objectType.slice(SYNC_PREFIX.length) : undefined;
}
