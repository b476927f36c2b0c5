// The connection string of an old dovetail.config, taken apart as ADO.NET takes it. Its rules, which are not those of ODBC (a brace is a
// character like any other): https://learn.microsoft.com/dotnet/api/system.data.common.dbconnectionstringbuilder and
// https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax. Pure.

/** What a connection string says. Without problems every text in it is there; with problems only the password may be used, to mask it. */
export interface ConnectionStringParts {
  /** What is wrong, in words that show no part of the string. */
  readonly problems: readonly string[];
  /** The host's name or address alone. */
  readonly server: string;
  readonly port: number | undefined;
  readonly instance: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** `strict` is TDS 8.0. What cannot be read counts as encrypted. */
  readonly encrypt: boolean | 'strict';
  readonly trustServerCertificate: boolean;
  /** Whether the connection says that it only reads, so that an availability group may lead it to a readable secondary. */
  readonly readOnlyIntent: boolean;
}

/** Where a server is, as SQL Server's clients spell it. */
export interface ServerName {
  readonly host: string;
  readonly port: number | undefined;
  readonly instance: string | undefined;
}

/**
 * What keywords mean, in lower case and without blanks: https://learn.microsoft.com/dotnet/api/microsoft.data.sqlclient.sqlconnection.connectionstring.
 * All others (pooling, timeouts, names of programs) change nothing here.
 */
const MEANINGS = {
  server: ['datasource', 'server', 'address', 'addr', 'networkaddress'],
  database: ['initialcatalog', 'database'],
  user: ['userid', 'uid', 'user'],
  password: ['password', 'pwd'],
  encrypt: ['encrypt'],
  trust: ['trustservercertificate'],
  windows: ['integratedsecurity', 'trusted_connection'],
  intent: ['applicationintent'],
  authentication: ['authentication'],
  partner: ['failoverpartner'],
  library: ['networklibrary', 'network', 'net'],
  file: ['attachdbfilename', 'extendedproperties', 'initialfilename'],
  ownInstance: ['userinstance'],
  context: ['contextconnection'],
  sealed: ['columnencryptionsetting'],
  certificate: ['hostnameincertificate', 'servercertificate'],
} as const;
type Meaning = keyof typeof MEANINGS;

const MEANING_OF: ReadonlyMap<string, Meaning> = new Map(
  (Object.keys(MEANINGS) as Meaning[]).flatMap((meaning) => MEANINGS[meaning].map((keyword) => [keyword, meaning] as const)),
);

/** What would lead to another server or database, or be checked otherwise, and that this program cannot: by the values that ask for nothing of it. */
const NOT_DONE: readonly (readonly [Meaning, harmless: readonly string[], words: string])[] = [
  [
    'authentication',
    ['sqlpassword', 'notspecified'],
    'signs in by another Authentication than Sql Password, which this program cannot; make a SQL Server login that may read the CRM',
  ],
  [
    'partner',
    [],
    'names a Failover Partner, which this program never turns to; name as server what always leads to the right one',
  ],
  ['library', ['dbmssocn', 'tcp'], 'asks for another Network Library than TCP (dbmssocn), which this program does not speak'],
  ['file', [], 'names a database file to attach; name the database of a server instead'],
  ['ownInstance', ['false', 'no'], 'asks for a User Instance; name a server instead'],
  ['context', ['false', 'no'], 'asks for a Context Connection, which there is inside SQL Server only'],
  ['sealed', ['disabled'], 'asks for columns that the client decrypts (Column Encryption Setting), which this program cannot'],
  [
    'certificate',
    [],
    'says which certificate the server has; write the server as its certificate does, or name its authority in "caFile"',
  ],
];

