// A row of the ledger that something damaged: it is told by its id and left alone, and everything else goes on.

import { join } from 'node:path';
import { discard } from '../../src/commands/outbox/discard';
import { standing } from '../../src/commands/outbox/follow';
import { list } from '../../src/commands/looking/list';
import { status } from '../../src/commands/looking/status';
import { why } from '../../src/commands/looking/why';
import type { Parameter } from '../../src/io/database';
import { openSqliteFile } from '../../src/io/sqlite';
import { openSqliteStore } from '../../src/io/sqlite-store';
import type { Ledger } from '../../src/ledger/ledger';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { accept, enter, HOUR, message, MINUTE } from '../support/ledger-content';
import { obey } from '../support/ledger-context';
import { makeStream, setScene, type Scene, type Stream } from '../support/rerun';
import { temporaryFolder } from '../support/sample';

const never = new AbortController().signal;
const NUMBER = /is no number/;
const MESSAGE = /its message is none/;

/** What a column of a delivery holds, and what is said of it. */
const DAMAGES: readonly (readonly [what: string, column: string, value: Parameter, words: RegExp])[] = [
  ['message is no JSON', 'message', 'no JSON', MESSAGE],
  ['message is cut off', 'message', JSON.stringify(message()).slice(0, -20), MESSAGE],
  ['message is gone', 'message', '', MESSAGE],
  ['message is null', 'message', 'null', MESSAGE],
  ['message is a number', 'message', '42', MESSAGE],
  ['message is a list', 'message', '[]', MESSAGE],
  ['message is empty', 'message', '{}', MESSAGE],
  ['message has a title that is a number', 'message', JSON.stringify({ ...message(), title: 7 }), MESSAGE],
  ['message has tags that are no list', 'message', JSON.stringify({ ...message(), tags: 'crm' }), MESSAGE],
  ['message has a tag that is a number', 'message', JSON.stringify({ ...message(), tags: [1] }), MESSAGE],
  ['message has a field that is none', 'message', JSON.stringify({ ...message(), fields: [null] }), MESSAGE],
  ['message has no moment', 'message', JSON.stringify({ ...message(), happened: null }), MESSAGE],
  ['state is none', 'state', 'dux', /its state is none/],
  ['state would move the cursor', 'state', '\u001b[2J', /its state is none/],
  ['acceptance is at no moment', 'accepted_at', 1e300, NUMBER],
  ['moment is half a millisecond', 'due_at', 1.5, NUMBER],
  ['moment is an empty text', 'delivered_at', '', NUMBER],
  ...[
    ...['objid', 'activity_objid', 'started', 'finished', 'accepted_at'],
    ...['due_at', 'last_attempt_at', 'lease_until', 'attempt_ms'],
  ].map((column) => [`${column} is no number`, column, 'soon', NUMBER] as const),
];

const scenes: Scene[] = [];
afterEach(() => {
  for (const scene of scenes.splice(0)) scene.close();
});

interface Damaged {
  readonly id: string;
  readonly ledger: Ledger;
  readonly scene: Scene;
  readonly stream: Stream;
}

async function damage(file: string, table: string, id: string, column: string, value: Parameter): Promise<void> {
  const raw = await openSqliteFile(file, { readOnly: false });
  raw.run(`UPDATE publish_activity_${table} SET ${column} = @value WHERE id = @id`, { value, id });
  raw.close();
}

/** Three deliveries that are due, the second of them damaged. */
async function damaged(column: string, value: Parameter): Promise<Damaged> {
  const file = join(temporaryFolder(), 'ledger');
  const ledger = openSqlLedger(openSqliteStore(file), 'sqlite');
  const stream = makeStream();
  const scene = setScene([stream], undefined, ledger);
  scenes.push(scene);
  const ids: string[] = [];
  for (const objid of [1, 2, 3]) {
    const { id } = await enter(ledger, { objid, title: `object ${objid}`, ago: HOUR - objid * MINUTE, state: 'due' });
    ids.push(id);
  }
  const id = ids[1] ?? '';
  await damage(file, 'delivery', id, column, value);
  return { id, ledger, scene, stream };
}

