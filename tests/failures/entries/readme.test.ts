// Keeps the list true: each case names the tests that have its number, and no test has a number that the list does not know.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL, CONFIGURED, OF_TEXTS, WITH_CURSORS, type Name } from '../../support/worlds';

const readme = readFileSync(join(__dirname, 'README.md'), 'utf8');
const rows = [...readme.matchAll(/^\| (\d+) \|.*\| (.+) \|$/gm)].map(([, number = '', where = '']) => [number, where] as const);
const numbersIn = (file: string) =>
  [...readFileSync(join(__dirname, file), 'utf8').matchAll(/['"`](\d+(?:, \d+)*)\. /g)].flatMap(([, all = '']) =>
    all.split(', '),
  );
const tests = new Map(
  readdirSync(__dirname)
    .filter((name) => name.endsWith('.test.ts') && name !== 'readme.test.ts')
    .map((name) => [name, new Set(numbersIn(name))] as const),
);

/** What the tests of a file go over: sets by their names, or a groupware. */
const SETS: Readonly<Record<string, readonly Name[]>> = {
  ...{ ALL, CONFIGURED, OF_TEXTS, WITH_CURSORS },
};
function worldsIn(file: string): readonly Name[] {
  const text = readFileSync(join(__dirname, file), 'utf8');
  const sets = [...text.matchAll(/^describeOver\(\s*(\w+)/gm)].flatMap(([, set = '']) => SETS[set] ?? []);
  const alone = ALL.filter((name) => text.includes(`pairOf('${name}'`) || text.includes(`contactsOf('${name}'`));
  return ALL.filter((name) => sets.includes(name) || alone.includes(name));
}

describe('The failure list', () => {
  it('has every case once', () => {
    expect(rows.map(([number]) => number)).toEqual(Array.from({ length: 26 }, (_, n) => String(n + 1)));
  });

  it.each(rows)('names where case %s is, and it is there', (number, where) => {
    const named = [...where.matchAll(/\]\((\w+\.test\.ts)\)/g)].map(([, file = '']) => file);
    expect(named.length > 0 || /\]\(|come.? with/.test(where)).toBe(true);
    expect(named.filter((file) => tests.get(file)?.has(number) !== true)).toEqual([]);
  });

  it('says over which groupwares each file goes', () => {
    const said = [...readme.matchAll(/^\| \[(\w+)\]\(\w+\.test\.ts\) ((?:\| (?:yes )?){4})\| [^|]+\|$/gm)].map(
      ([, file = '', all = '']) => [`${file}.test.ts`, ALL.filter((_, n) => all.split('|')[n + 1]?.trim() === 'yes')] as const,
    );
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries([...tests.keys()].map((file) => [file, worldsIn(file)])));
  });

  it('knows every number that a test has', () => {
    const known = new Map(rows);
    const strays = [...tests].flatMap(([file, numbers]) =>
      [...numbers].filter((number) => known.get(number)?.includes(file) !== true).map((number) => `${number} in ${file}`),
    );
    expect(strays).toEqual([]);
  });
});
