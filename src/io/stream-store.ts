// What a stream's SQLite file keeps: every entry for ever, and the pages of the archive, to which each entry is given once and stays.
// Everything here runs under the lock that stream-folder.ts takes.

import { randomUUID } from 'node:crypto';
import type { SqliteConnection } from './sqlite';

/** An entry as it stands in the stream. */
export interface StreamEntry {
  /** What the caller keeps, in a text form of its own. */
  readonly record: string;
  /** When the entry was added, as an ISO 8601 instant in UTC. */
  readonly postedAt: string;
  /** The name of the archive page that it stands in, see {@link ArchivePage}. */
  readonly page: string;
}

/** A page of the archive: the entries that were added in one month of UTC, or a part of them where the month has many. */
export interface ArchivePage {
  /** `2010-06`, and `2010-06-p2` for the second part: fixed for ever, because links lead there. */
  readonly name: string;
  /** `2010-06` */
  readonly month: string;
  /** 1 for the first part of the month. */
  readonly part: number;
  /** How many entries it has. */
  readonly entries: number;
  /** What it was drawn from, see {@link setDrawnFrom}; empty where it was not drawn yet. */
  readonly drawnFrom: string;
}

/** How many entries a page of the archive has at the most: what one more entry costs must not grow with the month. */
export const PAGE_ENTRIES = 200;

// Entries are told apart by their id and ordered by their position, so that reading the newest costs the same however many there are.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stream (id TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS entry (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    posted_at TEXT NOT NULL,
    record TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS page (
    name TEXT PRIMARY KEY,
    month TEXT NOT NULL,
    part INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    drawn_from TEXT NOT NULL
  );`;

// Version 1.0.0 made entries without a page, and may still do so beside this one: they are given theirs by placeEntries.
const PAGE_COLUMN = `
  ALTER TABLE entry ADD COLUMN page TEXT;
  CREATE INDEX entry_page ON entry (page, position);`;

/** Makes what is missing of the tables. */
export function prepareStore(connection: SqliteConnection): void {
  connection.exec(SCHEMA);
  if (connection.all("SELECT name FROM pragma_table_info('entry') WHERE name = 'page'").length === 0)
    connection.exec(PAGE_COLUMN);
}

/** The stream's random UUID, its own for ever. */
export function streamId(connection: SqliteConnection): string {
  const [known] = connection.all('SELECT id FROM stream');
  if (known !== undefined) return String(known['id']);
  const id = randomUUID();
  connection.run('INSERT INTO stream (id) VALUES (@id)', { id });
  return id;
}

/** Adds an entry unless there is one of that id. */
export function insertEntry(connection: SqliteConnection, id: string, postedAt: string, record: string): void {
  connection.run(
    'INSERT INTO entry (id, posted_at, record) SELECT @id, @postedAt, @record WHERE NOT EXISTS (SELECT 1 FROM entry WHERE id = @id)',
    { id, postedAt, record },
  );
}

/** Gives every entry that has none its page: the newest part of its month, or a new part where that is full. */
export function placeEntries(connection: SqliteConnection): void {
  const entries = connection.all(
    'SELECT position, substr(posted_at, 1, 7) AS month FROM entry WHERE page IS NULL ORDER BY position',
  );
  for (const { position, month } of entries) {
    const page = openPage(connection, String(month));
    connection.run('UPDATE entry SET page = @page WHERE position = @position', { page, position: Number(position) });
    connection.run('UPDATE page SET entries = entries + 1 WHERE name = @page', { page });
  }
}

/** The name of the page that takes the next entry of a month; it is made where it is missing. */
function openPage(connection: SqliteConnection, month: string): string {
  const [newest] = connection.all('SELECT name, part, entries FROM page WHERE month = @month ORDER BY part DESC LIMIT 1', {
    month,
  });
  if (newest !== undefined && Number(newest['entries']) < PAGE_ENTRIES) return String(newest['name']);
  const part = Number(newest?.['part'] ?? 0) + 1;
  const name = part === 1 ? month : `${month}-p${part}`;
  connection.run("INSERT INTO page (name, month, part, entries, drawn_from) VALUES (@name, @month, @part, 0, '')", {
    name,
    month,
    part,
  });
  return name;
}

/** The name of the page that an entry stands in. */
export function pageOf(connection: SqliteConnection, id: string): string {
  const [entry] = connection.all('SELECT page FROM entry WHERE id = @id', { id });
  return String(entry?.['page'] ?? '');
}

/** All pages, the newest first. */
export function archivePages(connection: SqliteConnection): readonly ArchivePage[] {
  return connection.all('SELECT name, month, part, entries, drawn_from FROM page ORDER BY month DESC, part DESC').map((row) => ({
    name: String(row['name']),
    month: String(row['month']),
    part: Number(row['part']),
    entries: Number(row['entries']),
    drawnFrom: String(row['drawn_from']),
  }));
}

/** Notes what a page was drawn from: a text that differs whenever it would be drawn differently. */
export function setDrawnFrom(connection: SqliteConnection, page: string, drawnFrom: string): void {
  connection.run('UPDATE page SET drawn_from = @drawnFrom WHERE name = @page', { page, drawnFrom });
}

/** The newest entries of the stream, the newest first. */
export function newestEntries(connection: SqliteConnection, count: number): readonly StreamEntry[] {
  return connection.all('SELECT posted_at, record, page FROM entry ORDER BY position DESC LIMIT @count', { count }).map(entryOf);
}

/** The entries of a page, the newest first. */
export function entriesOf(connection: SqliteConnection, page: string): readonly StreamEntry[] {
  return connection
    .all('SELECT posted_at, record, page FROM entry WHERE page = @page ORDER BY position DESC', { page })
    .map(entryOf);
}

function entryOf(row: Readonly<Record<string, unknown>>): StreamEntry {
  return { postedAt: String(row['posted_at']), record: String(row['record']), page: String(row['page']) };
}
