// What the tests of failures share: a run that is searched for secrets, and the ledger as it stands afterwards.

import { join } from 'node:path';
import { LEDGER_FILE } from '../../src/config/ledger';
import { openSqliteFile, type SqliteConnection } from '../../src/io/sqlite';
import { BUSY_MS } from './busy';
import { PASSWORDS, type Company } from './company';
import type { Ended, Installation, RunOptions } from './program';

/** The words of a rule about an activity that the sample has. */
export const CASE = ['Case', '268435457', '268435457'];
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What would give a secret away, in every spelling that a library may choose. */
const SPELLINGS = Object.values(PASSWORDS).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(`crm@example.com:${secret}`).toString('base64').replace(/=+$/, ''),
  JSON.stringify(secret).slice(1, -1),
]);

/** Runs in the most talkative manner, and searches everything that came out for every secret. */
export async function runTalkative(company: Company, words: readonly string[], options?: RunOptions): Promise<Ended> {
  const run = await company.run([...words, '--verbose'], options);
  const everything = run.stdout + run.stderr + JSON.stringify(company.log());
  expect(SPELLINGS.filter((spelling) => everything.includes(spelling))).toEqual([]);
  return run;
}

/** A delivery or a request as it stands in the ledger. */
export interface Standing {
  readonly state: string;
  readonly reason: string;
  /** Ms since 1970 UTC. */
  readonly dueAt: number;
}

/** The deliveries in the ledger, or those of one rule, in the order of acceptance. */
export function deliveriesOf({ folder }: Installation, rule = ''): Promise<readonly Standing[]> {
  return standings(folder, 'delivery', rule);
}

/** The requests likewise. */
export function requestsOf({ folder }: Installation, rule = ''): Promise<readonly Standing[]> {
  return standings(folder, 'request', rule);
}

async function standings(folder: string, table: string, rule: string): Promise<readonly Standing[]> {
  const text = `SELECT state, reason, due_at FROM publish_activity_${table} WHERE @rule IN (rule, '') ORDER BY accepted_at, id`;
  const rows = await withLedgerFile(folder, true, (ledger) => ledger.all(text, { rule }));
  return rows.map(({ state, reason, due_at }) => ({ state: String(state), reason: String(reason), dueAt: Number(due_at) }));
}

/** Does something with the ledger's file, as an administrator with a SQLite shell could. */
export async function withLedgerFile<T>(folder: string, readOnly: boolean, work: (ledger: SqliteConnection) => T): Promise<T> {
  const ledger = await openSqliteFile(join(folder, LEDGER_FILE), { readOnly });
  try {
    return work(ledger);
  } finally {
    ledger.close();
  }
}

/**
 * The program's own clock says that it used the time that it had, and the process does not outlive that by what nobody asked for: it would
 * have waited for a minute, or for the deadline of the configuration. `limitMs` was its --timeout.
 */
export function expectInTime(company: Company, run: Ended, limitMs: number): void {
  expect(Number(company.log().at(-1)?.['ms'])).toBeGreaterThanOrEqual(limitMs - 100);
  expect(run.ms).toBeLessThan(limitMs + BUSY_MS);
}
