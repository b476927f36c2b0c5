// An office for the kill campaign of `sync`: a CRM in a file, a folder as the groupware, one ledger, and two hosts that work with them.

import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

/** Those who work here; each has a schedule in the sample CRM. */
export const USERS = ['agent1', 'agent2', 'dkeller', 'pmorales'] as const;
/** A zone whose clocks are never set, so that each wall clock is a moment of its own. */
export const ZONE = 'Asia/Kathmandu';
/** No entry leaves the window while nobody looks. */
const ALWAYS = { past: '3650d', ahead: '3650d' };
export const HOSTS = ['first', 'second'] as const;
export type Host = (typeof HOSTS)[number];

/** An office. */
export interface Office {
  /** Where nobody looks but the campaign. */
  readonly desk: string;
  /** The groupware's folder. */
  readonly folder: string;
  readonly crm: string;
  readonly ledger: string;
  /** Starts `sync` on a host. */
  start(host: Host, env: Readonly<Record<string, string>>): ChildProcess;
  close(): void;
}

/** Opens an office. `program` is the built one, `sample` the sample CRM, which is copied. */
export function openOffice({ program, sample }: { readonly program: string; readonly sample: string }): Office {
  const root = mkdtempSync(join(tmpdir(), 'publish-activity-office-'));
  const [folder, crm, desk] = [join(root, 'groupware'), join(root, 'crm.sqlite'), join(root, 'desk')];
  const ledger = join(root, 'publish-activity.ledger');
  copyFileSync(sample, crm);
  mkdirSync(desk);
  const configuration = {
    clarify: { database: { type: 'sqlite', file: crm }, timeZone: ZONE, agentUrl: 'http://server' },
    destinations: { stream: { type: 'feed', folder: 'stream' } },
    groupware: {
      type: 'folder',
      folder,
      users: USERS,
      write: true,
      newIds: { by: 'sample' },
      notes: ['action_item'],
      window: ALWAYS,
    },
    ledger: { type: 'sqlite', file: ledger },
  };
  const places = new Map(
    HOSTS.map((host) => {
      const place = join(root, host);
      mkdirSync(place);
      writeFileSync(join(place, 'publish-activity.config.json'), JSON.stringify(configuration));
      return [host, place] as const;
    }),
  );
  return {
    ...{ desk, folder, crm, ledger },
    start: (host, env) =>
      spawn(process.execPath, [program, '--config', join(places.get(host) ?? '', 'publish-activity.config.json'), 'sync'], {
        stdio: 'ignore',
        env: { ...process.env, ...env },
      }),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** How long somebody waits for a lock that the program holds, in ms. */
const PATIENCE_MS = 10_000;

/** Does something with a database file by SQLite's own library, as any other program would. */
export function withDatabase<T>(file: string, work: (database: InstanceType<typeof DatabaseSync>) => T): T {
  const database = new DatabaseSync(file, { timeout: PATIENCE_MS });
  try {
    return work(database);
  } finally {
    database.close();
  }
}
