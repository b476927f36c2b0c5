import { discard } from '../../src/commands/outbox/discard';
import { openLedger } from '../support/open-ledger';
import { accept, enter, HOUR, NOW, one, SECOND, type Entry } from '../support/ledger-content';
import { obey } from '../support/ledger-context';

const never = new AbortController().signal;

describe('discard', () => {
  it('asks, naming what it is about, and then discards deliveries and requests', async () => {
    const ledger = openLedger();
    const due = await enter(ledger, { ago: HOUR, state: 'due', title: 'two\nlines' });
    const held = await enter(ledger, { objid: 2, ago: HOUR, state: 'held' });
    const request = await accept(ledger, { objid: 3 }, HOUR);
    const awaited = await accept(ledger, { objid: 4 }, HOUR);
    await ledger.settleRequest(awaited, 'awaited', 'not yet', NOW, never);
    const { report, questions } = await obey(discard, ledger, [due.id, request, awaited, held.id, due.id], { answer: true });
    expect(questions).toHaveLength(1);
    expect(questions[0]?.split('\n').toSorted()).toEqual(
      [
        `${due.id}  due, case 4711 "two\\nlines" to socialcast`,
        `${held.id}  held, case 4711 "Created Case for Nora at Calder & Sons" to socialcast`,
        `${request}  case with objid 3`,
        `${awaited}  case with objid 4`,
        'Never send 2 deliveries and 2 requests?',
      ].toSorted(),
    );
    expect(report).toMatchObject({ result: 'done', message: '2 deliveries and 2 requests discarded' });
    expect(report.deliveries.map(({ id }) => id).toSorted()).toEqual([due.id, held.id].toSorted());
    for (const { id } of [due, held]) expect(await one(ledger, id)).toMatchObject({ state: 'discarded' });
    for (const id of [request, awaited]) {
      expect(await ledger.requests({ ids: [id] }, 1, never)).toMatchObject([{ state: 'discarded' }]);
    }
  });

  it('refuses where nobody says yes', async () => {
    const ledger = openLedger();
    const { id } = await enter(ledger, { ago: HOUR, state: 'due' });
    const { report } = await obey(discard, ledger, [id]);
    expect(report).toMatchObject({
      result: 'usage',
      message: 'nothing was discarded, because nobody said yes',
      hint: 'where nobody can be asked, say --yes',
    });
    expect(await one(ledger, id)).toMatchObject({ state: 'due' });
  });

  it('does not ask with --yes', async () => {
    const ledger = openLedger();
    const { id } = await enter(ledger, { ago: HOUR, state: 'rejected', reason: '422: no title' });
    const { report, questions } = await obey(discard, ledger, [id], { options: { yes: true } });
    expect([report.message, questions]).toEqual(['1 delivery discarded', []]);
    expect(await one(ledger, id)).toMatchObject({ reason: 'an administrator discarded it; before that: 422: no title' });
  });

  it.each<[string, Partial<Entry> & Pick<Entry, 'state'>, string]>([
    ['delivered', { state: 'delivered' }, 'was delivered'],
    ['being sent', { state: 'sending', ago: SECOND }, 'is being sent'],
  ])('discards nothing where something is %s', async (_what, entry, words) => {
    const ledger = openLedger();
    const { id } = await enter(ledger, { ago: HOUR, ...entry });
    const due = await enter(ledger, { objid: 2, ago: HOUR, state: 'due' });
    const { report } = await obey(discard, ledger, [due.id, id], { options: { yes: true } });
    expect(report).toMatchObject({ result: 'usage', message: `nothing was discarded: ${id} ${words}` });
    expect(await one(ledger, due.id)).toMatchObject({ state: 'due' });
  });

  it('discards an attempt that was cut off', async () => {
    const ledger = openLedger();
    const { id } = await enter(ledger, { ago: HOUR, state: 'sending' });
    await obey(discard, ledger, [id], { options: { yes: true } });
    expect(await one(ledger, id)).toMatchObject({ state: 'discarded' });
  });

  it('refuses a request that is not waiting, and ids that nobody knows', async () => {
    const ledger = openLedger();
    const { requestId } = await enter(ledger, { ago: HOUR, state: 'due' });
    const filtered = await accept(ledger, { objid: 2 }, HOUR);
    await ledger.settleRequest(filtered, 'filtered', '', NOW, never);
    const unknown = 'e'.repeat(32);
    const results = [];
    for (const words of [[requestId], [filtered], [unknown], []]) {
      const { report } = await obey(discard, ledger, words, { options: { yes: true } });
      results.push([report.result, report.message]);
    }
    expect(results).toEqual([
      ['usage', `nothing was discarded: ${requestId} is a request with deliveries`],
      ['usage', `nothing was discarded: ${filtered} is a request that is filtered`],
      ['not-found', `the ledger knows nothing of ${unknown}`],
      ['usage', 'discard takes one id or several'],
    ]);
  });

  it('says so where a run composed the request in the meantime', async () => {
    const ledger = openLedger();
    const id = await accept(ledger, {}, HOUR);
    const slow = {
      ...ledger,
      settleRequest: async (...asked: Parameters<typeof ledger.settleRequest>) => {
        await ledger.settleRequest(id, 'composed', '', NOW, never);
        return ledger.settleRequest(...asked);
      },
    };
    const { report } = await obey(discard, slow, [id], { options: { yes: true } });
    expect(report).toMatchObject({
      result: 'later',
      message: `another run took up ${id} in the meantime, so it was not discarded`,
    });
  });

  it('says so where a run was faster than the answer', async () => {
    const ledger = openLedger();
    const { id } = await enter(ledger, { ago: HOUR, state: 'held' });
    const slow = {
      ...ledger,
      amend: async (...asked: Parameters<typeof ledger.amend>) => {
        await ledger.amend(asked[0], { ...asked[1], state: 'delivered' }, asked[2]);
        return ledger.amend(...asked);
      },
    };
    const { report } = await obey(discard, slow, [id], { options: { yes: true } });
    expect(report).toMatchObject({
      result: 'later',
      message: `another run took up ${id} in the meantime, so it was not discarded`,
    });
    expect(await one(ledger, id)).toMatchObject({ state: 'delivered' });
  });
});
