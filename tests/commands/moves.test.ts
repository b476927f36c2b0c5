// Users of one configuration at several groupwares, and users who move from one to another: nothing doubles, and nothing is lost.

import { busyId } from '../../src/core/sync/busy';
import { NOWHERE } from '../../src/core/sync/whereabouts';
import { House, type Before, type Name } from '../support/house';
import { NEVER } from '../support/links';

/** Everything is in step, and a user has made an entry of his own. */
async function settled(house = new House()): Promise<House> {
  house.row(1, 'one');
  house.row(2, 'two');
  house.row(3, 'three');
  await house.settle();
  house.put('', 'own', { subject: 'own' });
  await house.settle();
  expect(house.subjects('')).toEqual(['one', 'own', 'three', 'two']);
  expect(house.rows()).toEqual(['one', 'own', 'three', 'two']);
  return house;
}

describe('Users of one configuration', () => {
  it('are each kept in step with the groupware that names them, in one run', async () => {
    const house = new House(['ann', 'bob', 'cat']);
    house.wanted.set('bob', ['office']).set('cat', ['cloud']);
    for (const [n, login] of ['ann', 'bob', 'cat'].entries()) house.row(n + 1, `of ${login}`, login);
    expect(await house.run()).toMatchObject({ result: 'done', sums: { users: 3, created: 3 } });
    expect([house.subjects('', 'ann'), house.subjects('office', 'bob'), house.subjects('cloud', 'cat')]).toEqual([
      ['of ann'],
      ['of bob'],
      ['of cat'],
    ]);
    expect([house.subjects('', 'bob'), house.subjects('office', 'cat'), house.subjects('cloud', 'ann')]).toEqual([[], [], []]);
    expect((await house.grant('bob')).groupware).toMatch(/^memory\/[0-9a-f]{16}\/office$/);
  });

  it('have their turns while another groupware lets the program in for nobody', async () => {
    const house = new House(['ann', 'bob', 'cat']);
    house.wanted.set('bob', ['office']).set('cat', ['office']);
    for (const [n, login] of ['ann', 'bob', 'cat'].entries()) house.row(n + 1, `of ${login}`, login);
    house.troubles.set('office', { kind: 'refused', reason: 'invalid_client', by: 'everybody' });
    const report = await house.run();
    expect(report).toMatchObject({ result: 'configuration' });
    expect(report.message).toContain('no more turns at office, because there it is the same for everybody: invalid_client');
    expect(house.subjects('', 'ann')).toEqual(['of ann']);
    expect((await house.grant('cat')).failures).toBe(0);
  });

  it('are told where two groupwares name the same, and wait', async () => {
    const house = new House(['ann', 'bob']);
    house.wanted.set('ann', ['office', 'cloud']);
    house.row(1, 'one');
    house.row(2, 'two', 'bob');
    const report = await house.run();
    expect(report).toMatchObject({ result: 'configuration' });
    expect(report.message).toContain('ann is named by groupware.others.office and groupware.others.cloud');
    expect(house.subjects('', 'bob')).toEqual(['two']);
    expect(house.subjects('office')).toEqual([]);
  });
});

