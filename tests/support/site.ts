// One visit or one task of one user, in a CRM of a zone and in a groupware that keeps texts: columns on the one side, lines on the other, and
// between them all of the code that reads and writes.

import type { TurnReport } from '../../src/commands/groupware/sync/turn';
import type { AgendaKind } from '../../src/core/sync/entry';
import { DAY, FIRST, NEVER, openDesk } from './entries';
import { newLinkStore, openMemoryLinks } from './memory-links';
import { changeDatabase, sampleOfDay } from './sample';
import { turn, type AnyCrm, type Place } from './turns';
import { openWorld, type Name } from './worlds';

const LOGIN = 'agent1';
const [VISIT, TASK] = [FIRST + 3, FIRST + 2];
const DAY_MS = 86_400_000;

/** A site. */
export interface OneVisit extends Place<AnyCrm> {
  /** What the columns of the visit hold, to the minute: its begin, its end, and its length in seconds. */
  columns(): Promise<readonly [begin: string, end: string, seconds: number]>;
  /** When the task is due. */
  due(): Promise<string>;
  /** Somebody gives the row of the visit other times, or that of the task. */
  move(begin: string, end: string): Promise<void>;
  moveTask(due: string): Promise<void>;
  /** The lines of the item that say when it is. */
  lines(): Promise<readonly string[]>;
  /** Somebody gives the item other lines that say so. */
  write(...lines: readonly string[]): Promise<void>;
  /** The whole item. */
  text(): Promise<string>;
  take(): Promise<TurnReport['done']>;
  /** Forgets everything that was known. */
  forget(): void;
  close(): Promise<void>;
}

export const QUIET = { created: 0, updated: 0, deleted: 0, written: 0 };

/** Opens a site whose CRM has a zone, and whose user may live in another one. `now` is a moment in ISO 8601; `kind` is what is kept in step. */
export async function openOneVisit(
  name: Name,
  timeZone: string,
  userZone = timeZone,
  now = '2026-01-02T12:00:00Z',
  kind: AgendaKind = 'event',
): Promise<OneVisit> {
  const file = sampleOfDay(DAY);
  await changeDatabase(file, (crm) =>
    crm.exec(
      `DELETE FROM table_appointment WHERE objid <> ${VISIT}; DELETE FROM table_task WHERE objid <> ${TASK};` +
        'DELETE FROM table_phone_log; DELETE FROM table_disptchfe; DELETE FROM table_commit_log',
    ),
  );
  const window = { pastMs: 1_000 * DAY_MS, aheadMs: 1_000 * DAY_MS };
  const desk = await openDesk(file, 'sqlite', { timeZone, reader: { timeZone, window } });
  let clock = () => Date.parse(now);
  const world = await openWorld(name, () => clock());
  const user = { system: 'crm', login: LOGIN, email: '', timeZone: userZone };
  const texts = world.texts?.(user, kind);
  if (texts === undefined) throw new Error(`${name} keeps no texts`);
  let known: string | undefined;
  /** The name of the item, which it keeps. */
  const nameOf = async () => {
    if (known !== undefined) return known;
    const names = await texts.names();
    if (names.length !== 1) throw new Error(`there are ${names.length} items`);
    return (known = names[0] ?? '');
  };
  const text = async () => texts.read(await nameOf());
  const rewrite = async (lines: readonly string[]) => {
    const whole = await text();
    const item = itemIn(whole);
    const changed = item.replace(WHEN, '').replace(/END:V(EVENT|TODO)/, `${lines.map((line) => `${line}\r\n`).join('')}$&`);
    await texts.write(
      await nameOf(),
      whole.replace(item, () => changed),
    );
  };
  const row = async (table: string, objid: number) => {
    const [found = {}] = await desk.database.query(
      { text: `SELECT * FROM [${table}] WHERE [objid] = @objid`, parameters: { objid } },
      NEVER,
    );
    return found;
  };
  const minute = (value: unknown) => String(value).replace(' ', 'T').slice(0, 16);
  const change = (sql: string) => changeDatabase(file, (crm) => crm.exec(sql));
  const site: OneVisit & { links: Place['links'] } = {
    crm: { reader: desk.reader, writer: desk.writer, creates: desk.writer.creates },
    links: openMemoryLinks(newLinkStore()),
    kinds: [kind],
    open: ({ email }, which) => world.open({ ...user, email }, which),
    now: Date.parse(now),
    columns: async () => {
      const { start_time, end_time, duration } = await row('table_appointment', VISIT);
      return [minute(start_time), minute(end_time), Number(duration)];
    },
    due: async () => minute((await row('table_task', TASK))['due_date']),
    move: (begin, end) =>
      change(
        `UPDATE table_appointment SET start_time = '${begin}:00', end_time = '${end}:00', duration = 0 WHERE objid = ${VISIT}`,
      ),
    moveTask: (due) => change(`UPDATE table_task SET due_date = '${due}:00' WHERE objid = ${TASK}`),
    // A server may take away quotes that nobody needs.
    lines: async () => (itemIn(await text()).match(WHEN) ?? []).map((line) => line.trim().replaceAll('"', '')).sort(),
    write: (...lines) => rewrite(lines),
    text,
    take: async () => {
      site.now += 60_000;
      const { trouble, done } = await turn(site, LOGIN);
      if (trouble !== '') throw new Error(trouble);
      return done;
    },
    forget: () => {
      site.links = openMemoryLinks(newLinkStore());
    },
    close: async () => {
      await desk.close();
      await world.close();
    },
  };
  clock = () => site.now;
  return site;
}

const WHEN = /^(?:DTSTART|DTEND|DUE|DURATION)[;:].*\r\n/gm;

/** The item without what describes its zones. */
function itemIn(text: string): string {
  return /BEGIN:(VEVENT|VTODO)\r\n[^]*END:\1\r\n/.exec(text)?.[0] ?? '';
}
