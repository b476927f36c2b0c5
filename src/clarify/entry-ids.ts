// Where the objids and the numbers of new rows come from: what the CRM counts itself, never the highest one and one
// (docs/crm.md, "Calendar, tasks").

import { DatabaseError } from '../core/database-error';
import type { Row, WritableDatabase } from '../io/database';

/** How a site makes object ids: by the procedures of Dovetail's SDK, or as the embedded sample counts them. */
export interface NewIds {
  readonly by: 'fc_new_oid' | 'sample';
  /** What is added to a counted number. */
  readonly base: number;
}

/** 2^28: the first objids of the first site. */
export const OBJID_BASE = 268_435_456;
const GREATEST_OBJID = 2_147_483_647;

/** Counts an objid of a type up. Rejects with a DatabaseError. A number that is counted and not used is lost, as the CRM's own are. */
export async function newObjid(database: WritableDatabase, ids: NewIds, typeId: number, signal: AbortSignal): Promise<number> {
  const counted =
    ids.by === 'sample' ? await countInSample(database, typeId, signal) : await countByProcedure(database, typeId, signal);
  const objid = ids.base + counted;
  if (Number.isInteger(counted) && counted > 0 && objid <= GREATEST_OBJID) return objid;
  throw new DatabaseError(
    'configuration',
    `adp_tbl_oid counts no objids for the type ${typeId}, so nothing can be made of that type`,
  );
}

async function countByProcedure(database: WritableDatabase, typeId: number, signal: AbortSignal): Promise<number> {
  const text = 'DECLARE @counted INT; EXEC [fc_new_oid] @typeId, 1, @counted OUTPUT; SELECT @counted AS [counted]';
  const [row] = await database.query({ text, parameters: { typeId } }, signal);
  return Number(row?.['counted'] ?? Number.NaN);
}

/** The sample has no procedures: its counter is compared and set. */
async function countInSample(database: WritableDatabase, typeId: number, signal: AbortSignal): Promise<number> {
  for (;;) {
    const text = 'SELECT MAX([obj_num]) AS [counted] FROM [adp_tbl_oid] WHERE [type_id] = @typeId';
    const [row] = await database.query({ text, parameters: { typeId } }, signal);
    const counted = Number(row?.['counted'] ?? Number.NaN);
    if (Number.isNaN(counted)) return counted;
    const count = 'UPDATE [adp_tbl_oid] SET [obj_num] = @next WHERE [type_id] = @typeId AND [obj_num] = @counted';
    const [changed] = await database.execute([{ text: count, parameters: { typeId, counted, next: counted + 1 } }], signal);
    if (changed === 1) return counted + 1;
  }
}

/** The next number of a scheme, as people know it: `AI-17`. In the sample it follows from the objid. */
export async function newNumber(
  database: WritableDatabase,
  ids: NewIds,
  { scheme, sample }: { readonly scheme: string; readonly sample: string },
  objid: number,
  signal: AbortSignal,
): Promise<string> {
  if (ids.by === 'sample') return `${sample}${objid - ids.base}`;
  const text =
    'DECLARE @value INT, @format VARCHAR(50), @padded INT, @width INT; ' +
    'EXEC [fc_next_num_scheme] @scheme, @value OUTPUT, @format OUTPUT, @padded OUTPUT, @width OUTPUT; ' +
    'SELECT @value AS [value], @format AS [format], @padded AS [padded], @width AS [width]';
  const [row] = await database.query({ text, parameters: { scheme } }, signal);
  const number = spellNumber(row ?? {});
  if (number !== undefined) return number;
  throw new DatabaseError('configuration', `table_num_scheme has no scheme ${scheme}, so nothing can be numbered by it`);
}

/** A counted value in its format, where `%i` stands for it; `undefined` where nothing was counted. */
export function spellNumber(row: Row): string | undefined {
  const { value, format, padded, width } = row;
  if (value === null || value === undefined) return undefined;
  const digits = Number(padded ?? 0) === 1 ? String(value).padStart(Number(width ?? 0), '0') : String(value);
  const pattern = String(format ?? '').trim();
  return pattern.includes('%i') ? pattern.replace('%i', digits) : `${pattern}${digits}`;
}
