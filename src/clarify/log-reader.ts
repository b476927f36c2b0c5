// Reads the CRM's own log: what happened to the objects of a type, whoever heard of it.

import { activityName } from '../core/compose';
import type { Database, Row } from '../io/database';
import {
  ACTIVITY_LIST,
  logCount,
  logQuery,
  type Kinds,
  type LoggedActivity,
  type LoggedType,
  type LogPart,
} from './activity-log';
import { onParentOf, textOf } from './activity-reader';
import { optionalOf, type ActivityStatement } from './activity-query';
import { ownerColumns } from './needs';
import type { ObjectType } from './object-type';
import type { Lacks } from './gaps';
import { openQuestions } from './questions';
import { ACTIVITY_NAMES } from './wording';

type ReadType = LoggedType & Pick<ObjectType, 'name'>;

/** Reads the log. Everything rejects with a DatabaseError. */
export interface LogReader {
  /** The activities of a part of the log, in their order, at most `most`, in one round trip. */
  logged(type: ReadType, kinds: Kinds, part: LogPart, most: number, signal: AbortSignal): Promise<readonly LoggedActivity[]>;
  /** How many activities a part of the log has. */
  count(type: ReadType, kinds: Kinds, part: LogPart, signal: AbortSignal): Promise<number>;
  /** The names of all activities in the CRM's list. */
  activityNames(signal: AbortSignal): Promise<readonly string[]>;
}

/** Reads through a connection. What the site lacks is looked up at most once for each object type. */
export function openLogReader(database: Database): LogReader {
  const questions = openQuestions(database);
  const ask = (type: ReadType, make: (lacks?: Lacks) => ActivityStatement, signal: AbortSignal) =>
    questions({ kind: type.name, make, decisive: () => optionalOf(type), needed: (lacks) => ownerColumns(type, lacks) }, signal);
  return {
    async logged(type, kinds, part, most, signal) {
      const rows = await ask(type, (lacks) => logQuery(type, kinds, part, most, lacks), signal);
      return rows.map((row) => loggedOf(row, type));
    },

    async count(type, kinds, part, signal) {
      const [row] = await ask(type, (lacks) => logCount(type, kinds, part, lacks), signal);
      return Number(row?.['logged']);
    },

    activityNames: async (signal) => (await database.query(ACTIVITY_LIST, signal)).map((row) => textOf(row, 'title')),
  };
}

function loggedOf(row: Row, type: ReadType): LoggedActivity {
  const code = Number(row['activity_code']);
  return {
    objid: Number(row['object_objid']),
    activityObjid: Number(row['activity_objid']),
    code,
    name: activityName({ listName: textOf(row, 'activity_name'), code }, ACTIVITY_NAMES),
    time: textOf(row, 'activity_time'),
    ...onParentOf(row, type),
  };
}
