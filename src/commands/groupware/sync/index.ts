// The command `sync`: every user's calendar and tasks in step with a groupware; with words, those of whoever a rule's call is about.

import { UserError } from '../../../core/errors';
import type { Report } from '../../../core/report';
import type { CommandFunction } from '../../command';
import type { CallParts, PublishParts } from '../../outbox/publish/parts';
import { dryRunOfCall, obeyCall } from './call';
import { takeUpCalls } from './calls';
import { dryRun } from './dry-run';
import { ask } from './hand-on';
import type { SyncParts } from './parts';
import { keptUsers } from './users';
import { Round, type SyncContext } from './round';
import { turnOf } from './user-turns';

/** Takes the turn of every user whose turn it is, once; of one user, or about one row, at once. */
export const sync: CommandFunction<'rule' | 'user' | 'dryRun', PublishParts & CallParts & SyncParts> = (context) =>
  context.words.length === 0 ? round(context) : call(context);

async function call(context: SyncContext): Promise<Report> {
  const { words, options, parts, readCall } = context;
  if (options.user !== undefined)
    throw new UserError('usage', '--user does not go together with words', 'a call is about whoever owns its row');
  const request = await readCall({ command: 'sync', words, rule: options.rule ?? '' });
  if (options.dryRun === true) return dryRunOfCall(request, await parts.syncing(true), context);
  if (parts.kept === undefined) throw new Error('a call is kept before anything else is done with it');
  return obeyCall(request, parts.kept, context);
}

async function round(context: SyncContext): Promise<Report> {
  const { options, parts, deadline } = context;
  const isDry = options.dryRun === true;
  const syncing = await parts.syncing(isDry);
  const { users: all, disconnected } = await keptUsers(syncing, deadline.signal);
  const asked = options.user?.trim().toLowerCase();
  const users = asked === undefined ? all : all.filter(({ login }) => login === asked);
  if (asked !== undefined && disconnected.has(asked))
    throw new UserError(
      'usage',
      `${asked} is disconnected`,
      `to keep it in step again: publish-activity resolve ${asked} --as both`,
    );
  if (asked !== undefined && users.length === 0)
    throw new UserError('not-found', `${asked} is no user that is kept in step`, 'see groupware.users in the configuration');
  if (isDry) return dryRun(users, syncing, context, turnOf);
  await takeUpCalls(syncing, all, context);
  if (asked === undefined) return new Round(syncing, users, context).take();
  await ask(syncing.links, [asked], parts.now(), deadline.signal);
  return new Round(syncing, users, context).takeAsked();
}
