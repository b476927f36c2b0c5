// In a fresh clone jest begins with the largest files. These are slow and not large: begun last, each would keep one core busy at the end.

'use strict';

const { default: Sequencer } = require('@jest/test-sequencer');

/** Below `tests`, the slowest first. */
const SLOW = [
  'failures/dead-share',
  'failures/network',
  'failures/answers',
  'failures/clock',
  'failures/database',
  'io/http-connections',
  'ledger/sql-server-ledger',
  'cli/rerun',
  'cli/reconcile',
  'cli/spool',
].map((name) => `${name}.test.ts`);

class SlowFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const at = SLOW.findIndex((name) => path.replaceAll('\\', '/').endsWith(`/tests/${name}`));
      return at < 0 ? SLOW.length : at;
    };
    return super.sort(tests).sort((a, b) => place(a) - place(b));
  }
}

module.exports = SlowFirst;
module.exports.SLOW = SLOW;
