// Whatever a row of the CRM holds (NULLs, hostile text, relations that lead nowhere), a post makes sense or is refused in words.

import * as fc from 'fast-check';
import { activityQuery } from '../../src/clarify/activity-query';
import { openActivityReader } from '../../src/clarify/activity-reader';
import { objectTypes, type ObjectType } from '../../src/clarify/object-types/index';
import { ACTIVITY_NAMES, wordingOf, WORDINGS } from '../../src/clarify/wording';
import { compose } from '../../src/core/compose';
import { startDeadline } from '../../src/core/deadline';
import type { Database, Row } from '../../src/io/database';
import { makeTemplates } from '../../src/io/template';
import { urlOf } from '../../src/core/web-address';

const { render } = makeTemplates();
const OBJID = 268_435_457;
const ACTIVITY = 268_435_999;

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      '   ',
      '{{ title }}',
      '{% raw %}',
      ']]></message>',
      '<script>alert(1)</script>',
      '\u0000\u001b[2J\u202e',
      '\ud800',
      'x'.repeat(100_000),
      '1753-01-01T00:00:00',
      '2999-01-01T00:00:00',
      '2010-06-31T25:61:00',
      '-1',
    ),
  },
  fc.integer(),
);

/** A row as the statement of a type answers it: any value in every column, and the ids that make it the wanted one. */
function rowOf(type: ObjectType): fc.Arbitrary<Row> {
  const { text } = activityQuery(type, { activityObjids: [ACTIVITY] });
  const columns = [...(text.split('\n')[0] ?? '').matchAll(/ AS \[?(\w+)\]?(?=,|$)/g)].map(([, name = '']) => name);
  expect(columns.length).toBeGreaterThan(20);
  return fc.tuple(...columns.map(() => value)).map((values) => ({
    ...Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null])),
    object_objid: OBJID,
    activity_objid: ACTIVITY,
  }));
}

describe('a row with anything in it', () => {
  it.each(objectTypes.map((type) => [type.name, type] as const))(
    'of a %s gives a sensible post, or none',
    async (_name, type) => {
      await fc.assert(
        fc.asyncProperty(
          rowOf(type),
          fc.constantFrom(...WORDINGS),
          fc.constantFrom('', 'SLA {{ rule }}'),
          async (row, wordings, rule) => {
            const database: Database = {
              query: () => Promise.resolve([row]),
              columnsOf: () => Promise.resolve(new Map()),
              close: () => undefined,
            };
            const deadline = startDeadline(5_000, () => 0);
            const request = { objectType: type.name, objid: OBJID, activityObjid: ACTIVITY, rule };
            const reading = await openActivityReader(database).read(type, request, { since: '', until: '' }, deadline);
            deadline.end();
            if (reading.kind !== 'found')
              return expect([
                ['internal', `activity ${ACTIVITY} is an internal note`],
                ['absent', `the note or call of activity ${ACTIVITY} is not there, so it may be internal`],
              ]).toContainEqual([reading.kind, reading.reason]);
            const composition = {
              ...type,
              wording: wordingOf(type, wordings),
              changes: {},
              activityNames: ACTIVITY_NAMES,
              agentUrl: 'http://server/dovetail',
              tags: [],
              routing: { routes: [], take: 'first', rules: {}, destinations: ['stream'] },
              placeholders: [],
              locale: 'en-GB',
              timeZone: 'America/Chicago',
              nowMs: 0,
            } as const;
            const [post] = compose(reading.activity, request, composition, render);
            if (post === undefined) throw new Error('there is no post');
            const { title, url, fields, happened } = post.message;
            expect(title.trim()).not.toBe('');
            expect(url === '' || urlOf(url) !== undefined).toBe(true);
            expect(fields.every((field) => field.value.trim() !== '')).toBe(true);
            expect(happened.wallClock).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
          },
        ),
        { numRuns: 150 },
      );
    },
  );
});
