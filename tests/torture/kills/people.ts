// The people of the office: they change both sides whenever they like, the CRM by SQL, the groupware as other programs do. What they did is
// written down.

import type { Chance } from '../sync/random';
import type { Held } from './groupware';
import { itemIn, KINDS, type Item, type Kind } from './items';
import { allItems, rowsOf, type Row } from './look';
import { withDatabase, type Office } from './office';
import { changedText, decoratedText, extra, newText, ownLine, type Field, type Times } from './texts';
import { USERS } from './users';

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

/** Of 100 acts so many are of each sort; what is left are changes. */
const [MAKES, DELETES, GIVES, DECORATES] = [14, 8, 4, 14];
/** What was touched lately is touched again, by others and on the other side: of so many entries, and so often. */
const [RECENT, IS_RECENT] = [3, 0.4];
/** The first id of the rows that people make, far from those that the CRM counts. */
const FIRST_OBJID = 500_000_000;
const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000];
/** What begins before this minute of a day ends on it, an hour later. */
const LAST_MINUTE = 22 * 60;
/** Everything is planned from here on, so that nothing is over before the campaign is. */
const AHEAD_MS = 5 * DAY_MS;

/** Those who work in the office. */
export class People {
  readonly acts: Act[] = [];
  /** Lines that somebody put into a file, by its UID. */
  readonly decorations = new Map<string, readonly string[]>();
  #next = 1;
  #days = 0;
  #acting: Promise<void> = Promise.resolve();
  readonly #firstDay = Math.floor((Date.now() + AHEAD_MS) / DAY_MS) * DAY_MS;

  constructor(
    private readonly office: Office,
    private readonly chance: Chance,
  ) {}

  /** Everybody has some entries of each kind already. */
  async begin(entries: number): Promise<void> {
    for (const user of USERS)
      for (const kind of KINDS)
        for (let n = 0; n < entries; n += 1) {
          if (this.chance.happens(0.7)) this.makeRow(user, kind);
          else await this.makeItem(user, kind);
        }
  }

