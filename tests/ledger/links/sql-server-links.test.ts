import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../../../src/core/secret';
import { openSqlServer } from '../../../src/io/sql-server';
import { openSqlLinks } from '../../../src/ledger/sql-links';
import { changeDatabase, temporaryFolder } from '../../support/sample';
import { startTdsServer } from '../../support/tds-server';
import { describeLinks } from './suite';

describeLinks('SQL Server', async () => {
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
    return openSqlLinks(database, 'sqlserver');
  };
  return {
    links: connect(),
    another: () => Promise.resolve(connect()),
    damage: (id, column, value) =>
      changeDatabase(databaseFile, (raw) =>
        raw.run(`UPDATE publish_activity_link SET ${column} = @value WHERE id = @id`, { id, value }),
      ),
    close: async () => {
      for (const handle of handles) handle.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
