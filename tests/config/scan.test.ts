import { scanShape, DEFAULT_SCAN } from '../../src/config/scan';
import type { Problem } from '../../src/core/shape';

function check(raw: unknown) {
  const problems: Problem[] = [];
  const source = { env: {}, resolvePath: (path: string) => path, readFile: () => '', problems, secrets: [] };
  const value = scanShape().parse(raw, { path: ['scan'], source });
  return { value, problems: problems.map(({ path, message }) => `${path.join('.')}: ${message}`) };
}

describe('The key scan', () => {
  it.each([
    [{}, DEFAULT_SCAN],
    [
      { stock: false, recover: '0%' },
      { productRevisions: true, stock: false, recover: 0 },
    ],
    [
      { productRevisions: false, recover: '12.5 %' },
      { productRevisions: false, stock: true, recover: 12.5 },
    ],
  ])('of %j is understood', (raw, value) => {
    expect(check(raw)).toEqual({ value, problems: [] });
  });

  it.each(['10', '-1%', '10 per cent', '%', '1e3%', 10])('does not take %p for a percentage', (recover) => {
    expect(check({ recover }).problems).toEqual([expect.stringMatching(/^scan\.recover: .* is not a percentage such as "10%"$/)]);
  });
});
