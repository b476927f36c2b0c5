// The people of the office: they change both sides whenever they like, the CRM by SQL, the groupware as an editor does, by putting a new
// file in the place of the old one. What they did is written down.

import { mkdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chance } from '../sync/random';
import { allItems, KINDS, placeOf, readIfThere, rowsOf, type Item, type Kind, type Row } from './look';
import { USERS, withDatabase, ZONE, type Office } from './office';

/** Something that somebody did. `at` counts what people do. */
export interface Act {
  readonly did: 'made' | 'changed' | 'deleted' | 'given';
  readonly side: 'crm' | 'groupware';
  readonly token: string;
  readonly at: number;
  /** Of a change: what, and to what. No value comes twice. */
  readonly field?: Field;
  readonly value?: string;
}

export type Field = 'subject' | 'time' | 'place' | 'notes' | 'done';

/** Of 100 acts so many are of each sort; what is left are changes. */
const [MAKES, DELETES, GIVES, DECORATES] = [14, 8, 4, 14];
/** What was touched lately is touched again, by others and on the other side: of so many entries, and so often. */
const [RECENT, IS_RECENT] = [3, 0.4];
/** The first id of the rows that people make, far from those that the CRM counts. */
const FIRST_OBJID = 500_000_000;
const DAY_MS = 86_400_000;
/** Everything is planned from here on, so that nothing is over before the campaign is. */
const AHEAD_MS = 5 * DAY_MS;

/** Those who work in the office. */
export class People {
  readonly acts: Act[] = [];
  /** Lines that somebody put into a file, by its UID. */
  readonly decorations = new Map<string, readonly string[]>();
  #next = 1;
  readonly #firstDay = Math.floor((Date.now() + AHEAD_MS) / DAY_MS) * DAY_MS;

  constructor(
    private readonly office: Office,
    private readonly chance: Chance,
  ) {}

  /** Somebody does something. */
  act(): void {
    const user = this.chance.oneOf(USERS) ?? 'agent1';
    const dice = this.chance.below(100);
    const inCrm = this.chance.happens(0.5);
    if (dice < MAKES) return inCrm ? this.makeRow(user, this.#kind()) : this.makeItem(user, this.#kind());
    if (dice < MAKES + DELETES) return inCrm ? this.#deleteRow(user) : this.#deleteItem(user);
    if (dice < MAKES + DELETES + GIVES) return this.#give(user);
    if (dice < MAKES + DELETES + GIVES + DECORATES) return this.#decorate(user);
    return inCrm ? this.#changeRow(user) : this.#changeItem(user);
  }

  makeRow(user: string, kind: Kind): void {
    const number = this.#number();
    const [token, objid, { begin, end }] = [`K${number}`, FIRST_OBJID + number, this.#time(number)];
    const subject = `${token} made in the CRM`;
    this.#inCrm(
      kind === 'event'
        ? `INSERT INTO table_appointment (objid, description, start_time, end_time, duration, cell_text, condition, appt2schedule)
           VALUES (${objid}, '${subject}', '${begin}', '${end}', 3600, '', 0, ${SCHEDULE_OF(user)})`
        : `INSERT INTO table_task (objid, task_id, title, notes, start_date, due_date, comp_date, active, task_owner2user)
           VALUES (${objid}, '${token}', '${subject}', '', '${begin}', '${end}', '${NEVER}', 1, ${USER_OF(user)})`,
    );
    this.#note('made', 'crm', token);
  }

  makeItem(user: string, kind: Kind): void {
    const number = this.#number();
    const [token, uid] = [`K${number}`, `k${number}@telephone`];
    const own = `X-TELEPHONE;X-KEPT="a:b":${uid}`;
    const place = placeOf(this.office.folder, user, kind);
    mkdirSync(place, { recursive: true });
    this.#put(
      join(place, `${token} of somebody.ics`),
      textOf(kind, uid, `${token} made on the telephone`, this.#time(number), own),
    );
    this.decorations.set(uid, [own]);
    this.#note('made', 'groupware', token);
  }

  #changeRow(user: string): void {
    const row = this.#row(user);
    if (row === undefined) return;
    const number = this.#number();
    const [field, value] = this.#newValue(row, number);
    const { begin, end } = this.#time(number);
    const isEvent = row.kind === 'event';
    const set = {
      subject: `${isEvent ? 'description' : 'title'} = '${value}'`,
      time: isEvent ? `start_time = '${begin}', end_time = '${end}', duration = 3600` : `due_date = '${end}'`,
      place: '',
      notes: `notes = '${value}'`,
      done: `comp_date = '${row.done ? NEVER : begin}'`,
    }[field];
    const changed = this.#inCrm(`UPDATE ${TABLES[row.kind]} SET ${set} WHERE objid = ${row.objid}`);
    if (changed === 1) this.#note('changed', 'crm', row.token, field, value);
  }

