// A canary in every text of the CRM that is not on the allow-list of posts: none of them may ever come out, wherever one looks. What is kept
// in step has its own list, and its own test (canary-sync.test.ts).

import { activityQuery } from '../../src/clarify/activity-query';
import { objectTypes } from '../../src/clarify/object-types/index';
import { canariesIn, hiddenColumns, sampleWithCanaries, writtenBelow } from '../support/canary';
import { install, sampleConfig, type Installation } from '../support/program';
import { runHere } from '../support/program-here';
import { sampleRows } from '../support/sample';

/** What every post may read beside the fields of its object: who did it, and what the CRM calls the activity. */
const OF_EVERY_POST = [
  ...['first_name', 'last_name', 'e_mail'].map((column) => `table_employee.${column}`),
  ...['first_name', 'last_name'].map((column) => `table_contact.${column}`),
  'table_user.login_name',
  'table_act_entry.proxy',
  'table_act_entry.entry_time',
  'table_gbst_elm.title',
  'table_gbst_lst.title',
];

/** The columns that posts are made of, as the statements themselves name them. */
const allowed = new Set([
  ...OF_EVERY_POST,
  ...objectTypes
    .flatMap((type) => activityQuery(type, { activityObjids: [1] }).optional)
    .map(({ table, column }) => `${table}.${column}`),
]);

/** Every other column that holds a text. */
const hidden = hiddenColumns(allowed);

/** Every activity of the sample with the object that it belongs to, and every object alone. */
const requests = objectTypes.flatMap((type) => {
  const entries = sampleRows()['table_act_entry'] ?? [];
  const ownerOf = (entry: (typeof entries)[number]) =>
    Number(type.relation === undefined ? 0 : entry[type.relation]) ||
    (entry['focus_type'] === type.typeId ? Number(entry['focus_lowid']) : 0);
  const activities = entries.filter((entry) => ownerOf(entry) > 0).map((entry) => [ownerOf(entry), Number(entry['objid'])]);
  const alone = (sampleRows()[type.table] ?? []).slice(0, 1).map(({ objid }) => [Number(objid), 0]);
  return [...activities, ...alone].map(([objid, activity]) => [type.name, String(objid), String(activity)]);
});

describe('a text of the CRM that is not on the allow-list', () => {
  let program: Installation;
  const printed: string[] = [];

  const run = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await runHere(program, words);
    printed.push(stdout, stderr);
    return code;
  };

  beforeAll(async () => {
    const file = await sampleWithCanaries(hidden);
    const config = sampleConfig({ stream: { type: 'feed', folder: 'stream' }, program: savingProgram() });
    const clarify = { database: { type: 'sqlite', file }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' };
    program = install({ ...config, clarify });
  });

  it('is in every table where people write what is nobody else’s business', () => {
    const names = hidden.map(([table, column]) => `${table}.${column}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'table_notes_log.internal',
        'table_notes_log.description',
        'table_phone_log.internal',
        'table_email_log.message',
        'table_act_entry.addnl_info',
        'table_close_case.summary',
        'table_probdesc.description',
        'table_contact.phone',
        'table_interact.phone',
      ]),
    );
  });

  it('comes out nowhere: in no post, output, log or ledger', async () => {
    for (let start = 0; start < requests.length; start += 4) {
      await Promise.all(
        requests.slice(start, start + 4).map(async (words) => {
          // 75 where an earlier activity of the same object was still on its way.
          expect([0, 75]).toContain(await run(...words, '--verbose', '--json'));
        }),
      );
      await run(...(requests[start] ?? []), '--dry-run');
      await run('show', ...(requests[start] ?? []));
    }
    await run('list', '--json');
    await run('status');
    await run('scan');
    await run('why', 'case', '268435457', '268435462');
    expect(await run('rerun', '--verbose')).toBe(0);
    const everything = [...printed, ...writtenBelow(program.folder)].join('\n');
    expect(everything).toContain('Case 4711');
    expect(everything).toContain('Contract C-77');
    expect(canariesIn(everything)).toEqual([]);
  }, 60_000);
});

/** A destination that writes down all it is told. */
function savingProgram(): object {
  const script = "const fs = require('node:fs'); fs.appendFileSync('told.json', fs.readFileSync(0));";
  return { type: 'exec', command: process.execPath, args: ['-e', script], timeLimit: '9s' };
}
