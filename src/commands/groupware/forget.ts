// The command `forget`: takes the texts about a person out of the ledger. Ids and states stay, so that nothing is posted or made twice.

import { SETTLED } from '../../core/states';
import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import { spellEntries } from '../../core/sync/kept-entries';
import type { KeptDelivery, Ledger } from '../../ledger/ledger';
import type { Links } from '../../ledger/links';
import type { CommandFunction, Context } from '../command';
import { withLedger } from '../looking/ledger-access';
import { counted, objectWords, stateOf, stateWords } from '../looking/ledger-words';
import type { PublishParts } from '../outbox/publish/parts';
import { givenAt } from './consent-parts';
import { grantOf, inTurn } from './own-turn';
import { deliveriesOf, entriesOf, personWords, readPerson, type HeldEntry, type Person } from './person';
import type { SyncParts } from './sync/parts';

/** How many texts there are of each sort. */
type Counts = Readonly<Record<'entries' | 'conflicts' | 'writes' | 'messages', number>>;

/** Empties all texts about `<login>` or `<objectType> <dbId>`. Asks first, unless --yes. */
export const forget: CommandFunction<'yes', PublishParts & SyncParts> = async (context) => {
  const { words, options, parts, deadline, readRequest, emit, confirm } = context;
  const { signal } = deadline;
  const person = readPerson(words, readRequest);
  const name = personWords(person);
  return withLedger(context, async (ledger): Promise<Report> => {
    const links = await parts.links(false);
    const { over, open } = await messagesOf(person, ledger, signal);
    const counts = { ...(await withTexts(person, links, signal)).sums, messages: over.length };
    const warning = [await warningOf(person, links, signal), await consentWarning(person, context)]
      .filter((part) => part !== '')
      .join('\n');
    const hint = warning === '' ? {} : { hint: warning };
    for (const kept of open) emit(openDatum(kept, parts.now()));
    if (Object.values(counts).every((count) => count === 0)) {
      const none = open.length === 0 ? `the ledger holds no text about ${name}` : `nothing about ${name} can be forgotten yet`;
      return { result: 'done', message: none, deliveries: [], sums: counts, ...hint };
    }
    const question = [...(warning === '' ? [] : [warning]), `Forget ${amount(counts)} of ${name}?`].join('\n');
    if (options.yes !== true && !(await confirm(question)))
      throw new UserError('usage', 'nothing was forgotten, because nobody said yes', 'where nobody can be asked, say --yes');
    await emptyEntries(person, links, context);
    await ledger.emptyMessages(over, signal);
    return { result: 'done', message: `${name}: ${amount(counts)} forgotten`, deliveries: [], sums: counts, ...hint };
  });
};

/** The deliveries whose messages can go, and those that may be sent yet. */
async function messagesOf(
  person: Person,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<{ readonly over: readonly string[]; readonly open: readonly KeptDelivery[] }> {
  const over: string[] = [];
  const open: KeptDelivery[] = [];
  for await (const { kept } of deliveriesOf(person, ledger, signal)) {
    if (kept.message === undefined) continue;
    if (SETTLED.includes(kept.state)) over.push(kept.id);
    // Its body is not needed to name it, and there may be many.
    else open.push({ ...kept, message: { ...kept.message, body: '' } });
  }
  return { over, open };
}

/** How many texts an entry has. One that is damaged may have some. */
function textsOf({ link, conflicts, writes }: HeldEntry): Omit<Counts, 'messages'> {
  const hasEntries = spellEntries(link) !== '' || link.damage !== undefined || (link.cause === 'refused' && link.reason !== '');
  return {
    entries: hasEntries ? 1 : 0,
    conflicts: conflicts.filter(({ crmValue, remoteValue }) => crmValue !== '' || remoteValue !== '').length,
    writes: writes.filter(({ oldValue, newValue }) => oldValue !== '' || newValue !== '').length,
  };
}

/** The entries that have texts: whose they are, their ids, and how many texts there are. */
async function withTexts(person: Person, links: Links, signal: AbortSignal) {
  const sums = { entries: 0, conflicts: 0, writes: 0 };
  const found: { readonly user: string; readonly id: string }[] = [];
  for await (const held of entriesOf(person, links, signal)) {
    const { entries, conflicts, writes } = textsOf(held);
    if (entries + conflicts + writes === 0) continue;
    found.push(held.link);
    sums.entries += entries;
    sums.conflicts += conflicts;
    sums.writes += writes;
  }
  return { sums, found };
}

/** What comes back by itself, and how to keep it from that; an empty text where nothing does. */
async function warningOf(person: Person, links: Links, signal: AbortSignal): Promise<string> {
  if (!('login' in person)) return '';
  const grant = await grantOf(links, person.login, signal);
  if (grant === undefined || (grant.state !== 'active' && grant.state !== 'adopting')) return '';
  const name = personWords(person);
  return `${name} is kept in step, and the next sync keeps texts of the entries again: take the login out of groupware.users first, or publish-activity disconnect ${name}`;
}

/** What is no text, and goes another way. */
async function consentWarning(
  person: Person,
  { config, parts, deadline }: Pick<Context<unknown, PublishParts & SyncParts>, 'config' | 'parts' | 'deadline'>,
): Promise<string> {
  if (config.groupware === undefined || !('login' in person)) return '';
  const { consents, groupwares } = await parts.consenting(true);
  const consent = await consents.consent(person.login, deadline.signal);
  if (consent === undefined) return '';
  const { called } = givenAt(consent, groupwares);
  const name = personWords(person);
  return `what ${name} agreed to at ${called} stays, with the address of the account: publish-activity disconnect ${name} revokes and forgets it`;
}

/** Each user's entries while nobody else changes them: a turn under way would keep again what it read before. */
async function emptyEntries(
  person: Person,
  links: Links,
  context: Pick<Context<unknown>, 'parts' | 'deadline' | 'attemptDeadline'>,
): Promise<void> {
  const { parts, deadline } = context;
  const users = new Set((await withTexts(person, links, deadline.signal)).found.map(({ user }) => user));
  for (const user of users) {
    const grant = await grantOf(links, user, deadline.signal);
    if (grant === undefined) throw new Error('there are entries of a user without a grant');
    await inTurn(links, grant, context, async ({ signal }) => {
      const { found } = await withTexts(person, links, signal);
      const emptied = found.filter((link) => link.user === user).map(({ id }) => id);
      if (await links.commit(user, parts.owner, { links: [], emptied }, parts.now(), signal)) return;
      throw new UserError('later', 'its time was over before all was forgotten', 'run the same command again');
    });
  }
}

function openDatum(kept: KeptDelivery, now: number) {
  const state = stateOf(kept, now);
  const text = `${kept.id} keeps its message, because it may be sent yet: ${objectWords(kept)} is ${stateWords(state)}; to end that: publish-activity discard ${kept.id}`;
  return { text, json: { format: 1, kind: 'kept', id: kept.id, state, destination: kept.destination } };
}

function amount({ entries, conflicts, writes, messages }: Counts): string {
  const parts = [
    entries === 0 ? '' : counted(entries, 'entry', 'entries'),
    conflicts === 0 ? '' : counted(conflicts, 'conflict', 'conflicts'),
    writes === 0 ? '' : counted(writes, 'write into the CRM', 'writes into the CRM'),
    messages === 0 ? '' : counted(messages, 'message', 'messages'),
  ].filter((part) => part !== '');
  return `the texts of ${parts.join(', ')}`;
}
