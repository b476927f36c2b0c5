import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { prepareSchema } from '../../src/ledger/schema';
import { temporaryFolder } from '../support/sample';

const page = readFileSync(resolve(__dirname, '..', '..', 'docs', 'formats.md'), 'utf8');

const NAMES = ['schema', 'request', 'delivery', 'watch', 'wait', 'grant', 'link', 'cursor', 'conflict', 'write', 'allowance'];
const TABLES = NAMES.map((name) => `publish_activity_${name}`);

describe('docs/formats.md', () => {
  it('describes every column of every table', async () => {
    const folder = temporaryFolder();
    const store = openSqliteStore(join(folder, 'ledger.sqlite'));
    const signal = new AbortController().signal;
    await prepareSchema(store, 'sqlite', signal);
    for (const table of TABLES) {
      const part = page.split(new RegExp(`\\| \`${table}\` \\|.*\\|\\n`))[1]?.split('\n\n')[0] ?? '';
      const described = [...part.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)]);
      expect(new Set(described.map(([, column]) => column))).toEqual((await store.columnsOf([table], signal)).get(table));
    }
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
