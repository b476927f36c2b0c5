// From the calls of rules to the turns that they ask for: whoever owns a row has one, and whoever has an entry of it. Asking twice is
// asking once, so a run that is killed in between leaves nothing behind.

import type { CrmUser, FoundItem } from '../../../clarify/entries';
import { backoffMs } from '../../../core/backoff';
import { kindOfSync } from '../../../core/call';
import { keyText, type EntryKey } from '../../../core/sync/entry-key';
import type { LinkState } from '../../../core/sync/link';
import { visible } from '../../../core/visible';
import type { KeptRequest, Ledger } from '../../../ledger/ledger';
import { NOT_YET_MS } from '../../outbox/prepare';
import type { Links } from '../../../ledger/links';
import type { Syncing } from './parts';

/** A call that is kept. */
export type KeptCall = Pick<KeptRequest, 'id' | 'request' | 'acceptedAt'>;

/** Whose turns a call asks for, by their logins, or why nobody's. */
export type Verdict =
  | { readonly kind: 'asked'; readonly logins: readonly string[] }
  /** `absent`: the row may still come. */
  | { readonly kind: 'absent' | 'nobody'; readonly reason: string };

/** What handing on needs. */
export interface HandOnParts {
  readonly syncing: Pick<Syncing, 'links' | 'reader'>;
  readonly ledger: Pick<Ledger, 'settleRequest'>;
  /** The users that are kept in step, by login. */
  readonly users: ReadonlyMap<string, CrmUser>;
  readonly now: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** The states of links whose entry may have to be changed, or removed. */
const LIVE: readonly LinkState[] = ['intended', 'linked', 'leaving', 'held', 'apart'];
/** So many users have an entry of one row at the most. */
const MOST_LINKS = 100;

/**
 * Judges calls, makes the turns due that they ask for, and then settles them; the verdicts are in the order of the calls. Rejects with a
 * DatabaseError of the CRM or the ledger: what is not settled by then is judged again.
 */
export async function handOn(
  calls: readonly KeptCall[],
  { syncing, ledger, users, now, random }: HandOnParts,
  signal: AbortSignal,
): Promise<readonly Verdict[]> {
  const judged = await judge(calls, { syncing, users, now }, signal);
  await ask(
    syncing.links,
    [...new Set(judged.flatMap((verdict) => (verdict.kind === 'asked' ? verdict.logins : [])))],
    now(),
    signal,
  );
  const settling = calls.map(({ id, acceptedAt }, index) => {
    const [state, reason, inMs] = settled(judged[index], now() - acceptedAt, random());
    return ledger.settleRequest(id, state, reason, now() + inMs, signal);
  });
  await Promise.all(settling);
  return judged;
}

/** Whose turns calls ask for. Nothing is changed. */
export async function judge(
  calls: readonly Pick<KeptCall, 'request'>[],
  { syncing, users, now }: Pick<HandOnParts, 'syncing' | 'users' | 'now'>,
  signal: AbortSignal,
): Promise<readonly Verdict[]> {
  const keys = new Map(calls.map(({ request }) => keyOf(request)).map((key) => [keyText(key), key]));
  const found = await syncing.reader.byKey([...keys.values()], now(), signal);
  const holders = new Map<string, readonly string[]>();
  for (const [text, key] of keys) {
    const links = await syncing.links.find({ ...key, states: LIVE }, MOST_LINKS, signal);
    holders.set(
      text,
      links.map(({ user }) => user),
    );
  }
  return calls.map(({ request }) => {
    const text = keyText(keyOf(request));
    return verdictOf(found.get(text), holders.get(text) ?? [], users);
  });
}

function keyOf({ objectType, objid }: KeptRequest['request']): EntryKey {
  const type = kindOfSync(objectType);
  if (type === undefined) throw new Error(`a request about ${objectType} is no call of sync`);
  return { type, objid };
}

/** Whose turns a call about a row asks for. `found` is left out where nothing can be said of the row; `holders` have an entry of it. */
function verdictOf(found: FoundItem | undefined, holders: readonly string[], users: ReadonlyMap<string, CrmUser>): Verdict {
  if (found === 'absent' && holders.length === 0) return { kind: 'absent', reason: 'the CRM has no such row' };
  const owner = found === undefined || found === 'absent' ? undefined : found.owner;
  const logins = [...new Set([...(owner === undefined ? [] : [owner]), ...holders])];
  const asked = logins.filter((login) => users.get(login)?.isActive);
  return asked.length > 0 ? { kind: 'asked', logins: asked } : { kind: 'nobody', reason: whyNobody(owner ?? holders[0], users) };
}

/** `login` is that of its owner, or of whoever has an entry of it; left out where there is neither. */
function whyNobody(login: string | undefined, users: ReadonlyMap<string, CrmUser>): string {
  if (login === undefined) return 'it says no time, or the CRM has nothing of this kind';
  if (login === '') return 'it belongs to nobody';
  const isKept = users.has(login);
  return `it belongs to ${visible(login)}, who is not ${isKept ? 'active in the CRM' : 'kept in step'}`;
}

/** What becomes of a call of some age: its state, why, and in how many ms it is looked at again. */
function settled(verdict: Verdict | undefined, ageMs: number, random: number): readonly [KeptRequest['state'], string, number] {
  if (verdict === undefined) throw new Error('every call has a verdict');
  if (verdict.kind === 'asked') return ['handed-on', verdict.logins.join(', '), 0];
  if (verdict.kind === 'nobody') return ['filtered', verdict.reason, 0];
  return ageMs > NOT_YET_MS ? ['not-found', verdict.reason, 0] : ['awaited', verdict.reason, backoffMs(1, undefined, random)];
}

/** Makes the turns of users due, at once; `now` is ms since 1970 UTC. */
export async function ask(links: Links, logins: readonly string[], now: number, signal: AbortSignal): Promise<void> {
  if (logins.length === 0) return;
  await links.enter(logins, now, signal);
  await Promise.all(logins.map((login) => links.makeDue(login, now, signal)));
}
