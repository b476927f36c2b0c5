// The checks of the CRM: its database, its tables and columns, and its clock.

import type { Config } from '../../../config/schema';
import { DatabaseError } from '../../../core/database-error';
import { visible } from '../../../core/visible';
import { instantOf, wallClockAt } from '../../../core/wall-clock';
import type { TypeState } from '../../../clarify/examine';
import type { Database } from '../../../io/database';
import { counted, spanWords } from '../../looking/ledger-words';
import { fail, ok, skip, warn, type Finding, type Look } from './check';

/** Whether the database lets the login in. */
export const database: Look = async (site, { signal }) => {
  const { clarify } = await site.config();
  const begin = site.world.uptime();
  await (await site.database()).query({ text: 'SELECT 1 AS [one]', parameters: {} }, signal);
  return [ok(`${placeOf(clarify.database)} answers, after ${Math.round(site.world.uptime() - begin)} ms`)];
};

function placeOf(settings: Config['clarify']['database']): string {
  if (settings.type === 'sqlite') return settings.file;
  return `the database ${settings.database} on ${settings.server}, as ${settings.user},`;
}

/** Which object types the database can give, and what it lacks. */
export const tables: Look = async (site, { signal }) => {
  const { clarify } = await site.config();
  const states = await site.examineTypes(await site.database(), signal);
  return stateFindings(states, {
    called: ['object type', 'object types'],
    isConfigured: (name) => Object.hasOwn(clarify.objectTypes, name),
    remedy: 'give the login of clarify.database the right to read it (the README lists the tables)',
    unless: (name) => `nothing to do where no rule is about ${name}`,
  });
};

/** The words about what can be read of a database. */
interface StateWords {
  /** What each state is about, one and several. */
  readonly called: readonly [string, string];
  readonly isConfigured: (name: string) => boolean;
  readonly remedy: string;
  /** When nothing has to be done about a table that is not there. */
  readonly unless: (name: string) => string;
}

/**
 * What can be read and what cannot. A site need not have every module of the CRM. What it configured itself, and what is there but
 * unreadable, is another matter.
 */
export function stateFindings(
  states: readonly TypeState[],
  { called: [one, several], isConfigured, remedy, unless }: StateWords,
): readonly Finding[] {
  const broken = states.filter(({ problem }) => problem !== undefined);
  const all = counted(states.length, one, several);
  const readable = states.length - broken.length;
  const brokenFinding = ({ name, problem = '', tableIsMissing }: TypeState): Finding => {
    const message = `${name}: ${visible(problem)}`;
    return tableIsMissing && readable > 0 && !isConfigured(name)
      ? warn(message, `${remedy}; ${unless(name)}`)
      : fail('configuration', message, `${remedy}, and check that this is the database of the CRM`);
  };
  return [
    ...(readable === 0 ? [] : [ok(`${readable} of ${all} can be read${lackingWords(states)}`)]),
    ...broken.map(brokenFinding),
  ];
}

/** What those that are readable do without, table by table. */
function lackingWords(states: readonly TypeState[]): string {
  const readable = states.filter(({ problem }) => problem === undefined);
  const byTable = new Map<string, Set<string>>();
  for (const [table = '', column = ''] of readable.flatMap(({ missing }) => missing.map((each) => each.split('.'))))
    byTable.set(table, (byTable.get(table) ?? new Set()).add(column));
  if (byTable.size === 0) return '';
  const words = [...byTable].map(([table, columns]) => `${table} (${[...columns].join(', ')})`);
  const lost = readable.flatMap(({ name, lost }) => lost.map((field) => `${name}.${field}`));
  const empty = lost.length === 0 ? '' : `; always empty: ${lost.join(', ')}`;
  return `; they do without ${words.join(', ')}, not there or not readable${empty}`;
}

