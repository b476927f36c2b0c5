/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  setupFilesAfterEnv: ['<rootDir>/tests/support/patience.cjs'],
  transform: {
    // The style and the script of the feed's pages are texts to the program.
    '/destinations/feed/stream\\.(css|js)$': '<rootDir>/tests/support/text-transform.cjs',
    '^.+\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
  // Many tests wait for processes: a worker for each core, also where there are two only.
  maxWorkers: '100%',
  // A test that starts processes has as long as a machine full of other work needs.
  testTimeout: 30_000,
  // Of the packages, only jsonc-parser is imported as an ES module, which jest cannot read as it is.
  transformIgnorePatterns: ['/node_modules/(?!jsonc-parser/)'],
};
