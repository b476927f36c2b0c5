// Makes TypeScript of this repository run in a script: bundled into node_modules/.cache, with the packages left outside.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** Compiles a module, named from the root of the repository, and answers with the path of a CommonJS file. */
export async function compileTs(module) {
  // By the whole path: many a folder has an index.ts.
  const outfile = join(root, 'node_modules', '.cache', 'publish-activity', `${module.replace(/\.ts$/, '')}.cjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [module],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}

/** Imports a module. */
export async function importTs(module) {
  return createRequire(import.meta.url)(await compileTs(module));
}
