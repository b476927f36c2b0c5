import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../../src/destinations/exec/index';
import { processRunner } from '../../src/io/process';
import { realWorld } from '../../src/world';
import { BUSY_MS } from '../support/busy';
import { attempt, checkOptions, optionsOf, sampleDelivery } from '../support/destination';
import { onPosix } from '../support/program';
import { FAULTS, describeDestination } from './suite';

const TOKEN = 'tö:ken/+&=100%';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'publish-activity-exec-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Reads the whole input into `input`, then does the rest. */
const READ = "let input = ''; process.stdin.setEncoding('utf8').on('data', (part) => (input += part)).on('end', () => {";

/** A program that reads its input and then does what is given; the configuration that runs it. */
function program(then: string, changes: Readonly<Record<string, unknown>> = {}) {
  return script(`${READ} ${then} });`, changes);
}

function script(source: string, changes: Readonly<Record<string, unknown>> = {}) {
  const file = join(folder, 'program.js');
  writeFileSync(file, `const { join } = require('node:path'), fs = require('node:fs'); ${source}`);
  return { command: process.execPath, args: [file], ...changes };
}

const run = (raw: unknown, setup: Parameters<typeof attempt>[2] = {}) => attempt(exec, optionsOf(exec, raw), setup);

// Being refused for a wrong command line would be a mistake of the configuration, so the program itself looks what is to go wrong.
const FAULTY = `
  const fault = fs.existsSync(join(__dirname, 'fault')) ? fs.readFileSync(join(__dirname, 'fault'), 'utf8') : '';
  const echo = [process.env.TOKEN, encodeURIComponent(process.env.TOKEN), Buffer.from(process.env.TOKEN).toString('base64')].join(' ');
  const end = (code) => { console.error('first line\\nfor you: ' + echo); console.log(echo); process.exitCode = code; };
  if (fault === 'crash') process.kill(process.pid, 'SIGKILL');
  else if (fault === 'hang') setInterval(() => {}, 1000);
  else if (fault !== '') end(Number(fault));
  else { fs.writeFileSync(join(__dirname, JSON.parse(input).delivery + '.post'), input); console.log('post-1'); }`;

describeDestination('exec', exec, FAULTS, () => {
  const raw = program(FAULTY, { env: { TOKEN: { env: 'SECRET' } } });
  const fault = (code: string) => () => writeFileSync(join(folder, 'fault'), code);
  return Promise.resolve({
    raw,
    env: { SECRET: TOKEN },
    faults: {
      unreachable: fault('75'),
      'login refused': fault('77'),
      'message refused': fault('65'),
      overloaded: fault('75'),
      'cut off after sending': fault('crash'),
      'silent after sending': fault('hang'),
      'nonsense as success': fault('1'),
    },
    posted: () => readdirSync(folder).filter((name) => name.endsWith('.post')).length,
    close: () => Promise.resolve(),
  });
});

describe('the configuration of exec', () => {
  it.each([
    [{ command: 'notify.cmd' }, 'is a batch file'],
    [{ command: 'C:\\scripts\\Notify.BAT ' }, 'powershell.exe with -File'],
    [{ command: '' }, 'is empty'],
    [{ command: 'apprise -b x', args: 'x' }, 'is a text, not a list'],
    [{ command: 'apprise', args: ['a\0b'] }, 'is not a word without a NUL character'],
    [{ command: 'apprise', env: { 'A B': 'x' } }, 'is not the name of an environment variable'],
    [{ command: 'apprise', env: { A: { env: 'NOT_SET' } } }, 'the environment variable NOT_SET is not set'],
    [{ command: 'apprise', timeLimit: '1d' }, 'is not a duration'],
  ])('does not take %j', (raw, message) => {
    expect(checkOptions(exec, raw).problems.map((problem) => problem.message)).toContainEqual(expect.stringContaining(message));
  });

  it('knows a repeat as safe where the program drops it', () => {
    const { repeat } = exec;
    if (typeof repeat !== 'object') throw new Error('it depends on the options');
    expect([false, true].map((dropsRepeats) => repeat.of(optionsOf(exec, { command: 'x', dropsRepeats })))).toEqual([
      'unsafe',
      'safe',
    ]);
  });
});

