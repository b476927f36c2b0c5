// What users agreed to, afterwards: it is revoked, sealed anew, and nowhere in sight; through the built program, over the stand-in.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { installGoogle, led, newKey, over, page, type Connecting, type GoogleInstallation } from '../support/connecting';
import { DESKTOP_CLIENT } from '../support/google/controls';
import { startGoogleServer, type GoogleServer } from '../support/google/google-server';
import { filesBelow } from '../support/canary';

jest.setTimeout(60_000);

const EMAIL = 'agent1@brightwater.example';

let google: GoogleServer;
let here: GoogleInstallation;

beforeEach(async () => {
  google = await startGoogleServer();
  for (const email of [EMAIL, 'agent2@brightwater.example', 'private@example.com']) google.addUser(email);
  google.consent({ kind: 'allow', user: EMAIL });
  here = await installGoogle(google.endpoints);
});
afterEach(() => google.close());

/** Goes the whole way: opens the address, and is led back. */
async function agree(connecting: Connecting): Promise<string> {
  return page(await led(connecting.address));
}

const said = (text: string) => expect.stringContaining(text) as string;

/** Who agreed, as `connect --list --json` tells. */
async function listed(at = here): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const lines = (await at.run('connect', '--list', '--json')).stdout.trim().split('\n');
  const all = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(all.map(({ user, state, account, why }) => [String(user), [state, account, why]] as const));
}

const MISSING = ['missing', null, 'has not agreed'];
const GIVEN = ['given', EMAIL, ''];

/** Lets a user agree. */
async function connected(login = 'agent1', at = here): Promise<void> {
  google.consent({ kind: 'allow', user: `${login}@brightwater.example` });
  const connecting = await at.connect(login);
  await agree(connecting);
  expect((await connecting.end).code).toBe(0);
}

const revoked = () => [...google.oauth.tokens.refresh.values()].map(({ isRevoked }) => isRevoked);

describe('disconnect', () => {
  it('revokes what the user agreed to, in the body of the request, and forgets it', async () => {
    await connected();
    expect(await here.run('disconnect', 'agent1')).toMatchObject({
      code: 0,
      stderr: said('nothing was deleted; what was agreed to at Google is revoked, and forgotten'),
    });
    expect(revoked()).toEqual([true]);
    expect(google.requests.at(-1)).toMatchObject({ method: 'POST', path: '/revoke' });
    expect(await listed()).toEqual({ agent1: MISSING, agent2: MISSING });
    const again = await here.run('disconnect', 'agent1');
    expect(again).toMatchObject({ code: 0, stderr: expect.not.stringContaining('agreed to') as string });
  });

  it('needs the consent until everything is taken out', async () => {
    await connected();
    await here.run('sync', '--user', 'agent1');
    const events = () =>
      google
        .calendars(EMAIL)
        .flatMap(({ id }) => google.events(EMAIL, id))
        .filter(({ status }) => status !== 'cancelled');
    expect(events().length).toBeGreaterThan(5);
    expect(await here.run('disconnect', 'agent1', '--remove-entries', '--yes')).toMatchObject({
      code: 0,
      stderr: said('is revoked, and forgotten'),
    });
    expect([events().length, revoked()]).toEqual([0, [true]]);
  });

  it('says how to take back by hand what could not be revoked', async () => {
    await connected();
    google.misbehave({ method: 'revoke', what: { kind: 'status', status: 503 } });
    const { code, stderr } = await here.run('disconnect', 'agent1');
    expect([code, stderr]).toEqual([69, said('is forgotten here, and could not be revoked: the server answers 503')]);
    expect(stderr).toContain('let the user take it back by hand: https://myaccount.google.com/permissions');
    expect(await listed()).toMatchObject({ agent1: MISSING });
  });

  it('says so where the key is lost', async () => {
    await connected();
    const other = over(here.program, { VAULT_KEY: newKey() });
    expect(await other.run('disconnect', 'agent1')).toMatchObject({ code: 69, stderr: said('sealed under the key') });
    expect([await listed(other), revoked()]).toMatchObject([{ agent1: MISSING }, [false]]);
  });

  it('lets the user agree anew, and says that this alone brings nobody back', async () => {
    await connected();
    await here.run('disconnect', 'agent1');
    const connecting = await here.connect('agent1');
    await agree(connecting);
    expect(await connecting.end).toMatchObject({ code: 0, stderr: said('resolve agent1 --as both') });
  });
});

describe('The data of a user', () => {
  it('have what the user agreed to, which stays until the user is disconnected', async () => {
    await connected();
    await here.run('sync', '--user', 'agent1');
    const { stdout } = await here.run('export', 'agent1', '--json');
    const lines = stdout.split('\n').filter((line) => line.includes('"kind":"consent"'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ user: 'agent1', account: EMAIL, state: 'given' }]);
    expect(await here.run('forget', 'agent1', '--yes')).toMatchObject({
      code: 0,
      stderr: said('what agent1 agreed to at Google stays, with the address of the account: publish-activity disconnect agent1'),
    });
    expect(await listed()).toMatchObject({ agent1: GIVEN });
  });
});

