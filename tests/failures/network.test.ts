// How the network between us and a destination fails: the exit code, whether it may have been posted, and that a rerun mends it.

import { BUSY_MS } from '../support/busy';
import { closedLater } from '../support/closing';
import { PASSWORDS, startCompany, type Company } from '../support/company';
import { CASE, deliveriesOf, expectInTime, MINUTE, runTalkative } from '../support/failures';
import { passTime } from '../support/pass-time';
import { install } from '../support/program';
import { startProxy } from '../support/proxy-server';
import { startRelay, type Relay } from '../support/relay';
import { startSocialcast, type SocialcastServer } from '../support/socialcast-server';
import { authority, certificate } from '../support/tls/certificates';

jest.setTimeout(30_000);

const LIMIT_MS = 1_500;
const LOGIN = { username: 'crm@example.com', password: PASSWORDS.socialcast };

/** A company whose Socialcast is at another address. */
const companyWith = (destination: object) => closedLater(startCompany({ destination }));
const caFile = () => install(authority(), 'ca.pem').configFile;

/** The network is well again, and a rerun comes: now there is one post. */
async function mend(company: Company, socialcast: SocialcastServer): Promise<void> {
  await passTime(company.folder, 2 * MINUTE);
  expect(await company.run(['rerun'])).toMatchObject({ code: 0 });
  expect(await deliveriesOf(company)).toMatchObject([{ state: 'delivered' }]);
  expect(socialcast.posts).toHaveLength(1);
}

describe('a destination', () => {
  it('that is down: exit code 75, not posted, and posted by a rerun', async () => {
    const first = await startSocialcast(LOGIN);
    await first.close();
    const company = await companyWith({ url: first.url });
    const run = await runTalkative(company, [...CASE, '--timeout', '2s']);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('socialcast: not posted, kept and tried again: ');
    await mend(company, await closedLater(startSocialcast({ ...LOGIN, port: first.port })));
  });

  it.each([
    ['has no name', 'http://no-such-host.invalid'],
    ['is in a black hole of IPv6', 'http://[100::1]'],
    ['is in a black hole of IPv4', 'http://192.0.2.1'],
  ])('that %s: exit code 75, not posted', async (_, url) => {
    const company = await companyWith({ url });
    const run = await runTalkative(company, [...CASE, '--timeout', '2s']);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('not posted');
    expect(run.ms).toBeLessThan(2_000 + BUSY_MS);
    expect(await deliveriesOf(company)).toMatchObject([{ state: 'due' }]);
  });

  it('whose name leads to IPv6 and to IPv4, where only one of them answers: exit code 0', async () => {
    const socialcast = await closedLater(startSocialcast(LOGIN));
    const company = await companyWith({ url: `http://localhost:${socialcast.port}` });
    expect((await runTalkative(company, CASE)).code).toBe(0);
    expect(socialcast.posts).toHaveLength(1);
  });

  it('that resets the connection as soon as it stands: exit code 75 in doubt, or 0 where nothing went out yet', async () => {
    const company = await companyWith({});
    company.socialcast.answer('reset at once');
    expect([0, 75]).toContain((await runTalkative(company, CASE)).code);
    await mend(company, company.socialcast);
  });
});

describe('TLS', () => {
  it.each([
    ['a certificate of its own that is trusted', 'server', true, 0],
    ['a certificate of its own that nobody trusts', 'server', false, 75],
    ['an expired certificate', 'expired', true, 75],
    ['a certificate for another host', 'wrong-host', true, 75],
  ] as const)('with %s', async (_what, name, trusted, code) => {
    const socialcast = await closedLater(startSocialcast({ ...LOGIN, tls: certificate(name) }));
    const company = await companyWith({ url: socialcast.url, ...(trusted ? { caFile: caFile() } : {}) });
    const run = await runTalkative(company, CASE);
    expect(run.code).toBe(code);
    if (code === 75) expect(run.stderr).toContain('not posted');
    expect(await deliveriesOf(company)).toMatchObject([{ state: code === 0 ? 'delivered' : 'due' }]);
    expect(socialcast.posts).toHaveLength(code === 0 ? 1 : 0);
  });
});

describe('a proxy', () => {
  it.each([
    ['wants a login (407)', { login: { username: 'nobody', password: 'knows' } }],
    ['lets nobody through (403)', { refuse: 403 }],
    ['knows no way (502)', { refuse: 502 }],
  ])('that %s: exit code 75, not posted', async (_, setup) => {
    const proxy = await closedLater(startProxy(setup));
    const socialcast = await closedLater(startSocialcast({ ...LOGIN, tls: certificate('server') }));
    const address = `http://127.0.0.1:${proxy.port}`;
    const company = await companyWith({ url: socialcast.url, caFile: caFile(), proxy: address });
    const run = await runTalkative(company, [...CASE, '--timeout', '2s']);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('not posted');
    expect(await deliveriesOf(company)).toMatchObject([{ state: 'due' }]);
    expect(socialcast.connections()).toBe(0);
  });
});

describe('a connection that is half open', () => {
  let socialcast: SocialcastServer;
  let relay: Relay;

  /** Whether the server has read a request. Nothing of its answer passes then. */
  const asked = () => socialcast.requests.length > 0;
  /** So many pieces pass before it goes silent. */
  const after = (pieces: number) => () => pieces-- < 0;

  async function silently(silent: () => boolean, company: Company, state: string, words: string): Promise<void> {
    relay.silent = silent;
    const run = await runTalkative(company, [...CASE, '--timeout', `${LIMIT_MS}ms`]);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain(words);
    expectInTime(company, run, LIMIT_MS);
    expect(await deliveriesOf(company)).toMatchObject([{ state }]);
    relay.silent = () => false;
    await mend(company, socialcast);
  }

  it.each<[string, () => boolean]>([
    ['as soon as it stands', () => true],
    ['after the request', asked],
  ])('%s, to the server: exit code 75 at the deadline, and one post in the end', async (_, silent) => {
    socialcast = await closedLater(startSocialcast(LOGIN));
    relay = await closedLater(startRelay(socialcast.port));
    const company = await companyWith({ url: `http://127.0.0.1:${relay.port}` });
    await silently(silent, company, 'in-doubt', 'it may have been posted');
  });

  it.each<[string, string, string, () => boolean]>([
    ['as soon as it stands', 'due', 'not posted', () => true],
    ['before it answers CONNECT', 'due', 'not posted', after(0)],
    ['after CONNECT', 'due', 'not posted', after(1)],
    ['after the request', 'in-doubt', 'it may have been posted', asked],
  ])('%s, to a proxy: exit code 75 at the deadline, and one post in the end', async (_, state, words, silent) => {
    socialcast = await closedLater(startSocialcast({ ...LOGIN, tls: certificate('server') }));
    relay = await closedLater(startRelay((await closedLater(startProxy())).port));
    const proxy = `http://127.0.0.1:${relay.port}`;
    const company = await companyWith({ url: socialcast.url, caFile: caFile(), proxy });
    await silently(silent, company, state, words);
  });
});
