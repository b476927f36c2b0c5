// Comments in Socialcast, cards in Teams and signed events, as an administrator meets them: over the built program and its ledger.

import { install, sampleConfig, type Ended, type Installation } from '../support/program';
import { startSocialcast } from '../support/socialcast-server';
import { SIGNATURE, startTeams, WORKFLOW_ID } from '../support/teams-server';
import { startWebhook } from '../support/webhook-server';

const CASE = ['Case', '268435457', '268435457'];
const SECRET = `whsec_${Buffer.from('geheim'.repeat(5)).toString('base64')}`;

const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function kept<T extends { close: () => Promise<void> }>(server: T): T {
  servers.push(server);
  return server;
}

/** Posts without hearing what became of it, and lets a rerun look into it at once. */
async function doubt(server: { answer(reply: 'keep and reset'): void }, program: Installation): Promise<Ended> {
  server.answer('keep and reset');
  const run = await program.run([...CASE, '--rule', 'doubt', '--json']);
  expect(run.code).toBe(75);
  const { deliveries } = JSON.parse(run.stdout) as { deliveries: readonly { id: string }[] };
  return program.run(['rerun', '--id', deliveries[0]?.id ?? '', '--verbose']);
}

it('Later posts about an object are comments in Socialcast, and one in doubt is found among them', async () => {
  const login = { username: 'crm@example.com', password: 'geheimes wort' };
  const server = kept(await startSocialcast(login));
  const program = install(
    sampleConfig({ social: { type: 'socialcast', url: server.url, ...login, threads: true, proxy: false } }),
  );
  for (const rule of ['1', '2', '3']) expect(await program.run([...CASE, '--rule', rule])).toMatchObject({ code: 0, stderr: '' });
  expect(server.posts).toHaveLength(1);
  expect(server.comments.map(({ messageId }) => messageId)).toEqual([90, 90]);
  expect(await doubt(server, program)).toMatchObject({ code: 0 });
  expect([server.posts.length, server.comments.length]).toEqual([1, 3]);
});

it('A card in doubt is held, and nobody hears the address', async () => {
  const server = kept(await startTeams());
  const program = install(sampleConfig({ channel: { type: 'teams', webhookUrl: server.webhookUrl, proxy: false } }));
  expect(await program.run(CASE)).toMatchObject({ code: 0, stderr: '' });
  const { stdout, stderr } = await doubt(server, program);
  expect(stdout + stderr).toContain('nobody can ask channel whether it is there');
  server.answer({ status: 400, body: { error: { message: `no ${SIGNATURE} at ${WORKFLOW_ID}` } } });
  const refused = await program.run([...CASE, '--rule', 'refused', '--json', '--verbose']);
  expect(refused).toMatchObject({ code: 69, stdout: expect.stringContaining('no *** at ***') as string });
  const said = refused.stdout + refused.stderr + stdout + stderr + JSON.stringify(program.log());
  for (const part of [SIGNATURE, WORKFLOW_ID]) expect(said).not.toContain(part);
  expect([server.cards.length, server.failedRuns]).toEqual([2, []]);
});

it.each([true, false])('An event in doubt is sent again under its id where the receiver drops repeats: %j', async (drops) => {
  const server = kept(await startWebhook({ secret: SECRET }));
  const hook = { type: 'webhook', url: server.address, secret: SECRET, receiverDropsRepeats: drops, proxy: false };
  const { code, stdout, stderr } = await doubt(server, install(sampleConfig({ hook })));
  expect(code === 0).toBe(drops);
  expect((stdout + stderr).includes('nobody can ask hook')).toBe(!drops);
  expect(server.events.size).toBe(1);
  expect(server.requests.map(({ headers }) => headers['webhook-id'])).toEqual(
    Array.from({ length: drops ? 2 : 1 }, () => [...server.events.keys()][0]),
  );
});
