import { LONGEST_TEXT, withShortTexts } from '../../src/clarify/short-texts';
import type { Database, Row } from '../../src/io/database';
import { startCompany } from '../support/company';
import { CASE } from '../support/failures';
import { changedSample } from '../support/sample';

const FAMILY = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}';

async function read(row: Row): Promise<Row | undefined> {
  const database: Database = {
    query: () => Promise.resolve([row]),
    columnsOf: () => Promise.resolve(new Map()),
    close: () => undefined,
  };
  const [read] = await withShortTexts(database).query({ text: '', parameters: {} }, new AbortController().signal);
  return read;
}

describe('a text of the CRM', () => {
  it.each<[string, string | number | null, string | number | null]>([
    ['stays as it is', 'Meter reads 0', 'Meter reads 0'],
    ['stays as it is up to the limit', 'x'.repeat(LONGEST_TEXT), 'x'.repeat(LONGEST_TEXT)],
    ['is cut beyond it', 'x'.repeat(LONGEST_TEXT + 1), `${'x'.repeat(LONGEST_TEXT - 1)}…`],
    ['is cut before a character that does not fit', 'x'.repeat(LONGEST_TEXT - 5) + FAMILY, `${'x'.repeat(LONGEST_TEXT - 5)}…`],
    ['is cut before an accent that does not fit', `${'x'.repeat(LONGEST_TEXT - 2)}e\u0301yz`, `${'x'.repeat(LONGEST_TEXT - 2)}…`],
    ['that ends in half a character ends in U+FFFD', 'x\uD83D', 'x\uFFFD'],
    ['is no number', 268435457, 268435457],
    ['may be missing', null, null],
  ])('%s', async (_, text, expected) => {
    expect(await read({ text })).toEqual({ text: expected });
  });

  it('of ten million characters is posted, cut', async () => {
    const databaseFile = await changedSample((crm) =>
      crm.run('UPDATE table_case SET title = @title WHERE objid = 268435457', { title: ']]>\u0001-\n'.repeat(1_700_000) }),
    );
    const company = await startCompany({ databaseFile });
    try {
      expect(await company.run(CASE)).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.stringify(company.socialcast.posts).length).toBeLessThan(3 * LONGEST_TEXT);
      expect(company.socialcast.posts).toMatchObject([
        { body: expect.stringMatching(/^Case Title: \]\]>.*… #dovetailCRM$/s) as string },
      ]);
      expect(await company.run(['show', ...CASE])).toMatchObject({ code: 0 });
    } finally {
      await company.close();
    }
  }, 30_000);
});
