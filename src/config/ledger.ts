// Where the ledger is, and where requests wait that it cannot take: the keys `ledger` and `spool`.

import { dirname, join } from 'node:path';
import { sqlServerShape, type DatabaseConfig } from './database';
import type { LogConfig } from './log';
import { filePath, object, problem, required, variant, type Shape, type Source } from '../core/shape';

/** The ledger: a SQLite file on a local disk, or, for several hosts, a database on a SQL Server. */
export type LedgerConfig = DatabaseConfig;

/** The name of the ledger's file where none is given. It is next to the configuration. */
export const LEDGER_FILE = 'publish-activity.ledger';

/** The ledger of a configuration that says nothing about it. */
export function defaultLedger(source: Pick<Source, 'resolvePath'>): LedgerConfig {
  return { type: 'sqlite', file: source.resolvePath(LEDGER_FILE) };
}

/**
 * Where a host keeps what its ledger cannot take, unless the key `spool` says otherwise: beside the ledger's file, or, since a SQL Server
 * has no folder of ours, beside the log.
 */
export function defaultSpool(ledger: LedgerConfig, log: LogConfig | false, source: Pick<Source, 'resolvePath'>): string {
  if (ledger.type === 'sqlite') return ledger.file + SPOOL_ENDING;
  return log === false ? source.resolvePath(SPOOL_FOLDER) : join(dirname(log.file), SPOOL_FOLDER);
}

/** The spool of a configuration that cannot tell where its own is. Every rerun looks there, too. */
export function lastSpool(source: Pick<Source, 'resolvePath'>): string {
  return defaultSpool(defaultLedger(source), false, source);
}

const SPOOL_ENDING = '.spool';
const SPOOL_FOLDER = `publish-activity${SPOOL_ENDING}`;

/** A SQLite file is on a local disk: on a network drive its write-ahead log fails. Mapped drives cannot be told from local ones. */
export function ledgerShape(): Shape<LedgerConfig> {
  const path = filePath();
  const local: Shape<string> = {
    schema: path.schema,
    parse: (raw, place) =>
      typeof raw === 'string' && /^(\\\\|\/\/)/.test(raw)
        ? problem(place, 'is on the network, where a write-ahead log fails; name a file on a local disk')
        : path.parse(raw, place),
  };
  return variant('type', {
    sqlite: object({ file: required(local, 'The SQLite file, on a local disk.') }),
    sqlserver: sqlServerShape(),
  });
}