describe.each(DAMAGES)('a delivery whose %s', (_, column, value, words) => {
  it('is told by rerun and left alone, and the others are sent', async () => {
    const { id, scene, stream } = await damaged(column, value);
    for (const options of [{ dryRun: true }, {}, {}]) {
      const { report, texts } = await scene.run(options);
      const told = texts.filter((text) => text.includes(id));
      expect(told).toEqual([expect.stringMatching(words)]);
      expect(told.join()).not.toContain('\u001b');
      if (options.dryRun !== true) expect(report).toMatchObject({ result: 'later', sums: { damaged: 1 } });
    }
    expect([...stream.posts].sort()).toEqual(['object 1', 'object 3']);
  });

  it('is listed, counted, explained and discarded', async () => {
    const { id, ledger, scene } = await damaged(column, value);
    const listed = (await obey(list, ledger)).text.split('\n');
    expect(listed).toHaveLength(3);
    expect(listed.filter((line) => line.includes('damaged'))).toEqual([expect.stringMatching(words)]);
    expect(listed.join()).not.toContain('\u001b');
    expect((await obey(status, ledger)).report).toMatchObject({ result: 'done' });
    const { text, report } = await obey(why, ledger, [id]);
    // Whose number was lost belongs to no story.
    if (column !== 'objid' && column !== 'activity_objid') {
      expect(report).toMatchObject({ result: 'done' });
      expect(text).toMatch(words);
    }
    expect((await obey(discard, ledger, [id], { options: { yes: true } })).report).toMatchObject({ result: 'done' });
    expect((await scene.run()).report).toMatchObject({ result: 'posted', sums: { posted: 2 } });
    expect(await ledger.deliveries({ states: ['discarded'] }, 9, never)).toHaveLength(1);
  });
});

describe('a request that is damaged', () => {
  it.each([
    ['objid', 'x'],
    ['accepted_at', 'soon'],
    ['due_at', 'soon'],
    ['attempts', 'many'],
    ['occurrence', -0.5],
  ])('in %s is told and left alone, and the others are read', async (column, value) => {
    const file = join(temporaryFolder(), 'ledger');
    const ledger = openSqlLedger(openSqliteStore(file), 'sqlite');
    const stream = makeStream();
    const scene = setScene([stream], undefined, ledger);
    scenes.push(scene);
    const ids: string[] = [];
    for (const activityObjid of [1, 2, 3]) ids.push(await accept(ledger, { objid: activityObjid, activityObjid }, HOUR));
    const id = ids[0] ?? '';
    await damage(file, 'request', id, column, value);
    const { report, texts } = await scene.run();
    expect(report).toMatchObject({ result: 'later', sums: { damaged: 1, posted: 2 } });
    expect(texts).toEqual([
      expect.stringMatching(new RegExp(`${column} is no number; to end it: publish-activity discard ${id}`)),
    ]);
    expect((await obey(list, ledger)).text).toContain(`damaged in the ledger: ${column} is no number`);
    expect((await obey(status, ledger)).report).toMatchObject({ result: 'done' });
    expect((await obey(discard, ledger, [id], { options: { yes: true } })).report).toMatchObject({ result: 'done' });
    expect((await scene.run()).report).toMatchObject({ result: 'posted', message: '' });
  });
});

it('a call about what is damaged says so, and posts nothing', async () => {
  const { id, ledger } = await damaged('state', 'dux');
  const [kept] = await ledger.deliveries({ ids: [id] }, 1, never);
  if (kept === undefined) throw new Error('it is not found');
  const lease = { owner: 'a call', now: kept.acceptedAt, workMs: 1_000 };
  const request = await ledger.accept(
    { objectType: 'case', objid: 2, activityObjid: kept.activityObjid, rule: '' },
    lease,
    never,
  );
  const claimed = await ledger.claim(request, [{ ...kept, message: message() }], lease, 0, never);
  expect(claimed).toEqual([kept]);
  expect(standing(kept, makeStream().ready)).toMatchObject({
    result: 'later',
    reason: expect.stringContaining('its state is none') as string,
  });
});

it('more damaged rows than a page has are read to the end', async () => {
  const file = join(temporaryFolder(), 'ledger');
  const ledger = openSqlLedger(openSqliteStore(file), 'sqlite');
  const stream = makeStream();
  const scene = setScene([stream], undefined, ledger);
  scenes.push(scene);
  for (let objid = 1; objid <= 210; objid += 1) await enter(ledger, { objid, ago: HOUR, state: 'due' });
  const raw = await openSqliteFile(file, { readOnly: false });
  raw.run("UPDATE publish_activity_delivery SET accepted_at = 'soon' WHERE objid <= @most", { most: 205 });
  raw.close();
  expect((await scene.run()).report.sums).toMatchObject({ posted: 5 });
});
