// What the scripts of `completion` are made of, and how each shell's texts are quoted. The real shells are asked in tests/cli.

import { readArguments } from '../../src/clarify/arguments';
import { objectTypes } from '../../src/clarify/object-types/index';
import { vocabulary } from '../../src/commands/index';
import type { Vocabulary } from '../../src/commands/command';
import { bashScript } from '../../src/commands/installation/completion/bash';
import { fill } from '../../src/commands/installation/completion/fill';
import { fishScript } from '../../src/commands/installation/completion/fish';
import { powershellScript } from '../../src/commands/installation/completion/powershell';
import { namesUnder, shellWords, textsUnder } from '../../src/commands/installation/completion/words';
import { zshScript } from '../../src/commands/installation/completion/zsh';

const LISTS = { objectType: ['case'], destination: ['feed'], check: ['dns'], shell: ['bash'] };

/** A table that changes with no command. */
const SMALL: Vocabulary = {
  commands: {
    publish: { usage: '<objectType> <dbId> [options]', summary: 'publish', description: '', options: ['dryRun'] },
    test: { usage: '<destination> [options]', summary: 'the CRM’s test', description: '', options: ['as'] },
    rule: { usage: '[<objectType>...] [options]', summary: "print 'rules'", description: '', options: ['destination'] },
  },
  options: vocabulary.options,
  globalOptions: { config: vocabulary.globalOptions.config },
};
const NAMES = ['feed', '$(x)', "it's", 'a b', 'a:b', 'a`b', 'a"b', '-x', 'a;b', '*', 'a\\b', 'it’s', 'Zürich\\'];
const words = shellWords(SMALL, { objectType: ['case', 'subcase'], destination: NAMES });

describe('The words of completion', () => {
  const made = shellWords(vocabulary, LISTS);
  const commandNamed = (name: string) => made.commands.find((command) => command.name === name);

  it('are every command with its options and those of all commands', () => {
    expect(made.commands.map(({ name }) => name)).toEqual(Object.keys(vocabulary.commands));
    expect(commandNamed('resolve')?.options.map(({ flag }) => flag)).toEqual([
      '--as',
      '--config',
      '--timeout',
      '--json',
      '--quiet',
      '--verbose',
      '--help',
    ]);
  });

  it('know from the usage of a command what its words are', () => {
    const taken = (list: string) => made.commands.filter((command) => command.list === list).map(({ name }) => name);
    expect(taken('objectType')).toEqual(['publish', 'preview', 'why', 'show', 'rule']);
    expect(taken('destination')).toEqual(['test']);
    expect(taken('check')).toEqual(['doctor']);
    expect(taken('shell')).toEqual(['completion']);
    expect(made.commands.filter(({ repeats }) => repeats).map(({ name }) => name)).toEqual(['rule', 'doctor']);
  });

  it('are those of all lists that a usage names', () => {
    const { commands, lists } = shellWords(vocabulary, { ...LISTS, entryType: ['appointment', 'case'] });
    expect(commands.find(({ name }) => name === 'why')).toMatchObject({ list: 'objectType_entryType', repeats: false });
    expect(lists['objectType_entryType']).toEqual(['case', 'appointment']);
    expect(commands.find(({ name }) => name === 'show')).toMatchObject({ list: 'objectType' });
  });

  it('know what an option takes', () => {
    const values = new Map(made.options.map(({ flag, value }) => [flag, value]));
    expect([...values].filter(([, value]) => value === 'file').map(([flag]) => flag)).toEqual(['--config', '--from', '--output']);
    expect(values.get('--json')).toBeUndefined();
    expect(values.get('--as')).toBe('--as');
    expect(made.lists['--as']).toEqual(['delivered', 'undelivered', 'crm', 'groupware', 'both']);
    expect(values.get('--rule')).toBe('');
  });

  it('are object types that the command line understands', () => {
    for (const { name } of objectTypes) expect(readArguments([name, '1'], '', objectTypes).objectType).toBe(name);
  });

  it('are names as they stand in the file, without those that nobody can type', () => {
    const value = { destinations: { feed: 1, '': 1, 'a\nb': 1, 'a\u001bb': 1, '$(x)': 1 } };
    expect(namesUnder(value, ['destinations'])).toEqual(['feed', '$(x)']);
    for (const other of [undefined, null, 7, [], { destinations: ['feed'] }])
      expect(namesUnder(other, ['destinations'])).toEqual([]);
    expect(namesUnder({}, ['constructor'])).toEqual([]);
    const users = { groupware: { users: ['ann', 'a\nb', 7, ''] } };
    expect(textsUnder(users, ['groupware', 'users'])).toEqual(['ann']);
    for (const other of [undefined, { groupware: { users: 'all' } }, { groupware: { users: { group: 'East' } } }])
      expect(textsUnder(other, ['groupware', 'users'])).toEqual([]);
  });
});

describe('The scripts of completion', () => {
  const lineWith = (text: string, start: string) => text.split('\n').find((line) => line.includes(start));

  it('quote names for bash and zsh', () => {
    const list = `list=('feed' '$(x)' 'it'\\''s' 'a b' 'a:b' 'a\`b' 'a"b' '-x' 'a;b' '*' 'a\\b' 'it’s' 'Zürich\\') ;;`;
    expect(lineWith(bashScript(words), "'destination')")).toBe(`    'destination') ${list}`);
    expect(lineWith(zshScript(words), "'destination')")).toBe(`    'destination') ${list}`);
  });

  it('quote names for fish', () => {
    expect(lineWith(fishScript(words), "'$(x)'")).toBe(
      `            printf '%s\\n' 'feed' '$(x)' 'it\\'s' 'a b' 'a:b' 'a\`b' 'a"b' '-x' 'a;b' '*' 'a\\\\b' 'it’s' 'Zürich\\\\'`,
    );
  });

  it('quote names for PowerShell, in ASCII', () => {
    const script = powershellScript(words);
    expect(lineWith(script, "'$(x)'")).toBe(
      `        'destination' = @('feed', '$(x)', 'it''s', 'a b', 'a:b', 'a\`b', 'a"b', '-x', 'a;b', '*', 'a\\b', ` +
        `[regex]::Unescape('it\\u2019s'), [regex]::Unescape('Z\\u00fcrich\\\\'))`,
    );
    expect(script).toMatch(/^[\n -~]*$/);
  });

  it('are for PowerShell as they were recorded', () => {
    expect(powershellScript(words)).toMatchSnapshot();
  });

  it('leave no part of theirs open', () => {
    expect(() => fill('  @lists\n', {})).toThrow('a script asks for lists, which nobody makes');
    expect(() => fill('', { lists: [] })).toThrow('a script has no place for lists');
    expect(fill('  @one\n@two\n', { one: ['a', 'b'], two: ['$&'] })).toBe('  a\n  b\n$&\n');
    for (const script of [bashScript, zshScript, fishScript, powershellScript]) expect(script(words)).not.toMatch(/^ *@\w+$/m);
  });
});
