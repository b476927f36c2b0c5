import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CONFIG_FILES, loadConfig, machineFolderOf, sourceOf, type Search } from '../../src/config/load';
import { checkConfig } from '../../src/config/check';
import { fileText, secret } from '../../src/core/shape';
import { readTextFile } from '../../src/io/regular-file';
import { env, parsers, partsWith, refusalOf, sample, temporaryFolder, write } from './configuration';

const top = temporaryFolder();
const [JSON_FILE, YAML_FILE, YML_FILE] = CONFIG_FILES;
let count = 0;

/** Folders of its own for each test, all empty. */
function emptyPlaces(): Search & {
  readonly cwd: string;
  readonly at: (place: 'cwd' | 'machine' | 'program' | 'elsewhere' | '.', name: string) => string;
} {
  count += 1;
  const at = (place: string, name: string) => join(top, String(count), place, name);
  for (const place of ['cwd', 'machine', 'program', 'elsewhere']) mkdirSync(at(place, ''), { recursive: true });
  const [cwd, machineFolder, programFolder] = [at('cwd', '.'), at('machine', '.'), at('program', '.')];
  return { given: undefined, env: {}, cwd, terminal: true, machineFolder, programFolder, at };
}
const load = (search: Search) => loadConfig(search, parsers);
const NAMED = { given: 'named by --config', variable: 'named by PUBLISH_ACTIVITY_CONFIG' };

describe('The configuration is found', () => {
  it('in the first place that has one', async () => {
    const places = emptyPlaces();
    const given = write(places.at('elsewhere', 'given.json'), '{ "at": "given" }');
    const variable = write(places.at('elsewhere', 'variable.json'), '{ "at": "variable" }');
    write(places.at('cwd', JSON_FILE), '{ "at": "cwd" }');
    write(places.at('machine', JSON_FILE), '{ "at": "machine" }');
    write(places.at('program', JSON_FILE), '{ "at": "program" }');
    const named = { PUBLISH_ACTIVITY_CONFIG: variable };

    expect(await load({ ...places, given, env: named })).toMatchObject({ file: given, how: NAMED.given, value: { at: 'given' } });
    expect(await load({ ...places, env: named })).toMatchObject({
      file: variable,
      how: NAMED.variable,
      value: { at: 'variable' },
    });
    expect(await load(places)).toMatchObject({ how: 'in the working directory', value: { at: 'cwd' } });
    expect(await load({ ...places, terminal: false })).toMatchObject({
      how: 'in the machine-wide folder',
      value: { at: 'machine' },
    });
    rmSync(places.at('machine', JSON_FILE));
    expect(await load({ ...places, terminal: false })).toMatchObject({ how: 'beside the program', value: { at: 'program' } });
  });

  it('by a name that is relative to the working directory, terminal or not', async () => {
    const places = { ...emptyPlaces(), terminal: false };
    const file = write(places.at('cwd', 'my.yaml'), 'a: 1');
    expect(await load({ ...places, given: 'my.yaml' })).toMatchObject({ file, value: { a: 1 } });
    expect(await load({ ...places, env: { PUBLISH_ACTIVITY_CONFIG: 'my.yaml' } })).toMatchObject({ file, value: { a: 1 } });
  });

  it('as JSON before YAML in one folder', async () => {
    const places = emptyPlaces();
    write(places.at('cwd', YML_FILE), 'at: yml');
    expect((await load(places)).value).toEqual({ at: 'yml' });
    write(places.at('cwd', YAML_FILE), 'at: yaml');
    expect((await load(places)).value).toEqual({ at: 'yaml' });
    write(places.at('cwd', JSON_FILE), '{ "at": "json" }');
    expect((await load(places)).value).toEqual({ at: 'json' });
  });

  it('where the variable is empty or a folder is missing', async () => {
    const places = emptyPlaces();
    rmSync(places.machineFolder, { recursive: true });
    write(places.cwd.replace(/cwd$/, 'file'), '');
    write(places.at('program', JSON_FILE), '{}');
    const search = { ...places, cwd: places.cwd.replace(/cwd$/, 'file'), env: { PUBLISH_ACTIVITY_CONFIG: '' } };
    expect((await load(search)).how).toBe('beside the program');
  });

  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', {}, '/etc/publish-activity'],
    ['darwin', { ProgramData: 'D:\\Data' }, '/etc/publish-activity'],
    ['win32', { ProgramData: 'D:\\Data' }, 'D:\\Data\\publish-activity'],
    ['win32', { PROGRAMDATA: 'D:\\Data' }, 'D:\\Data\\publish-activity'],
    ['win32', {}, 'C:\\ProgramData\\publish-activity'],
  ])('on %s with %j for the whole machine in %s', (platform, variables, folder) => {
    expect(machineFolderOf(platform, variables)).toBe(folder);
  });
});

