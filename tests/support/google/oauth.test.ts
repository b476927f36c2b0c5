// Consent and tokens: a row a fact, with the page that says so.

import { createHash, createVerify, generateKeyPairSync, createPublicKey, sign, type JsonWebKey } from 'node:crypto';
import { asked, asking, posted, refusalOf, type Asked } from './asking';
import { DESKTOP_CLIENT } from './controls';
import { describeFacts, fact, type Fact } from './facts';
import { startGoogleServer, type GoogleServer } from './google-server';
import { scope } from './reach';

const NATIVE = 'https://developers.google.com/identity/protocols/oauth2/native-app';
const WEB = 'https://developers.google.com/identity/protocols/oauth2/web-server';
const ACCOUNT = 'https://developers.google.com/identity/protocols/oauth2/service-account';
const OPENID = 'https://developers.google.com/identity/openid-connect/openid-connect';
const LIFE = 'https://developers.google.com/identity/protocols/oauth2#expiration';

const ANN = 'ann@example.com';
const ROBOT = 'robot@project.iam.gserviceaccount.com';
const REDIRECT = 'http://127.0.0.1:4711/done';
const EVENTS = 'calendars/primary/events';
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

let server: GoogleServer;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-03-01T12:00:00Z');
  server = await startGoogleServer({ now: () => now });
  server.addUser(ANN);
  server.addServiceAccount({ email: ROBOT, clientId: '117', publicKey, delegated: [scope('calendar')] });
  server.consent({ kind: 'allow', user: ANN });
});
afterEach(() => server.close());

type Form = Readonly<Record<string, string>>;
const client: Form = { client_id: DESKTOP_CLIENT.id, client_secret: DESKTOP_CLIENT.secret ?? '' };

const consented = (more: Form = {}) => {
  const usual = {
    client_id: DESKTOP_CLIENT.id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: scope('calendar'),
    state: 'a&b',
  };
  const query = new URLSearchParams({
    ...usual,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    access_type: 'offline',
    ...more,
  });
  return fetch(`${server.endpoints.authorize}?${query.toString()}`, { redirect: 'manual' });
};
const backFrom = async (more: Form = {}) => new URL((await consented(more)).headers.get('location') ?? 'none:').searchParams;
const exchange = (code: string | null, more: Form = {}) =>
  posted(server.endpoints.token, {
    ...{
      ...client,
      grant_type: 'authorization_code',
      code: code ?? '',
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
      ...more,
    },
  });
const tokens = async (more: Form = {}) => (await exchange((await backFrom(more)).get('code'))).body as Record<string, string>;
const refresh = (token = '', more: Form = {}) =>
  posted(server.endpoints.token, { ...client, grant_type: 'refresh_token', refresh_token: token, ...more });
const revoke = (token = '') => posted(server.endpoints.revoke, { token });
const lists = async (token = '') => (await asking(server, token)('GET', EVENTS)).status;

function assertion(more: Readonly<Record<string, unknown>> = {}): Promise<Asked> {
  const seconds = now / 1000;
  const claims = {
    iss: ROBOT,
    scope: scope('calendar'),
    aud: server.endpoints.token,
    iat: seconds,
    exp: seconds + 3_600,
    ...more,
  };
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((each) => Buffer.from(JSON.stringify(each)).toString('base64url'))
    .join('.');
  const signature = sign('RSA-SHA256', Buffer.from(text), keys.privateKey).toString('base64url');
  return posted(server.endpoints.token, {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: `${text}.${signature}`,
  });
}

