// Where consent is asked for, and where tokens are given and taken back.
// https://developers.google.com/identity/protocols/oauth2/native-app, .../web-server and .../service-account

import { createHash } from 'node:crypto';
import type { Answer } from './errors';
import { readAssertion, type ServiceAccount } from './service-account';
import type { IdTokens } from './id-token';
import type { Code, Tokens } from './tokens';

/** A program that Google knows. */
export interface Client {
  readonly id: string;
  readonly secret?: string;
  /** A program on a desktop may listen on any port of the loopback; of any other the whole address counts. */
  readonly kind: 'desktop' | 'web';
  readonly redirectUris?: readonly string[];
}

/** What the person says who is asked; everything that is wanted, unless some scopes are left out. */
export type Consent =
  { readonly kind: 'allow'; readonly user: string; readonly without?: readonly string[] } | { readonly kind: 'deny' };

export interface OAuthState {
  readonly now: () => number;
  readonly tokens: Tokens;
  readonly idTokens: IdTokens;
  readonly clients: Map<string, Client>;
  readonly serviceAccounts: Map<string, ServiceAccount>;
  readonly users: ReadonlyMap<string, unknown>;
  /** Where tokens are asked for; the audience of an assertion. */
  tokenAddress: string;
  consent: Consent;
}

const refusal = (status: number, error: string, description: string): Answer => ({
  status,
  body: { error, error_description: description },
});

/** A page for the person, not a redirect: the address to go back to is not to be trusted. */
const page = (status: number, words: string): Answer => ({
  status,
  body: `<!doctype html><title>Error ${status}: ${words}</title>`,
});

