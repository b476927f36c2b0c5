// From nothing to calendars in step, as an administrator meets it: init, doctor and sync of the built program over Debian's Radicale, which
// looks at passwords (skipped, and said so, where it is not there).

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, type Ended, type Installation } from '../support/program';
import { hasRadicale, itemFiles, startRadicale, type Radicale } from '../support/radicale';
import { sampleDatabase } from '../support/sample';

jest.setTimeout(60_000);

const CRM = ['--server', 'db', '--database', 'clarify', '--user', 'reader', '--password', 'env:CLARIFY_PASSWORD'];
const REST = ['--time-zone', 'America/Chicago', '--agent-url', 'http://server/dovetail'];
const FEED = ['--destination-type', 'feed', '--set', 'folder=stream'];
const PASSWORDS = { agent1: 'first-s3cret', agent2: 'second-s3cret', crm: 'one-s3cret-for-all' };
const ENV = { CLARIFY_PASSWORD: 'x', ONE: PASSWORDS.agent1, TWO: PASSWORDS.agent2 };

const set = (...settings: readonly string[]) => settings.flatMap((setting) => ['--groupware-set', setting]);

function expectNoSecretIn({ stdout, stderr }: Ended): void {
  for (const secret of Object.values(PASSWORDS)) expect(stdout + stderr).not.toContain(secret);
}

(hasRadicale ? describe : describe.skip)('CalDAV, from init on (Radicale; skipped without it)', () => {
  let radicale: Radicale;
  let site: Installation;
  beforeEach(async () => {
    radicale = await startRadicale(PASSWORDS);
    site = install('broken', 'old.json');
  });
  afterEach(() => radicale.close());

  /** Lets init write a configuration, and puts the sample in the place of the database, which is not there. */
  const init = async (...settings: readonly string[]) => {
    const groupware = ['--groupware-type', 'caldav', ...set(`url=${radicale.url}`, ...settings)];
    const ended = await site.run(['init', '--output', 'new.json', ...CRM, ...REST, ...FEED, ...groupware]);
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    const file = join(site.folder, 'new.json');
    const sqlite = JSON.stringify({ type: 'sqlite', file: sampleDatabase() });
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"database": \{[^}]*\{[^}]*\}[^}]*\}/, `"database": ${sqlite}`));
  };
  const run = (words: readonly string[], env = {}) => site.run([...words, '--config', 'new.json'], { env: { ...ENV, ...env } });
  /** What doctor says of the places for entries. */
  const places = async (env = {}) => {
    const ended = await run(['doctor', 'groupware'], env);
    expectNoSecretIn(ended);
    const lines = ended.stdout.split('\n').filter((line) => line.includes('  CalDAV: '));
    return { code: ended.code, lines: lines.map((line) => line.replace(/ +groupware +CalDAV: /, ': ')) };
  };
  const events = (login: string) => radicale.folderOf(`${login}/publish-activity-crm-events`);

  it('goes on with what init wrote of passwords of their own, makes nothing by looking, and sync fills the calendars', async () => {
    await init('users=agent1,agent2', 'people.agent1.password=env:ONE', 'people.agent2.password=env:TWO');
    expect(await places()).toEqual({
      code: 0,
      lines: [
        'OK: it answers 2 users with a login of their own',
        'OK: made with the first entry: events, tasks and contacts of agent1, agent2',
        'OK: entries can be made and changed for 2 users; the server says so, nothing was tried',
        'OK: the clock of the server shows the time of this machine',
      ],
    });
    expect(readdirSync(radicale.folderOf('agent1')).filter((name) => !name.startsWith('.'))).toEqual([]);
    const synced = await run(['sync']);
    expect(synced.code).toBe(0);
    expectNoSecretIn(synced);
    expect(itemFiles(events('agent1')).length).toBeGreaterThan(0);
    expect((await places()).lines).toEqual([
      'OK: it answers 2 users with a login of their own',
      'OK: there: events, tasks and contacts of agent1, agent2',
      'OK: entries can be made and changed for 2 users; the server says so, nothing was tried',
      'OK: it tells what changed: events, tasks and contacts of agent1, agent2',
      'OK: the clock of the server shows the time of this machine',
    ]);
  });

  it('prints what docs/groupware.md shows', async () => {
    await init('users=agent1', 'people.agent1.password=env:ONE');
    const { stdout } = await run(['doctor', 'groupware']);
    const shown = stdout.split('\n').filter((line) => line.includes('  CalDAV: '));
    const page = readFileSync(join(__dirname, '..', '..', 'docs', 'groupware.md'), 'utf8');
    expect(page).toContain(`~~~\n${shown.join('\n').replaceAll('agent1', 'pmorales')}\n~~~`);
  });

  it('names whose password is wrong, and what is known of the others', async () => {
    await init('users=agent1,agent2', 'people.agent1.password=env:ONE', 'people.agent2.password=env:TWO');
    expect(await places({ TWO: 'wr0ng' })).toEqual({
      code: 69,
      lines: expect.arrayContaining([
        expect.stringMatching(/^fail: nothing can be kept for agent2: the server answered 401: it refuses the login; mend /),
        'OK: it answers 1 user with a login of their own',
        'OK: entries can be made and changed for 1 user; the server says so, nothing was tried',
      ]) as unknown,
    });
  });

  it('knows that one login for all may not write for others there', async () => {
    await init('users=agent1', 'user=crm', 'password=env:ALL', 'principal=/{login}/');
    const { code, lines } = await places({ ALL: PASSWORDS.crm });
    expect(code).toBe(69);
    expect(lines).toEqual([
      expect.stringMatching(/^fail: no events can be kept for agent1: the server shows no calendars of this user/),
      expect.stringMatching(/^fail: no tasks can be kept for agent1: the server shows no calendars of this user/),
      expect.stringMatching(/^fail: no contacts can be kept for agent1: the server shows no address books of this user/),
    ]);
    expect(existsSync(events('agent1'))).toBe(false);
  });
});