/** Whether the rules that call this program pass it the right words. A site may keep its rules where this login may not look. */
export const rules: Look = async (site, { signal }) => {
  const found = await site.rules(await site.database(), signal).catch((error: unknown) => {
    if (error instanceof DatabaseError && ['configuration', 'unknown-column'].includes(error.problem)) return error;
    throw error;
  });
  if (found instanceof DatabaseError)
    return [skip(found.message, 'give the login the right to read the tables of the rules (the README lists them), or leave it')];
  const faulty = found.filter(({ remarks }) => remarks.some(({ harmless }) => !harmless));
  if (found.length === 0)
    return [warn('no rule of the CRM calls publish-activity', 'publish-activity rule prints what to enter')];
  if (faulty.length === 0) return [ok(`${counted(found.length, 'rule calls', 'rules call')} publish-activity, as it should be`)];
  const names = faulty.map(({ title }) => `"${visible(title)}"`).join(', ');
  return [fail('configuration', `to be mended: ${names}`, 'publish-activity rule --check says what is wrong with each')];
};

const QUARTER_MS = 15 * 60_000;
const SMALLEST_OFFSET_MS = 2 * QUARTER_MS;
const TOLERATED_MS = 60_000;

/** Whether the server's clock shows what clocks of the configured zone show. */
export const clock: Look = async (site, { signal }) => {
  const { clarify } = await site.config();
  const { timeZone } = clarify;
  if (clarify.database.type === 'sqlite') return [skip('a SQLite file has no clock of its own')];
  const connection = await site.database();
  const before = site.world.now();
  const [row] = await connection.query({ text: 'SELECT CURRENT_TIMESTAMP AS [now]', parameters: {} }, signal);
  const now = (before + site.world.now()) / 2;
  const shown = String(row?.['now']);
  const aheadMs = asUtc(shown) - asUtc(wallClockAt(now, timeZone));
  if (Number.isNaN(aheadMs)) return [skip(`the server says that it is ${visible(shown)}`)];
  // Zones differ by quarters of an hour. What is left is the difference between two clocks that mean the same zone.
  const offsetMs = Math.round(aheadMs / QUARTER_MS) * QUARTER_MS;
  if (Math.abs(offsetMs) >= SMALLEST_OFFSET_MS) {
    const words = `${spelledOffset(offsetMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} ${timeZone}`;
    const utc = spelledUtc(asUtc(shown) - now);
    return [
      fail(
        'configuration',
        `the clock of the database server shows ${shown.slice(0, 16).replace('T', ' ')}, ${words}: ${utc} at the moment`,
        `clarify.timeZone has to be the zone of the database server${await crmZone(connection, signal)}`,
      ),
    ];
  }
  if (Math.abs(aheadMs) < TOLERATED_MS) return [ok(`the clock of the database server shows the time of ${timeZone}`)];
  const words = `${spanWords(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} the clock of this machine`;
  return [warn(`the clock of the database server is ${words}`, 'let both machines set their clocks by a time server (NTP)')];
};

/** Of two wall clocks only the difference counts, so both are read as if they were UTC. */
function asUtc(wallClock: string): number {
  return Date.parse(instantOf({ wallClock, timeZone: 'UTC' }) ?? '');
}

function spelledOffset(ms: number): string {
  return `${Math.abs(ms) / 3_600_000} h`;
}

function spelledUtc(aheadMs: number): string {
  const minutes = Math.round(aheadMs / QUARTER_MS) * 15;
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

/** What the CRM itself calls its default zone (docs/crm.md, "Dates and time zones"); not every login may read it. */
async function crmZone(connection: Database, signal: AbortSignal): Promise<string> {
  const text = 'SELECT [name] AS [name] FROM [table_time_zone] WHERE [is_default] = 1';
  const rows = await connection.query({ text, parameters: {} }, signal).catch((error: unknown) => {
    if (error instanceof DatabaseError) return [];
    throw error;
  });
  const name = String(rows[0]?.['name'] ?? '').trim();
  return name === '' ? '' : `; the CRM calls its own default zone ${visible(name)}`;
}
