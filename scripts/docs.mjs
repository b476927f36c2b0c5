// Keeps the parts of README.md that repeat the code in step with it: the text between `<!-- begin:NAME -->` and `<!-- end:NAME -->` comes
// from the generator of that name. `--check` compares.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importTs } from './compile-ts.mjs';
import { keepInStep } from './in-step.mjs';

const generators = {
  'exit-codes': async () => {
    const { EXIT_CODES } = await importTs('src/cli/exit-code.ts');
    return table(
      ['code', 'meaning'],
      Object.values(EXIT_CODES).map(({ code, meaning }) => [code, meaning]),
    );
  },
  help: async () => {
    const { helpText } = await importTs('src/cli/program.ts');
    return `~~~text\n${helpText().trim()}\n~~~`;
  },
  destinations: async () => {
    const { destinationTypes } = await importTs('src/destinations/index.ts');
    const rows = Object.entries(destinationTypes).map(async ([name, load]) => [`\`${name}\``, (await load()).summary]);
    return table(['type', 'what it is'], await Promise.all(rows));
  },
};

const file = join(import.meta.dirname, '..', 'README.md');
keepInStep(file, await fill(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')), 'npm run docs');

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

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
