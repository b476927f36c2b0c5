// Google's own client of OAuth, which nobody here wrote, at the stand-in.

import { createHash, generateKeyPairSync } from 'node:crypto';
import { CodeChallengeMethod, JWT, OAuth2Client } from 'google-auth-library';
import { DESKTOP_CLIENT } from './controls';
import { startGoogleServer, type GoogleServer } from './google-server';
import { scope } from './reach';

const ANN = 'ann@example.com';
const REDIRECT = 'http://127.0.0.1:4711/done';
// Its own transport is a module that only Node itself can load.
const transporterOptions = { fetchImplementation: fetch };

let server: GoogleServer;
let now: number;

beforeEach(async () => {
  now = Date.now();
  server = await startGoogleServer({ now: () => now });
  server.addUser(ANN);
  server.consent({ kind: 'allow', user: ANN });
});
afterEach(() => server.close());

function libraryClient(): OAuth2Client {
  const { authorize, token, revoke, certificates } = server.endpoints;
  const endpoints = {
    oauth2AuthBaseUrl: authorize,
    oauth2TokenUrl: token,
    oauth2RevokeUrl: revoke,
    oauth2FederatedSignonJwkCertsUrl: certificates,
  };
  const { id: clientId, secret: clientSecret = '' } = DESKTOP_CLIENT;
  return new OAuth2Client({
    clientId,
    clientSecret,
    redirectUri: REDIRECT,
    endpoints,
    transporterOptions,
    forceRefreshOnFailure: true,
  });
}

async function connected(): Promise<OAuth2Client> {
  const client = libraryClient();
  const codeVerifier = 'v'.repeat(43);
  const url = client.generateAuthUrl({
    ...{ access_type: 'offline', prompt: 'consent', state: 's', scope: ['openid', 'email', scope('calendar')] },
    ...{
      code_challenge_method: CodeChallengeMethod.S256,
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    },
  });
  const response = await fetch(url, { redirect: 'manual' });
  const code = new URL(response.headers.get('location') ?? 'none:').searchParams.get('code') ?? '';
  const { tokens } = await client.getToken({ code, codeVerifier });
  client.setCredentials(tokens);
  return client;
}

const list = (client: OAuth2Client) =>
  client.request({ url: `${server.endpoints.calendar}/calendar/v3/calendars/primary/events` });

describe('google-auth-library', () => {
  it('gets tokens for a code', async () => {
    const client = await connected();
    expect(client.credentials).toMatchObject({ refresh_token: expect.any(String), id_token: expect.any(String) });
    expect((await list(client)).status).toBe(200);
  });

  it('gets a new token when the old one is refused', async () => {
    const client = await connected();
    const before = client.credentials.access_token;
    server.expireAccessTokens();
    expect((await list(client)).status).toBe(200);
    expect(client.credentials.access_token).not.toBe(before);
  });

  it('is told that a token was revoked, which it sends in the query', async () => {
    const client = await connected();
    const { refresh_token: token = null } = client.credentials;
    await client.revokeToken(token ?? '');
    await expect(client.refreshAccessToken()).rejects.toThrow('invalid_grant');
  });

  it('gets a token for a user by an assertion', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = { type: 'spki', format: 'pem' } as const;
    const email = 'robot@project.iam.gserviceaccount.com';
    server.addServiceAccount({
      email,
      clientId: '117',
      publicKey: publicKey.export(pem).toString(),
      delegated: [scope('calendar')],
    });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    // It knows one place for tokens, and no option names another.
    const elsewhere = (place: string | URL | Request, init?: RequestInit) => {
      const { url } = new Request(place, init);
      return fetch(url === 'https://oauth2.googleapis.com/token' ? server.endpoints.token : url, init);
    };
    const client = new JWT({
      email,
      key,
      subject: ANN,
      scopes: [scope('calendar')],
      transporterOptions: { fetchImplementation: elsewhere },
    });
    expect((await list(client)).status).toBe(200);
    expect(server.calls).toMatchObject([{ user: ANN, method: 'events.list' }]);
  });
});
