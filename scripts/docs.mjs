// Keeps what is made from the code in step with it: the JSON Schema of the configuration, the man page, and the parts of the pages
// (README.md, SECURITY.md, CONTRIBUTING.md and docs) between `<!-- begin:NAME -->` and `<!-- end:NAME -->`, each from the generator of its name.
// `--check` compares. It makes the sample CRM, too, where that is out of date; what goes wrong ends in a sentence.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importTs } from './compile-ts.mjs';
import { keepInStep } from './in-step.mjs';
import { generators } from './page-blocks.mjs';

const root = join(import.meta.dirname, '..');
const met = new Set();

async function keepAllInStep() {
  const { SCHEMA_FILE, schemaText } = await importTs('scripts/make-schema.ts');
  keepInStep(join(root, SCHEMA_FILE), await schemaText(), 'npm run docs');
  const { MAN_PAGE, manPage } = await importTs('scripts/man-page.ts');
  keepInStep(join(root, MAN_PAGE), manPage(), 'npm run docs');
  const pages = [
    'README.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
    ...readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ];
  for (const page of pages) keepInStep(join(root, page), await fill(page), 'npm run docs');
  const forgotten = Object.keys(generators).filter((name) => !met.has(name));
  if (forgotten.length > 0) throw new Error(`no page has a block for ${forgotten.join(', ')}`);
}

async function fill(page) {
  const text = readFileSync(join(root, page), 'utf8').replaceAll('\r\n', '\n');
  const BLOCK = /^( *)<!-- begin:(.*) -->\n[^]*?^ *<!-- end:\2 -->$/gm;
  const filled = new Map();
  for (const [, , name] of text.matchAll(BLOCK)) {
    if (!Object.hasOwn(generators, name)) throw new Error(`${page}: no generator is called ${name}`);
    met.add(name);
    filled.set(name, await generators[name]());
  }
  return text.replaceAll(BLOCK, (_, indent, name) =>
    [`<!-- begin:${name} -->`, filled.get(name), `<!-- end:${name} -->`].map((part) => indent + part).join('\n'),
  );
}

try {
  await keepAllInStep();
} catch (error) {
  console.error(`npm run docs: ${error.message}`);
  process.exitCode = 1;
}
