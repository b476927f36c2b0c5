// The connection string of an old dovetail.config, taken apart through @tediousjs/connection-string.
// The keywords: https://learn.microsoft.com/dotnet/api/system.data.sqlclient.sqlconnection.connectionstring

import { parse } from '@tediousjs/connection-string';

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
  readonly encrypt: boolean;
  readonly trustServerCertificate: boolean;
}

/** Takes a connection string apart. Never throws. */
export type ReadConnectionString = (text: string) => ConnectionStringParts;

/** The keywords that count, in lower case and without blanks; all others (pooling, timeouts, names of programs) change nothing here. */
const KEYWORDS = {
  server: ['datasource', 'server', 'address', 'addr', 'networkaddress'],
  database: ['initialcatalog', 'database'],
  user: ['userid', 'uid', 'user'],
  password: ['password', 'pwd'],
  encrypt: ['encrypt'],
  trust: ['trustservercertificate'],
  windows: ['integratedsecurity', 'trusted_connection'],
} as const;

/** Takes a connection string of SQL Server apart. */
export const readConnectionString: ReadConnectionString = (text) => {
  const problems: string[] = [];
  const words = wordsOf(text);
  if (words === undefined) problems.push('is no connection string: a quote in it is not closed, or stands in a wrong place');
  const word = (keywords: readonly string[]) =>
    keywords.map((keyword) => words?.get(keyword)).find((value) => value !== undefined);
  const needed = (keywords: readonly string[], name: string): string => {
    const value = word(keywords) ?? '';
    if (value === '' && words !== undefined) problems.push(`names no ${name}`);
    return value;
  };
  const flag = (keywords: readonly string[], name: string): boolean => {
    const value = readFlag(word(keywords));
    if (value === undefined) problems.push(`says neither true nor false for ${name}`);
    return value ?? false;
  };
  // Windows sign-in leaves user and password out for good, so their absence is not worth a word then.
  const windows = !['', 'false', 'no', '0'].includes(word(KEYWORDS.windows)?.toLowerCase() ?? '');
  if (windows) {
    problems.push(
      'signs in as a Windows account (Integrated Security), which this program cannot; ' +
        'make a SQL Server login that may read the CRM, and give it as "User ID" and "Password"',
    );
  }
  return {
    ...readServer(needed(KEYWORDS.server, 'server (Data Source)'), problems),
    database: needed(KEYWORDS.database, 'database (Initial Catalog)'),
    user: windows ? '' : needed(KEYWORDS.user, 'user (User ID)'),
    password: windows ? (word(KEYWORDS.password) ?? '') : needed(KEYWORDS.password, 'password (Password)'),
    encrypt: flag(KEYWORDS.encrypt, 'Encrypt'),
    trustServerCertificate: flag(KEYWORDS.trust, 'TrustServerCertificate'),
    problems,
  };
};

function wordsOf(text: string): ReadonlyMap<string, string> | undefined {
  try {
    const entries = [...parse(withoutTraps(text)).entries()];
    return new Map(entries.map(([keyword, value]) => [keyword.replace(/\s+/g, ''), value]));
  } catch {
    return undefined;
  }
}

/**
 * SQL Server's own clients read `a=;b=1` as an empty value and `a=1;;b=2` as two pairs; the library takes the semicolon into the
 * value. Outside quotes, an empty value is therefore spelled out and a run of semicolons becomes one.
 */
function withoutTraps(text: string): string {
  const traps = /"[^"]*"|'[^']*'|;(?:\s*;)+|(?<=(?:^|;)[^=;]*)=\s*(?=;|$)/g;
  return text.replace(/^[;\s]+/, '').replace(traps, (part) => (part.startsWith(';') ? ';' : part.startsWith('=') ? '=""' : part));
}

function readFlag(value: string | undefined): boolean | undefined {
  const word = value?.toLowerCase() ?? '';
  if (['true', 'yes', '1', 'mandatory'].includes(word)) return true;
  return ['', 'false', 'no', '0', 'optional'].includes(word) ? false : undefined;
}

/** `tcp:host\instance,port`, of which only the host must be there. */
function readServer(written: string, problems: string[]): Pick<ConnectionStringParts, 'server' | 'port' | 'instance'> {
  const match = /^(?:tcp:)?\s*([^\\,:\s]+|[\da-f:]+)(?:\\([^\\,\s]+))?(?:\s*,\s*(\d{1,5}))?$/i.exec(written.trim());
  const host = match?.[1] ?? '';
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  const usable = host !== '' && host.toLowerCase() !== '(localdb)' && (port === undefined || (port > 0 && port < 65_536));
  if (written !== '' && !usable)
    problems.push('names a server (Data Source) that is not spelled host, host,port or host\\instance');
  return { server: ['.', '(local)'].includes(host.toLowerCase()) ? 'localhost' : host, port, instance: match?.[2] };
}
