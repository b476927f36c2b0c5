// The command init as a deployment script meets it: the built program, without a terminal.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../support/program';
import { sampleDatabase } from '../support/sample';

jest.setTimeout(30_000);

const CRM = ['--server', 'db\\CRM', '--database', 'clarify', '--user', 'reader', '--password', 'env:CLARIFY_PASSWORD'];
const REST = ['--time-zone', 'America/Chicago', '--agent-url', 'http://server/dovetail'];
const FEED = ['--destination-type', 'feed', '--set', 'folder=stream', '--set', 'keep=5'];

describe('init', () => {
  it('writes a configuration that the program takes, and nothing else', async () => {
    const { folder, run } = install('broken', 'old.json');
    const ended = await run(['init', '--output', 'new.json', ...CRM, ...REST, ...FEED]);
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr.split('\n')[0]).toBe(`publish-activity: wrote ${join(folder, 'new.json')}`);
    expect(readdirSync(folder)).toEqual(['new.json', 'old.json']);
    const env = { CLARIFY_PASSWORD: 'hushhush' };
    const checked = await run(['doctor', 'configuration', 'destinations', '--config', 'new.json'], { env });
    expect(checked).toMatchObject({ code: 0, stderr: 'publish-activity: nothing is wrong\n' });
  });

  it('writes one that posts, once the database is one that is there', async () => {
    const { folder, run } = install('broken', 'old.json');
    await run(['init', '--output', 'new.json', ...CRM, ...REST, ...FEED]);
    const file = join(folder, 'new.json');
    const sqlite = JSON.stringify({ type: 'sqlite', file: sampleDatabase() });
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"database": \{[^}]*\{[^}]*\}[^}]*\}/, `"database": ${sqlite}`));
    const posted = await run(['Case', '268435457', '268435457', '--config', 'new.json', '--json']);
    expect(JSON.parse(posted.stdout)).toMatchObject({ result: 'posted', deliveries: [{ destination: 'feed' }] });
  });

  it('names every flag that is missing', async () => {
    const { folder, run } = install('broken', 'old.json');
    const ended = await run(['init', ...REST]);
    expect(ended.code).toBe(64);
    for (const flag of ['--server', '--database', '--user', '--password', '--destination-type'])
      expect(ended.stderr).toContain(`\n  ${flag}\n`);
    expect(ended.stderr).not.toContain('--agent-url');
    expect(readdirSync(folder)).toEqual(['old.json']);
  });

  it('takes no password from the command line, and does not repeat it', async () => {
    const { run } = install('broken', 'old.json');
    const ended = await run(['init', '--password', 'hush-hush', '--json']);
    expect(ended.code).toBe(64);
    expect(ended.stdout + ended.stderr).not.toContain('hush-hush');
  });

  it('moves the password of an old dovetail.config into a file of its own', async () => {
    const { folder, run } = install('broken', 'old.json');
    const value = 'Data Source=db;Initial Catalog=clarify;uid=sa;pwd=0ld-secret';
    writeFileSync(
      join(folder, 'dovetail.config'),
      `<configuration><appSettings><add key="connectionString" value="${value}"/></appSettings></configuration>`,
    );
    const ended = await run(['init', '--from', 'dovetail.config', '--output', 'new.json', ...REST, ...FEED, '--verbose']);
    expect(ended.code).toBe(0);
    expect(ended.stdout + ended.stderr + readFileSync(join(folder, 'new.json'), 'utf8')).not.toContain('0ld-secret');
    expect(readFileSync(join(folder, 'clarify-password.txt'), 'utf8')).toBe('0ld-secret\n');
  });
});
