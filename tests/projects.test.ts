// Every test is run: each file belongs to one of the projects of jest, and to no second one.

import { readdirSync } from 'node:fs';
import { sep } from 'node:path';

interface Project {
  readonly displayName: string;
  readonly testRegex: readonly string[];
  readonly testPathIgnorePatterns: readonly string[];
}

const { projects } = jest.requireActual<{ readonly projects: readonly Project[] }>('../jest.config.cjs');

const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => ['', 'tests', ...file.split(sep)].join('/'));

function projectsOf(file: string): readonly string[] {
  const fits = (patterns: readonly string[]) => patterns.some((pattern) => new RegExp(pattern).test(file));
  return projects
    .filter(({ testRegex, testPathIgnorePatterns }) => fits(testRegex) && !fits(testPathIgnorePatterns))
    .map(({ displayName }) => displayName);
}

describe('The projects of the tests', () => {
  it('have each file once', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => projectsOf(file).length !== 1)).toEqual([]);
  });

  it.each([
    ['/tests/core/redact.test.ts', 'unit'],
    ['/tests/cli/publish.test.ts', 'process'],
    ['/tests/failures/load.test.ts', 'campaign'],
    ['/tests/failures/disk.test.ts', 'process'],
    ['/tests/torture/campaign.test.ts', 'campaign'],
  ])('have %s in %s', (file, project) => {
    expect(projectsOf(file)).toEqual([project]);
  });
});
