import { objectTypeNamed, objectTypes } from '../../src/clarify/object-types/index';
import { openScanReader, pageQuery } from '../../src/clarify/scan-reader';
import { typesOfSite } from '../../src/clarify/site-types';
import type { SiteTypes } from '../../src/config/object-types';
import { openSqliteDatabase } from '../../src/io/sqlite';
import { changedSample, sampleDatabase } from '../support/sample';

const NEVER = new AbortController().signal;

describe('What is watched', () => {
  it('is read with these statements', () => {
    expect(pageQuery(objectTypeNamed('product_revision'), []).text).toBe(
      'SELECT o.[objid] AS [objid]\nFROM [table_mod_level] o\nWHERE o.[objid] > @after ORDER BY o.[objid]',
    );
    expect(pageQuery(objectTypeNamed('stocking_level'), ['onHand', 'reorderLevel']).text).toBe(
      'SELECT o.[objid] AS [objid], o.[part_good_qoh] AS [onHand], o.[part_rol] AS [reorderLevel]\nFROM [table_part_auth] o\n' +
        'WHERE o.[objid] > @after ORDER BY o.[objid]',
    );
  });

  it('is read page by page', async () => {
    const database = openSqliteDatabase(sampleDatabase());
    const { revisions } = openScanReader(objectTypes, database);
    expect(await revisions(0, 1, NEVER)).toEqual([{ objid: 268435457 }]);
    expect(await revisions(268435457, 5, NEVER)).toEqual([{ objid: 268435458 }]);
    expect(await revisions(268435458, 5, NEVER)).toEqual([]);
    database.close();
  });

  it('has no amount where the CRM has none', async () => {
    const file = await changedSample((crm) => {
      crm.exec('INSERT INTO table_part_auth (objid, part_good_qoh, part_rol) VALUES (268435458, NULL, 4), (268435459, 0, NULL)');
    });
    const database = openSqliteDatabase(file);
    expect(await openScanReader(objectTypes, database).levels(0, 9, NEVER)).toEqual([
      { objid: 268435457, onHand: 8, reorderLevel: 10 },
      { objid: 268435458, reorderLevel: 4 },
      { objid: 268435459, onHand: 0 },
    ]);
    database.close();
  });

  it('is where the site says', async () => {
    const file = await changedSample((crm) => {
      crm.exec('ALTER TABLE table_part_auth ADD x_level INT');
      crm.exec('UPDATE table_part_auth SET x_level = 3');
    });
    const own = { stocking_level: { fields: { reorderLevel: 'x_level' } } } as unknown as SiteTypes;
    const database = openSqliteDatabase(file);
    expect(await openScanReader(typesOfSite(own), database).levels(0, 9, NEVER)).toEqual([
      { objid: 268435457, onHand: 8, reorderLevel: 3 },
    ]);
    database.close();
  });
});
