import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logEnds } from '../../src/io/log-ends';
import { temporaryFolder } from '../support/sample';

const FULL = (n: number) => `l.log.170000000000${n}-0123abcd`;

describe('logEnds', () => {
  const endsOf = (files: Readonly<Record<string, string>>) => {
    const folder = temporaryFolder();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return logEnds(join(folder, 'l.log')).filter((line) => line !== '');
  };

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['no log', {}, []],
    ['one log', { 'l.log': 'a\nb\n' }, ['a', 'b']],
    ['one full one', { 'l.log': 'c\n', [FULL(1)]: 'a\nb\n' }, ['a', 'b', 'c']],
    [
      'several, of which those in the middle are left out',
      { 'l.log': 'd\n', [FULL(1)]: 'a\n', [FULL(2)]: 'b\n', [FULL(3)]: 'c\n' },
      ['a', 'c', 'd'],
    ],
    ['a full one and none since', { [FULL(1)]: 'a\n' }, ['a']],
    ['other files', { 'l.log': 'a\n', 'l.log.old': 'b\n', 'other.log': 'c\n' }, ['a']],
  ])('gives the lines of %s', (_, files, expected) => {
    expect(endsOf(files)).toEqual(expected);
  });

  it('gives whole lines of both ends of a large one', () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${'ä'.repeat(30)}`);
    const found = endsOf({ 'l.log': `${lines.join('\n')}\n` });
    expect(found.length).toBeLessThan(10_000);
    expect([found[0], found.at(-1)]).toEqual([lines[0], lines.at(-1)]);
    expect(found.filter((line) => !lines.includes(line))).toEqual([]);
  });

  it('is nowhere where the folder is missing, and no folder is a log', () => {
    expect(logEnds(join(temporaryFolder(), 'none', 'l.log'))).toEqual([]);
    expect(() => logEnds(temporaryFolder())).toThrow('it is a folder');
  });
});