const AUTHORIZE = [
  ...['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'code_challenge', 'code_challenge_method', 'login_hint'],
  ...['access_type', 'prompt', 'include_granted_scopes', 'nonce', 'hd'],
];

/** Somebody's browser is sent here, and from here back to the program. */
export function authorize(state: OAuthState, query: URLSearchParams): Answer {
  const client = state.clients.get(query.get('client_id') ?? '');
  const redirect = query.get('redirect_uri') ?? '';
  if (client === undefined) return page(401, 'invalid_client');
  if (!isRegistered(client, redirect)) return page(400, 'redirect_uri_mismatch');
  const problem = authorizeProblem(query);
  if (problem !== undefined) return page(400, `invalid_request ${problem}`);
  const back = new URL(redirect);
  const passed = query.get('state');
  if (passed !== null) back.searchParams.set('state', passed);
  const { consent } = state;
  if (consent.kind === 'deny') {
    back.searchParams.set('error', 'access_denied');
    return { status: 302, headers: { Location: back.href } };
  }
  const scopes = new Set((query.get('scope') ?? '').split(' ').filter((each) => consent.without?.includes(each) !== true));
  const [challenge, nonce] = [query.get('code_challenge'), query.get('nonce')];
  const { code } = state.tokens.newCode({
    ...{
      email: consent.user,
      clientId: client.id,
      redirectUri: redirect,
      scopes,
      isOffline: query.get('access_type') === 'offline',
    },
    ...(challenge === null ? {} : { challenge }),
    ...(nonce === null ? {} : { nonce }),
  });
  back.searchParams.set('code', code);
  back.searchParams.set('scope', [...scopes].join(' '));
  return { status: 302, headers: { Location: back.href } };
}

function isRegistered({ kind, redirectUris = [] }: Client, redirect: string): boolean {
  if (kind === 'desktop') return /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?(\/[^?#]*)?$/.test(redirect);
  return redirectUris.includes(redirect);
}

function authorizeProblem(query: URLSearchParams): string | undefined {
  const foreign = [...query.keys()].find((name) => !AUTHORIZE.includes(name));
  if (foreign !== undefined) return `Unknown parameter: ${foreign}`;
  if (query.get('response_type') !== 'code') return 'Required parameter is missing: response_type';
  if ((query.get('scope') ?? '') === '') return 'Missing required parameter: scope';
  if (query.has('code_challenge') && query.get('code_challenge_method') !== 'S256') return 'code_challenge_method must be S256';
  return undefined;
}

const GRANTS: Readonly<Record<string, (state: OAuthState, form: URLSearchParams) => Answer>> = {
  authorization_code: exchangeCode,
  refresh_token: refresh,
  'urn:ietf:params:oauth:grant-type:jwt-bearer': forAssertion,
};
const TOKEN = [
  'grant_type',
  'code',
  'redirect_uri',
  'client_id',
  'client_secret',
  'code_verifier',
  'refresh_token',
  'scope',
  'assertion',
];

/** Gives tokens. The client says who it is in the form, or in the header. */
export function token(state: OAuthState, form: URLSearchParams, authorization: string | undefined): Answer {
  const foreign = [...form.keys()].find((name) => !TOKEN.includes(name));
  if (foreign !== undefined) return refusal(400, 'invalid_request', `Unknown parameter: ${foreign}`);
  const basic = /^Basic (.+)$/.exec(authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
    form.set('client_id', id);
    form.set('client_secret', secret);
  }
  const grant = GRANTS[form.get('grant_type') ?? ''];
  if (grant === undefined) return refusal(400, 'unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`);
  return grant(state, form);
}

/** The client of a form, or why it is not let in. */
function clientOf({ clients }: OAuthState, form: URLSearchParams): Client | Answer {
  const client = clients.get(form.get('client_id') ?? '');
  if (client === undefined) return refusal(401, 'invalid_client', 'The OAuth client was not found.');
  if (client.secret !== undefined && client.secret !== form.get('client_secret'))
    return refusal(401, 'invalid_client', 'Unauthorized');
  return client;
}

function exchangeCode(state: OAuthState, form: URLSearchParams): Answer {
  const client = clientOf(state, form);
  if ('status' in client) return client;
  const code = state.tokens.codes.get(form.get('code') ?? '');
  if (code === undefined) return refusal(400, 'invalid_grant', 'Malformed auth code.');
  // RFC 6749, 4.1.2: what was given for it before is taken back.
  if (code.spentOn !== undefined) {
    for (const each of code.spentOn) state.tokens.revoke(each);
    return refusal(400, 'invalid_grant', 'Bad Request');
  }
  const problem = codeProblem(state, code, client, form);
  if (problem !== undefined) return refusal(400, ...problem);
  const { email, clientId, scopes } = code;
  const renewed = code.isOffline ? state.tokens.newRefresh({ email, clientId, scopes }) : undefined;
  const given = renewed === undefined ? {} : { refreshToken: renewed.token };
  const access = state.tokens.newAccess({ email, clientId, scopes, isDelegated: false, ...given });
  code.spentOn = [access.token, ...(renewed === undefined ? [] : [renewed.token])];
  const id = scopes.has('openid') ? { id_token: state.idTokens.make(code) } : {};
  return {
    status: 200,
    body: { ...said(access, state), ...(renewed === undefined ? {} : { refresh_token: renewed.token }), ...id },
  };
}

function codeProblem(
  { now }: OAuthState,
  code: Code,
  client: Client,
  form: URLSearchParams,
): readonly [error: string, description: string] | undefined {
  if (code.clientId !== client.id || code.expiresAt <= now()) return ['invalid_grant', 'Bad Request'];
  if (code.redirectUri !== form.get('redirect_uri')) return ['redirect_uri_mismatch', 'Bad Request'];
  const verifier = form.get('code_verifier');
  if (code.challenge === undefined) return undefined;
  if (verifier === null) return ['invalid_grant', 'Missing code verifier.'];
  const isRight = createHash('sha256').update(verifier).digest('base64url') === code.challenge;
  return isRight ? undefined : ['invalid_grant', 'Invalid code verifier.'];
}

function refresh(state: OAuthState, form: URLSearchParams): Answer {
  const client = clientOf(state, form);
  if ('status' in client) return client;
  const known = state.tokens.refresh.get(form.get('refresh_token') ?? '');
  if (known?.clientId !== client.id) return refusal(400, 'invalid_grant', 'Bad Request');
  if (known.isRevoked) return refusal(400, 'invalid_grant', 'Token has been expired or revoked.');
  const wanted = form.get('scope')?.split(' ') ?? [...known.scopes];
  if (wanted.some((each) => !known.scopes.has(each))) return refusal(400, 'invalid_scope', 'Bad Request');
  const { email, clientId, token: refreshToken } = known;
  return {
    status: 200,
    body: said(state.tokens.newAccess({ email, clientId, scopes: new Set(wanted), isDelegated: false, refreshToken }), state),
  };
}

function forAssertion(state: OAuthState, form: URLSearchParams): Answer {
  const read = readAssertion(form.get('assertion') ?? '', state);
  if (read.kind === 'refused') return refusal(read.status, read.error, read.description);
  const { account, subject, scopes } = read;
  const access = state.tokens.newAccess({
    ...{ email: subject ?? account.email, serviceAccount: account.email, isDelegated: subject !== undefined },
    ...{ clientId: account.clientId, scopes },
  });
  return { status: 200, body: said(access, state) };
}

function said(access: { readonly token: string; readonly scopes: ReadonlySet<string> }, { tokens }: OAuthState): object {
  return { access_token: access.token, expires_in: tokens.lifetimeS, scope: [...access.scopes].join(' '), token_type: 'Bearer' };
}

/** Takes a token back; it is looked for in the form, and in the query, as Google's own library sends it. */
export function revoke({ tokens }: OAuthState, form: URLSearchParams, query: URLSearchParams): Answer {
  const given = form.get('token') ?? query.get('token') ?? '';
  if (tokens.revoke(given)) return { status: 200, body: {} };
  return refusal(400, 'invalid_token', 'Token expired or revoked');
}
