// Whose data is meant, and what the ledger holds about that person: entries that are kept in step, and deliveries whose messages tell of it.

import { UserError } from '../../core/errors';
import type { Message } from '../../core/message';
import { DELIVERY_STATES } from '../../core/states';
import type { CrmWrite, Link } from '../../core/sync/link';
import { visibleStart } from '../../core/visible';
import type { DeliveryFilter, KeptDelivery, Ledger } from '../../ledger/ledger';
import type { KeptConflict, Links } from '../../ledger/links';
import type { Context } from '../command';
import { allDeliveries, damagedStates } from '../looking/ledger-access';

/** A user of the CRM, by the login in lower case; or whoever a row of the CRM is about, such as a contact. */
export type Person =
  | { readonly login: string }
  | {
      readonly type: string;
      readonly objid: number;
      /** What publishing calls its type; left out where nothing is published about such rows. */
      readonly objectType?: string;
    };

/** How a delivery tells of a person: who did it, somebody whom its text names, or what it is about. */
export type Mention = 'actor' | 'text' | 'object';

/** More than anybody has. */
const ALL = 1_000_000;

/** Reads `<login>` or `<objectType> <dbId>`. Throws a UserError of the kind `usage`. */
export function readPerson(words: readonly string[], readRequest: Context['readRequest']): Person {
  const [first = '', second = '', ...more] = words.map((word) => word.trim());
  if (first !== '' && words.length === 1) return { login: first.toLowerCase() };
  if (first === '' || more.length > 0 || !/^[1-9]\d{0,9}$/.test(second))
    throw new UserError('usage', 'whose data? It takes a login, or a contact as contact <objid>', 'as in: export pmorales');
  const type = first.toLowerCase().replace(/[\s-]+/g, '_');
  return { type, objid: Number(second), ...objectTypeOf(words, readRequest) };
}

function objectTypeOf(words: readonly string[], readRequest: Context['readRequest']): { readonly objectType?: string } {
  try {
    return { objectType: readRequest(words, '').objectType };
  } catch (error) {
    if (error instanceof UserError) return {};
    throw error;
  }
}

/** The person as people read of it. */
export function personWords(person: Person): string {
  return visibleStart('login' in person ? person.login : `${person.type} ${person.objid}`, 60);
}

/** An entry, with what gave way of it, and what was written into the CRM for it. */
export interface HeldEntry {
  readonly link: Link;
  readonly conflicts: readonly KeptConflict[];
  readonly writes: readonly CrmWrite[];
}

/** The entries of a person that are, or were, kept in step, the newest change first. */
export async function* entriesOf(person: Person, links: Links, signal: AbortSignal): AsyncGenerator<HeldEntry> {
  const filter = 'login' in person ? { user: person.login } : { type: person.type, objid: person.objid };
  for (const link of await links.find(filter, ALL, signal)) {
    const [conflicts, writes] = await Promise.all([
      links.conflicts({ linkId: link.id }, ALL, signal),
      links.writes(link.id, ALL, signal),
    ]);
    yield { link, conflicts, writes };
  }
}

/** The deliveries that tell of a person, in the order of acceptance, as far as the ledger still has their messages. */
export async function* deliveriesOf(
  person: Person,
  ledger: Ledger,
  signal: AbortSignal,
): AsyncGenerator<{ readonly kept: KeptDelivery; readonly as: Mention }> {
  const states = [...DELIVERY_STATES, ...damagedStates(await ledger.counts(signal))];
  const all = (filter: DeliveryFilter) => allDeliveries(ledger, { ...filter, states }, signal);
  if (!('login' in person)) {
    const { objectType, objid } = person;
    if (objectType !== undefined) for await (const kept of all({ objectType, objid })) yield { kept, as: 'object' };
    return;
  }
  // What the person is called, only messages of the person tell.
  const names = new Set([person.login]);
  for await (const { message } of all({})) {
    if (message !== undefined && isBy(message, person.login))
      for (const name of [message.actor, message.actorEmail]) if (name.trim() !== '') names.add(name.trim());
  }
  const isNamed = namesIn([...names]);
  for await (const kept of all({})) {
    const { message } = kept;
    if (message === undefined) continue;
    if (isBy(message, person.login)) yield { kept, as: 'actor' };
    else if (isNamed(message)) yield { kept, as: 'text' };
  }
}

function isBy({ actorLogin }: Message, login: string): boolean {
  return actorLogin.trim().toLowerCase() === login;
}

/** Whether a message names one of these, each as a whole word or several. */
function namesIn(names: readonly string[]): (message: Message) => boolean {
  const spelled = names.map((name) => name.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('|');
  const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${spelled})(?![\p{L}\p{N}])`, 'iu');
  return ({ title, body, actor, actorLogin, actorEmail, tags, fields }) =>
    [title, body, actor, actorLogin, actorEmail, ...tags, ...fields.map(({ value }) => value)].some((text) => pattern.test(text));
}
