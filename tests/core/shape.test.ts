import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import {
  certificateFile,
  choice,
  duration,
  either,
  fileText,
  filePath,
  flag,
  httpUrl,
  integer,
  lazily,
  list,
  object,
  optional,
  readDuration,
  record,
  refine,
  problem,
  required,
  secret,
  secretUrl,
  size,
  spellDuration,
  text,
  textAs,
  variant,
  withDefault,
  type Shape,
  type Source,
} from '../../src/core/shape';

const folder = mkdtempSync(join(tmpdir(), 'shape-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return name;
};

function check<T>(shape: Shape<T>, raw: unknown, env: Source['env'] = {}) {
  const source: Source = {
    env,
    resolvePath: (path) => resolve(folder, path),
    readFile: (path) => readFileSync(path, 'utf8'),
    problems: [],
    secrets: [],
  };
  const value = shape.parse(raw, { path: ['key'], source });
  return { value, source, problems: source.problems.map(({ path, message }) => `${path.join('.')}: ${message}`) };
}

describe('A plain kind of value', () => {
  it.each<[string, Shape<unknown>, unknown, unknown]>([
    ['text', text(), 'a b', 'a b'],
    ['a word', choice(['feed', 'socialcast']), 'feed', 'feed'],
    ['a flag', flag(), false, false],
    ['a number at its lower bound', integer(1, 65_535), 1, 1],
    ['a number at its upper bound', integer(1, 65_535), 65_535, 65_535],
    ['a text that is read', textAs((tag) => tag.slice(1), 'a tag'), '#x', 'x'],
    ['an empty text that is read', textAs((tag) => tag, 'a tag'), '', ''],
    ['ms', duration(500, 600_000), '500ms', 500],
    ['seconds with blanks', duration(500, 600_000), ' 10 s ', 10_000],
    ['a part of a second', duration(500, 600_000), '1.5s', 1_500],
    ['minutes', duration(500, 600_000), '10m', 600_000],
    ['a size', size(1024, 1024 ** 3), '10MB', 10_485_760],
    ['bytes', size(1024, 1024 ** 3), '1024 B', 1024],
    ['an address', httpUrl(), 'http://server/dovetail', 'http://server/dovetail'],
    ['an address with slashes at its end', httpUrl(), ' HTTPS://Server:8443/Agent// ', 'HTTPS://Server:8443/Agent'],
    ['a path', filePath(), 'a.pem', join(folder, 'a.pem')],
  ])('accepts %s', (_, shape, raw, expected) => {
    const { value, problems } = check(shape, raw);
    expect(problems).toEqual([]);
    expect(value).toBe(expected);
  });

  it.each<[Shape<unknown>, unknown, string]>([
    [text(), ' ', 'is empty'],
    [text(), 2010, '2010 is not a text; put it into quotes'],
    [text(), {}, 'an object is not a text'],
    [text(), [], 'a list is not a text'],
    [choice(['feed', 'socialcast']), 'feeed', '"feeed" is none of feed, socialcast; did you mean feed?'],
    [choice(['feed', 'socialcast']), 7, '7 is none of feed, socialcast'],
    [flag(), 'true', '"true" is neither true nor false'],
    [flag(), 0, '0 is neither true nor false'],
    [integer(1, 65_535), 0, '0 is not a whole number from 1 to 65535'],
    [integer(1, 65_535), 65_536, '65536 is not a whole number from 1 to 65535'],
    [integer(1, 65_535), 1.5, '1.5 is not a whole number from 1 to 65535'],
    [integer(1, 65_535), '1433', '"1433" is not a whole number from 1 to 65535'],
    [duration(500, 600_000), '499ms', '"499ms" is not a duration such as "10s", from 500ms to 10m'],
    [duration(500, 600_000), '11m', '"11m" is not a duration such as "10s", from 500ms to 10m'],
    [duration(500, 600_000), 10, '10 is not a duration such as "10s", from 500ms to 10m'],
    [duration(500, 600_000), '10', '"10" is not a duration such as "10s", from 500ms to 10m'],
    [size(1024, 1024 ** 3), '1B', '"1B" is not a size such as "10MB", from 1KB to 1GB'],
    [size(1024, 1024 ** 3), '2GB', '"2GB" is not a size such as "10MB", from 1KB to 1GB'],
    [httpUrl(), 'ftp://server', 'is not an address that starts with http:// or https://'],
    [httpUrl(), 'http:server', 'is not an address that starts with http:// or https://'],
    [httpUrl(), 'http://a b', 'is not an address that starts with http:// or https://'],
    [httpUrl(), 7, 'is not an address that starts with http:// or https://'],
    [httpUrl(), 'http://me:hush@server', 'holds a login; put it into the keys that are made for it'],
    [httpUrl(), 'http://server/?token=hush', 'holds a ? or a #, which the address of a server does not'],
    [filePath(), 'C:\temp', 'holds a control character; a backslash is written twice, or as /'],
    [text(), 5, '5 is not a text; put it into quotes'],
    [flag(), 'x'.repeat(1_000), `"${'x'.repeat(56)}…" is neither true nor false`],
  ])('of %# refuses %j', (shape, raw, expected) => {
    const { value, problems } = check(shape, raw);
    expect(value).toBeUndefined();
    expect(problems).toEqual([`key: ${expected}`]);
  });

  it.each([
    [500, '500ms'],
    [10_000, '10s'],
    [90_000, '90s'],
    [600_000, '10m'],
    [172_800_000, '2d'],
    [0, '0ms'],
  ])('spells %i ms as %s and reads it back', (ms, spelling) => {
    expect(spellDuration(ms)).toBe(spelling);
    expect(readDuration(spelling)).toBe(ms);
  });
});

describe('A file', () => {
  it('is read at once, relative to the configuration', () => {
    expect(check(fileText(), inFolder('a.txt', 'hello\n')).value).toBe('hello\n');
  });

  it('that cannot be read is named with the reason', () => {
    expect(check(fileText(), 'missing.txt').problems).toEqual([
      `key: the file ${join(folder, 'missing.txt')} cannot be read: there is no such file`,
    ]);
  });

  it('with certificates holds one', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    expect(check(certificateFile(), inFolder('good.pem', pem)).value).toBe(pem);
    expect(check(certificateFile(), inFolder('bad.cer', '\u0030\u0082')).problems).toEqual([
      'key: names a file that holds no certificate in PEM form',
    ]);
  });
});

