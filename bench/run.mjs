// The bench. Without an argument it runs all parts; `npm run bench -- start rerun memory sync caldav google` names them.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchCaldav } from './caldav.mjs';
import { benchGoogle } from './google.mjs';
import { benchMemory } from './memory.mjs';
import { benchRerun } from './rerun.mjs';
import { benchStart } from './start.mjs';
import { benchSync } from './sync.mjs';

const PARTS = {
  start: benchStart,
  rerun: benchRerun,
  memory: benchMemory,
  sync: benchSync,
  caldav: benchCaldav,
  google: benchGoogle,
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { node: { type: 'string', default: process.execPath }, rounds: { type: 'string', default: '20' } },
});
const names = positionals.length === 0 ? Object.keys(PARTS) : positionals;
const unknown = names.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(PARTS).join(', ')}`);
if (!existsSync(join(import.meta.dirname, '..', 'dist', 'publish-activity.js')))
  throw new Error('dist is missing: npm run build');

const version = execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim();
const [processor] = cpus();
console.log(`Node ${version}, ${cpus().length} x ${processor?.model.trim()}, ${process.platform} ${process.arch}`);
for (const name of names) {
  const folder = await mkdtemp(join(tmpdir(), 'publish-activity-bench-'));
  const configurationFile = async (basename, configuration) => {
    const file = join(folder, `${basename}.config.json`);
    await writeFile(file, JSON.stringify(configuration));
    return file;
  };
  console.log('');
  try {
    await PARTS[name]({ node: options.node, folder, rounds: Number(options.rounds), configurationFile });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
