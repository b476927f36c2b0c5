import { list } from '../../src/commands/looking/list';
import { leftLinks } from '../support/left-links';
import { link } from '../support/links';
import { openLedger } from '../support/open-ledger';
import { accept, enter, HOUR, MINUTE, NOW } from '../support/ledger-content';
import { obey, plenty } from '../support/ledger-context';

const never = new AbortController().signal;

/** A ledger with one thing in each state, an hour apart, and their ids in the order of acceptance. */
async function fill() {
  const ledger = openLedger();
  const delivered = await enter(ledger, {
    ago: 9 * HOUR,
    state: 'delivered',
    receipt: { id: '77', permalink: 'https://example.socialcast.com/messages/77' },
  });
  const filtered = await accept(ledger, { objid: 2, activityObjid: 22 }, 8 * HOUR);
  await ledger.settleRequest(filtered, 'filtered', 'activity 22 is an internal note', NOW, never);
  const due = await enter(ledger, { objid: 3, ago: 7 * HOUR, state: 'due', dueIn: 2 * MINUTE, reason: 'connection refused' });
  const cutOff = await enter(ledger, { objid: 4, destination: 'stream', ago: 6 * HOUR, state: 'sending' });
  const rejected = await enter(ledger, {
    objid: 5,
    ago: 5 * HOUR,
    state: 'rejected',
    reason: '422: title\n is\u001B[2J too long',
  });
  const accepted = await accept(ledger, { objid: 6 }, 4 * HOUR);
  const hostile = 'a title\npublish-activity: all is well\u001B[1A';
  const held = await enter(ledger, { objid: 7, ago: 3 * HOUR, state: 'held', reason: 'timed out', title: hostile });
  return { ledger, ids: [delivered.id, filtered, due.id, cutOff.id, rejected.id, accepted, held.id] };
}

