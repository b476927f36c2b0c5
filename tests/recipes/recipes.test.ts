// The recipes of docs/layout.md "Add a destination" and "Add an object type", followed by machine in a copy of the repository: what the
// pages promise to follow does follow, and what does not is asked for by a test, in a sentence.

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { temporaryFolder } from '../support/sample';
import { SAMPLE_ROWS } from './parts-shipment';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..');
const LEFT_OUT = new Set(['.git', 'artifacts', 'activity-stream', 'dist', 'node_modules']);
/** Nothing of this copy is written anywhere else: what scripts keep in node_modules/.cache is its own. */
const copy = join(temporaryFolder(), 'copy');

const textOf = (file: string) => readFileSync(join(copy, file), 'utf8').replaceAll('\r\n', '\n');

function change(file: string, before: string, after: string): void {
  const text = textOf(file);
  if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
  writeFileSync(
    join(copy, file),
    text.replace(before, () => after),
  );
}

/** Puts an example of this folder in its place in `src`, whose imports are then shorter. */
function plugIn(example: string, place: string): void {
  const source = textOf(`tests/recipes/${example}`);
  const folder = place.split('/').slice(0, -1).join('/');
  const imports = source.replace(/'\.\.\/\.\.\/([^']+)'/g, (_, path: string) => {
    const from = relative(folder, path).split(sep).join('/');
    return `'${from.startsWith('.') ? from : `./${from}`}'`;
  });
  writeFileSync(join(copy, place), imports);
}

function run(...words: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      words,
      { cwd: copy, env: { ...process.env, TOKEN: 'tk_geheimesWort' } },
      (_, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, output: stdout + stderr });
      },
    );
  });
}

const docs = () => run('scripts/docs.mjs');
const jestOf = (...files: readonly string[]) => run('node_modules/jest/bin/jest.js', '--maxWorkers=1', ...files);

beforeAll(() => {
  const isWanted = (path: string) => !LEFT_OUT.has(relative(ROOT, path).split(sep)[0] ?? '');
  cpSync(ROOT, copy, { recursive: true, filter: isWanted, preserveTimestamps: true });
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((each) => !each.startsWith('.')))
    symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name), 'junction');

  plugIn('ntfy.ts', 'src/destinations/ntfy.ts');
  change('src/destinations/index.ts', '} satisfies', "  ntfy: async () => (await import('./ntfy')).ntfy,\n} satisfies");
  plugIn('parts-shipment.ts', 'src/clarify/object-types/shipments.ts');
  change(
    'src/clarify/object-types/index.ts',
    'import { account',
    "import { partsShipment } from './shipments';\nimport { account",
  );
  change('src/clarify/object-types/index.ts', '  stockingLevel,\n];', '  stockingLevel,\n  partsShipment,\n];');
});

// Of the packages, only the links go.
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('the recipes', () => {
  it('ask for rows of the sample in a sentence', async () => {
    const { code, output } = await docs();
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(
        /^npm run docs: the sample has no row of table_x_shipment for parts_shipment; add .*\n$/,
      ) as string,
    });
  });

  it('have the pages and the schema follow', async () => {
    const sample = JSON.parse(textOf('sample/clarify-sample.json')) as object;
    writeFileSync(join(copy, 'sample', 'clarify-sample.json'), JSON.stringify({ ...sample, ...SAMPLE_ROWS }));
    expect(await docs()).toEqual({ code: 0, output: '' });
    const readme = textOf('README.md');
    expect(readme).toContain(
      '| `ntfy` | Sends a notification to the subscribers of an ntfy topic. | would be a second post | [ntfy](https://docs.ntfy.sh/publish/) |',
    );
    expect(readme).toMatch(/, a signed webhook or ntfy\.$/m);
    expect(readme).toMatch(/^\| neither \(.*`ntfy`\) \|/m);
    expect(readme).toContain(
      '| `parts_shipment` | `parts shipment`, `shipment`, `2077` | Create, Shipped | Parts Shipment SH-1 to ',
    );
    expect(readme).toContain('GRANT SELECT ON dbo.table_x_shipment TO stream_reader;');
    expect(textOf('docs/configuration.md')).toContain('| `destinations.*[ntfy].topic` | The topic. |');
    expect(textOf('docs/words.md')).toContain('| `parts_shipment` | `site` | `table_x_shipment.x_shipment2site.name` |');
    expect(textOf('publish-activity.schema.json')).toContain('"const": "ntfy"');
  });

  it('have the program know both', async () => {
    expect(await run('scripts/build.mjs')).toEqual({ code: 0, output: '' });
    const destinations = { phone: { type: 'ntfy', url: 'https://ntfy.example', topic: 'crm', token: { env: 'TOKEN' } } };
    const clarify = {
      database: { type: 'sqlite', file: 'sample/clarify-sample.sqlite' },
      timeZone: 'America/Chicago',
      agentUrl: 'http://server/dovetail',
    };
    writeFileSync(join(copy, 'recipes.config.json'), JSON.stringify({ clarify, destinations }));
    const program = (...words: readonly string[]) => run('dist/publish-activity.js', ...words, '--config', 'recipes.config.json');
    const shown = await program('SHIPMENT', '268435457', '--dry-run');
    expect(shown).toMatchObject({ code: 0, output: expect.stringMatching(/^POST https:\/\/ntfy\.example\/crm$/m) as string });
    expect(shown.output).toMatch(/^Title: Parts Shipment SH-1 to Calder & Sons, Dock 3$/m);
    expect((await program('rule', 'parts', 'shipment')).output).toMatch(/^Start events +Create, Shipped$/m);
  });

  it('ask for what no generator can know, in sentences, and for nothing else', async () => {
    const files = ['tests/clarify/messages.test', 'tests/clarify/arguments', 'tests/docs', 'tests/destinations/types'];
    const asked = await jestOf(...files);
    expect(asked.code).toBe(1);
    for (const sentence of [
      `TITLES of tests/clarify/messages.test.ts wants a line ['parts_shipment', 1, 0, '…']`,
      `docs/destinations.md wants a heading \\"## ntfy\\"`,
      `docs/destinations.md wants an example with \\"type\\": \\"ntfy\\"`,
      'tests/destinations/ntfy.test.ts has to call describeDestination(…)',
    ])
      expect(asked.output).toContain(sentence);

    const title = 'Parts Shipment SH-1 to Calder & Sons, Dock 3';
    change(
      'tests/clarify/messages.test.ts',
      "  ['stocking_level', 1, 0,",
      `  ['parts_shipment', 1, 0, '${title}'],\n  ['stocking_level', 1, 0,`,
    );
    const example = JSON.stringify(
      { destinations: { ntfy: { type: 'ntfy', url: 'https://ntfy.example', topic: 'crm' } } },
      undefined,
      2,
    );
    const page = `${textOf('docs/destinations.md')}\n## ntfy\n\n~~~json\n${example.replace('"type":"', '"type": "')}\n~~~\n`;
    writeFileSync(join(copy, 'docs', 'destinations.md'), page);
    cpSync(join(copy, 'tests', 'recipes', 'ntfy.test.ts'), join(copy, 'tests', 'destinations', 'ntfy.test.ts'));
    expect((await jestOf(...files)).output).toMatch(/^Tests: +\d+ passed, \d+ total$/m);
  });
});
