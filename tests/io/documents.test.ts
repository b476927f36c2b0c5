import { parseJson } from '../../src/io/json-document';
import { parseYaml } from '../../src/io/yaml-document';

describe('A JSON document', () => {
  it.each([
    ['plain', '{"a":[1,"x",true,null]}', { a: [1, 'x', true, null] }],
    ['with comments', '// one\n{ "a": /* two */ 1 } // three', { a: 1 }],
    ['with a comma after the last entry', '{ "a": [1, 2,], }', { a: [1, 2] }],
    ['that is no object', '"x"', 'x'],
  ])('%s is read', (_, text, value) => {
    expect(parseJson(text)).toMatchObject({ value, problems: [] });
  });

  it.each([
    ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: comma expected'],
    ['a missing brace', '{ "a": 1', 'line 1, column 9: close brace expected'],
    ['single quotes', "{ 'a': 1 }", 'line 1, column 3: invalid symbol'],
    ['a lone backslash', '{\r\n"a": "C:\\Program" }', 'line 2, column 6: invalid escape character; a backslash is written twice'],
    ['two documents', '{}\n{}', 'line 2, column 1: end of file expected'],
    ['only a comment', '// nothing', 'line 1, column 11: value expected'],
  ])('with %s is refused', (_, text, problem) => {
    expect(parseJson(text).problems).toEqual([problem]);
  });

  it('names every key that is there twice, with its line', () => {
    expect(parseJson('{ "a": 1,\n"b": { "c": "hush",\n"\\u0063": 2 }, "\\u0061": 3 }').problems).toEqual([
      'line 3: the key "c" is there twice',
      'line 3: the key "a" is there twice',
    ]);
  });

  it('may repeat a key in another object', () => {
    expect(parseJson('[{ "a": 1 }, { "a": { "a": 2 } }]').problems).toEqual([]);
  });

  it('takes __proto__ as a key like any other', () => {
    const { value } = parseJson('{ "__proto__": { "polluted": true } }');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(Reflect.get(Object.create(value as object) as object, 'polluted')).toBeUndefined();
  });

  it('knows the line of the deepest key that is there', () => {
    const { lineOf } = parseJson('{\n"a": {\n"b": [\n1,\n{ "c": 2 }\n]\n}\n}');
    const lines = [[], ['a'], ['a', 'x'], ['a', 'b'], ['a', 'b', '0'], ['a', 'b', '1', 'c'], ['a', 'b', '7'], ['x', 'b']];
    expect(lines.map(lineOf)).toEqual([1, 2, 2, 3, 4, 5, 3, 1]);
  });
});

describe('A YAML document', () => {
  it('is plain data, in which dates and words such as yes are texts', () => {
    const { value, problems } = parseYaml('a: 2010-06-14\nb: yes\nc: [1, true, ~]\n<<: { d: 1 }\n');
    expect(problems).toEqual([]);
    expect(value).toEqual({ a: '2010-06-14', b: 'yes', c: [1, true, null], '<<': { d: 1 } });
  });

  it.each([
    ['a key that is there twice', 'a: 1\nb: 2\na: hush\n', 'line 3, column 1: duplicated mapping key'],
    ['a wrong indentation', 'a:\n  b: 1\n c: hush\n', 'line 3, column 2: bad indentation of a mapping entry'],
    ['two documents', 'a: 1\n---\nb: hush\n', 'expected a single document in the stream, but found more'],
  ])('with %s is refused', (_, text, problem) => {
    expect(parseYaml(text).problems).toEqual([problem]);
  });

  it.each(['*hush', '!hush x', '!!js/function hush', '!<hush> x', '!hush!x y', '"\\hush"', '%hush', '{hush'])(
    'shows nothing of a text that it stumbles over: %s',
    (word) => {
      const { problems } = parseYaml(`password: ${word}\n`);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^line \d+, column \d+: \w/);
      expect(problems[0]).not.toContain('hush');
    },
  );

  it('takes __proto__ as a key like any other', () => {
    expect(Object.keys(parseYaml('__proto__: { a: 1 }').value as object)).toEqual(['__proto__']);
  });
});
