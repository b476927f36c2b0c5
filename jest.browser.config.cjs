// The tests that need a browser, which not every machine has: `npm run test:browser`.

/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/tests/browser/**/*.browser.ts'],
  verbose: true,
  testTimeout: 60_000,
};
