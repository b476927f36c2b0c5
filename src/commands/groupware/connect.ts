// The command `connect`: users agree that the program keeps their entries in step at a groupware. It can be killed anywhere: what was kept by
// then is kept, and whoever runs it again replaces it.

import type { CrmUser } from '../../clarify/entries';
import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import type { RedirectListener } from '../../io/redirect-contract';
import type { CommandFunction, Context } from '../command';
import type { OptionsOf } from '../options';
import type { PublishParts } from '../outbox/publish/parts';
import { ask, type AskedConsent, type Asking, type ConsentAnswered } from './asked-consent';
import { addressDatum, answeredDatum, leftOutDatum, NO_BROWSER, reportOf, type Waited } from './connect-words';
import { listConsents } from './consent-list';
import { isAsking, nameOf, whyNobodyAgrees, whyNobodyAgreesAtAny, type ConnectParts, type Consenting } from './consent-parts';
import { askedOf, readConsents } from './consent-standing';
import { answersTo } from './consent-wait';
import { groupwareOf } from './named-groupwares';
import type { SyncParts } from './sync/parts';

type Options = 'list' | 'all' | 'asIs' | 'open' | 'callback' | 'port';
type ConnectContext = Context<OptionsOf<Options>, PublishParts & SyncParts & ConnectParts>;

/** So long answers are waited for, in ms, where --timeout says nothing. */
const WAIT_MS = 300_000;

/** Lets users agree, and keeps that; or lists who did. */
export const connect: CommandFunction<Options, PublishParts & SyncParts & ConnectParts> = async (context) => {
  const { options, parts } = context;
  const logins = loginsIn(context);
  if (options.list === true) return listConsents(context);
  const consenting = await parts.consenting(false);
  const why = whyNobodyAgreesAtAny(consenting.groupwares);
  if (why !== undefined) return { result: 'done', message: why, deliveries: [] };
  if (options.quiet === true && options.open !== true)
    throw new UserError('usage', 'with --quiet nobody sees the address to open', 'say --open as well, or leave --quiet out');
  const users = await usersToAsk(logins, consenting, context);
  const asked = users.flatMap((user) => whomToAsk(user, consenting, context));
  if (asked.length === 0) return { result: 'done', message: 'nobody is left to be asked', deliveries: [], printed: true };
  const listener = await listen(context);
  try {
    return await askAll(asked, consenting, listener, context);
  } finally {
    await listener.close();
  }
};

/** The logins that are named; none with --list and --all. Throws a UserError of the kind `usage`. */
function loginsIn({ words, options }: ConnectContext): readonly string[] {
  const logins = [...new Set(words.map((word) => word.trim().toLowerCase()))];
  for (const flag of ['list', 'all'] as const)
    if (options[flag] === true && words.length > 0) throw new UserError('usage', `connect --${flag} takes no login`);
  const isNamed = logins.length > 0 && !logins.includes('');
  if (!isNamed && options.list !== true && options.all !== true)
    throw new UserError(
      'usage',
      'connect takes a login, or several',
      'as in: connect pmorales; everybody who has not agreed: --all',
    );
  if (options.open === true && (options.all === true || logins.length > 1))
    throw new UserError('usage', '--open opens the address of one user', 'leave it out, and send each user the own address');
  return logins;
}

