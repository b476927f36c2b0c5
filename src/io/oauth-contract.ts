// The contract of OAuth 2.0 as a groupware sees it (RFC 6749, 7636, 7009 and 7523). io/oauth.ts keeps it through a library, over the
// requests of io/http: so proxy, certificates, deadline and "was it sent?" are those of everything else.

import type { Secret } from '../core/secret';
import type { HttpSettings, SendHttp } from './http-contract';

/** The server that authorizes, and who asks it. */
export interface OAuthParts {
  /** Whole addresses. */
  readonly authorize: string;
  readonly token: string;
  readonly revoke: string;
  /** Who says whose account it is (`iss`); left out: the origin of what authorizes. */
  readonly issuer?: string;
  readonly clientId: string;
  /** Left out for a client that cannot keep one. */
  readonly clientSecret?: Secret;
  readonly http: SendHttp;
  readonly settings: HttpSettings;
  /** Ms since 1970 UTC. */
  now(): number;
}

/** Tokens as they were given. */
export interface Tokens {
  readonly accessToken: Secret;
  /** How long it counts from now, in ms. */
  readonly forMs: number;
  /** Left out where the one that was used goes on counting, or none was given. */
  readonly refreshToken?: Secret;
  /** What was granted; left out where the server does not say, which means what was asked for. */
  readonly scopes?: readonly string[];
  /** The address of the account, as a checked ID token says it; left out without one. */
  readonly account?: string;
}

/** Why there are no tokens. */
export type NoTokens =
  /** The user's own token counts no more (`invalid_grant`). */
  | { readonly kind: 'consent'; readonly reason: string }
  /** The program itself is not let in, for nobody: by its id, its secret, its key, or what it asks for (`invalid_client`, `invalid_scope`). */
  | { readonly kind: 'client'; readonly reason: string }
  /** The person said no. */
  | { readonly kind: 'denied'; readonly reason: string }
  /** A word that nobody knows, or no answer of OAuth. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nothing is wrong with anybody: the server is down, slow, or asks to be left alone. */
  | { readonly kind: 'later'; readonly reason: string; readonly afterMs?: number };

/** What became of a question for tokens. */
export type TokenAnswer = { readonly kind: 'tokens'; readonly tokens: Tokens } | NoTokens;

/** A consent that was begun. Verifier and state stay inside. */
export interface ConsentBegun {
  /** The address that a person has to open. It holds no secret, but it is for that person alone. */
  readonly address: string;
  /** The answer, from the address that the person was led back to. An address with another state, or none, is `refused`. */
  finish(arrived: URL, signal: AbortSignal): Promise<TokenAnswer>;
}

/** OAuth with one server. Never rejects for trouble outside. */
export interface OAuth {
  /** Begins a consent. `more` are parameters of the server's own, such as the account that is suggested. */
  begin(wanted: {
    readonly redirectUri: string;
    readonly scopes: readonly string[];
    readonly more?: Readonly<Record<string, string>>;
  }): Promise<ConsentBegun>;
  refresh(refreshToken: Secret, signal: AbortSignal): Promise<TokenAnswer>;
  /** Asks for a token by what a service account signed, in the name of the user that it names (RFC 7523). */
  assert(assertion: Secret, signal: AbortSignal): Promise<TokenAnswer>;
  /** Revokes a token, in the body of the request; `undefined` where it counts no more, whether by this or before. */
  revoke(token: Secret, signal: AbortSignal): Promise<Exclude<NoTokens, { readonly kind: 'denied' }> | undefined>;
}

/** A key of a service account, as its file has it. */
export interface ServiceKey {
  /** The e-mail of the service account, which issues. */
  readonly issuer: string;
  readonly keyId: string;
  /** PEM. */
  readonly privateKey: Secret;
}

/** What a service account says: that it asks in the name of a user. */
export interface Claims {
  /** The user's address. */
  readonly subject: string;
  readonly scopes: readonly string[];
  /** The address of whoever is asked. */
  readonly audience: string;
  /** Ms since 1970 UTC. It counts for an hour from then. */
  readonly now: number;
}

/** Signs what a service account says. Rejects with a UserError of the kind `configuration` where the key is none. */
export type SignAssertion = (claims: Claims, key: ServiceKey) => Promise<Secret>;