describe('what the program gets', () => {
  it('is the delivery as one line of JSON, without what must not leave the house', () => {
    const { input } = exec.encode(sampleDelivery(), optionsOf(exec, { command: 'x' }));
    expect(input).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(input)).toEqual({
      format: 1,
      delivery: sampleDelivery().id,
      destination: 'stream',
      thread: sampleDelivery().thread.key,
      message: Object.fromEntries(Object.entries(sampleDelivery().message).filter(([key]) => key !== 'actorEmail')),
    });
    expect(input).not.toContain('bob.agent@example.com');
  });

  it('is shown by a dry run, but for the values of variables', () => {
    const options = optionsOf(exec, {
      command: 'apprise',
      args: ['-c', 'my file', ''],
      cwd: folder,
      env: { TOKEN: 'abcdef', LANG: 'C' },
    });
    const preview = exec.preview(exec.encode(sampleDelivery(), options), options);
    expect(preview).toMatchObject({
      line: 'RUN apprise -c "my file" ""',
      headers: { 'In the folder': folder, 'With the variables': 'TOKEN, LANG' },
      body: expect.stringContaining('\n  "format": 1,\n'),
    });
  });

  it('is exactly the arguments of the configuration, whatever a shell would make of them', async () => {
    const words = ['$HOME', '%PATH%', 'a b', '"', "'", '&& exit 1', '*', '', '\\', 'x\ny', '; rm -rf .'];
    const raw = program("console.log(JSON.stringify(process.argv.slice(2)).length + ':' + process.argv.slice(2).length)");
    const outcome = await run({ ...raw, args: [...raw.args, ...words] });
    expect(outcome).toMatchObject({ receipt: { id: `${JSON.stringify(words).length}:${words.length}` } });
  });

  it('is its folder, its variables, and of ours only those that every program needs', async () => {
    process.env['PUBLISH_ACTIVITY_TEST_SECRET'] = 'leak';
    try {
      const raw = program("fs.writeFileSync('seen.json', JSON.stringify([process.cwd(), process.env]))", {
        cwd: folder,
        env: { PLAIN: 'text', TOKEN: { env: 'SECRET' }, PATH: 'mine' },
      });
      await attempt(exec, optionsOf(exec, raw, { SECRET: TOKEN }));
    } finally {
      delete process.env['PUBLISH_ACTIVITY_TEST_SECRET'];
    }
    const [cwd, env] = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')) as [string, Record<string, string>];
    expect(cwd).toMatch(/publish-activity-exec-/);
    expect(env).toMatchObject({ PLAIN: 'text', TOKEN, PATH: 'mine' });
    expect(env).not.toHaveProperty('PUBLISH_ACTIVITY_TEST_SECRET');
  });

  it.each([
    ['win32', ['PATH']],
    ['linux', ['PATH', 'Path']],
  ] as const)('holds no variable twice that %s takes for one', async (platform, names) => {
    const { args } = program("fs.writeFileSync(join(__dirname, 'seen.json'), JSON.stringify(process.env))");
    const world = { ...realWorld(), platform, env: { Path: 'ours' } };
    const request = { command: process.execPath, args, env: { PATH: 'mine' }, input: '' };
    await processRunner(world)(request, new AbortController().signal);
    const env = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')) as Record<string, string>;
    expect(
      Object.keys(env)
        .filter((name) => /^path$/i.test(name))
        .sort(),
    ).toEqual([...names].sort());
    expect(env).toMatchObject({ PATH: 'mine' });
  });
});

