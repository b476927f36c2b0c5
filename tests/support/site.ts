// One visit and one task of one user, in a CRM of a zone and in a folder of files: columns on the one side, lines on the other, and between
// them all of the code that reads and writes.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TurnReport } from '../../src/commands/groupware/sync/turn';
import { folder } from '../../src/groupware/folder/index';
import { groupwareTools } from '../../src/parts/groupware';
import { DAY, FIRST, NEVER, openDesk } from './entries';
import { newLinkStore, openMemoryLinks } from './memory-links';
import { changeDatabase, sampleOfDay, temporaryFolder } from './sample';
import { turn, type AnyCrm, type Place } from './turns';

const LOGIN = 'agent1';
const [VISIT, TASK] = [FIRST + 3, FIRST + 2];
const DAY_MS = 86_400_000;
const OF_KIND = { event: 'calendar', task: 'tasks' } as const;

/** A site. */
export interface OneVisit extends Place<AnyCrm> {
  /** What the columns of the visit hold, to the minute: its begin, its end, and its length in seconds. */
  columns(): Promise<readonly [begin: string, end: string, seconds: number]>;
  /** When the task is due. */
  due(): Promise<string>;
  /** Somebody gives the row of the visit other times, or that of the task. */
  move(begin: string, end: string): Promise<void>;
  moveTask(due: string): Promise<void>;
  /** The lines of a file that say when it is. */
  lines(kind?: 'event' | 'task'): readonly string[];
  /** Somebody gives the file other lines that say so. */
  write(...lines: readonly string[]): void;
  writeTask(...lines: readonly string[]): void;
  /** A whole file. */
  text(kind?: 'event' | 'task'): string;
  take(): Promise<TurnReport['done']>;
  /** Forgets everything that was known. */
  forget(): void;
  close(): Promise<void>;
}

export const QUIET = { created: 0, updated: 0, deleted: 0, written: 0 };

/** Opens a site whose CRM has a zone, and whose user may live in another one. `now` is a moment in ISO 8601. */
export async function openOneVisit(timeZone: string, userZone = timeZone, now = '2026-01-02T12:00:00Z'): Promise<OneVisit> {
  const [file, root] = [sampleOfDay(DAY), temporaryFolder()];
  await changeDatabase(file, (crm) =>
    crm.exec(
      `DELETE FROM table_appointment WHERE objid <> ${VISIT}; DELETE FROM table_task WHERE objid <> ${TASK};` +
        'DELETE FROM table_phone_log; DELETE FROM table_disptchfe; DELETE FROM table_commit_log',
    ),
  );
  const window = { pastMs: 1_000 * DAY_MS, aheadMs: 1_000 * DAY_MS };
  const desk = await openDesk(file, 'sqlite', { timeZone, reader: { timeZone, window } });
  const tools = groupwareTools(() => site.now);
  const place = (kind: 'event' | 'task') => join(root, LOGIN, OF_KIND[kind]);
  const fileOf = (kind: 'event' | 'task') => {
    const names = readdirSync(place(kind));
    if (names.length !== 1) throw new Error(`there are ${names.length} files`);
    return join(place(kind), names[0] ?? '');
  };
  const text = (kind: 'event' | 'task' = 'event') => readFileSync(fileOf(kind), 'utf8');
  const WHEN = /^(?:DTSTART|DTEND|DUE|DURATION)[;:].*\r\n/gm;
  const itemOf = (whole: string) => whole.slice(whole.search(/BEGIN:V(?:EVENT|TODO)/));
  const rewrite = (kind: 'event' | 'task', lines: readonly string[]) => {
    const whole = text(kind);
    const item = itemOf(whole);
    const changed = item.replace(WHEN, '').replace(/END:V(EVENT|TODO)/, `${lines.map((line) => `${line}\r\n`).join('')}$&`);
    writeFileSync(fileOf(kind), whole.slice(0, whole.length - item.length) + changed);
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
    open: ({ login, email }, kind) =>
      folder.open({ system: 'crm', login, email, timeZone: userZone }, kind, { folder: root }, tools),
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
    lines: (kind) => (itemOf(text(kind)).match(WHEN) ?? []).map((line) => line.trim()).sort(),
    write: (...lines) => rewrite('event', lines),
    writeTask: (...lines) => rewrite('task', lines),
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
      rmSync(root, { recursive: true, force: true });
    },
  };
  mkdirSync(root, { recursive: true });
  return site;
}
