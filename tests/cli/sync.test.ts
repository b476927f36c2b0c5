// `sync` through the built program: the agenda of the sample CRM as files of a folder, and what is changed there in the CRM.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, type Installation } from '../support/program';
import { changedSample } from '../support/sample';
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
    groupware: { type: 'folder', folder: 'groupware', users: 'all', write: true, newIds: { by: 'sample' }, ...groupware },
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
    const made = await desk({ firstFill: 4 });
    expect((await made.run(['sync', '--user', 'agent1'])).stdout).toBe(
      'agent1: 4 made in the groupware; 7 to be made by a later run\n',
    );
    expect((await made.run(['sync', '--user', 'agent1'])).stdout).toBe(
      'agent1: 4 made in the groupware; 3 to be made by a later run\n',
    );
    expect((await made.run(['sync', '--user', 'agent1'])).stdout).toBe('agent1: 3 made in the groupware\n');
  });

  it('holds what is missing at once, and deletes nothing', async () => {
    const made = await desk();
    await made.run(['sync']);
    rmSync(join(made.folder, 'groupware', 'agent2'), { recursive: true });
    const { stdout } = await made.run(['sync']);
    expect(stdout).toMatch(/^agent2: \d held\n$/);
    expect(filesOf(made, 'agent2', 'calendar').size).toBe(0);
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
