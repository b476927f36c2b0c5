// doctor, and what keeps calendars and tasks in step: over the sample CRM as a file, and as a SQL Server that gives a login few rights.

import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckReport } from '../../src/core/report';
import { newLink } from '../../src/core/sync/link';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { openSqlLinks } from '../../src/ledger/sql-links';
import { examine, lines, linesOf } from '../support/doctor';
import { install, sampleConfig, type Installation } from '../support/program';
import { changedSample, temporaryFolder } from '../support/sample';
import { startTdsServer, type TdsFaults, type TdsServer } from '../support/tds-server';

jest.setTimeout(30_000);

const NEVER = new AbortController().signal;
const isRoot = process.getuid?.() === 0;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** An installation over a copy of the sample, with the groupware in a folder. */
async function desk(more: object = {}, change: Parameters<typeof changedSample>[0] = () => undefined): Promise<Installation> {
  const config = sampleConfig({ stream: { type: 'feed', folder: 'stream' } }) as { readonly clarify: object };
  const clarify = { ...config.clarify, database: { type: 'sqlite', file: await changedSample(change) } };
  return install({ ...config, clarify, groupware: { type: 'folder', folder: 'groupware', users: 'all', ...more } });
}

interface Server extends Installation {
  readonly database: TdsServer;
}

/** An installation over the sample on a SQL Server, where `crm_sync` writes unless something else is said. */
async function server(faults: TdsFaults, more: object = {}): Promise<Server> {
  const database = await startTdsServer({ databaseFile: await changedSample(() => undefined), writable: true, faults });
  closing.push(database.close);
  const place = { type: 'sqlserver', server: '127.0.0.1', port: database.port, database: 'clarify', encrypt: false };
  const login = (user: string) => ({ ...place, user, password: 'hushhush' });
  const groupware = { type: 'folder', folder: 'groupware', users: ['agent1'], write: true, database: login('crm_sync'), ...more };
  const config = sampleConfig({ stream: { type: 'feed', folder: 'stream' } }) as { readonly clarify: object };
  return { ...install({ ...config, clarify: { ...config.clarify, database: login('stream_reader') }, groupware }), database };
}

async function found(file: string): Promise<readonly CheckReport[]> {
  return (await examine(file, ['groupware'])).checks ?? [];
}

/** The first lines of what was found. */
function heads(checks: readonly CheckReport[]): readonly string[] {
  return linesOf(checks).map((line) => line.split('\n')[0] ?? '');
}

