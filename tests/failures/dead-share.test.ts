// A network share that is dead: whoever asks for a file on it never hears, and cannot be made to stop waiting.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ended, install, onPosix, sampleConfig } from '../support/program';

jest.setTimeout(60_000);

const CASE = ['Case', '268435457', '268435457'];
const FEED = { stream: { type: 'feed', folder: 'stream' } };
const ON_SHARE = join('dead-share', 'file');
const WORDS = 'the disk or network share that it is on does not answer';
const socialcast = { s: { type: 'socialcast', url: 'https://127.0.0.1:9', username: 'u', password: { file: ON_SHARE } } };
const local = { type: 'sqlite', file: 'ledger.sqlite' };

interface End {
  readonly words: string;
  readonly posted?: boolean;
  readonly spooled?: number;
  /** The exit code that its log line tells: the one of the process is that of a process that was ended by force. */
  readonly logged?: number;
  readonly timeout?: string;
}

/** Publishes with a share that is dead; the process ends by itself. */
async function publish(config: object, words: readonly string[]) {
  const installation = install(config);
  mkdirSync(join(installation.folder, 'dead-share'));
  execFileSync('mkfifo', [join(installation.folder, 'dead-share.pipe')]);
  const NODE_OPTIONS = `--require ${JSON.stringify(join(__dirname, '..', 'support', 'dead-share.cjs'))}`;
  const run = await ended(installation.start(words, { env: { NODE_OPTIONS } }));
  const spool = join(installation.folder, 'ledger.sqlite.spool');
  return {
    ...run,
    posted: existsSync(join(installation.folder, 'stream', 'index.html')),
    spooled: existsSync(spool) ? readdirSync(spool).filter((name) => name.endsWith('.json')).length : 0,
    logged: installation.log().at(-1)?.['exitCode'],
  };
}

/** What is on the dead share, the configuration that says so, and what comes of it. */
const CASES: readonly (readonly [string, object, End])[] = [
  ['a secret', sampleConfig(socialcast), { words: `file cannot be read: ${WORDS}`, logged: 78 }],
  ['the log', sampleConfig(FEED, { log: ON_SHARE }), { words: `cannot be written: ${WORDS}`, posted: true }],
  [
    'the ledger',
    sampleConfig(FEED, { ledger: { type: 'sqlite', file: ON_SHARE }, spool: 'ledger.sqlite.spool' }),
    { words: WORDS, spooled: 1, logged: 75 },
  ],
  [
    'the spool',
    sampleConfig(FEED, { spool: join('dead-share', 'spool') }),
    { words: '', posted: true, logged: 0, timeout: '8s' },
  ],
  ['a feed', sampleConfig({ s: { type: 'feed', folder: ON_SHARE } }), { words: WORDS, logged: 75, timeout: '6s' }],
];

describe('A network share that is dead', () => {
  // Each of them waits for some seconds, so they wait together.
  const running = new Map<string, ReturnType<typeof publish>>();
  beforeAll(() => {
    if (process.platform === 'win32') return;
    for (const [what, config, { timeout = '2s' }] of CASES)
      running.set(what, publish({ ledger: local, ...config }, [...CASE, '--timeout', timeout]));
  });

  onPosix.each(CASES)(
    'that has %s holds nobody up, and what happened is told (skipped on Windows)',
    async (what, _config, end) => {
      const { words, posted = false, spooled = 0, logged } = end;
      const run = await running.get(what);
      expect(run?.stderr).toContain(words);
      expect(run).toMatchObject({ posted, spooled, logged });
      expect(run?.ms).toBeLessThan(20_000);
    },
  );

  onPosix('that has the configuration holds nobody up (skipped on Windows)', async () => {
    const run = await publish(sampleConfig(FEED), [...CASE, '--timeout', '1s', '--config', ON_SHARE]);
    expect(run.stderr).toContain(`cannot be used: ${WORDS}`);
    expect(run.posted).toBe(false);
  });
});
