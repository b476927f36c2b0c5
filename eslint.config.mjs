// The rules that a machine can keep. The floors of the source tree are kept by tests/architecture.test.ts.

import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** One library, one file: so that a library can be exchanged by changing one file, and everything else can be tested without it. */
const homes = {
  '@photostructure/sqlite': 'src/io/sqlite.ts',
  axios: 'src/io/http.ts',
  commander: 'src/cli/program.ts',
  cosmiconfig: 'src/config/read.ts',
  'ical.js': 'src/io/icalendar.ts',
  jose: 'src/io/assertion.ts',
  'js-yaml': 'src/io/yaml-document.ts',
  'jsonc-parser': 'src/io/json-document.ts',
  liquidjs: 'src/io/template.ts',
  mssql: 'src/io/sql-server-connection.ts',
  nodemailer: 'src/io/mail.ts',
  oauth4webapi: 'src/io/oauth.ts',
  saxes: 'src/io/xml-reader.ts',
  tedious: 'src/io/sql-server-connection.ts',
  'windows-iana': 'src/io/windows-zones.ts',
  xmlbuilder2: 'src/io/xml.ts',
};

const PROCESS = 'The world comes in as an argument (src/world.ts), so that tests can hold it in their hand.';

const NO_DEFAULT = { selector: 'ExportDefaultDeclaration', message: 'A name is the same everywhere.' };

/** The rules that keep a file from importing, at once or later, a library that is not its own. */
function ownLibraryOnly(file) {
  const foreign = Object.entries(homes)
    .filter(([, home]) => home !== file)
    .map(([name, home]) => ({ name, message: `One library, one file: ${name} belongs to ${home}.` }));
  return {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        paths: [...foreign, ...['process', 'node:process'].map((name) => ({ name, message: PROCESS }))],
        patterns: foreign.map(({ name, message }) => ({ group: [`${name}/*`], message })),
      },
    ],
    'no-restricted-syntax': [
      'error',
      NO_DEFAULT,
      ...foreign.map(({ name, message }) => {
        const module = name.replaceAll('/', '\\u002F');
        return { selector: `ImportExpression[source.value=/^${module}(\\u002F|$)/]`, message };
      }),
    ],
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'activity-stream/', 'artifacts/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // A short function may pass on what a procedure does not answer, and a text may be spread into its code points.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Output may still be on its way: set process.exitCode.' },
        { object: 'URL', property: 'canParse', message: 'It is wrong in some versions of Node: urlOf of core/web-address.' },
      ],
      'no-restricted-syntax': ['error', NO_DEFAULT],
    },
  },
  {
    files: ['src/**/*.ts', 'bin/**/*.ts'],
    rules: ownLibraryOnly(),
  },
  ...Object.values(homes).map((home) => ({
    files: [home],
    rules: ownLibraryOnly(home),
  })),
  {
    files: ['src/**/*.ts'],
    ignores: ['src/world.ts'],
    rules: { 'no-restricted-globals': ['error', { name: 'process', message: PROCESS }] },
  },
  {
    // What `expect` offers for comparing is `any`, and a test prints what nobody else would.
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // It runs in a browser, from the page as it stands.
    files: ['src/destinations/feed/stream.js'],
    languageOptions: {
      sourceType: 'script',
      globals: Object.fromEntries(
        ['document', 'history', 'localStorage', 'location', 'Option', 'setInterval', 'URLSearchParams'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        __dirname: 'readonly',
        Buffer: 'readonly',
        console: 'readonly',
        module: 'writable',
        process: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