describe('doctor groupware', () => {
  it('is no part of an installation without one, and says so where it is asked', async () => {
    const { configFile } = install(sampleConfig({ stream: { type: 'feed', folder: 'stream' } }));
    expect((await examine(configFile, [])).checks?.filter(({ check }) => check === 'groupware')).toEqual([]);
    expect(await lines(configFile, 'groupware')).toEqual(['skip: the configuration names nothing to look at']);
  });

  it('finds nothing wrong with what works, and leaves nothing behind', async () => {
    const { configFile, folder } = await desk({ write: true, newIds: { by: 'sample' } });
    const before = readdirSync(folder);
    const { result, checks = [] } = await examine(configFile, ['groupware']);
    expect(result).toBe('done');
    expect(linesOf(checks)).toEqual([
      'OK: 6 users are kept in step',
      'OK: a folder of iCalendar files and vCards: entries can be made for 6 users; tried, and taken back',
      'OK: 6 of 6 kinds of entries can be read',
      'OK: 3 of 3 kinds of open work that lead to contacts can be read',
      expect.stringMatching(/^OK: .*sample\.sqlite can be written$/) as string,
      'OK: the ledger has no tables for entries yet; the next run makes them',
    ]);
    expect(readdirSync(folder)).toEqual(before);
    expect((await examine(configFile, [])).checks?.some(({ check }) => check === 'groupware')).toBe(true);
  });

  it('names who is not kept in step: whom the CRM does not know, who left, who may write and is not named', async () => {
    const change = (crm: { exec(text: string): void }) =>
      crm.exec("UPDATE table_user SET status = 0 WHERE LOWER(login_name) = 'agent2'");
    const { configFile } = await desk({ users: ['Agent1', 'agent2', 'agnet3'], write: ['agent4'] }, change);
    expect((await lines(configFile, 'groupware')).slice(0, 4)).toEqual([
      'OK: 1 user is kept in step',
      'warn: the CRM has no user agnet3',
      'warn: not active in the CRM, and left alone: agent2',
      'warn: groupware.write names who is not kept in step: agent4',
    ]);
    const nobody = await desk({ users: [] });
    expect((await lines(nobody.configFile, 'groupware')).slice(0, 2)).toEqual([
      'warn: nobody is kept in step',
      'skip: a folder of iCalendar files and vCards: there is nobody to try it for',
    ]);
  });

  it('fails where the folder of a user cannot be written', async () => {
    const { configFile, folder } = await desk({ users: ['agent1', 'agent2'] });
    mkdirSync(join(folder, 'groupware', 'agent2'), { recursive: true });
    writeFileSync(join(folder, 'groupware', 'agent2', 'tasks'), 'no folder');
    const { result, checks = [] } = await examine(configFile, ['groupware']);
    expect(result).toBe('rejected');
    expect(checks[1]).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('no tasks can be kept for agent2: the folder ') as string,
    });
  });

  const unlessRoot = isRoot ? it.skip : it;
  unlessRoot('fails where this account may not write there', async () => {
    const { configFile, folder } = await desk({ users: ['agent1'] });
    mkdirSync(join(folder, 'groupware'));
    chmodSync(join(folder, 'groupware'), 0o500);
    expect((await found(configFile))[1]).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('(EACCES)') as string,
    });
  });

  it('says what a site lacks of the kinds of entries', async () => {
    const { configFile } = await desk({ notes: ['action_item'] }, (crm) => {
      crm.exec('ALTER TABLE table_task DROP COLUMN notes');
      crm.exec('DROP TABLE table_disptchfe');
      crm.exec('ALTER TABLE table_commit_log RENAME COLUMN sched_cmpltime TO due');
    });
    const kinds = (await found(configFile)).slice(2, 5);
    expect(linesOf(kinds)).toEqual([
      'OK: 4 of 6 kinds of entries can be read; they do without table_task (notes), not there or not readable',
      'warn: dispatch: table_disptchfe is not there, or may not be read',
      expect.stringMatching(/^fail: commitment: .*sched_cmpltime/) as string,
    ]);
    expect(kinds[1]?.remedy).toContain('"kinds": { "dispatch": { "off": true } }');
  });

  it('fails where the file of the CRM cannot be written though it may be', async () => {
    const readOnly = await desk({ write: true, database: { type: 'sqlite', file: temporaryFolder() } });
    expect(await found(readOnly.configFile)).toContainEqual(
      expect.objectContaining({ check: 'groupware', status: 'OK', message: expect.stringContaining('6 of 6 kinds') as string }),
    );
    const gone = await desk({ write: true, database: { type: 'sqlite', file: 'publish-activity.config.json/crm' } });
    const failures = (await found(gone.configFile)).filter(({ status }) => status === 'fail');
    expect(failures).toMatchObject([{ message: expect.stringContaining('publish-activity.config.json') as string }]);
  });

  it('tells what of entries waits for a person', async () => {
    const { configFile, folder } = await desk();
    const database = openSqliteStore(join(folder, 'publish-activity.ledger'));
    closing.push(() => database.close());
    const links = openSqlLinks(database, 'sqlite');
    await links.enter(['agent1'], 1, NEVER);
    expect((await found(configFile)).at(-1)).toMatchObject({ status: 'OK', message: 'the ledger knows 1 user' });
    const [seen] = await links.grants(NEVER);
    if (seen === undefined) throw new Error('nobody was entered');
    await links.takeTurn(seen, { owner: 'run', now: 1, workMs: 1_000 }, NEVER);
    const held = newLink({ id: 'one', user: 'agent1', kind: 'event', type: 'appointment', origin: 'crm', state: 'held' });
    await links.commit('agent1', 'run', { links: [held] }, 1, NEVER);
    expect((await found(configFile)).at(-1)).toMatchObject({ status: 'warn', message: '1 entry is held' });
  });
});

