/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  transform: { '^.+\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  // Of the packages, only jsonc-parser is imported as an ES module, which jest cannot read as it is.
  transformIgnorePatterns: ['/node_modules/(?!jsonc-parser/)'],
};
