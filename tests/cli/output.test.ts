// What the program prints, and to whom: people, pipes that are slow or closed, and the log that many runs write at once.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODES } from '../../src/cli/exit-code';
import { version } from '../../package.json';
import { ended, install, sampleConfig } from '../support/program';
import { changedSample } from '../support/sample';

const FEED = { feed: { type: 'feed', folder: 'stream' } };
const CASE = ['Case', '268435457', '268435457'];
const SOLUTION = ['Solution', '268435457', '268435464'];

describe('the help', () => {
  it.each([[['--help']], [['-h']], [['help']], [['publish', '--help']]])(
    'is printed for %j, with examples and every exit code',
    async (words) => {
      const { code, stdout, stderr } = await install(sampleConfig(FEED)).run(words);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('publish-activity Case 268435457 268435457');
      for (const row of Object.values(EXIT_CODES)) expect(stdout).toContain(`${String(row.code).padStart(2)}  ${row.meaning}`);
    },
  );

  it('is not needed for the version', async () => {
    expect(await install(sampleConfig(FEED)).run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('a pipe', () => {
  it('that is slow gets a megabyte whole', async () => {
    const stream = { type: 'socialcast', url: 'http://127.0.0.1:9', username: 'a', password: 'secret-1' };
    const destinations = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`stream-${index}`, stream]));
    const templates = { solution: { Create: { title: `<start>${'ä'.repeat(80_000)}<end>` } } };
    const child = install(sampleConfig(destinations, { templates })).start([...SOLUTION, '--dry-run']);
    child.stdout?.pause();
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.stdout?.resume();
    const { code, stdout } = await ended(child);
    expect(code).toBe(0);
    expect(stdout.match(/<start>/g)).toHaveLength(8);
    expect(stdout.match(/<end>]]><\/title>/g)).toHaveLength(8);
    expect(Buffer.byteLength(stdout)).toBeGreaterThan(1_200_000);
  });

  it.each(['stdout', 'stderr'] as const)('that is closed (%s) changes neither the post nor the exit code', async (name) => {
    const installation = install(sampleConfig(FEED));
    const child = installation.start([...CASE, '--verbose']);
    child[name]?.destroy();
    expect((await ended(child)).code).toBe(0);
    expect(readFileSync(join(installation.folder, 'stream', 'feed.atom'), 'utf8')).toContain('<entry>');
  });
});

describe('a command that takes no words', () => {
  it.each(['rerun', 'status', 'list'])('refuses them: %s', async (command) => {
    const run = await install(sampleConfig(FEED)).run([command, 'dry-run']);
    expect(run).toMatchObject({ code: 64, stdout: '' });
    expect(run.stderr).toContain('too many arguments');
  });
});

describe('silence', () => {
  it('is kept with --quiet even where something is wrong; the log tells', async () => {
    const installation = install(sampleConfig(FEED));
    expect(await installation.run(['Case', '268435458', '268435457', '--quiet'])).toMatchObject({
      code: 66,
      stdout: '',
      stderr: '',
    });
    expect(installation.log()).toMatchObject([{ exitCode: 66, result: 'not-found' }]);
  });

  it('is kept on stderr with --json, whatever is wrong', async () => {
    const installation = install('{ "clarify": 5 }');
    for (const [words, code] of [
      [CASE, 78],
      [['Case', 'x'], 64],
      [['--nonsense'], 64],
    ] as const) {
      const run = await installation.run([...words, '--json']);
      expect(run).toMatchObject({ code, stderr: '' });
      expect(JSON.parse(run.stdout)).toMatchObject({ format: 1, exitCode: code });
    }
  });
});

