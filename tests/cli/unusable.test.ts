// A destination that cannot be used, beside one that can: every command tells of the one, and the other gets what is its own.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, sampleConfig } from '../support/program';
import { startWebhook } from '../support/webhook-server';

const CASE = ['Case', '268435457', '268435457'];
const CHANNEL_ID = '4yde9xz3ipbz7brrzcrc1oyt3c';

describe.each([
  ['a second line', 'first-token\n# changed in May\n', 'destinations.chat.token: holds a line end that no token can have'],
  ['a dash', 'token\u2013123\n', 'destinations.chat.token: holds a character that no token can have'],
])('A token with %s', (_, token, words) => {
  it('leaves the other destinations alone, in every command, and is shown nowhere', async () => {
    const server = await startWebhook();
    try {
      const chat = { type: 'mattermost', url: 'http://127.0.0.1:9', token: { file: 'tok.txt' }, channelId: CHANNEL_ID };
      const hook = { type: 'webhook', url: server.address, proxy: false };
      const installed = install(sampleConfig({ chat, hook }));
      writeFileSync(join(installed.folder, 'tok.txt'), token);
      const said: string[] = [];
      const run = async (...arguments_: string[]) => {
        const ended = await installed.run(arguments_);
        said.push(ended.stdout, ended.stderr);
        return ended;
      };

      const dry = await run(...CASE, '--dry-run');
      expect(dry).toMatchObject({ code: 78, stdout: expect.stringContaining('POST http') as string });
      expect(server.requests).toHaveLength(0);

      expect(await run(...CASE)).toMatchObject({ code: 78, stderr: expect.stringContaining(words) as string });
      expect(server.requests).toHaveLength(1);

      const doctor = await run('doctor', 'destinations');
      expect(doctor).toMatchObject({ code: 78, stdout: expect.stringContaining(words) as string });
      expect(doctor.stdout).toContain('hook: ');

      expect(await run('test', 'chat')).toMatchObject({ code: 78, stderr: expect.stringContaining(words) as string });
      expect(await run('test', 'hook')).toMatchObject({ code: 0 });
      expect(await run('preview', ...CASE)).toMatchObject({ code: 0 });

      await run(...CASE, '--rule', 'another');
      expect(server.requests).toHaveLength(3);
      expect(await run('rerun')).toMatchObject({ code: 78, stderr: expect.stringContaining(words) as string });
      const states = (await run('list', '--json')).stdout.split('\n').filter((line) => line.includes('"destination":"chat"'));
      expect(states).toHaveLength(2);
      for (const state of states) expect(state).toContain('"state":"due"');
      expect(said.join('')).not.toMatch(/first-token|changed in May|\u2013123/);
    } finally {
      await server.close();
    }
  });
});

it('A password of the database with a line end is refused with its key', async () => {
  const database = { type: 'sqlserver', server: 's', database: 'd', user: 'u', password: 'geheim\nund neu' };
  const config = sampleConfig({ hook: { type: 'webhook', url: 'http://127.0.0.1:9' } }) as { clarify: object };
  const run = await install({ ...config, clarify: { ...config.clarify, database } }).run(CASE);
  expect(run).toMatchObject({
    code: 78,
    stderr: expect.stringContaining('clarify.database.password: holds a line end') as string,
  });
  expect(run.stdout + run.stderr).not.toMatch(/geheim|und neu/);
});
