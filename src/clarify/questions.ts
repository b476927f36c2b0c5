// Asks the CRM what only some sites can answer in full: the columns that a site lacks are looked up once, and left out.

import type { Database, Row } from '../io/database';
import type { ActivityStatement } from './activity-query';
import { askForEach, Gaps, isGap, lookUpGaps, type Lacks } from './gaps';
import type { Column } from './path';

/** What is asked. */
export interface Question {
  /** What questions of one kind, which can do without the same columns, are known by. */
  readonly kind: string;
  readonly make: (lacks?: Lacks) => ActivityStatement;
  /** What the decisive columns decide about: posts, if left out. */
  readonly about?: string;
  /** The columns that decide whether something is posted, and how often. They may be absent; in doubt there is no answer. */
  readonly decisive: () => readonly Column[];
  /** Those of the columns that a site lacks without which the question makes no sense. */
  readonly needed: (lacks: Lacks) => readonly Column[];
}

/** Asks for rows. Rejects with a DatabaseError. */
export type Ask = (question: Question, signal: AbortSignal) => Promise<readonly Row[]>;

/** Asks through a connection. What the site lacks is looked up at most once for each kind. */
export function openQuestions(database: Database): Ask {
  const known = new Map<string, Gaps>();
  return async ({ kind, make, about, decisive, needed }, signal) => {
    const gaps = known.get(kind);
    if (gaps === undefined) {
      const statement = make();
      try {
        return await database.query(statement, signal);
      } catch (error) {
        // A column is missing, or the table of one: those that may be missing are looked up, and left out from now on.
        if (!isGap(error)) throw error;
        const found = await gapsOf(statement, database, signal);
        if (found.isEmpty) throw error;
        known.set(kind, found);
      }
    }
    const found = known.get(kind) ?? new Gaps(new Map());
    const trouble = found.problemOf(needed(found.lacks)) ?? found.doubtAbout(decisive(), about);
    if (trouble !== undefined) throw trouble;
    return database.query(make(found.lacks), signal);
  };
}

/** A schema may list what another owner has under the same name, so where it lists everything, each column is asked for. */
async function gapsOf({ optional }: ActivityStatement, database: Database, signal: AbortSignal): Promise<Gaps> {
  const unlisted = await lookUpGaps(optional, database, signal);
  return unlisted.isEmpty ? askForEach(optional, database, signal) : unlisted;
}
