// The man page: made from the table of the commands, and read by the program that shows man pages.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAN_PAGE, manPage } from '../../scripts/man-page';
import { EXIT_CODES } from '../../src/cli/exit-code';
import { commands, vocabulary } from '../../src/commands/index';

const root = join(__dirname, '..', '..');

/** A test with groff, which not every machine has. Where CI is set, it has to be there. */
const withGroff = spawnSync('groff', ['--version']).status === 0 || process.env['CI'] !== undefined ? it : it.skip;

/** As a terminal shows it, 80 columns wide and without bold. */
function shown(page: string): string {
  const { stdout, stderr, error } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-c', '-P-b', '-P-u'], {
    input: page,
    encoding: 'utf8',
  });
  expect({ stderr, error }).toEqual({ stderr: '', error: undefined });
  return stdout;
}

describe('The man page', () => {
  it('is in the package, where npm installs it', () => {
    const { man, files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { man: string; files: string[] };
    expect(man).toBe(MAN_PAGE);
    expect(files).toContain(MAN_PAGE);
    expect(readFileSync(join(root, MAN_PAGE), 'utf8')).toBe(manPage());
  });

  it('has every command, each option of it, and every exit code', () => {
    const [, ...parts] = manPage().split(/^\.S[SH] /m);
    for (const [name, { options }] of Object.entries(commands)) {
      const part = parts.find((each) => each.startsWith(`${name}\n`)) ?? '';
      expect(part.match(/(?<=^\.B )\\-\\-\S+/gm) ?? []).toEqual(
        options.map((option) => (vocabulary.options[option].flags.split(' ')[0] ?? '').replaceAll('-', '\\-')),
      );
    }
    const codes = parts.find((each) => each.startsWith('EXIT STATUS'))?.match(/(?<=^\.B )\d+$/gm);
    expect(codes).toEqual([...new Set(Object.values(EXIT_CODES).map(({ code }) => String(code)))]);
  });

  it('has no characters but ASCII, and no request that a text made', () => {
    const page = manPage();
    expect(page).toMatch(/^[\n -~]*$/);
    const requests = new Set(page.match(/^['.]\S*/gm));
    expect([...requests].sort()).toEqual([
      '.B',
      '.EE',
      '.EX',
      '.I',
      '.PP',
      '.SH',
      '.SS',
      '.TH',
      '.TP',
      '.\\"',
      '.ad',
      '.br',
      '.nh',
    ]);
  });

  withGroff('is shown without a warning, where groff is installed', () => {
    const text = shown(manPage());
    expect(text).toMatch(/^ +--destination-type <type>$/m);
    expect(text).toMatch(/^ +publish-activity Case 268435457 268435457 --dry-run +show the request, send nothing$/m);
    expect(text).toContain('host\\instance');
  });

  withGroff('shows every text as it is, where groff is installed', () => {
    const lines = ['.so /etc/passwd', "'br", '-a `b` ^~ "c" it’s', 'C:\\file \\fBnot bold\\fR \\n(yr'];
    const text = { usage: '[options]', summary: 'x', description: lines.join('\n'), options: [] };
    const page = shown(manPage({ ...vocabulary, commands: { odd: text } }));
    expect(page.replace(/\s+/g, ' ')).toContain(lines.join(' '));
  });
});
