// What `doctor groupware` finds out of the places for entries: for each user and kind whether it can be reached and written, and how. What
// is said of several users alike is said once.

import type { CrmUser } from '../../../clarify/entries';
import type { Deadline } from '../../../core/deadline';
import { isLoopback } from '../../../core/loopback';
import { visible } from '../../../core/visible';
import type { Unwritable } from '../../../groupware/groupware';
import { counted } from '../../looking/ledger-words';
import { fail, skip, toBeWritable, warn, type Finding } from './check';
import type { Heard } from './consents';
import { isInspected, kindsOf, knownFindings, loginsOf, namesOf, type Seen, type Whole } from './place-words';
import type { ExaminedOne, Site } from './site';

/** So many users are looked at at once. */
const AT_ONCE = 4;
/** After so many users to whom the same happened nobody else is tried: it is not about them, and a wrong password should not be sent by all. */
const MOST_ALIKE = 3;
/** So many reasons are told of. */
const MOST_REASONS = 5;

/** Whether entries can be kept for each of these users, and what else is known of the places for them. */
export async function placeFindings(
  users: readonly CrmUser[],
  examined: ExaminedOne,
  site: Site,
  heard: Promise<readonly Heard[]>,
  deadline: Deadline,
): Promise<readonly Finding[]> {
  const seen = await lookAtAll(users, examined, deadline);
  const aheadMs = (await heard).flatMap((each) => each.aheadMs ?? []);
  const all: Whole = { seen, kinds: examined.kinds, aheadMs };
  const left = users.map(({ login }) => login).filter((login) => !isLookedAt(login, all));
  const findings = [
    ...(users.length === 0 ? [skip('there is nobody to try it for')] : []),
    ...examined.servers.flatMap(({ origin }) => plainFindings(origin)),
    ...troubleFindings(all, site),
    ...(left.length === 0 ? [] : [skip(`not looked at to the end: ${namesOf(left)}`, LATER)]),
    ...knownFindings(all),
  ];
  return findings.map((finding) => ({ ...finding, message: `${examined.called}: ${finding.message}` }));
}

const LATER = 'mend what is above first; where there is nothing, there was no time for so many';

/** Whether everything of a user was looked at, or something that says enough. */
function isLookedAt(login: string, { seen, kinds }: Whole): boolean {
  const own = seen.filter((each) => each.login === login);
  return own.length === kinds.length || own.some(({ found }) => isOfLogin(found));
}

/** Looks at the places of users, some at once, until it is futile or there is no time to tell of more. */
async function lookAtAll(users: readonly CrmUser[], examined: ExaminedOne, deadline: Deadline): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const isOver = () => deadline.signal.aborted;
  for (let at = 0; at < users.length && !isOver() && !isFutile(seen);) {
    // The first ones go alone: what is futile is found out by as few as can be.
    const many = at < MOST_ALIKE ? 1 : AT_ONCE;
    const some = users.slice(at, at + many);
    const found = (await Promise.all(some.map((user) => lookAt(user, examined, deadline)))).flat();
    // Where others were answered in time, what we broke off ourselves is no trouble of theirs.
    const isBroken = isOver() && seen.some((each) => isInspected(each.found));
    seen.push(...found.filter((each) => !isBroken || each.found === 'untold' || each.found.kind !== 'retry'));
    at += many;
  }
  return seen;
}

/** Whether the first users all met the same trouble everywhere. */
function isFutile(seen: readonly Seen[]): boolean {
  const logins = [...new Set(seen.map(({ login }) => login))];
  const keys = seen.map(({ found }) => (found === 'untold' || isInspected(found) ? '' : keyOf(found)));
  return logins.length >= MOST_ALIKE && keys[0] !== '' && keys.every((key) => key === keys[0]);
}

async function lookAt(user: CrmUser, examined: ExaminedOne, deadline: Deadline): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const kind of examined.kinds) {
    const found = (await examined.open(user, kind).inspect?.(deadline)) ?? 'untold';
    seen.push({ login: user.login, kind, found });
    // Servers lock a login that is wrong too often.
    if (isOfLogin(found)) break;
  }
  return seen;
}

function isOfLogin(found: Seen['found']): boolean {
  return found !== 'untold' && found.kind === 'refused' && found.isOfLogin === true;
}

/** What is the same trouble: the folders of users differ. */
function keyOf({ kind, reason, folder }: Unwritable): string {
  return `${kind} ${folder === undefined ? reason : reason.replaceAll(folder, '')}`;
}

function troubleFindings({ seen, kinds }: Whole, { world }: Site): readonly Finding[] {
  const groups = new Map<string, { readonly trouble: Unwritable; readonly of: Seen[] }>();
  for (const each of seen) {
    if (each.found === 'untold' || isInspected(each.found)) continue;
    const group = groups.get(keyOf(each.found)) ?? { trouble: each.found, of: [] };
    groups.set(keyOf(each.found), group);
    group.of.push(each);
  }
  const findings = [...groups.values()].map(({ trouble, of }) => {
    const { kind, reason, folder } = trouble;
    const what =
      isOfLogin(trouble) || kinds.every((each) => of.some((other) => other.kind === each)) ? 'nothing' : `no ${kindsOf(of)}`;
    const message = `${what} can be kept for ${namesOf(loginsOf(of))}: ${visible(reason)}`;
    return fail(kind === 'refused' ? 'rejected' : 'later', message, remedyOf(trouble, folder, world.platform));
  });
  const more = findings.length - MOST_REASONS;
  if (more <= 0) return findings;
  return [...findings.slice(0, MOST_REASONS), skip(`${counted(more, 'more reason', 'more reasons')} of the same sort`)];
}

function remedyOf({ kind }: Unwritable, folder: string | undefined, platform: NodeJS.Platform): string {
  const words = 'let the account that runs sync make files there, or mend groupware in the configuration';
  if (folder !== undefined) return toBeWritable(folder, platform, words);
  return kind === 'retry'
    ? 'see publish-activity doctor dns proxy tls, and whether the server runs'
    : 'mend it there, or groupware in the configuration';
}

/** With a login over a network, anybody on the way may read along. */
function plainFindings(origin: string): readonly Finding[] {
  if (!origin.startsWith('http:') || isLoopback(new URL(origin).hostname)) return [];
  const message = `passwords and entries go to ${origin} without encryption, where they can be read on the way`;
  return [warn(message, 'use https://, unless the network may be trusted')];
}