describe('A secret', () => {
  it.each([
    ['a text', 'hush hush', 'hush hush'],
    ['an environment variable', { env: 'HUSH' }, 'of the environment'],
    ['a file without its line end', { file: inFolder('secret.txt', ' of the file \r\n') }, ' of the file '],
  ])('is %s', (_, raw, expected) => {
    const { value, source } = check(secret(), raw, { HUSH: 'of the environment' });
    expect(value?.reveal()).toBe(expected);
    expect(source.secrets).toEqual([value]);
    expect(inspect(value)).toBe('***');
  });

  it.each<[unknown, string]>([
    ['', 'is an empty secret'],
    [{ env: 'NOT_SET' }, 'the environment variable NOT_SET is not set'],
    [{ env: 'EMPTY' }, 'the environment variable EMPTY is not set'],
    [{ env: 'hu$h-hu$h' }, 'the environment variable of this name is not set'],
    [{ file: 'missing' }, `the file ${join(folder, 'missing')} cannot be read: there is no such file`],
    [{ file: inFolder('empty.txt', '\n') }, 'is an empty secret'],
    [{ env: 'A', file: 'b' }, 'must be { "env": "NAME" }, { "file": "PATH" } or a text in quotes'],
    [{ evn: 'A' }, 'must be { "env": "NAME" }, { "file": "PATH" } or a text in quotes'],
    [{ env: 5 }, 'must be { "env": "NAME" }, { "file": "PATH" } or a text in quotes'],
    [12345678, 'must be { "env": "NAME" }, { "file": "PATH" } or a text in quotes'],
    [['hush'], 'must be { "env": "NAME" }, { "file": "PATH" } or a text in quotes'],
  ])('is not %j', (raw, expected) => {
    expect(check(secret(), raw, { EMPTY: '' }).problems).toEqual([`key: ${expected}`]);
  });
});