/** Who is asked: whoever is named, or everybody whose consent does not do. Rejects with a UserError where somebody who is named cannot be. */
async function usersToAsk(
  logins: readonly string[],
  consenting: Consenting,
  context: ConnectContext,
): Promise<readonly CrmUser[]> {
  const { parts, options, deadline, emit } = context;
  const users = await (await parts.syncing(true)).reader.users(deadline.signal);
  const asked = askedOf(
    users.filter(({ isActive }) => isActive),
    consenting,
  );
  const active = asked.map(({ user }) => user);
  // Whether anything can be kept at all is found out before anybody is asked.
  const standing = await readConsents(consenting, asked, deadline.signal);
  if (options.all !== true) return logins.map((login) => userOf(login, users, options));
  const lacking = standing.filter(({ user, state }) => state !== 'given' && active.includes(user)).map(({ user }) => user);
  return lacking.flatMap((login) => {
    try {
      return [userOf(login, users, options)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      emit(leftOutDatum(login, error.message));
      return [];
    }
  });
}

/** A user with the groupware that asks; nobody where that of the user asks nobody, which is told. */
function whomToAsk(user: CrmUser, { groupwares }: Consenting, { emit }: ConnectContext): readonly ToAsk[] {
  const groupware = groupwareOf(user, groupwares);
  if (isAsking(groupware)) return [{ user, groupware }];
  emit(leftOutDatum(user.login, whyNobodyAgrees(groupware) ?? ''));
  return [];
}

/** Somebody who is asked, and where. */
type ToAsk = Pick<Asking, 'groupware'> & { readonly user: CrmUser };

function userOf(login: string, users: readonly CrmUser[], { asIs }: ConnectContext['options']): CrmUser {
  const user = users.find((each) => each.login === login);
  const name = nameOf(login);
  if (user === undefined)
    throw new UserError('not-found', `${name} is not kept in step`, 'groupware.users says who is; is it a login of the CRM?');
  if (!user.isActive) throw new UserError('not-found', `${name} is not active in the CRM`);
  if (user.email.trim() === '' && asIs !== true)
    throw new UserError(
      'usage',
      `the CRM has no e-mail address of ${name}, and so nobody knows whose account it has to be`,
      'enter it in the CRM, or take whatever account agrees with --as-is',
    );
  return user;
}

async function listen({ parts, options }: ConnectContext): Promise<RedirectListener> {
  const port = options.port ?? 0;
  try {
    return await parts.listenForRedirect({ port, isBehindProxy: options.callback !== undefined });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!/^E(ADDRINUSE|ACCES|ADDRNOTAVAIL|PERM)$/.test(code)) throw error;
    const hint = port === 0 ? 'let the account listen on 127.0.0.1' : 'name another one with --port, or leave --port out';
    throw new UserError('usage', `nobody can listen on the port ${port} of 127.0.0.1 (${code})`, hint);
  }
}

/** Prints an address for each user, and waits for the answers. */
async function askAll(
  users: readonly ToAsk[],
  consenting: Consenting,
  listener: RedirectListener,
  context: ConnectContext,
): Promise<Report> {
  const { options, parts, emit, attemptDeadline } = context;
  const redirectUri = options.callback ?? `http://127.0.0.1:${listener.port}`;
  const waitMs = options.timeout ?? WAIT_MS;
  const isAsIs = options.asIs === true;
  const asked: AskedConsent[] = [];
  for (const { user, groupware } of users) {
    const one = await ask(user, {
      consenting,
      groupware,
      redirectUri,
      isAsIs,
      deadline: attemptDeadline,
      now: () => parts.now(),
    });
    asked.push(one);
    const { address, login } = one;
    emit(
      addressDatum({ address, login, redirectUri, port: listener.port, waitMs, isBehindProxy: options.callback !== undefined }),
    );
    if (options.open === true && !(await parts.openInBrowser(address))) emit(NO_BROWSER);
  }
  const isOne = asked.length === 1;
  const onAnswer = ({ login }: AskedConsent, answered: ConsentAnswered) => {
    // Of one user, the end of the run says it.
    if (!isOne) emit(answeredDatum(login, answered));
  };
  const answered = await answersTo(asked, listener, { ...context, waitMs, isRepeatable: !isOne, onAnswer });
  const waited: Waited = { waitMs, isBrokenOff: context.deadline.signal.aborted && !context.deadline.expired() };
  return reportOf(
    asked.map(({ login }) => ({ login, answered: answered.get(login) })),
    waited,
  );
}
