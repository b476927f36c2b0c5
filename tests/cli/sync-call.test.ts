// What a business rule calls: `sync` with the words of a row, through the built program.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER_FILE } from '../../src/config/ledger';
import { openSqliteFile } from '../../src/io/sqlite';
import { requestsOf } from '../support/failures';
import { install, type Installation } from '../support/program';
import { changeDatabase, changedSample } from '../support/sample';

jest.setTimeout(60_000);

/** Visits of agent1 and of agent2 that are to come. */
const [OURS, SUBJECT] = ['268435459', 'SUMMARY:Inspection at Seefeld Pharma'];
const CALL = ['sync', 'Appointment', OURS];
const FOLDER = { type: 'folder', folder: 'groupware', users: 'all' };

async function desk(more: object = {}): Promise<Installation & { readonly database: string }> {
  const database = await changedSample(() => undefined);
  const clarify = {
    database: { type: 'sqlite', file: database },
    timeZone: 'America/Chicago',
    agentUrl: 'http://server/dovetail',
  };
  const made = install({ clarify, destinations: { stream: { type: 'feed', folder: 'feed' } }, groupware: FOLDER, ...more });
  return { ...made, database };
}

/** Who has a folder, and who an entry with this subject. */
function holders({ folder }: Installation): { readonly users: readonly string[]; readonly of: readonly string[] } {
  const root = join(folder, 'groupware');
  const users = existsSync(root) ? readdirSync(root).sort() : [];
  const texts = (user: string) => {
    const calendar = join(root, user, 'calendar');
    return existsSync(calendar) ? readdirSync(calendar).map((name) => readFileSync(join(calendar, name), 'utf8')) : [];
  };
  return { users, of: users.filter((user) => texts(user).some((text) => text.includes(SUBJECT))) };
}

const spoolOf = ({ folder }: Installation) => join(folder, `${LEDGER_FILE}.spool`);
const spooled = (made: Installation) =>
  existsSync(spoolOf(made)) ? readdirSync(spoolOf(made)).filter((name) => name.endsWith('.json')) : [];

async function whileLocked<T>({ folder }: Installation, work: () => Promise<T>): Promise<T> {
  const other = await openSqliteFile(join(folder, LEDGER_FILE), { readOnly: false });
  other.exec('BEGIN EXCLUSIVE');
  try {
    return await work();
  } finally {
    other.exec('ROLLBACK');
    other.close();
  }
}

