// THIRD-PARTY-NOTICES.md: what the bundle really contains, with version, licence and its text. `--check` compares.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleProgram } from './bundle.mjs';
import { keepInStep } from './in-step.mjs';

const root = join(import.meta.dirname, '..');

const { inputs } = await bundleProgram();
const folders = Object.entries(inputs)
  .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  .map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
  .filter((folder) => folder !== undefined);
const packages = [...new Set(folders)].map(readPackage).sort((a, b) => (a.title < b.title ? -1 : 1));

keepInStep(join(root, 'THIRD-PARTY-NOTICES.md'), notices(), 'npm run notices');

function readPackage(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.sort().map((file) =>
    readFileSync(join(root, folder, file), 'utf8')
      .replaceAll('\r\n', '\n')
      .trim(),
  );
  const holder = typeof author === 'string' ? author : (author?.name ?? 'its authors');
  return {
    title: `${name} ${version}`,
    license,
    text: texts.length > 0 ? texts.join('\n\n') : `The package comes without a licence text; it names ${license}, by ${holder}.`,
  };
}

function notices() {
  return [
    '# Third-party notices',
    '',
    'The program (`dist/main.cjs`) contains code of the packages below, unchanged but for what `scripts/stubs.mjs` leaves out.',
    'This file is made by `npm run notices`.',
    '',
    '| package | licence |',
    '|---|---|',
    ...packages.map(({ title, license }) => `| ${title} | ${license} |`),
    ...packages.flatMap(({ title, text }) => ['', `## ${title}`, '', '~~~text', text, '~~~']),
    '',
  ].join('\n');
}
