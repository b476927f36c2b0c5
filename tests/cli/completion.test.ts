// `completion` as a person at a shell meets it: the printed script, read by the shell that it is for. PowerShell's is compared with a
// recorded text in tests/commands.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, onPosix } from '../support/program';

jest.setTimeout(60_000);

/** Names that mean something to one shell or another. The check of the configuration refuses them, and completion does not check. */
const NAMES = ['feed', '$(touch x)', "it's", 'a b', 'a:b', 'a`b', 'a"b', '-x', 'a;b', '*', 'a\\b'];
const UNTYPABLE = 'two\nlines';

const config = {
  clarify: { objectTypes: { tower: {} } },
  destinations: Object.fromEntries([...NAMES, UNTYPABLE].map((name) => [name, {}])),
  groupware: { users: ['ann', 'Bob B', 7], people: { cat: {} }, kinds: { visit: {}, dispatch: { off: true } } },
};
const support = join(__dirname, '..', 'support', 'completion');

/** A test in a shell that not every machine has. Where CI is set, it has to be there. */
const inShell = (shell: string) => {
  const isThere = spawnSync(shell, ['--version']).status === 0;
  return isThere || process.env['CI'] !== undefined ? it : it.skip;
};

/** Prints the script of a shell into a file, in a folder where nothing else may come to be. */
async function printed(shell: string): Promise<{ readonly folder: string; readonly script: string }> {
  const { folder, run } = install(config);
  const { stdout, stderr, code } = await run(['completion', shell]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const script = join(folder, 'script');
  writeFileSync(script, stdout);
  return { folder, script };
}

function linesOf(folder: string, program: string, args: readonly string[]): readonly string[] {
  const { stdout, stderr, error } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  expect({ stderr, error }).toEqual({ stderr: '', error: undefined });
  return stdout.split('\n').slice(0, -1);
}

describe('completion bash', () => {
  const cases: readonly (readonly [line: string, pieces: readonly string[], offered: readonly string[]])[] = [
    ['pa stat', ['stat'], ['status']],
    ['pa sub', ['sub'], ['subcase']],
    ['pa publish tow', ['publish', 'tow'], ['tower']],
    ['pa rule case sub', ['rule', 'case', 'sub'], ['subcase']],
    ['pa show case sub', ['show', 'case', 'sub'], []],
    ['pa case 1 --ru', ['case', '1', '--ru'], ['--rule']],
    ['pa --config x.json stat', ['--config', 'x.json', 'stat'], ['status']],
    ['pa resolve 1 --as ', ['resolve', '1', '--as', ''], ['delivered', 'undelivered', 'crm', 'groupware', 'both']],
    ['pa resolve 1 --as=un', ['resolve', '1', '--as', '=', 'un'], ['undelivered']],
    ['pa list --state in', ['list', '--state', 'in'], ['in-doubt', 'intended']],
    ['pa list --object-type al', ['list', '--object-type', 'al'], ['alert']],
    ['pa init --destination-type=', ['init', '--destination-type', '='], expect.arrayContaining(['slack', 'email']) as string[]],
    ['pa list --state li', ['list', '--state', 'li'], ['linked']],
    ['pa sync --user ', ['sync', '--user', ''], ['ann', 'Bob\\ B', 'cat']],
    ['pa why v', ['why', 'v'], ['visit']],
    ['pa why app', ['why', 'app'], ['appointment']],
    ['pa why disp', ['why', 'disp'], []],
    ['pa show app', ['show', 'app'], []],
    ['pa doctor tab', ['doctor', 'tab'], ['tables']],
    ['pa completion ', ['completion', ''], ['bash', 'zsh', 'fish', 'powershell']],
    ['pa init --output ', ['init', '--output', ''], ['compopt -o default']],
    ['pa --config=', ['--config', '='], ['compopt -o default']],
    ['pa test f', ['test', 'f'], ['feed']],
    ['pa test \\$', ['test', '\\$'], ['\\$\\(touch\\ x\\)']],
    ["pa test '$", ['test', "'$"], ['$(touch x)']],
    ['pa test "\\$', ['test', '"\\$'], ['\\$(touch x)']],
    ['pa test it', ['test', 'it'], ["it\\'s"]],
    ["pa test 'it", ['test', "'it"], ["it'\\''s"]],
    ['pa test a', ['test', 'a'], ['a\\ b', 'a:b', 'a\\`b', 'a\\"b', 'a\\;b', 'a\\\\b']],
    ['pa test "a', ['test', '"a'], ['a b', 'a:b', 'a\\`b', 'a\\"b', 'a;b', 'a\\\\b']],
    ['pa test a:', ['test', 'a', ':'], ['b']],
    ['pa list --destination=a:b', ['list', '--destination', '=', 'a', ':', 'b'], ['b']],
    ['pa test a: ', ['test', 'a', ':', ''], expect.arrayContaining(['--dry-run']) as string[]],
    ['pa test *', ['test', '\\*'], ['\\*']],
    ['pa test -- -', ['test', '--', '-'], ['-x']],
    ['pa list --destination -', ['list', '--destination', '-'], ['-x']],
  ];

  onPosix('offers what may stand in a place, so that the shell reads it as it is called, and runs nothing', async () => {
    const { folder, script } = await printed('bash');
    const before = readdirSync(folder);
    for (const [line, pieces, offered] of cases) {
      const found = linesOf(folder, 'bash', [join(support, 'ask.bash'), script, line, 'pa', ...pieces]);
      expect([line, found]).toEqual([line, offered]);
    }
    expect(linesOf(folder, 'bash', [join(support, 'ask.bash'), script, 'pa test -', 'pa', 'test', '-'])).not.toContain('-x');
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('completion zsh', () => {
  inShell('zsh')('completes a line as it is typed, where zsh is installed', async () => {
    const { folder, script } = await printed('zsh');
    const typed = new Map([
      ['statu', 'status '],
      ['sub', 'subcase '],
      ['publish tow', 'publish tower '],
      ['rule case sub', 'rule case subcase '],
      ['case 1 --ru', 'case 1 --rule '],
      ['list --obj', 'list --object-type '],
      ['resolve 1 --as=u', 'resolve 1 --as=undelivered '],
      ['--config scr', '--config script '],
      ['--config=scr', '--config=script '],
      ['test fe', 'test feed '],
      ['test \\$', 'test \\$\\(touch\\ x\\) '],
      ["test '$", "test '$(touch x)' "],
      ["test 'it", "test 'it'\\''s' "],
      ['test a\\ ', 'test a\\ b '],
      ['test a:', 'test a:b '],
      ['test a\\`', 'test a\\`b '],
      ['test a\\"', 'test a\\"b '],
      ['test a\\;', 'test a\\;b '],
      ['test a\\\\', 'test a\\\\b '],
      ['test \\*', 'test \\* '],
      ['test -- -', 'test -- -x '],
      ['list --destination=\\$', 'list --destination=\\$\\(touch\\ x\\) '],
    ]);
    const lines = [...typed.keys()].map((line) => `publish-activity ${line}`);
    const shown = linesOf(folder, 'zsh', ['-f', join(support, 'ask.zsh'), script, ...lines]);
    expect(shown).toEqual([...typed.values()].map((line) => `publish-activity ${line}`));
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});

describe('completion fish', () => {
  inShell('fish')('offers words with what they are for, where fish is installed', async () => {
    const { folder, script } = await printed('fish');
    const ask = (line: string) =>
      linesOf(folder, 'fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', script, `publish-activity ${line}`]);
    const wordsOf = (line: string) => ask(line).map((each) => each.split('\t')[0]);
    expect(ask('statu')).toEqual([expect.stringMatching(/^status\twhat is due/)]);
    expect(wordsOf('test ').sort()).toEqual(NAMES.filter((name) => name !== '-x').sort());
    expect(wordsOf('test -- ').sort()).toEqual([...NAMES].sort());
    expect(wordsOf('list --destination ').sort()).toEqual([...NAMES].sort());
    expect(wordsOf('publish tow')).toEqual(['tower']);
    expect(wordsOf('rule case sub')).toEqual(['subcase']);
    expect(wordsOf('show case sub')).toEqual([]);
    expect(ask('case 1 --ru')).toEqual([expect.stringMatching(/^--rule\tsay which rule/)]);
    expect(wordsOf('status --ru')).toEqual([]);
    expect(wordsOf('resolve 1 --as ')).toEqual(['both', 'crm', 'delivered', 'groupware', 'undelivered']);
    expect(wordsOf('resolve 1 --as=un')).toEqual(['--as=undelivered']);
    expect(wordsOf('--config scr')).toEqual(['script']);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])(
    'prints the script of %s without names where no configuration can be read',
    async (shell) => {
      for (const broken of ['{ "destinations": { "feed": ', '[1]', '{ "destinations": 7 }']) {
        const { run, log } = install(broken);
        const { code, stdout, stderr } = await run(['completion', shell]);
        expect({ code, stderr, log: log() }).toEqual({ code: 0, stderr: '', log: [] });
        expect(stdout).toMatch(/subcase/);
        expect(stdout).toMatch(/destination'? *(\)|=|$)/m);
      }
      const { run } = install({});
      expect(await run(['completion', shell, '--config', 'nowhere.json'])).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('names the shells that there are', async () => {
    const { run } = install(config);
    for (const [words, message] of [
      [['csh'], 'there is no completion for "csh"'],
      [['bash', 'zsh'], 'there is no completion for "bash zsh"'],
      [[], 'for which shell?'],
    ] as const) {
      const { code, stdout, stderr } = await run(['completion', ...words]);
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
      expect(stderr).toContain(message);
      expect(stderr).toContain('bash, zsh, fish, powershell');
    }
  });

  it('is an object with --json', async () => {
    const { stdout } = await install(config).run(['completion', 'fish', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 1,
      shell: 'fish',
      script: expect.stringContaining('complete -c') as string,
    });
  });
});