describe('doctor groupware about what leads to contacts', () => {
  it('leaves out work that a site does not have, and says so', async () => {
    const { configFile } = await desk({}, (crm) => crm.exec('DROP TABLE table_contract'));
    const checks = await found(configFile);
    expect(linesOf(checks).slice(3, 5)).toEqual([
      'OK: 2 of 3 kinds of open work that lead to contacts can be read',
      expect.stringMatching(/^warn: contract: table_contract\.\w+, .* cannot be read: /) as string,
    ]);
  });

  it('fails where a table is there and lacks a column of it, as sync does', async () => {
    const { configFile } = await desk({}, (crm) =>
      crm.exec('ALTER TABLE table_case RENAME COLUMN case_reporter2contact TO other'),
    );
    expect(linesOf(await found(configFile))).toContainEqual(
      expect.stringMatching(/^fail: case: table_case\.case_reporter2contact cannot be read: /),
    );
  });

  it.each([
    ['a table', 'x_team[x_team2user>x_team2contact]:contact.objid', 'table_x_team.x_team2user, table_x_team.x_team2contact'],
    ['a column', 'employee[employee2user>x_contact]:contact.objid', 'table_employee.x_contact'],
  ])('fails where a path of the site names %s that is not there', async (_, path, lacking) => {
    const { configFile } = await desk({ contacts: { path } });
    const { result, checks = [] } = await examine(configFile, ['groupware']);
    expect(result).toBe('configuration');
    const failures = checks.filter(({ status }) => status === 'fail');
    expect(failures).toMatchObject([
      {
        message: expect.stringContaining(`groupware.contacts.path: ${lacking} cannot be read: `) as string,
        remedy: expect.stringMatching(/^name tables and columns that are there/) as string,
      },
    ]);
  });

  it('finds a path of the site that is there, and nothing to look at where no contacts are kept', async () => {
    const path = 'employee[employee2user>objid]:employee.objid';
    expect(await lines((await desk({ contacts: { path } })).configFile, 'groupware')).toContain(
      'OK: 1 of 1 way to contacts can be read',
    );
    for (const none of [{ contacts: 'none' }, { kinds: { contact: { off: true } } }]) {
      const checks = linesOf(await found((await desk(none)).configFile));
      expect(checks).toContain('OK: 5 of 5 kinds of entries can be read');
      expect(checks.filter((line) => line.includes('lead to contacts'))).toEqual([]);
    }
  });

  const grantsIn = (checks: readonly CheckReport[], login: string) =>
    checks.filter(({ message }) => message.startsWith(`${login} has`)).flatMap(({ message }) => message.split('\n').slice(1));

  it('prints and tries the rights to what is read and written of contacts, and no others', async () => {
    const all = await found((await server({})).configFile);
    const open = ['case', 'subcase', 'contract', 'condition', 'contact', 'e_addr', 'contact_role', 'site', 'address'];
    for (const table of open)
      expect(grantsIn(all, 'stream_reader')).toContain(`GRANT SELECT ON [table_${table}] TO [stream_reader];`);
    const stamped = '[title], [phone], [mobile_phone], [e_mail], [update_stamp]';
    expect(grantsIn(all, 'crm_sync')).toEqual(
      expect.arrayContaining([
        `GRANT UPDATE (${stamped}) ON [table_contact] TO [crm_sync];`,
        'GRANT SELECT ON [table_e_addr] TO [crm_sync];',
        'GRANT UPDATE ([e_num]) ON [table_e_addr] TO [crm_sync];',
      ]),
    );
    for (const none of [{ contacts: 'none' }, { kinds: { contact: { off: true } } }]) {
      const checks = await found((await server({}, none)).configFile);
      const grants = [...grantsIn(checks, 'stream_reader'), ...grantsIn(checks, 'crm_sync')];
      expect(grants.length).toBeGreaterThan(5);
      expect(grants.filter((grant) => /table_(contact_role|e_addr|subcase|contract)\]/.test(grant))).toEqual([]);
    }
  });

  it('asks for the tables of a path of the site', async () => {
    const contacts = { path: 'subcase[subc_owner2user>subcase2case]:case.case_reporter2contact' };
    const { configFile } = await server({ denied: ['SELECT table_subcase'] }, { contacts });
    const failures = (await found(configFile)).filter(({ status }) => status === 'fail');
    expect(failures).toMatchObject([
      {
        message: expect.stringMatching(
          /^groupware\.contacts\.path: .*permission was denied on the object 'table_subcase'/,
        ) as string,
        remedy: expect.stringContaining('give the login of clarify.database the right to read them') as string,
      },
      { remedy: expect.stringContaining('GRANT SELECT ON [table_subcase] TO [stream_reader];') as string },
    ]);
  });

  it.each([
    [
      'UPDATE table_contact.mobile_phone',
      'UPDATE ([title], [phone], [mobile_phone], [e_mail], [update_stamp]) ON [table_contact]',
    ],
    ['SELECT table_e_addr', 'SELECT ON [table_e_addr]'],
    ['UPDATE table_e_addr', 'UPDATE ([e_num]) ON [table_e_addr]'],
  ])('names the right of contacts that is missing: %s', async (denied, right) => {
    const { configFile } = await server({ denied: [denied] });
    expect((await found(configFile)).find(({ message }) => message.startsWith('crm_sync lacks 1'))?.remedy).toBe(
      `let the administrator of the database run:\nGRANT ${right} TO [crm_sync];`,
    );
  });
});