/** Takes a connection string of SQL Server apart. Never throws. */
export function readConnectionString(text: string): ConnectionStringParts {
  const problems: string[] = [];
  const pairs = pairsIn(text);
  if (pairs === undefined)
    problems.push('is no connection string: a part of it has no "=", or a quote in it is not closed or stands in a wrong place');
  const values = new Map<Meaning, string>();
  // An empty value is none, and takes an earlier one back.
  for (const [keyword, value] of pairs ?? []) {
    const meaning = MEANING_OF.get(keyword);
    if (meaning !== undefined) values.set(meaning, value);
  }
  const word = (meaning: Meaning) => values.get(meaning) ?? '';
  const needed = (meaning: Meaning, name: string): string => {
    if (word(meaning) === '' && pairs !== undefined) problems.push(`names no ${name}`);
    return word(meaning);
  };
  const oneOf = <T>(meaning: Meaning, name: string, known: Readonly<Record<string, T>>, otherwise: T, must: string): T => {
    const value = word(meaning).replace(/\s+/g, '').toLowerCase();
    if (Object.hasOwn(known, value)) return known[value] as T;
    problems.push(`says ${must} for ${name}`);
    return otherwise;
  };
  // Windows sign-in leaves user and password out for good, so their absence is not worth a word then.
  const isWindows = !['', 'false', 'no', '0'].includes(word('windows').toLowerCase());
  if (isWindows) {
    problems.push(
      'signs in as a Windows account (Integrated Security), which this program cannot; ' +
        'make a SQL Server login that may read the CRM, and give it as "User ID" and "Password"',
    );
  }
  for (const [meaning, harmless, words] of NOT_DONE) {
    const value = word(meaning).replace(/\s+/g, '').toLowerCase();
    if (value !== '' && !harmless.includes(value)) problems.push(words);
  }
  const server = needed('server', 'server (Data Source)');
  const place = readServerName(server);
  if (server !== '' && place === undefined)
    problems.push('names a server (Data Source) that is not spelled host, host,port or host\\instance');
  const flags = { true: true, yes: true, '1': true, '': false, false: false, no: false, '0': false };
  return {
    server: place?.host ?? '',
    ...{ port: place?.port, instance: place?.instance },
    database: needed('database', 'database (Initial Catalog)'),
    user: isWindows ? '' : needed('user', 'user (User ID)'),
    password: isWindows ? word('password') : needed('password', 'password (Password)'),
    encrypt: oneOf<boolean | 'strict'>(
      'encrypt',
      'Encrypt',
      { ...flags, mandatory: true, optional: false, strict: 'strict' },
      true,
      'neither true, false nor strict',
    ),
    trustServerCertificate: oneOf('trust', 'TrustServerCertificate', flags, false, 'neither true nor false'),
    readOnlyIntent: oneOf(
      'intent',
      'ApplicationIntent',
      { '': false, readwrite: false, readonly: true },
      false,
      'neither ReadOnly nor ReadWrite',
    ),
    problems,
  };
}

/**
 * A server as SQL Server's clients spell it: `tcp:host\instance,port`, of which only the host must be there; `.` and `(local)` are this one.
 * `undefined` for any other text, and for ways to a server that are not TCP.
 */
export function readServerName(written: string): ServerName | undefined {
  const match = /^(?:tcp:)?\s*([^\\,:\s]+|[\da-f:.]+)(?:\\([^\\,\s]+))?(?:\s*,\s*(\d{1,5}))?$/i.exec(written.trim());
  if (match === null) return undefined;
  const [, host = '', instance, digits] = match;
  const port = digits === undefined ? undefined : Number(digits);
  if (host.toLowerCase() === '(localdb)' || (port !== undefined && (port === 0 || port > 65_535))) return undefined;
  return { host: ['.', '(local)'].includes(host.toLowerCase()) ? 'localhost' : host, port, instance };
}

/** One pair: a keyword in which `==` is a `=`, and a value that is quoted as a whole, or begins and ends with no quote. */
const PAIR = /[\s;\0]*((?:[^=;]|==)+)=(?!=)\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|((?!["'])[^;]*?(?<!["'])))\s*(?:;|\0*$)/y;

/** The pairs of a connection string in their order, keywords in lower case and without blanks; `undefined` where it is none. */
function pairsIn(text: string): readonly (readonly [keyword: string, value: string])[] | undefined {
  const pairs: (readonly [string, string])[] = [];
  const end = text.replace(/[\s;\0]+$/, '').length;
  for (let at = 0; at < end; at = PAIR.lastIndex) {
    PAIR.lastIndex = at;
    const match = PAIR.exec(text);
    if (match === null) return undefined;
    const [, keyword = '', double, single, plain = ''] = match;
    const value = double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? plain.trim();
    pairs.push([keyword.replace(/\s+/g, '').toLowerCase(), value]);
  }
  return pairs;
}
