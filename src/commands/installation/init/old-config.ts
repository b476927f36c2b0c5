// What the dovetail.config of the script of 2010 knows (github.com/gsherman/powershell, LoadConfig.ps1): keys and values of appSettings.

import { UserError } from '../../../core/errors';
import { visible } from '../../../core/visible';
import { attributesOf } from '../../../core/xml-scan';
import type { ConnectionStringParts, ReadConnectionString } from '../../../io/connection-string';

/** The database of an old file. What it does not say, or says in a way that this program cannot use, is empty. */
export type OldSettings = Omit<ConnectionStringParts, 'problems'> & {
  /** What an administrator has to know about it. */
  readonly notes: readonly string[];
};

/** Reads an old file. Throws a UserError of the kind `configuration` where it is of no use. */
export function readOldConfig(file: string, xml: string, read: ReadConnectionString): OldSettings {
  const settings = new Map(attributesOf(xml, 'add').map((each) => [plainKey(each.get('key') ?? ''), each.get('value') ?? '']));
  const refuse = (what: string, hint: string) => new UserError('configuration', `${file} ${what}`, hint);
  const type = settings.get('databasetype') ?? settings.get('dbtype') ?? 'MSSQL';
  if (type.trim().toUpperCase() !== 'MSSQL') {
    const hint = 'only a CRM on Microsoft SQL Server (MSSQL) can be read';
    throw refuse(`says that the database is ${visible(type.trim())}, which this program cannot read`, hint);
  }
  const text = settings.get('connectionstring') ?? '';
  if (text.trim() === '') throw refuse('has no key connectionString', 'leave out --from, and answer the questions');
  const { problems, ...parts } = read(text);
  return { ...parts, notes: problems.map((problem) => `the connection string of ${file} ${problem}`) };
}

/** The SDK's own files have the same keys with a prefix (fchoice.connectionstring). */
function plainKey(key: string): string {
  return key
    .trim()
    .toLowerCase()
    .replace(/^fchoice\./, '');
}