describe('doctor groupware on a SQL Server', () => {
  const NEW_IDS = { newIds: { by: 'fc_new_oid' } };
  const APPOINTMENT = '[description], [start_time], [end_time], [duration]';
  const TASK = '[title], [due_date], [comp_date], [update_stamp]';

  it('prints what each login needs, and finds that it has it', async () => {
    const { configFile, database } = await server(
      { denied: ['UPDATE table_appointment.objid', 'UPDATE table_task.objid', 'UPDATE table_commit_log.objid'] },
      NEW_IDS,
    );
    const checks = await found(configFile);
    expect(heads(checks).slice(4, 6)).toEqual([
      'OK: stream_reader has the rights that it needs; each was tried, and nothing was changed:',
      'OK: crm_sync has the rights that it needs; each was tried, and nothing was changed:',
    ]);
    const [, ...reading] = checks[4]?.message.split('\n') ?? [];
    expect(reading).toContain('GRANT SELECT ON [table_appointment] TO [stream_reader];');
    expect(reading.every((grant) => /^GRANT SELECT ON \[table_\w+\] TO \[stream_reader\];$/.test(grant))).toBe(true);
    const [, ...writing] = checks[5]?.message.split('\n') ?? [];
    expect(writing).toMatchSnapshot();
    const changing = database.queries.filter(({ text }) => /\b(INSERT|UPDATE|DELETE)\b/.test(text));
    expect(changing.length).toBeGreaterThan(5);
    for (const { text } of changing) expect(text).toMatch(/WHERE 1 = 0[^]*ROLLBACK TRANSACTION/);
    expect(database.queries.some(({ text }) => text.includes('EXEC '))).toBe(false);
    expect(existsSync(join(configFile, '..', 'groupware'))).toBe(false);
  });

  it.each<[string, string, string]>([
    ['a column that is written back', 'UPDATE table_task.due_date', `UPDATE (${TASK}) ON [table_task]`],
    ['a table that is written back', 'UPDATE table_appointment', `UPDATE (${APPOINTMENT}) ON [table_appointment]`],
    ['rows that are made', 'INSERT table_appointment', 'INSERT ON [table_appointment]'],
    ['rows that come with them', 'INSERT table_condition', 'INSERT ON [table_condition]'],
    ['what a new row looks up', 'SELECT table_schedule', 'SELECT ON [table_schedule]'],
    ['rows that are deleted', 'DELETE table_task', 'DELETE ON [table_task]'],
    ['the procedure of ids', 'EXECUTE fc_new_oid', 'EXECUTE ON [fc_new_oid]'],
    ['a procedure that is not there', 'SEE fc_next_num_scheme', 'EXECUTE ON [fc_next_num_scheme]'],
  ])('names the right that is missing to %s', async (_, denied, right) => {
    const { configFile } = await server({ denied: [denied] }, NEW_IDS);
    const failures = (await found(configFile)).filter(
      ({ status, message }) => status === 'fail' && message.startsWith('crm_sync'),
    );
    expect(failures).toMatchObject([
      {
        message: expect.stringMatching(/^crm_sync lacks 1 of \d+ rights; each was tried, and nothing was changed$/) as string,
        remedy: `let the administrator of the database run:\nGRANT ${right} TO [crm_sync];`,
      },
    ]);
  });

  it('asks for no right to make or delete rows where none are made', async () => {
    const { configFile } = await server({});
    const checks = await found(configFile);
    expect(checks[5]?.message).not.toMatch(/INSERT|DELETE|EXECUTE/);
    expect(heads(checks)).toContain('skip: what people enter in the groupware stays there: groupware.newIds is left out');
  });

  it('warns of a login that may change more than it needs', async () => {
    const { configFile } = await server({
      denied: ['UPDATE table_task.objid', 'UPDATE table_commit_log.objid', 'UPDATE table_contact.objid'],
    });
    expect(heads(await found(configFile))).toContain(
      'warn: crm_sync may change all of table_appointment, table_e_addr, which is more than it needs',
    );
  });

  it('asks one login for everything where there is one', async () => {
    const { configFile } = await server({ denied: ['SELECT table_task', 'UPDATE table_task'] }, { database: undefined });
    const failures = (await found(configFile)).filter(({ status }) => status === 'fail');
    expect(failures).toContainEqual(
      expect.objectContaining({
        remedy: expect.stringContaining(`GRANT UPDATE (${TASK}) ON [table_task] TO [stream_reader];`) as string,
      }),
    );
  });

  it('prints the rights before anything may be written, and tries none of them', async () => {
    const { configFile, database } = await server({ denied: ['UPDATE table_task'] }, { write: false, ...NEW_IDS });
    const checks = await found(configFile);
    expect(heads(checks).slice(4, 7)).toEqual([
      'skip: nothing is written into the CRM: groupware.write is off',
      'OK: stream_reader has the rights that it needs; each was tried, and nothing was changed:',
      'skip: before it is switched on, crm_sync needs these rights, which were not tried:',
    ]);
    expect(checks[6]?.message).toContain(`GRANT UPDATE (${TASK}) ON [table_task] TO [crm_sync];`);
    expect(database.logins.map(({ user }) => user)).not.toContain('crm_sync');
  });

  it('leaves out what a site has not', async () => {
    const { configFile } = await server({
      missingColumns: ['update_stamp'],
      unlisted: ['table_task.update_stamp', 'table_contact.update_stamp'],
    });
    expect((await found(configFile))[5]?.message).toContain(
      'GRANT UPDATE ([title], [due_date], [comp_date]) ON [table_task] TO [crm_sync];',
    );
  });

  it('knows the server of the login that writes among all servers', async () => {
    const database = { type: 'sqlserver', server: 'no-such-host.invalid', database: 'clarify', user: 'u', password: 'hushhush' };
    const { configFile } = await server({}, { database });
    expect(await lines(configFile, 'dns')).toEqual([
      expect.stringMatching(/^fail: no-such-host\.invalid \(groupware\.database\)/) as string,
    ]);
    expect(await lines(configFile, 'tls')).toContain(
      'skip: groupware.database: no-such-host.invalid is looked at with groupware',
    );
  });

  it('says of a login that is refused that it is, and looks at the rest', async () => {
    const { configFile, database } = await server({});
    database.faults.loginError = 18456;
    const { result, checks = [] } = await examine(configFile, ['groupware']);
    expect(result).toBe('login-refused');
    expect(checks.filter(({ status }) => status === 'fail').length).toBeLessThanOrEqual(2);
  });
});
