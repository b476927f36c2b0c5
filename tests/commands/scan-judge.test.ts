import { judgeLevel, judgeRevision } from '../../src/commands/outbox/scan/judge';

/** What becomes of a level while its stock goes through these amounts: the states, and the amounts at which it was told. */
function followed(amounts: readonly number[], reorderLevel = 10, recover = 10) {
  const judge = judgeLevel(recover);
  let state: string | undefined;
  const told: [number, number][] = [];
  for (const onHand of amounts) {
    const judgement = judge(state, { objid: 1, onHand, reorderLevel });
    if (judgement?.occurrence !== undefined) told.push([onHand, judgement.occurrence]);
    state = judgement?.state ?? state;
  }
  return { state, told };
}

describe('Stock', () => {
  it.each<[string, number[], string, [number, number][]]>([
    ['that is new to us and low has not fallen', [8], 'below:0', []],
    ['that stays high is not told', [20, 15, 11], 'above:0', []],
    ['that falls to its level is told once', [11, 10, 9, 0, -3], 'below:1', [[10, 1]]],
    ['that falls below its level at once is told', [20, 3], 'below:1', [[3, 1]]],
    ['that hovers around its level is told once', [11, 10, 10, 9, 10, 9], 'below:1', [[10, 1]]],
    [
      'that recovers and falls again is told again',
      [11, 9, 11, 9, 30, 2],
      'below:3',
      [
        [9, 1],
        [9, 2],
        [2, 3],
      ],
    ],
    ['that was low at first and recovers is told when it falls', [8, 11, 10], 'below:1', [[10, 1]]],
  ])('%s', (_, amounts, state, told) => {
    expect(followed(amounts)).toEqual({ state, told });
  });

  it.each<[number, number, number, boolean]>([
    [100, 10, 109, false],
    [100, 10, 110, true],
    [100, 0, 101, true],
    [100, 0, 100.5, false],
    [5, 10, 6, true],
    [0, 10, 1, true],
    [10, 50, 14, false],
    [10, 50, 15, true],
  ])('with the level %d recovers at %d %% from %d on: %p', (reorderLevel, recover, onHand, recovered) => {
    expect(followed([reorderLevel + 1000, reorderLevel, onHand], reorderLevel, recover).state).toBe(
      recovered ? 'above:1' : 'below:1',
    );
  });

  it('without an amount or a level stays as it was', () => {
    expect(judgeLevel(10)('above:1', { objid: 1, reorderLevel: 10 })).toBeUndefined();
    expect(judgeLevel(10)('above:1', { objid: 1, onHand: 0 })).toBeUndefined();
    expect(judgeLevel(10)(undefined, { objid: 1, onHand: 0 })).toBeUndefined();
  });

  it('is told when its level rises over it', () => {
    expect(judgeLevel(10)('above:2', { objid: 1, onHand: 8, reorderLevel: 12 })).toEqual({ state: 'below:3', occurrence: 3 });
  });
});

describe('A revision', () => {
  it('is told when it is new, and never again', () => {
    expect(judgeRevision(undefined, {})).toEqual({ state: 'known', occurrence: 1 });
    expect(judgeRevision('known', {})).toBeUndefined();
  });
});
