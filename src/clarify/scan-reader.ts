// Reads what `scan` watches, page by page: what happens to it is no event of the CRM, so it is looked at from time to time.

import type { Database, Row } from '../io/database';
import type { ObjectType } from './object-type';
import { objectTypeNamed } from './object-types/index';
import { Joins } from './path';
import { sqlName } from './sql-name';

/** How much of a part there is, and from which amount on it is to be ordered; left out where the CRM does not say. */
export interface StockLevel {
  readonly objid: number;
  readonly onHand?: number;
  readonly reorderLevel?: number;
}

/** Pages in the order of the objids, of at most `most` rows that come after an objid. Rejects with a DatabaseError. */
export interface ScanReader {
  revisions(after: number, most: number, signal: AbortSignal): Promise<readonly { readonly objid: number }[]>;
  levels(after: number, most: number, signal: AbortSignal): Promise<readonly StockLevel[]>;
}

/** Reads through a connection. A site may say in its configuration where the values are. */
export function openScanReader(types: readonly ObjectType[], database: Pick<Database, 'query'>): ScanReader {
  const page = (name: string, fields: readonly string[]) => {
    const { text } = pageQuery(objectTypeNamed(name, types), fields);
    return (after: number, most: number, signal: AbortSignal) => database.query({ text, parameters: { after }, most }, signal);
  };
  const [revisions, levels] = [page('product_revision', []), page('stocking_level', ['onHand', 'reorderLevel'])];
  return {
    revisions: async (...given) => (await revisions(...given)).map((row) => ({ objid: Number(row['objid']) })),
    levels: async (...given) =>
      (await levels(...given)).map((row) => ({
        objid: Number(row['objid']),
        ...valueOf(row, 'onHand'),
        ...valueOf(row, 'reorderLevel'),
      })),
  };
}

/** The statement of a page: the objids, and some fields of the type. */
export function pageQuery({ table, idColumn, fields }: ObjectType, wanted: readonly string[]): { readonly text: string } {
  const joins = new Joins(() => false, 'j');
  const object = { alias: 'o', table, id: idColumn };
  const values = wanted.map((name) => `${joins.value(object, fields[name] ?? '')} AS ${sqlName(name)}`);
  const objid = `o.${sqlName(idColumn)}`;
  const select = [`SELECT ${[`${objid} AS [objid]`, ...values].join(', ')}`, `FROM ${sqlName(table)} o`, ...joins.texts];
  return { text: [...select, `WHERE ${objid} > @after ORDER BY ${objid}`].join('\n') };
}

function valueOf(row: Row, name: 'onHand' | 'reorderLevel'): Partial<StockLevel> {
  const value = row[name];
  const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? { [name]: number } : {};
}
