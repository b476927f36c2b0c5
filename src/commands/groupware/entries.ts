// Looking at entries in step, and ending what is held: what `list`, `why` and `resolve` do for them.

import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import type { Deadline } from '../../core/deadline';
import { nearest } from '../../core/nearest';
import { ENTRY_KINDS } from '../../core/sync/entry';
import { newLink, type LinkOrder, type LinkState } from '../../core/sync/link';
import { visible, visibleStart } from '../../core/visible';
import type { Grant, Links } from '../../ledger/links';
import type { Context } from '../command';
import { counted } from '../looking/ledger-words';
import type { PublishParts } from '../outbox/publish/parts';
import { conflictDatum, entryDatum, entryJson, entryStory, entryWords } from './entry-words';
import { groupwareWith } from './named-groupwares';
import { inTurn } from './own-turn';
import { turnOf } from './sync/user-turns';
import type { SyncParts } from './sync/parts';
import { lookAhead } from './sync/look-ahead';

/** What is listed at the most, where nobody says. */
const MOST = 10_000;

type EntryContext<Options> = Pick<
  Context<Options, PublishParts & SyncParts>,
  'options' | 'parts' | 'deadline' | 'attemptDeadline' | 'emit' | 'words'
>;

/** Lists entries in step, in a state or in any, the newest change first. */
export async function listEntries(
  state: LinkState | undefined,
  { options, parts, deadline, emit }: EntryContext<{ user?: string; limit?: number }>,
): Promise<Report> {
  const links = await parts.links(true);
  const { user, limit = MOST } = options;
  const states = state === undefined ? {} : { states: [state] };
  const found = await links.find(
    { ...states, ...(user === undefined ? {} : { user: user.toLowerCase() }) },
    limit,
    deadline.signal,
  );
  for (const link of found) emit(entryDatum(link));
  return { result: 'done', message: found.length === 0 ? 'no entry is like that' : '', deliveries: [], printed: true };
}

/** Lists the values that gave way, the newest first. */
export async function listConflicts({
  options,
  parts,
  deadline,
  emit,
}: EntryContext<{ user?: string; limit?: number }>): Promise<Report> {
  const links = await parts.links(true);
  const { user, limit = MOST } = options;
  const found = await links.conflicts(user === undefined ? {} : { user: user.toLowerCase() }, limit, deadline.signal);
  for (const conflict of found) emit(conflictDatum(conflict, parts.now()));
  return { result: 'done', message: found.length === 0 ? 'nothing gave way' : '', deliveries: [], printed: true };
}

/** Tells the story of the entries with an id, or of a row; false where there are none. */
export async function tellOfEntries(
  asked: { readonly id: string } | { readonly type: string; readonly objid: number },
  { parts, deadline, emit }: Omit<EntryContext<unknown>, 'options' | 'words'>,
): Promise<boolean> {
  const { signal } = deadline;
  const links = await parts.links(true);
  const found = await links.find('id' in asked ? { ids: [asked.id] } : asked, MOST, signal);
  for (const link of found) {
    const [conflicts, writes] = await Promise.all([
      links.conflicts({ linkId: link.id }, MOST, signal),
      links.writes(link.id, MOST, signal),
    ]);
    emit({
      text: entryStory(link, conflicts, writes, parts.now()).join('\n'),
      json: { format: 1, ...entryJson(link), conflicts, writes },
    });
  }
  return found.length > 0;
}

/** Ends what is held: an entry by its id, or a user whose entries are only adopted. */
export async function resolveEntry(word: string, order: LinkOrder, { parts, deadline }: EntryContext<unknown>): Promise<Report> {
  const links = await parts.links(false);
  const now = parts.now();
  const [link] = await links.find({ ids: [word] }, 1, deadline.signal);
  if (link === undefined)
    throw new UserError(
      'not-found',
      `no entry is called ${visibleStart(word, 60)}`,
      'publish-activity list --entries shows them',
    );
  if (link.state !== 'held') {
    const hint = `only what is held can be resolved; publish-activity why ${link.id} tells more`;
    throw new UserError('usage', `${entryWords(link)} is ${link.state}`, hint);
  }
  if (!(await links.order(link, order, now, deadline.signal)))
    throw new UserError(
      'later',
      'nothing was changed: a run took it up at the same moment',
      `look at it again: publish-activity why ${link.id}`,
    );
  await links.makeDue(link.user, now, deadline.signal);
  return { result: 'done', message: `${entryWords(link)}: the next sync ${ENDS[order]}`, deliveries: [] };
}

