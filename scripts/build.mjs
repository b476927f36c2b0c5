// Builds dist/ (the program as one file, its starter, a code cache for the Node that builds) and the sample CRM.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleProgram, bundleStarter } from './bundle.mjs';
import { makeSample } from './make-sample.mjs';
import { warmUp } from './warm-up.mjs';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const sampleJson = join(root, 'sample', 'clarify-sample.json');
const sampleDatabase = join(root, 'sample', 'clarify-sample.sqlite');

const program = await bundleProgram();
const starter = await bundleStarter(program.text);

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
writeFileSync(join(dist, 'main.cjs'), program.text);
writeFileSync(join(dist, 'publish-activity.js'), starter, { mode: 0o755 });
makeSample(sampleJson, sampleDatabase);

const problems = await warmUp(join(dist, 'publish-activity.js'), sampleDatabase);
for (const problem of problems) process.stderr.write(`No code cache (the program works, but starts slower): ${problem}\n`);
