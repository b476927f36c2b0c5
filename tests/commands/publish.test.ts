// Keeping and publishing in this process, with a ledger and a spool that do as they are told. tests/cli/spool.test.ts runs the program.

import type { Context } from '../../src/commands/command';
import { publish } from '../../src/commands/outbox/publish/index';
import type { PublishParts } from '../../src/commands/outbox/publish/parts';
import { keep, type KeepParts } from '../../src/commands/outbox/publish/keep';
import { DatabaseError, type DatabaseProblem } from '../../src/core/database-error';
import { sleep } from '../../src/core/deadline';
import { NothingSent, UserError } from '../../src/core/errors';
import type { Repeat } from '../../src/destinations/destination';
import type { DeliveryState, Ledger } from '../../src/ledger/ledger';
import { openMemoryLedger, newMemoryStore } from '../support/memory-ledger';
import type { Spool, SpooledRequest } from '../../src/ledger/spool';
import { enter, message, NOW } from '../support/ledger-content';
import { found, makeStream, startNow } from '../support/rerun';

const request = { objectType: 'case', objid: 268435457, activityObjid: 268435457, rule: '' };
const words = ['Case', '268435457', '268435457'];
const call = { command: 'publish', words, rule: '', request } as const;

function setUp({ repeat = 'findable' }: { readonly repeat?: Repeat } = {}) {
  const memory = newMemoryStore();
  const ledger = openMemoryLedger(memory);
  const stream = makeStream('stream', { repeat });
  const files: SpooledRequest[] = [];
  const spool: Spool = {
    folder: 'spool',
    refusedFolder: 'refused',
    keep: (spooled) => void files.push(spooled),
    waiting: () => files.map(({ id }) => id),
    read: (id) => files.find((each) => each.id === id),
    remove: () => undefined,
    refuse: () => undefined,
    refused: () => [],
    readRefused: () => undefined,
    sweep: () => undefined,
  };
  const keeping: KeepParts = {
    ledger: () => Promise.resolve(ledger),
    spool: () => Promise.resolve(spool),
    owner: 'this run',
    now: () => NOW,
  };
  const parts: PublishParts & Pick<Context, 'readCall'> = {
    readCall: () => Promise.resolve(request),
    ledger: () => Promise.resolve(ledger),
    known: (ids, signal) => ledger.deliveries({ ids }, ids.length, signal),
    spools: () => [],
    destinations: () => Promise.resolve([stream.ready]),
    now: () => NOW,
    random: () => 0.5,
    owner: 'this run',
    read: (read) => Promise.resolve(found(read)),
    readMany: () => Promise.reject(new Error('a call reads one activity')),
    expected: [],
    leftOut: () => undefined,
    compose: () => Promise.resolve([{ destination: stream.ready.name, message: message(), by: undefined }]),
  };
  return { memory, ledger, stream, spool, files, keeping, parts };
}

const failing = (ledger: Ledger, problem: DatabaseProblem): Ledger => ({
  ...ledger,
  accept: () => Promise.reject(new DatabaseError(problem, `the ledger is ${problem}`)),
});
const refusing = (code: string) => () => {
  throw Object.assign(new Error(`${code}: no`), { code });
};