/**
 * Ends that a user's entries are only adopted: those of ours that the ledger knows nothing of are left alone for good, and all others get
 * their turns again. A user who was disconnected is kept in step again.
 */
export async function resolveUser(word: string, { parts, deadline, attemptDeadline }: EntryContext<unknown>): Promise<Report> {
  const { signal } = deadline;
  const login = word.trim().toLowerCase();
  const syncing = await parts.syncing(false);
  const { links, reader } = syncing;
  const grants = await links.grants(signal);
  const grant = grants.find(({ user }) => user === login);
  const user = (await reader.users(signal)).find((each) => each.login === login);
  const name = visibleStart(word, 60);
  if (grant?.state === 'disconnected' && user === undefined)
    throw new UserError(
      'not-found',
      `${name} is not active in the CRM, or not one of groupware.users`,
      'name the login there first',
    );
  if (grant === undefined || user === undefined) {
    const near = nearest(
      login,
      grants.map((each) => each.user),
    );
    const hint = near === undefined ? 'publish-activity list --entries shows them' : `did you mean ${visible(near)}?`;
    throw new UserError('usage', `${name} is neither an entry nor a user that is kept in step`, hint);
  }
  if (grant.state === 'disconnected') return connectAgain(grant, links, { parts, attemptDeadline });
  if (grant.state !== 'adopting')
    throw new UserError('usage', `nothing of ${name} waits to be resolved`, 'publish-activity list --entries --state held');
  const now = parts.now();
  const leaveStrange = async (attempt: Deadline): Promise<number> => {
    const own = { links, reader, owner: parts.owner, now: () => parts.now(), random: () => parts.random() };
    const groupware = groupwareWith(grant, user, syncing.groupwares);
    const outlook = await lookAhead(turnOf(syncing, user, groupware, now, true), own, attempt);
    if ('reason' in outlook) throw new UserError('later', outlook.reason);
    const strange = outlook.plan.strange.map(({ kind, id, mark = id, version }) =>
      newLink({
        id: mark,
        user: login,
        kind,
        type: '',
        remoteId: id,
        version,
        origin: 'crm',
        state: 'apart',
        cause: 'both',
        reason: STRANGE,
      }),
    );
    if (!(await links.commit(login, parts.owner, { links: strange }, now, attempt.signal))) throw timeIsOver();
    return strange.length;
  };
  const count = await inTurn(links, grant, { parts, attemptDeadline }, leaveStrange, { state: 'active', reason: '', dueAt: now });
  const left = counted(count, 'entry is left alone', 'entries are left alone');
  return { result: 'done', message: `${name}: ${left}; the next sync goes on`, deliveries: [] };
}

/** Both sides are listed anew: whatever happened meanwhile counts as it would after a pause. */
async function connectAgain(
  grant: Grant,
  links: Links,
  context: Pick<EntryContext<unknown>, 'parts' | 'attemptDeadline'>,
): Promise<Report> {
  const { parts } = context;
  const now = parts.now();
  const relist = async ({ signal }: Deadline) => {
    for (const kind of ENTRY_KINDS)
      if (!(await links.commit(grant.user, parts.owner, { links: [], cursor: { kind, cursor: '' } }, now, signal)))
        throw timeIsOver();
  };
  await inTurn(links, grant, context, relist, { state: 'active', reason: '', dueAt: now });
  const message = `${visibleStart(grant.user, 60)} is kept in step again; the next sync goes on`;
  return { result: 'done', message, deliveries: [] };
}

function timeIsOver(): UserError {
  return new UserError('later', 'its time was over', 'run the same command again');
}

const STRANGE = 'the ledger knew nothing of it, and somebody said to go on';

const ENDS: Readonly<Record<LinkOrder, string>> = {
  crm: 'makes the groupware as the CRM is',
  groupware: 'makes the CRM as the groupware is',
  both: 'leaves both sides as they are, for good',
  '': 'leaves it',
};
