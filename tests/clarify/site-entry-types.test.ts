import { entryTypes } from '../../src/clarify/entry-types';
import { entryTypesOfSite, problemsOfSiteKinds } from '../../src/clarify/site-entry-types';
import { siteKindsShape, type SiteKinds } from '../../src/config/entry-types';
import type { Problem } from '../../src/core/shape';
import { makeTemplates } from '../../src/io/template';
import { VISIT as visit } from '../support/visit';

/** The kinds of a configuration, and what is wrong with them. */
function check(raw: unknown): { readonly site: SiteKinds; readonly problems: readonly string[] } {
  const found: Problem[] = [];
  const source = { env: {}, resolvePath: (path: string) => path, readFile: () => '', problems: found, secrets: [] };
  const site = siteKindsShape().parse(raw, { path: [], source }) ?? {};
  const problems = found.map(({ path, message }) => `${path.join('.')}: ${message}`);
  problemsOfSiteKinds(site, makeTemplates().check, (path, message) => problems.push(`${path.join('.')}: ${message}`));
  return { site, problems };
}

describe('the kinds of a site', () => {
  it('are those of the program where it says nothing', () => {
    expect(check({})).toEqual({ site: {}, problems: [] });
    expect(entryTypesOfSite({})).toEqual(entryTypes);
  });

  it('pass their own checks as the program brings them along', () => {
    expect(check(Object.fromEntries(entryTypes.map(({ name }) => [name, {}]))).problems).toEqual([]);
  });

  it('gain one of its own, which is never made or deleted', () => {
    const { site, problems } = check({ visit });
    expect(problems).toEqual([]);
    const own = entryTypesOfSite(site).at(-1);
    expect(own).toMatchObject({ name: 'visit', typeName: 'visit', kind: 'event', idColumn: 'objid', isOwn: true, link: '' });
    expect(own?.required).toEqual(['x_title', 'x_visit2site.name', 'x_remarks']);
    expect(own?.insert).toBeUndefined();
  });

  it('gain fields and lengths, lose what may be written, and keep the rest', () => {
    const { site, problems } = check({
      appointment: {
        place: '{{ city }}',
        fields: { city: 'appt2case.case_reporter2site.region' },
        writable: ['time'],
        longest: { subject: 60 },
      },
      dispatch: { owner: 'disptchfe2case.case_owner2user.login_name' },
      phone_log: { off: true },
    });
    expect(problems).toEqual([]);
    const types = entryTypesOfSite(site);
    expect(types.map(({ name }) => name)).toEqual(['appointment', 'dispatch', 'action_item', 'commitment', 'contact']);
    const [appointment, dispatch] = types;
    expect(appointment).toMatchObject({ writable: ['time'], longest: { subject: 60 }, isOwn: false, begin: 'start_time' });
    expect(appointment?.insert).toEqual(entryTypes[0]?.insert);
    expect(dispatch).toMatchObject({ owner: 'disptchfe2case.case_owner2user.login_name', table: 'table_disptchfe' });
  });

  it('are not made where somebody says otherwise whose they are', () => {
    const [appointment] = entryTypesOfSite(check({ appointment: { owner: 'appt2case.case_owner2user.login_name' } }).site);
    expect(appointment?.insert).toBeUndefined();
  });

  it.each([
    [
      { visit: {} },
      [
        'visit.becomes: is missing: event or task',
        'visit.table: is missing',
        'visit.subject: is missing',
        'visit.owner: is missing',
        'visit.begin: is missing',
        'visit.end: is missing',
      ],
    ],
    [{ visit: { becomes: 'task', table: 'table_x_visit', subject: 'x', owner: 'o2user.login_name' } }, ['visit.end: is missing']],
    [{ visit: { ...visit, begin: 'x from', writable: [] } }, ['visit.begin: does not end in the name of a column']],
    [{ visit: { ...visit, table: 'x; DROP' } }, ['visit.table: "x; DROP" is not the name', 'visit.table: is missing']],
    [
      { visit: { ...visit, subject: '{{ titel }}' } },
      ['visit.subject: {{ titel }} is no placeholder; did you mean title?', 'visit.writable: subject is not'],
    ],
    [{ visit: { ...visit, link: '{% if %}' } }, ['visit.link: is no valid template']],
    [{ visit: { ...visit, writable: ['place'] } }, ['visit.writable: place is not in a column of table_x_visit alone']],
    [{ visit: { ...visit, begin: 'x_visit2day.x_from' } }, ['visit.writable: time is not in a column']],
    [{ visit: { ...visit, end: 'x_status' } }, ['visit.writable: table_x_visit.x_status is never written']],
    [{ visit: { ...visit, alongside: ['x_condition'], stamp: 'x_visit2user' } }, ['visit.alongside: ', 'visit.stamp: ']],
    [{ visit: { ...visit, writable: ['colour'] } }, ['visit.writable.0: "colour" is none of']],
    [
      { visit: { ...visit, table: 'table_case', fields: { title: 'title' }, place: '' } },
      ['visit.writable: table_case.title is never written'],
    ],
    [
      { phone_log: { writable: ['time'] } },
      ['phone_log.writable: table_phone_log.creation_time', 'phone_log.writable: table_phone_log.stop_time'],
    ],
    [{ phone_log: { notes: 'notes' } }, ['phone_log.notes: leads to what may be internal']],
    [{ phone_log: { fields: { said: 'internal' } } }, ['phone_log.fields.said: leads to what may be internal']],
    [
      { action_item: { fields: { said: 'task2case.notes_log[case_notes2case].description' } } },
      ['action_item.fields.said: leads to'],
    ],
    [{ commitment: { writable: ['done'] } }, ['commitment.writable: table_commit_log.act_cmpltime is never written']],
    [{ commitment: { notes: 'cmit_history' } }, ['commitment.notes: leads to']],
    [{ appointment: { becomes: 'task' } }, ['appointment.becomes: cannot be changed: it is event']],
    [{ 'Visit!': visit }, ['Visit!: is not a name of at most 40 small letters']],
  ])('are refused: %j', (raw, wanted) => {
    const { problems } = check(raw);
    expect(problems).toHaveLength(wanted.length);
    for (const [index, words] of wanted.entries()) expect(problems[index]).toContain(words);
  });
});
