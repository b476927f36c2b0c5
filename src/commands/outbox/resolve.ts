// The command `resolve`: an administrator looked, and says what became of a post that is in doubt.

import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import type { LinkOrder } from '../../core/sync/link';
import { visible } from '../../core/visible';
import type { KeptDelivery, Ledger } from '../../ledger/ledger';
import type { CommandFunction } from '../command';
import { resolveEntry, resolveUser } from '../groupware/entries';
import { isLinkId } from '../groupware/entry-words';
import type { SyncParts } from '../groupware/sync/parts';
import { readIds, unknownId, withLedger } from '../looking/ledger-access';
import type { PublishParts } from './publish/parts';
import { changeOf, decided, momentWords, objectWords, stateOf, stateWords } from '../looking/ledger-words';

/** What the administrator's word makes of a delivery, what the ledger keeps as the reason, and what is said. */
const WORDS = {
  delivered: {
    state: 'delivered',
    decision: 'an administrator said that it was delivered',
    said: 'delivered; it is never sent again',
  },
  undelivered: {
    state: 'due',
    decision: 'an administrator said that it was not delivered',
    said: 'due; the next rerun sends it',
  },
} as const;

/** Ends the doubt about a delivery that is held or in doubt. Anything else is refused. */
export const resolve: CommandFunction<'as', PublishParts & SyncParts> = async (context) => {
  const { words, options, parts, config, deadline } = context;
  const [word = ''] = words;
  const isOfEntry = options.as === 'crm' || options.as === 'groupware' || options.as === 'both';
  if (isLinkId(word) && !isOfEntry) throw new UserError('usage', 'an entry is resolved --as crm, groupware or both', HELP);
  if (isOfEntry) {
    if (words.length !== 1) throw new UserError('usage', 'resolve takes one id', HELP);
    const work = () => (isLinkId(word) ? resolveEntry(word, options.as as LinkOrder, context) : resolveUser(word, context));
    return withLedger(context, work);
  }
  const [id, ...more] = readIds(words);
  if (id === undefined || more.length > 0) {
    throw new UserError('usage', 'resolve takes one id', 'publish-activity list --state held shows the ids');
  }
  const { state, decision, said } = WORDS[options.as === 'delivered' ? 'delivered' : 'undelivered'];
  return withLedger(context, async (ledger): Promise<Report> => {
    const kept = await find(id, ledger, deadline.signal);
    const now = parts.now();
    const before = stateOf(kept, now);
    if (before !== 'held' && before !== 'in-doubt') throw refusal(kept, now);
    const reason = decided(decision, kept);
    if (!(await ledger.amend(kept, { state, now, dueAt: now, reason }, deadline.signal))) {
      const message = `nothing was changed: another run took up ${objectWords(kept)} at the same moment`;
      throw new UserError('later', message, `look at it again: publish-activity why ${id}`);
    }
    const message = `${objectWords(kept)} to ${visible(kept.destination)} was ${stateWords(before)} and is ${said}`;
    const { objectType, objid, activityObjid, rule } = kept;
    return {
      result: 'done',
      message,
      about: { objectType, objid, activityObjid, rule },
      deliveries: [changeOf(kept, reason, config)],
    };
  });
};

const HELP = 'publish-activity resolve --help tells more';

async function find(id: string, ledger: Ledger, signal: AbortSignal): Promise<KeptDelivery> {
  const [kept] = await ledger.deliveries({ ids: [id] }, 1, signal);
  if (kept !== undefined) return kept;
  const [request] = await ledger.requests({ ids: [id] }, 1, signal);
  if (request === undefined) throw unknownId(id);
  throw new UserError(
    'usage',
    `${id} is a request, and only a delivery can be in doubt`,
    `look at it: publish-activity why ${id}`,
  );
}

function refusal(kept: KeptDelivery, now: number): UserError {
  const hint = `only what is held or in doubt can be resolved; publish-activity why ${kept.id} tells more`;
  const state = stateOf(kept, now);
  const words = state === 'sending' ? `being sent, until ${momentWords(kept.leaseUntil, now)} at the latest` : stateWords(state);
  return new UserError('usage', `${objectWords(kept)} to ${visible(kept.destination)} is ${words}`, hint);
}
