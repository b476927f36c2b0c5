// OAuth as a groupware needs it: over an emulator that nobody here wrote, and over a server of ours for what that never does.

import { generateKeyPairSync } from 'node:crypto';
import { Secret } from '../../src/core/secret';
import { signAssertion } from '../../src/io/assertion';
import { sendHttp } from '../../src/io/http';
import { openOAuth } from '../../src/io/oauth';
import type { NoTokens, OAuth, OAuthParts, TokenAnswer, Tokens } from '../../src/io/oauth-contract';
import { startEmulate, type Emulate } from '../support/emulate';
import { freePort } from '../support/free-port';
import { startJsonServer, type JsonReply, type JsonServer } from '../support/json-server';

const ID = 'crm.apps.example';
const SECRET = 'GOCSPX-a-client-secret';
const REDIRECT = 'http://127.0.0.1:4711/';
const SCOPES = ['openid', 'email', 'https://www.googleapis.com/auth/calendar.app.created'];

const { signal } = new AbortController();

function partsOf(url: string, changed: Partial<OAuthParts> = {}): OAuthParts {
  return {
    ...{ authorize: `${url}/o/oauth2/v2/auth`, token: `${url}/oauth2/token`, revoke: `${url}/oauth2/revoke` },
    ...{ clientId: ID, clientSecret: new Secret(SECRET), http: sendHttp, settings: { proxy: false }, now: () => Date.now() },
    ...changed,
  };
}

function tokensIn(answer: TokenAnswer): Tokens {
  if (answer.kind !== 'tokens') throw new Error(`no tokens: ${answer.reason}`);
  return answer.tokens;
}

describe('OAuth over an emulator', () => {
  let google: Emulate;
  let oauth: OAuth;

  beforeAll(async () => {
    google = await startEmulate({
      users: [{ email: 'pmorales@example.com' }],
      oauth_clients: [{ client_id: ID, client_secret: SECRET, redirect_uris: [REDIRECT] }],
    });
    oauth = openOAuth(partsOf(google.url));
  });
  afterAll(() => google.close());

  const agreed = async (by = oauth) => {
    const begun = await by.begin({ redirectUri: REDIRECT, scopes: SCOPES });
    return { begun, arrived: await google.agree(begun.address, 'pmorales@example.com') };
  };

  it('makes tokens of a consent, and says whose account it is', async () => {
    const { begun, arrived } = await agreed();
    const tokens = tokensIn(await begun.finish(arrived, signal));
    expect(tokens).toMatchObject({ account: 'pmorales@example.com', scopes: SCOPES, forMs: 3_600_000 });
    expect(tokens.refreshToken).toBeInstanceOf(Secret);
  });

  it('asks for a consent with a verifier and a state of its own each time', async () => {
    const asked = await Promise.all(
      [1, 2].map(() => oauth.begin({ redirectUri: REDIRECT, scopes: SCOPES, more: { prompt: 'consent' } })),
    );
    const [first, second] = asked.map(({ address }) => new URL(address).searchParams);
    expect(first?.get('code_challenge_method')).toBe('S256');
    expect(first?.get('prompt')).toBe('consent');
    for (const name of ['state', 'code_challenge']) {
      expect(first?.get(name)).toMatch(/^[\w-]{43}$/);
      expect(first?.get(name)).not.toBe(second?.get(name));
    }
  });

  it('takes no answer that belongs to another consent', async () => {
    const [mine, other] = [await agreed(), await agreed()];
    expect(await mine.begun.finish(other.arrived, signal)).toMatchObject({ kind: 'refused' });
    const stolen = new URL(other.arrived);
    stolen.searchParams.set('state', mine.arrived.searchParams.get('state') ?? '');
    expect(await mine.begun.finish(stolen, signal)).toMatchObject({
      kind: 'consent',
      reason: expect.stringContaining('invalid_grant'),
    });
  });

  it('makes nothing of a code that was used', async () => {
    const { begun, arrived } = await agreed();
    tokensIn(await begun.finish(arrived, signal));
    expect(await begun.finish(arrived, signal)).toMatchObject({ kind: 'consent' });
  });

  it('makes a new access token until the consent is revoked', async () => {
    const { begun, arrived } = await agreed();
    const { refreshToken = new Secret(''), accessToken } = tokensIn(await begun.finish(arrived, signal));
    const { accessToken: second } = tokensIn(await oauth.refresh(refreshToken, signal));
    expect(second.reveal()).not.toBe(accessToken.reveal());
    expect(await oauth.revoke(refreshToken, signal)).toBeUndefined();
    expect(await oauth.refresh(refreshToken, signal)).toMatchObject({ kind: 'consent' });
    expect(await oauth.revoke(refreshToken, signal)).toBeUndefined();
  });

  it('tells a client that is not let in from a consent that counts no more', async () => {
    const { begun, arrived } = await agreed();
    const { refreshToken = new Secret('') } = tokensIn(await begun.finish(arrived, signal));
    const wrong = openOAuth(partsOf(google.url, { clientSecret: new Secret('GOCSPX-another-one') }));
    expect(await wrong.refresh(refreshToken, signal)).toMatchObject({ kind: 'client' });
    expect(await oauth.refresh(new Secret('1//nobody-gave-this'), signal)).toMatchObject({ kind: 'consent' });
  });
});

