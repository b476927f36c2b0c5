// Keeps what is made from the code in step with it: the JSON Schema of the configuration, and the parts of README.md between
// `<!-- begin:NAME -->` and `<!-- end:NAME -->`, each from the generator of its name. `--check` compares.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importTs } from './compile-ts.mjs';
import { keepInStep } from './in-step.mjs';
import { generators } from './readme-blocks.mjs';

const root = join(import.meta.dirname, '..');
const { SCHEMA_FILE, schemaText } = await importTs('scripts/make-schema.ts');
keepInStep(join(root, SCHEMA_FILE), await schemaText(), 'npm run docs');
const readme = join(root, 'README.md');
keepInStep(readme, await fill(readFileSync(readme, 'utf8').replaceAll('\r\n', '\n')), 'npm run docs');

async function fill(text) {
  const BLOCK = /^<!-- begin:(.*) -->\n[^]*?^<!-- end:\1 -->$/gm;
  const filled = new Map();
  for (const [, name] of text.matchAll(BLOCK)) {
    if (!Object.hasOwn(generators, name)) throw new Error(`README.md: no generator is called ${name}`);
    filled.set(name, await generators[name]());
  }
  const forgotten = Object.keys(generators).filter((name) => !filled.has(name));
  if (forgotten.length > 0) throw new Error(`README.md has no block for ${forgotten.join(', ')}`);
  return text.replaceAll(BLOCK, (_, name) => `<!-- begin:${name} -->\n${filled.get(name)}\n<!-- end:${name} -->`);
}
