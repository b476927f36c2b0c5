import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { schemaText, SCHEMA_FILE } from '../../scripts/make-schema';
import { configSchema } from '../../src/config/schema';
import { object, required, text } from '../../src/core/shape';
import { changed, readFrom, sample, temporaryFolder, types, write } from './configuration';

const folder = temporaryFolder();
let count = 0;

// The validator knows the drafts up to 7, whose words are the only ones that the schema uses.
const schema = changed(
  configSchema({ destinations: types, groupware: { folder: object({ folder: required(text(), 'The folder.') }) } }),
  { $schema: undefined },
) as object;
const validate = new Ajv({ allErrors: true }).compile(schema);

async function acceptedByCheck(value: unknown): Promise<boolean> {
  count += 1;
  const { config } = await readFrom(write(join(folder, `c${count}.json`), JSON.stringify(value)));
  return config().then(
    () => true,
    () => false,
  );
}

describe('The JSON Schema', () => {
  it.each<[boolean, Readonly<Record<string, unknown>>]>([
    [true, {}],
    [true, { tags: undefined, deadline: undefined, $schema: undefined }],
    [true, { tags: ['#a', 'b'] }],
    [false, { tags: ['a b'] }],
    [false, { tags: 'a' }],
    [false, { tgs: [] }],
    [false, { clarify: undefined }],
    [false, { 'clarify.agentUrl': 'server' }],
    [true, { 'clarify.agentUrl': 'HTTPS://server/' }],
    [false, { 'clarify.timeZone': '' }],
    [true, { 'clarify.publicSolutionsOnly': true }],
    [false, { 'clarify.publicSolutionsOnly': 'true' }],
    [true, { 'clarify.database': { type: 'sqlite', file: 'crm.sqlite' } }],
    [false, { 'clarify.database': { type: 'sqlite', file: 'crm.sqlite', server: 'x' } }],
    [false, { 'clarify.database': { file: 'crm.sqlite' } }],
    [true, { 'clarify.database': { type: 'sqlserver', connectionString: 'Server=a;Database=b;uid=c;pwd=d' } }],
    [
      false,
      { 'clarify.database': { type: 'sqlserver', connectionString: 'Server=a;Database=b;uid=c;pwd=d', minTlsVersion: '1' } },
    ],
    [false, { 'clarify.database': { type: 'sqlserver', connectionString: 'Server=a;Database=b;uid=c;pwd=d', port: 1433 } }],
    [false, { 'clarify.database.connectionString': 'Server=a;Database=b;uid=c;pwd=d' }],
    [false, { 'clarify.database.password': undefined }],
    [false, { 'clarify.database.password': 12345 }],
    [false, { 'clarify.database.password': { env: 'CLARIFY_PASSWORD', file: 'x' } }],
    [true, { 'clarify.database.password': 'in the file' }],
    [false, { 'clarify.database.port': 65_536 }],
    [true, { 'clarify.database.instance': 'CRM' }],
    [false, { destinations: {} }],
    [true, { 'destinations.feed': { type: 'feed', folder: 'x' } }],
    [false, { 'destinations.feed': { type: 'feed' } }],
    [false, { 'destinations.feed': { type: 'fead', folder: 'x' } }],
    [false, { 'destinations.socialcast.folder': 'x' }],
    [false, { 'destinations.a b': { type: 'feed', folder: 'x' } }],
    [true, { deadline: ' 1.5 s ' }],
    [false, { deadline: 10 }],
    [false, { deadline: '10' }],
    [true, { log: false }],
    [false, { log: true }],
    [true, { log: 'a.log' }],
    [true, { log: { file: 'a.log', maxSize: '1MB', keep: 0 } }],
    [false, { log: { maxSize: '1mb' } }],
    [false, { log: { kep: 1 } }],
    [true, { templates: { case: { '*': { title: 'x', body: '', link: 'y' } } } }],
    [false, { templates: { case: { '*': { titel: 'x' } } } }],
    [false, { templates: { case: { '*': 'x' } } }],
  ])('and the check both say %s to the sample with %j', async (expected, changes) => {
    const value = JSON.parse(JSON.stringify(changed(sample, changes))) as unknown;
    expect({ schema: validate(value), check: await acceptedByCheck(value) }).toEqual({ schema: expected, check: expected });
  });

  it('describes every key', () => {
    const silent: string[] = [];
    const look = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, child] of Object.entries(node)) {
        // `false` says that the key of another form does not belong here.
        if (path.endsWith('/properties') && child !== false && !('description' in child) && !('const' in child))
          silent.push(`${path}/${key}`);
        look(child, `${path}/${key}`);
      }
    };
    // An environment variable's name and a file's path in a secret explain themselves.
    look(schema, '');
    expect(silent.filter((path) => !/\/properties\/(env|file)$/.test(path))).toEqual([]);
  });

  it('that is shipped is the one of this program', async () => {
    expect(readFileSync(join(__dirname, '..', '..', SCHEMA_FILE), 'utf8')).toBe(await schemaText());
  });
});
