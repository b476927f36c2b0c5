/* global jest */
// For campaigns alone: their hundreds of processes meet deadlines of some seconds, and a machine that is full of other work may not keep
// them. A test that fails is tried once more, and retries-reporter.cjs says so; one that is wrong fails twice.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