const CONSENT: readonly Fact[] = [
  fact('goes back with a code and the state', NATIVE, async () => {
    const response = await consented();
    expect(response.status).toBe(302);
    const back = new URL(response.headers.get('location') ?? '');
    expect([`${back.origin}${back.pathname}`, back.searchParams.get('state')]).toEqual([REDIRECT, 'a&b']);
    expect(back.searchParams.get('code')).toMatch(/^4\/0A/);
  }),
  fact('goes back with access_denied', NATIVE, async () => {
    server.consent({ kind: 'deny' });
    const back = await backFrom();
    expect([back.get('error'), back.get('code'), back.get('state')]).toEqual(['access_denied', null, 'a&b']);
  }),
  fact('says which scopes were left ticked', WEB, async () => {
    server.consent({ kind: 'allow', user: ANN, without: [scope('calendar')] });
    expect((await backFrom({ scope: `openid ${scope('calendar')}` })).get('scope')).toBe('openid');
    expect(await tokens({ scope: `openid ${scope('calendar')}` })).toMatchObject({ scope: 'openid' });
  }),
  fact(
    'goes to any port of the loopback for a desktop, and to no other place',
    'https://developers.google.com/identity/protocols/oauth2/resources/loopback-migration',
    async () => {
      expect((await consented({ redirect_uri: 'http://127.0.0.1:1/' })).status).toBe(302);
      for (const redirect of ['http://localhost.example:1/', 'https://crm.example.com/done', 'urn:ietf:wg:oauth:2.0:oob'])
        expect((await consented({ redirect_uri: redirect })).status).toBe(400);
    },
  ),
  fact('goes for a web application to what is registered, to the letter', WEB, async () => {
    server.addClient({ id: 'web', kind: 'web', redirectUris: ['https://crm.example.com/done'] });
    const to = async (redirect: string) => (await consented({ client_id: 'web', redirect_uri: redirect })).status;
    expect([await to('https://crm.example.com/done'), await to('https://crm.example.com/done/'), await to(REDIRECT)]).toEqual([
      302, 400, 400,
    ]);
  }),
  fact('shows a page where the request is wrong, and goes nowhere', NATIVE, async () => {
    const wrong: readonly Form[] = [
      { response_type: 'token' },
      { scope: '' },
      { code_challenge_method: 'plain' },
      { acces_type: 'offline' },
    ];
    for (const more of wrong)
      expect([(await consented(more)).status, (await consented(more)).headers.get('location')]).toEqual([400, null]);
    expect((await consented({ client_id: 'nobody' })).status).toBe(401);
  }),
];

const EXCHANGE: readonly Fact[] = [
  fact('gives both tokens for a code', NATIVE, async () => {
    const given = await tokens();
    expect(given).toEqual({
      ...{ access_token: expect.any(String), refresh_token: expect.any(String), expires_in: 3_599 },
      ...{ scope: scope('calendar'), token_type: 'Bearer' },
    });
    expect(await lists(given['access_token'])).toBe(200);
  }),
  fact('gives no refresh token unless it is asked for offline', WEB, async () => {
    expect(Object.keys(await tokens({ access_type: 'online' }))).not.toContain('refresh_token');
  }),
  fact('wants the verifier of the challenge', NATIVE, async () => {
    const wrong = await exchange((await backFrom()).get('code'), { code_verifier: 'w'.repeat(43) });
    expect([wrong.status, wrong.body]).toEqual([400, { error: 'invalid_grant', error_description: 'Invalid code verifier.' }]);
    const code = (await backFrom()).get('code') ?? '';
    const without = await posted(server.endpoints.token, {
      ...client,
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
    });
    expect(without.body).toEqual({ error: 'invalid_grant', error_description: 'Missing code verifier.' });
  }),
  fact('wants the address that the code went to', WEB, async () => {
    const wrong = await exchange((await backFrom()).get('code'), { redirect_uri: 'http://127.0.0.1:4712/done' });
    expect(refusalOf(wrong)).toEqual([400, 'redirect_uri_mismatch']);
  }),
  fact(
    'takes a code once, and the second time takes back what it gave',
    'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2',
    async () => {
      const code = (await backFrom()).get('code');
      const given = (await exchange(code)).body as Record<string, string>;
      expect(refusalOf(await exchange(code))).toEqual([400, 'invalid_grant']);
      expect(await lists(given['access_token'])).toBe(401);
      expect(refusalOf(await refresh(given['refresh_token']))).toEqual([400, 'invalid_grant']);
    },
  ),
  fact(
    'takes no code that nobody gave, is old, or is another client’s',
    'https://www.rfc-editor.org/rfc/rfc6749#section-5.2',
    async () => {
      expect(refusalOf(await exchange('4/0Anonsense'))).toEqual([400, 'invalid_grant']);
      const code = (await backFrom()).get('code');
      server.addClient({ id: 'other', kind: 'desktop' });
      expect(refusalOf(await exchange(code, { client_id: 'other', client_secret: '' }))).toEqual([400, 'invalid_grant']);
      now += 600_000;
      expect(refusalOf(await exchange(code))).toEqual([400, 'invalid_grant']);
    },
  ),
  fact('knows its clients, by the form or the header', 'https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1', async () => {
    const code = (await backFrom()).get('code');
    expect(refusalOf(await exchange(code, { client_id: 'nobody' }))).toEqual([401, 'invalid_client']);
    expect(refusalOf(await exchange(code, { client_secret: 'wrong' }))).toEqual([401, 'invalid_client']);
    const form = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: REDIRECT, code_verifier: VERIFIER };
    const basic = Buffer.from(`${client['client_id']}:${client['client_secret']}`).toString('base64');
    expect((await posted(server.endpoints.token, form, { Authorization: `Basic ${basic}` })).status).toBe(200);
  }),
  fact(
    'takes forms alone, and nothing in them that nobody knows',
    'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3',
    async () => {
      expect(refusalOf(await exchange((await backFrom()).get('code'), { codeverifier: 'x' }))).toEqual([400, 'invalid_request']);
      expect(refusalOf(await posted(server.endpoints.token, { grant_type: 'password' }))).toEqual([
        400,
        'unsupported_grant_type',
      ]);
      const json = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } };
      expect(refusalOf(await asked(await fetch(server.endpoints.token, json)))).toEqual([400, 'invalid_request']);
    },
  ),
  fact('says who it is where openid is asked for, signed', OPENID, async () => {
    const { id_token: token = '' } = await tokens({ scope: 'openid email', nonce: 'n' });
    const [head = '', payload = '', signature = ''] = token.split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(claims).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: DESKTOP_CLIENT.id,
      email: ANN,
      email_verified: true,
      nonce: 'n',
    });
    const { keys: known } = (await (await fetch(server.endpoints.certificates)).json()) as {
      readonly keys: readonly JsonWebKey[];
    };
    const key = createPublicKey({ key: known[0] ?? {}, format: 'jwk' });
    expect(createVerify('RSA-SHA256').update(`${head}.${payload}`).verify(key, signature, 'base64url')).toBe(true);
    expect(Object.keys(await tokens())).not.toContain('id_token');
  }),
];

