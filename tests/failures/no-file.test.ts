// What stands where a file is named and is none: a pipe that nobody writes into or reads from, which would be waited for until the end
// of days. Every run comes to its end by itself, with words.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended, install, onPosix, sampleConfig, type Installation } from '../support/program';

jest.setTimeout(30_000);

const CASE = ['Case', '268435457', '268435457'];
const WORDS = 'it is a pipe, a device or a socket, and no file';
const FEED = { stream: { type: 'feed', folder: 'stream' } };
const socialcast = (more: object) => ({
  s: { type: 'socialcast', url: 'https://127.0.0.1:9', username: 'u', password: 'hushhush', ...more },
});
const sqlServer = { type: 'sqlserver', server: '127.0.0.1', database: 'd', user: 'u', password: 'hushhush' };

/** Runs the program, which is killed when it does not come to an end. */
async function runSafely(installation: Installation, words: readonly string[]) {
  const child = installation.start(words);
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  try {
    return await ended(child);
  } finally {
    clearTimeout(timer);
  }
}

/** An installation in whose folder there is a pipe. */
function installWithPipe(config: object, name = 'pipe'): Installation {
  const installation = install(config);
  execFileSync('mkfifo', [join(installation.folder, name)]);
  return installation;
}

describe('A pipe', () => {
  onPosix.each<[string, object]>([
    ['a secret', sampleConfig(socialcast({ password: { file: 'pipe' } }))],
    ['a certificate of a destination', sampleConfig(socialcast({ caFile: 'pipe' }))],
    [
      'a certificate of the database',
      { ...sampleConfig(FEED), clarify: { ...clarify(), database: { ...sqlServer, caFile: 'pipe' } } },
    ],
    ['the database', { ...sampleConfig(FEED), clarify: { ...clarify(), database: { type: 'sqlite', file: 'pipe' } } }],
  ])('in place of %s: exit code 78 (skipped on Windows)', async (_, config) => {
    const run = await runSafely(installWithPipe(config), CASE);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain(WORDS);
  });

  onPosix('in place of the configuration: exit code 78 (skipped on Windows)', async () => {
    const installation = installWithPipe(sampleConfig(FEED), 'other.json');
    const run = await runSafely(installation, [...CASE, '--config', 'other.json']);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain(`cannot be used: ${WORDS}`);
  });

  onPosix('in place of an old configuration: exit code 64 (skipped on Windows)', async () => {
    const run = await runSafely(installWithPipe(sampleConfig(FEED)), ['init', '--from', 'pipe', '--output', 'new.json']);
    expect(run.code).toBe(64);
    expect(run.stderr).toContain(WORDS);
  });

  onPosix('in place of the log: posted, and told (skipped on Windows)', async () => {
    const run = await runSafely(installWithPipe(sampleConfig(FEED, { log: 'pipe' })), CASE);
    expect(run).toMatchObject({ code: 0, stderr: expect.stringMatching(/the log .*pipe cannot be written: it is a pipe/) });
  });

  onPosix('in place of the ledger is told (skipped on Windows)', async () => {
    const run = await runSafely(installWithPipe(sampleConfig(FEED, { ledger: { type: 'sqlite', file: 'pipe' } })), ['status']);
    expect(run).toMatchObject({ code: 78, stderr: expect.stringContaining(WORDS) });
  });

  onPosix('in place of the store of a feed: kept (skipped on Windows)', async () => {
    const installation = install(sampleConfig(FEED));
    mkdirSync(join(installation.folder, 'stream'));
    execFileSync('mkfifo', [join(installation.folder, 'stream', 'stream.sqlite')]);
    const run = await runSafely(installation, CASE);
    expect(run).toMatchObject({ code: 75, stderr: expect.stringContaining(WORDS) });
  });

  onPosix('in place of a page is replaced (skipped on Windows)', async () => {
    const installation = install(sampleConfig(FEED));
    mkdirSync(join(installation.folder, 'stream'));
    for (const name of ['index.html', 'index.html.tmp']) execFileSync('mkfifo', [join(installation.folder, 'stream', name)]);
    expect(await runSafely(installation, CASE)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(installation.folder, 'stream', 'index.html'), 'utf8')).toContain('post-');
  });
});

function clarify(): object {
  return (sampleConfig(FEED) as { readonly clarify: object }).clarify;
}