  /** Somebody does something, after what somebody does already: so it is known what came later. */
  act(): Promise<void> {
    return (this.#acting = this.#acting.then(() => this.#actNow()));
  }

  /** When all that people do is done. */
  rest(): Promise<void> {
    return this.#acting;
  }

  async #actNow(): Promise<void> {
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
    const [token, { begin, end }] = [`K${number}`, this.#time(number, kind)];
    this.#inCrm(newRow(kind, user, token, { objid: FIRST_OBJID + number, subject: `${token} made in the CRM`, begin, end }));
    // A contact is in the address book of whoever has something to do about it; of that task people know nothing.
    const about = { objid: FIRST_OBJID + this.#number(), subject: `about ${token}`, begin, end, contact: FIRST_OBJID + number };
    if (kind === 'contact') this.#inCrm(newRow('task', user, token, about));
    this.#note('made', 'crm', token);
  }

  /** Nobody becomes a contact of the CRM because a card was made, and before the program made a calendar there may be none. */
  async makeItem(user: string, kind: Kind): Promise<void> {
    const number = this.#number();
    const [token, uid] = [`K${number}`, `k${number}@telephone`];
    const own = `X-TELEPHONE;X-KEPT="a:b":${uid}`;
    const text = newText(kind, uid, `${token} made on the telephone`, this.#time(number, kind), own);
    if (kind === 'contact' || !(await this.office.groupware.add(user, kind, `${token} of somebody`, text)))
      return this.makeRow(user, kind);
    this.decorations.set(uid, [own]);
    this.#note('made', 'groupware', token);
  }

  #changeRow(user: string): void {
    const row = this.#row(user);
    if (row === undefined) return;
    const number = this.#number();
    const times = this.#time(number, row.kind);
    const [field, value] = this.#newValue(row, number, times.end);
    const set = changeOf(row, field, value, times);
    const changed = this.#inCrm(`UPDATE ${TABLES[row.kind]} SET ${set} WHERE objid = ${row.objid}`);
    if (changed === 1) this.#note('changed', 'crm', row.token, field, value);
  }

  async #changeItem(user: string): Promise<void> {
    const { item, held } = (await this.#item(user)) ?? {};
    if (item === undefined) return;
    const number = this.#number();
    const times = this.#time(number, item.kind);
    const end = this.#isOfDays(item.kind) ? dayOf(times.end) : times.end;
    const [field, value] = this.#newValue(item, number, end, item.kind === 'event' ? ['place'] : []);
    const text = changedText(item, field, value, times);
    if (text !== item.text && (await held?.save(text))) this.#note('changed', 'groupware', item.token, field, value);
  }

  async #decorate(user: string): Promise<void> {
    const { item, held } = (await this.#item(user)) ?? {};
    if (item === undefined) return;
    const [isLine, number] = [this.chance.happens(0.5), this.#number()];
    const its = this.office.groupware.decoration?.(item.kind, number);
    const more = its ?? (isLine ? ownLine(number) : extra(item.kind, number));
    if (!(await held?.save(decoratedText(item, more)))) return;
    const before = more.isInstead === true ? [] : (this.decorations.get(item.uid) ?? []);
    this.decorations.set(item.uid, [...before, ...more.known]);
  }

  #deleteRow(user: string): void {
    const row = this.#row(user);
    // A contact whom nobody has to do with any more stays where it is, and so does its card: there is nothing to compare.
    if (row === undefined || row.kind === 'contact') return;
    if (this.#inCrm(`DELETE FROM ${TABLES[row.kind]} WHERE objid = ${row.objid}`) === 1) this.#note('deleted', 'crm', row.token);
  }

  async #deleteItem(user: string): Promise<void> {
    const { item, held } = (await this.#item(user)) ?? {};
    if (item !== undefined && (await held?.remove())) this.#note('deleted', 'groupware', item.token);
  }

  #give(user: string): void {
    const [row, to] = [this.#row(user), this.chance.oneOf(USERS)];
    if (row === undefined || to === undefined || to === user || row.kind === 'contact') return;
    const owner = row.kind === 'event' ? `appt2schedule = ${SCHEDULE_OF(to)}` : `task_owner2user = ${USER_OF(to)}`;
    if (this.#inCrm(`UPDATE ${TABLES[row.kind]} SET ${owner} WHERE objid = ${row.objid}`) === 1)
      this.#note('given', 'crm', row.token);
  }

  #newValue(
    { kind, token, done }: Row | Item,
    number: number,
    time: string,
    more: readonly Field[] = [],
  ): readonly [Field, string] {
    const field = this.chance.oneOf([...CHANGES[kind], ...more]) ?? 'subject';
    const values = {
      subject: `${token} subject ${number}`,
      time,
      place: `Place ${number}`,
      notes: `note${number}.`,
      title: `Title ${number}.`,
      phone: `+977 2 ${String(number).padStart(7, '0')}`,
      mobile: `+977 98 ${String(number).padStart(7, '0')}`,
    };
    return [field, field === 'done' ? String(!done) : values[field]];
  }

  /** A time that no other entry has; where only days are known, a day that no other one has. */
  #time(number: number, kind: Kind): Times {
    const at = (ms: number) => new Date(this.#firstDay + ms).toISOString().slice(0, 19);
    if (!this.#isOfDays(kind)) return { begin: at(2 * number * MINUTE_MS), end: at((2 * number + 60) * MINUTE_MS) };
    const [day, minute] = [DAY_MS * this.#days++, (2 * number) % LAST_MINUTE];
    return { begin: at(day + minute * MINUTE_MS), end: at(day + (minute + 60) * MINUTE_MS) };
  }

  #isOfDays(kind: Kind): boolean {
    return kind === 'task' && this.office.groupware.hasDays === true;
  }

  #kind(): Kind {
    return this.chance.oneOf(KINDS) ?? 'event';
  }

  #row(user: string): Row | undefined {
    return this.#oneOf(rowsOf(this.office), user);
  }

  /** One as it stands on the disk, and then as the groupware says that it is by now. */
  async #item(user: string): Promise<{ readonly item: Item; readonly held: Held } | undefined> {
    const chosen = this.#oneOf(allItems(this.office.groupware), user);
    const held = chosen === undefined ? undefined : await this.office.groupware.open(chosen.path);
    if (chosen === undefined || held === undefined) return undefined;
    return { item: itemIn(held.text, chosen.path, chosen.user, chosen.kind), held };
  }

  #oneOf<T extends Row | Item>(all: readonly T[], user: string): T | undefined {
    const recent = this.acts.slice(-RECENT).map(({ token }) => token);
    const touched = this.chance.happens(IS_RECENT) ? all.filter(({ token }) => recent.includes(token)) : [];
    return this.chance.oneOf(touched.length > 0 ? touched : all.filter((one) => one.user === user));
  }