describe('A call', () => {
  it('finds a ledger that is busy for a while, and is kept there', async () => {
    const { memory, ledger, files, keeping } = setUp();
    const slow: Ledger = {
      ...ledger,
      accept: async (...given) => {
        await sleep(50, given[2]);
        if (given[2].aborted) throw new DatabaseError('busy', 'others had it until the end');
        return ledger.accept(...given);
      },
    };
    const kept = await keep(call, { ...keeping, ledger: () => Promise.resolve(slow) }, startNow(20));
    expect(kept).toMatchObject({ place: 'ledger' });
    expect([...memory.requests.values()]).toMatchObject([{ request }]);
    expect(files).toEqual([]);
  });

  it('whose deadline is over before it begins is kept in the spool at once, and asks nobody', async () => {
    const { files, keeping } = setUp();
    const deadline = startNow(0);
    deadline.end();
    const expired = { ...deadline, expired: () => true };
    const open = jest.fn();
    expect(await keep(call, { ...keeping, ledger: open }, expired)).toMatchObject({ place: 'spool' });
    expect(files).toHaveLength(1);
    expect(open).not.toHaveBeenCalled();
  });

  it.each<[string, (ledger: Ledger) => KeepParts['ledger']]>([
    ['busy', (ledger) => () => Promise.resolve(failing(ledger, 'busy'))],
    ['read-only', (ledger) => () => Promise.resolve(failing(ledger, 'not-writable'))],
    ['of a newer program', (ledger) => () => Promise.resolve(failing(ledger, 'configuration'))],
    ['down', (ledger) => () => Promise.resolve(failing(ledger, 'unavailable'))],
    ['not to be opened, because of a bug', () => () => Promise.reject(new TypeError('undefined is no function'))],
    ['not known', () => undefined],
  ])('that finds the ledger %s is kept in the spool, word by word', async (_, open) => {
    const { ledger, files, keeping, stream } = setUp();
    expect(await keep(call, { ...keeping, ledger: open(ledger) }, startNow(1_000))).toMatchObject({ place: 'spool' });
    expect(files).toEqual([
      { id: expect.stringMatching(/^[0-9a-f]{32}$/) as string, command: 'publish', words, rule: '', at: NOW },
    ]);
    expect(stream.attempts).toEqual([]);
  });

  it('whose commit may have been made all the same waits in the spool under the id that the ledger would know', async () => {
    const { memory, ledger, files, keeping } = setUp();
    const uncertain: Ledger = {
      ...ledger,
      accept: async (...given) => {
        await ledger.accept(...given);
        throw new DatabaseError('uncertain', 'the answer was lost');
      },
    };
    await keep(call, { ...keeping, ledger: () => Promise.resolve(uncertain) }, startNow(1_000));
    expect([...memory.requests.keys()]).toEqual(files.map(({ id }) => id));
  });

  it.each(['EMFILE', 'EBUSY', 'EPERM'])('tries the spool again while the system answers %s', async (code) => {
    const { ledger, files, keeping, spool } = setUp();
    let tries = 0;
    const hesitant: Spool = {
      ...spool,
      keep: (spooled) => {
        if (tries++ < 3) refusing(code)();
        spool.keep(spooled);
      },
    };
    const ledgerDown = () => Promise.resolve(failing(ledger, 'busy'));
    const kept = await keep(call, { ...keeping, ledger: ledgerDown, spool: () => Promise.resolve(hesitant) }, startNow(0));
    expect(kept).toMatchObject({ place: 'spool' });
    expect(files).toHaveLength(1);
  });
});

describe('What waits in the spool', () => {
  const spoolWith = (scene: ReturnType<typeof setUp>, ...waiting: readonly SpooledRequest[]) => {
    scene.files.push(...waiting);
    const remove = (id: string) =>
      void scene.files.splice(
        scene.files.findIndex((each) => each.id === id),
        1,
      );
    return { ...scene.parts, spools: () => [{ ...scene.spool, remove }] };
  };
  const spooled = (id: string, at: number, ...given: readonly string[]) => ({
    id,
    command: 'publish' as const,
    at,
    words: given,
    rule: '',
  });
  const readCall: Context['readCall'] = ({ words: [, objid, activityObjid] }) =>
    Promise.resolve({ ...request, objid: Number(objid), activityObjid: Number(activityObjid) });
  const publishWith = async (scene: ReturnType<typeof setUp>, parts: PublishParts) => {
    const kept = await keep(call, scene.keeping, startNow(1_000));
    return publish(request, kept, { ...parts, readCall }, startNow(1_000));
  };

  it('is taken in by the next call that finds the ledger well, with the moment of its own', async () => {
    const scene = setUp();
    const parts = spoolWith(scene, spooled('a'.repeat(32), NOW - 60_000, 'Case', '7', '8'));
    expect(await publishWith(scene, parts)).toMatchObject({ result: 'posted' });
    expect(scene.memory.requests.get('a'.repeat(32))).toMatchObject({
      request: { objid: 7, activityObjid: 8 },
      state: 'accepted',
      acceptedAt: NOW - 60_000,
      dueAt: NOW,
    });
    expect(scene.files).toEqual([]);
  });

  it('comes first where it is about the same object', async () => {
    const scene = setUp();
    const parts = spoolWith(scene, spooled('b'.repeat(32), NOW - 60_000, 'Case', String(request.objid), '5'));
    const report = await publishWith(scene, parts);
    expect(report).toMatchObject({ result: 'later', message: expect.stringContaining('after an earlier one') as string });
    expect(scene.stream.posts).toEqual([]);
  });

  it('stays there where its words mean nothing, until a rerun tells of it', async () => {
    const scene = setUp();
    const parts = spoolWith(scene, spooled('c'.repeat(32), NOW, 'Nonsense'));
    const refuse = jest.fn();
    const spools = () => parts.spools().map((spool) => ({ ...spool, refuse }));
    const kept = await keep(call, scene.keeping, startNow(1_000));
    const refusing = () => Promise.reject(new UserError('usage', 'no object type is called "Nonsense"'));
    const report = await publish(request, kept, { ...parts, spools, readCall: refusing }, startNow(1_000));
    expect(report).toMatchObject({ result: 'posted' });
    expect(scene.files).toHaveLength(1);
    expect(refuse).not.toHaveBeenCalled();
  });
});