describe('OAuth over a server', () => {
  let server: JsonServer;
  let oauth: OAuth;

  beforeAll(async () => {
    server = await startJsonServer(() => ({
      status: 200,
      body: { access_token: 'ya29.new', token_type: 'Bearer', expires_in: 3599 },
    }));
    oauth = openOAuth(partsOf(server.url));
  });
  afterAll(() => server.close());

  const error = (word: string, status = 400, description = '') => ({
    status,
    body: { error: word, error_description: description },
  });
  it.each<[string, JsonReply, NoTokens]>([
    [
      'invalid_grant',
      error('invalid_grant', 400, 'Token has been expired or revoked.'),
      { kind: 'consent', reason: 'invalid_grant' },
    ],
    ['invalid_client', error('invalid_client', 401), { kind: 'client', reason: 'invalid_client' }],
    ['unauthorized_client', error('unauthorized_client'), { kind: 'client', reason: 'unauthorized_client' }],
    ['invalid_scope', error('invalid_scope'), { kind: 'client', reason: 'invalid_scope' }],
    ['a word that nobody knows', error('rapt_required'), { kind: 'refused', reason: 'rapt_required' }],
    [
      'a failure of the server',
      { status: 503, headers: { 'retry-after': '7' }, body: 'busy' },
      { kind: 'later', reason: 'the server answers 503', afterMs: 7_000 },
    ],
    ['too many', { status: 429, body: error('invalid_grant').body }, { kind: 'later', reason: 'the server answers 429' }],
    ['a lost answer', 'reset', { kind: 'later', reason: expect.stringContaining('ECONNRESET') as string }],
    ['half an answer', 'keep and cut', { kind: 'later', reason: expect.any(String) as string }],
    [
      'a page',
      { status: 200, body: '<html>Sign in</html>' },
      { kind: 'refused', reason: expect.stringContaining('no answer of OAuth') as string },
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://elsewhere.example/' } },
      { kind: 'refused', reason: expect.stringContaining('no answer of OAuth') as string },
    ],
    [
      'no token',
      { status: 200, body: { token_type: 'Bearer' } },
      { kind: 'refused', reason: expect.stringContaining('no answer of OAuth') as string },
    ],
    [
      'another type of token',
      { status: 200, body: { access_token: 'a', token_type: 'mac' } },
      { kind: 'refused', reason: expect.stringContaining('no answer of OAuth') as string },
    ],
  ])('tells what it means: %s', async (_, reply, expected) => {
    server.answer(reply);
    expect(await oauth.refresh(new Secret('1//a-refresh-token'), signal)).toEqual(expected);
  });

  it('goes on later where nobody is there', async () => {
    const nobody = openOAuth(partsOf(`http://127.0.0.1:${await freePort()}`));
    expect(await nobody.refresh(new Secret('1//a-refresh-token'), signal)).toMatchObject({
      kind: 'later',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('says nothing again that the server said to people, whoever’s it is', async () => {
    const token = '1//0gAbCdEf-a-refresh-token';
    server.answer(error('invalid_grant', 400, `no such token ${token} of ${SECRET}`));
    const answer = await oauth.refresh(new Secret(token), signal);
    expect(answer).toEqual({ kind: 'consent', reason: 'invalid_grant' });
    server.answer(error(token, 400, token));
    expect(await oauth.refresh(new Secret('1//another'), signal)).toEqual({
      kind: 'refused',
      reason: 'an error that no page of OAuth knows',
    });
  });

  it('keeps the word of a person who said no', async () => {
    const begun = await oauth.begin({ redirectUri: REDIRECT, scopes: SCOPES });
    const arrived = new URL(REDIRECT);
    arrived.searchParams.set('error', 'access_denied');
    arrived.searchParams.set('state', new URL(begun.address).searchParams.get('state') ?? '');
    expect(await begun.finish(arrived, signal)).toEqual({ kind: 'denied', reason: 'access_denied' });
  });

  it('revokes in the body, which no log of a proxy has', async () => {
    server.answer({ status: 200, body: {} });
    expect(await oauth.revoke(new Secret('1//a-refresh-token'), signal)).toBeUndefined();
    const { query, body } = server.requests.at(-1) ?? {};
    expect(String(query)).toBe('');
    expect(new URLSearchParams(body).get('token')).toBe('1//a-refresh-token');
  });

  it('asks in the name of a user by what a service account signed', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2_048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const key = { issuer: 'crm@project.iam.example', keyId: 'k1', privateKey: new Secret(privateKey) };
    const claims = {
      subject: 'pmorales@example.com',
      scopes: SCOPES,
      audience: `${server.url}/oauth2/token`,
      now: 1_700_000_000_900,
    };
    const assertion = await signAssertion(claims, key);
    expect(tokensIn(await oauth.assert(assertion, signal)).accessToken.reveal()).toBe('ya29.new');
    const form = new URLSearchParams(server.requests.at(-1)?.body);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect([...form.keys()].sort()).toEqual(['assertion', 'grant_type']);
    const [head, said] = (form.get('assertion') ?? '').split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'));
    expect(JSON.parse(head ?? '')).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
    expect(JSON.parse(said ?? '')).toEqual({
      iss: 'crm@project.iam.example',
      sub: 'pmorales@example.com',
      aud: `${server.url}/oauth2/token`,
      scope: SCOPES.join(' '),
      iat: 1_700_000_000,
      exp: 1_700_003_600,
    });
  });

  it('says what is wrong with a key that is none', async () => {
    const key = { issuer: 'crm@project.iam.example', keyId: 'k1', privateKey: new Secret('-----BEGIN PRIVATE KEY-----\nno key') };
    const claims = { subject: 'a@example.com', scopes: SCOPES, audience: server.url, now: 0 };
    await expect(signAssertion(claims, key)).rejects.toThrow('the key of the service account is no private key');
  });
});
