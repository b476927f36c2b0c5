// A company for tests: its CRM on a SQL Server (a stand-in over the sample), its Socialcast (a stand-in), and the program installed there.

import { install, type Installation } from './program';
import { sampleDatabase } from './sample';
import { startSocialcast, type SocialcastServer } from './socialcast-server';
import { startTdsServer, type TdsServer } from './tds-server';

/** The passwords of the company. They hold what URLs, XML and base64 spell differently. */
export const PASSWORDS = { database: 'db:S3cret/+&ü', socialcast: 'sc S3cret?<=%' } as const;

/** A running company. */
export interface Company extends Installation {
  readonly database: TdsServer;
  readonly socialcast: SocialcastServer;
  close(): Promise<void>;
}

/** Starts a company; `more` are top-level keys of its configuration, `clarify`, `server` and `destination` changes to those parts. */
export async function startCompany(
  change: { more?: object; clarify?: object; destination?: object; server?: object; databaseFile?: string } = {},
): Promise<Company> {
  const login = { user: 'stream_reader', password: PASSWORDS.database };
  const database = await startTdsServer({ databaseFile: change.databaseFile ?? sampleDatabase(), login, database: 'clarify' });
  const socialcast = await startSocialcast({ username: 'crm@example.com', password: PASSWORDS.socialcast });
  const server = {
    type: 'sqlserver',
    server: '127.0.0.1',
    port: database.port,
    database: 'clarify',
    encrypt: false,
    ...login,
    ...change.server,
  };
  const destination = {
    type: 'socialcast',
    url: socialcast.url,
    username: 'crm@example.com',
    password: PASSWORDS.socialcast,
    proxy: false,
    ...change.destination,
  };
  const installation = install({
    clarify: { database: server, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail', ...change.clarify },
    destinations: { socialcast: destination },
    ...change.more,
  });
  const close = async () => {
    await Promise.all([database.close(), socialcast.close()]);
  };
  return { ...installation, database, socialcast, close };
}
