import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../../../src/core/secret';
import { openSqlServer } from '../../../src/io/sql-server';
import { openSqlConsents } from '../../../src/ledger/sql-consents';
import { changeDatabase, temporaryFolder } from '../../support/sample';
import { startTdsServer } from '../../support/tds-server';
import { describeConsentRows, describeConsents } from './suite';

async function open() {
  const folder = temporaryFolder();
  const databaseFile = join(folder, 'server.sqlite');
  await writeFile(databaseFile, '');
  const server = await startTdsServer({ databaseFile, writable: true });
  const handles: { close(): void }[] = [];
  const connect = () => {
    const login = { database: 'activity', user: 'publisher', password: new Secret('pw') };
    const settings = { server: 'localhost', port: server.port, ...login, encrypt: false, trustServerCertificate: false };
    const database = openSqlServer(settings);
    handles.push(database);
    return openSqlConsents(database, 'sqlserver');
  };
  return {
    consents: connect(),
    another: () => Promise.resolve(connect()),
    damage: (login: string, column: string, value: string | number) =>
      changeDatabase(databaseFile, (raw) =>
        raw.run(`UPDATE publish_activity_consent SET ${column} = @value WHERE login = @login`, { login, value }),
      ),
    close: async () => {
      for (const handle of handles) handle.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describeConsents('SQL Server', open);
describeConsentRows('SQL Server', open);
