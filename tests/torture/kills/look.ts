// What stands on both sides, read from outside: the rows by SQL, the files line by line. Nothing of the program reads here.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { USERS, withDatabase, type Office } from './office';

export type Kind = 'event' | 'task';
export const KINDS: readonly Kind[] = ['event', 'task'];
const FOLDERS = { event: 'calendar', task: 'tasks' } as const;

/** An entry as either side has it. Times are wall clocks of the office, `2026-12-01T09:00:00`. */
export interface Standing {
  readonly kind: Kind;
  /** The first word of its subject, by which it is known wherever it stands. */
  readonly token: string;
  readonly user: string;
  readonly subject: string;
  readonly begin: string;
  readonly end: string;
  readonly notes: string;
  readonly done: boolean;
}

/** A row of the CRM. */
export interface Row extends Standing {
  readonly objid: number;
}

/** A file of the groupware. */
export interface Item extends Standing {
  readonly path: string;
  readonly text: string;
  readonly uid: string;
}

const EVENTS = `SELECT a.objid, a.description AS subject, a.start_time AS begin, a.end_time AS "end", '' AS notes, '' AS done,
  u.login_name AS login FROM table_appointment a JOIN table_schedule s ON s.objid = a.appt2schedule
  JOIN table_employee e ON e.objid = s.schedule2employee JOIN table_user u ON u.objid = e.employee2user`;
const TASKS = `SELECT t.objid, t.title AS subject, '' AS begin, t.due_date AS "end", t.notes, t.comp_date AS done,
  u.login_name AS login FROM table_task t JOIN table_user u ON u.objid = t.task_owner2user`;

/** The rows of those entries that people of the campaign made. */
export function rowsOf({ crm }: Pick<Office, 'crm'>): readonly Row[] {
  return withDatabase(crm, (database) =>
    KINDS.flatMap((kind) =>
      (database.prepare(kind === 'event' ? EVENTS : TASKS).all() as Readonly<Record<string, string | number | null>>[]).map(
        (row): Row => {
          const text = (name: string) => String(row[name] ?? '').replace(/\r\n/g, '\n');
          const subject = text('subject');
          const time = (name: string) => text(name).slice(0, 19).replace(' ', 'T');
          return {
            ...{ kind, subject, token: tokenOf(subject), user: text('login').toLowerCase(), objid: Number(row['objid']) },
            ...{ begin: time('begin'), end: time('end'), notes: text('notes'), done: !/^(1753|$)/.test(text('done')) },
          };
        },
      ),
    ).filter(isOfPeople),
  );
}

/** The files of a user, of those entries that people of the campaign made. */
function itemsOf({ folder }: Pick<Office, 'folder'>, user: string, kind: Kind): readonly Item[] {
  return namesIn(placeOf(folder, user, kind))
    .filter((name) => name.endsWith('.ics') && !name.startsWith('.'))
    .flatMap((name) => {
      const path = join(placeOf(folder, user, kind), name);
      const text = readIfThere(path);
      return text === undefined ? [] : [itemIn(text, path, user, kind)];
    })
    .filter(isOfPeople);
}

/** The files of all users. */
export function allItems(office: Pick<Office, 'folder'>): readonly Item[] {
  return USERS.flatMap((user) => KINDS.flatMap((kind) => itemsOf(office, user, kind)));
}

/** Where a user's entries of a kind stand. */
export function placeOf(folder: string, user: string, kind: Kind): string {
  return join(folder, user, FOLDERS[kind]);
}

/** A file, unless somebody took it away. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function itemIn(text: string, path: string, user: string, kind: Kind): Item {
  const lines = text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const own = lines.slice(
    lines.indexOf(kind === 'event' ? 'BEGIN:VEVENT' : 'BEGIN:VTODO'),
    lines.indexOf(kind === 'event' ? 'END:VEVENT' : 'END:VTODO'),
  );
  const valueOf = (name: string) => own.find((line) => new RegExp(`^${name}[;:]`).test(line))?.replace(/^[^:]*:/, '') ?? '';
  const textOf = (name: string) =>
    valueOf(name).replace(/\\([nN,;\\])/g, (_, character: string) => (/n/i.test(character) ? '\n' : character));
  const time = (name: string) => valueOf(name).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6');
  const subject = textOf('SUMMARY');
  return {
    ...{ path, text, kind, user, subject, token: tokenOf(subject), uid: valueOf('UID') },
    ...(kind === 'event'
      ? { begin: time('DTSTART'), end: time('DTEND'), notes: '' }
      : { begin: '', end: time('DUE'), notes: textOf('DESCRIPTION') }),
    done: valueOf('STATUS') === 'COMPLETED',
  };
}

function tokenOf(subject: string): string {
  return subject.split(' ', 1)[0] ?? '';
}

function isOfPeople({ token }: Standing): boolean {
  return /^K\d+$/.test(token);
}

/** Everything that may not change in a run that has nothing to do, each thing by its name: files with their times, rows, and links. */
export function everything({ folder, crm, ledger }: Office): ReadonlyMap<string, string> {
  const files = namesIn(folder, true).map((name): [string, string] => {
    const path = join(folder, name);
    const facts = statSync(path);
    const hash = facts.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
    return [`file ${name}`, `${facts.isFile() ? facts.mtimeMs : ''} ${facts.mode} ${hash}`];
  });
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
  return new Map([...files, ...tables, ...links]);
}

/** The names of what is different. */
export function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
}

/** Files that somebody began and nobody finished. */
export function litterIn({ folder }: Pick<Office, 'folder'>): readonly string[] {
  return namesIn(folder, true).filter((name) => name.endsWith('.tmp'));
}

function namesIn(place: string, recursive = false): readonly string[] {
  return existsSync(place) ? readdirSync(place, { recursive, encoding: 'utf8' }) : [];
}
