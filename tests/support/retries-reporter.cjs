// Says at the end which tests passed only when they were tried again, lest a fault that shows now and then go unnoticed.

'use strict';

/** More of them in one run are no accident. */
const MOST_RETRIES = 3;

module.exports = class RetriesReporter {
  /** The full names of the tests that were tried again. */
  retried = [];

  onTestResult(_test, { testResults }) {
    for (const { fullName, invocations = 1 } of testResults) if (invocations > 1) this.retried.push(fullName);
  }

  onRunComplete() {
    if (this.retried.length === 0) return;
    const lines = this.retried.map((name) => `  ${name}`);
    process.stderr.write(`\n${this.retried.length} tried again, ${MOST_RETRIES} at the most:\n${lines.join('\n')}\n`);
  }

  /** What jest asks for at the end: an error fails the run. */
  getLastError() {
    const { length } = this.retried;
    return length > MOST_RETRIES ? new Error(`${length} tests had to be tried again, which is no accident`) : undefined;
  }
};