describe('rekey', () => {
  const withOld = (key: string, old: string) => over(rotated(), { VAULT_KEY: key, OLD_KEY: old });

  /** The configuration, with an older key beside the newest. */
  function rotated(): GoogleInstallation['program'] {
    const config = JSON.parse(readFileSync(here.program.configFile, 'utf8')) as { groupware: { vault: object } };
    config.groupware.vault = { key: { env: 'VAULT_KEY' }, oldKeys: [{ env: 'OLD_KEY' }] };
    writeFileSync(here.program.configFile, JSON.stringify(config));
    return here.program;
  }

  it('seals everything under the newest key, after which the older one can go', async () => {
    const [first = '', second] = [here.env['VAULT_KEY'], newKey()];
    await connected('agent1');
    await connected('agent2');
    const both = withOld(second, first);
    expect(await both.run('rekey')).toMatchObject({ code: 0, stderr: said('2 consents are sealed anew, 0 already') });
    expect(await both.run('rekey')).toMatchObject({ code: 0, stderr: said('0 consents are sealed anew, 2 already') });
    writeFileSync(here.program.configFile, readFileSync(here.program.configFile, 'utf8').replace(/,"oldKeys":\[[^\]]*\]/, ''));
    const alone = over(here.program, { VAULT_KEY: second });
    expect(await listed(alone)).toMatchObject({ agent1: GIVEN });
    google.expireAccessTokens();
    expect(await alone.run('sync', '--user', 'agent1')).toMatchObject({ code: 0 });
  });

  it('names the key that is lost, and leaves what it cannot open as it is', async () => {
    const first = here.env['VAULT_KEY'] ?? '';
    await connected();
    const lost = withOld(newKey(), newKey());
    const { code, stdout, stderr } = await lost.run('rekey');
    const [, id = ''] =
      /^agent1: the token is sealed under the key ([\da-f]{16}), which groupware\.vault does not have\n$/.exec(stdout) ?? [];
    expect([code, stderr]).toEqual([69, said(`put the lost key back under groupware.vault.oldKeys and run it again (${id})`)]);
    expect(stderr).toContain('1 cannot be opened');
    expect(await listed(lost)).toMatchObject({ agent1: ['sealed', EMAIL, said(id)] });
    expect(await withOld(newKey(), first).run('rekey')).toMatchObject({ code: 0, stderr: said('1 consent is sealed anew') });
  });
});

describe('What is secret of a consent', () => {
  it('stands in nothing that is printed, logged or kept, and in no list of processes', async () => {
    const printed: string[] = [];
    const ran = async (...words: readonly string[]) => {
      const { stdout, stderr } = await here.run(...words);
      printed.push(stdout, stderr);
    };
    let processes = '';
    const codes: string[] = [];
    const challenges: (string | null)[] = [];
    for (const kind of ['allow', 'deny', 'allow'] as const) {
      google.consent(kind === 'allow' ? { kind, user: EMAIL } : { kind });
      const connecting = await here.connect('agent1', '--verbose');
      if (process.platform === 'linux') processes += readFileSync(`/proc/${connecting.pid}/cmdline`, 'utf8');
      challenges.push(new URL(connecting.address).searchParams.get('code_challenge'));
      const answer = await led(connecting.address);
      codes.push(...answer.searchParams.getAll('code'));
      printed.push(await page(answer));
      const { stdout, stderr } = await connecting.end;
      printed.push(stdout, stderr);
    }
    for (const words of [
      'connect --list',
      'connect --list --json',
      'export agent1 --json',
      'sync --user agent1 --verbose --json',
    ])
      await ran(...words.split(' '));
    for (const words of ['status --json', 'rekey --json']) await ran(...words.split(' '));
    const { access, refresh } = google.oauth.tokens;
    const tokens = [...access.keys(), ...refresh.keys()];
    const kept = () => filesBelow(here.program.folder).map((file) => readFileSync(file).toString('latin1'));
    const before = kept();
    await ran('disconnect', 'agent1', '--json');
    const everything = [...printed, ...before, ...kept(), processes].join('\n');
    // It did its work.
    expect([everything.includes('sealed1.'), tokens.length, codes.length]).toEqual([true, 4, 2]);
    const secrets = [...tokens, ...codes, DESKTOP_CLIENT.secret ?? '', here.env['VAULT_KEY'] ?? ''];
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
    const verifiers = [...everything.matchAll(/(?<![\w-])[\w-]{43}(?![\w-])/g)].map(([text]) => text);
    expect(verifiers).toEqual(expect.arrayContaining(challenges));
    expect(verifiers.filter((text) => challenges.includes(createHash('sha256').update(text).digest('base64url')))).toEqual([]);
  });
});
