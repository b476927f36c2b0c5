// The part of the check of a groupware that is about its servers: whether they answer, whether they let the program in, and who agreed.

import type { CrmUser } from '../../../clarify/entries';
import type { Deadline } from '../../../core/deadline';
import { clockIn } from '../../../core/server-clock';
import { visible } from '../../../core/visible';
import type { GroupwareServer } from '../../../groupware/groupware';
import { whyNobodyAgrees } from '../../groupware/consent-parts';
import { askedOf, readConsents, type UserConsent } from '../../groupware/consent-standing';
import { counted } from '../../looking/ledger-words';
import { fail, ok, warn, type Finding } from './check';
import { namesOf } from './place-words';
import type { ExaminedGroupware, ExaminedOne, Site } from './site';

/** What came of asking a server for anything. */
export interface Heard {
  readonly host: string;
  /** Why it cannot be reached; left out where it answers. */
  readonly why?: string;
  /** How far its clock is ahead of ours, in ms; left out where it does not tell. */
  readonly aheadMs?: number;
}

/** Asks the servers whether they are there. What they answer does not matter. */
export async function askServers(
  { servers }: Pick<ExaminedOne, 'servers'>,
  site: Site,
  { signal }: Deadline,
): Promise<readonly Heard[]> {
  if (servers.length === 0) return [];
  const send = await site.http();
  return Promise.all(
    servers.map(async ({ origin, settings }: GroupwareServer) => {
      const before = site.world.now();
      const result = await send({ method: 'GET', url: `${origin}/`, headers: {} }, settings, signal);
      const { host } = new URL(origin);
      if (result.kind === 'failure') return { host, why: `${result.message} (${result.code})` };
      return { host, ...clockIn(result.headers, (before + site.world.now()) / 2) };
    }),
  );
}

/** Which servers answer. */
export function serverFindings(called: string, asked: readonly Heard[]): readonly Finding[] {
  const heard = asked.filter(({ why }) => why === undefined).map(({ host }) => host);
  return [
    ...(heard.length === 0 ? [] : [ok(`${called}: ${heard.join(', ')} ${heard.length === 1 ? 'answers' : 'answer'}`)]),
    ...asked.flatMap(({ host, why }) =>
      why === undefined ? [] : [fail('later', `${called}: ${host} cannot be reached: ${why}`, 'see dns, proxy and tls')],
    ),
  ];
}

/** How the consents of these users stand; nothing where nobody has to agree. Rejects with a DatabaseError of the ledger. */
export async function consentsOf(
  users: readonly CrmUser[],
  { consenting }: ExaminedGroupware,
  { signal }: Deadline,
): Promise<readonly UserConsent[]> {
  const active = users.filter(({ isActive }) => isActive).map(({ login }) => login);
  const asked = askedOf(users, consenting).filter(({ user }) => active.includes(user));
  return (await readConsents(consenting, asked, signal)).filter(({ user }) => active.includes(user));
}

/** The users for whom something can be asked: who is active, and agreed where that is needed. */
export function usersLetIn(users: readonly CrmUser[], consents: readonly UserConsent[]): readonly CrmUser[] {
  const out = new Set(consents.filter(({ state }) => state !== 'given').map(({ user }) => user));
  return users.filter(({ login, isActive }) => isActive && !out.has(login));
}

/** Whether the program is let in, and who agreed. */
export async function consentFindings(
  own: readonly UserConsent[],
  groupware: ExaminedOne,
  deadline: Deadline,
): Promise<readonly Finding[]> {
  const { called, flow } = groupware;
  if (flow === undefined) return [];
  const why = whyNobodyAgrees(groupware);
  if (why !== undefined) return [ok(why)];
  return [await clientFinding(called, flow, deadline), ...agreedFindings(own)];
}

async function clientFinding(called: string, flow: NonNullable<ExaminedOne['flow']>, deadline: Deadline): Promise<Finding> {
  const trouble = await flow.whyNotLetIn(deadline);
  if (trouble === undefined) return ok(`${called} lets the program in; tried with a token that nobody has`);
  const words = `${called} does not let the program in: ${visible(trouble.reason)}`;
  if (trouble.kind === 'retry')
    return fail(
      'later',
      `${called}: it is not known whether it lets the program in: ${visible(trouble.reason)}`,
      'try again later',
    );
  return fail(
    'configuration',
    words,
    'compare groupware.clientId and groupware.clientSecret with the OAuth client in the console',
  );
}

function agreedFindings(own: readonly UserConsent[]): readonly Finding[] {
  const of = (...states: readonly UserConsent['state'][]) => own.filter(({ state }) => states.includes(state));
  const logins = (some: readonly UserConsent[]) => namesOf(some.map(({ user }) => user));
  const [given, missing, lost] = [of('given'), of('missing'), of('parked', 'scopes', 'sealed')];
  const connect = 'let each of them agree: publish-activity connect <login>';
  const why = new Set(lost.map((each) => each.why));
  return [
    ...(given.length === 0 ? [] : [ok(`${counted(given.length, 'user', 'users')} agreed to all that is needed`)]),
    ...(missing.length === 0
      ? []
      : [warn(`${counted(missing.length, 'user has', 'users have')} not agreed: ${logins(missing)}`, connect)]),
    ...[...why].map((words) =>
      warn(`what ${logins(lost.filter((each) => each.why === words))} agreed to does not do: ${visible(words)}`, connect),
    ),
  ];
}
