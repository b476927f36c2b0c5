import { reconcileShape } from '../../src/config/reconcile';
import type { Problem } from '../../src/core/shape';

function check(raw: unknown) {
  const problems: Problem[] = [];
  const source = { env: {}, resolvePath: (path: string) => path, readFile: () => '', problems, secrets: [] };
  const value = reconcileShape().parse(raw, { path: ['reconcile'], source });
  return { value, problems: problems.map(({ path, message }) => `${path.join('.')}: ${message}`) };
}

describe('The key reconcile', () => {
  it('takes names and codes, and codes as texts', () => {
    const entries = [
      { objectType: 'case', activities: ['Create', ' Chg Sts:Fixed ', 2400, '94001'] },
      { objectType: 'Change Request', activities: ['Create CR'], rule: 'CR created' },
    ];
    expect(check(entries)).toEqual({
      value: [
        { objectType: 'case', activities: ['Create', 'Chg Sts:Fixed', 2400, 94001], rule: '' },
        { objectType: 'Change Request', activities: ['Create CR'], rule: 'CR created' },
      ],
      problems: [],
    });
  });

  it.each([
    [{}, 'reconcile: is an object, not a list'],
    [[{ activities: ['Create'] }], 'reconcile.0.objectType: is missing'],
    [[{ objectType: 'case' }], 'reconcile.0.activities: is missing'],
    [[{ objectType: 'case', activities: [] }], 'reconcile.0.activities: is empty; name an activity'],
    [[{ objectType: 'case', activities: [' '] }], 'reconcile.0.activities.0: is empty'],
    [[{ objectType: 'case', activities: [-1] }], 'reconcile.0.activities.0: -1 is not a whole number from 0 to 2147483647'],
    [[{ objectType: 'case', activities: [600], rule: 'r'.repeat(201) }], 'is not a name of at most 200 characters'],
    [[{ objectType: 'case', activites: [600] }], 'reconcile.0.activites: is no key that belongs here; did you mean activities?'],
  ])('is refused as %j', (raw, problem) => {
    expect(check(raw).problems.join('\n')).toContain(problem);
  });
});