describe('An object', () => {
  const person = object({
    name: required(text(), 'The name.'),
    age: withDefault(integer(0, 200), 18, 'The age.'),
    nick: optional(text(), 'The nickname.'),
  });

  it('has defaults and absent keys, and null is absent', () => {
    expect(check(person, { name: 'Ann' }).value).toEqual({ name: 'Ann', age: 18, nick: undefined });
    expect(check(person, { name: 'Ann', age: null }).value).toEqual({ name: 'Ann', age: 18 });
  });

  it('names every problem, with the nearest key for one that is not known', () => {
    expect(check(person, { nme: 'Ann', age: 'x', colour: 'red' }).problems).toEqual([
      'key.nme: is no key that belongs here; did you mean name?',
      'key.colour: is no key that belongs here; known are name, age, nick',
      'key.name: is missing',
      'key.age: "x" is not a whole number from 0 to 200',
    ]);
  });

  it.each([
    ['hush', 'a text'],
    [['hush'], 'a list'],
    [null, 'null'],
  ])('is not %j, whose value is not shown', (raw, kind) => {
    expect(check(person, raw).problems).toEqual([`key: is ${kind}, not an object`]);
  });

  it('takes the names of members of every object as names like any other', () => {
    const raw = JSON.parse('{ "name": "Ann", "__proto__": { "age": 5 }, "constructor": 1 }') as unknown;
    const { value, problems } = check(person, raw);
    expect(value?.age).toBe(18);
    expect(problems.map((each) => each.split(':')[0])).toEqual(['key.__proto__', 'key.constructor']);
  });

  it('shows a default in its JSON Schema only where it stands there as people write it', () => {
    const { schema } = object({
      age: withDefault(integer(0, 200), 18, 'The age.'),
      tags: withDefault(list(text()), ['x'], 'The tags.'),
      wait: withDefault(duration(0, 60_000), 10_000, 'The wait.'),
    });
    expect(schema).toEqual({
      type: 'object',
      properties: {
        age: { description: 'The age.', type: 'integer', minimum: 0, maximum: 200, default: 18 },
        tags: { description: 'The tags.', type: 'array', items: text().schema, default: ['x'] },
        wait: { description: 'The wait.', ...duration(0, 60_000).schema },
      },
      additionalProperties: false,
    });
  });
});

