import { resolve } from '../../src/commands/outbox/resolve';
import type { Syncing } from '../../src/commands/groupware/sync/parts';
import { leftLinks } from '../support/left-links';
import { openLedger } from '../support/open-ledger';
import { accept, enter, HOUR, NOW, one, SECOND, type Entry } from '../support/ledger-content';
import { obey } from '../support/ledger-context';

const SUBJECT = 'case 4711 "Created Case for Nora at Calder & Sons" to socialcast';

describe('resolve', () => {
  it.each<[Entry['state'], string]>([
    ['held', 'held'],
    ['in-doubt', 'in doubt'],
    ['sending', 'in doubt'],
  ])('ends the doubt about what is %s', async (state, before) => {
    const ledger = openLedger();
    const there = await enter(ledger, { objid: 1, ago: HOUR, state });
    const missing = await enter(ledger, { objid: 2, ago: HOUR, state, reason: 'timed out' });

    const first = await obey(resolve, ledger, [there.id], { options: { as: 'delivered' } });
    expect(first.report).toEqual({
      result: 'done',
      message: `${SUBJECT} was ${before} and is delivered; it is never sent again`,
      about: { objectType: 'case', objid: 1, activityObjid: 268435457, rule: '' },
      deliveries: [
        {
          id: there.id,
          destination: 'socialcast',
          type: 'socialcast',
          result: 'done',
          reason: 'an administrator said that it was delivered',
        },
      ],
    });
    expect(await one(ledger, there.id)).toMatchObject({ state: 'delivered', deliveredAt: NOW });

    const second = await obey(resolve, ledger, [missing.id], { options: { as: 'undelivered' } });
    expect(second.report.message).toBe(`${SUBJECT} was ${before} and is due; the next rerun sends it`);
    expect(await one(ledger, missing.id)).toMatchObject({
      state: 'due',
      dueAt: NOW,
      reason: expect.stringMatching(/^an administrator said that it was not delivered(; before that: timed out)?$/),
    });
  });

  it.each<[Partial<Entry> & Pick<Entry, 'state'>, string]>([
    [{ state: 'due' }, 'due'],
    [{ state: 'delivered' }, 'delivered'],
    [{ state: 'rejected' }, 'rejected'],
    [{ state: 'abandoned' }, 'abandoned'],
    [{ state: 'discarded' }, 'discarded'],
    [{ state: 'sending', ago: 2 * SECOND }, 'being sent, until 2026-11-22T08:00:13Z (in 13 s) at the latest'],
  ])('refuses what is not in doubt, and says what it is: %j', async (entry, words) => {
    const ledger = openLedger();
    const kept = await enter(ledger, { ago: HOUR, ...entry });
    const { report } = await obey(resolve, ledger, [kept.id], { options: { as: 'undelivered' } });
    expect(report).toMatchObject({
      result: 'usage',
      message: `${SUBJECT} is ${words}`,
      hint: `only what is held or in doubt can be resolved; publish-activity why ${kept.id} tells more`,
    });
    expect(await one(ledger, kept.id)).toEqual(kept);
  });

  it('changes nothing where another run was faster', async () => {
    const ledger = openLedger();
    const { id } = await enter(ledger, { ago: HOUR, state: 'in-doubt' });
    const slow = {
      ...ledger,
      deliveries: async (...asked: Parameters<typeof ledger.deliveries>) => {
        const seen = await ledger.deliveries(...asked);
        for (const kept of seen) await ledger.amend(kept, { state: 'held', now: NOW, dueAt: NOW, reason: '' }, asked[2]);
        return seen;
      },
    };
    const { report } = await obey(resolve, slow, [id], { options: { as: 'undelivered' } });
    expect(report).toMatchObject({ result: 'later', message: expect.stringContaining('nothing was changed') });
    expect(await one(ledger, id)).toMatchObject({ state: 'held' });
  });

  it('refuses the id of a request, one that nobody knows, and anything but one id', async () => {
    const ledger = openLedger();
    const request = await accept(ledger, {}, HOUR);
    const unknown = 'f'.repeat(32);
    const results = [];
    for (const words of [[request], [unknown], [], [request, unknown], ['4711']]) {
      const { report } = await obey(resolve, ledger, words, { options: { as: 'delivered' } });
      results.push([report.result, report.message]);
    }
    expect(results).toEqual([
      ['usage', `${request} is a request, and only a delivery can be in doubt`],
      ['not-found', `the ledger knows nothing of ${unknown}`],
      ['usage', 'resolve takes one id'],
      ['usage', 'resolve takes one id'],
      ['usage', '"4711" is not an id, which has 32 digits from 0 to 9 and a to f'],
    ]);
  });
});

describe('resolve of a user', () => {
  const about = async (word: string) => {
    const links = await leftLinks([{ user: 'agent1', state: 'adopting' }, { user: 'agent2' }]);
    const reader = { users: () => Promise.resolve([]) };
    const parts = {
      links: () => Promise.resolve(links),
      syncing: () => Promise.resolve({ links, reader } as unknown as Syncing),
    };
    return obey(resolve, openLedger(), [word], { options: { as: 'crm' }, parts });
  };

  it.each([
    ['agnet1', 'did you mean agent1?'],
    ['somebody', 'publish-activity list --entries shows them'],
  ])('who is none is an error with the nearest name: %s', async (word, hint) => {
    const { report } = await about(word);
    expect(report).toMatchObject({
      result: 'usage',
      message: `${word} is neither an entry nor a user that is kept in step`,
      hint,
    });
  });
});
