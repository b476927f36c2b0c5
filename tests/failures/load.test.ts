// Many at once: one post, and nobody fails. Two cores start 200 processes in 20 seconds, or in minutes beside other tests, for which --timeout
// has to allow.

import { constants, setPriority } from 'node:os';
import { startCompany, type Company } from '../support/company';
import { CASE, deliveriesOf } from '../support/failures';
import { ended } from '../support/program';

/** Runs after everything else that wants the processor, lest 200 of them starve the tests that watch the clock. */
function runLast(company: Company) {
  const child = company.start([...CASE, '--timeout', '600s']);
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  return ended(child);
}

describe('200 processes at once', () => {
  it('make one post of one activity, and all of them say so: exit code 0', async () => {
    const company = await startCompany();
    const runs = await Promise.all(Array.from({ length: 200 }, () => runLast(company)));
    expect(new Set(runs.map(({ code, stderr }) => `${String(code)} ${stderr}`))).toEqual(new Set(['0 ']));
    expect(company.socialcast.posts).toHaveLength(1);
    expect(await deliveriesOf(company)).toMatchObject([{ state: 'delivered' }]);
    expect(company.log()).toHaveLength(200);
    await company.close();
  }, 660_000);
});
