// One look at everything of a kind, page by page: what changed since the last one, and what of that is told.

import { DatabaseError } from '../../../core/database-error';
import { UserError } from '../../../core/errors';
import type { WatchChange, Watched } from '../../../ledger/ledger';
import { reportOfError } from '../../error-report';
import type { Run } from '../rerun/run';
import type { Watch } from './watches';

/** How many things are looked at at a time. */
const PAGE = 200;

/** A change, with what is told of it. */
export interface Change {
  readonly change: WatchChange;
  readonly words: string;
}

/** What a page came to. */
export interface Page {
  /** How many things there were in it. */
  readonly count: number;
  /** What changes without being told. */
  readonly quiet: readonly WatchChange[];
  /** What is told. */
  readonly findings: readonly Change[];
}

/** How things of a type stood. */
export type Recall = (objectType: string, objids: readonly number[]) => Promise<readonly Watched[]>;

/** The objid that stands for all of a type, once the first look at it has come to its end; and its state then. */
export const WHOLE = { objid: 0, state: 'watched' } as const;

/** Looks at everything of a kind. The first look takes stock: what it finds is there, and did not happen. */
export async function* look(
  { objectType, rule, key, page }: Watch,
  isFirst: boolean,
  recall: Recall,
  { within, stop }: Pick<Run, 'within' | 'stop'>,
): AsyncGenerator<Page> {
  for (let after = 0; !stop.aborted;) {
    const from = after;
    const things = await within(({ signal }) => page(from, PAGE, signal)).catch((error: unknown) => {
      throw crmTrouble(error, key);
    });
    const last = things.at(-1);
    if (last === undefined) return;
    const stood = new Map(
      (
        await recall(
          objectType,
          things.map(({ objid }) => objid),
        )
      ).map(({ objid, state }) => [objid, state]),
    );
    const [quiet, findings]: [WatchChange[], Change[]] = [[], []];
    for (const { objid, judge, words } of things) {
      const seen = stood.get(objid);
      const judgement = judge(seen);
      if (judgement === undefined) continue;
      const { state, occurrence } = judgement;
      const change: WatchChange = { objectType, objid, state, ...(seen === undefined ? { firstLook: isFirst } : { seen }) };
      if (occurrence === undefined || (isFirst && seen === undefined)) quiet.push(change);
      else findings.push({ change: { ...change, request: { objectType, objid, rule, occurrence } }, words });
    }
    yield { count: things.length, quiet, findings };
    if (things.length < PAGE) return;
    after = last.objid;
  }
}

/** Trouble with the CRM, which must not be taken for trouble with the ledger. */
function crmTrouble(error: unknown, key: string): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const { result, message } = reportOfError(error);
  const lacks = error.problem === 'configuration' || error.problem === 'unknown-column';
  const check = 'check clarify.database and the rights of its login';
  const hint =
    result === 'later'
      ? 'run the same command again later; what it published is not published again'
      : `${check}${lacks ? `; where this site has no such table, set scan.${key} to false` : ''}`;
  return new UserError(result as UserError['result'], message, hint);
}