describe('A user who moves', () => {
  it('finds everything at the new groupware once, and the former one is left as it is', async () => {
    const house = await settled();
    house.wanted.set('ann', ['office']);
    await house.settle();
    expect(house.subjects('office')).toEqual(['one', 'own', 'three', 'two']);
    expect(house.subjects('')).toEqual(['one', 'own', 'three', 'two']);
    expect(house.rows()).toEqual(['one', 'own', 'three', 'two']);
    expect(await house.states()).toEqual(['linked', 'linked', 'linked', 'linked']);
    expect((await house.grant()).groupware).toMatch(/\/office$/);
  });

  it('brings along what was changed, made and deleted at the former one at the last moment', async () => {
    const house = await settled();
    house.put('', house.idOf('', 'one'), { subject: 'one moved' });
    house.put('', 'late', { subject: 'late' });
    house.put('', house.idOf('', 'own'), undefined);
    house.put('', house.idOf('', 'two'), undefined);
    house.wanted.set('ann', ['office']);
    await house.settle();
    expect(house.rows()).toEqual(['late', 'one moved', 'three', 'two']);
    expect(house.subjects('office')).toEqual(['late', 'one moved', 'three']);
    expect(await house.states()).toEqual(['apart deleted-there', 'linked', 'linked', 'linked']);
  });

  it('is not looked at at the former one any more, and goes on at the new one', async () => {
    const house = await settled();
    house.wanted.set('ann', ['office']);
    await house.settle();
    house.put('', house.idOf('', 'one'), { subject: 'nobody sees it' });
    house.put('office', house.idOf('office', 'two'), { subject: 'two moved' });
    house.put('office', house.idOf('office', 'three'), undefined);
    house.crm.edit({ type: 'appointment', objid: 1 }, { subject: 'one here' });
    await house.settle();
    expect(house.subjects('office')).toEqual(['one here', 'own', 'two moved']);
    expect(house.rows()).toEqual(['one here', 'own', 'three', 'two moved']);
  });

  it('comes back to what was left, and nothing is there twice', async () => {
    const house = await settled();
    house.wanted.set('ann', ['office']);
    await house.settle();
    house.row(4, 'new');
    house.put('office', 'there', { subject: 'made there' });
    await house.settle();
    house.wanted.set('ann', ['']);
    await house.settle();
    expect(house.subjects('')).toEqual(['made there', 'new', 'one', 'own', 'three', 'two']);
    house.wanted.set('ann', ['office']);
    await house.settle();
    expect(house.subjects('office')).toEqual(['made there', 'new', 'one', 'own', 'three', 'two']);
    expect(house.rows()).toEqual(['made there', 'new', 'one', 'own', 'three', 'two']);
    house.put('office', 'there', { subject: 'changed there' });
    await house.settle();
    expect(house.rows()).toEqual(['changed there', 'new', 'one', 'own', 'three', 'two']);
  });

  it('finds an entry again that was made anew under another id meanwhile', async () => {
    const house = await settled();
    house.wanted.set('ann', ['office']);
    await house.settle();
    // Deleted there and changed here: it is made anew, under a next id.
    house.put('office', house.idOf('office', 'one'), undefined);
    house.crm.edit({ type: 'appointment', objid: 1 }, { place: 'elsewhere' });
    await house.settle();
    expect(house.subjects('office')).toEqual(['one', 'own', 'three', 'two']);
    house.wanted.set('ann', ['']);
    await house.settle();
    expect(house.subjects('')).toEqual(['one', 'own', 'three', 'two']);
    expect(await house.states()).toEqual(Array(4).fill('linked'));
    // What was left there is made as in the CRM, and what gave way is kept.
    const item = house.at('').items.get(house.idOf('', 'one'))?.content;
    expect(item?.kind === 'entry' && item.entry.place).toBe('elsewhere');
    expect(await house.links.conflicts({}, 10, NEVER)).toMatchObject([{ field: 'place', crmValue: 'elsewhere', winner: 'crm' }]);
  });

  it('who has moved is guarded again: an empty calendar deletes nothing', async () => {
    const house = await settled();
    house.wanted.set('ann', ['office']);
    await house.settle();
    for (const id of [...house.at('office').items.keys()]) house.put('office', id, undefined);
    await house.settle();
    expect(house.rows()).toEqual(['one', 'own', 'three', 'two']);
    expect(await house.states()).toEqual(Array(4).fill('held guard-there'));
  });

  it('stays until the user agrees at the new one, and the words say how', async () => {
    const house = await settled();
    house.agreed = new Set();
    house.wanted.set('ann', ['cloud']);
    house.crm.edit({ type: 'appointment', objid: 1 }, { subject: 'changed' });
    expect(await house.settle()).toMatchObject({ result: 'done' });
    expect(house.subjects('')).toEqual(['changed', 'own', 'three', 'two']);
    expect(house.subjects('cloud')).toEqual([]);
    expect((await house.grant()).reason).toBe('it moves to cloud as soon as ann agrees there: publish-activity connect ann');
    house.agreed.add('ann');
    await house.settle();
    expect(house.subjects('cloud')).toEqual(['changed', 'own', 'three', 'two']);
    expect((await house.grant()).reason).toBe('');
  });

  it('waits while the former one does not answer, and moves without it once it is left out', async () => {
    const house = await settled();
    house.wanted.set('ann', ['office']);
    await house.settle();
    house.wanted.set('ann', ['cloud']);
    house.troubles.set('office', { kind: 'retry', reason: 'no answer' });
    expect(await house.settle()).toMatchObject({ result: 'later' });
    expect((await house.grant()).reason).toBe(
      'no answer; it moves to cloud after a last turn at office, or leave office out of the configuration to move without it',
    );
    expect(house.subjects('cloud')).toEqual([]);
    house.configured = ['', 'cloud'];
    house.now += 24 * 3_600_000;
    await house.settle();
    expect(house.subjects('cloud')).toEqual(['one', 'own', 'three', 'two']);
  });

  it('leaves what is private or a series at the former one alone', async () => {
    const house = await settled();
    const [first, second] = [house.idOf('', 'one'), house.idOf('', 'two')];
    house.at('').put(first, { mark: undefined, decorations: [], content: { kind: 'private' } });
    house.at('').put(second, { mark: undefined, decorations: [], content: { kind: 'series' } });
    await house.settle();
    house.wanted.set('ann', ['office']);
    await house.settle();
    expect(house.subjects('office')).toEqual(['own', 'three']);
    expect(await house.states()).toEqual(['held private', 'held series', 'linked', 'linked']);
    house.wanted.set('ann', ['']);
    house.put('', first, { subject: 'one' });
    await house.settle();
    expect(await house.states()).toEqual(['held series', 'linked', 'linked', 'linked']);
  });

  it('has no more of what is out of the window than when it comes back', async () => {
    const house = await settled();
    const row = house.crm.rows.get('appointment:1');
    if (row === undefined) throw new Error('no row');
    house.crm.put({ ...row, isInWindow: false });
    await house.settle();
    house.wanted.set('ann', ['office']);
    await house.settle();
    expect(house.subjects('office')).toEqual(['own', 'three', 'two']);
    house.crm.put({ ...row, isInWindow: true });
    await house.settle();
    expect(house.subjects('office')).toEqual(['one', 'own', 'three', 'two']);
    expect(await house.states()).toEqual(Array(4).fill('linked'));
  });

  it('is busy nowhere any more: the rows of what is to come go', async () => {
    const house = await settled();
    const busy = busyId({ begin: house.now + 86_400_000, end: house.now + 90_000_000 });
    house.put('', busy, { subject: 'Busy' });
    await house.settle();
    expect(house.rows()).toContain('Busy');
    house.wanted.set('ann', ['office']);
    await house.settle();
    expect(house.rows()).toEqual(['one', 'own', 'three', 'two']);
    expect(house.subjects('office')).toEqual(['one', 'own', 'three', 'two']);
  });

  it('is told of in a dry run, with what would be made there, and nothing is changed', async () => {
    const house = await settled();
    house.wanted.set('ann', ['office']);
    const before = await house.states();
    await house.dryRun();
    expect(house.printed.filter((line) => line.includes('moves'))).toEqual(['ann: moves from First to office']);
    expect(house.printed.filter((line) => line.includes('made in the groupware'))).toHaveLength(4);
    expect(await house.states()).toEqual(before);
    expect(house.subjects('office')).toEqual([]);
  });
});

