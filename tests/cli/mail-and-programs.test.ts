// Mail and programs as destinations of the built program: what a dry run shows, what is posted, what a rerun makes of a doubt.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startMailServer } from '../support/mail-server';
import { install, sampleConfig } from '../support/program';

const CASE = ['Case', '268435457', '268435457'];

/** Keeps what it reads, one file a delivery. It fails at the first call, when it has posted already. */
const FORGETFUL = `
const fs = require('node:fs');
const { delivery } = JSON.parse(fs.readFileSync(0, 'utf8'));
const known = fs.existsSync(delivery);
fs.appendFileSync(delivery, 'x');
if (known) console.log('https://stream.example.com/' + delivery);
else throw new Error('forgot what to say');`;

function installProgram(source: string, more: Readonly<Record<string, unknown>> = {}) {
  const installed = install('{}');
  const file = join(installed.folder, 'program.js');
  writeFileSync(file, source);
  const stream = { type: 'exec', command: process.execPath, args: [file], cwd: '.', ...more };
  writeFileSync(installed.configFile, JSON.stringify(sampleConfig({ stream })));
  return installed;
}

describe('A destination of type email', () => {
  it('shows its mail in a dry run, sends it, and says who was refused', async () => {
    const server = await startMailServer({ refuse: { 'gone@example.com': 550 } });
    try {
      const to = ['gone@example.com', 'stream@example.com'];
      const mail = { type: 'email', host: '127.0.0.1', port: server.port, tls: 'none', from: 'crm@example.com', to };
      const installed = install(sampleConfig({ mail }));
      const dry = await installed.run([...CASE, '--dry-run']);
      expect(dry.stdout).toContain(`MAIL through 127.0.0.1:${server.port} (tls: none)\nFrom: crm@example.com\n`);
      expect(dry.stdout).toMatch(/^Subject: Case 4711$/m);
      expect(server.mails).toEqual([]);
      const stderr = expect.stringMatching(/^publish-activity: mail: not for gone@example\.com: .*\n$/);
      expect(await installed.run(CASE)).toMatchObject({ code: 0, stderr });
      expect(server.mails).toMatchObject([{ to: ['stream@example.com'], raw: expect.stringContaining('Subject: Case 4711') }]);
      const reason = expect.stringContaining('not for gone@example.com: the mail server answered 550');
      expect(installed.log().at(-1)).toMatchObject({ exitCode: 0, deliveries: [{ result: 'posted', reason }] });
    } finally {
      await server.close();
    }
  });
});

describe('A destination of type exec', () => {
  it.each([
    ['is sent again where the program drops repeats', { dropsRepeats: true }, 'xx', 0],
    ['is held where it does not', {}, 'x', 75],
  ])('what is in doubt %s', async (_, more, calls, code) => {
    const installed = installProgram(FORGETFUL, more);
    expect(await installed.run(CASE)).toMatchObject({ code: 75, stderr: expect.stringContaining('it may have been posted') });
    const [delivery] = installed.log().at(-1)?.['deliveries'] as [{ readonly id: string }];
    expect(await installed.run(['rerun', '--id', delivery.id])).toMatchObject({ code });
    expect(readFileSync(join(installed.folder, delivery.id), 'utf8')).toBe(calls);
  });
});
