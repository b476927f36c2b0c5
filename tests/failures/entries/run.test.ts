// Whole runs of `sync` over the sample CRM and a folder, with something wrong about one user: README.md has the list.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, type Installation } from '../../support/program';
import { runHere } from '../../support/program-here';
import { changedSample } from '../../support/sample';

jest.setTimeout(60_000);

let made: Installation;
beforeEach(async () => {
  const database = await changedSample(() => undefined);
  made = install({
    clarify: { database: { type: 'sqlite', file: database }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: { stream: { type: 'feed', folder: 'feed' } },
    groupware: { type: 'folder', folder: 'groupware', users: 'all', write: true, newIds: { by: 'sample' } },
  });
});
afterEach(() => rmSync(made.folder, { recursive: true, force: true }));

const run = (...words: readonly string[]) => runHere(made, words);
const runAt = (offsetMs: number) => runHere(made, ['sync'], { now: () => Date.now() + offsetMs });
const calendar = (user: string) => join(made.folder, 'groupware', user, 'calendar');
const files = (user: string) => (existsSync(calendar(user)) ? readdirSync(calendar(user)) : []);
const later = (user: string) => {
  for (const name of files(user)) {
    const file = join(calendar(user), name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^(DTSTART;TZID=America\/Chicago:\d{8})T14\d\d/m, '$1T0715'));
  }
};

it('17. trouble with one user’s folder stops nobody else', async () => {
  await run('sync');
  const broken = calendar('agent2');
  renameSync(broken, `${broken}.away`);
  writeFileSync(broken, '');
  later('agent1');
  const ended = await run('sync');
  expect(ended.code).toBe(69);
  expect(ended.stdout).toContain('agent1: 1 written into the CRM\n');
  expect(ended.stdout).toContain('agent2: the folder ');
  expect(ended.stdout.trim().split('\n')).toHaveLength(2);
  rmSync(broken);
  renameSync(`${broken}.away`, broken);
  expect(await run('sync', '--user', 'agent2')).toMatchObject({ code: 0, stdout: '' });
});

it('17. a file that nobody can read stops nobody, and no other entry of its user', async () => {
  await run('sync');
  writeFileSync(join(calendar('agent1'), 'broken.ics'), 'BEGIN:VCALENDAR');
  later('agent1');
  const ended = await run('sync');
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stdout).toContain('agent1: 1 written into the CRM');
});

it('13. what is private is in no output, in no log and not in the ledger', async () => {
  await run('sync');
  const [own = '', held = ''] = files('agent1').map((name) => join(calendar('agent1'), name));
  const text = readFileSync(held, 'utf8');
  const SECRET = 'canary-7391';
  writeFileSync(
    held,
    text.replace(/SUMMARY:.*/, `SUMMARY:${SECRET}`).replace('END:VEVENT', `CLASS:PRIVATE\r\nDESCRIPTION:${SECRET}\r\nEND:VEVENT`),
  );
  writeFileSync(
    join(calendar('agent1'), `${SECRET}.ics`),
    readFileSync(own, 'utf8')
      .replaceAll(/(UID|X-CRM-LINK):.*\r\n/g, '')
      .replace('END:VEVENT', `UID:${SECRET}\r\nCLASS:X-SECRET\r\nLOCATION:${SECRET}\r\nEND:VEVENT`),
  );
  const outputs = [];
  for (const words of [
    'sync --dry-run',
    'sync --dry-run --json',
    'sync',
    'sync --json',
    'list --entries',
    'status',
    'list --conflicts',
  ])
    outputs.push(await run(...words.split(' ')));
  expect(outputs.map(({ code }) => code)).toEqual(outputs.map(() => 0));
  expect(outputs[4]?.stdout).toContain('held');
  const kept = readdirSync(made.folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(made.folder, name), 'latin1'));
  // A UID is what a groupware calls its entry, and no word of it; this one is never kept either.
  expect([JSON.stringify(outputs), ...kept].filter((all) => all.includes(SECRET))).toEqual([]);
});

it('6. a calendar that is gone is told, and so is what is held for it; put back, it goes on by itself', async () => {
  await run('sync');
  const away = join(made.folder, 'away');
  renameSync(join(made.folder, 'groupware', 'agent1'), away);
  expect((await run('sync')).stdout).toMatch(/^agent1: 13 held\n$/);
  expect((await run('status')).stderr).toContain('13 entries are held');
  mkdirSync(join(made.folder, 'groupware'), { recursive: true });
  renameSync(away, join(made.folder, 'groupware', 'agent1'));
  later('agent1');
  expect(await run('sync')).toMatchObject({ code: 0, stdout: 'agent1: 1 written into the CRM\n' });
  expect((await run('status')).stderr).not.toContain('held');
});

describe.each([
  ['a day ahead', 86_400_000],
  ['a year ahead', 365 * 86_400_000],
  ['an hour behind', -3_600_000],
])('a clock that is %s for a while', (_, offsetMs) => {
  it('loses nothing, doubles nothing, and lets nobody wait for a day', async () => {
    await run('sync');
    await runAt(offsetMs);
    await runAt(offsetMs + 60_000);
    const before = files('agent1');
    later('agent1');
    expect(await run('sync')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('agent1: 1 written into the CRM') as string,
    });
    expect(await run('sync')).toMatchObject({ code: 0, stdout: '' });
    expect(files('agent1')).toEqual(before);
  });
});