describe('The configuration is refused', () => {
  const refusal = async (content: string | Uint8Array, name = 'a.json') => {
    const places = emptyPlaces();
    const file = write(places.at('elsewhere', name), content);
    const { message, result } = await refusalOf(load({ ...places, given: file }));
    expect(result).toBe('configuration');
    const start = `the configuration ${file} (${NAMED.given}) cannot be used: `;
    expect(message.slice(0, start.length)).toBe(start);
    return message.slice(start.length);
  };

  it.each<[string, string | Uint8Array, string, string]>([
    ['an empty file', '', 'a.json', 'it is empty'],
    ['a blank file', '\ufeff \r\n', 'a.json', 'it is empty'],
    ['an empty file', '', 'a.yaml', 'it is empty'],
    ['a blank file of UTF-16', Buffer.from('\ufeff \r\n', 'utf16le'), 'package.json', 'it is empty'],
    ['only a comment', '# nothing', 'a.yaml', 'it is empty'],
    ['nothing', 'null', 'package.json', 'it is empty'],
    ['an unknown format', '<a/>', 'a.xml', 'its name must end in .json, .yaml, .yml'],
    ['a program', 'module.exports = {}', 'a.js', 'its name must end in .json, .yaml, .yml'],
    ['bytes of Windows-1252', Uint8Array.of(0x22, 0xfc, 0x22), 'a.json', 'it is not UTF-8 text; save it as UTF-8'],
    ['bad JSON', '{\n"password": hush }', 'a.json', 'it is no valid JSON\n  line 2, column 13: invalid symbol'],
    [
      'bad YAML',
      'password: *hush',
      'a.yml',
      'it is no valid YAML\n  line 1, column 16: unidentified alias; a text that starts with * & ! or % stands in quotes',
    ],
    [
      'a key that is there twice',
      '{ "a": 1,\n"a": "hush" }',
      'a.json',
      'it is no valid JSON\n  line 2: the key "a" is there twice',
    ],
  ])('for %s', async (_, content, name, expected) => {
    expect(await refusal(content, name)).toBe(expected);
  });

  it('where it is named and missing', async () => {
    const places = emptyPlaces();
    write(places.at('program', JSON_FILE), '{}');
    const file = places.at('elsewhere', 'missing.json');
    for (const [search, how] of [
      [{ ...places, given: file }, NAMED.given],
      [{ ...places, env: { PUBLISH_ACTIVITY_CONFIG: file } }, NAMED.variable],
    ] as const) {
      const { message } = await refusalOf(load(search));
      expect(message).toBe(`the configuration ${file} (${how}) cannot be used: there is no such file`);
    }
  });

  it('instead of being passed over where it is a folder or leads nowhere', async () => {
    const places = emptyPlaces();
    write(places.at('machine', YAML_FILE), 'a: 1');
    write(places.at('program', JSON_FILE), '{}');
    mkdirSync(places.at('machine', JSON_FILE));
    expect((await refusalOf(load(places))).message).toMatch(/machine-wide folder\) cannot be used: it is a folder$/);
    rmSync(places.at('machine', JSON_FILE), { recursive: true });
    symlinkSync(places.at('elsewhere', 'nowhere'), places.at('machine', JSON_FILE), 'junction');
    expect((await refusalOf(load(places))).message).toMatch(/machine-wide folder\) cannot be used: there is no such file$/);
  });

  it('with every place that was looked at, where there is none', async () => {
    const places = emptyPlaces();
    const attended = await refusalOf(load(places));
    expect(attended.message.split('\n')).toEqual([
      `there is no configuration (${JSON_FILE}, ${YAML_FILE}, ${YML_FILE}) in any of these folders:`,
      `  ${places.cwd} (in the working directory)`,
      `  ${places.machineFolder} (in the machine-wide folder)`,
      `  ${places.programFolder} (beside the program)`,
    ]);
    expect(attended.hint).toBe(
      `make ${places.at('machine', JSON_FILE)}, or name a file with --config or PUBLISH_ACTIVITY_CONFIG`,
    );
    const unattended = await refusalOf(load({ ...places, terminal: false }));
    expect(unattended.message).not.toContain(places.cwd);
    expect(unattended.message).toContain(
      'The working directory is looked at only where a terminal is attached, and never on Windows.',
    );
  });
});

