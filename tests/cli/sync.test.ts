// `sync` through the built program: the agenda of the sample CRM as files of a folder, and what is changed there in the CRM.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { passTime } from '../support/pass-time';
import { install, type Installation } from '../support/program';
import { changeDatabase, changedSample } from '../support/sample';
import { openSqliteFile } from '../../src/io/sqlite';

jest.setTimeout(60_000);

interface Desk extends Installation {
  readonly database: string;
}

async function desk(groupware: object = {}): Promise<Desk> {
  const database = await changedSample(() => undefined);
  const config = {
    clarify: { database: { type: 'sqlite', file: database }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: { stream: { type: 'feed', folder: 'feed' } },
    // Contacts are those of contacts.test.ts.
    groupware: {
      ...{ type: 'folder', folder: 'groupware', users: 'all', write: true, newIds: { by: 'sample' }, contacts: 'none' },
      ...groupware,
    },
  };
  return { ...install(config), database };
}

/** The files of a user, each with its text. */
function filesOf({ folder }: Desk, user: string, kind: 'calendar' | 'tasks'): ReadonlyMap<string, string> {
  const place = join(folder, 'groupware', user, kind);
  const names = existsSync(place) ? readdirSync(place) : [];
  return new Map(names.map((name) => [join(place, name), readFileSync(join(place, name), 'utf8')]));
}

/** The file of a user that has a line. */
function fileWith(made: Desk, user: string, line: string): string {
  const found = [...filesOf(made, user, 'calendar')].find(([, text]) => text.includes(line));
  if (found === undefined) throw new Error(`no file of ${user} has ${line}`);
  return found[0];
}

async function appointment({ database }: Desk, objid: number) {
  const crm = await openSqliteFile(database, { readOnly: true });
  const [row = {}] = crm.all('SELECT start_time, end_time FROM table_appointment WHERE objid = @objid', { objid });
  crm.close();
  return { begin: String(row['start_time']), end: String(row['end_time']) };
}

/** The objid of a visit of agent1 that is to come. */
const COMING = 268435459;
const SUBJECT = 'SUMMARY:Inspection at Seefeld Pharma';

describe('sync', () => {
  it('puts the agenda of every user into a folder of their own, once', async () => {
    const made = await desk();
    const first = await made.run(['sync']);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain('agent1: 11 made in the groupware\n');
    expect([filesOf(made, 'agent1', 'calendar').size, filesOf(made, 'agent1', 'tasks').size]).toEqual([8, 3]);
    expect(await made.run(['sync'])).toMatchObject({ code: 0, stdout: '', stderr: 'publish-activity: 6 users in step\n' });
  });

  it('takes a new hour from a file into the CRM, and tells it', async () => {
    const made = await desk();
    await made.run(['sync']);
    const file = fileWith(made, 'agent1', SUBJECT);
    const before = await appointment(made, COMING);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^(DTSTART;TZID=America\/Chicago:\d{8})T\d{4}/m, '$1T0715'));
    expect((await made.run(['sync'])).stdout).toBe('agent1: 1 written into the CRM\n');
    const after = await appointment(made, COMING);
    expect(after).toEqual({ ...before, begin: `${before.begin.slice(0, 10)}T07:15:00` });
    expect((await made.run(['sync'])).stdout).toBe('');
  });

  it('leaves the CRM alone where it may not be written, and says what waits', async () => {
    const made = await desk({ write: false });
    await made.run(['sync']);
    const file = fileWith(made, 'agent1', SUBJECT);
    const before = await appointment(made, COMING);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^(DTSTART;TZID=America\/Chicago:\d{8})T\d{4}/m, '$1T0715'));
    const changed = readFileSync(file, 'utf8');
    expect((await made.run(['sync', '--dry-run'])).stdout).toContain(
      'time changed in the groupware, and nothing is written into the CRM',
    );
    await made.run(['sync']);
    expect(await appointment(made, COMING)).toEqual(before);
    expect(readFileSync(file, 'utf8')).toBe(changed);
  });

  it('shows every step in a dry run, and does none', async () => {
    const made = await desk();
    const run = await made.run(['sync', '--dry-run', '--user', 'agent1', '--json']);
    const lines = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(lines.filter(({ kind }) => kind === 'step')).toHaveLength(11);
    expect(lines.at(-1)).toMatchObject({ result: 'planned', sums: { users: 1, steps: 11, left: 0 } });
    expect(existsSync(join(made.folder, 'groupware'))).toBe(false);
    expect(existsSync(join(made.folder, 'publish-activity.ledger'))).toBe(false);
  });

  it('goes on with a first fill in the next run', async () => {
    const made = await desk({ firstFill: { entriesPerMinute: 4 } });
    expect((await made.run(['sync', '--user', 'agent1'])).stdout).toBe(
      'agent1: 4 made in the groupware; 7 to be made by a later run\n',
    );
    await passTime(made.folder, 60_000);
    expect((await made.run(['sync', '--user', 'agent1'])).stdout).toBe(
      'agent1: 4 made in the groupware; 3 to be made by a later run\n',
    );
    await passTime(made.folder, 60_000);
    expect((await made.run(['sync', '--user', 'agent1'])).stdout).toBe('agent1: 3 made in the groupware\n');
  });

  it('says what waits for a later run of a first fill, and what it takes in all', async () => {
    const made = await desk({ firstFill: { usersPerHour: 1 } });
    expect(await made.run(['sync', '--dry-run', '--quiet'])).toMatchObject({ code: 0 });
    const planned = await made.run(['sync', '--dry-run', '--json']);
    expect(JSON.parse(planned.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      message: expect.stringMatching(/; a first fill of 6 users with \d+ entries, in 5 h at the least$/) as string,
      sums: { newUsers: 6, fillMs: 5 * 3_600_000 },
    });
    expect(await made.run(['sync'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        '5 users wait for a first fill, as firstFill allows 1 user an hour and 600 entries a minute\n',
      ) as string,
    });
    expect((await made.run(['status'])).stdout).toMatch(/\ngroupware of \w+: 0 entries in step, no turn yet\n/);
  });

  it('holds what is missing at once, and deletes nothing', async () => {
    const made = await desk();
    await made.run(['sync']);
    rmSync(join(made.folder, 'groupware', 'agent2'), { recursive: true });
    const { stdout } = await made.run(['sync']);
    expect(stdout).toMatch(/^agent2: \d held\n$/);
    expect(filesOf(made, 'agent2', 'calendar').size).toBe(0);
  });

  it('tells the story of an entry: what was written into the CRM, and what gave way', async () => {
    const made = await desk();
    await made.run(['sync']);
    const file = fileWith(made, 'agent1', SUBJECT);
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace(/^(DTSTART;TZID=America\/Chicago:\d{8})T\d{4}/m, '$1T0715').replace(/^LOCATION:.*$/m, 'LOCATION:Elsewhere'),
    );
    await made.run(['sync']);
    const story = await made.run(['why', 'appointment', String(COMING)]);
    expect(story).toMatchObject({ code: 0, stderr: '' });
    expect(story.stdout).toMatch(
      /^entry pa\w{26} of agent1: appointment 268435459 "Inspection at Seefeld Pharma"\n {2}is in step, since /,
    );
    expect(story.stdout).toMatch(/start_time "\d{4}-\d\d-\d\d[T ]14:30:00" became "\d{4}-\d\d-\d\d[T ]07:15:00"/);
    expect(story.stdout).toContain('gave way: place: ');
    expect((await made.run(['list', '--conflicts'])).stdout).toContain('"Elsewhere" in the groupware; the CRM’s counts');
    const listed = await made.run(['list', '--entries', '--user', 'agent1', '--state', 'linked']);
    expect(listed.stdout.trim().split('\n')).toHaveLength(11);
  });

  it('ends what is held as somebody says', async () => {
    const made = await desk();
    await made.run(['sync']);
    const file = fileWith(made, 'agent1', SUBJECT);
    writeFileSync(file, readFileSync(file, 'utf8').replace('END:VEVENT', 'RRULE:FREQ=DAILY\r\nEND:VEVENT'));
    expect((await made.run(['sync'])).stdout).toBe('agent1: 1 held\n');
    const status = await made.run(['status']);
    expect(status.stdout).toMatch(/\ngroupware of agent1: 10 entries in step, 1 held, last turn /);
    expect(status.stderr).toContain('1 entry is held');
    expect([status.code, (await made.run(['status', '--check'])).code]).toEqual([0, 69]);
    const [id = ''] = (await made.run(['list', '--entries', '--state', 'held'])).stdout.split('  ');
    expect(await made.run(['resolve', id, '--as', 'delivered'])).toMatchObject({ code: 64 });
    expect(await made.run(['resolve', id, '--as', 'both'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('the next sync leaves both sides as they are, for good') as string,
    });
    await made.run(['sync']);
    expect((await made.run(['why', id])).stdout).toContain('is left alone on both sides');
    expect(await made.run(['resolve', id, '--as', 'crm'])).toMatchObject({ code: 64 });
  });

  it('tells once with its exit code that a folder is refused, goes on with the others, and lets doctor say which', async () => {
    const made = await desk();
    mkdirSync(join(made.folder, 'groupware'));
    writeFileSync(join(made.folder, 'groupware', 'agent2'), 'no folder');
    const first = await made.run(['sync']);
    expect(first).toMatchObject({ code: 69, stderr: expect.stringContaining('1 turn to be tried again') as string });
    expect(first.stdout).toContain('agent1: 11 made in the groupware\n');
    expect((await made.run(['sync', '--user', 'agent2'])).code).toBe(0);
    const looked = await made.run(['doctor', 'groupware']);
    expect(looked.code).toBe(69);
    expect(looked.stdout).toMatch(
      /^fail {2}groupware {2}a folder of iCalendar files and vCards: nothing can be kept for agent2: /m,
    );
  });

  it('adopts what is there where the ledger was lost, and makes and deletes nothing until somebody says so', async () => {
    const made = await desk();
    await made.run(['sync']);
    for (const name of readdirSync(made.folder).filter((each) => each.startsWith('publish-activity.ledger')))
      rmSync(join(made.folder, name));
    await changeDatabase(made.database, (crm) => crm.exec(`DELETE FROM table_appointment WHERE objid = ${COMING}`));
    const file = fileWith(made, 'agent1', SUBJECT);
    expect((await made.run(['sync'])).stdout).toBe('agent1: entries were found that the ledger knows nothing of\n');
    expect(existsSync(file)).toBe(true);
    expect((await made.run(['list', '--entries', '--user', 'agent1'])).stdout.trim().split('\n')).toHaveLength(10);
    expect(await made.run(['resolve', 'agent1', '--as', 'crm'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('agent1: 1 entry is left alone; the next sync goes on') as string,
    });
    expect((await made.run(['sync'])).stdout).toBe('');
    expect(existsSync(file)).toBe(true);
    expect(await made.run(['resolve', 'agent1', '--as', 'crm'])).toMatchObject({ code: 64 });
  });

  it('needs a groupware', async () => {
    const made = await desk();
    const config = JSON.parse(readFileSync(made.configFile, 'utf8')) as Record<string, unknown>;
    delete config['groupware'];
    writeFileSync(made.configFile, JSON.stringify(config));
    const run = await made.run(['sync']);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain('the configuration names no groupware');
  });

  it('knows the users that it keeps in step', async () => {
    const made = await desk({ users: ['agent1'] });
    expect(await made.run(['sync', '--user', 'agent2'])).toMatchObject({ code: 66 });
  });
});
