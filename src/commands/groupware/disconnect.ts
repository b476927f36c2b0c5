// The command `disconnect`: a user who leaves is kept in step no more. With an option, what was made for the user in the groupware is taken
// out of it; the CRM is never touched. It can be killed anywhere: what is to be deleted is kept before, and the next try goes on.

import type { CrmUser } from '../../clarify/entries';
import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import type { Decision } from '../../core/sync/decide';
import { visible } from '../../core/visible';
import type { Trouble } from '../../groupware/groupware';
import type { CommandFunction, Context, Datum } from '../command';
import { counted } from '../looking/ledger-words';
import type { PublishParts } from '../outbox/publish/parts';
import { loginIn, nameOf } from './consent-parts';
import { endConsent, type EndOfConsent } from './end-consent';
import { entryJson, entryWords } from './entry-words';
import { groupwareWith } from './named-groupwares';
import { grantOf, inTurn } from './own-turn';
import { Removal, type Remaining } from './removal';
import type { Syncing, SyncParts } from './sync/parts';

type DisconnectContext = Context<unknown, PublishParts & SyncParts>;

/** Ends that `<login>` is kept in step. Asks before anything is deleted, unless --yes. */
export const disconnect: CommandFunction<'removeEntries' | 'yes', PublishParts & SyncParts> = async (context) => {
  const { words, options, parts, deadline, confirm } = context;
  const login = loginIn(words, 'disconnect');
  const syncing = await parts.syncing(false);
  const grant = await grantOf(syncing.links, login, deadline.signal);
  const isKnown = grant !== undefined;
  const removes = options.removeEntries === true;
  const user = isKnown && !removes ? undefined : await userOf(login, isKnown, syncing, context);
  const groupware = user && groupwareWith(grant, user, syncing.groupwares);
  const removal = removes && user && groupware ? new Removal(user, groupware, syncing, context) : undefined;
  const before = await removal?.look();
  if (before !== undefined && 'reason' in before) throw new UserError('later', before.reason, 'run the same command again later');
  if (before !== undefined && before.toDelete > 0 && options.yes !== true && !(await confirm(question(login, before))))
    throw new UserError('usage', 'nothing was disconnected, because nobody said yes', 'where nobody can be asked, say --yes');
  await park(login, syncing, context);
  const name = nameOf(login);
  const hint = `to keep ${name} in step again: publish-activity resolve ${name} --as both`;
  if (removal === undefined) {
    const message = `${name} is disconnected; nothing was deleted`;
    return withEnd({ result: 'done', message, deliveries: [], hint }, await endConsent(login, context));
  }
  const trouble = await removal.take();
  const report = reportOf(name, removal.deleted, trouble, await removal.look(), context, hint);
  // As long as something has to be deleted there, the consent is needed for it.
  return report.result === 'done' ? withEnd(report, await endConsent(login, context)) : report;
};

function withEnd(report: Report, { words, remedy }: EndOfConsent): Report {
  const message = words === '' ? report.message : `${report.message}; ${words}`;
  return { ...report, message, ...(remedy === undefined ? {} : { result: 'rejected', hint: remedy }) };
}

/** What became of it; every entry that stays is told with its reason. */
function reportOf(
  name: string,
  deleted: number,
  trouble: string,
  after: Remaining | Trouble,
  { emit }: DisconnectContext,
  back: string,
): Report {
  const done = `${name} is disconnected; ${counted(deleted, 'entry was', 'entries were')} taken out of the groupware`;
  const again = 'run the same command again; it goes on';
  if ('reason' in after)
    return { result: 'later', message: `${done}; what is left is not known: ${after.reason}`, deliveries: [], hint: again };
  const { toDelete: left, staying, strange } = after;
  for (const decision of staying) emit(stayingDatum(decision));
  const sums = { deleted, staying: staying.length + strange, left };
  const words = [
    done,
    ...(sums.staying === 0 ? [] : [`${counted(sums.staying, 'entry stays', 'entries stay')} there`]),
    ...(strange === 0 ? [] : [`of these the ledger knows nothing of ${strange}`]),
    ...(left === 0 ? [] : [`${left} still to be deleted${trouble === '' ? '' : `: ${trouble}`}`]),
  ];
  const ending = left === 0 ? ({ result: 'done', hint: back } as const) : ({ result: 'later', hint: again } as const);
  return { ...ending, message: words.join('; '), deliveries: [], sums };
}

/** The user as the CRM has it, or, of one that the CRM or the configuration does not name any more, as the ledger does. */
async function userOf(login: string, isKnown: boolean, { reader }: Syncing, { deadline }: DisconnectContext): Promise<CrmUser> {
  const found = (await reader.users(deadline.signal)).find((user) => user.login === login);
  if (found !== undefined) return found;
  if (isKnown) return { login, email: '', isActive: false };
  const hint = 'publish-activity status shows who is kept in step';
  throw new UserError('not-found', `${nameOf(login)} was never kept in step`, hint);
}

/** Ends all turns of a user, for good. */
async function park(login: string, { links }: Syncing, context: DisconnectContext): Promise<void> {
  const { parts, deadline } = context;
  await links.enter([login], parts.now(), deadline.signal);
  const grant = await grantOf(links, login, deadline.signal);
  if (grant === undefined) throw new Error('a user that was entered has no grant');
  const end = { state: 'disconnected', reason: 'somebody disconnected it', failures: 0 } as const;
  await inTurn(links, grant, context, () => Promise.resolve(), end);
}

function question(login: string, { toDelete, staying, strange }: Remaining): string {
  const name = nameOf(login);
  const stay = staying.length + strange;
  const rest =
    stay === 0 ? '' : ` ${counted(stay, 'entry stays', 'entries stay')}, because somebody changed it, or nobody knows.`;
  return `${counted(toDelete, 'entry', 'entries')} of ${name} will be deleted in the groupware; the CRM keeps its own.${rest}\nDisconnect ${name}?`;
}

function stayingDatum({ link, why }: Decision): Datum {
  return {
    text: `${link.id}  ${entryWords(link)} stays in the groupware: ${visible(why)}`,
    json: { format: 1, ...entryJson(link), why },
  };
}
