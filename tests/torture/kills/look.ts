// What stands on both sides, read from outside: the rows by SQL, the texts line by line. Nothing of the program reads here.

import type { OfficeGroupware } from './groupware';
import { isOfPeople, itemIn, KINDS, SILENT, tokenOf, type Entry, type Item, type Kind } from './items';
import { withDatabase, type Office } from './office';
import { USERS } from './users';

/** A row of the CRM. */
export interface Row extends Entry {
  readonly objid: number;
}

/** What a row says, and whose it is; whose address book a contact is in, the task says that is about it. */
const READINGS: Readonly<Record<Kind, string>> = {
  event: `SELECT a.objid, a.description AS subject, a.start_time AS begin, a.end_time AS "end", u.login_name AS login
    FROM table_appointment a JOIN table_schedule s ON s.objid = a.appt2schedule
    JOIN table_employee e ON e.objid = s.schedule2employee JOIN table_user u ON u.objid = e.employee2user`,
  task: `SELECT t.objid, t.title AS subject, t.due_date AS "end", t.notes, t.comp_date AS done, u.login_name AS login
    FROM table_task t JOIN table_user u ON u.objid = t.task_owner2user`,
  contact: `SELECT c.objid, c.first_name || ' ' || c.last_name AS subject, c.title, c.phone, c.mobile_phone AS mobile, u.login_name AS login
    FROM table_contact c JOIN table_task t ON t.task2contact = c.objid JOIN table_user u ON u.objid = t.task_owner2user`,
};

/** The rows of those entries that people of the campaign made. */
export function rowsOf({ crm }: Pick<Office, 'crm'>): readonly Row[] {
  return withDatabase(crm, (database) =>
    KINDS.flatMap((kind) =>
      (database.prepare(READINGS[kind]).all() as Readonly<Record<string, string | number | null>>[]).map((row) =>
        rowIn(row, kind),
      ),
    ).filter(isOfPeople),
  );
}

function rowIn(row: Readonly<Record<string, string | number | null>>, kind: Kind): Row {
  const text = (name: string) => String(row[name] ?? '').replace(/\r\n/g, '\n');
  const subject = text('subject');
  const time = (name: string) => text(name).slice(0, 19).replace(' ', 'T');
  return {
    ...{ ...SILENT, kind, subject, token: tokenOf(subject), user: text('login').toLowerCase(), objid: Number(row['objid']) },
    ...{ begin: time('begin'), end: time('end'), notes: text('notes'), done: !/^(1753|$)/.test(text('done')) },
    ...{ title: text('title'), phone: text('phone'), mobile: text('mobile') },
  };
}

/** The texts of all users, of those entries that people of the campaign made. */
export function allItems(groupware: Pick<OfficeGroupware, 'textsOf'>): readonly Item[] {
  return USERS.flatMap((user) =>
    KINDS.flatMap((kind) => groupware.textsOf(user, kind).map(({ path, text }) => itemIn(text, path, user, kind))),
  ).filter(isOfPeople);
}

/** Everything that may not change in a run that has nothing to do, each thing by its name: files with their times, rows, and links. */
export function everything({ groupware, crm, ledger }: Office): ReadonlyMap<string, string> {
  const tables = withDatabase(crm, (database) =>
    database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all()
      .flatMap((table) => {
        const { name } = table as { readonly name: string };
        return database
          .prepare(`SELECT * FROM "${name}"`)
          .all()
          .map((row, n): [string, string] => [`row ${name} ${n}`, JSON.stringify(row)]);
      }),
  );
  const links = withDatabase(ledger, (database) =>
    database
      .prepare('SELECT * FROM publish_activity_link')
      .all()
      .map((row): [string, string] => [`link ${(row as { readonly id: string }).id}`, JSON.stringify(row)]),
  );
  return new Map([...groupware.everything(), ...tables, ...links]);
}

/** The names of what is different. */
export function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
}
