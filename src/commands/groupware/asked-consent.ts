// One user who is asked to agree: from the address that is opened to what is kept of the answer. Verifier, state and tokens stay inside.

import type { CrmUser } from '../../clarify/entries';
import type { Consent } from '../../core/consent';
import type { Deadline } from '../../core/deadline';
import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import { visible } from '../../core/visible';
import type { ConsentFlow } from '../../groupware/groupware';
import type { ConsentBegun, NoTokens, Tokens } from '../../io/oauth-contract';
import type { ConsentEnd } from './consent-pages';
import { missingScopes, MOST_TRIES, nameOf, type Agreeing, type Consenting } from './consent-parts';
import { groupwareAt } from './named-groupwares';
import { grantOf } from './own-turn';

/** What became of an answer: what the browser shows, and what is said here. */
export interface ConsentAnswered {
  readonly end: ConsentEnd;
  readonly report: Report;
}

/** What asking takes. */
export interface Asking {
  readonly consenting: Consenting;
  /** Where the user has to agree. */
  readonly groupware: Agreeing & { readonly flow: ConsentFlow };
  /** Where users are led back to. */
  readonly redirectUri: string;
  /** Whether any account does, whatever its address. */
  readonly isAsIs: boolean;
  /** The deadline of one answer, from now on. */
  deadline(): Deadline;
  /** Ms since 1970 UTC. */
  now(): number;
}

/** Begins to ask a user. */
export async function ask(user: CrmUser, asking: Asking): Promise<AskedConsent> {
  return new AskedConsent(user, await asking.groupware.flow.begin(user, asking.redirectUri), asking);
}

/** A user who is asked. */
export class AskedConsent {
  readonly login: string;
  /** The address to open. */
  readonly address: string;
  /** What an answer to it carries. */
  readonly state: string;
  readonly #name: string;

  constructor(
    private readonly user: CrmUser,
    private readonly begun: ConsentBegun,
    private readonly asking: Asking,
  ) {
    this.login = user.login;
    this.address = begun.address;
    this.state = new URL(begun.address).searchParams.get('state') ?? '';
    this.#name = nameOf(user.login);
  }

  /** Takes an answer. Rejects with a DatabaseError of the ledger. */
  async answer(query: URLSearchParams): Promise<ConsentAnswered> {
    const deadline = this.asking.deadline();
    try {
      const arrived = new URL(`?${query.toString()}`, this.asking.redirectUri);
      const answer = await this.begun.finish(arrived, deadline.signal);
      if (answer.kind !== 'tokens') return refusal(this.#name, answer);
      const wrong = this.#wrongIn(answer.tokens);
      if (wrong !== undefined) return wrong;
      return { end: 'kept', report: await this.#keep(answer.tokens, deadline.signal) };
    } finally {
      deadline.end();
    }
  }

  /** What is wrong with what was granted. It is not revoked: that would end what the account agreed to before as well. */
  #wrongIn(tokens: Tokens): ConsentAnswered | undefined {
    const { groupware, isAsIs } = this.asking;
    const { called, flow } = groupware;
    const { account, scopes = flow.scopes } = tokens;
    const missing = missingScopes({ scopes }, flow);
    const nothing = 'nothing was kept';
    if (missing.length > 0) {
      const words = `${this.#name} did not allow everything: ${missing.map(visible).join(', ')} is missing; ${nothing}`;
      return refused('scopes', words, 'run the same command again, and let every box be ticked');
    }
    if (tokens.refreshToken === undefined) {
      const words = `${called} gave no token that lasts; ${nothing}`;
      return refused('failed', words, `let the program be thrown out at ${flow.takeBackPage}, and run the same command again`);
    }
    const email = this.user.email.trim();
    if (isAsIs || account?.toLowerCase() === email.toLowerCase()) return undefined;
    const whose = account === undefined ? `${called} does not say whose account it is` : `${visible(account)} agreed`;
    const words = `${whose}, and the CRM has ${visible(email)} for ${this.#name}; ${nothing}`;
    return refused('account', words, 'let the right account be chosen, or take this one with --as-is');
  }

  /** In place of what was agreed to before; the next run of sync has the user's turn. */
  async #keep(tokens: Tokens, signal: AbortSignal): Promise<Report> {
    const { links, groupwares } = this.asking.consenting;
    const { called, flow } = this.asking.groupware;
    const now = this.asking.now();
    const sealed = flow.seal(this.user, tokens, now);
    const before = await this.#replace(sealed, signal);
    await links.enter([this.login], now, signal);
    await links.makeDue(this.login, now, signal);
    const grant = await grantOf(links, this.login, signal);
    const isOut = grant?.state === 'disconnected';
    const former = groupwareAt(grant?.groupware ?? '', this.asking.groupware, groupwares);
    const isMove = former?.name !== this.asking.groupware.name;
    const isOther = before !== undefined && before.account !== '' && before.account !== sealed.account;
    const hints = [
      ...(isOut ? [`it was disconnected; to keep it in step again: publish-activity resolve ${this.#name} --as both`] : []),
      ...(isMove
        ? [`the next sync moves it here${former === undefined ? '' : ` from ${former.called}`}, and doubles nothing`]
        : []),
      ...(isOther && !isMove
        ? [`it was ${visible(before.account)} before, and what stands there is not moved; status tells what is held`]
        : []),
    ];
    const as = sealed.account === '' ? '' : ` as ${visible(sealed.account)}`;
    const message = `${this.#name} agreed at ${called}${as}`;
    return { result: 'done', message, deliveries: [], ...(hints.length === 0 ? {} : { hint: hints.join('; ') }) };
  }

  /** Answers what was kept before. */
  async #replace(sealed: Consent, signal: AbortSignal): Promise<Consent | undefined> {
    const { consents } = this.asking.consenting;
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

function refusal(name: string, { kind, reason }: NoTokens): ConsentAnswered {
  const [end, result, hint] = RESULTS[kind];
  const words = kind === 'denied' ? `${name} said no (${visible(reason)})` : `${name} has not agreed: ${visible(reason)}`;
  const message = `${words}; nothing was kept`;
  return { end, report: { result, message, deliveries: [], ...(hint === undefined ? {} : { hint }) } };
}

function refused(end: ConsentEnd, message: string, hint: string): ConsentAnswered {
  return { end, report: { result: 'login-refused', message, deliveries: [], hint } };
}