  #inCrm(sql: string): number {
    return withDatabase(this.office.crm, (database) => database.prepare(sql).run().changes);
  }

  #number(): number {
    return this.#next++;
  }

  #note(did: Act['did'], side: Act['side'], token: string, field?: Field, value?: string): void {
    this.acts.push({ did, side, token, at: this.#number(), ...(field && { field }), ...(value && { value }) });
  }
}

/** The day of a wall clock. */
function dayOf(wallClock: string): string {
  return wallClock.slice(0, 10);
}

const NEVER = '1753-01-01T00:00:00';
const TABLES: Readonly<Record<Kind, string>> = { event: 'table_appointment', task: 'table_task', contact: 'table_contact' };
/** What people change on both sides. */
const CHANGES: Readonly<Record<Kind, readonly Field[]>> = {
  event: ['subject', 'time'],
  task: ['subject', 'time', 'notes', 'done'],
  contact: ['title', 'phone', 'mobile'],
};
const USER_OF = (user: string) => `(SELECT MIN(objid) FROM table_user WHERE LOWER(login_name) = '${user}')`;
const SCHEDULE_OF = (user: string) =>
  `(SELECT MIN(s.objid) FROM table_schedule s JOIN table_employee e ON e.objid = s.schedule2employee WHERE e.employee2user = ${USER_OF(user)})`;

interface NewRow extends Times {
  readonly objid: number;
  readonly subject: string;
  /** Whom it is about. */
  readonly contact?: number;
}

/** The statement that makes a row. */
function newRow(kind: Kind, user: string, token: string, { objid, subject, begin, end, contact }: NewRow): string {
  const made: Readonly<Record<Kind, string>> = {
    event: `INSERT INTO table_appointment (objid, description, start_time, end_time, duration, cell_text, condition, appt2schedule)
      VALUES (${objid}, '${subject}', '${begin}', '${end}', 3600, '', 0, ${SCHEDULE_OF(user)})`,
    task: `INSERT INTO table_task (objid, task_id, title, notes, start_date, due_date, comp_date, active, task_owner2user, task2contact)
      VALUES (${objid}, '${token}', '${subject}', '', '${begin}', '${end}', '${NEVER}', 1, ${USER_OF(user)}, ${contact ?? 'NULL'})`,
    contact: `INSERT INTO table_contact (objid, first_name, last_name, phone, mobile_phone, e_mail, title, status)
      VALUES (${objid}, '${token}', '${subject.slice(token.length + 1)}', '', '', '', '', 0)`,
  };
  return made[kind];
}

/** What an update sets. */
function changeOf({ kind, done }: Row, field: Field, value: string, { begin, end }: Times): string {
  const isEvent = kind === 'event';
  const changes: Readonly<Record<Field, string>> = {
    subject: `${isEvent ? 'description' : 'title'} = '${value}'`,
    time: isEvent ? `start_time = '${begin}', end_time = '${end}', duration = 3600` : `due_date = '${end}'`,
    place: '',
    notes: `notes = '${value}'`,
    done: `comp_date = '${done ? NEVER : begin}'`,
    title: `title = '${value}'`,
    phone: `phone = '${value}'`,
    mobile: `mobile_phone = '${value}'`,
  };
  return changes[field];
}
