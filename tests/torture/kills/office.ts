// An office for the kill campaign of `sync`: a CRM in a file, a groupware, one ledger, and two hosts that work with them.

import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { GoogleWay } from './google';
import { GROUPWARES, type GroupwareName, type OfficeGroupware } from './groupware';
import { USERS, ZONE } from './users';

/** No entry leaves the window while nobody looks. */
const ALWAYS = { past: '3650d', ahead: '3650d' };
export const HOSTS = ['first', 'second'] as const;
export type Host = (typeof HOSTS)[number];

/** An office. */
export interface Office {
  /** Where nobody looks but the campaign. */
  readonly desk: string;
  readonly groupware: OfficeGroupware;
  readonly crm: string;
  readonly ledger: string;
  /** Starts `sync` on a host. */
  start(host: Host, env: Readonly<Record<string, string>>): ChildProcess;
  close(): Promise<void>;
}

/** What an office is opened with: the built program, the sample CRM, which is copied, and what its groupware is. */
export interface OfficeParts {
  readonly program: string;
  readonly sample: string;
  readonly groupware: GroupwareName;
  /** How Google is asked; each host in its own way if left out. */
  readonly google?: GoogleWay;
}

/** Opens an office. */
export async function openOffice({ program, sample, groupware: name, google }: OfficeParts): Promise<Office> {
  const root = mkdtempSync(join(tmpdir(), 'publish-activity-office-'));
  const [entries, crm, desk] = [join(root, 'groupware'), join(root, 'crm.sqlite'), join(root, 'desk')];
  const ledger = join(root, 'publish-activity.ledger');
  mkdirSync(entries);
  const groupware = await GROUPWARES[name](entries, google);
  copyFileSync(sample, crm);
  mkdirSync(desk);
  const configurationOf = (host: Host) => ({
    clarify: { database: { type: 'sqlite', file: crm }, timeZone: ZONE, agentUrl: 'http://server' },
    destinations: { stream: { type: 'feed', folder: 'stream' } },
    groupware: {
      ...groupware.configuration,
      ...groupware.onHosts?.[host],
      users: USERS,
      write: true,
      newIds: { by: 'sample' },
      notes: ['action_item'],
      window: ALWAYS,
    },
    ledger: { type: 'sqlite', file: ledger },
  });
  await groupware.begin?.(ledger);
  const places = new Map(
    HOSTS.map((host) => {
      const place = join(root, host);
      mkdirSync(place);
      writeFileSync(join(place, 'publish-activity.config.json'), JSON.stringify(configurationOf(host)));
      return [host, place] as const;
    }),
  );
  return {
    ...{ desk, groupware, crm, ledger },
    start: (host, env) =>
      spawn(process.execPath, [program, '--config', join(places.get(host) ?? '', 'publish-activity.config.json'), 'sync'], {
        stdio: 'ignore',
        env: { ...process.env, ...env },
      }),
    close: async () => {
      await groupware.close();
      rmSync(root, { recursive: true, force: true });
    },
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
