// The part of the check of a groupware that is about its servers: whether they answer, whether they let the program in, and who agreed.

import type { CrmUser } from '../../../clarify/entries';
import type { Deadline } from '../../../core/deadline';
import { visible } from '../../../core/visible';
import type { GroupwareServer } from '../../../groupware/groupware';
import { whyNobodyAgrees } from '../../groupware/consent-parts';
import { readConsents, type UserConsent } from '../../groupware/consent-standing';
import { counted, spanWords } from '../../looking/ledger-words';
import { fail, ok, warn, type Finding } from './check';
import { namesOf } from './place-words';
import type { ExaminedGroupware, Site } from './site';

/** So far a clock may be wrong, in ms: what a service account signs counts for an hour, and Google does not say how exactly it looks. */
const MOST_SKEW_MS = 60_000;

/** Whether the servers answer, and whether the clock here is that of theirs. What they answer does not matter. */
export async function serverFindings(
  { called, servers }: ExaminedGroupware,
  site: Site,
  { signal }: Deadline,
): Promise<readonly Finding[]> {
  if (servers.length === 0) return [];
  const send = await site.http();
  const asked = await Promise.all(
    servers.map(async ({ origin, settings }: GroupwareServer) => {
      const result = await send({ method: 'GET', url: `${origin}/`, headers: {} }, settings, signal);
      const { host } = new URL(origin);
      if (result.kind === 'failure') return { host, why: `${result.message} (${result.code})`, skewMs: 0 };
      const told = Date.parse(result.headers['date'] ?? '');
      return { host, why: '', skewMs: Number.isNaN(told) ? 0 : site.world.now() - told };
    }),
  );
  const silent = asked.filter(({ why }) => why !== '');
  const heard = asked.filter(({ why }) => why === '').map(({ host }) => host);
  const wrong = asked.find(({ skewMs }) => Math.abs(skewMs) > MOST_SKEW_MS);
  return [
    ...(heard.length === 0 ? [] : [ok(`${called}: ${heard.join(', ')} ${heard.length === 1 ? 'answers' : 'answer'}`)]),
    ...silent.map(({ host, why }) => fail('later', `${called}: ${host} cannot be reached: ${why}`, 'see dns, proxy and tls')),
    ...(wrong === undefined
      ? []
      : [
          warn(
            `the clock of this machine is ${spanWords(Math.abs(wrong.skewMs))} ${wrong.skewMs > 0 ? 'ahead of' : 'behind'} that of ${wrong.host}`,
            'let it be set by a time server (NTP): tokens count by it',
          ),
        ]),
  ];
}

/** Whether the program is let in, and who agreed. */
export async function consentFindings(
  users: readonly CrmUser[],
  { called, consenting }: ExaminedGroupware,
  deadline: Deadline,
): Promise<readonly Finding[]> {
  const { flow } = consenting;
  if (flow === undefined) return [];
  const why = whyNobodyAgrees(consenting);
  if (why !== undefined) return [ok(why)];
  const active = users.filter(({ isActive }) => isActive).map(({ login }) => login);
  const all = await readConsents(consenting, active, deadline.signal);
  const own = all.filter(({ user }) => active.includes(user));
  return [await clientFinding(called, flow, deadline), ...agreedFindings(own)];
}

async function clientFinding(
  called: string,
  flow: NonNullable<ExaminedGroupware['consenting']['flow']>,
  deadline: Deadline,
): Promise<Finding> {
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