  #changeItem(user: string): void {
    const item = this.#item(user);
    if (item === undefined) return;
    const number = this.#number();
    const [field, value] = this.#newValue(item, number, item.kind === 'event' ? ['place'] : []);
    const { begin, end } = this.#time(number);
    const [plainBegin, plainEnd] = [plain(begin), plain(end)];
    const text = {
      subject: () => withLine(item, 'SUMMARY', value),
      time: () =>
        item.text
          .replace(/^(DTSTART[^:\r\n]*TZID=[^:\r\n]*):\d{8}T\d{6}/m, item.kind === 'event' ? `$1:${plainBegin}` : '$&')
          .replace(/^((?:DTEND|DUE)[^:\r\n]*):\d{8}T\d{6}/m, `$1:${plainEnd}`),
      place: () => withLine(item, 'LOCATION', value),
      notes: () => withLine(item, 'DESCRIPTION', value),
      done: () => withLine(item, 'STATUS', item.done ? 'NEEDS-ACTION' : 'COMPLETED'),
    }[field]();
    if (this.#replace(item, text)) this.#note('changed', 'groupware', item.token, field, value);
  }

  #decorate(user: string): void {
    const item = this.#item(user);
    if (item === undefined) return;
    const line = `X-NOTE-OF-SOMEBODY;X-Q="1;2":${'long '.repeat(20)}${this.#number()}`;
    const folded = `${line.slice(0, 70)}\r\n ${line.slice(70)}`;
    const alarm = ['BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER:-PT${this.#number()}M`, 'SUMMARY:Wake up', 'END:VALARM'];
    const more = this.chance.happens(0.5) ? [folded] : alarm;
    const end = item.kind === 'event' ? 'END:VEVENT' : 'END:VTODO';
    if (!this.#replace(item, item.text.replace(end, [...more, end].join('\r\n')))) return;
    const known = this.decorations.get(item.uid) ?? [];
    this.decorations.set(item.uid, [...known, ...more.filter((each) => !/^(BEGIN|END|ACTION|SUMMARY)/.test(each))]);
  }

  #deleteRow(user: string): void {
    const row = this.#row(user);
    if (row === undefined) return;
    if (this.#inCrm(`DELETE FROM ${TABLES[row.kind]} WHERE objid = ${row.objid}`) === 1) this.#note('deleted', 'crm', row.token);
  }

  #deleteItem(user: string): void {
    const item = this.#item(user);
    if (item === undefined || readIfThere(item.path) !== item.text) return;
    unlinkSync(item.path);
    this.#note('deleted', 'groupware', item.token);
  }

  #give(user: string): void {
    const [row, to] = [this.#row(user), this.chance.oneOf(USERS)];
    if (row === undefined || to === undefined || to === user) return;
    const owner = row.kind === 'event' ? `appt2schedule = ${SCHEDULE_OF(to)}` : `task_owner2user = ${USER_OF(to)}`;
    if (this.#inCrm(`UPDATE ${TABLES[row.kind]} SET ${owner} WHERE objid = ${row.objid}`) === 1)
      this.#note('given', 'crm', row.token);
  }

  #newValue({ kind, token, done }: Row | Item, number: number, more: readonly Field[] = []): readonly [Field, string] {
    const fields: readonly Field[] = kind === 'event' ? ['subject', 'time', ...more] : ['subject', 'time', 'notes', 'done'];
    const field = this.chance.oneOf(fields) ?? 'subject';
    const values = {
      subject: `${token} subject ${number}`,
      time: this.#time(number).end,
      place: `Place ${number}`,
      notes: `note${number}.`,
    };
    return [field, field === 'done' ? String(!done) : values[field]];
  }

