// The command `sync`: every user's calendar and tasks in step with a groupware.

import type { CrmUser } from '../../../clarify/entries';
import { UserError } from '../../../core/errors';
import type { CommandFunction } from '../../command';
import type { PublishParts } from '../../outbox/publish/parts';
import { dryRun } from './dry-run';
import type { Syncing, SyncParts } from './parts';
import { Round, turnOf, type SyncContext } from './round';

/** Takes the turn of every user whose turn it is, once. */
export const sync: CommandFunction<'user' | 'dryRun', PublishParts & SyncParts> = async (context) => {
  const { options, parts, words } = context;
  if (words.length > 0)
    throw new UserError('usage', 'sync takes no words', 'publish-activity sync --user <login> is about one user');
  const syncing = await parts.syncing(options.dryRun === true);
  const users = await wantedUsers(syncing, options.user, context);
  if (options.dryRun === true) return dryRun(users, syncing, context, turnOf);
  const round = new Round(syncing, users, context);
  return round.take();
};

/** The users that are kept in step, or the one that was asked for. */
async function wantedUsers(
  { reader, links }: Syncing,
  asked: string | undefined,
  { deadline }: SyncContext,
): Promise<readonly CrmUser[]> {
  const all = await reader.users(deadline.signal);
  const grants = await links.grants(deadline.signal);
  const left = new Set(grants.filter(({ state }) => state === 'disconnected').map(({ user }) => user));
  if (asked === undefined) return all.filter(({ login }) => !left.has(login));
  const found = all.find(({ login }) => login === asked.trim().toLowerCase());
  if (found !== undefined && left.has(found.login))
    throw new UserError(
      'usage',
      `${found.login} is disconnected`,
      `to keep it in step again: publish-activity resolve ${found.login} --as both`,
    );
  if (found !== undefined) return [found];
  throw new UserError('not-found', `${asked} is no user that is kept in step`, 'see groupware.users in the configuration');
}
