import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../../src/core/secret';
import { openSqlServer } from '../../src/io/sql-server';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { temporaryFolder } from '../support/sample';
import { startTdsServer } from '../support/tds-server';
import { describeLedger } from './suite';

async function open() {
  const folder = temporaryFolder();
  const databaseFile = join(folder, 'server.sqlite');
  await writeFile(databaseFile, '');
  const server = await startTdsServer({ databaseFile, writable: true });
  const handles: { close(): void }[] = [];
  const connect = () => {
    const login = { database: 'activity', user: 'publisher', password: new Secret('pw') };
    const settings = { server: 'localhost', port: server.port, ...login, encrypt: false, trustServerCertificate: false };
    const handle = openSqlLedger(openSqlServer(settings), 'sqlserver');
    handles.push(handle);
    return handle;
  };
  return {
    ledger: connect(),
    another: () => Promise.resolve(connect()),
    close: async () => {
      for (const handle of handles) handle.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describeLedger('SQL Server', open);
