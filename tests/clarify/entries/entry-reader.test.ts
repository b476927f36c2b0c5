import { openEntryReader } from '../../../src/clarify/entry-reader';
import { GROUP_PATH } from '../../../src/clarify/entry-query';
import { entryTypes } from '../../../src/clarify/entry-types';
import type { CrmItem } from '../../../src/clarify/entries';
import { spelledField } from '../../../src/core/sync/entry';
import type { Database } from '../../../src/io/database';
import { openSqliteDatabase } from '../../../src/io/sqlite';
import { Secret } from '../../../src/core/secret';
import { openSqlServer } from '../../../src/io/sql-server';
import { DAY, FIRST, itemAt, NEVER, NOON, readerOf, readerSettings } from '../../support/entries';
import { changeDatabase, sampleOfDay } from '../../support/sample';
import { startTdsServer, type TdsFaults, type TdsServer } from '../../support/tds-server';

const HOUR = 3_600_000;
const DAY_MS = 24 * HOUR;

let file: string;
let database: Database;
let server: TdsServer | undefined;
beforeEach(() => {
  file = sampleOfDay(DAY);
  database = openSqliteDatabase(file);
});
afterEach(async () => {
  database.close();
  await server?.close();
  server = undefined;
});

/** Changes the sample before it is read. */
const change = (...statements: readonly string[]) =>
  changeDatabase(file, (crm) => {
    for (const statement of statements) crm.exec(statement);
  });

/** The same sample behind a SQL Server. */
async function behindSqlServer(faults: TdsFaults = {}): Promise<TdsServer> {
  server = await startTdsServer({ databaseFile: file, faults });
  const place = { server: '127.0.0.1', port: server.port, database: 'clarify', encrypt: false, trustServerCertificate: false };
  database.close();
  database = openSqlServer({ ...place, user: 'reader', password: new Secret('hush') });
  return server;
}

const told = ({ type, objid, entry }: CrmItem) => [
  `${type} ${objid - FIRST}`,
  entry.subject,
  [entry.time.begin, entry.time.end]
    .flatMap((when) => (when !== undefined && 'wallClock' in when ? when.wallClock : []))
    .join(' '),
];