describe('what could play tricks on a terminal', () => {
  const TRICKS = '\u001b]0;mine\u0007 \u009b31m \u202egninrut \u2066 \u007f \r';
  const UNSEEN = /[^\P{Cc}\n\t]|[\u2028-\u202e\u2060-\u2069]/u;

  it('is spelled out wherever it comes from, also in JSON and in the log', async () => {
    const file = await changedSample((crm) => {
      for (const column of ['title', 'id_number']) crm.run(`UPDATE table_case SET [${column}] = @tricks`, { tricks: TRICKS });
      crm.run('UPDATE table_site SET name = @tricks', { tricks: TRICKS });
    });
    const clarify = { database: { type: 'sqlite', file }, timeZone: 'America/Chicago', agentUrl: 'http://server' };
    const { installation, printed } = { installation: install({ clarify, destinations: FEED }), printed: [] as string[] };
    for (const words of [
      [...CASE, '--dry-run', '--rule', TRICKS],
      [...CASE, '--rule', TRICKS],
      ['preview', ...CASE],
      ['list'],
      ['why', 'case', '268435457'],
      [`Ca${TRICKS}se`, '5'],
      [...CASE, '--timeout', TRICKS],
      [`--${TRICKS}`],
    ])
      for (const manner of [[], ['--json']]) {
        const { stdout, stderr } = await installation.run([...words, ...manner]);
        printed.push(stdout, stderr);
      }
    const log = readFileSync(join(installation.folder, 'publish-activity.log'), 'utf8');
    expect([...printed, log].filter((text) => UNSEEN.test(text))).toEqual([]);
    expect(installation.log()[0]).toMatchObject({ argv: expect.arrayContaining([TRICKS]) as unknown });
    expect(printed.join('')).toContain('\\u009b31m \\u202egninrut');
  });
});

describe('the log', () => {
  it('loses no line of many runs at once, and mixes none', async () => {
    const installation = install(sampleConfig(FEED, { log: { maxSize: '2KB', keep: 100 } }));
    const runs = Array.from({ length: 24 }, () => installation.run(['Cse', '1']));
    expect((await Promise.all(runs)).map((run) => run.code)).toEqual(runs.map(() => 64));
    const files = readdirSync(installation.folder).filter((name) => name.startsWith('publish-activity.log'));
    expect(files.length).toBeGreaterThan(1);
    const lines = files.flatMap((name) => readFileSync(join(installation.folder, name), 'utf8').trimEnd().split('\n'));
    expect(lines.map((line) => (JSON.parse(line) as { result: string }).result)).toEqual(runs.map(() => 'usage'));
  });

  it('keeps only as many full files as it is told', async () => {
    const installation = install(sampleConfig(FEED, { log: { file: 'runs.log', maxSize: '1KB', keep: 2 } }));
    for (let run = 0; run < 12; run++) await installation.run(['Cse', '1']);
    expect(readdirSync(installation.folder).filter((name) => name.startsWith('runs.log')).length).toBe(3);
  });

  it('gets its line where an old file cannot be removed', async () => {
    const installation = install(sampleConfig(FEED, { log: { file: 'runs.log', maxSize: '1KB', keep: 0 } }));
    // A folder stands for a file that Windows does not remove because somebody reads it.
    mkdirSync(join(installation.folder, 'runs.log.1000000000000-00000000'));
    for (let run = 0; run < 6; run++) expect((await installation.run(['Cse', '1'])).stderr).not.toContain('cannot be written');
    expect(readdirSync(installation.folder).filter((name) => name.startsWith('runs.log.'))).toHaveLength(1);
  });

  it('that cannot be written is told, and harms nothing', async () => {
    const installation = install(sampleConfig(FEED, { log: { file: 'a-file/runs.log' } }));
    writeFileSync(join(installation.folder, 'a-file'), '');
    const run = await installation.run(CASE);
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(run.stderr).toMatch(/^publish-activity: the log .*runs\.log cannot be written: /);
  });

  it('is left alone where the configuration says so', async () => {
    const installation = install(sampleConfig(FEED, { log: false }));
    await installation.run(CASE);
    expect(existsSync(join(installation.folder, 'publish-activity.log'))).toBe(false);
  });
});
