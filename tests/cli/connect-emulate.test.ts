// Users agree at an emulator of Google's OAuth that nobody here wrote, through the built program.

import { createHash } from 'node:crypto';
import { installGoogle, page, type GoogleInstallation } from '../support/connecting';
import { DESKTOP_CLIENT } from '../support/google/controls';
import { freePort } from '../support/free-port';
import { join } from 'node:path';
import { unseal } from '../../src/core/vault';
import { vaultKeyOf } from '../../src/core/vault-keys';
import { refreshOf } from '../../src/groupware/google/consent/tokens';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { openSqlConsents } from '../../src/ledger/sql-consents';
import { startEmulate, type Emulate } from '../support/emulate';

jest.setTimeout(60_000);

const EMAIL = 'agent1@brightwater.example';

let here: GoogleInstallation;

const said = (text: string) => expect.stringContaining(text) as string;

/** Who agreed, as `connect --list --json` tells. */
async function listed(at = here): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const lines = (await at.run('connect', '--list', '--json')).stdout.trim().split('\n');
  const all = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(all.map(({ user, state, account, why }) => [String(user), [state, account, why]] as const));
}

const GIVEN = ['given', EMAIL, ''];

describe('connect, over an emulator that nobody here wrote,', () => {
  let emulate: Emulate;
  let port: number;

  beforeEach(async () => {
    port = await freePort();
    const { id, secret } = DESKTOP_CLIENT;
    emulate = await startEmulate({
      users: [{ email: EMAIL }, { email: 'private@example.com' }],
      oauth_clients: [{ client_id: id, client_secret: secret, redirect_uris: [`http://127.0.0.1:${port}`] }],
    });
    here = await installGoogle(emulated());
  });
  afterEach(() => emulate.close());

  const emulated = () => {
    const { url } = emulate;
    return { authorize: `${url}/o/oauth2/v2/auth`, token: `${url}/oauth2/token`, revoke: `${url}/oauth2/revoke`, issuer: url };
  };
  const connectHere = (at = here) => at.connect('agent1', '--port', String(port));
  /** What the token endpoint says to the refresh token that is kept. */
  async function refreshed(): Promise<readonly [number, unknown]> {
    const store = openSqliteStore(join(here.program.folder, 'publish-activity.ledger'));
    try {
      const kept = await openSqlConsents(store, 'sqlite').consent('agent1', new AbortController().signal);
      const key = vaultKeyOf(Buffer.from(here.env['VAULT_KEY'] ?? '', 'base64'));
      const opened = unseal(kept?.refreshToken ?? '', refreshOf('agent1'), { current: key, byId: new Map([[key.id, key]]) });
      return await asked(opened.kind === 'unsealed' ? opened.text.reveal() : opened.kind);
    } finally {
      store.close();
    }
  }
  let last = '';
  async function asked(token = last): Promise<readonly [number, unknown]> {
    last = token;
    const { id, secret = '' } = DESKTOP_CLIENT;
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: id, client_secret: secret });
    const answer = await fetch(emulated().token, { method: 'POST', body });
    return [answer.status, ((await answer.json()) as Readonly<Record<string, unknown>>)['error']];
  }

  it('keeps a token that makes new ones until disconnect revokes it', async () => {
    const connecting = await connectHere();
    expect(await page(await emulate.agree(connecting.address, EMAIL))).toContain('200 Thank you');
    expect((await connecting.end).code).toBe(0);
    expect(await listed()).toMatchObject({ agent1: GIVEN });
    expect(await refreshed()).toEqual([200, undefined]);
    expect(await here.run('disconnect', 'agent1')).toMatchObject({ code: 0, stderr: said('is revoked, and forgotten') });
    expect(await asked()).toEqual([400, 'invalid_grant']);
  });

  it('takes no code that was used, or that was given for another verifier', async () => {
    const first = await connectHere();
    const answer = await emulate.agree(first.address, EMAIL);
    await page(answer);
    expect((await first.end).code).toBe(0);
    const forged = async (codeOf: (address: string) => Promise<string | null>) => {
      const connecting = await connectHere();
      const back = new URL(connecting.redirect);
      back.searchParams.set('state', new URL(connecting.address).searchParams.get('state') ?? '');
      back.searchParams.set('code', (await codeOf(connecting.address)) ?? '');
      expect(await page(back)).toContain('200 It did not work Nothing was kept.');
      return connecting.end;
    };
    const refusal = { code: 77, stderr: said('agent1 has not agreed: invalid_grant') };
    expect(await forged(() => Promise.resolve(answer.searchParams.get('code')))).toMatchObject(refusal);
    const strange = async (address: string) => {
      const other = new URL(address);
      other.searchParams.set('code_challenge', createHash('sha256').update('another verifier').digest('base64url'));
      return (await emulate.agree(other.href, EMAIL)).searchParams.get('code');
    };
    expect(await forged(strange)).toMatchObject(refusal);
  });

  it('takes no other account, and no other client', async () => {
    const other = await connectHere();
    await page(await emulate.agree(other.address, 'private@example.com'));
    expect(await other.end).toMatchObject({ code: 77, stderr: said('private@example.com agreed') });
    const client = await connectHere(await installGoogle(emulated(), { clientSecret: 'GOCSPX-another' }));
    await page(await emulate.agree(client.address, EMAIL));
    expect(await client.end).toMatchObject({ code: 78, stderr: said('invalid_client') });
  });
});
