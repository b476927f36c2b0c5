// Where the program runs: a folder that is gone, an account without a home, a program that was installed by halves, a share that is dead.

import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

describe('What is planted for cosmiconfig', () => {
  /** Plants programs where an installation is started; answers with what tells whether one was executed. */
  function plant(site: Installation): () => boolean {
    const marker = join(site.folder, 'obeyed');
    const program = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, ''); module.exports = {};`;
    mkdirSync(join(site.folder, '.config'));
    for (const name of ['js', 'cjs']) writeFileSync(join(site.folder, '.config', `config.${name}`), program);
    return () => existsSync(marker);
  }

  /** An environment in which the folders that a pattern fits cannot be entered. */
  function closed(site: Installation, folders: string): Record<string, string> {
    const preload = join(site.folder, 'closed.cjs');
    const error = "Object.assign(new Error('ENAMETOOLONG: name too long, chdir'), { code: 'ENAMETOOLONG' })";
    const code = `const { chdir } = process; process.chdir = (to) => { if (/${folders}/.test(to)) throw ${error}; chdir(to); };`;
    writeFileSync(preload, code);
    return { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
  }

  it('where the program starts is not obeyed: exit code 0', async () => {
    const site = install(sampleConfig(FEED));
    const obeyed = plant(site);
    expect(await site.run(CASE)).toMatchObject({ code: 0, stderr: '' });
    // That ends every other run that looks into it.
    writeFileSync(join(site.folder, 'package.json'), '{ "cosmiconfig": { "loaders": {} } }');
    expect(await site.run(['show', ...CASE])).toMatchObject({ code: 0, stderr: '' });
    expect(obeyed()).toBe(false);
  });

  it('is not obeyed where the folder of the program cannot be entered: exit code 0', async () => {
    const site = install(sampleConfig(FEED));
    const obeyed = plant(site);
    writeFileSync(join(site.folder, 'package.json'), '{ "cosmiconfig": { "loaders": {} } }');
    expect(await site.run(CASE, { env: closed(site, 'dist$') })).toMatchObject({ code: 0, stderr: '' });
    expect(obeyed()).toBe(false);
  });

  it('is not obeyed where no folder can be entered, and the program does not run: exit code 70', async () => {
    const site = install(sampleConfig(FEED));
    const obeyed = plant(site);
    const run = await site.run(CASE, { env: closed(site, '.') });
    expect(run.code).toBe(70);
    expect(run.stderr).toMatch(/^publish-activity: the program cannot be started: ENAMETOOLONG.*\n.*install it again\n$/);
    expect(obeyed()).toBe(false);
  });

  it('is looked for in the folder of the bundle, and in none above it', async () => {
    const site = install(sampleConfig(FEED));
    const [preload, seen] = [join(site.folder, 'see.cjs'), join(site.folder, 'seen')];
    const code = `const fs = require('node:fs'); const { readFileSync } = fs;
      fs.readFileSync = (file, ...more) => {
        if (/config\\.js$/.test(file)) fs.appendFileSync(${JSON.stringify(seen)}, file + '\\n');
        return readFileSync(file, ...more);
      };`;
    writeFileSync(preload, code);
    const run = await site.run(CASE, { env: { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(seen, 'utf8')).toBe(`${join(DIST, '.config', 'config.js')}\n`);
  });

  it('beside the bundle a package.json that is about something else is no trouble: exit code 0', () => {
    const folder = temporaryFolder();
    for (const name of ['main.cjs', 'publish-activity.js']) copyFileSync(join(DIST, name), join(folder, name));
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
    const site = install(sampleConfig(FEED));
    const run = spawnSync(process.execPath, [join(folder, 'publish-activity.js'), 'rule', 'Case'], {
      cwd: site.folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], PUBLISH_ACTIVITY_CONFIG: site.configFile },
    });
    expect(run).toMatchObject({ status: 0, stderr: '' });
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
