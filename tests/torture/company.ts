// A company for the kill campaigns: a CRM with many activities, a stream, and installations of the program, each with a ledger of its own.

import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Request } from '../../src/core/activity';
import { openSqliteFile } from '../../src/io/sqlite';
import { startSocialcast, type SocialcastServer } from '../support/socialcast-server';

/** `socialcast` is findable, `feed` is safe. */
export type StreamType = 'socialcast' | 'feed';

/** A request of the CRM; each has a title of its own, its activity's objid, so that a post tells which activity it is. */
export type Fired = Required<Omit<Request, 'occurrence'>>;

/** A place where the program is installed. */
export interface Installation {
  /** The ledger, which is there once something was accepted. */
  readonly ledger: string;
  /** The folder of what the ledger could not take. */
  readonly spool: string;
  start(words: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  publish(fired: Fired, env?: Readonly<Record<string, string>>): ChildProcess;
  /** The activities that the ledger has accepted. */
  accepted(): Promise<readonly string[]>;
  /** How many requests and deliveries a rerun still has to take up. */
  open(): Promise<number>;
  /** How many deliveries are in doubt, in whatever way. */
  inDoubt(): Promise<number>;
  /** The activities that its stream has; those of all installations, where the stream is one for all. */
  posted(): Promise<readonly string[]>;
}

/** A company with a stream. */
export interface TortureCompany {
  readonly socialcast: SocialcastServer;
  /** How many requests the CRM can fire. */
  readonly size: number;
  /** One of them. */
  fired(number: number): Fired;
  install(name: string): Installation;
  close(): Promise<void>;
}

const CASES = 40;
const PER_CASE = 25;
const FIRST = 300_000_000;
/** What a rerun may take for an attempt, and a rule for all. A rerun watches what was cut off for as long. */
const DEADLINE = '3s';

/** Opens a company. */
export async function openCompany(options: {
  readonly program: string;
  readonly sample: string;
  readonly destination: StreamType;
  readonly deadline?: string;
}): Promise<TortureCompany> {
  const root = mkdtempSync(join(tmpdir(), 'publish-activity-torture-'));
  const database = join(root, 'crm.sqlite');
  await fillCrm(options.sample, database);
  const login = { username: 'crm@example.com', password: 'torture-1' };
  const socialcast = await startSocialcast(login);
  const stream =
    options.destination === 'feed'
      ? { type: 'feed', folder: 'stream', keep: 1000 }
      : { type: 'socialcast', url: socialcast.url, ...login, proxy: false };
  const configuration = {
    clarify: { database: { type: 'sqlite', file: database }, timeZone: 'UTC', agentUrl: 'http://server' },
    destinations: { stream },
    templates: { case: { '*': { title: '{{ activityObjid }}' } } },
    deadline: options.deadline ?? DEADLINE,
  };
  return {
    socialcast,
    size: CASES * PER_CASE,
    fired: (number) => {
      const objid = FIRST + (number % CASES);
      return { objectType: 'case', objid, activityObjid: activityOf(objid, Math.floor(number / CASES) % PER_CASE), rule: '' };
    },
    install: (name) => {
      const folder = join(root, name);
      mkdirSync(folder);
      const config = join(folder, 'publish-activity.config.json');
      writeFileSync(config, JSON.stringify(configuration));
      const ledger = join(folder, 'publish-activity.ledger');
      const start: Installation['start'] = (words, env = {}) =>
        spawn(process.execPath, [options.program, '--config', config, ...words], {
          stdio: 'ignore',
          env: { ...process.env, ...env },
        });
      return {
        ledger,
        spool: `${ledger}.spool`,
        start,
        publish: ({ objid, activityObjid }, env) => start(['Case', String(objid), String(activityObjid)], env),
        accepted: () => activitiesIn(ledger, 'publish_activity_request', "state <> 'none'"),
        open: async () => {
          const requests = await activitiesIn(ledger, 'publish_activity_request', "state IN ('accepted', 'awaited')");
          const deliveries = await activitiesIn(ledger, 'publish_activity_delivery', "state IN ('due', 'sending', 'in-doubt')");
          return requests.length + deliveries.length;
        },
        inDoubt: async () =>
          (await activitiesIn(ledger, 'publish_activity_delivery', "state IN ('in-doubt', 'held', 'sending')")).length,
        posted: () =>
          options.destination === 'feed' ? feedPosts(folder) : Promise.resolve(socialcast.posts.map(({ title }) => title)),
      };
    },
    close: async () => {
      await socialcast.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Waits until a process has ended. Rejects where it met a bug. */
export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) =>
    child.once('exit', (code) => {
      if (code === 1 || code === 70) reject(new Error(`a bug: ${child.spawnargs.join(' ')} ended with ${code}`));
      else resolve();
    }),
  );
}

/** Waits until a process has ended, and answers its exit code; `null` where it was killed. */
export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

function activityOf(objid: number, index: number): number {
  return objid * 2 + index * 100 - FIRST;
}

/** The activities that wait in the spool. */
export function spooledIn({ spool }: Installation): readonly string[] {
  if (!existsSync(spool)) return [];
  return readdirSync(spool)
    .filter((name) => name.endsWith('.json'))
    .map((name) => (JSON.parse(readFileSync(join(spool, name), 'utf8')) as { words: readonly string[] }).words[2] ?? '');
}

async function fillCrm(sample: string, database: string): Promise<void> {
  copyFileSync(sample, database);
  const crm = await openSqliteFile(database, { readOnly: false });
  crm.exec('BEGIN');
  for (let number = 0; number < CASES; number++) {
    const objid = FIRST + number;
    crm.run('INSERT INTO table_case (objid, id_number, title) VALUES (@objid, @id, @title)', {
      objid,
      id: String(number),
      title: `case ${number}`,
    });
    for (let index = 0; index < PER_CASE; index++) {
      crm.run(
        'INSERT INTO table_act_entry (objid, act_code, entry_time, act_entry2case) VALUES (@activity, @code, @time, @objid)',
        {
          activity: activityOf(objid, index),
          code: 95_000 + index,
          time: `2026-01-01T00:00:${String(index).padStart(2, '0')}`,
          objid,
        },
      );
    }
  }
  crm.exec('COMMIT');
  crm.close();
}

/** Nothing where the table is not there yet: its process was killed before. */
async function activitiesIn(ledger: string, table: string, where: string): Promise<readonly string[]> {
  if (!existsSync(ledger)) return [];
  const open = await openSqliteFile(ledger, { readOnly: true });
  try {
    const [known] = open.all('SELECT name FROM sqlite_master WHERE name = @table', { table });
    if (known === undefined) return [];
    return open.all(`SELECT activity_objid FROM ${table} WHERE ${where}`).map((row) => String(row['activity_objid']));
  } finally {
    open.close();
  }
}

async function feedPosts(folder: string): Promise<readonly string[]> {
  const file = join(folder, 'stream', 'stream.sqlite');
  if (!existsSync(file)) return [];
  const stream = await openSqliteFile(file, { readOnly: true });
  try {
    const [known] = stream.all("SELECT name FROM sqlite_master WHERE name = 'entry'");
    const rows = known === undefined ? [] : stream.all('SELECT record FROM entry');
    return rows.map((row) => (JSON.parse(String(row['record'])) as { title: string }).title);
  } finally {
    stream.close();
  }
}
