// Every argument list of the sample, as rules pass them, and the search for what is internal in everything that comes of them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCompany, type Company } from '../support/company';

interface Sample {
  readonly _about: { readonly expected: readonly { readonly argv: readonly string[]; readonly note: string }[] };
  readonly [table: string]: unknown;
}
type Rows = readonly Readonly<Record<string, string | number | null>>[];

const sample = JSON.parse(readFileSync(join(__dirname, '..', '..', 'sample', 'clarify-sample.json'), 'utf8')) as Sample;

/** What each list comes to: the title of the post, or the exit code of the refusal. */
const OUTCOMES: Readonly<Record<string, string | number>> = {
  'case create by a contact through self service': "Created Case for Nora O'Dell at Calder & Sons, Dock 3",
  'close; title holds non-ASCII, < > and ]]>': 'Close for Jürg Ammann at Seefeld Pharma Zürich',
  'note with proxy (real author pmorales) and internal text that must not be published':
    "Notes for Nora O'Dell at Calder & Sons, Dock 3",
  'whole note internal: publish nothing of its text': 0,
  'empty title and no contact': 'Dispatch at Seefeld Pharma Zürich',
  'custom code without a list element': 'Activity 94001 at Seefeld Pharma Zürich',
  'public solution': 'New Solution: Reset procedure for FLM-200 after power loss',
  'duplicate of act_entry 2 on the parent case': 'Subcase 4711-1 created by Paula Morales',
  'unquoted type with a blank': 'Part Request PR88-1 created by Dirk Keller',
  'commas left in by a rule author': 'Change Request CR-15 fixed by Dirk Keller',
  'expiry escalation, property unresolved by Amdocs RuleManager':
    'Contract C-77 (Gold support, Seefeld Pharma) expires on 30 June 2010',
  'trailing ampersand': 'Action Item AI-9 created by Paula Morales',
  'product revision: no activity row exists': 'Product Revision FLM-200 B',
  'stock 8 below reorder level 10': 'Stock of FLM-200 A in A-01: 8 on hand, reorder level 10',
  'private solution (public_ind 0)': 'New Solution: Internal: batch with faulty capacitor',
};

/** Texts that must never leave: internal columns, and whatever holds the text of a note that is internal as a whole. */
function internalTexts(): readonly string[] {
  const tables = Object.entries(sample).filter(([name]) => name !== '_about') as [string, Rows][];
  const rows = tables.flatMap(([, content]) => content);
  const internal = rows.map((row) => row['internal']);
  const notes = (sample['table_notes_log'] as Rows).filter((row) => row['x_is_internal'] === 1);
  const entries = (sample['table_act_entry'] as Rows).filter((entry) =>
    notes.some((note) => note['objid'] === entry['act_entry2notes_log']),
  );
  const hidden = [...internal, ...notes.map((note) => note['description']), ...entries.map((entry) => entry['addnl_info'])];
  return [...new Set(hidden.filter((text): text is string => typeof text === 'string' && text !== ''))];
}

describe('the argument lists of the sample', () => {
  let company: Company;
  const printed: string[] = [];
  beforeAll(async () => {
    company = await startCompany();
  });
  afterAll(() => company.close());

  it.each(sample._about.expected.map(({ argv, note }) => [note, argv] as const))('%s', async (note, argv) => {
    const before = company.socialcast.posts.length;
    const run = await company.run([...argv, '--verbose']);
    printed.push(run.stdout, run.stderr, (await company.run([...argv, '--dry-run'])).stdout);
    const outcome = OUTCOMES[note];
    expect(run.code).toBe(typeof outcome === 'number' ? outcome : 0);
    expect(company.socialcast.posts.slice(before).map((post) => post.title)).toEqual(
      typeof outcome === 'string' ? [outcome] : [],
    );
  });

  it('bring nothing internal into any request, output or log', () => {
    const texts = internalTexts();
    expect(texts.length).toBeGreaterThanOrEqual(3);
    const everything = [
      ...printed,
      ...company.socialcast.requests.map((request) => request.body),
      JSON.stringify(company.log()),
    ].join('\n');
    expect(everything).toContain("Created Case for Nora O'Dell");
    expect(texts.filter((text) => everything.includes(text))).toEqual([]);
  });
});