describe('A list, a record and a variant', () => {
  it('name the place of each problem', () => {
    expect(check(list(integer(1, 9)), [1, 0, 'x']).problems.map((each) => each.slice(0, 7))).toEqual(['key.1: ', 'key.2: ']);
    expect(check(record(integer(1, 9)), { a: 1, b: 0 }).problems).toEqual(['key.b: 0 is not a whole number from 1 to 9']);
  });

  it.each<[Shape<unknown>, unknown, string]>([
    [list(text()), 'hush', 'key: is a text, not a list'],
    [record(text()), 'hush', 'key: is a text, not an object'],
    [record(text(), /^[a-z]+$/, 'a word'), { 'A b': 'x' }, 'key.A b: is not a word'],
    [variant('type', { a: object({}) }), 'hush', 'key: is a text, not an object'],
    [variant('type', { a: object({}), b: object({}) }), {}, 'key.type: is missing; it is one of a, b'],
    [variant('type', { sqlite: object({}) }), { type: 'sqlit' }, 'key.type: "sqlit" is none of sqlite; did you mean sqlite?'],
    [variant('type', { sqlite: object({}) }), { type: 'constructor' }, 'key.type: "constructor" is none of sqlite'],
    [variant('type', { sqlite: object({}) }), { type: 'sqlite', x: 1 }, 'key.x: is no key that belongs here; known are '],
  ])('%# refuse %j', (shape, raw, expected) => {
    expect(check(shape, raw).problems).toEqual([expected]);
  });

  it('keep a key __proto__ as an entry, and nobody inherits from it', () => {
    const { value } = check(record(integer(1, 9)), JSON.parse('{ "__proto__": 5 }'));
    expect(Object.entries(value ?? {})).toEqual([['__proto__', 5]]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('yield the word beside what the variant yields', () => {
    const shape = variant('kind', { circle: object({ radius: required(integer(1, 9), 'The radius.') }) });
    expect(check(shape, { kind: 'circle', radius: 3 }).value).toEqual({ kind: 'circle', radius: 3 });
  });
});

describe('A second look', () => {
  it('is taken only where the first one found nothing', () => {
    const even = refine(list(integer(1, 9)), (numbers, place) => {
      if (numbers.length % 2 === 1) problem(place, 'is odd');
    });
    expect(check(even, [1]).problems).toEqual(['key: is odd']);
    expect(check(even, [1, 0]).problems).toEqual(['key.1: 0 is not a whole number from 1 to 9']);
    expect(check(even, [1, 2]).value).toEqual([1, 2]);
  });
});

describe('an address that is a secret', () => {
  it('is taken and known as a secret', () => {
    const { value, source, problems } = check(secretUrl(), { env: 'HOOK' }, { HOOK: 'https://hooks.example/T/B/x?sig=1' });
    expect([value?.reveal(), source.secrets.length, problems]).toEqual(['https://hooks.example/T/B/x?sig=1', 1, []]);
  });

  it('holds secrets of its own: long parts of its path and its query', () => {
    const { source } = check(secretUrl(), 'https://hooks.example/services/T012/geheimes-wort-123?v=1&sig=ab%2Fcdefghijklmnop');
    expect(source.secrets.slice(1).map((part) => part.reveal())).toEqual(['geheimes-wort-123', 'ab/cdefghijklmnop']);
  });

  it.each(['hooks.example/T/B/x', 'ftp://hooks.example/x', 'https://', 'javascript:alert(1)'])(
    'is not %j, which is not shown',
    (raw) => {
      expect(check(secretUrl(), raw).problems).toEqual(['key: is not an address that starts with https:// or http://']);
    },
  );
});

describe('one of two objects', () => {
  const one = either(
    'a',
    object({ a: required(text(), 'a'), both: optional(text(), 'both') }),
    object({ second: required(text(), 'second'), both: optional(text(), 'both') }),
  );

  it('is the first one where its key is there, else the second one', () => {
    expect(check(one, { a: 'x', both: 'y' }).value).toEqual({ a: 'x', both: 'y' });
    expect(check(one, { second: 'x' }).value).toEqual({ second: 'x', both: undefined });
  });

  it.each([
    [{}, ['key.a: is missing, and so is what can stand in its place: second']],
    [
      { secnd: 'x' },
      [
        'key.secnd: is no key that belongs here; did you mean second?',
        'key.a: is missing, and so is what can stand in its place: second',
      ],
    ],
    [{ a: 'x', second: 'y' }, ['key.second: is no key that belongs here; known are a, both']],
    ['x', ['key: is a text, not an object']],
  ])('is not %j', (raw, problems) => {
    expect(check(one, raw).problems).toEqual(problems);
  });
});

it('of a key that few have is made when it is asked, and once', () => {
  const make = jest.fn(() => text());
  const shape = object({ name: required(text(), 'A name.'), more: optional(lazily(make), 'More.') });
  const source = { env: {}, resolvePath: String, readFile: String, problems: [], secrets: [] };
  expect(shape.parse({ name: 'a' }, { path: [], source })).toEqual({ name: 'a', more: undefined });
  expect(make).not.toHaveBeenCalled();
  expect(shape.parse({ name: 'a', more: 'b' }, { path: [], source })).toEqual({ name: 'a', more: 'b' });
  expect(shape.schema).toMatchObject({ properties: { more: text().schema } });
  expect(make).toHaveBeenCalledTimes(1);
});
