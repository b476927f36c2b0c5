// The tests that need a browser, which not every machine has: `npm run test:browser`.

const { testEnvironment, transform, transformIgnorePatterns } = require('./jest.config.cjs').projects[0];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment,
  transform,
  transformIgnorePatterns,
  testMatch: ['<rootDir>/tests/browser/**/*.browser.ts'],
  verbose: true,
  testTimeout: 60_000,
};
