// What there is to say about an entry with which something is wrong: what people did to it, and how it stands everywhere.

import type { Entry } from '../../../src/core/sync/entry';
import { linkOf } from '../../../src/ledger/link-rows';
import type { Act } from './people';
import { comparable, KINDS, tokenOf, type World } from './world';

/** The story of an entry, by the first word of its subject, in lines. */
export function storyOf(token: string, world: World, acts: readonly Act[]): string {
  const isIt = (entry: Entry | undefined) => entry !== undefined && tokenOf(entry) === token;
  const rows = [...world.crm.rows.values()].filter(({ entry }) => isIt(entry));
  const items = world.users.flatMap((user) =>
    KINDS.flatMap((kind) =>
      [...world.groupware.of(user, kind).items].flatMap(([id, { content, version }]) =>
        content.kind === 'entry' && isIt(content.entry) ? [{ user, id, version, entry: content.entry }] : [],
      ),
    ),
  );
  const keys = new Set([...rows.map(({ type, objid }) => `${type}:${objid}`), ...items.map(({ id }) => id)]);
  const links = [...world.store.links.values()]
    .map(linkOf)
    .filter((link) => isIt(link.crmBase) || isIt(link.sent) || keys.has(link.remoteId) || keys.has(`${link.type}:${link.objid}`));
  return [
    token,
    ...acts.filter((act) => act.token === token).map(({ at, did, side, value = '' }) => `${at} ${did} ${side} ${value}`),
    ...rows.map(({ owner, type, objid, entry }) => `row ${owner} ${type}:${objid} ${comparable(entry)}`),
    ...items.map(({ user, id, version, entry }) => `item ${user} ${id} ${version} ${comparable(entry)}`),
    ...links.map(
      ({ user, id, state, cause, origin, objid, remoteId, version, attempts, generation, pending }) =>
        `link ${user} ${id} ${state} ${cause} of ${origin}, ${objid} ${remoteId} ${version}, ${attempts} tries, as ${generation}, ${pending?.kind ?? ''}`,
    ),
  ].join('\n    ');
}
