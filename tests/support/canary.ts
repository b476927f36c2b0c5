// A canary in texts that may never come out, and where it is looked for.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withLedgerFile } from './failures';
import { changedSample, sampleRows } from './sample';

const CANARY = 'c4n4ry';

/** Every column of the sample that holds a text, but for those that are allowed to come out (`table.column`). */
export function hiddenColumns(allowed: ReadonlySet<string>): readonly (readonly [string, string])[] {
  const tables = Object.entries(sampleRows()).filter(([table]) => !table.startsWith('_'));
  return tables.flatMap(([table, rows]) =>
    [...new Set(rows.flatMap((row) => Object.keys(row)))]
      .filter((column) => rows.some((row) => isText(row[column])))
      .filter((column) => !allowed.has(`${table}.${column}`))
      .map((column) => [table, column] as const),
  );
}

/** A text, and no moment, be it one that lies around the day of the build. */
function isText(value: string | number | null | undefined): boolean {
  return typeof value === 'string' && !/^(\d{4}-\d\d-\d\dT|@[+-]\d+d )/.test(value);
}

/** A sample CRM with a canary in each of these columns, which says where it sits. */
export function sampleWithCanaries(hidden: readonly (readonly [string, string])[]): Promise<string> {
  return changedSample((crm) => {
    for (const [table, column] of hidden)
      crm.exec(`UPDATE [${table}] SET [${column}] = '${CANARY} ${table} ${column} ' || [${column}]`);
  });
}

/** From where canaries came out. */
export function canariesIn(everything: string): readonly string[] {
  return [...new Set([...everything.matchAll(new RegExp(`${CANARY} (\\w+ \\w+)`, 'g'))].map(([, place = '']) => place))];
}

/** All that stands in the files below a folder, but for configurations. */
export function writtenBelow(folder: string): readonly string[] {
  return filesBelow(folder).map((file) => readFileSync(file).toString('latin1'));
}

/** The files below a folder, but for configurations. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile() && !file.endsWith('.config.json'));
}

/** The columns of the ledger in which one of these texts stands. */
export function placesInLedger(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  return withLedgerFile(folder, true, (ledger) => {
    const tables = ledger.all("SELECT name FROM sqlite_master WHERE type = 'table'", {}).map(({ name }) => String(name));
    const places = tables.flatMap((table) =>
      ledger
        .all(`SELECT * FROM [${table}]`, {})
        .flatMap((row) => Object.entries(row))
        .filter(([, value]) => texts.some((text) => String(value).includes(text)))
        .map(([column]) => `${table}.${column}`),
    );
    return [...new Set(places)];
  });
}
