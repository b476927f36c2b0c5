// A kind of a site's own, from its configuration to the database.

import { entryTypesOfSite } from '../../../src/clarify/site-entry-types';
import { siteKindsShape } from '../../../src/config/entry-types';
import { DAY, FIRST, itemAt, NEVER, NOON, openDesk } from '../../support/entries';
import { changeDatabase, sampleOfDay } from '../../support/sample';
import { VISIT } from '../../support/visit';

const source = { env: {}, resolvePath: (path: string) => path, readFile: () => '', problems: [], secrets: [] };
const types = entryTypesOfSite(siteKindsShape().parse({ visit: VISIT }, { path: [], source }) ?? {});

describe("a site's own kind", () => {
  const file = () => {
    const made = sampleOfDay(DAY);
    return changeDatabase(made, (crm) => {
      crm.exec(
        'CREATE TABLE table_x_visit (objid INTEGER PRIMARY KEY, x_title VARCHAR(10), x_from DATETIME, x_to DATETIME, x_remarks TEXT, x_visit2user INTEGER, x_visit2site INTEGER)',
      );
      crm.exec(
        `INSERT INTO table_x_visit VALUES (${FIRST + 1}, 'Tower 7', '2026-12-01T09:00:00', '2026-12-01T10:00:00', 'Bring rope', ${FIRST + 5}, ${FIRST + 1})`,
      );
    }).then(() => made);
  };

  it.each(['sqlite', 'sqlserver'] as const)('is read and written by the same code, over %s', async (engine) => {
    const desk = await openDesk(await file(), engine, { types, reader: { types, notes: ['visit'] } });
    try {
      const seen = await itemAt(desk.reader, 'visit', 1);
      expect((await desk.reader.ofUser('agent1', NOON, NEVER)).filter(({ type }) => type === 'visit')).toEqual([seen]);
      expect(seen).toMatchObject({
        kind: 'event',
        entry: { subject: 'Tower 7', place: 'Calder & Sons, Dock 3', notes: 'Bring rope' },
        writable: ['subject', 'time', 'notes'],
      });
      const entry = { ...seen.entry, subject: 'Tower number 8' };
      const outcome = await desk.writer.update(seen, entry, ['subject'], NOON, NEVER);
      expect(outcome).toMatchObject({
        kind: 'done',
        item: { entry: { subject: 'Tower num…' } },
        writes: [{ column: 'x_title' }],
      });
      expect(await desk.writer.delete(seen, NEVER)).toMatchObject({ kind: 'rejected' });
      expect(desk.writer.creates).toEqual({ event: 'appointment', task: 'action_item' });
    } finally {
      await desk.close();
    }
  });

  it.each([
    ['its table', 'DROP TABLE table_x_visit'],
    ['a column that the site wrote down', 'ALTER TABLE table_x_visit DROP COLUMN x_remarks'],
  ])('has to have %s', async (_, statement) => {
    const made = await file();
    await changeDatabase(made, (crm) => crm.exec(statement));
    const desk = await openDesk(made, 'sqlite', { types, reader: { types, notes: ['visit'] } });
    await expect(desk.reader.ofUser('agent1', NOON, NEVER)).rejects.toThrow(/no such (table|column)/);
    await desk.close();
  });
});
