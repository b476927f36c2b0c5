// What there is to say about an entry with which something is wrong: what people did to it, and how it stands everywhere.

import { spelledField, type Entry } from '../../../src/core/sync/entry';
import { linkOf } from '../../../src/ledger/link-rows';
import type { Act } from './diary';
import { tokenOf, wordsOf } from './entries';
import { allItems, type World } from './world';

/** The story of an entry, by the first word of its subject, in lines. */
export function storyOf(token: string, world: World, acts: readonly Act[]): string {
  const isIt = (entry: Entry | undefined) => entry !== undefined && tokenOf(entry) === token;
  const rows = [...world.crm.rows.values()].filter(({ entry }) => isIt(entry));
  const items = allItems(world).filter(({ entry }) => isIt(entry));
  const keys = new Set([...rows.map(({ type, objid }) => `${type}:${objid}`), ...items.map(({ id }) => id)]);
  const links = [...world.store.links.values()]
    .map(linkOf)
    .filter((link) => isIt(link.crmBase) || isIt(link.sent) || keys.has(link.remoteId) || keys.has(`${link.type}:${link.objid}`));
  return [
    token,
    ...acts
      .filter((act) => act.token === token)
      .map(
        ({ at, did, side, user, field, entry }) =>
          `${at} ${did} ${side} ${user} ${field && entry ? `${field} ${spelledField(entry, field)}` : ''}`,
      ),
    ...rows.map(({ owner, type, objid, entry }) => `row ${owner} ${type}:${objid} ${wordsOf(entry)}`),
    ...items.map(({ user, id, item, entry }) => `item ${user} ${id} ${item.version} ${item.content.kind} ${wordsOf(entry)}`),
    ...links.map(
      ({ user, id, state, cause, origin, objid, remoteId, version, attempts, generation, pending }) =>
        `link ${user} ${id} ${state} ${cause} of ${origin}, ${objid} ${remoteId} ${version}, ${attempts} tries, as ${generation}, ${pending?.kind ?? ''}`,
    ),
  ].join('\n    ');
}
