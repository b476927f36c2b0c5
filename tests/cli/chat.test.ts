// The chats as an administrator meets them: threads, doubts and secrets over the built program, with Slack as the example.

import { install, sampleConfig, type Ended, type Installation } from '../support/program';
import { CHANNEL, startSlack, TOKEN, type SlackServer } from '../support/slack-server';

const CASE = ['Case', '268435457', '268435457'];

let server: SlackServer;
beforeEach(async () => {
  server = await startSlack();
});
afterEach(() => server.close());

/** Posts without hearing what became of it, and lets a rerun look into it at once. */
async function doubt(slack: Installation): Promise<Ended> {
  server.answer('keep and reset');
  const run = await slack.run([...CASE, '--json']);
  expect(run.code).toBe(75);
  const { deliveries } = JSON.parse(run.stdout) as { deliveries: readonly { id: string }[] };
  return slack.run(['rerun', '--id', deliveries[0]?.id ?? '', '--verbose']);
}

const byToken = () =>
  install(sampleConfig({ slack: { type: 'slack', token: TOKEN, channel: CHANNEL, apiUrl: `${server.url}/api`, proxy: false } }));
const byWebhook = () => install(sampleConfig({ slack: { type: 'slack', webhookUrl: server.webhookUrl, proxy: false } }));

it('Later posts about an object go under its first one', async () => {
  const slack = byToken();
  for (const rule of ['1', '2', '3']) expect(await slack.run([...CASE, '--rule', rule])).toMatchObject({ code: 0, stderr: '' });
  const [first] = server.posts;
  expect(server.posts.map(({ thread_ts: thread }) => thread)).toEqual([undefined, first?.ts, first?.ts]);
});

it('A post in doubt is looked for, and is not made twice', async () => {
  expect(await doubt(byToken())).toMatchObject({ code: 0 });
  expect(server.posts).toHaveLength(1);
  expect(server.requests.map(({ path }) => path)).toEqual(['/api/chat.postMessage', '/api/conversations.history']);
});

it('A post in doubt at a webhook is held', async () => {
  const { stdout, stderr } = await doubt(byWebhook());
  expect(stdout + stderr).toContain('nobody can ask slack whether it is there');
  expect(server.requests).toHaveLength(1);
});

it('A dry run shows the post, and no secret', async () => {
  const { code, stdout, stderr } = await byWebhook().run([...CASE, '--dry-run']);
  expect(code).toBe(0);
  expect(stdout).toContain(`POST ${server.url}/services/***`);
  expect(stdout).toContain('"type": "context"');
  expect(stdout + stderr).not.toMatch(/geheim/i);
  expect(server.requests).toEqual([]);
});

it('A key that the server sends back alone is masked everywhere', async () => {
  const slack = byWebhook();
  server.answer({ status: 400, body: `bad geheimerSchluessel123456` });
  const run = await slack.run([...CASE, '--json', '--verbose']);
  expect(run.code).toBe(69);
  expect(run.stdout).toContain('bad ***');
  expect(run.stdout + run.stderr + JSON.stringify(slack.log())).not.toMatch(/geheim/i);
});

it('A post to a channel that the app is not in waits until somebody invites it', async () => {
  const slack = byToken();
  server.answer({ status: 200, body: { ok: false, error: 'not_in_channel' } });
  const run = await slack.run([...CASE, '--json']);
  expect(run.code).toBe(75);
  expect(run.stdout).toContain('somebody has to invite it');
  const { deliveries } = JSON.parse(run.stdout) as { deliveries: readonly { id: string }[] };
  expect(await slack.run(['rerun', '--id', deliveries[0]?.id ?? ''])).toMatchObject({ code: 0 });
  expect(server.posts).toHaveLength(1);
});

it('The doctor names a channel that the app is not in', async () => {
  server.answer({ status: 200, body: { ok: true, team: 'Example Ltd', user: 'crm-bot' } });
  server.answer({ status: 200, body: { ok: false, error: 'not_in_channel' } });
  const { stdout } = await byToken().run(['doctor', 'destinations']);
  expect(stdout).toContain('slack: the server answered 200: the app is not in the channel');
  expect(stdout).toContain('what is posted meanwhile is kept');
});
