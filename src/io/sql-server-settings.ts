// How a SQL Server is reached: what the connection, its socket and the database are all told.

import type { Secret } from '../core/secret';

/** How a SQL Server is reached. */
export interface SqlServerSettings {
  /** The host's name or address, without instance and port. */
  readonly server: string;
  /** 1433 where neither port nor instance is given. */
  readonly port?: number | undefined;
  /** A named instance, whose port is asked of the SQL Server Browser; not asked where a port is given. */
  readonly instance?: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  /** Whether the whole conversation is encrypted. A server that cannot is then refused before the login goes out. `strict` is TDS 8.0, which SQL Server speaks since 2022. */
  readonly encrypt: boolean | 'strict';
  /** Whether any certificate will do. Ignored in TDS 8.0 (`strict`, or `minTlsVersion` TLSv1.3), which always checks it. */
  readonly trustServerCertificate: boolean;
  /** Whether the connection says that it only reads; it does not where left out. */
  readonly readOnlyIntent?: boolean;
  /** TLSv1.2 where it is left out. TLSv1.3 means TDS 8.0, which SQL Server speaks since 2022. */
  readonly minTlsVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** The text (PEM) of certificates to trust beside the usual ones. */
  readonly ca?: string | undefined;
  /** As many bytes of a column without a length (`varchar(max)`, `text`) are sent; all of them where it is left out. */
  readonly mostTextBytes?: number;
}
