// Writes entries into the CRM: one row at a time, and only while it is as it was read.

import { DatabaseError } from '../core/database-error';
import { withFields, type EntryKind } from '../core/sync/entry';
import { keyText, type EntryKey } from '../core/sync/entry-key';
import { wallClockAt } from '../core/wall-clock';
import type { WritableDatabase } from '../io/database';
import type { CrmItem, CrmOutcome, EntryReader, EntryWriter, FoundItem } from './entries';
import { changedBesides, changedColumns, isUnfit, newColumns, renderedEntry, type ColumnValues } from './entry-columns';
import { newNumber, newObjid, type NewIds } from './entry-ids';
import { changeRows, holdsFields, rejected, unlessTrouble, writesBeside, writesOf } from './entry-outcome';
import { besideStatement, deleteStatement, insertStatements, updateStatement, type Engine } from './entry-statements';
import type { EntryType } from './entry-type';
import { lookUpGaps } from './gaps';

/** What writing has to know of a site. */
export interface WriterSettings {
  readonly types: readonly EntryType[];
  readonly timeZone: string;
  readonly engine: Engine;
  /** How object ids are made; left out, nothing is made. */
  readonly newIds?: NewIds | undefined;
}

/** Writes through a connection of its own. `reader` reads what it writes, over whichever connection. */
export function openEntryWriter(
  database: WritableDatabase,
  reader: Pick<EntryReader, 'byKey'>,
  settings: WriterSettings,
): EntryWriter {
  const { types, timeZone, engine, newIds } = settings;
  const clockAt = (now: number) => ({ now: wallClockAt(now, timeZone), timeZone });
  const read = async ({ type, objid }: EntryKey, now: number, signal: AbortSignal): Promise<FoundItem | undefined> =>
    (await reader.byKey([{ type, objid }], now, signal)).get(keyText({ type, objid }));
  const stamps = new Map<string, Promise<boolean>>();
  /** Whether a site has the column that says when rows of a kind were changed. */
  const hasStamp = (type: EntryType, signal: AbortSignal): Promise<boolean> => {
    const { table, stamp } = type;
    if (stamp === undefined) return Promise.resolve(false);
    const known =
      stamps.get(type.name) ?? lookUpGaps([{ table, column: stamp }], database, signal).then(({ isEmpty }) => isEmpty);
    stamps.set(type.name, known);
    return known.catch((error: unknown) => {
      stamps.delete(type.name);
      throw error;
    });
  };

  return {
    rendered: (name, entry, allDay) => renderedEntry(typeNamed(types, name), entry, allDay, timeZone),

    async update(seen, entry, fields, now, signal) {
      const type = typeNamed(types, seen.type);
      const foreign = fields.find((field) => !seen.writable.includes(field));
      if (foreign !== undefined) return rejected(`the ${foreign} of ${nameOf(type)} is not written`);
      const changed = changedColumns(type, seen.columns, entry, fields, clockAt(now));
      if (isUnfit(changed)) return rejected(changed.problem);
      const besides = changedBesides(type, seen.besides ?? {}, entry, fields);
      const isDone = (item: FoundItem | undefined): item is CrmItem => holdsFields(type, item, entry, fields, timeZone);
      if (Object.keys(changed).length === 0 && besides.length === 0) {
        const item = await read(seen, now, signal);
        return isDone(item) ? { kind: 'done', item, writes: [] } : { kind: 'stale' };
      }
      const values = { ...changed, ...stampOf(type, seen.columns, clockAt(now).now) };
      const statements = [
        ...besides.map((change) => besideStatement(type, seen.objid, change, engine)),
        ...(Object.keys(values).length === 0 ? [] : [updateStatement(type, seen.objid, seen.columns, values, engine)]),
      ];
      const told = await changeRows(database, statements, signal);
      if ('refused' in told) return rejected(told.refused);
      const writes = [
        ...besides.flatMap((change) => writesBeside(type, seen.objid, change)),
        ...(Object.keys(values).length === 0 ? [] : writesOf(type, seen.objid, seen.columns, values)),
      ];
      // Where only some of it could be done, the next turn sees what both sides say then.
      if (told.rows.length > 0 && told.rows.every((count) => count > 0)) {
        // What was written is told, even if it cannot be read again.
        const item = await unlessTrouble(read(seen, now, signal));
        const written = { ...seen, columns: { ...seen.columns, ...values } };
        const wanted = withFields(seen.entry, renderedEntry(type, entry, false, timeZone), fields);
        return { kind: 'done', item: item === undefined || item === 'absent' ? { ...written, entry: wanted } : item, writes };
      }
      const item = await read(seen, now, signal);
      // Whoever was faster may have written the same; after a lost answer it was most likely we.
      return isDone(item) ? { kind: 'done', item, writes: told.isRepeated ? writes : [] } : { kind: 'stale' };
    },

    creates: newIds === undefined ? {} : creatable(types),

    async reserve(name, signal) {
      const type = typeNamed(types, name);
      if (newIds === undefined || type.insert === undefined || type.typeId === undefined)
        throw new DatabaseError('configuration', `no object id can be made for ${nameOf(type)}`);
      const objid = await newObjid(database, newIds, type.typeId, signal);
      if ((await read({ type: name, objid }, 0, signal)) === 'absent') return objid;
      const reason = `${type.table} has a row with the objid ${objid}, which was counted as a new one`;
      throw new DatabaseError('configuration', `${reason}; the number that is added to counted ones is wrong`);
    },

    async insert(key, login, entry, now, signal) {
      const type = typeNamed(types, key.type);
      if (newIds === undefined || type.insert === undefined) return rejected(`rows of ${nameOf(type)} are not made`);
      const clock = clockAt(now);
      const fresh = newColumns(type, entry, clock);
      if (isUnfit(fresh)) return rejected(fresh.problem);
      const stamped: ColumnValues = (await hasStamp(type, signal)) ? { [type.stamp ?? '']: clock.now } : {};
      const values = { ...fresh, ...stamped };
      const done = (item: CrmItem): CrmOutcome => ({ kind: 'done', item, writes: writesOf(type, key.objid, {}, values) });
      const there = await read(key, now, signal);
      if (there !== undefined && there !== 'absent') return done(there);
      const { numbers, companion } = type.insert;
      const row = {
        objid: key.objid,
        login: login.toLowerCase(),
        now: clock.now,
        number: numbers === undefined ? '' : await newNumber(database, newIds, numbers, key.objid, signal),
        companion: companion === undefined ? 0 : await newObjid(database, newIds, companion.typeId, signal),
      };
      const told = await changeRows(database, insertStatements(type, row, values), signal);
      if ('refused' in told) return rejected(told.refused);
      const item = await read(key, now, signal);
      if (item === undefined || item === 'absent')
        return rejected(`the CRM lacks what a new ${nameOf(type)} of ${login} belongs to`);
      return done(item);
    },

    async delete(seen, signal) {
      const type = typeNamed(types, seen.type);
      if (type.insert === undefined) return rejected(`rows of ${nameOf(type)} are not deleted`);
      const told = await changeRows(database, [deleteStatement(type, seen.objid, seen.columns, engine)], signal);
      if ('refused' in told) return rejected(told.refused);
      const writes = writesOf(type, seen.objid, seen.columns, {});
      if (told.rows[0] === 1) return { kind: 'deleted', writes };
      const isGone = (await read(seen, 0, signal)) === 'absent';
      return isGone ? { kind: 'deleted', writes: told.isRepeated ? writes : [] } : { kind: 'stale' };
    },
  };
}

function nameOf({ typeName }: EntryType): string {
  return typeName.toLowerCase();
}

function typeNamed(types: readonly EntryType[], name: string): EntryType {
  const type = types.find((known) => known.name === name);
  if (type === undefined) throw new Error(`no kind of entry is called ${name}`);
  return type;
}

/** The first kind of each sort of which rows can be made. */
export function creatable(types: readonly EntryType[]): Readonly<Partial<Record<EntryKind, string>>> {
  const made = types.filter(({ insert, typeId }) => insert !== undefined && typeId !== undefined);
  return Object.fromEntries(made.toReversed().map(({ kind, name }) => [kind, name] as const));
}

function stampOf({ stamp }: EntryType, was: ColumnValues, now: string): ColumnValues {
  return stamp !== undefined && Object.hasOwn(was, stamp) ? { [stamp]: now } : {};
}
