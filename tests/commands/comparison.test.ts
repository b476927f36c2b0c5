// The CRM's log beside the ledger, where the log is long, the CRM goes down, or the time is up.

import type { LoggedActivity } from '../../src/clarify/activity-log';
import type { ExpectedActivities } from '../../src/clarify/expected';
import type { Request } from '../../src/core/activity';
import { Comparison, type Missing } from '../../src/commands/outbox/reconcile/comparison';
import { DatabaseError } from '../../src/core/database-error';
import { newMemoryStore, openMemoryLedger } from '../support/memory-ledger';
import { plenty } from '../support/ledger-context';
import { leaseOf } from '../support/ledger';

const NEVER = new AbortController().signal;
const DOWN = new DatabaseError('unavailable', 'the CRM is down');

/** A log in memory, and which of its questions fails. */
function watch(log: readonly LoggedActivity[], failing = Infinity): ExpectedActivities & { readonly asked: number } {
  let asked = 0;
  const ask = <T>(answer: T): Promise<T> => (++asked >= failing ? Promise.reject(DOWN) : Promise.resolve(answer));
  return {
    objectType: 'case',
    rule: 'created',
    checkNames: () => Promise.resolve(),
    count: () => ask(log.length),
    logged: (_span, after, most) => {
      const start = after === undefined ? 0 : log.indexOf(after) + 1;
      return ask(log.slice(start, start + most));
    },
    get asked() {
      return asked;
    },
  };
}

const logOf = (count: number): readonly LoggedActivity[] =>
  Array.from({ length: count }, (_, n) => ({
    objid: 1 + n,
    activityObjid: 1 + n,
    code: 600,
    name: 'Create',
    time: '2010-06-14T09:12:00',
  }));

function compare(expected: readonly ExpectedActivities[], limit?: number, spooled: readonly Request[] = []) {
  const deadline = plenty();
  const ledger = openMemoryLedger(newMemoryStore());
  const shown: (readonly [number, number])[] = [];
  const context = {
    options: limit === undefined ? {} : { limit },
    deadline,
    attemptDeadline: plenty,
    progress: (done: number, total: number) => void shown.push([done, total]),
  };
  const comparison = new Comparison(context, ledger, { since: 0, until: 1 }, spooled);
  const run = async (onPage: () => void = () => undefined) => {
    const found: Missing[] = [];
    for await (const page of comparison.pages(expected)) {
      found.push(...page);
      onPage();
    }
    deadline.end();
    return found;
  };
  return { comparison, ledger, deadline, shown, run };
}

it('asks for a long log in few pages, and shows how far it is', async () => {
  const expected = watch(logOf(12_000));
  const { comparison, ledger, shown, run } = compare([expected]);
  await ledger.accept({ objectType: 'case', objid: 7_000, activityObjid: 7_000, rule: '' }, leaseOf('rule'), NEVER);
  const found = await run();
  expect(found).toHaveLength(11_999);
  expect(found[0]?.request).toEqual({ objectType: 'case', objid: 1, activityObjid: 1, rule: 'created' });
  expect(comparison).toMatchObject({ logged: 12_000, missing: 11_999, trouble: undefined });
  expect(expected.asked).toBe(1 + 3);
  expect(shown).toEqual([
    [5_000, 12_000],
    [10_000, 12_000],
    [12_000, 12_001],
    [12_000, 12_000],
  ]);
});

it('ends with what it has where the CRM goes down, and asks no more', async () => {
  const [first, second] = [watch(logOf(12_000), 4), watch(logOf(3))];
  const { comparison, run } = compare([first, second]);
  expect(await run()).toHaveLength(10_000);
  expect(comparison.trouble).toBe(DOWN);
  expect([first.asked, second.asked]).toEqual([4, 1]);
});

it('ends at --limit, and asks no more', async () => {
  const [first, second] = [watch(logOf(12_000)), watch(logOf(3))];
  expect(await compare([first, second], 5_000).run()).toHaveLength(5_000);
  expect([first.asked, second.asked]).toEqual([2, 1]);
});

it('ends after the page at hand when the time is up, which is no trouble of the CRM', async () => {
  const expected = watch(logOf(12_000));
  const { comparison, deadline, run } = compare([expected]);
  expect(await run(() => deadline.end())).toHaveLength(5_000);
  expect([comparison.isCutShort(), comparison.trouble]).toEqual([true, undefined]);
});

it('knows an activity that the ledger has on the parent object', async () => {
  const [logged] = logOf(1);
  if (logged === undefined) throw new Error('a log of one has one');
  const { ledger, run } = compare([watch([{ ...logged, onParent: { objectType: 'solution', objid: 8, activityObjid: 9 } }])]);
  await ledger.accept({ objectType: 'solution', objid: 8, activityObjid: 9, rule: '' }, leaseOf('rule'), NEVER);
  expect(await run()).toEqual([]);
});

it('knows an activity that waits in the spool, also under the parent object', async () => {
  const [one, two, three] = logOf(3);
  if (one === undefined || two === undefined || three === undefined) throw new Error('a log of three has three');
  const logged = watch([one, { ...two, onParent: { objectType: 'solution', objid: 8, activityObjid: 9 } }, three]);
  const spooled = [
    { objectType: 'case', objid: one.objid, activityObjid: one.activityObjid, rule: '' },
    { objectType: 'solution', objid: 8, activityObjid: 9, rule: '' },
  ];
  expect((await compare([logged], undefined, spooled).run()).map(({ activity }) => activity)).toEqual([three]);
});
