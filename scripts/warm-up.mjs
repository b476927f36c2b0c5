// Runs the built program on its real jobs, so that its starter leaves a code cache that holds what a real run compiles.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startStandIns } from '../bench/stand-ins.mjs';

const ACTIVITY = ['Case', '268435457', '268435457'];

/** Publishes from the sample into a feed, and from SQL Server into Socialcast. Answers with what went wrong, for people. */
export async function warmUp(starter, sampleDatabase) {
  const folder = await mkdtemp(join(tmpdir(), 'publish-activity-'));
  const standIns = await startStandIns(sampleDatabase);
  try {
    const configurations = [
      {
        clarify: clarify({ type: 'sqlite', file: sampleDatabase }),
        destinations: { feed: { type: 'feed', folder: 'stream' } },
        // Every run checks it where it is there.
        groupware: { type: 'folder', folder: 'groupware', users: 'all' },
      },
      standIns.configuration(),
    ];
    const problems = [];
    for (const configuration of configurations) {
      const file = join(folder, 'publish-activity.config.json');
      await writeFile(file, JSON.stringify(configuration));
      await promisify(execFile)(process.execPath, [starter, '--config', file, ...ACTIVITY]).catch((error) =>
        problems.push(error.stderr || error.message),
      );
    }
    return problems;
  } finally {
    standIns.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function clarify(database) {
  return { database, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' };
}