describe('list', () => {
  it('says in one line each what was accepted, in this order, and lets no text fake a line', async () => {
    const { ledger, ids } = await fill();
    const title = 'case 4711 "Created Case for Nora at Calder & Sons"';
    const { text, report } = await obey(list, ledger);
    expect(text.split('\n')).toEqual(
      [
        `delivered  2026-11-21T23:00:00Z   1 attempt   socialcast  ${title}: https://example.socialcast.com/messages/77`,
        'filtered   2026-11-22T00:00:00Z   1 attempt   -           case with objid 2, activity 22: activity 22 is an internal note',
        `due        2026-11-22T01:00:00Z   1 attempt   socialcast  ${title}: connection refused; next 2026-11-22T08:02:00Z`,
        `in doubt   2026-11-22T02:00:00Z   1 attempt   stream      ${title}`,
        `rejected   2026-11-22T03:00:00Z   1 attempt   socialcast  ${title}: 422: title\\n is\\u001b[2J too long`,
        'accepted   2026-11-22T04:00:00Z   1 attempt   -           case with objid 6',
        'held       2026-11-22T05:00:00Z   1 attempt   socialcast  case 4711 "a title\\npublish-activity: all is well\\u001b[1A": timed out',
      ].map((line, index) => `${ids[index] ?? ''}  ${line}`),
    );
    expect(report).toEqual({ result: 'done', message: '', deliveries: [], printed: true });
  });

  it.each([
    ['since', { since: '5h' }, [4, 5, 6]],
    ['until', { until: '2026-11-22T01:00Z' }, [0, 1]],
    ['since and until', { since: '2026-11-22T00:00', until: '2026-11-22T04:00:01' }, [1, 2, 3, 4, 5]],
    ['destination', { destination: 'stream' }, [3]],
    ['object type, as rules call it', { objectType: 'Case' }, [0, 1, 2, 3, 4, 5, 6]],
    ['another object type', { objectType: 'probdesc' }, []],
    ['state', { state: 'rejected' }, [4]],
    ['state as people say it', { state: 'In doubt' }, [3]],
    ['an attempt in progress, of which there is none', { state: 'sending' }, []],
    ['state of a request', { state: 'accepted' }, [5]],
    ['limit', { limit: 2 }, [0, 1]],
    ['state and limit', { state: 'filtered', limit: 1 }, [1]],
  ])('is narrowed down by %s', async (_what, options, expected) => {
    const { ledger, ids } = await fill();
    const { json } = await obey(list, ledger, [], { options });
    expect(json.map(({ id }) => ids.indexOf(String(id)))).toEqual(expected);
  });

  it('is narrowed down by an id of a delivery or a request', async () => {
    const { ledger, ids } = await fill();
    for (const id of ids) {
      const { json } = await obey(list, ledger, [], { options: { id: id.toUpperCase() } });
      expect(json.map((line) => line['id'])).toEqual([id]);
    }
  });

  it('reads page by page and leaves nothing out where moments are the same', async () => {
    const ledger = openLedger();
    for (let objid = 1; objid <= 1_100; objid++) await enter(ledger, { objid, ago: HOUR, state: 'delivered' });
    const pages: number[] = [];
    const spied = {
      ...ledger,
      deliveries: (...asked: Parameters<typeof ledger.deliveries>) => (pages.push(asked[1]), ledger.deliveries(...asked)),
    };
    const { json } = await obey(list, spied);
    expect(new Set(json.map(({ id }) => id)).size).toBe(1_100);
    expect(pages).toEqual([500, 500, 500]);
  });

  it('says where it had no time to come to the end', async () => {
    const { ledger } = await fill();
    const deadline = plenty();
    const slow = {
      ...ledger,
      deliveries: async (...asked: Parameters<typeof ledger.deliveries>) => {
        const page = await ledger.deliveries(...asked);
        deadline.end();
        return page;
      },
    };
    expect((await obey(list, slow, [], { deadline })).report).toMatchObject({
      result: 'later',
      message: 'the list is not complete: the time was up after 0 lines',
    });
  });

  it('gives every field but the body to machines', async () => {
    const { ledger, ids } = await fill();
    const { json } = await obey(list, ledger);
    expect(json[0]).toMatchObject({
      format: 1,
      kind: 'delivery',
      id: ids[0],
      state: 'delivered',
      destination: 'socialcast',
      objectType: 'case',
      objid: 268435457,
      activityObjid: 268435457,
      rule: '',
      started: 1,
      finished: 1,
      acceptedAt: '2026-11-21T23:00:00.000Z',
      deliveredAt: '2026-11-21T23:00:00.000Z',
      receipt: { id: '77', permalink: 'https://example.socialcast.com/messages/77' },
      message: { title: 'Created Case for Nora at Calder & Sons', id: '4711', tags: ['dovetailCRM'] },
    });
    expect(JSON.stringify(json)).not.toContain('a body that nobody');
    expect(json[1]).toMatchObject({ format: 1, kind: 'request', id: ids[1], state: 'filtered', objid: 2, activityObjid: 22 });
  });

  it('says that there is nothing, and guesses a mistyped destination', async () => {
    const { ledger } = await fill();
    const { report } = await obey(list, ledger, [], { options: { destination: 'socialcats' } });
    expect(report).toMatchObject({
      result: 'done',
      message: 'the ledger has nothing like that',
      hint: 'no destination is called "socialcats"; did you mean socialcast?',
    });
  });

  it.each([
    [{ state: 'abandonned' }, '--state: nothing is ever "abandonned"', 'did you mean abandoned?'],
    [{ since: 'monday' }, '--since: "monday" is not a moment', expect.stringContaining('2026-11-22T08:00')],
    [{ until: '2026-02-30' }, '--until: "2026-02-30" is not a moment', expect.stringContaining('90m')],
    [{ objectType: 'Caze' }, 'no object type is called "Caze"', expect.stringContaining('did you mean')],
    [{ id: '12' }, '"12" is not an id, which has 32 digits from 0 to 9 and a to f', 'publish-activity list shows the ids'],
  ])('refuses %j', async (options, message, hint) => {
    const { report } = await obey(list, openLedger(), [], { options });
    expect(report).toMatchObject({ result: 'usage', message, hint });
  });
});

describe('list of entries', () => {
  const about = async (options: object) => {
    const links = await leftLinks(
      [{ user: 'ann' }],
      [link('a', { user: 'ann' }), link('b', { user: 'ann', state: 'held', reason: 'a series' })],
    );
    return obey(list, openLedger(), [], { options, parts: { links: () => Promise.resolve(links) } });
  };

  it('is of a state, as people say it', async () => {
    expect((await about({ entries: true, state: ' Held ' })).json).toMatchObject([{ id: 'b', state: 'held' }]);
    expect((await about({ entries: true })).json).toHaveLength(2);
  });

  it.each<[object, string, string]>([
    [{ entries: true, state: 'lnked' }, '--state: nothing is ever "lnked"', 'did you mean linked?'],
    [
      { entries: true, state: 'delivered' },
      '--state: nothing is ever "delivered"',
      'it is one of intended, linked, leaving, held, gone, apart',
    ],
    [{ state: 'linked' }, '--state: nothing is ever "linked"', ''],
  ])('has states of its own: %j', async (options, message, hint) => {
    const { report } = await about(options);
    expect(report).toMatchObject({ result: 'usage', message });
    expect(report.hint).toContain(hint);
  });

  it.each<[object, string]>([
    [{ entries: true, destination: 'stream' }, '--destination means nothing where entries are listed'],
    [{ conflicts: true, state: 'held' }, '--state means nothing where conflicts are listed'],
    [{ user: 'ann' }, '--user means nothing where deliveries are listed'],
  ])('leaves out no filter that means nothing for it: %j', async (options, message) => {
    expect((await about(options)).report).toMatchObject({ result: 'usage', message });
  });
});
