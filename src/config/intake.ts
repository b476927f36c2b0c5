// What accepting a request needs of a configuration. It is read before the rest is checked, and each key by itself: what is wrong with one
// part of the file must not lose an event that a rule hands over.

import { at, filePath, flag, type Problem, type Shape, type Source } from '../core/shape';
import { siteKindsShape, type SiteKinds } from './entry-types';
import { defaultLedger, defaultSpool, lastSpool, ledgerShape, type LedgerConfig } from './ledger';
import { defaultLog, logShape, type LogConfig } from './log';
import { siteTypesShape, type SiteTypes } from './object-types';
import { DEFAULT_DEADLINE_MS, deadlineShape } from './schema';

/** The settings of accepting. */
export interface Intake {
  /** `undefined` where the file says something about it that cannot be used: then only the spool is left. */
  readonly ledger: LedgerConfig | undefined;
  /** The folder: an absolute path. */
  readonly spool: string;
  /** The time that the whole run may take, in ms. */
  readonly deadline: number;
  readonly exitZeroWhenKept: boolean;
  /** The site's own object types; `undefined` where what the file says of them cannot be used. */
  readonly objectTypes: SiteTypes | undefined;
  /** The same of its kinds of entries. */
  readonly kinds: SiteKinds | undefined;
}

/**
 * The settings of a file, from what was read of it; `undefined` for one of which nothing could be read, and `isWhole` where that is all that
 * it says. A key that is wrong has its default; the check, which comes after this, says what is wrong with it.
 */
export function intakeOf(raw: unknown, source: Source, isWhole: boolean): Intake {
  /** `fallback` where the file does not say, `undefined` where it says something wrong. */
  const read = <T>(shape: Shape<T>, fallback: T, ...path: readonly string[]): T | undefined => {
    const written = path.reduce(at, raw);
    if (written === undefined || written === null) return fallback;
    const problems: Problem[] = [];
    const value = shape.parse(written, { path, source: { ...source, problems } });
    // After a problem, a value may have holes that its type does not show.
    return problems.length === 0 ? value : undefined;
  };
  const ledger = read(ledgerShape(), defaultLedger(source), 'ledger');
  const log = read<LogConfig | false>(logShape(), defaultLog(source), 'log');
  // Of a damaged file, what it does not say may be what is damaged; then the folder is the one that every rerun looks into.
  const isKnown = ledger?.type === 'sqlite' || (isWhole && log !== undefined);
  const spool = ledger !== undefined && isKnown ? defaultSpool(ledger, log ?? false, source) : lastSpool(source);
  return {
    ledger,
    spool: read(filePath(), spool, 'spool') ?? spool,
    deadline: read(deadlineShape(), DEFAULT_DEADLINE_MS, 'deadline') ?? DEFAULT_DEADLINE_MS,
    exitZeroWhenKept: read(flag(), false, 'exitZeroWhenKept') ?? false,
    objectTypes: read(siteTypesShape(), {}, 'clarify', 'objectTypes'),
    kinds: read(siteKindsShape(), {}, 'groupware', 'kinds'),
  };
}
