// The command `connect`: a user agrees that the program keeps the entries in step at a groupware. Verifier, state and tokens stay inside;
// what is kept is sealed. It can be killed anywhere: then nothing is kept, and whoever runs it again replaces what there was.

import type { CrmUser } from '../../clarify/entries';
import type { Consent } from '../../core/consent';
import { signalAfter } from '../../core/deadline';
import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import { visible } from '../../core/visible';
import type { ConsentFlow } from '../../groupware/groupware';
import type { ConsentBegun, NoTokens, Tokens } from '../../io/oauth-contract';
import type { Arrival, RedirectListener } from '../../io/redirect-contract';
import type { CommandFunction, Context } from '../command';
import type { OptionsOf } from '../options';
import { spanWords } from '../looking/ledger-words';
import type { PublishParts } from '../outbox/publish/parts';
import { addressDatum, STRAY } from './connect-words';
import { listConsents } from './consent-list';
import { consentPage, type ConsentEnd } from './consent-pages';
import { loginIn, missingScopes, MOST_TRIES, nameOf, whyNobodyAgrees, type ConnectParts, type Consenting } from './consent-parts';
import { grantOf } from './own-turn';
import type { SyncParts } from './sync/parts';

type Options = 'list' | 'asIs' | 'open' | 'callback' | 'port';
type ConnectContext = Context<OptionsOf<Options>, PublishParts & SyncParts & ConnectParts>;

/** So long an answer is waited for, in ms, where --timeout says nothing. */
const WAIT_MS = 300_000;

/** Lets `<login>` agree, and keeps that; or lists who did. */
export const connect: CommandFunction<Options, PublishParts & SyncParts & ConnectParts> = async (context) => {
  const { words, options, parts } = context;
  if (options.list === true) {
    if (words.length > 0) throw new UserError('usage', 'connect --list takes no login');
    return listConsents(context);
  }
  const login = loginIn(words, 'connect');
  const consenting = await parts.consenting(false);
  const { flow } = consenting;
  const why = whyNobodyAgrees(consenting);
  if (flow === undefined || why !== undefined) return { result: 'done', message: why ?? '', deliveries: [] };
  if (options.quiet === true && options.open !== true)
    throw new UserError('usage', 'with --quiet nobody sees the address to open', 'say --open as well, or leave --quiet out');
  const user = await userOf(login, context);
  // Whether it can be kept at all is found out before anybody is asked.
  await consenting.consents.consent(login, context.deadline.signal);
  const listener = await listen(context);
  try {
    return await new Connecting(user, flow, consenting, context).run(listener);
  } finally {
    await listener.close();
  }
};