const REFRESH: readonly Fact[] = [
  fact('gives a new access token, and no refresh token', NATIVE, async () => {
    const given = await tokens();
    const renewed = await refresh(given['refresh_token']);
    expect(Object.keys(renewed.body).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
    expect(await lists(String(renewed.body['access_token']))).toBe(200);
  }),
  fact(
    'refuses what was revoked, in words of its own',
    'https://www.nango.dev/blog/google-oauth-invalid-grant-token-has-been-expired-or-revoked',
    async () => {
      const given = await tokens();
      expect((await revoke(given['refresh_token'])).status).toBe(200);
      const refused = await refresh(given['refresh_token']);
      expect([refused.status, refused.body]).toEqual([
        400,
        { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
      ]);
      expect(await lists(given['access_token'])).toBe(401);
    },
  ),
  fact(
    'refuses what nobody knows, and what is another client’s',
    'https://www.rfc-editor.org/rfc/rfc6749#section-5.2',
    async () => {
      const given = await tokens();
      server.addClient({ id: 'other', kind: 'desktop' });
      expect(refusalOf(await refresh('1//0nonsense'))).toEqual([400, 'invalid_grant']);
      expect(refusalOf(await refresh(given['refresh_token'], { client_id: 'other' }))).toEqual([400, 'invalid_grant']);
    },
  ),
  fact('gives fewer scopes if asked, and none beside its own', 'https://www.rfc-editor.org/rfc/rfc6749#section-6', async () => {
    const given = await tokens({ scope: `openid ${scope('calendar')}` });
    expect((await refresh(given['refresh_token'], { scope: 'openid' })).body['scope']).toBe('openid');
    expect(refusalOf(await refresh(given['refresh_token'], { scope: 'email' }))).toEqual([400, 'invalid_scope']);
  }),
  fact('ends the oldest of more than 100 tokens, and tells nobody', LIFE, async () => {
    const first = server.grant(ANN).refresh;
    for (let n = 1; n < 100; n += 1) server.grant(ANN);
    expect((await refresh(first)).status).toBe(200);
    server.grant(ANN);
    expect(refusalOf(await refresh(first))).toEqual([400, 'invalid_grant']);
  }),
  fact('revokes both tokens by either, and says so of one that it does not know', WEB, async () => {
    const given = await tokens();
    expect((await revoke(given['access_token'])).status).toBe(200);
    expect(refusalOf(await refresh(given['refresh_token']))).toEqual([400, 'invalid_grant']);
    expect(refusalOf(await revoke('nonsense'))).toEqual([400, 'invalid_token']);
  }),
];

const ASSERTION: readonly Fact[] = [
  fact('is good for a user within what the administrator allowed', ACCOUNT, async () => {
    const given = await assertion({ sub: ANN });
    expect(await lists(String(given.body['access_token']))).toBe(200);
    expect(Object.keys(given.body)).not.toContain('refresh_token');
  }),
  fact('is refused for other scopes', ACCOUNT, async () => {
    expect(refusalOf(await assertion({ sub: ANN, scope: 'email' }))).toEqual([401, 'unauthorized_client']);
  }),
  fact(
    'is refused for whom nobody knows, unsigned, too long, too late, for another place, and without a scope',
    ACCOUNT,
    async () => {
      const wrong: readonly Record<string, unknown>[] = [
        ...[{ sub: 'nobody@example.com' }, { iss: 'other' }, { exp: now / 1000 + 3_601 }, { aud: 'https://elsewhere.example' }],
        { iat: now / 1000 - 7_200, exp: now / 1000 - 3_600 },
      ];
      for (const more of wrong) expect(refusalOf(await assertion(more))).toEqual([400, 'invalid_grant']);
      expect(refusalOf(await assertion({ scope: '' }))).toEqual([400, 'invalid_scope']);
      server.addServiceAccount({ email: ROBOT, clientId: '117', publicKey: otherKey(), delegated: [] });
      expect(refusalOf(await assertion())).toEqual([400, 'invalid_grant']);
    },
  ),
  fact(
    'has guests only in the name of a user',
    'https://developers.google.com/workspace/calendar/api/v3/reference/events',
    async () => {
      server.addUser(ROBOT);
      const event = {
        start: { date: '2026-03-02' },
        end: { date: '2026-03-03' },
        attendees: [{ email: 'guest@elsewhere.example' }],
      };
      const insert = async (token: Asked) => asking(server, String(token.body['access_token']))('POST', EVENTS, event);
      expect(refusalOf(await insert(await assertion()))).toEqual([403, 'forbiddenForServiceAccounts']);
      expect((await insert(await assertion({ sub: ANN }))).status).toBe(200);
    },
  ),
  fact(
    'counts for one user, whomever it is for',
    'https://developers.google.com/workspace/calendar/api/guides/quota',
    async () => {
      server.addUser('bob@example.com');
      server.limit({ perUser: 1 });
      const of = async (sub: string, query = '') =>
        asking(server, String((await assertion({ sub })).body['access_token']))('GET', `${EVENTS}${query}`);
      expect([(await of(ANN)).status, (await of('bob@example.com')).status]).toEqual([200, 403]);
      expect((await of('bob@example.com', '?quotaUser=bob')).status).toBe(200);
    },
  ),
];

function otherKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

describeFacts('OAuth: consent', CONSENT);
describeFacts('OAuth: a code', EXCHANGE);
describeFacts('OAuth: a refresh token', REFRESH);
describeFacts('OAuth: an assertion', ASSERTION);

describe('OAuth: a mishap', () => {
  it('meets the token endpoint, and consent, and revocation', async () => {
    const { refresh: token } = server.grant(ANN);
    server.misbehave({ method: 'token', what: { kind: 'status', status: 503 } }, { method: 'authorize', what: { kind: 'page' } });
    server.misbehave({ method: 'revoke', what: { kind: 'reset', done: true } });
    expect((await refresh(token)).status).toBe(503);
    expect((await refresh(token)).status).toBe(200);
    expect((await consented()).status).toBe(200);
    await expect(revoke(token)).rejects.toThrow('fetch failed');
    expect(refusalOf(await refresh(token))).toEqual([400, 'invalid_grant']);
  });
});
