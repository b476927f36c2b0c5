// A CRM with the agendas of many users, for the benches of `sync`: a SQLite database whose tables have the indexes that a CRM has.

import { DatabaseSync } from '@photostructure/sqlite';

const DAY_MS = 86_400_000;
/** Of so many rows one is a task, the others are visits. */
const TASK_EVERY = 4;

/** Makes the database: `entries` rows in all, spread evenly over `users`, each between a week ago and half a year ahead. */
export function makeAgenda(file, { users, entries }) {
  const crm = new DatabaseSync(file);
  crm.exec(`
    CREATE TABLE [table_user] ([objid] INTEGER PRIMARY KEY, [login_name] VARCHAR(30), [status] INTEGER);
    CREATE TABLE [table_employee] ([objid] INTEGER PRIMARY KEY, [e_mail] VARCHAR(80), [employee2user] INTEGER);
    CREATE TABLE [table_x_visit] ([objid] INTEGER PRIMARY KEY, [title] VARCHAR(80), [place] VARCHAR(80), [x_begin] DATETIME,
      [x_end] DATETIME, [x_owner] VARCHAR(30));
    CREATE INDEX [visit_of_owner] ON [table_x_visit] (LOWER([x_owner]));
    CREATE TABLE [table_x_todo] ([objid] INTEGER PRIMARY KEY, [title] VARCHAR(80), [x_end] DATETIME, [x_owner] VARCHAR(30));
    CREATE INDEX [todo_of_owner] ON [table_x_todo] (LOWER([x_owner]));
    BEGIN`);
  const addUser = crm.prepare('INSERT INTO [table_user] VALUES (?, ?, 1)');
  const addEmployee = crm.prepare('INSERT INTO [table_employee] VALUES (?, ?, ?)');
  for (let n = 0; n < users; n += 1) {
    addUser.run(n + 1, loginOf(n));
    addEmployee.run(n + 1, `${loginOf(n)}@example.com`, n + 1);
  }
  const addVisit = crm.prepare('INSERT INTO [table_x_visit] VALUES (?, ?, ?, ?, ?, ?)');
  const addTodo = crm.prepare('INSERT INTO [table_x_todo] VALUES (?, ?, ?, ?)');
  const first = Date.now() - 7 * DAY_MS;
  for (let n = 0; n < entries; n += 1) {
    const begin = first + ((n * 7_919) % (187 * 24)) * (DAY_MS / 24);
    const [owner, title] = [loginOf(n % users), `Visit ${n} at Calder & Sons, Dock ${n % 9}`];
    if (n % TASK_EVERY === 0) addTodo.run(n + 1, title, wallClock(begin), owner);
    else addVisit.run(n + 1, title, `Harbour Way ${n % 99}, Zürich`, wallClock(begin), wallClock(begin + 5_400_000), owner);
  }
  crm.exec('COMMIT');
  crm.close();
}

/** Adds a visit of tomorrow; its objid. */
export function addVisit(file, owner) {
  const crm = new DatabaseSync(file);
  const [{ objid }] = crm.prepare('SELECT MAX([objid]) + 1 AS objid FROM [table_x_visit]').all();
  const begin = Date.now() + DAY_MS;
  const place = 'Harbour Way 1, Zürich';
  crm
    .prepare('INSERT INTO [table_x_visit] ([objid], [title], [place], [x_begin], [x_end], [x_owner]) VALUES (?, ?, ?, ?, ?, ?)')
    .run(objid, `Visit ${objid}`, place, wallClock(begin), wallClock(begin + 5_400_000), owner);
  crm.close();
  return objid;
}

/** Makes contacts whom the visits are to: of each user as many, and nobody else's. How many are visited in all is returned. */
export function addContacts(file, { users, contacts }) {
  const crm = new DatabaseSync(file);
  crm.exec(`
    CREATE TABLE [table_contact] ([objid] INTEGER PRIMARY KEY, [first_name] VARCHAR(30), [last_name] VARCHAR(30), [title] VARCHAR(30),
      [phone] VARCHAR(20), [mobile_phone] VARCHAR(20), [fax_number] VARCHAR(20), [e_mail] VARCHAR(80), [update_stamp] DATETIME);
    ALTER TABLE [table_x_visit] ADD [x_visit2contact] INTEGER;
    UPDATE [table_x_visit] SET [x_visit2contact] =
      ([objid] - 1) % ${users} * ${contacts} + ([objid] - 1) / ${users} % ${contacts} + 1;
    INSERT INTO [table_contact] SELECT DISTINCT [x_visit2contact], 'Ada', 'Calder ' || [x_visit2contact], 'Harbour master',
      '+41 44 ' || [x_visit2contact], NULL, NULL, 'ada' || [x_visit2contact] || '@example.com', NULL FROM [table_x_visit];`);
  const [{ visited }] = crm.prepare('SELECT COUNT(*) AS visited FROM [table_contact]').all();
  crm.close();
  return visited;
}

/** The configuration that keeps them in step with a folder. */
export function agendaConfiguration(file, groupware = {}) {
  const common = { fields: { title: 'title' }, subject: '{{ title }}', owner: 'x_owner' };
  const off = Object.fromEntries(KINDS.map((name) => [name, { off: true }]));
  return {
    clarify: { database: { type: 'sqlite', file }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: { stream: { type: 'feed', folder: 'stream' } },
    log: false,
    groupware: {
      type: 'folder',
      folder: 'groupware',
      users: 'all',
      kinds: {
        ...off,
        visit: {
          ...{ ...common, becomes: 'event', table: 'table_x_visit', begin: 'x_begin', end: 'x_end' },
          ...{ fields: { title: 'title', street: 'place' }, place: '{{ street }}' },
        },
        todo: { ...common, becomes: 'task', table: 'table_x_todo', end: 'x_end' },
      },
      ...groupware,
    },
  };
}

const KINDS = ['appointment', 'phone_log', 'dispatch', 'action_item', 'commitment'];

/** The login of a user, counted from 0. */
export function loginOf(n) {
  return `agent${n}`;
}

function wallClock(at) {
  return new Date(at).toISOString().slice(0, 19);
}