describe('the entries of a user', () => {
  it.each(['SQLite', 'SQL Server'])('are all that lie in the window, of every kind, with %s', async (engine) => {
    if (engine === 'SQL Server') await behindSqlServer();
    const items = await readerOf(database).ofUser('AGENT1', NOON, NEVER);
    expect(items.map(told)).toEqual([
      ['appointment 2', 'Replace flow meter, Dock 3', '2026-11-24T09:00:00 2026-11-24T11:30:00'],
      ['appointment 3', 'Inspection at Seefeld Pharma', '2026-12-03T14:30:00 2026-12-03T16:00:00'],
      ['appointment 4', 'Training day', '2026-12-05T00:00:00 2026-12-06T00:00:00'],
      ['phone_log 2', "Call with Nora O'Dell (4711)", '2026-11-25T10:05:00 2026-11-25T10:20:00'],
      ['phone_log 3', 'Call with Jürg Ammann (4712)', '2026-11-27T16:40:00 2026-11-27T16:52:00'],
      ['dispatch 1', "Swap the display unit with Nora O'Dell (4711)", '2026-12-04T08:30:00 2026-12-04T10:00:00'],
      ['action_item 2', 'Order two spare meters', '2026-12-02T17:00:00'],
      ['action_item 3', 'Send the inspection report', '2026-11-29T12:00:00'],
      ['commitment 2', 'Tell Calder when the meter ships', '2026-12-01T15:00:00'],
      ['contact 1', "Nora O'Dell", ''],
      ['contact 2', 'Jürg Ammann', ''],
    ]);
    expect(items.map(({ owner }) => owner)).toEqual(items.map(({ kind }) => (kind === 'contact' ? undefined : 'agent1')));
  });

  it('take one statement for each kind', async () => {
    const { queries } = await behindSqlServer();
    await readerOf(database).ofUser('agent1', NOON, NEVER);
    expect(queries).toHaveLength(entryTypes.length);
  });

  it('say what may be written back, what is past, and where the row is in the web client', async () => {
    const items = await readerOf(database).ofUser('agent1', NOON, NEVER);
    const rows = items.map(({ type, objid, isPast, writable, url }) => [
      `${type} ${objid - FIRST}`,
      isPast,
      writable.join(),
      url,
    ]);
    const [case1, case2] = ['4711', '4712'].map((id) => `http://server/dovetail/Cases/Summary/${id}`);
    expect(rows).toEqual([
      ['appointment 2', true, 'subject,time', case1],
      ['appointment 3', false, 'subject,time', case2],
      ['appointment 4', false, 'subject,time', ''],
      ['phone_log 2', true, '', case1],
      ['phone_log 3', true, '', case2],
      ['dispatch 1', false, '', case1],
      ['action_item 2', false, 'subject,time,done', ''],
      ['action_item 3', true, 'subject,time,done', ''],
      ['commitment 2', false, 'time', ''],
      ['contact 1', false, 'title,phone,mobile,email,otherEmail', 'http://server/dovetail/Contacts/Show/268435457'],
      ['contact 2', false, 'title,phone,mobile,email', 'http://server/dovetail/Contacts/Show/268435458'],
    ]);
  });

  it('have a place where the CRM knows one, and no notes unless the kind may show them', async () => {
    const silent = readerOf(database);
    expect((await itemAt(silent, 'dispatch', 1)).entry).toMatchObject({ place: '12 Harbour Way, Austin', notes: '' });
    expect((await itemAt(silent, 'appointment', 3)).entry.place).toBe('Seefeld Pharma Zürich');
    const open = readerOf(database, { notes: ['action_item', 'phone_log', 'dispatch'] });
    expect(await itemAt(open, 'action_item', 2)).toMatchObject({
      entry: { notes: 'Part FLM-200, revision B.' },
      fields: ['subject', 'time', 'notes', 'done'],
      writable: ['subject', 'time', 'notes', 'done'],
    });
    expect((await itemAt(open, 'dispatch', 1)).entry.notes).toBe('Gate code is 4471, ask for the dock manager.');
    expect((await itemAt(open, 'phone_log', 2)).entry.notes).toBe('');
  });

  it('hold nothing of what is said in calls and commitments, and none of it is asked for', async () => {
    const { queries } = await behindSqlServer();
    const reader = readerOf(database, { notes: entryTypes.map(({ name }) => name) });
    const all: CrmItem[] = [];
    for (const { login } of await reader.users(NEVER)) all.push(...(await reader.ofUser(login, NOON, NEVER)));
    expect(all.length).toBeGreaterThan(12);
    expect(JSON.stringify(all)).not.toMatch(/quit|recall|machine|Pays late|reads the display|Asked for a visit/);
    const ofCalls = queries.filter(({ text }) => text.includes('[table_phone_log]') || text.includes('[table_commit_log]'));
    expect(ofCalls.length).toBeGreaterThan(0);
    expect(ofCalls.filter(({ text }) => /\[(notes|internal|cmit_history)\]/.test(text))).toEqual([]);
  });

  it('hold hostile texts as texts, on one line', async () => {
    const reader = readerOf(database, { notes: ['action_item'] });
    expect((await itemAt(reader, 'appointment', 6)).entry.subject).toBe(
      "\u202Egnp.exe {{ agentUrl }} '; DROP TABLE table_appointment; -- END:VEVENT BEGIN:VEVENT SUMMARY:<b>&amp;</b> 👩\u200d🔧",
    );
    expect((await itemAt(reader, 'action_item', 4)).entry).toMatchObject({
      subject: 'Ask for a purchase order <script>alert(1)</script> ]]>',
      notes: "=cmd|' /C calc'!A0\n%0d%0aX-Injected: 1",
    });
    await change("UPDATE table_disptchfe SET description = '{{ agentUrl }}{% raw %}'");
    expect((await itemAt(reader, 'dispatch', 1)).entry.subject).toBe("{{ agentUrl }}{% raw %} with Nora O'Dell (4711)");
  });

  it('end by their duration where the CRM has no end, or one that is not after the begin', async () => {
    const reader = readerOf(database);
    const ends = async (number: number) => told(await itemAt(reader, 'appointment', number))[2];
    expect(await ends(5)).toBe('2026-12-01T08:15:00 2026-12-01T08:45:00');
    // 01:30 to 02:30 on the night in which the clocks go back is two hours, and 02:30 is not there on that in which they go forward.
    expect(await ends(7)).toBe('2026-11-01T01:30:00 2026-11-01T02:30:00');
    await change(
      "UPDATE table_appointment SET start_time = '2026-11-01T01:50:00', end_time = '2026-11-01T01:10:00', duration = 1200",
    );
    expect(await ends(7)).toBe('2026-11-01T01:50:00 2026-11-01T01:10:00');
    await change(
      "UPDATE table_appointment SET start_time = '2026-12-01T10:00:00', end_time = '2026-12-01T09:00:00', duration = 1800",
    );
    expect(await ends(3)).toBe('2026-12-01T10:00:00 2026-12-01T10:30:00');
    const forward = await itemAt(readerOf(openSqliteDatabase(sampleOfDay(DAY))), 'appointment', 8);
    expect(spelledField(forward.entry, 'time')).toBe('2027-03-14T08:30:00Z/2027-03-14T09:00:00Z');
  });

  it.each([
    ['just begins at its end', '2026-12-30T12:00:00', '2026-12-30T13:00:00', true],
    ['begins a second later', '2026-12-30T12:00:01', '2026-12-30T13:00:00', false],
    ['ends at its begin', '2026-11-23T11:00:00', '2026-11-23T12:00:00', true],
    ['ended a second before', '2026-11-23T11:00:00', '2026-11-23T11:59:59', false],
    ['lasts longer than it', '2026-10-01T00:00:00', '2027-02-01T00:00:00', true],
  ])('are in the window: one that %s', async (_, begin, end, isIn) => {
    await change(`UPDATE table_appointment SET start_time = '${begin}', end_time = '${end}' WHERE objid = ${FIRST + 3}`);
    const reader = readerOf(database);
    expect((await itemAt(reader, 'appointment', 3)).isInWindow).toBe(isIn);
    expect(
      (await reader.ofUser('agent1', NOON, NEVER)).some(({ objid, type }) => type === 'appointment' && objid === FIRST + 3),
    ).toBe(isIn);
  });

  it('are in the window by their duration, where the CRM has no end', async () => {
    const at = (begin: string) => change(`UPDATE table_disptchfe SET appointment = '${begin}', duration = 864000`);
    const reader = readerOf(database);
    const isThere = async () => (await reader.ofUser('agent1', NOON, NEVER)).some(({ type }) => type === 'dispatch');
    await at('2026-11-13T12:00:00');
    expect(await isThere()).toBe(true);
    await at('2026-11-13T11:59:59');
    expect(await isThere()).toBe(false);
  });

  it('are past once they are over, or done', async () => {
    const reader = readerOf(database);
    const end = Date.parse('2026-12-03T22:00:00Z');
    expect((await itemAt(reader, 'appointment', 3, end - 1)).isPast).toBe(false);
    expect((await itemAt(reader, 'appointment', 3, end)).isPast).toBe(true);
    expect((await itemAt(reader, 'action_item', 2, end + 30 * DAY_MS)).isPast).toBe(false);
    expect((await itemAt(reader, 'action_item', 3)).isPast).toBe(true);
  });
});

