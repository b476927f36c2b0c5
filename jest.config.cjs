// Three projects: `unit` is pure or in memory and takes seconds; `process` starts processes and speaks over real TCP; `campaign` kills,
// starves and fills up, for minutes. `npm test` is the first two, `npm run test:campaign` the third.

const CAMPAIGN = ['/tests/faults/', '/tests/torture/', '/tests/failures/load\\.test'];
const PROCESS = [
  '/tests/(cli|destinations|failures|io|ledger|recipes|support)/',
  '/tests/commands/(doctor|rerun|scan)\\.test',
  '/tests/scripts/',
  '/tests/starter\\.test',
];
const TEST = '\\.test\\.ts$';

/** The test files of a folder or name, but not those that belong to a project before it. */
const filesOf = (places, others = []) => ({
  testRegex: places.map((place) => (place.endsWith('/') ? `${place}.*${TEST}` : `${place}.*\\.ts$`)),
  testPathIgnorePatterns: ['/node_modules/', ...others],
});

const shared = {
  testEnvironment: 'node',
  transform: {
    // The style and the script of the feed's pages, and the scripts of shells, are texts to the program.
    '/(destinations/feed/stream\\.(css|js)|installation/completion/script\\.(bash|zsh|fish|ps1))$':
      '<rootDir>/tests/support/text-transform.cjs',
    '^.+\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
  // Of the packages, only jsonc-parser is imported as an ES module, which jest cannot read as it is.
  transformIgnorePatterns: ['/node_modules/(?!jsonc-parser/)'],
  setupFilesAfterEnv: ['<rootDir>/tests/support/time-limit.cjs'],
};

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    { ...shared, displayName: 'unit', ...filesOf(['/tests/'], [...PROCESS, ...CAMPAIGN]) },
    { ...shared, displayName: 'process', ...filesOf(PROCESS, CAMPAIGN) },
    {
      ...shared,
      displayName: 'campaign',
      ...filesOf(CAMPAIGN),
      setupFilesAfterEnv: [...shared.setupFilesAfterEnv, '<rootDir>/tests/support/patience.cjs'],
    },
  ],
  // Many tests wait for processes: a worker for each core, also where there are two only.
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/tests/support/retries-reporter.cjs'],
};
