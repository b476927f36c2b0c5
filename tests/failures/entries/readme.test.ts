// Keeps the list true: each case names the tests that have its number, and no test has a number that the list does not know.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = readFileSync(join(__dirname, 'README.md'), 'utf8');
const rows = [...readme.matchAll(/^\| (\d+) \|.*\| (.+) \|$/gm)].map(([, number = '', where = '']) => [number, where] as const);
const numbersIn = (file: string) =>
  [...readFileSync(join(__dirname, file), 'utf8').matchAll(/['"](\d+(?:, \d+)*)\. /g)].flatMap(([, all = '']) => all.split(', '));
const tests = new Map(
  readdirSync(__dirname)
    .filter((name) => name.endsWith('.test.ts') && name !== 'readme.test.ts')
    .map((name) => [name, new Set(numbersIn(name))] as const),
);

describe('The failure list', () => {
  it('has every case once', () => {
    expect(rows.map(([number]) => number)).toEqual(Array.from({ length: 26 }, (_, n) => String(n + 1)));
  });

  it.each(rows)('names where case %s is, and it is there', (number, where) => {
    const named = [...where.matchAll(/\]\((\w+\.test\.ts)\)/g)].map(([, file = '']) => file);
    expect(named.length > 0 || /\]\(|come.? with|as 10/.test(where)).toBe(true);
    expect(named.filter((file) => tests.get(file)?.has(number) !== true)).toEqual([]);
  });

  it('knows every number that a test has', () => {
    const known = new Map(rows);
    const strays = [...tests].flatMap(([file, numbers]) =>
      [...numbers].filter((number) => known.get(number)?.includes(file) !== true).map((number) => `${number} in ${file}`),
    );
    expect(strays).toEqual([]);
  });
});