async function userOf(login: string, { parts, options, deadline }: ConnectContext): Promise<CrmUser> {
  const user = (await (await parts.syncing(true)).reader.users(deadline.signal)).find((each) => each.login === login);
  const name = nameOf(login);
  if (user === undefined)
    throw new UserError('not-found', `${name} is not kept in step`, 'groupware.users says who is; is it a login of the CRM?');
  if (!user.isActive) throw new UserError('not-found', `${name} is not active in the CRM`);
  if (user.email.trim() === '' && options.asIs !== true)
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

/** One consent, from its address to what is kept of it. */
class Connecting {
  readonly #name: string;

  constructor(
    private readonly user: CrmUser,
    private readonly flow: ConsentFlow,
    private readonly consenting: Consenting,
    private readonly context: ConnectContext,
  ) {
    this.#name = nameOf(user.login);
  }

  async run(listener: RedirectListener): Promise<Report> {
    const { options, parts, emit } = this.context;
    const redirectUri = options.callback ?? `http://127.0.0.1:${listener.port}`;
    const begun = await this.flow.begin(this.user, redirectUri);
    const waitMs = options.timeout ?? WAIT_MS;
    emit(
      addressDatum({
        ...{ address: begun.address, login: this.user.login, redirectUri, port: listener.port, waitMs },
        isBehindProxy: options.callback !== undefined,
      }),
    );
    if (options.open === true && !(await parts.openInBrowser(begun.address)))
      emit({ text: 'no browser could be opened here', json: { format: 1, kind: 'note', note: 'no browser could be opened' } });
    const arrival = await this.#wait(listener, begun, waitMs);
    if (arrival === undefined) return this.#nobody(waitMs);
    let end: ConsentEnd = 'failed';
    try {
      const made = await this.#finish(begun, new URL(`?${arrival.query.toString()}`, redirectUri));
      end = made.end;
      return made.report;
    } finally {
      await arrival.respond(consentPage(end));
    }
  }

  /** Only what carries the state of this very consent is an answer: neither an old page nor a hostile one ends the wait. */
  async #wait(listener: RedirectListener, { address }: ConsentBegun, waitMs: number): Promise<Arrival | undefined> {
    const { deadline, emit, progress } = this.context;
    const state = new URL(address).searchParams.get('state');
    const signal = AbortSignal.any([deadline.signal, signalAfter(waitMs)]);
    let strays = 0;
    let seconds = 0;
    const ticking = setInterval(() => progress((seconds += 1), Math.ceil(waitMs / 1_000)), 1_000).unref();
    try {
      return await listener.answer({
        signal,
        isWanted: (query) => state !== null && query.get('state') === state,
        onStray: () => {
          strays += 1;
          if (strays === 1) emit(STRAY);
        },
      });
    } finally {
      clearInterval(ticking);
      if (seconds > 0) progress(1, 1);
    }
  }

  #nobody(waitMs: number): Report {
    const { deadline, options } = this.context;
    const isUp = !deadline.signal.aborted || deadline.expired();
    const why = isUp ? `nobody answered within ${spanWords(options.timeout ?? waitMs)}` : 'it was broken off';
    const hint = 'run the same command again; the address of this one counts no more';
    return { result: 'later', message: `${this.#name} has not agreed: ${why}; nothing was kept`, deliveries: [], hint };
  }

  async #finish(begun: ConsentBegun, arrived: URL): Promise<{ readonly end: ConsentEnd; readonly report: Report }> {
    const deadline = this.context.attemptDeadline();
    try {
      const answer = await begun.finish(arrived, deadline.signal);
      if (answer.kind !== 'tokens') return refusal(this.#name, answer);
      const wrong = this.#wrongIn(answer.tokens);
      if (wrong !== undefined) return wrong;
      return { end: 'kept', report: await this.#keep(answer.tokens, deadline.signal) };
    } finally {
      deadline.end();
    }
  }

  /** What is wrong with what was granted. It is not revoked: that would end what the account agreed to before as well. */
  #wrongIn(tokens: Tokens) {
    const { called } = this.consenting;
    const { account, scopes = this.flow.scopes } = tokens;
    const missing = missingScopes({ scopes }, this.flow);
    const nothing = 'nothing was kept';
    if (missing.length > 0) {
      const words = `${this.#name} did not allow everything: ${missing.map(visible).join(', ')} is missing; ${nothing}`;
      return refused('scopes', words, 'run the same command again, and let every box be ticked');
    }
    if (tokens.refreshToken === undefined) {
      const words = `${called} gave no token that lasts; ${nothing}`;
      return refused(
        'failed',
        words,
        `let the program be thrown out at ${this.flow.takeBackPage}, and run the same command again`,
      );
    }
    const email = this.user.email.trim();
    if (this.context.options.asIs === true || account?.toLowerCase() === email.toLowerCase()) return undefined;
    const whose = account === undefined ? `${called} does not say whose account it is` : `${visible(account)} agreed`;
    const words = `${whose}, and the CRM has ${visible(email)} for ${this.#name}; ${nothing}`;
    return refused('account', words, 'let the right account be chosen, or take this one with --as-is');
  }

  /** In place of what was agreed to before; the next run of sync has the user's turn. */
  async #keep(tokens: Tokens, signal: AbortSignal): Promise<Report> {
    const { parts } = this.context;
    const { links, called } = this.consenting;
    const { login } = this.user;
    const sealed = this.flow.seal(this.user, tokens, parts.now());
    const before = await this.#replace(sealed, signal);
    await links.enter([login], parts.now(), signal);
    await links.makeDue(login, parts.now(), signal);
    const isOut = (await grantOf(links, login, signal))?.state === 'disconnected';
    const isOther = before !== undefined && before.account !== '' && before.account !== sealed.account;
    const hints = [
      ...(isOut ? [`it was disconnected; to keep it in step again: publish-activity resolve ${this.#name} --as both`] : []),
      ...(isOther
        ? [`it was ${visible(before.account)} before, and what stands there is not moved; status tells what is held`]
        : []),
    ];
    const as = sealed.account === '' ? '' : ` as ${visible(sealed.account)}`;
    const message = `${this.#name} agreed at ${called}${as}`;
    return { result: 'done', message, deliveries: [], ...(hints.length === 0 ? {} : { hint: hints.join('; ') }) };
  }

  /** Answers what was kept before. */
  async #replace(sealed: Consent, signal: AbortSignal): Promise<Consent | undefined> {
    const { consents } = this.consenting;
    for (let tries = 0; tries <= MOST_TRIES; tries += 1) {
      const seen = await consents.consent(sealed.user, signal);
      if (await consents.keep({ ...sealed, revision: seen?.revision ?? 0 }, signal)) return seen;
    }
    throw new UserError('later', `others keep changing what is kept of ${this.#name}`, 'run the same command again');
  }
}

const RESULTS: Readonly<Record<NoTokens['kind'], readonly [ConsentEnd, 'login-refused' | 'configuration' | 'later', string?]>> = {
  consent: ['failed', 'login-refused', 'run the same command again: an answer counts once, and for some minutes'],
  client: ['failed', 'configuration', 'mend groupware.clientId and groupware.clientSecret; publish-activity doctor groupware'],
  denied: ['denied', 'login-refused'],
  refused: ['failed', 'login-refused', 'run the same command again'],
  later: ['later', 'later', 'run the same command again later'],
};

function refusal(name: string, { kind, reason }: NoTokens): { readonly end: ConsentEnd; readonly report: Report } {
  const [end, result, hint] = RESULTS[kind];
  const words = kind === 'denied' ? `${name} said no (${visible(reason)})` : `${name} has not agreed: ${visible(reason)}`;
  const message = `${words}; nothing was kept`;
  return { end, report: { result, message, deliveries: [], ...(hint === undefined ? {} : { hint }) } };
}

function refused(end: ConsentEnd, message: string, hint: string): { readonly end: ConsentEnd; readonly report: Report } {
  return { end, report: { result: 'login-refused', message, deliveries: [], hint } };
}