describe('sync, called by a rule', () => {
  it('brings the calendar of the owner of the row into step, and no other: exit code 0', async () => {
    const made = await desk();
    expect(await made.run(CALL)).toMatchObject({ code: 0, stdout: 'agent1: 13 made in the groupware\n' });
    expect(holders(made)).toEqual({ users: ['agent1'], of: ['agent1'] });
    const again = await made.run([...CALL, '[Activity Objid=???]', '--rule', 'moved', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({
      result: 'done',
      objectType: 'sync/appointment',
      rule: 'moved',
      exitCode: 0,
    });
    expect(await requestsOf(made)).toMatchObject([{ state: 'handed-on' }, { state: 'handed-on', reason: 'agent1' }]);
    const story = await made.run(['why', 'appointment', OURS]);
    expect(story.stdout).toContain('"Inspection at Seefeld Pharma"\n  is in step');
    expect(story.stdout).toContain(`: sync of appointment ${OURS}, rule "moved"\n`);
    expect(story.stdout).toContain('  handed on: a turn was asked for: agent1\n');
    expect((await made.run(['list'])).stderr).toContain('the ledger has nothing like that');
  });

  it('takes the entry from whoever owned the row before', async () => {
    const made = await desk();
    await made.run(['sync']);
    await changeDatabase(made.database, (crm) =>
      crm.exec(`UPDATE table_appointment SET appt2schedule = (SELECT s.objid FROM table_schedule s
        JOIN table_employee e ON e.objid = s.schedule2employee JOIN table_user u ON u.objid = e.employee2user
        WHERE u.login_name = 'Agent2') WHERE objid = ${OURS}`),
    );
    const run = await made.run(CALL);
    expect([run.code, run.stdout.trim().split('\n').sort()]).toEqual([
      0,
      ['agent1: 1 deleted in the groupware', 'agent2: 2 made in the groupware'],
    ]);
    expect(holders(made).of).toEqual(['agent2']);
  });

  it('shows what it would do in a dry run, and keeps nothing', async () => {
    const made = await desk();
    const run = await made.run([...CALL, '--dry-run']);
    expect([run.code, run.stdout.split('\n').filter((line) => line.startsWith('agent1: '))]).toMatchObject([0, { length: 13 }]);
    expect([existsSync(join(made.folder, LEDGER_FILE)), holders(made).users]).toEqual([false, []]);
  });

  it('waits in the spool while the ledger is locked: rerun takes it in and posts nothing, sync does it: exit code 75', async () => {
    const made = await desk({ deadline: '2s' });
    await made.run(['status']);
    await made.run(['rerun']);
    const run = await whileLocked(made, () => made.run(CALL));
    expect(run.code).toBe(75);
    expect(run.stderr).toContain(`not in step yet, kept in the spool ${spoolOf(made)}`);
    expect(run.stderr).toContain('the next sync takes it in and brings it into step');
    expect(readFileSync(join(spoolOf(made), spooled(made)[0] ?? ''), 'utf8')).toContain('"command":"sync"');
    const listed = await made.run(['list']);
    expect(listed.stdout).toContain(`sync of appointment ${OURS}`);
    expect((await made.run(['why', 'appointment', OURS])).stdout).toContain('next: sync takes it in and asks for the turn');
    expect(await made.run(['rerun'])).toMatchObject({ code: 0 });
    expect([spooled(made), holders(made).users]).toEqual([[], []]);
    expect((await made.run(['status'])).stdout).toContain('1 call of sync waits, the oldest since ');
    expect((await made.run(['list', '--state', 'accepted'])).stdout).toContain(`sync of appointment ${OURS}`);
    await made.run(['sync']);
    expect(holders(made).of).toEqual(['agent1']);
    expect(await requestsOf(made)).toMatchObject([{ state: 'handed-on', reason: 'agent1' }]);
  });

  it('is taken in from the spool by sync itself', async () => {
    const made = await desk({ ledger: { type: 'sqlite', file: 'ledger' } });
    mkdirSync(join(made.folder, 'ledger'));
    expect((await made.run(CALL)).code).toBe(75);
    rmSync(join(made.folder, 'ledger'), { recursive: true });
    await made.run(['sync', '--user', 'agent1']);
    expect(readdirSync(join(made.folder, 'ledger.spool')).filter((name) => name.endsWith('.json'))).toEqual([]);
    expect(holders(made).of).toEqual(['agent1']);
  });

  it('is kept where the configuration names no groupware, and done once it does: exit code 78', async () => {
    const made = await desk({ groupware: undefined });
    const run = await made.run(CALL);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain('the configuration names no groupware');
    expect(run.stderr).toContain(
      'add the key groupware, as docs/groupware.md shows; the request is kept, and a sync brings it into step',
    );
    expect(await requestsOf(made)).toMatchObject([{ state: 'accepted', reason: 'the configuration could not be used' }]);
    expect((await made.run(['why', 'appointment', OURS])).stdout).toContain(
      'waits for a run of sync: the configuration could not',
    );
    const config = JSON.parse(readFileSync(made.configFile, 'utf8')) as object;
    writeFileSync(made.configFile, JSON.stringify({ ...config, groupware: FOLDER }));
    await made.run(['sync']);
    expect(holders(made).of).toEqual(['agent1']);
  });

  it('is kept as it was spelled where nobody knows the kinds of the site: exit code 78', async () => {
    const made = await desk({ groupware: { ...FOLDER, kinds: { x_visit: 7 } } });
    expect((await made.run(['sync', 'x_visit', '5'])).code).toBe(78);
    expect(readFileSync(join(spoolOf(made), spooled(made)[0] ?? ''), 'utf8')).toContain('"words":["x_visit","5"]');
    // What is wrong there is nothing to a post.
    expect((await made.run(['Case', '268435457', '268435457'])).code).toBe(78);
    expect([spooled(made).length, (await requestsOf(made)).length]).toEqual([1, 1]);
  });

  it.each([
    [['sync', 'appointmnt', OURS], 'did you mean appointment?'],
    [['sync', 'case', OURS], 'no kind of entry is called "case"'],
    [['sync', 'appointment'], 'the database id of the appointment is missing'],
    [['sync', 'appointment', OURS, '--user', 'agent1'], '--user does not go together with words'],
  ])('with wrong words keeps nothing: %j: exit code 64', async (words, message) => {
    const made = await desk();
    expect(await made.run(words)).toMatchObject({ code: 64, stderr: expect.stringContaining(message) as string });
    expect([spooled(made), existsSync(join(made.folder, LEDGER_FILE))]).toEqual([[], false]);
    rmSync(made.configFile);
    expect((await made.run(words)).code).toBe(words.includes('--user') ? 78 : 64);
  });

  it('about a row that is not there is looked for: exit code 75, or 0 where the configuration wants it so', async () => {
    const made = await desk();
    const run = await made.run(['sync', 'appointment', '999']);
    expect(run).toMatchObject({ code: 75, stderr: expect.stringContaining('the CRM has no such row; kept') as string });
    expect((await made.run(['list', '--state', 'awaited'])).stdout).toContain('sync of appointment 999: the CRM has no such row');
    const config = JSON.parse(readFileSync(made.configFile, 'utf8')) as object;
    writeFileSync(made.configFile, JSON.stringify({ ...config, exitZeroWhenKept: true }));
    expect((await made.run(['sync', 'appointment', '999'])).code).toBe(0);
  });

  it('about somebody who is not kept in step has nothing to do: exit code 0', async () => {
    const made = await desk({ groupware: { ...FOLDER, users: ['agent2'] } });
    const message = `sync of appointment ${OURS}: it belongs to agent1, who is not kept in step`;
    expect(await made.run(CALL)).toMatchObject({ code: 0, stderr: `publish-activity: ${message}\n` });
    expect(holders(made).users).toEqual([]);
  });

  it('eight times at once makes each entry once', async () => {
    const made = await desk();
    const runs = await Promise.all(Array.from({ length: 8 }, () => made.run(CALL)));
    expect([...new Set(runs.map(({ code }) => code))].sort()).toEqual(expect.arrayContaining([0]));
    expect(runs.filter(({ code }) => code !== 0 && code !== 75)).toEqual([]);
    await made.run(['sync']);
    const files = readdirSync(join(made.folder, 'groupware', 'agent1', 'calendar'));
    expect([files.length, (await requestsOf(made)).length]).toEqual([8, 8]);
  });
});