describe('rows by their keys', () => {
  it('are found whoever owns them and wherever they lie, or are certainly absent', async () => {
    const keys = [
      { type: 'appointment', objid: FIRST + 1 },
      { type: 'appointment', objid: FIRST + 99 },
      { type: 'action_item', objid: FIRST + 6 },
      { type: 'appointment', objid: FIRST + 12 },
      { type: 'appointment', objid: FIRST + 10 },
    ];
    const found = await readerOf(database).byKey(keys, NOON, NEVER);
    expect(found.get(`appointment:${FIRST + 1}`)).toMatchObject({ owner: 'dkeller', isInWindow: false, isPast: true });
    expect(found.get(`appointment:${FIRST + 99}`)).toBe('absent');
    for (const key of [`action_item:${FIRST + 6}`, `appointment:${FIRST + 12}`, `appointment:${FIRST + 10}`])
      expect(found.get(key)).toMatchObject({ owner: '', isInWindow: true });
  });

  it.each([
    ['has "no date"', 'appointment', 9, ''],
    ['is due on "no date"', 'action_item', 5, ''],
    ['has no moment', 'appointment', 3, "UPDATE table_appointment SET start_time = 'soon'"],
    ['was parked', 'appointment', 3, "UPDATE table_appointment SET start_time = '2999-01-01T00:00:00'"],
    ['is of no kind', 'holiday', 1, ''],
    ['is not reserved yet', 'appointment', -FIRST, ''],
  ])('are unknown, and not absent, where the row %s', async (_, type, number, statement) => {
    await change(statement);
    expect(await readerOf(database).byKey([{ type, objid: FIRST + number }], NOON, NEVER)).toEqual(new Map());
  });

  it('are asked for in as many statements as it takes', async () => {
    const { queries } = await behindSqlServer();
    const keys = Array.from({ length: 1_001 }, (_, index) => ({ type: 'appointment', objid: FIRST + 1 + index }));
    const found = await readerOf(database).byKey(keys, NOON, NEVER);
    expect([found.size, [...found.values()].filter((item) => item === 'absent').length]).toEqual([1_000, 989]);
    expect(queries).toHaveLength(3);
  });
});

