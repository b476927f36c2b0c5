// The program as one file: bin/publish-activity.ts and all that it imports, without what scripts/stubs.mjs leaves out.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build } from 'esbuild';
import { stubPlugin } from './stubs.mjs';

const root = join(import.meta.dirname, '..');

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // The oldest Node of `engines`.
  target: 'node20.19',
  write: false,
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * Bundles the program. `import()` stays lazy: esbuild runs a module of a bundle when it is first imported.
 * The text is a function that takes what Node gives to a module, so that the starter can compile it without copying it.
 * It is not minified: that would gain 2 ms of 50 and cost the line numbers in a stack.
 */
export async function bundleProgram(entry = join('bin', 'publish-activity.ts')) {
  const result = await build({
    ...shared,
    entryPoints: [entry],
    outfile: join('dist', 'main.cjs'),
    metafile: true,
    // It finds its binary beside itself.
    external: ['@photostructure/sqlite'],
    // Turns the import() of the external package into require(), which is faster and needs no loader in the starter.
    supported: { 'dynamic-import': false },
    // liquidjs asks it for the time at each render, and Node loads a module for it: 0.8 ms. Without it that is Date.now, which is all the
    // same, because no render has a limit of time.
    define: { 'global.performance': 'undefined' },
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    plugins: [stubPlugin],
  });
  return { text: inAscii(onlyOutput(result)), inputs: Object.values(result.metafile.outputs)[0].inputs };
}

/** Bundles bin/starter.ts for one text of the program: a code cache belongs to exactly that text. */
export async function bundleStarter(programText) {
  const fingerprint = createHash('sha256').update(programText).digest('hex').slice(0, 12);
  const result = await build({
    ...shared,
    entryPoints: [join('bin', 'starter.ts')],
    outfile: join('dist', 'publish-activity.js'),
    define: { FINGERPRINT: JSON.stringify(fingerprint) },
  });
  return onlyOutput(result);
}

/** esbuild escapes what is not ASCII in strings, but not in regular expressions and comments. The starter relies on ASCII. */
function inAscii(text) {
  return text.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function onlyOutput({ outputFiles: [file] }) {
  return file.text;
}
