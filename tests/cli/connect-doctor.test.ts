// What doctor says of users who agree, or do not: through the built program, over the stand-in.

import { readFileSync, writeFileSync } from 'node:fs';
import { installGoogle, led, newKey, over, page, type GoogleInstallation } from '../support/connecting';
import { freePort } from '../support/free-port';
import { startGoogleServer, type GoogleServer } from '../support/google/google-server';

jest.setTimeout(60_000);

const EMAIL = 'agent1@brightwater.example';

let google: GoogleServer;
let here: GoogleInstallation;

beforeEach(async () => {
  google = await startGoogleServer();
  google.addUser(EMAIL);
  google.consent({ kind: 'allow', user: EMAIL });
  here = await installGoogle(google.endpoints);
});
afterEach(() => google.close());

async function connected(): Promise<void> {
  const connecting = await here.connect('agent1');
  await page(await led(connecting.address));
  expect((await connecting.end).code).toBe(0);
}

/** The lines about servers, the program, and consents. */
async function found(at = here): Promise<readonly string[]> {
  const { stdout } = await at.run('doctor', 'groupware');
  const lines = stdout.split('\n').map((line) => line.replace(/127\.0\.0\.1:\d+/g, 'HOST').replace(/ +/g, ' '));
  return lines.filter((line) => /answer$|reached|program|agreed|key/.test(line) && !line.startsWith(' '));
}

describe('doctor groupware', () => {
  it('says whether the servers answer and let the program in, and who agreed', async () => {
    const [answer, letIn] = [
      'OK groupware Google: HOST, HOST, HOST, HOST answer',
      'OK groupware Google lets the program in; tried with a token that nobody has',
    ];
    expect(await found()).toEqual([answer, letIn, 'warn groupware 2 users have not agreed: agent1, agent2']);
    await connected();
    expect(await found()).toEqual([
      ...[answer, letIn, 'OK groupware 1 user agreed to all that is needed'],
      'warn groupware 1 user has not agreed: agent2',
    ]);
    const lost = over(here.program, { VAULT_KEY: newKey() });
    expect((await found(lost)).at(-1)).toMatch(
      /^warn groupware what agent1 agreed to does not do: the token is sealed under the key [\da-f]{16}, which/,
    );
  });

  it('says what is missing once the configuration needs more', async () => {
    await connected();
    const text = readFileSync(here.program.configFile, 'utf8');
    writeFileSync(here.program.configFile, text.replace('"users":', '"calendar":"primary","users":'));
    expect((await found()).at(-1)).toBe(
      'warn groupware what agent1 agreed to does not do: https://www.googleapis.com/auth/calendar.events.owned is missing',
    );
  });

  it('tells a client that is not let in from a server that is down', async () => {
    const wrong = await installGoogle(google.endpoints, { clientSecret: 'GOCSPX-another' });
    expect(await found(wrong)).toContain('fail groupware Google does not let the program in: no token: invalid_client');
    const token = `http://127.0.0.1:${await freePort()}/token`;
    const down = await installGoogle({ ...google.endpoints, token });
    const told = await found(down);
    expect(told).toEqual(
      expect.arrayContaining([expect.stringMatching(/^fail groupware Google: HOST cannot be reached: .*ECONNREFUSED/)]),
    );
    expect(told.join()).toContain('it is not known whether it lets the program in');
  });
});
