// A rule's call of `sync` that is killed before each of its steps: what was kept of it is done by the next run of `sync`, though nobody's
// turn would come for a week; and nothing is there twice.

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteFile } from '../../src/io/sqlite';
import { ended, install, onPosix } from '../support/program';
import { changeDatabase, sampleDatabase, temporaryFolder } from '../support/sample';

const PRELOAD = `--require ${JSON.stringify(join(__dirname, 'preload.cjs'))}`;
/** Every lease is over after this time, in ms. */
const AHEAD = String(20 * 60_000);
const ROW = '268435459';
/** So many runs have to end unharmed: whoever has less to wait for has less steps. */
const UNHARMED = 3;

/** A folder in which agent1 is in step, and whose visit was renamed since. */
async function prepared(): Promise<string> {
  const config = {
    clarify: { database: { type: 'sqlite', file: 'crm' }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: { stream: { type: 'feed', folder: 'feed' } },
    groupware: { type: 'folder', folder: 'groupware', users: ['agent1'], every: '7d' },
  };
  const made = install(config);
  const crm = join(made.folder, 'crm');
  cpSync(sampleDatabase(), crm);
  await made.run(['sync']);
  await changeDatabase(crm, (open) => open.exec(`UPDATE table_appointment SET description = 'Renamed' WHERE objid = ${ROW}`));
  expect((await made.run(['sync'])).stdout).toBe('');
  return made.folder;
}

/** What is left of a call that was killed at a step, and what the next run makes of it. */
async function dieAt(step: number, from: string) {
  const folder = temporaryFolder();
  cpSync(from, folder, { recursive: true });
  const made = { ...install(readFileSync(join(from, 'publish-activity.config.json'), 'utf8')), folder };
  const env = { PUBLISH_ACTIVITY_CONFIG: join(folder, 'publish-activity.config.json'), NODE_OPTIONS: PRELOAD };
  const log = join(folder, 'step');
  writeFileSync(log, '');
  await ended(made.start(['sync', 'appointment', ROW], { env: { ...env, TORTURE_STEP: String(step), TORTURE_LOG: log } }));
  const spool = join(folder, 'publish-activity.ledger.spool');
  const spooled = existsSync(spool) ? readdirSync(spool).filter((name) => name.endsWith('.json')).length : 0;
  const kept = spooled + (await states(folder)).length;
  await ended(made.start(['sync'], { env: { ...env, TORTURE_AHEAD: AHEAD } }));
  const calendar = join(folder, 'groupware', 'agent1', 'calendar');
  const items = readdirSync(calendar).filter((name) => name.endsWith('.ics'));
  const texts = items.map((name) => readFileSync(join(calendar, name), 'utf8'));
  const result = {
    moment: readFileSync(log, 'utf8'),
    kept,
    states: await states(folder),
    entries: texts.length,
    renamed: texts.filter((text) => text.includes('SUMMARY:Renamed')).length,
  };
  rmSync(folder, { recursive: true, force: true });
  return result;
}

async function states(folder: string): Promise<readonly string[]> {
  const ledger = await openSqliteFile(join(folder, 'publish-activity.ledger'), { readOnly: true });
  const rows = ledger.all('SELECT state FROM publish_activity_request');
  ledger.close();
  return rows.map(({ state }) => String(state));
}

describe('A call of sync that is killed', () => {
  onPosix(
    'at each of its steps is done by the next run, if it was kept (skipped on Windows, where a process cannot kill itself)',
    async () => {
      const from = await prepared();
      const results: Awaited<ReturnType<typeof dieAt>>[] = [];
      let [step, unharmed] = [0, 0];
      const worker = async () => {
        while (unharmed < UNHARMED) {
          const result = await dieAt((step += 1), from);
          results.push(result);
          if (result.moment === '') unharmed += 1;
        }
      };
      await Promise.all(Array.from({ length: 3 }, worker));
      const killed = results.filter(({ moment }) => moment !== '');
      const moments = new Set(killed.map(({ moment }) => moment));
      for (const moment of [
        'sqlite INSERT publish_activity_request',
        'sqlite UPDATE publish_activity_grant',
        'fs rename',
        'exit',
      ])
        expect(moments).toContain(moment);
      expect(killed.filter(({ kept }) => kept === 0).length).toBeGreaterThan(0);
      const wrong = results.filter(
        ({ kept, states: all, entries, renamed }) =>
          kept > 1 || entries !== 8 || (kept === 1 && (renamed !== 1 || all.join() !== 'handed-on')),
      );
      expect(wrong).toEqual([]);
    },
    300_000,
  );
});
