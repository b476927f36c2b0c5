import { reportOfError } from '../../src/commands/error-report';
import { withLedger } from '../../src/commands/looking/ledger-access';
import type { Context } from '../../src/commands/command';
import { DatabaseError, type DatabaseProblem } from '../../src/core/database-error';
import { openSqlLedger } from '../../src/ledger/sql-ledger';

const NEVER = new AbortController().signal;

/** Each problem with its result, and whether it passes by itself. */
const PROBLEMS: readonly (readonly [DatabaseProblem, string, boolean])[] = [
  ['unavailable', 'later', true],
  ['busy', 'later', true],
  ['duplicate', 'later', true],
  ['uncertain', 'later', true],
  ['login-refused', 'login-refused', false],
  ['configuration', 'configuration', false],
  ['unknown-column', 'configuration', false],
  ['not-writable', 'configuration', false],
];

/** A ledger whose database has this trouble. */
function ledgerWith(problem: DatabaseProblem) {
  const fail = () => Promise.reject(new DatabaseError(problem, 'so it is'));
  return openSqlLedger({ query: fail, execute: fail, columnsOf: fail, close: () => undefined }, 'sqlite');
}

describe('Trouble with the ledger', () => {
  it.each(PROBLEMS)('that is %s names the ledger, not the CRM', async (problem, result, passes) => {
    const ledger = ledgerWith(problem);
    const error: unknown = await ledger.counts(NEVER).catch((thrown: unknown) => thrown);
    const reports = [
      reportOfError(error),
      await withLedger(
        { parts: { ledger: () => Promise.resolve(ledger), spools: () => [], now: () => 0 } } as unknown as Context,
        async (opened) => {
          await opened.counts(NEVER);
          throw new Error('it is well');
        },
      ),
    ];
    for (const report of reports) {
      expect(report).toMatchObject({ result, message: expect.stringContaining('so it is') });
      if (passes) expect(report.hint).toBe('run the same command again later');
      else expect(report.hint).toMatch(/^check .*\bledger\b/);
    }
  });

  it.each(PROBLEMS)('of the CRM that is %s names no ledger', (problem, result) => {
    const report = reportOfError(new DatabaseError(problem, 'so it is'));
    expect(report).toMatchObject({ result });
    expect(report.hint).not.toContain('ledger');
  });
});
