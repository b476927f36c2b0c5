// The access token of a user: from what is kept sealed, or a new one. What users agreed to is in the ledger; a service account needs nobody.

import type { Consent, Consents } from '../../../core/consent';
import type { Deadline } from '../../../core/deadline';
import type { Secret } from '../../../core/secret';
import { lossWords, seal, unseal, type NotOpened, type SealedFor, type VaultKeys } from '../../../core/vault';
import type { NoTokens, TokenAnswer, Tokens } from '../../../io/oauth-contract';
import type { Refused, Trouble } from '../../groupware';

/** An access token is not used any more so long before its end, in ms: it has to arrive. */
const MARGIN_MS = 60_000;

/** So often another process may have been faster, before it is left for later. */
const MOST_TRIES = 4;

/** Whose token it is, and how new ones are made. */
export interface TokenParts {
  readonly consents: Consents;
  /** Left out where nothing is kept: a service account without a vault. */
  readonly keys?: VaultKeys;
  /** Makes a new token of what a user agreed to. */
  refresh(refreshToken: Secret, deadline: Deadline): Promise<TokenAnswer>;
  /** Makes a new token without asking the user; left out where each user has to agree. */
  ask?(email: string, deadline: Deadline): Promise<TokenAnswer>;
  /** Ms since 1970 UTC. */
  now(): number;
}

/** A user as far as tokens go. */
export interface TokenUser {
  readonly login: string;
  readonly email: string;
}

/** A token that counts, or why there is none. */
export type Bearer = { readonly kind: 'token'; readonly token: Secret } | Trouble;

/** The tokens of all users of a run. */
export class TokenSource {
  readonly #kept = new Map<string, { readonly token: Secret; readonly until: number }>();

  constructor(private readonly parts: TokenParts) {}

  /** A token of a user; another one than what the groupware refused, where it refused one. Rejects with a DatabaseError of the ledger. */
  async bearer(user: TokenUser, deadline: Deadline, refused?: Secret): Promise<Bearer> {
    const known = this.#kept.get(user.login);
    if (known !== undefined && isFresh(known.until, this.parts.now()) && !isSame(known.token, refused))
      return bearerOf(known.token);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const bearer = await this.#try(user, deadline, refused);
      if (bearer !== 'again') return bearer;
    }
    return { kind: 'retry', reason: 'other runs renew the same token all the time' };
  }

  /** Notes that what a user agreed to does not do, and says so to whoever asks next, until the user agrees anew. */
  async park({ login }: TokenUser, reason: string, deadline: Deadline): Promise<Refused> {
    const { consents } = this.parts;
    this.#kept.delete(login);
    const seen = await consents.consent(login, deadline.signal);
    if (seen !== undefined) await consents.keep(parked(seen, reason), deadline.signal);
    return refusedBy(login, reason);
  }

  async #try(user: TokenUser, deadline: Deadline, refused: Secret | undefined): Promise<Bearer | 'again'> {
    const seen = await this.parts.consents.consent(user.login, deadline.signal);
    if (seen !== undefined && isFresh(seen.accessUntil, this.parts.now())) {
      const opened = this.#open(seen.accessToken, accessOf(user.login));
      if ('reveal' in opened && !isSame(opened, refused)) return this.#keep(user, opened, seen.accessUntil);
    }
    return this.parts.ask === undefined ? this.#refreshed(user, seen, deadline) : this.#asked(user, seen, deadline);
  }

  /** By what the user agreed to. */
  async #refreshed(user: TokenUser, seen: Consent | undefined, deadline: Deadline): Promise<Bearer | 'again'> {
    const { login } = user;
    if (seen === undefined) return refusedBy(login, `${login} has not agreed yet`);
    if (seen.state === 'parked') return refusedBy(login, seen.reason);
    const opened = this.#open(seen.refreshToken, refreshOf(login));
    if (!('reveal' in opened)) return refusedBy(login, lossWords(opened));
    const answer = await this.parts.refresh(opened, deadline);
    if (answer.kind === 'tokens') return this.#renewed(user, seen, answer.tokens, deadline);
    if (answer.kind !== 'consent' && answer.kind !== 'denied') return troubleOf(answer);
    // Somebody else may have put a new token there meanwhile: then this one says nothing.
    if (await this.parts.consents.keep(parked(seen, answer.reason), deadline.signal)) return refusedBy(login, answer.reason);
    return 'again';
  }

  /** By the key of a service account. */
  async #asked(user: TokenUser, seen: Consent | undefined, deadline: Deadline): Promise<Bearer | 'again'> {
    if (user.email === '') return { kind: 'refused', reason: `${user.login} has no e-mail address in the CRM` };
    const answer = await this.parts.ask?.(user.email, deadline);
    if (answer === undefined) throw new Error('no service account');
    if (answer.kind === 'tokens') return this.#renewed(user, seen ?? nobody(user, this.parts.now()), answer.tokens, deadline);
    // The user is not known there, or the key is not let in for this one.
    return answer.kind === 'consent' ? { kind: 'refused', reason: answer.reason } : troubleOf(answer);
  }

  /** Keeps new tokens, if they are the newest. An access token counts in any case. */
  async #renewed(user: TokenUser, seen: Consent, tokens: Tokens, { signal }: Deadline): Promise<Bearer> {
    const { consents, keys } = this.parts;
    const now = this.parts.now();
    if (keys !== undefined) {
      const own = sealedTokens(user.login, tokens, now, keys);
      let last = seen;
      // A server that gives a new token for each time it is asked has forgotten the old one: it must not be lost.
      while (!(await consents.keep({ ...last, ...own }, signal)) && own.refreshToken !== undefined) {
        const next = await consents.consent(user.login, signal);
        if (next === undefined || next.refreshToken !== seen.refreshToken) break;
        last = next;
      }
    }
    return this.#keep(user, tokens.accessToken, now + tokens.forMs);
  }

  #keep({ login }: TokenUser, token: Secret, until: number): Bearer {
    this.#kept.set(login, { token, until });
    return bearerOf(token);
  }

  #open(sealed: string, whose: SealedFor): Secret | NotOpened {
    const { keys } = this.parts;
    if (keys === undefined || sealed === '') return { kind: 'damaged', where: 'form' };
    const opened = unseal(sealed, whose, keys);
    return opened.kind === 'unsealed' ? opened.text : opened;
  }
}

