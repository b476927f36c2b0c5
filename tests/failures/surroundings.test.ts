// Where the program runs: a folder that is gone, an account without a home, a program that was installed by halves, a share that is dead.

import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE } from '../support/failures';
import { ended, install, onPosix, sampleConfig, type Installation } from '../support/program';
import { temporaryFolder } from '../support/sample';

jest.setTimeout(60_000);

const DIST = join(__dirname, '..', '..', 'dist');
const PROGRAM = join(DIST, 'publish-activity.js');
const FEED = { feed: { type: 'feed', folder: 'feed' } };

/** Starts the program in a folder that is removed before it begins; a shell has to stand in it. */
function runInGoneFolder({ configFile }: Installation, words: readonly string[]): SpawnSyncReturns<string> {
  const gone = mkdtempSync(join(tmpdir(), 'gone-'));
  const script = 'rmdir "$1"; shift; exec "$@"';
  return spawnSync('sh', ['-c', script, 'sh', gone, process.execPath, PROGRAM, ...words], {
    cwd: gone,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], PUBLISH_ACTIVITY_CONFIG: configFile },
  });
}

describe('A folder that is gone', () => {
  onPosix('is no reason not to post: exit code 0 (skipped on Windows, which removes no folder that is in use)', () => {
    const site = install(sampleConfig(FEED));
    expect(runInGoneFolder(site, CASE)).toMatchObject({ status: 0, stderr: '' });
    expect(site.log()).toMatchObject([{ exitCode: 0 }]);
  });

  onPosix('is where a program of exec would run: it runs in the folder of ours', () => {
    const folder = temporaryFolder();
    const script = join(folder, 'say.cjs');
    writeFileSync(script, "require('node:fs').writeFileSync(require('node:path').join(__dirname, 'said'), process.cwd())");
    const site = install(sampleConfig({ stream: { type: 'exec', command: process.execPath, args: [script] } }));
    expect(runInGoneFolder(site, CASE)).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(folder)).toContain('said');
  });

  onPosix('makes a path that is relative to it one that cannot be meant: exit code 78', () => {
    const site = install(sampleConfig(FEED));
    for (const words of [
      [...CASE, '--config', 'a.json'],
      ['init', '--output', 'a.json', '--from', 'b.json'],
    ])
      expect(runInGoneFolder(site, words)).toMatchObject({
        status: 78,
        stderr: expect.stringMatching(
          /^publish-activity: [ab]\.json is relative to the folder .* is gone\n.*give the whole path\n$/,
        ) as string,
      });
  });
});

const isRoot = process.getuid?.() === 0;
const [asRoot, skipped] = isRoot ? [it, ''] : [it.skip, ' (left out: only root can be other accounts)'];

describe('An account that the system does not know', () => {
  asRoot(`and that has no home posts all the same: exit code 0${skipped}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-home-'));
    const site = install(
      sampleConfig(
        { feed: { type: 'feed', folder } },
        { ledger: { type: 'sqlite', file: join(folder, 'ledger') }, log: join(folder, 'log') },
      ),
    );
    spawnSync('chmod', ['-R', 'a+rwX', folder, site.folder]);
    const run = spawnSync(process.execPath, [PROGRAM, ...CASE, '--config', site.configFile], {
      uid: 54_321,
      gid: 54_321,
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('A program that was installed by halves', () => {
  it('says so in words: exit code 70', () => {
    const folder = temporaryFolder();
    copyFileSync(PROGRAM, join(folder, 'publish-activity.js'));
    const start = () => spawnSync(process.execPath, [join(folder, 'publish-activity.js'), ...CASE], { encoding: 'utf8' });
    const words = {
      status: 70,
      stderr: expect.stringMatching(/^publish-activity: the program cannot be started: .*\n.*install it again\n$/) as string,
    };
    expect(start()).toMatchObject(words);
    writeFileSync(join(folder, 'main.cjs'), '(function () { this is no program })');
    expect(start()).toMatchObject(words);
    mkdirSync(join(folder, 'node_modules'));
    rmSync(folder, { recursive: true });
  });
});

describe('What nothing catches', () => {
  it('is a bug with a line in the log: exit code 70', async () => {
    const site = install(sampleConfig(FEED));
    const preload = join(site.folder, 'throw.cjs');
    writeFileSync(preload, "setTimeout(() => { throw new Error('thrown beside everything'); }, 20); setTimeout(() => {}, 3000);");
    const sleepy = join(site.folder, 'sleepy.cjs');
    writeFileSync(sleepy, 'setTimeout(() => {}, 2000)');
    writeFileSync(
      site.configFile,
      JSON.stringify(sampleConfig({ stream: { type: 'exec', command: process.execPath, args: [sleepy] } })),
    );
    const run = await site.run(CASE, { env: { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` } });
    expect(run.code).toBe(70);
    expect(run.stderr).toContain('this is a bug of publish-activity: thrown beside everything');
    expect(site.log()).toMatchObject([{ exitCode: 70, result: 'bug' }]);
  });
});

describe('A call to a share that never comes back', () => {
  onPosix(
    'holds nobody up once all is said: the process ends itself (skipped on Windows, which has no pipes in folders)',
    async () => {
      const site = install(sampleConfig(FEED));
      const pipe = join(site.folder, 'pipe');
      spawnSync('mkfifo', [pipe]);
      // As a dead share does, a pipe without its other end keeps a thread of the system for ever.
      const preload = join(site.folder, 'hang.cjs');
      writeFileSync(preload, `require('node:fs').open(${JSON.stringify(pipe)}, 'r', () => undefined);`);
      const child = spawn(process.execPath, ['--require', preload, PROGRAM, ...CASE, '--config', site.configFile], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const run = await ended(child);
      expect([run.code, child.signalCode]).toEqual([null, 'SIGKILL']);
      expect(site.log()).toMatchObject([{ exitCode: 0 }]);
    },
  );
});
