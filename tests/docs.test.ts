// Keeps the pages for people true: links, command lines, examples of the configuration. Their generated parts are kept by `npm run docs`.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readArguments } from '../src/clarify/arguments';
import { objectTypes } from '../src/clarify/object-types/index';
import { readCommandLine } from '../src/cli/program';
import { vocabulary } from '../src/commands/index';
import { destinationTypes } from '../src/destinations/index';
import { NEWEST_VERSION } from '../src/ledger/schema';
import { checkConfiguration } from '../src/parts/configuration';

const root = join(__dirname, '..');
const pagesIn = (...folder: readonly string[]) =>
  readdirSync(join(root, ...folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(...folder, file));
const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...pagesIn('docs'),
  ...pagesIn('docs', 'decisions'),
];
const guides = ['README.md', join('docs', 'destinations.md'), join('docs', 'words.md')];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8').replaceAll('\r\n', '\n');
const readme = guides.map(textOf).join('\n');

describe('The pages', () => {
  it.each(pages)('link to what is there: %s', (page) => {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => !/^https?:/.test(link) && !leadsSomewhere(link, page));
    expect(broken).toEqual([]);
  });

  it.each(pages)('name files that are there: %s', (page) => {
    const spans = [...textOf(page).matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, span = '']) => span);
    expect(spans.filter((span) => looksLikeFile(span) && !isFile(span))).toEqual([]);
  });

  it('are in the package, but for those about the code', () => {
    const { files } = JSON.parse(textOf('package.json')) as { readonly files: readonly string[] };
    const packed = files.filter((file) => /^docs\/.*\.md$/.test(file));
    expect([...packed, 'docs/crm.md', 'docs/glossary.md', 'docs/layout.md', 'docs/soak.md'].sort()).toEqual(
      pagesIn('docs')
        .map((page) => page.replaceAll('\\', '/'))
        .sort(),
    );
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

describe('The page about destinations', () => {
  const page = textOf(join('docs', 'destinations.md'));
  const headings = [...page.matchAll(/^## (.+)$/gm)].flatMap(([, heading = '']) => heading.split(/, | and /));

  it.each(Object.keys(destinationTypes))('has a section and an example: %s', (name) => {
    const missing = [
      ...(headings.includes(name) ? [] : [`docs/destinations.md wants a heading "## ${name}", and what to know about it`]),
      ...(readme.includes(`"type": "${name}"`) ? [] : [`docs/destinations.md wants an example with "type": "${name}"`]),
    ];
    expect(missing).toEqual([]);
  });
});

describe('The page on upgrading', () => {
  it('begins with the next release, and the ledger that this program writes', () => {
    const [, reads, writes] = /^\| \d+\.\d+\.\d+ \| 1 to (\d+) \| (\d+) \|$/m.exec(textOf(join('docs', 'upgrading.md'))) ?? [];
    expect({ reads, writes }).toEqual({ reads: String(NEWEST_VERSION), writes: String(NEWEST_VERSION) });
  });
});

describe('The README and its guides', () => {
  const commands = commandLines(readme);

  it('shows command lines', () => {
    expect(commands.length).toBeGreaterThan(5);
  });

  it.each(commands)('shows a command line that is understood: %s', (line) => {
    const invocation = readCommandLine(wordsOf(line), '', vocabulary);
    if (invocation.kind === 'command' && invocation.name === 'publish') readArguments(invocation.words, '', objectTypes);
  });

  const examples = [...readme.matchAll(/^~~~json\n([^]*?)^~~~$/gm)].map(([, text = '']) => JSON.parse(text) as object);

  it('has a whole configuration as its first example, which the others change parts of', () => {
    expect(Object.keys(examples[0] ?? {})).toEqual(['$schema', 'clarify', 'destinations']);
  });

  it.each(examples.map((example) => [Object.keys(example).join(), example] as const))(
    'shows an example of %s that the check accepts',
    async (_keys, example) => {
      const loaded = { file: 'README.md', how: '', value: { ...examples[0], ...example }, lineOf: () => undefined };
      const passwords = { CLARIFY_PASSWORD: 'hush', SOCIALCAST_PASSWORD: 'hush', WEBHOOK_SECRET: `whsec_${'hush'.repeat(8)}` };
      const hook = 'https://chat.example/hooks/1';
      const env = { ...passwords, SLACK_WEBHOOK: hook, GOOGLE_CHAT_WEBHOOK: hook, TEAMS_WEBHOOK: hook };
      const readFile = (path: string) => (/\.(pem|crt|cer)$/.test(path) ? '-----BEGIN CERTIFICATE-----' : 'a-token');
      const source = { env, resolvePath: (path: string) => path, readFile, problems: [], secrets: [] };
      await expect(checkConfiguration(loaded, source)).resolves.toMatchObject({ file: 'README.md' });
    },
  );
});

describe('The comments of the source', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const cited = files.flatMap((file) =>
    [...textOf(join('src', file)).matchAll(/docs\/crm\.md(?:, "([^"\n]+)")?/g)].map(([all, heading = all]) => heading),
  );

  it('cite docs/crm.md by headings that it has', () => {
    expect(cited.length).toBeGreaterThan(20);
    expect(cited.filter((heading) => !headingsOf(textOf(join('docs', 'crm.md'))).includes(heading))).toEqual([]);
  });
});

describe('The page about the CRM', () => {
  const page = textOf(join('docs', 'crm.md'));

  it('names where each of its sources is to be found, and none that it does not use', () => {
    const [, body = '', places = ''] = /^([^]*?\n)(\[\w[^]*)$/.exec(page.replace(/`[^`\n]*`/g, '')) ?? [];
    const used = [...body.matchAll(/\[([\w-]+)\](?!\()/g)].map(([, name]) => name);
    const defined = [...places.matchAll(/^\[([\w-]+)\]: https:\/\/\S+$/gm)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(defined.sort());
  });
});

const FOLDERS = ['.ci', '.github', 'bench', 'bin', 'docs', 'sample', 'scripts', 'src', 'tests'];
const FLOORS = readdirSync(join(root, 'src'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const SOURCES = ['bench', 'bin', 'docs', 'scripts', 'src', 'tests'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => basename(file)),
);

/** A path from the root or from `src`, or the bare name of a file of code or of a page; patterns such as `NAME.ts` and `*.ts` are none. */
function looksLikeFile(span: string): boolean {
  if (/[<>*{}\s]|NAME|…/.test(span)) return false;
  const [folder = '', ...rest] = span.split('/');
  return rest.length > 0 ? [...FOLDERS, ...FLOORS].includes(folder) : /^[\w.-]+\.(ts|mjs|cjs|md)$/.test(span);
}

function isFile(span: string): boolean {
  return SOURCES.includes(span) || [span, `src/${span}`, `src/${span}.ts`].some((path) => existsSync(join(root, path)));
}

function leadsSomewhere(link: string, page: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  return existsSync(join(root, target)) && (anchor === undefined || anchorsOf(textOf(target)).includes(anchor));
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(text: string): readonly string[] {
  return headingsOf(text).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
}

/** The arguments of every command line, in blocks and in running text; patterns such as `<dbId>` are none. */
function commandLines(text: string): readonly string[] {
  const inBlocks = text.matchAll(/^(?:.*(?:\$|npx|&&) )?publish-activity (.+)$/gm);
  const inText = text.matchAll(/`(?:npx )?publish-activity ([^`]+)`/g);
  const lines = [...inBlocks, ...inText].map(([, line = '']) => line).filter((line) => !line.includes('<'));
  return [...new Set(lines)];
}

/** The words of a command line, with what a rule engine would put into its properties. */
function wordsOf(line: string): readonly string[] {
  const values: Readonly<Record<string, string>> = { 'Object Type': 'Case', 'Database ID': '1', 'Activity Objid': '2' };
  const filled = line.replace(/\[([^\]]+)\]/g, (token, name: string) => values[name] ?? token);
  return [...filled.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
