import { forgottenBy } from '../../src/commands/outbox/forgotten';

const CONFIG = '/etc/c.json';
const line = (id: string, more: object = {}) =>
  JSON.stringify({
    time: `2026-11-0${id}T00:00:00.000Z`,
    result: 'posted',
    objectType: 'case',
    configFile: CONFIG,
    deliveries: [{ id }],
    ...more,
  });

/** What is forgotten by a ledger that knows these ids. */
const forgotten = (lines: readonly string[], known: readonly string[]) =>
  forgottenBy((ids) => Promise.resolve(known.filter((id) => ids.includes(id))), lines, CONFIG);

describe('A ledger', () => {
  it.each<[string, readonly string[], readonly string[], object | undefined]>([
    ['that knows what the log tells of', [line('1'), line('2')], ['1', '2'], undefined],
    ['that is new, as the log is', [], [], undefined],
    ['that was emptied', [line('1'), line('2')], [], { count: 2, since: '2026-11-01T00:00:00.000Z' }],
    ['that was restored', [line('1'), line('2'), line('3')], ['1'], { count: 2, since: '2026-11-02T00:00:00.000Z' }],
    ['that was emptied and filled since', [line('1'), line('2'), line('3')], ['2', '3'], { count: 1 }],
    ['beside the log of another configuration', [line('1', { configFile: '/etc/other.json' })], [], undefined],
    ['that could not keep it', [line('1', { result: 'not-kept' })], [], undefined],
    ['that keeps what is to be sent', [line('1', { result: 'later' })], [], { count: 1 }],
    ['of which a test message is no matter', [line('1', { objectType: undefined })], [], undefined],
    ['beside half a line and other lines', [line('1').slice(0, 40), '7', '', line('2', { deliveries: 7 })], [], undefined],
  ])('%s', async (_, lines, known, expected) => {
    const found = await forgotten(lines, known);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });

  it('is asked for the oldest and the newest of many', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => line(String(index)));
    const asked: (readonly string[])[] = [];
    await forgottenBy((ids) => Promise.resolve((asked.push(ids), ids)), many, CONFIG);
    expect(asked).toHaveLength(1);
    expect([asked[0]?.length, asked[0]?.at(0), asked[0]?.at(-1)]).toEqual([500, '0', '1999']);
  });
});