describe('a site that has less', () => {
  it.each([
    ['without the tables of dispatches and commitments', ['DROP TABLE table_disptchfe', 'DROP TABLE table_commit_log']],
    ['without schedules', ['DROP TABLE table_schedule']],
  ])('is read %s', async (_, statements) => {
    const all = new Set((await readerOf(database).ofUser('agent1', NOON, NEVER)).map(({ type }) => type));
    await change(...statements);
    const reader = readerOf(database);
    const types = new Set((await reader.ofUser('agent1', NOON, NEVER)).map(({ type }) => type));
    expect([...all].filter((type) => !types.has(type))).toEqual(
      statements.length === 2 ? ['dispatch', 'commitment'] : ['appointment'],
    );
    const gone = statements.length === 2 ? 'dispatch' : 'appointment';
    expect(await reader.byKey([{ type: gone, objid: FIRST + 1 }], NOON, NEVER)).toEqual(new Map());
  });

  it('does without columns, which are then not written', async () => {
    await change('ALTER TABLE table_appointment DROP COLUMN duration', 'ALTER TABLE table_appointment DROP COLUMN appt2case');
    expect(await itemAt(readerOf(database), 'appointment', 3)).toMatchObject({
      entry: { place: '', subject: 'Inspection at Seefeld Pharma' },
      url: '',
      writable: ['subject'],
    });
  });

  it('does not do without the time of a kind', async () => {
    await change('ALTER TABLE table_task RENAME COLUMN due_date TO due');
    await expect(readerOf(database).ofUser('agent1', NOON, NEVER)).rejects.toMatchObject({ problem: 'unknown-column' });
  });

  it('has to let the tables be read that it has', async () => {
    await behindSqlServer({ queryError: 229 });
    await expect(readerOf(database).ofUser('agent1', NOON, NEVER)).rejects.toMatchObject({ problem: 'configuration' });
  });

  it('has to let a text be read that it has, lest it is emptied everywhere', async () => {
    await behindSqlServer({ deniedColumns: ['description'] });
    await expect(readerOf(database).ofUser('agent1', NOON, NEVER)).rejects.toThrow(
      /table_appointment\.description decides about entries and cannot be read/,
    );
  });

  it('has to have the tables that it wrote down itself', async () => {
    const types = entryTypes.map((type) => ({ ...type, isOwn: type.name === 'dispatch' }));
    await change('DROP TABLE table_disptchfe');
    await expect(readerOf(database, { types }).ofUser('agent1', NOON, NEVER)).rejects.toMatchObject({ table: 'absent' });
  });
});

describe('the users', () => {
  const logins = async (users: Parameters<typeof readerSettings>[0]) =>
    (await openEntryReader(database, readerSettings(users)).users(NEVER)).map(({ login }) => login);

  it('are the active ones, those of a group, or those that are named, in lower case', async () => {
    expect(await logins({ users: 'all' })).toEqual(['pmorales', 'dkeller', 'sa', 'selfservice', 'agent1', 'agent2']);
    expect(await logins({ users: { group: 'Field Service', path: GROUP_PATH } })).toEqual(['agent1', 'agent2']);
    expect(await logins({ users: { logins: [' Agent1', 'LEAVER', 'nobody'] } })).toEqual(['agent1', 'leaver']);
    expect(await logins({ users: { logins: [] } })).toEqual([]);
  });

  it('come with their address, and whether they can sign in', async () => {
    const reader = readerOf(database, { users: { logins: ['agent2', 'leaver'] } });
    expect(await reader.users(NEVER)).toEqual([
      { login: 'agent2', email: 'agent2@brightwater.example', isActive: true },
      { login: 'leaver', email: 'leaver@brightwater.example', isActive: false },
    ]);
  });

  it('count once, the active one of two that differ in case', async () => {
    await change(
      `INSERT INTO table_user (objid, login_name, status) VALUES (${FIRST}, 'AGENT1', 0), (${FIRST + 99}, 'Agent1', 0)`,
    );
    const reader = readerOf(database, { users: { logins: ['agent1'] } });
    expect(await reader.users(NEVER)).toMatchObject([{ login: 'agent1', isActive: true, email: 'agent1@brightwater.example' }]);
  });
});
