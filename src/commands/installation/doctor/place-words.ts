// What is known of the places for entries, in words: what is true of several users alike is said once, and what nobody knows is said to be
// unknown. Pure.

import { ENTRY_KINDS, type EntryKind } from '../../../core/sync/entry';
import { visible } from '../../../core/visible';
import type { Inspected, Unwritable } from '../../../groupware/groupware';
import { counted, spanWords } from '../../looking/ledger-words';
import { ok, skip, warn, type Finding } from './check';

/** What was found of a place. */
export interface Seen {
  readonly login: string;
  readonly kind: EntryKind;
  readonly found: Inspected | Unwritable | 'untold';
}

/** Whether something is known of a place. */
export function isInspected(found: Seen['found']): found is Inspected {
  return found !== 'untold' && found.kind === 'inspected';
}

/** Everything that was seen, and the kinds of entries that there are. */
export interface Whole {
  readonly seen: readonly Seen[];
  readonly kinds: readonly EntryKind[];
  /** How far the clocks of servers are ahead of ours, in ms, that were asked for nothing else. */
  readonly aheadMs: readonly number[];
}

/** So many names are told of. */
const MOST_NAMES = 10;

/** Names that are told to people, and how many more there are. */
export function namesOf(logins: readonly string[]): string {
  const more = logins.length - MOST_NAMES;
  return logins.slice(0, MOST_NAMES).map(visible).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** All that is known, but for trouble. */
export function knownFindings(whole: Whole): readonly Finding[] {
  return [loginFindings, thereFindings, writingFindings, listingFindings, clockFindings].flatMap((find) => find(whole));
}

const LOGINS = {
  own: 'with a login of their own',
  shared: 'with the one login for all',
  none: 'without any login: the server asks for none, or takes whoever comes',
} as const;

/** With which logins the server answers. */
function loginFindings({ seen }: Whole): readonly Finding[] {
  return (['own', 'shared', 'none'] as const).flatMap((whose) => {
    const logins = loginsOf(inspected(seen, ({ login }) => login === whose));
    return logins.length === 0 ? [] : [ok(`it answers ${counted(logins.length, 'user', 'users')} ${LOGINS[whose]}`)];
  });
}

function thereFindings({ seen }: Whole): readonly Finding[] {
  const of = (wanted: boolean) => inspected(seen, ({ isThere }) => isThere === wanted);
  const [there, absent] = [of(true), of(false)];
  const words = [
    ...(there.length === 0 ? [] : [`there: ${placesOf(there)}`]),
    ...(absent.length === 0 ? [] : [`made with the first entry: ${placesOf(absent)}`]),
  ];
  return words.length === 0 ? [] : [ok(words.join('; '))];
}

function writingFindings(whole: Whole): readonly Finding[] {
  const of = (how: Inspected['writable']) => inspected(whole.seen, ({ writable }) => writable === how);
  const [tried, said] = [of('tried'), of('said')];
  const unknown = [...of(undefined), ...whole.seen.filter(({ found }) => found === 'untold')];
  return [
    ...(tried.length === 0 ? [] : [ok(`entries can be made for ${usersIn(tried, whole)}; tried, and taken back`)]),
    ...(said.length === 0
      ? []
      : [ok(`entries can be made and changed for ${usersIn(said, whole)}; the server says so, nothing was tried`)]),
    ...(unknown.length === 0
      ? []
      : [
          skip(
            `nobody knows whether these can be made: ${placesOf(unknown)}; nothing says so, and to try it would leave something behind`,
            'the first publish-activity sync tells',
          ),
        ]),
  ];
}

/** How many users, as far as something is true of all their entries; and of whom it is true of some. */
function usersIn(of: readonly Seen[], { kinds }: Whole): string {
  const isWhole = (login: string) => kinds.every((kind) => of.some((each) => each.login === login && each.kind === kind));
  const whole = loginsOf(of).filter(isWhole);
  const part = of.filter(({ login }) => !whole.includes(login));
  const words = [
    ...(whole.length === 0 ? [] : [counted(whole.length, 'user', 'users')]),
    ...(part.length === 0 ? [] : [placesOf(part)]),
  ];
  return words.join(', and for ');
}

function listingFindings({ seen }: Whole): readonly Finding[] {
  const of = (tells: boolean) => inspected(seen, ({ tellsChanges }) => tellsChanges === tells);
  const [changes, whole] = [of(true), of(false)];
  const untold = inspected(seen, ({ isThere, tellsChanges }) => isThere === true && tellsChanges === undefined);
  return [
    ...(changes.length === 0 ? [] : [ok(`it tells what changed: ${placesOf(changes)}`)]),
    ...(whole.length === 0 ? [] : [ok(`it lists everything whenever something changed: ${placesOf(whole)}`)]),
    ...(untold.length === 0 ? [] : [skip(`it does not say whether it can tell what changed: ${placesOf(untold)}`)]),
  ];
}

/** Clocks that differ less are right. */
const TOLERATED_MS = 60_000;

/** How the clocks stand. */
function clockFindings({ seen, aheadMs: asked }: Whole): readonly Finding[] {
  const answers = seen.flatMap(({ found }) => (isInspected(found) ? [found] : []));
  const isOfServer = answers.some(({ login }) => login !== undefined);
  // The answer that came quickest says it best; any of them is good enough for this.
  const [least] = answers.flatMap(({ aheadMs }) => aheadMs ?? []).sort((one, other) => Math.abs(one) - Math.abs(other));
  // Of several servers each has a clock of its own.
  const [most] = [...asked, ...(least === undefined ? [] : [least])].sort((one, other) => Math.abs(other) - Math.abs(one));
  if (most === undefined) return isOfServer ? [skip('the server does not tell its time')] : [];
  if (Math.abs(most) < TOLERATED_MS) return [ok('the clock of the server shows the time of this machine')];
  const words = `${spanWords(Math.abs(most))} ${most > 0 ? 'ahead of' : 'behind'} the clock of this machine`;
  return [warn(`the clock of the server is ${words}`, 'let a time server (NTP) set the clock that is wrong')];
}

function inspected(seen: readonly Seen[], is: (found: Inspected) => boolean): readonly Seen[] {
  return seen.filter(({ found }) => isInspected(found) && is(found));
}

/** The users of what was seen, each once. */
export function loginsOf(seen: readonly Seen[]): readonly string[] {
  return [...new Set(seen.map(({ login }) => login))];
}

/** Of more users it is enough to know how many. */
const MOST_NAMED = 3;

const CALLED: Readonly<Record<EntryKind, string>> = { event: 'events', task: 'tasks', contact: 'contacts' };

/** The kinds of what was seen: `events and tasks`. */
export function kindsOf(seen: readonly Pick<Seen, 'kind'>[]): string {
  const kinds = ENTRY_KINDS.filter((kind) => seen.some((each) => each.kind === kind)).map((kind) => CALLED[kind]);
  return kinds.length < 2 ? kinds.join('') : `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1) ?? ''}`;
}

/** `events and tasks of 3 users, contacts of pmorales`: kinds together whose users are the same. */
function placesOf(seen: readonly Seen[]): string {
  const byUsers = new Map<string, Seen[]>();
  for (const kind of ENTRY_KINDS.filter((each) => seen.some((other) => other.kind === each))) {
    const own = seen.filter((each) => each.kind === kind);
    const logins = loginsOf(own);
    const whose = logins.length > MOST_NAMED ? `${logins.length} users` : namesOf(logins);
    byUsers.set(whose, [...(byUsers.get(whose) ?? []), ...own]);
  }
  return [...byUsers].map(([whose, own]) => `${kindsOf(own)} of ${whose}`).join(', ');
}
