import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WritableDatabase } from '../../../src/io/database';
import { openSqliteStore } from '../../../src/io/sqlite-store';
import { NEWEST_VERSION } from '../../../src/ledger/schema';
import { openSqlConsents } from '../../../src/ledger/sql-consents';
import { openSqlLedger } from '../../../src/ledger/sql-ledger';
import { leaseOf, request } from '../../support/ledger';
import { NEVER } from '../../support/links';
import { changeDatabase, temporaryFolder } from '../../support/sample';
import { describeConsentRows, describeConsents } from './suite';

function open() {
  const folder = temporaryFolder();
  const file = join(folder, 'ledger.sqlite');
  const stores: WritableDatabase[] = [];
  const connect = () => {
    const store = openSqliteStore(file);
    stores.push(store);
    return store;
  };
  return Promise.resolve({
    file,
    connect,
    consents: openSqlConsents(connect(), 'sqlite'),
    another: () => Promise.resolve(openSqlConsents(connect(), 'sqlite')),
    damage: (login: string, column: string, value: string | number) =>
      changeDatabase(file, (raw) =>
        raw.run(`UPDATE publish_activity_consent SET ${column} = @value WHERE login = @login`, { login, value }),
      ),
    close: () => {
      for (const store of stores) store.close();
      return rm(folder, { recursive: true, force: true });
    },
  });
}

describeConsents('SQLite', open);
describeConsentRows('SQLite', open);

describe('The SQLite consents', () => {
  it('come to a ledger of version 4, and keep what is in it', async () => {
    const { file, connect, consents, close } = await open();
    const ledger = openSqlLedger(connect(), 'sqlite');
    const id = await ledger.accept(request(1, 5), leaseOf('run'), NEVER);
    await changeDatabase(file, (old) =>
      old.exec(
        'DROP TABLE publish_activity_consent; ALTER TABLE publish_activity_grant DROP COLUMN groupware; ' +
          'DELETE FROM publish_activity_schema WHERE version >= 5',
      ),
    );
    expect(await consents.consents(NEVER)).toEqual([]);
    expect(await ledger.requests({}, 10, NEVER)).toMatchObject([{ id, state: 'accepted' }]);
    await changeDatabase(file, (raw) => {
      const newest = raw.all('SELECT MAX(version) AS newest FROM publish_activity_schema');
      expect(newest).toEqual([{ newest: NEWEST_VERSION }]);
    });
    await close();
  });
});
