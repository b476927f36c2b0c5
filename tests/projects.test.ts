// Every test is run: each file belongs to one of the projects of jest, and to no second one.

import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

interface Project {
  readonly displayName: string;
  readonly testRegex: readonly string[];
}

const { projects } = jest.requireActual<{ readonly projects: readonly Project[] }>('../jest.config.cjs');
const { SLOW } = jest.requireActual<{ readonly SLOW: readonly string[] }>('./support/slow-first.cjs');

const ROOT = join(__dirname, '..');
/** What others wrote, and what is made anew each time. */
const NOT_OURS = ['node_modules', 'dist', 'artifacts', 'coverage', '.git'];

const slashed = (path: string) => path.split(sep).join('/');
const files = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NOT_OURS.includes(entry.name))
  .flatMap(({ name }) => readdirSync(join(ROOT, name), { recursive: true, encoding: 'utf8' }).map((file) => join(name, file)))
  .filter((file) => /\.(test|spec)\.[cm]?[jt]sx?$/.test(file))
  .map(slashed);

/** The projects of a file of this clone. */
function projectsOf(file: string): readonly string[] {
  const path = slashed(join(ROOT, file));
  return projects
    .filter(({ testRegex }) => testRegex.some((pattern) => new RegExp(pattern).test(path)))
    .map(({ displayName }) => displayName);
}

describe('The projects of the tests', () => {
  it('have each file once, and none is anywhere else', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.map((file) => [file, projectsOf(file)] as const).filter(([, names]) => names.length !== 1)).toEqual([]);
  });

  it.each([
    ['tests/core/redact.test.ts', ['unit']],
    ['tests/commands/why.test.ts', ['unit']],
    ['tests/cli/publish.test.ts', ['process']],
    ['tests/commands/rerun.test.ts', ['process']],
    ['tests/failures/load.test.ts', ['campaign']],
    ['tests/destinations/feed-load.test.ts', ['campaign']],
    ['tests/config/load.test.ts', ['unit']],
    ['tests/failures/disk.test.ts', ['process']],
    ['tests/torture/campaign.test.ts', ['campaign']],
    ['tests/somewhere/new.test.ts', []],
    ['tests/new.test.ts', []],
    ['tests/core/redact.ts', []],
  ])('have %s in %j', (file, names) => {
    expect(projectsOf(file)).toEqual(names);
  });

  it('are those of this clone, whatever the folders above it are called', () => {
    expect(projectsOf('tests/core/tests/faults/inner.test.ts')).toEqual(['unit']);
    expect(projectsOf(relative(ROOT, '/tests/faults/tests/core/redact.test.ts'))).toEqual([]);
  });

  it('know which files are slow, and all of them are there', () => {
    expect(SLOW.filter((file) => !existsSync(join(__dirname, file)))).toEqual([]);
  });
});
