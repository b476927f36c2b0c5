// Where the CRM's database is: the keys of `clarify.database`, the connection string that may stand in their place, and what
// both become.

import {
  andThen,
  below,
  certificateFile,
  checkLogin,
  choice,
  eitherSchema,
  filePath,
  flag,
  integer,
  isRecord,
  loginName,
  object,
  optional,
  passwordSecret,
  problem,
  required,
  secret,
  text,
  variant,
  withDefault,
  type Place,
  type Shape,
} from '../core/shape';
import { Secret } from '../core/secret';
import { readConnectionString, readServerName } from '../core/connection-string';

/** The CRM's database. */
export type DatabaseConfig = SqlServerConfig | SqliteConfig;

/** A SQL Server. */
export interface SqlServerConfig {
  readonly type: 'sqlserver';
  /** The host's name or address alone. */
  readonly server: string;
  /** `undefined` only where an instance is named and no port: the server is then asked for it. */
  readonly port: number | undefined;
  readonly instance: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  /** `strict` is TDS 8.0, where TLS comes before everything else. */
  readonly encrypt: boolean | 'strict';
  readonly trustServerCertificate: boolean;
  /** Whether the connection says that it only reads. */
  readonly readOnlyIntent: boolean;
  /** What the driver takes where it is `undefined` is told at the driver. */
  readonly minTlsVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** The text (PEM) of certificates to trust beside the usual ones. */
  readonly ca: string | undefined;
}

/** A SQLite file. */
export interface SqliteConfig {
  readonly type: 'sqlite';
  /** An absolute path. */
  readonly file: string;
}

const DEFAULT_PORT = 1433;

const tlsFields = {
  minTlsVersion: optional(
    choice(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']),
    'The oldest version of TLS to accept. An old server may need TLSv1; TLSv1.2 if left out. TLSv1.3 needs SQL Server 2022.',
  ),
  caFile: optional(
    certificateFile(),
    "A file with the certificate (PEM) of the company that signs the server's own, trusted beside the usual ones.",
  ),
};

const keyFields = {
  server: required(serverShape(), 'The name or the address of the host that SQL Server runs on.'),
  port: optional(integer(1, 65_535), `The TCP port. If left out: ${DEFAULT_PORT}, or what the server says for the instance.`),
  instance: optional(text(), 'The name of the instance, where it is not the default one. Not asked for where a port is given.'),
  database: required(text(), 'The name of the database.'),
  user: required(loginName(), 'The SQL Server login. Of the CRM it needs to read the tables, and nothing else.'),
  password: required(passwordSecret(), 'The password of this login.'),
  encrypt: withDefault(
    encryptShape(),
    true,
    'Whether the connection is encrypted; "strict" for TDS 8.0, which SQL Server speaks since 2022.',
  ),
  trustServerCertificate: withDefault(
    flag(),
    false,
    "Whether the server's certificate is taken without a look at who signed it.",
  ),
  readOnlyIntent: withDefault(
    flag(),
    false,
    'Whether the connection says that it only reads (ApplicationIntent), so that an availability group may lead it to a readable secondary.',
  ),
  ...tlsFields,
};

/** A host, in all spellings that a connection string may have; port and instance have keys of their own. */
function serverShape(): Shape<string> {
  return andThen(text(), (written, place) => {
    const name = readServerName(written);
    if (name === undefined) problem(place, 'is not the name or the address of a host');
    else if (name.port !== undefined || name.instance !== undefined)
      problem(place, 'holds more than a host; port and instance have keys of their own');
    return name?.host ?? '';
  });
}

function encryptShape(): Shape<boolean | 'strict'> {
  const [yesOrNo, strict] = [flag(), choice(['strict'])];
  return {
    schema: { anyOf: [yesOrNo.schema, strict.schema] },
    parse: (raw, place) => (raw === 'strict' ? 'strict' : yesOrNo.parse(raw, place)),
  };
}

/** The shape of `clarify.database`. */
export function databaseShape(): Shape<DatabaseConfig> {
  return variant('type', {
    sqlserver: sqlServerShape(),
    sqlite: object({ file: required(filePath(), 'The SQLite file, for example the sample CRM.') }),
  });
}

/** The shape of a SQL Server: by keys or by connection string. */
export function sqlServerShape(): Shape<Omit<SqlServerConfig, 'type'>> {
  const byKeys = andThen(object(keyFields), ({ caFile, ...rest }) => ({ ...rest, port: portOf(rest), ca: caFile }));
  const connectionString = required(
    connectionStringShape(),
    'The connection string of an old dovetail.config, in place of server, port, instance, database, user, password, encrypt and ' +
      'trustServerCertificate. Without Encrypt in it the connection is not encrypted.',
  );
  const byString = andThen(object({ connectionString, ...tlsFields }), ({ connectionString: parts, minTlsVersion, caFile }) => ({
    ...parts,
    minTlsVersion,
    ca: caFile,
  }));
  return {
    schema: eitherSchema(byKeys.schema, byString.schema),
    parse: (raw, place) =>
      isRecord(raw) && raw['connectionString'] !== undefined
        ? byString.parse(withoutRepeated(raw, place), place)
        : byKeys.parse(raw, place),
  };
}

/** The string is a secret as a whole, and so is the password in it, also where the string is refused for something else. */
function connectionStringShape(): Shape<Omit<SqlServerConfig, 'type' | 'minTlsVersion' | 'ca'>> {
  return andThen(secret(), (whole, place) => {
    const { problems, password: plain, ...parts } = readConnectionString(whole.reveal());
    const password = new Secret(plain);
    place.source.secrets.push(password);
    for (const message of problems) problem(place, message);
    for (const part of [parts.user, plain]) checkLogin(part, place);
    return { ...parts, port: portOf(parts), password };
  });
}

function portOf({
  port,
  instance,
}: {
  readonly port: number | undefined;
  readonly instance: string | undefined;
}): number | undefined {
  return port ?? (instance === undefined ? DEFAULT_PORT : undefined);
}

/** What is left of the keys beside a connection string: the ones that say the same again are a problem, and are noted as that. */
function withoutRepeated(raw: Readonly<Record<string, unknown>>, place: Place): unknown {
  const repeated = Object.keys(raw).filter((key) => Object.hasOwn(keyFields, key) && !Object.hasOwn(tlsFields, key));
  for (const key of repeated)
    problem(below(place, key), 'stands beside connectionString, which says the same; keep one of the two');
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !repeated.includes(key)));
}
