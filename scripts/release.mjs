// npm run release -- VERSION: a commit, a tag and the tarball of a release, on this machine only; what goes out is for people to send.
// What is wrong is found before anything is changed, and told all at once. Where a later step fails, the files are as they were.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { changelogOf, pageOf, problemsOf } from './release-checks.mjs';

const [version = ''] = process.argv.slice(2);

try {
  release();
} catch (error) {
  // What a program that was called had to say stands above.
  console.error(`No release: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  process.exitCode = 1;
}

function release() {
  const texts = { changelog: read('CHANGELOG.md'), upgrading: read('docs/upgrading.md') };
  const changes = git('status', '--porcelain');
  const tags = git('tag', '--list').split('\n');
  const { name, version: present } = JSON.parse(read('package.json'));
  const problems = problemsOf({ version, present, changes, tags, ...texts });
  if (problems.length === 0) problems.push(...outOfStep());
  if (problems.length > 0) {
    console.error(['No release:', ...problems.map((problem) => `- ${problem}`)].join('\n'));
    process.exitCode = 1;
    return;
  }
  try {
    npm('version', version, '--no-git-tag-version');
    const today = new Date().toISOString().slice(0, 10);
    writeFileSync('CHANGELOG.md', changelogOf(texts.changelog, version, today));
    writeFileSync('README.md', pageOf(read('README.md'), name, present, version));
    npm('run', 'build');
    npm('run', 'docs');
    npm('pack');
    git('commit', '--quiet', '--all', '--message', `Version ${version}`);
  } catch (error) {
    git('checkout', '--quiet', '--', '.');
    throw error;
  }
  git('tag', '--annotate', `v${version}`, '--message', `Version ${version}`);
  console.log(`
${name}-${version}.tgz is made, and the commit before you is tagged v${version}. Nothing has left this machine. Next:

1. Try the tarball as its users will: npm install --global ./${name}-${version}.tgz, then publish-activity doctor.
2. Send the commit and the tag: git push origin HEAD v${version}
3. Offer the tarball with its part of CHANGELOG.md and a link to docs/upgrading.md.

To take it back before that: git tag --delete v${version}, then git reset --hard HEAD~1.`);
}

/** The generated files that do not fit the code. */
function outOfStep() {
  return ['docs', 'notices'].flatMap((script) => {
    try {
      npm('run', script, '--', '--check');
      return [];
    } catch {
      return [`npm run ${script} -- --check fails, see above: run npm run ${script}, look at the difference and commit it`];
    }
  });
}

function read(file) {
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
}

function git(...words) {
  return execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

/** Runs npm as a script of Node, because on Windows `npm` is none that can be started without a shell. */
function npm(...words) {
  const program = process.env.npm_execpath;
  if (program === undefined) throw new Error('start it by npm run release -- VERSION');
  execFileSync(process.execPath, [program, ...words], { stdio: ['ignore', 'inherit', 'inherit'] });
}
