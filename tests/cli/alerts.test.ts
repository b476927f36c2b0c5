// Somebody is told: the built program, a ledger in a file, a Socialcast `support` that misbehaves, and a Socialcast `oncall` that is told.

import { passTime } from '../support/pass-time';
import { ended, install, sampleConfig, type Installation } from '../support/program';
import { startSocialcast, type SocialcastServer } from '../support/socialcast-server';

const CASE = ['Case', '268435457', '268435457'];
const HOUR = 3_600_000;
const DOWN = { status: 503 } as const;
const STALLED = expect.stringMatching(/^support has not accepted anything for \d h$/) as string;
jest.setTimeout(30_000);

let support: SocialcastServer;
let oncall: SocialcastServer;
let program: Installation;
beforeEach(async () => {
  [support, oncall] = await Promise.all([startSocialcast(), startSocialcast()]);
  program = installWith(['oncall']);
  // The rule's own post: oncall has it, support does not.
  support.answer(DOWN);
  expect((await program.run(CASE)).code).toBe(75);
});
afterEach(() => Promise.all([support.close(), oncall.close()]));

function installWith(to: readonly string[]): Installation {
  const login = { type: 'socialcast', username: 'crm@example.com', password: 'pa:ß wörd/+&=100%', proxy: false };
  const destinations = { support: { ...login, url: support.url }, oncall: { ...login, url: oncall.url } };
  return install(sampleConfig(destinations, { deadline: '2s', alerts: { to } }));
}

const pass = (ms: number) => passTime(program.folder, ms);
/** The titles of the alerts that stand in a stream. */
const alertsIn = ({ posts }: SocialcastServer) => posts.filter(({ url }) => url === '').map(({ title }) => title);

it('is told once a day what a destination has not accepted for an hour', async () => {
  await pass(HOUR / 2);
  support.answer(DOWN);
  await program.run(['rerun']);
  expect(alertsIn(oncall)).toEqual([]);
  for (const wait of [2 * HOUR, HOUR, HOUR]) {
    await pass(wait);
    support.answer(DOWN);
    expect((await program.run(['rerun'])).code).toBe(75);
  }
  expect(alertsIn(oncall)).toEqual([STALLED]);
  expect(oncall.posts.at(-1)?.body).toMatch(
    /^At .*Z: 1 delivery waits, the oldest since .*Z\. publish-activity status tells more/,
  );
  expect(alertsIn(support)).toEqual([]);
});

it('is told nothing where the trouble is gone', async () => {
  await pass(2 * HOUR);
  expect(await program.run(['rerun'])).toMatchObject({ code: 0, stderr: 'publish-activity: 1 posted\n' });
  expect([support.posts.length, alertsIn(oncall)]).toEqual([1, []]);
});

it('is told once by three reruns at once', async () => {
  await pass(2 * HOUR);
  support.answer(DOWN, DOWN, DOWN);
  await Promise.all([1, 2, 3].map(() => program.run(['rerun'])));
  expect(alertsIn(oncall)).toEqual([STALLED]);
});

it('is told later where the stream for alerts was down, too', async () => {
  await pass(2 * HOUR);
  support.answer(DOWN);
  oncall.answer(DOWN);
  const run = await program.run(['rerun']);
  expect(run).toMatchObject({ code: 75, stderr: 'publish-activity: 2 kept and tried again\n' });
  expect(run.stdout).toMatch(/^kept and tried again: alert destination support "support has not .*" to oncall: /m);
  expect(alertsIn(oncall)).toEqual([]);
  await pass(HOUR);
  expect((await program.run(['rerun'])).code).toBe(0);
  expect([support.posts.length, alertsIn(oncall)]).toEqual([1, [STALLED]]);
});

it('is told once where the rerun was killed after the stream had it', async () => {
  await pass(2 * HOUR);
  support.answer(DOWN);
  oncall.answer('keep and hang');
  const child = program.start(['rerun']);
  const before = oncall.requests.length;
  for (let tries = 0; tries < 400 && oncall.requests.length === before; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  await ended(child);
  await pass(HOUR);
  await program.run(['rerun']);
  expect(alertsIn(oncall)).toEqual([STALLED]);
});

it('is nobody whose name is mistyped', async () => {
  const { run } = installWith(['onkall']);
  expect(await run(['status'])).toMatchObject({
    code: 78,
    stderr: expect.stringContaining('alerts.to: no destination is called "onkall"; did you mean oncall?') as string,
  });
});