  /** A time that no other entry has. */
  #time(number: number): { readonly begin: string; readonly end: string } {
    const at = (minutes: number) => new Date(this.#firstDay + minutes * 60_000).toISOString().slice(0, 19);
    return { begin: at(2 * number), end: at(2 * number + 60) };
  }

  #kind(): Kind {
    return this.chance.oneOf(KINDS) ?? 'event';
  }

  #row(user: string): Row | undefined {
    return this.#oneOf(rowsOf(this.office), user);
  }

  #item(user: string): Item | undefined {
    return this.#oneOf(allItems(this.office), user);
  }

  #oneOf<T extends Row | Item>(all: readonly T[], user: string): T | undefined {
    const recent = this.acts.slice(-RECENT).map(({ token }) => token);
    const touched = this.chance.happens(IS_RECENT) ? all.filter(({ token }) => recent.includes(token)) : [];
    return this.chance.oneOf(touched.length > 0 ? touched : all.filter((one) => one.user === user));
  }

  #inCrm(sql: string): number {
    return withDatabase(this.office.crm, (database) => database.prepare(sql).run().changes);
  }

  /** Saves a file, as an editor does that looks whether somebody else saved it meanwhile. */
  #replace(item: Item, text: string): boolean {
    if (text === item.text) return false;
    const draft = join(this.office.desk, 'draft');
    writeFileSync(draft, text);
    if (readIfThere(item.path) !== item.text) return false;
    renameSync(draft, item.path);
    return true;
  }

  #put(path: string, text: string): void {
    const draft = join(this.office.desk, 'draft');
    writeFileSync(draft, text);
    renameSync(draft, path);
  }

  #number(): number {
    return this.#next++;
  }

  #note(did: Act['did'], side: Act['side'], token: string, field?: Field, value?: string): void {
    this.acts.push({ did, side, token, at: this.#number(), ...(field && { field }), ...(value && { value }) });
  }
}

const NEVER = '1753-01-01T00:00:00';
const TABLES = { event: 'table_appointment', task: 'table_task' } as const;
const USER_OF = (user: string) => `(SELECT MIN(objid) FROM table_user WHERE LOWER(login_name) = '${user}')`;
const SCHEDULE_OF = (user: string) =>
  `(SELECT MIN(s.objid) FROM table_schedule s JOIN table_employee e ON e.objid = s.schedule2employee WHERE e.employee2user = ${USER_OF(user)})`;

function plain(wallClock: string): string {
  return wallClock.replace(/[-:]/g, '');
}

/** The text with a line in place of that of its name, or one more; before all that hangs on the entry, which has lines of that name, too. */
function withLine({ text, kind }: Item, name: string, value: string): string {
  const begin = kind === 'event' ? 'BEGIN:VEVENT\r\n' : 'BEGIN:VTODO\r\n';
  const [before = '', after = ''] = text.split(begin, 2);
  const line = new RegExp(`^${name}[;:].*(\\r\\n[ \\t].*)*\\r\\n`, 'm');
  const at = after.search(line);
  const isOwn = at >= 0 && !after.slice(0, at).includes('BEGIN:VALARM');
  return before + begin + (isOwn ? after.replace(line, `${name}:${value}\r\n`) : `${name}:${value}\r\n${after}`);
}

function textOf(
  kind: Kind,
  uid: string,
  subject: string,
  { begin, end }: { readonly begin: string; readonly end: string },
  own: string,
): string {
  const name = kind === 'event' ? 'VEVENT' : 'VTODO';
  const when =
    kind === 'event'
      ? [`DTSTART;TZID=${ZONE}:${plain(begin)}`, `DTEND;TZID=${ZONE}:${plain(end)}`]
      : [`DUE;TZID=${ZONE}:${plain(end)}`];
  const lines = [`BEGIN:${name}`, `UID:${uid}`, 'DTSTAMP:20260101T000000Z', `SUMMARY:${subject}`, ...when, own, `END:${name}`];
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//somebody//telephone//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}
