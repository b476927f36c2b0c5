/* global jest */
// Deadlines of some hundred milliseconds are what many tests are about, and a machine that is full of other work may not start a process
// or shake hands in that time. So a test that fails is tried once more, and says so; one that is wrong fails twice.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