describe('A file is read', () => {
  const content = '{ "a": "Fälle" }';
  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(content)],
    ['UTF-8 with a byte-order mark', Buffer.from(`\ufeff${content}`)],
    ['UTF-16 of little end', Buffer.from(`\ufeff${content}`, 'utf16le')],
    ['UTF-16 of big end', Buffer.from(`\ufeff${content}`, 'utf16le').swap16()],
  ])('in %s', async (_, bytes) => {
    const places = emptyPlaces();
    const file = write(places.at('cwd', JSON_FILE), bytes);
    expect((await load(places)).value).toEqual({ a: 'Fälle' });
    const source = sourceOf(file, {}, readTextFile);
    expect(fileText().parse(JSON_FILE, { path: [], source })).toBe(content);
  });

  it.each([
    [content, 0],
    [`\ufeff${content}`, 0],
    ['{ "a": "\ufffd" }', 1],
  ])('by cosmiconfig alone, unless something in it may be no UTF-8: %j', async (text, times) => {
    const places = emptyPlaces();
    write(places.at('cwd', JSON_FILE), text);
    const readText = jest.fn(readTextFile);
    const loaded = await loadConfig(places, { ...parsers, readText });
    expect(loaded.value).toEqual(JSON.parse(text.replace('\ufeff', '')));
    expect(readText).toHaveBeenCalledTimes(times);
  });

  it('with the lines of its keys', async () => {
    const places = emptyPlaces();
    write(places.at('cwd', JSON_FILE), '\ufeff{\n"a": {\n"b": 1 } }');
    expect((await load(places)).lineOf(['a', 'b'])).toBe(3);
  });

  it('and a reader that fails is a fault of ours, not of the file', async () => {
    const places = emptyPlaces();
    write(places.at('cwd', JSON_FILE), content);
    const fault = new Error('a reader fell over');
    await expect(loadConfig(places, { ...parsers, json: () => Promise.reject(fault) })).rejects.toBe(fault);
  });

  it('whatever the case of its ending, and whole if its name begins with package', async () => {
    const places = emptyPlaces();
    for (const name of ['MY.JSON', 'package.json', 'package.yaml']) {
      const file = write(places.at('elsewhere', name), content);
      expect((await load({ ...places, given: file })).value).toEqual({ a: 'Fälle' });
    }
  });

  it('for a secret as PowerShell writes it', () => {
    const places = emptyPlaces();
    const file = write(places.at('elsewhere', 'secret.txt'), Buffer.from('\ufeffhush\r\n', 'utf16le'));
    const parsed = secret().parse({ file: 'secret.txt' }, { path: [], source: sourceOf(file, {}, readTextFile) });
    expect(parsed?.reveal()).toBe('hush');
  });
});

