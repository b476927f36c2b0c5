// What an old dovetail.config knows, of the script of 2010 (github.com/gsherman/powershell, LoadConfig.ps1) or of a program with the vendor's
// SDK: keys and values of appSettings.

import { readConnectionString, type ConnectionStringParts } from '../../../core/connection-string';
import { UserError } from '../../../core/errors';
import { visible } from '../../../core/visible';
import { attributesWithin } from '../../../core/xml-scan';

/** The database of an old file. What it does not say, or says in a way that this program cannot use, is empty. */
export type OldSettings = Omit<ConnectionStringParts, 'problems'> & {
  /** What an administrator has to know about it. */
  readonly notes: readonly string[];
};

/**
 * The keys, in lower case: of the script; of the SDK (https://github.com/DovetailSoftware/dovetail-sdk-demos); and of its Bootstrap, whose
 * settings are named by their class (https://github.com/DovetailSoftware/dovetail-bootstrap).
 */
const KEYS = {
  connectionString: [
    'connectionstring',
    'fchoice.connectionstring',
    'dovetaildatabasesettings.connectionstring',
    'dovetailcrmsettings.databaseconnectionstring',
  ],
  type: ['databasetype', 'dbtype', 'fchoice.dbtype', 'dovetaildatabasesettings.type', 'dovetailcrmsettings.databasetype'],
} as const;

/** Reads an old file. Throws a UserError of the kind `configuration` where it is of no use. */
export function readOldConfig(file: string, xml: string): OldSettings {
  const settings = new Map(
    attributesWithin(xml, 'appSettings', 'add').map((each) => [each.get('key')?.trim().toLowerCase(), each.get('value')?.trim()]),
  );
  /** The first that says something. */
  const said = (keys: readonly string[]) => keys.map((key) => settings.get(key) ?? '').find((value) => value !== '') ?? '';
  const refuse = (what: string, hint: string) => new UserError('configuration', `${file} ${what}`, hint);
  const type = said(KEYS.type);
  if (type !== '' && type.toUpperCase() !== 'MSSQL') {
    const hint = 'only a CRM on Microsoft SQL Server (MSSQL) can be read';
    throw refuse(`says that the database is ${visible(type)}, which this program cannot read`, hint);
  }
  const text = said(KEYS.connectionString);
  if (text === '') throw refuse('has no key connectionString', 'leave out --from, and answer the questions');
  const { problems, ...parts } = readConnectionString(text);
  return { ...parts, notes: problems.map((problem) => `the connection string of ${file} ${problem}`) };
}