describe('Where neither ledger nor spool can be written', () => {
  const nowhere = async (problem: DatabaseProblem, { ledger, keeping, spool }: ReturnType<typeof setUp>) =>
    keep(
      call,
      {
        ...keeping,
        ledger: () => Promise.resolve(failing(ledger, problem)),
        spool: () => Promise.resolve({ ...spool, keep: refusing('ENOSPC') }),
      },
      startNow(1_000),
    );

  it.each<[DatabaseProblem, Repeat, number]>([
    ['not-writable', 'findable', 1],
    ['not-writable', 'unsafe', 1],
    ['configuration', 'unsafe', 1],
    ['busy', 'safe', 1],
    ['busy', 'findable', 0],
    ['busy', 'unsafe', 0],
    ['uncertain', 'safe', 1],
    ['uncertain', 'findable', 0],
  ])(
    'the ledger being %s, a post to what is %s is tried %d times, and that nothing is kept is said',
    async (problem, repeat, posts) => {
      const scene = setUp({ repeat });
      const report = await publish(request, await nowhere(problem, scene), scene.parts, startNow(1_000));
      expect(report).toMatchObject({ result: 'not-kept', message: expect.stringContaining('ENOSPC') as string });
      expect(scene.stream.posts).toHaveLength(posts);
    },
  );

  it.each([
    ['delivered', 'posted'],
    ['due', 'later'],
    ['held', 'later'],
    ['rejected', 'rejected'],
  ] as const)('a ledger that can be read and says %s ends it: nothing is posted', async (state, result) => {
    const scene = setUp();
    const { id } = await enter(scene.ledger, { destination: 'stream', ago: 60_000, state });
    const report = await publish(request, await nowhere('not-writable', scene), scene.parts, startNow(1_000));
    expect(report).toMatchObject({ result, deliveries: [{ id, already: true }] });
    expect(scene.stream.posts).toEqual([]);
  });
});

describe('A destination that throws an error', () => {
  const cases: readonly [string, Error, string, DeliveryState][] = [
    ['a bug after something may have been sent', new Error('no such thing'), 'bug', 'in-doubt'],
    ['a bug before anything was sent', new NothingSent(new Error('no such thing')), 'bug', 'due'],
    ['what people can mend', new UserError('configuration', 'the token is unfit'), 'configuration', 'due'],
  ];
  it.each(cases)('keeps no other one from its post: %s', async (_, error, result, state) => {
    const scene = setUp();
    const [broken, sound] = [makeStream('broken'), makeStream('sound')];
    broken.next(() => {
      throw error;
    });
    const all = [broken.ready, sound.ready];
    const parts = {
      ...scene.parts,
      destinations: () => Promise.resolve(all),
      compose: () => Promise.resolve(all.map(({ name }) => ({ destination: name, message: message(), by: undefined }))),
    };
    const kept = await keep(call, scene.keeping, startNow(5_000));
    const report = await publish(request, kept, parts, startNow(5_000));
    expect(report).toMatchObject({ result, deliveries: [{ result }, { result: 'posted' }] });
    expect(report.stack === undefined).toBe(result !== 'bug');
    expect(sound.posts).toHaveLength(1);
    expect([...scene.memory.deliveries.values()].map((each) => each.state)).toEqual([state, 'delivered']);
  });
});
