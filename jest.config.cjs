// Three projects: `unit` is pure or in memory and takes seconds; `process` starts processes and speaks over real TCP; `campaign` kills,
// starves, floods and fills up, goes through the failures of entries over each groupware, or builds a whole copy, for minutes. `npm test`
// is the first two, `npm run test:campaign` the third.

'use strict';

const { availableParallelism } = require('node:os');
const { join } = require('node:path');

/** The places of each project below `tests`, as patterns. A test file belongs to one project; tests/projects.test.ts finds the others. */
const PLACES = {
  unit: [
    '(clarify/(?!entries/)|config/|core/)',
    String.raw`commands/(?!(doctor|doctor-google|doctor-groupware|doctor-places|rerun|scan)\.)`,
    String.raw`(architecture|docs|projects)\.`,
  ],
  process: [
    'clarify/entries/',
    String.raw`(cli|destinations|failures|groupware|io|ledger|recipes|scripts|support)/(?!entries/|google/|connect\.|consents\.|canary-google\.|google-(busy-sync|late|turns)\.|second-writers\.|clock\.|(.*-)?(hostile|load|recipes)\.)`,
    String.raw`commands/(doctor|doctor-groupware|doctor-places|rerun|scan)\.`,
    String.raw`starter\.`,
  ],
  campaign: [
    '(faults|torture|failures/entries|support/google)/',
    String.raw`(cli/(canary-google|connect|consents)|commands/doctor-google)\.`,
    String.raw`groupware/(google-(busy-sync|late|turns)|second-writers|.*-hostile)\.`,
    String.raw`(destinations|failures|ledger)/((.*-)?load|clock)\.`,
    String.raw`recipes/recipes\.`,
  ],
};

/** This clone's folder of tests, and no other folder of that name above it. jest makes of each slash what separates folders on Windows. */
const HERE = join(__dirname, 'tests')
  .replaceAll('\\', '/')
  .replace(/[$()*+.?[\]^{|}]/g, String.raw`\$&`);

const project = (displayName, setup = []) => ({
  displayName,
  testRegex: PLACES[displayName].map((place) => String.raw`^${HERE}/${place}.*(?<=\.test)\.ts$`),
  testEnvironment: 'node',
  transform: {
    // The style and the script of the feed's pages, and the scripts of shells, are texts to the program.
    '/(destinations/feed/stream\\.(css|js)|installation/completion/script\\.(bash|zsh|fish|ps1))$':
      '<rootDir>/tests/support/text-transform.cjs',
    '^.+\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
  // Of the packages, these are ES modules, which jest cannot read as they are.
  transformIgnorePatterns: ['/node_modules/(?!(jose|jsonc-parser|oauth4webapi)/)'],
  setupFilesAfterEnv: ['<rootDir>/tests/support/time-limit.cjs', ...setup],
});

/** @type {import('jest').Config} */
module.exports = {
  projects: [project('unit'), project('process'), project('campaign', ['<rootDir>/tests/support/patience.cjs'])],
  // Many tests wait, for processes and for deadlines. Two workers more than cores leave no core idle meanwhile.
  maxWorkers: availableParallelism() + 2,
  testSequencer: '<rootDir>/tests/support/slow-first.cjs',
  reporters: ['default', '<rootDir>/tests/support/retries-reporter.cjs'],
};