class Killed extends Error {}

/** Lets a process die before its n-th change to the outside; `of` tells how many there were. */
function dying(n: number): { readonly before: Before; readonly count: () => number } {
  let count = 0;
  const before = () => ((count += 1) > n ? Promise.reject(new Killed()) : Promise.resolve());
  return { before, count: () => count };
}

describe('A move that is killed', () => {
  it.each<[Name, Name]>([
    ['', 'office'],
    ['office', 'cloud'],
  ])('anywhere, from "%s" to "%s", ends as one that is not', async (from, to) => {
    const begun = async () => {
      const house = await settled();
      house.wanted.set('ann', [from]);
      await house.settle();
      house.put(from, house.idOf(from, 'one'), { subject: 'one moved' });
      house.put(from, 'late', { subject: 'late' });
      house.crm.edit({ type: 'appointment', objid: 2 }, { subject: 'two here' });
      house.wanted.set('ann', [to]);
      return house;
    };
    const whole = dying(Infinity);
    await (await begun()).run(whole.before);
    expect(whole.count()).toBeGreaterThan(20);
    for (let n = 0; n < whole.count(); n += 1) {
      const house = await begun();
      await house.run(dying(n).before).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      await house.settle();
      expect([n, house.subjects(to), house.rows()]).toEqual([
        n,
        ['late', 'one moved', 'own', 'three', 'two here'],
        ['late', 'one moved', 'own', 'three', 'two here'],
      ]);
      expect([n, await house.states()]).toEqual([n, Array(5).fill('linked')]);
    }
  });

  it('while its links forget does not go back: what people change at the former one by then stays as they made it', async () => {
    let found = 0;
    for (let n = 0, isOver = false; !isOver; n += 1) {
      const house = await settled();
      house.wanted.set('ann', ['office']);
      isOver = await house.run(dying(n).before).then(
        () => house.subjects('office').length === 4,
        () => false,
      );
      if ((await house.grant()).groupware !== NOWHERE) continue;
      found += 1;
      house.put('', house.idOf('', 'one'), { subject: 'too late' });
      await house.settle();
      expect([n, house.subjects(''), house.subjects('office')]).toEqual([
        n,
        ['own', 'three', 'too late', 'two'],
        ['one', 'own', 'three', 'two'],
      ]);
      expect(await house.states()).toEqual(Array(4).fill('linked'));
    }
    expect(found).toBeGreaterThan(3);
  });
});
