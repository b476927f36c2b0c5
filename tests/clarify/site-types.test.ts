import type { SiteTypes } from '../../src/config/object-types';
import { siteTypesShape } from '../../src/config/object-types';
import { problemsOfSiteTypes, typesOfSite } from '../../src/clarify/site-types';
import { objectTypes } from '../../src/clarify/object-types/index';
import type { Problem } from '../../src/core/shape';
import { install, sampleConfig, type Installation } from '../support/program';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The object types of a configuration, and what is wrong with them. */
function check(raw: unknown): { readonly site: SiteTypes; readonly problems: readonly string[] } {
  const found: Problem[] = [];
  const source = { env: {}, resolvePath: (path: string) => path, readFile: () => '', problems: found, secrets: [] };
  const site = siteTypesShape().parse(raw, { path: [], source }) ?? {};
  const problems = found.map(({ path, message }) => `${path.join('.')}: ${message}`);
  problemsOfSiteTypes(site, ['rerun', 'alert'], (path, message) => problems.push(`${path.join('.')}: ${message}`));
  return { site, problems };
}

const tower = {
  typeName: 'Tower',
  aliases: ['mast'],
  typeId: 2001,
  table: 'table_x_tower',
  fields: { id: 'x_number', title: 'x_name' },
};

describe('the object types of a site', () => {
  it('are those of the program where it says nothing', () => {
    expect(typesOfSite({})).toBe(objectTypes);
  });

  it('gain its own, which read in sentences', () => {
    const { site, problems } = check({ tower });
    expect(problems).toEqual([]);
    const own = typesOfSite(site).find(({ name }) => name === 'tower');
    expect(own).toMatchObject({
      typeName: 'Tower',
      aliases: ['tower', 'mast'],
      idColumn: 'objid',
      required: ['id', 'title'],
      link: '',
    });
    expect(own?.wording['600']?.title).toContain('created');
  });

  it('gain fields, which every row must then have, and keep the rest', () => {
    const { site, problems } = check({
      case: { fields: { region: 'case_reporter2site.region' }, shown: { region: 'Region' }, link: '' },
    });
    expect(problems).toEqual([]);
    const [before, after] = [objectTypes, typesOfSite(site)].map((types) => types.find(({ name }) => name === 'case'));
    expect(after).toMatchObject({ typeName: 'Case', link: '', table: before?.table, required: ['id', 'title', 'region'] });
    expect(after?.fields).toEqual({ ...before?.fields, region: 'case_reporter2site.region' });
    expect(Object.keys(after?.shown ?? {}).at(-1)).toBe('region');
  });

  it.each([
    [{ tower: { ...tower, table: undefined } }, 'tower.table: is missing'],
    [
      { tower: { ...tower, typeId: undefined } },
      'tower.relation: is missing; without it and without a typeId, no activity can be found',
    ],
    [
      { tower: { ...tower, fields: { title: 'x_name' } } },
      'tower.fields.id: is missing: the column with the id that people know',
    ],
    [{ tower: { ...tower, fields: { id: 'x_number' } } }, 'tower.fields.title: is missing: the column with the title'],
    [{ tower: { ...tower, fields: { ...tower.fields, x: 'a b' } } }, 'tower.fields.x: does not end in the name of a column'],
    [{ tower: { ...tower, fields: { ...tower.fields, x: '?.name' } } }, 'tower.fields.x: has a step that is none: ?'],
    [{ tower: { ...tower, aliases: ['Change-Request'] } }, 'tower.aliases: "Change-Request" means something else already'],
    [{ tower: { ...tower, aliases: ['rerun'] } }, 'tower.aliases: "rerun" means something else already'],
    [{ alert: tower }, 'alert.aliases: "alert" means something else already'],
    [{ tower: { ...tower, typeId: 24 } }, 'tower.typeId: 24 is the number of another object type'],
    [{ tower: { ...tower, table: 'x; DROP' } }, 'tower.table: "x; DROP" is not the name of a table, a view or a column'],
    [{ Tower: tower }, 'Tower: is not a name of at most 40 small letters, digits and _'],
  ])('are refused: %j', (raw, problem) => {
    expect(check(raw).problems).toContainEqual(expect.stringContaining(problem));
  });
});

describe('a rule for an object type of the site', () => {
  /** A tower is an inventory location of the sample, to which nobody ever gave activities. */
  const location = {
    typeName: 'Warehouse',
    aliases: ['stock room'],
    typeId: 228,
    table: 'table_inv_locatn',
    fields: { id: 'location_name', title: 'location_descr' },
    link: 'https://stock/{{ id | path_part }}',
  };
  const withTypes = (objectTypesOfSite: object): Installation => {
    const config = sampleConfig({ stream: { type: 'feed', folder: 'stream' } }) as { readonly clarify: object };
    return install({ ...config, clarify: { ...config.clarify, objectTypes: objectTypesOfSite } });
  };

  it('posts, by whatever name it is called', async () => {
    const program = withTypes({ warehouse: location });
    expect(await program.run(['Stock', 'Room', '268435457', '0', '--rule', 'Check'])).toMatchObject({ code: 0, stderr: '' });
    const feed = readFileSync(join(program.folder, 'stream', 'feed.atom'), 'utf8');
    expect(feed).toContain('<title type="text">Check: Warehouse AUS-MAIN</title>');
    expect(feed).toContain('href="https://stock/AUS-MAIN"');
    expect(await program.run(['Stock Rom', '1', '2'])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean stock room'),
    });
  });

  it('tells of a column that is not there', async () => {
    const program = withTypes({ warehouse: { ...location, fields: { ...location.fields, colour: 'x_colour' } } });
    expect(await program.run(['warehouse', '268435457', '0'])).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('x_colour'),
    });
  });

  it('is refused without a look at the configuration where nobody has such a type', async () => {
    const program = withTypes({});
    expect(await program.run(['Zeppelin', '1', '2'])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('no object type is called "Zeppelin"'),
    });
  });
});