/** Tokens as a consent keeps them; without a refresh token where none was given. */
export function sealedTokens(
  login: string,
  { accessToken, refreshToken, forMs }: Tokens,
  now: number,
  keys: VaultKeys,
): Pick<Consent, 'accessToken' | 'accessUntil'> & Partial<Pick<Consent, 'refreshToken'>> {
  return {
    ...(refreshToken === undefined ? {} : { refreshToken: seal(refreshToken, refreshOf(login), keys) }),
    accessToken: seal(accessToken, accessOf(login), keys),
    accessUntil: now + forMs,
  };
}

/** What a refresh token is sealed for. */
export function refreshOf(user: string): SealedFor {
  return { purpose: 'refresh-token', user };
}

/** What an access token is sealed for. */
export function accessOf(user: string): SealedFor {
  return { purpose: 'access-token', user };
}

function bearerOf(token: Secret): Bearer {
  return { kind: 'token', token };
}

function isFresh(until: number, now: number): boolean {
  return until - MARGIN_MS > now;
}

function isSame(token: Secret, other: Secret | undefined): boolean {
  return other?.reveal() === token.reveal();
}

function parked(consent: Consent, reason: string): Consent {
  return { ...consent, state: 'parked', reason, accessToken: '', accessUntil: 0 };
}

function nobody({ login, email }: TokenUser, now: number): Consent {
  const none = { refreshToken: '', accessToken: '', accessUntil: 0, revision: 0 };
  return { user: login, state: 'given', reason: '', account: email, scopes: [], givenAt: now, ...none };
}

function refusedBy(login: string, reason: string): Refused {
  return { kind: 'refused', by: 'user', reason: `${reason}; publish-activity connect ${login} asks for it` };
}

/** Why there is no token, for whoever asks for one. */
export function troubleOf(answer: Exclude<NoTokens, { kind: 'consent' }>): Trouble {
  if (answer.kind === 'later')
    return { kind: 'retry', reason: answer.reason, ...(answer.afterMs === undefined ? {} : { afterMs: answer.afterMs }) };
  const refused = { kind: 'refused', reason: `no token: ${answer.reason}` } as const;
  return answer.kind === 'client' ? { ...refused, by: 'everybody' } : refused;
}
