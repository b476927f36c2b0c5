// What `sync` would do: every step with its reason, and an estimate of what a first fill takes. Nothing is written on either side, nor kept.

import type { CrmUser } from '../../../clarify/entries';
import type { Decision } from '../../../core/sync/decide';
import type { Report } from '../../../core/report';
import { visible } from '../../../core/visible';
import type { Context, Datum } from '../../command';
import { counted } from '../../looking/ledger-words';
import { groupwareOf, namedTwice } from '../named-groupwares';
import type { OpenGroupware, Syncing } from './parts';
import { FirstFill, fillWords, leastFillMs } from './first-fill';
import { mayListInOneSpan, Waiting } from './first-listings';
import { lookAhead, type TurnLimits, type TurnOf } from './look-ahead';
import { linksAfterMove } from './move';
import { moveDatum, stayOf } from './stay';

type Turns = (
  syncing: Syncing,
  user: CrmUser,
  groupware: OpenGroupware,
  now: number,
  isAdopting: boolean,
  limits: TurnLimits,
) => TurnOf;

/** Shows the plan of each user. */
export async function dryRun(
  users: readonly CrmUser[],
  syncing: Syncing,
  { parts, deadline, emit, progress }: Pick<Context<unknown>, 'parts' | 'deadline' | 'emit' | 'progress'>,
  turnOf: Turns,
): Promise<Report> {
  const { links, reader, config } = syncing;
  const grants = new Map((await links.grants(deadline.signal)).map((grant) => [grant.user, grant]));
  const sums = { users: 0, steps: 0, left: 0, newUsers: 0, newEntries: 0 };
  const fill = new FirstFill(config.firstFill, links, () => parts.now());
  const [mayListAll, unlisted] = [mayListInOneSpan(), new Waiting()];
  const active = users.filter(({ isActive }) => isActive);
  for (const user of active) {
    if (deadline.signal.aborted) break;
    const grant = grants.get(user.login);
    const twice = namedTwice(user);
    if (twice !== '') {
      emit(trouble(user.login, twice));
      continue;
    }
    const mostNew = (wanted: number) => {
      if (grant !== undefined && grant.syncedAt > 0) return fill.mostNew(grant, wanted, deadline.signal);
      // Of a first fill everything is shown, however long it takes.
      sums.newEntries += wanted;
      return Promise.resolve(wanted);
    };
    if (grant === undefined || grant.syncedAt === 0) sums.newUsers += 1;
    const groupware = groupwareOf(user, syncing.groupwares);
    const before = { user: user.login, state: grant?.state ?? 'new', groupware: grant?.groupware ?? '' } as const;
    const stay = await stayOf(before, groupware, syncing.groupwares, deadline.signal);
    if (stay.kind === 'refused' || (stay.kind === 'at' && stay.why !== ''))
      emit(trouble(user.login, stay.kind === 'at' ? stay.why : stay.reason));
    if (stay.kind === 'refused') continue;
    if (stay.kind === 'moves') emit(moveDatum(user.login, stay.from, groupware));
    const own = { links, reader, owner: '', now: () => parts.now(), random: () => parts.random() };
    const turn = turnOf(
      syncing,
      user,
      stay.kind === 'at' ? stay.groupware : groupware,
      parts.now(),
      grant?.state === 'adopting',
      {
        ...{ mostNew, mayListAll },
      },
    );
    const known = stay.kind === 'moves' ? await linksAfterMove(turn.rules, own, deadline.signal) : links;
    const outlook = await lookAhead(turn, { ...own, links: known }, deadline);
    sums.users += 1;
    progress(sums.users, active.length);
    if ('reason' in outlook) {
      emit(trouble(user.login, outlook.reason));
      continue;
    }
    sums.left += outlook.plan.left;
    unlisted.add(user.login, outlook.unlisted);
    for (const words of outlook.troubles) emit(trouble(user.login, words));
    for (const decision of outlook.plan.decisions) {
      const steps = stepsOf(decision);
      const isChange = outlook.links.get(decision.link.id)?.state !== decision.link.state;
      if (steps === '' && decision.waits.length === 0 && !(isChange && decision.link.state !== 'linked')) continue;
      sums.steps += 1;
      emit(datumOf(user.login, decision, steps));
    }
  }
  const message = [
    `${counted(sums.steps, 'step', 'steps')} for ${counted(sums.users, 'user', 'users')}`,
    ...(sums.left > 0 ? [`${sums.left} to be made by a later run`] : []),
    ...unlisted.words(),
    ...fillWords(sums.newUsers, sums.newEntries, config.firstFill, unlisted.leastMs),
  ].join('; ');
  const fillMs = leastFillMs(sums.newUsers, sums.newEntries, config.firstFill, unlisted.leastMs);
  return { result: 'planned', message, deliveries: [], sums: { ...sums, fillMs } };
}

function trouble(user: string, reason: string): Datum {
  return { text: `${user}: ${visible(reason)}`, json: { format: 1, kind: 'trouble', user, reason } };
}

function datumOf(user: string, { link, why, waits }: Decision, steps: string): Datum {
  const { type, objid, state } = link;
  const subject = link.sent?.subject ?? link.crmBase?.subject ?? '';
  const what = objid === 0 ? `new ${type}` : `${type} ${objid}`;
  const title = subject === '' ? '' : ` "${visible(subject)}"`;
  return {
    text: `${user}: ${what}${title}: ${steps === '' ? state : steps}, because ${visible(why)}`,
    json: { format: 1, kind: 'step', user, type, objid, link: link.id, state, steps, why, waits },
  };
}

function stepsOf({ crm, remote }: Decision): string {
  const here = crm === undefined ? [] : [`${WORDS[crm.do]} in the CRM`];
  const there = remote === undefined ? [] : [`${WORDS[remote.do]} in the groupware`];
  return [...here, ...there].join(', ');
}

const WORDS = { create: 'made', insert: 'made', update: 'changed', delete: 'deleted' } as const;
