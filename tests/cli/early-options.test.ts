import { earlyOptions } from '../../src/cli/early-options';

describe('earlyOptions', () => {
  it.each([
    ['Case 1', { json: false, quiet: false }],
    ['Case 1 --config a.json', { json: false, quiet: false, config: 'a.json' }],
    ['--config=a.json Case 1 --json', { json: true, quiet: false, config: 'a.json' }],
    ['Case --config a.json --config b.json --quiet', { json: false, quiet: true, config: 'b.json' }],
    ['Case 1 --wrong --config', { json: false, quiet: false }],
    ['Case 1 --config=', { json: false, quiet: false }],
    ['Case -- --config a.json --json', { json: false, quiet: false }],
  ])('of %s', (line, expected) => {
    expect(earlyOptions(line.split(' '))).toEqual(expected);
  });
});
