// `npm run release`, in a small project of its own with a real git and a real npm.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..', '..');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const CHANGELOG = '# Changes\n\n## Unreleased\n\n- Something new.\n\n## 1.0.0 (2026-11-22)\n\nThe first one.\n';
const UPGRADING = '| release | reads |\n|---|---|\n| 2.0.0 | 1 to 3 |\n| 2.0.1 | 1 to 3 |\n| 1.0.0 | none |\n';
const README = 'npm install little-1.0.0.tgz\n\n> little@1.0.0 prepare\n\n"version": "1.0.0"\n';

/** A project with the files of a release, whose scripts do nothing; one of them may fail. */
function project({ changelog = CHANGELOG, fails = '' } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  folders.push(folder);
  const scripts = {
    release: 'node scripts/release.mjs',
    build: 'node step.mjs build',
    docs: 'node step.mjs docs',
    notices: 'node step.mjs notices',
    prepack: 'node step.mjs pack',
  };
  write(folder, 'package.json', JSON.stringify({ name: 'little', version: '1.0.0', scripts, files: ['README.md'] }));
  write(folder, 'step.mjs', `if (process.argv[2] === '${fails}') process.exitCode = 3;`);
  write(folder, 'CHANGELOG.md', changelog);
  write(folder, 'README.md', README);
  write(folder, join('docs', 'upgrading.md'), UPGRADING);
  write(folder, '.gitignore', '*.tgz\n');
  for (const file of ['release.mjs', 'release-checks.mjs'])
    cpSync(join(root, 'scripts', file), join(folder, 'scripts', file), { recursive: true });
  git(folder, 'init', '--quiet');
  git(folder, 'add', '.');
  commit(folder);
  return folder;
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const SOMEBODY = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];

function git(folder: string, ...words: readonly string[]): string {
  return execFileSync('git', [...SOMEBODY, ...words], { cwd: folder, encoding: 'utf8' }).trim();
}

function commit(folder: string): void {
  git(folder, 'commit', '--quiet', '--message', 'Begin');
}

/** Runs it as a user does, with npm; or by itself, which is enough where it comes to no other script. */
function release(folder: string, words: readonly string[], withNpm: boolean) {
  const names = { NAME: 'Somebody', EMAIL: 'somebody@example.com' };
  const identity = Object.entries(names).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  const env = { ...process.env, ...(Object.fromEntries(identity) as Record<string, string>) };
  const shell = process.platform === 'win32';
  if (!withNpm)
    return spawnSync(process.execPath, [join('scripts', 'release.mjs'), ...words], { cwd: folder, env, encoding: 'utf8' });
  return spawnSync('npm', ['run', '--silent', 'release', '--', ...words], { cwd: folder, env, shell, encoding: 'utf8' });
}

const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');

describe('A release', () => {
  it('is a commit with its number everywhere, a tag and a tarball, and says what to do next', () => {
    const folder = project();
    const { status, stdout, stderr } = release(folder, ['2.0.0'], true);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('git push origin HEAD v2.0.0');
    expect(JSON.parse(read(folder, 'package.json'))).toMatchObject({ version: '2.0.0' });
    expect(read(folder, 'CHANGELOG.md')).toMatch(
      /\n## Unreleased\n\n## 2\.0\.0 \(\d{4}-\d\d-\d\d\)\n\n- Something new\.\n\n## 1\.0\.0 /,
    );
    expect(read(folder, 'README.md')).toBe(README.replaceAll('1.0.0', '2.0.0'));
    expect(existsSync(join(folder, 'little-2.0.0.tgz'))).toBe(true);
    expect(git(folder, 'describe', '--exact-match')).toBe('v2.0.0');
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it.each([
    ['no number', [], {}, 'npm run release -- 2.0.0'],
    ['what is no version', ['v2'], {}, '"v2" is no version of three numbers'],
    ['a version that exists', ['1.0.0'], {}, 'version 1.0.0 exists'],
    ['a version before the last one', ['0.9.0'], {}, 'version 0.9.0 is not after 1.0.0'],
    ['an "Unreleased" that is empty', ['2.0.0'], { changelog: CHANGELOG.replace('- Something new.\n', '') }, '"Unreleased"'],
    ['a version that docs/upgrading.md does not know', ['3.0.0'], {}, 'docs/upgrading.md has no row for 3.0.0'],
    ['docs out of step', ['2.0.0'], { fails: 'docs' }, 'npm run docs -- --check fails'],
    ['notices out of step', ['2.0.0'], { fails: 'notices' }, 'npm run notices -- --check fails'],
  ])('is refused for %s, and nothing is changed', (_, words, setup, remedy) => {
    const folder = project(setup);
    const { status, stderr } = release(folder, words, 'fails' in setup);
    expect(stderr).toContain(remedy);
    expect(status).toBe(1);
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(git(folder, 'tag', '--list')).toBe('');
    expect(existsSync(join(folder, 'little-2.0.0.tgz'))).toBe(false);
  });

  it('is refused for a tag that exists, and for a tree with changes, both at once', () => {
    const folder = project();
    git(folder, 'tag', 'v2.0.0');
    write(folder, 'new.txt', 'not committed');
    const { status, stderr } = release(folder, ['2.0.0'], false);
    expect(stderr).toContain('version 2.0.0 exists');
    expect(stderr).toContain('not committed');
    expect(status).toBe(1);
    expect(read(folder, 'CHANGELOG.md')).toBe(CHANGELOG);
  });

  it('that fails on its way leaves every file as it was', () => {
    const folder = project({ fails: 'pack' });
    const { status, stderr } = release(folder, ['2.0.0'], true);
    expect(stderr).toContain('No release: Command failed');
    expect(status).toBe(1);
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(git(folder, 'tag', '--list')).toBe('');
    expect(read(folder, 'CHANGELOG.md')).toBe(CHANGELOG);
  });
});