describe('how the program ends', () => {
  it.each([
    [0, { kind: 'delivered', receipt: {} }],
    [
      1,
      {
        kind: 'unknown',
        reason: 'the program ended with exit code 1: it does not say whether it posted anything; it says "the last line"',
      },
    ],
    [2, { kind: 'unknown' }],
    [63, { kind: 'unknown' }],
    [
      64,
      {
        kind: 'retry',
        needsRepair: true,
        reason: 'the program ended with exit code 64: it was called wrongly; it says "the last line"',
      },
    ],
    [65, { kind: 'rejected' }],
    [66, { kind: 'retry', needsRepair: true }],
    [67, { kind: 'retry', needsRepair: true }],
    [68, { kind: 'retry', needsRepair: true }],
    [69, { kind: 'rejected' }],
    [70, { kind: 'unknown' }],
    [74, { kind: 'unknown' }],
    [75, { kind: 'retry', reason: 'the program ended with exit code 75: it asks to come back later; it says "the last line"' }],
    [76, { kind: 'unknown' }],
    [77, { kind: 'rejected', loginRefused: true }],
    [78, { kind: 'retry', needsRepair: true }],
    [127, { kind: 'unknown' }],
    [255, { kind: 'unknown' }],
  ])('with %d', async (code, outcome) => {
    expect(await run(program(`console.error('warning\\nthe last line\\n'); process.exitCode = ${code};`))).toEqual(
      expect.objectContaining(outcome),
    );
  });

  it.each([
    ['an id', "console.log('  \\nid 42 \\nsecond')", { id: 'id 42' }],
    ['an address', "console.log('https://example.com/posts/1?a=b')", { permalink: 'https://example.com/posts/1?a=b' }],
    ['an address with a login', "console.log('https://a:b@example.com/')", {}],
    ['no address', "console.log('https://')", {}],
    ['nothing', '', {}],
    ['a line that steers a terminal', "console.log('\\x1b[31mid\\u2028x')", { id: '[31mid x' }],
    ['an endless line', "console.log('x'.repeat(1e6))", { id: `${'x'.repeat(199)}…` }],
  ])('the receipt of a program that prints %s', async (_, then, receipt) => {
    expect(await run(program(then))).toEqual({ kind: 'delivered', receipt });
  });

  it('is no receipt that shows a secret', async () => {
    const raw = program("console.log('https://example.com/?token=' + encodeURIComponent(process.env.TOKEN))", {
      env: { TOKEN: { env: 'SECRET' } },
    });
    const outcome = await attempt(exec, optionsOf(exec, raw, { SECRET: TOKEN }));
    expect(outcome).toEqual({ kind: 'delivered', receipt: { permalink: 'https://example.com/?token=***' } });
  });

  it.each([
    ['does not read its input', 'process.exitCode = 0;'],
    ['closes its input', "process.stdin.destroy(); console.log('fine');"],
  ])('is fine where it %s', async (_, source) => {
    const delivery = sampleDelivery({ body: 'x'.repeat(3_000_000) });
    expect(await run(script(source), { delivery })).toMatchObject({ kind: 'delivered' });
  });

  it('takes an output of any length to its end, and keeps little of it', async () => {
    const much =
      "console.log('first'); for (let i = 0; i < 200; i++) { console.log('o'.repeat(1e5)); console.error('e'.repeat(1e5)); }";
    const failing = `${much} console.error('last words'); process.exitCode = 65;`;
    expect(await run(program(much))).toEqual({ kind: 'delivered', receipt: { id: 'first' } });
    expect(await run(program(failing))).toMatchObject({
      kind: 'rejected',
      reason: expect.stringMatching(/; it says "last words"$/),
    });
  });

  it('is a kill where it takes too long, also of what it started, in the time that it has', async () => {
    const alive = join(folder, 'alive');
    const child = `setInterval(() => require('node:fs').writeFileSync(${JSON.stringify(alive)}, ''), 20)`;
    const raw = script(
      `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });
       console.error('waiting'); setInterval(() => {}, 1000);`,
      { timeLimit: '700ms' },
    );
    const begin = Date.now();
    expect(await run(raw)).toEqual({ kind: 'unknown', reason: 'the program took too long and was killed; it says "waiting"' });
    expect(Date.now() - begin).toBeLessThan(700 + BUSY_MS);
    if (process.platform === 'win32') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
    rmSync(alive, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(readdirSync(folder)).not.toContain('alive');
  });

  it('does not wait for what it leaves behind', async () => {
    const raw = script(
      "require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 9000)'], { stdio: 'inherit' }).unref(); console.log('id');",
    );
    const begin = Date.now();
    expect(await run(raw)).toEqual({ kind: 'delivered', receipt: { id: 'id' } });
    expect(Date.now() - begin).toBeLessThan(BUSY_MS);
  });

  onPosix('is a signal of somebody else (skipped on Windows, which has none)', async () => {
    const outcome = await run(script("process.kill(process.pid, 'SIGKILL')"));
    expect(outcome).toEqual({ kind: 'unknown', reason: 'the program was ended by SIGKILL' });
  });

  it.each([
    ['there is no such program', 'no-such-program-anywhere', 'ENOENT'],
    ['there is no such file', join('.', 'no', 'such', 'file'), 'ENOENT'],
  ])('is no begin where %s', async (_, command, code) => {
    expect(await run({ command })).toEqual({
      kind: 'retry',
      needsRepair: true,
      reason: `the program could not be started: there is no such program or folder (${code})`,
    });
  });

  it('is no begin where we may not run it', async () => {
    const file = join(folder, 'not-executable');
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    expect(await run({ command: file })).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('could not be started'),
    });
  });

  it('hands a hostile text over as it is', async () => {
    const title = '$(reboot) `id` \u0000 \ud83c \u2028 "';
    const raw = program("fs.writeFileSync(join(__dirname, 'seen.json'), input)");
    expect(await run(raw, { delivery: sampleDelivery({ title }) })).toMatchObject({ kind: 'delivered' });
    const seen = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')) as { message: { title: string } };
    expect(seen.message.title).toBe(title);
  });
});