describe('The working directory', () => {
  it('is not obeyed and nothing in it is executed, nor in the folders above it', () => {
    const places = emptyPlaces();
    const marker = places.at('elsewhere', 'marker');
    for (const name of [
      join('.config', 'config.js'),
      'publish-activity.config.js',
      '.publish-activityrc.js',
      '.publish-activityrc',
    ]) {
      write(places.at('cwd', name), programThatLeaves(marker));
      write(places.at('.', name), programThatLeaves(marker));
    }
    write(places.at('cwd', 'evil.json'), '{ "at": "evil" }');
    write(places.at('machine', JSON_FILE), '{ "at": "machine" }');
    const found = { file: places.at('machine', JSON_FILE), how: 'in the machine-wide folder', value: { at: 'machine' } };
    expect(JSON.parse(runIn(places.cwd, loadWith(places)))).toEqual(found);
    expect(existsSync(marker)).toBe(false);

    // What was planted is alive: cosmiconfig executes it as soon as it is called by somebody who is still there.
    runIn(places.cwd, `(await import(${urlOf(require.resolve('cosmiconfig'))})).cosmiconfigSync('publish-activity')`);
    expect(existsSync(marker)).toBe(true);

    const options = { searchPlaces: ['evil.json'], searchStrategy: 'global', mergeSearchPlaces: true };
    for (const place of ['cwd', '.'] as const) {
      const content = JSON.stringify({ cosmiconfig: options, 'publish-activity': { at: 'package' } });
      write(places.at(place, 'package.json'), content);
    }
    expect(JSON.parse(runIn(places.cwd, loadWith(places)))).toEqual(found);
  });

  it.each(['a.js', 'a.cjs', 'a.mjs', 'a.ts', 'a'])('has no configuration that is a program: %s is not executed', (name) => {
    const places = emptyPlaces();
    const marker = places.at('elsewhere', 'marker');
    const given = write(places.at('cwd', name), programThatLeaves(marker));
    expect(runIn(places.cwd, loadWith({ ...places, given }))).toContain('its name must end in .json, .yaml, .yml');
    expect(existsSync(marker)).toBe(false);
  });

  const programThatLeaves = (file: string) =>
    `require('node:fs').writeFileSync(${JSON.stringify(file)}, ''); module.exports = {};`;
  // A process of its own, because what is planted would run in the world of Jest, or after it.
  const runIn = (cwd: string, code: string) =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd, encoding: 'utf8' });
  const urlOf = (file: string) => JSON.stringify(pathToFileURL(file).href);
  /** Finds the configuration as the program does, which leaves the working directory first. */
  const loadWith = (search: Search) => `
    const { importTs } = await import(${urlOf(join(__dirname, '..', '..', 'scripts', 'compile-ts.mjs'))});
    const { loadConfig } = await importTs('src/config/load.ts');
    const files = await importTs('src/io/regular-file.ts');
    const parsers = { refuseUnlessText: files.refuseUnlessTextAt, readText: files.readTextFile, whenReachable: files.whenReachable };
    const json = () => (text) => ({ value: JSON.parse(text), problems: [] });
    process.chdir(${JSON.stringify(search.programFolder)});
    const loaded = loadConfig(${JSON.stringify(search)}, { ...parsers, json });
    console.log(await loaded.then(JSON.stringify, ({ message }) => message));`;

  it.each([
    ['a program', './other.js'],
    ['data', './other.json'],
    ['itself', `./${JSON_FILE}`],
    ['no text', 5],
  ])('gives nothing to a key $import of %s', async (_, $import) => {
    const places = emptyPlaces();
    const marker = places.at('elsewhere', 'marker');
    write(places.at('cwd', 'other.js'), `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`);
    write(places.at('cwd', 'other.json'), JSON.stringify({ tags: ['imported'] }));
    write(places.at('cwd', JSON_FILE), JSON.stringify({ $import, ...sample, tags: undefined }));
    const loaded = await load(places);
    expect(loaded.value).toEqual({ $import, ...sample, tags: undefined });
    const { message } = await refusalOf(checkConfig(loaded, sourceOf(loaded.file, env, readTextFile), partsWith({})));
    expect(message).toContain('$import: is no key that belongs here');
    expect(existsSync(marker)).toBe(false);
  });
});
