import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { NEWEST_VERSION } from '../../src/ledger/schema';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { leaseOf, request } from '../support/ledger';
import { changeDatabase, temporaryFolder } from '../support/sample';
import { describeLedger } from './suite';

function open() {
  const folder = temporaryFolder();
  const file = join(folder, 'ledger.sqlite');
  const handles: { close(): void }[] = [];
  const connect = () => {
    const handle = openSqlLedger(openSqliteStore(file), 'sqlite');
    handles.push(handle);
    return handle;
  };
  return Promise.resolve({
    file,
    ledger: connect(),
    another: () => Promise.resolve(connect()),
    close: () => {
      for (const handle of handles) handle.close();
      return rm(folder, { recursive: true, force: true });
    },
  });
}

describeLedger('SQLite', open);

const NEVER = new AbortController().signal;

describe('The tables of the SQLite ledger', () => {
  it('are refused where a newer program made them', async () => {
    const { file, ledger, close } = await open();
    await ledger.counts(NEVER);
    const store = openSqliteStore(file);
    await store.execute(
      [
        {
          text: 'UPDATE [publish_activity_schema] SET [version] = @newer WHERE [version] = @newest',
          parameters: { newer: NEWEST_VERSION + 1, newest: NEWEST_VERSION },
        },
      ],
      NEVER,
    );
    const old = openSqlLedger(store, 'sqlite');
    await expect(old.accept(request(1, 5), leaseOf('run'), NEVER)).rejects.toMatchObject({
      name: 'DatabaseError',
      problem: 'configuration',
      message:
        `the ledger is of version ${NEWEST_VERSION + 1}, and this program knows none after ${NEWEST_VERSION}; ` +
        'use the publish-activity that wrote it, or a newer one',
    });
    old.close();
    await close();
  });

  it('of the first version are brought up to date, with what is in them', async () => {
    const { file, ledger, close } = await open();
    const dump = readFileSync(join(__dirname, '..', 'support', 'ledger-of-version-1.sql'), 'utf8');
    writeFileSync(file, '');
    await changeDatabase(file, (old) => old.exec(dump));
    const [kept] = await ledger.requests({ states: ['accepted'] }, 10, NEVER);
    expect(kept?.request).not.toHaveProperty('occurrence');
    expect(await ledger.watched('stocking_level', [1], NEVER)).toEqual([]);
    await ledger.watch([{ objectType: 'stocking_level', objid: 1, state: 'above:0' }], leaseOf('run'), NEVER);
    expect(await ledger.watched('stocking_level', [1], NEVER)).toHaveLength(1);
    expect(await ledger.deliveries({}, 10, NEVER)).toHaveLength(2);
    await close();
  });

  it('are tried again after a failure', async () => {
    const { file, ledger, close } = await open();
    const store = openSqliteStore(file);
    await store.execute([{ text: 'CREATE TABLE [publish_activity_request] ([id] INT)', parameters: {} }], NEVER);
    await expect(ledger.accept(request(1, 5), leaseOf('run'), NEVER)).rejects.toThrow('already exists');
    await store.execute([{ text: 'DROP TABLE [publish_activity_request]', parameters: {} }], NEVER);
    expect(await ledger.accept(request(1, 5), leaseOf('run'), NEVER)).toMatch(/^[0-9a-f]{32}$/);
    store.close();
    await close();
  });
});
