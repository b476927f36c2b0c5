// OAuth 2.0 through oauth4webapi, over the requests of io/http.

import * as oauth from 'oauth4webapi';
import { isLoopback } from '../core/loopback';
import { waitIn } from '../core/retry-after';
import { Secret } from '../core/secret';
import type { HttpResult } from './http-contract';
import type { NoTokens, OAuth, OAuthParts, TokenAnswer, Tokens } from './oauth-contract';

/** What is asked for by an assertion (https://www.rfc-editor.org/rfc/rfc7523#section-8.1). */
const BY_ASSERTION = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** How long a token counts whose server does not say it, in ms. */
const UNTOLD_MS = 300_000;

/** What a server's words mean for whoever asked (https://www.rfc-editor.org/rfc/rfc6749#section-5.2 and 4.1.2.1). */
const MEANINGS: Readonly<Record<string, NoTokens['kind']>> = {
  invalid_grant: 'consent',
  invalid_client: 'client',
  unauthorized_client: 'client',
  invalid_scope: 'client',
  invalid_request: 'client',
  unsupported_grant_type: 'client',
  access_denied: 'denied',
  admin_policy_enforced: 'denied',
  org_internal: 'denied',
  server_error: 'later',
  temporarily_unavailable: 'later',
};

/** What can be asked by somebody who shows no client. */
const NOBODY: oauth.ClientAuth = () => undefined;

/** Speaks OAuth with one server. */
export function openOAuth(parts: OAuthParts): OAuth {
  const { authorize, token, revoke, clientId, clientSecret, issuer = new URL(authorize).origin } = parts;
  const server: oauth.AuthorizationServer = {
    issuer,
    authorization_endpoint: authorize,
    token_endpoint: token,
    revocation_endpoint: revoke,
  };
  const client: oauth.Client = { client_id: clientId };
  const shown = clientSecret === undefined ? oauth.None() : oauth.ClientSecretPost(clientSecret.reveal());
  const asking = (signal: AbortSignal) => new Asking(parts, signal);
  return {
    begin: async ({ redirectUri, scopes, more = {} }) => {
      const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
      const address = new URL(authorize);
      const asked = {
        ...more,
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
      return {
        address: address.href,
        finish: (arrived, signal) => {
          return asking(signal).tokens(async (options) => {
            const checked = oauth.validateAuthResponse(server, client, arrived, state);
            const answer = await oauth.authorizationCodeGrantRequest(
              server,
              client,
              shown,
              checked,
              redirectUri,
              verifier,
              options,
            );
            return oauth.processAuthorizationCodeResponse(server, client, answer);
          });
        },
      };
    },
    refresh: (refreshToken, signal) =>
      asking(signal).tokens(async (options) => {
        const answer = await oauth.refreshTokenGrantRequest(server, client, shown, refreshToken.reveal(), options);
        return oauth.processRefreshTokenResponse(server, client, answer);
      }),
    assert: (assertion, signal) =>
      asking(signal).tokens(async (options) => {
        const parameters = { assertion: assertion.reveal() };
        const answer = await oauth.genericTokenEndpointRequest(server, client, NOBODY, BY_ASSERTION, parameters, options);
        return oauth.processGenericTokenEndpointResponse(server, client, answer);
      }),
    revoke: async (revoked, signal) => {
      const answer = await asking(signal).answer(async (options) => {
        await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, shown, revoked.reveal(), options));
      });
      if (answer === undefined) return undefined;
      // A token that nobody knows is as good as revoked; https://www.rfc-editor.org/rfc/rfc7009#section-2.2 says so, too.
      if (answer.kind === 'consent' || answer.reason.startsWith('invalid_token')) return undefined;
      return answer.kind === 'denied' ? { ...answer, kind: 'refused' } : answer;
    },
  };
}

type Options = oauth.TokenEndpointRequestOptions & oauth.RevocationRequestOptions;

/** One question, and what came of it. */
class Asking {
  #result: HttpResult | undefined;

  constructor(
    private readonly parts: OAuthParts,
    private readonly signal: AbortSignal,
  ) {}

  async tokens(ask: (options: Options) => Promise<oauth.TokenEndpointResponse>): Promise<TokenAnswer> {
    let given: oauth.TokenEndpointResponse | undefined;
    const none = await this.answer(async (options) => {
      given = await ask(options);
    });
    if (none !== undefined) return none;
    return given === undefined ? NO_ANSWER : { kind: 'tokens', tokens: tokensOf(given) };
  }

  /** Why it came to nothing; `undefined` where all is well. */
  async answer(ask: (options: Options) => Promise<void>): Promise<NoTokens | undefined> {
    try {
      await ask({
        [oauth.customFetch]: (url, { method, headers, body }) => this.#fetch(url, method, headers, body.toString()),
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- It is marked so that nobody takes it for more than a loopback.
        [oauth.allowInsecureRequests]: isLoopback(new URL(this.parts.token).hostname),
        signal: this.signal,
      });
      return undefined;
    } catch (error) {
      return this.#why(error);
    }
  }

  async #fetch(url: string, method: 'POST', headers: Record<string, string>, body: string): Promise<Response> {
    const { http, settings } = this.parts;
    const result = await http({ method, url, headers, body }, settings, this.signal);
    this.#result = result;
    if (result.kind === 'failure') throw new Error('there is no answer');
    // A Response refuses a body where there can be none, and a status that is none of HTTP.
    const isBare = [101, 204, 205, 304].includes(result.status);
    return new Response(isBare ? null : result.body, { status: result.status, headers: result.headers });
  }

  #why(error: unknown): NoTokens {
    const result = this.#result;
    if (result?.kind === 'failure') return { kind: 'later', reason: `${result.message} (${result.code})` };
    const afterMs = result === undefined ? undefined : waitIn(result.headers, this.parts.now());
    if (result !== undefined && (result.status >= 500 || result.status === 429))
      return { kind: 'later', reason: `the server answers ${result.status}`, ...(afterMs === undefined ? {} : { afterMs }) };
    if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError)
      return { kind: MEANINGS[error.error] ?? 'refused', reason: wordOf(error.error) };
    if (result?.complete === false) return { kind: 'later', reason: 'the server’s answer is cut off' };
    if (
      error instanceof oauth.OperationProcessingError ||
      error instanceof oauth.UnsupportedOperationError ||
      error instanceof TypeError
    )
      return { kind: 'refused', reason: `no answer of OAuth: ${error.message}` };
    throw error;
  }
}

const NO_ANSWER: NoTokens = { kind: 'refused', reason: 'no answer of OAuth' };

/** A server's word for machines. What it says to people is never told: it may hold what it was sent, or gave to somebody else. */
function wordOf(error: string): string {
  return /^[a-z_]{1,40}$/.test(error) ? error : 'an error that no page of OAuth knows';
}

function tokensOf(given: oauth.TokenEndpointResponse): Tokens {
  const { access_token: access, expires_in: seconds, refresh_token: refresh, scope } = given;
  const claims = oauth.getValidatedIdTokenClaims(given);
  const email = claims?.['email'];
  return {
    accessToken: new Secret(access),
    forMs: seconds === undefined ? UNTOLD_MS : seconds * 1_000,
    ...(refresh === undefined ? {} : { refreshToken: new Secret(refresh) }),
    ...(scope === undefined ? {} : { scopes: scope.split(/\s+/).filter((each) => each !== '') }),
    ...(typeof email === 'string' && claims?.['email_verified'] !== false ? { account: email } : {}),
  };
}
