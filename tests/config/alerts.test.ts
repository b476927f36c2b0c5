import { alertsShape } from '../../src/config/alerts';
import { checkNames } from '../../src/config/routing';
import type { Problem } from '../../src/core/shape';

const HOUR = 3_600_000;

function check(raw: unknown) {
  const problems: Problem[] = [];
  const source = { env: {}, resolvePath: (path: string) => path, readFile: () => '', problems, secrets: [] };
  const value = alertsShape().parse(raw, { path: ['alerts'], source });
  return { value, problems: problems.map(({ path, message }) => `${path.join('.')}: ${message}`) };
}

describe('The key alerts', () => {
  it.each([
    [{ to: ['oncall'] }, { to: ['oncall'], after: HOUR, silence: 24 * HOUR }],
    [
      { to: ['a', 'b'], after: '30m', silence: '2d' },
      { to: ['a', 'b'], after: HOUR / 2, silence: 48 * HOUR },
    ],
    [
      { to: ['oncall'], silence: false },
      { to: ['oncall'], after: HOUR, silence: false },
    ],
    [{ to: ['oncall', 'oncall'] }, { to: ['oncall'], after: HOUR, silence: 24 * HOUR }],
  ])('of %j is understood', (raw, value) => {
    expect(check(raw)).toEqual({ value, problems: [] });
  });

  it.each([
    [{}, 'alerts.to: is missing'],
    [{ to: [] }, 'alerts.to: is empty; name at least one destination'],
    [{ to: 'oncall' }, 'alerts.to: is a text, not a list'],
    [{ to: ['a'], after: '5m' }, 'alerts.after: "5m" is not a duration such as "10s", from 10m to 30d'],
    [{ to: ['a'], silence: true }, 'alerts.silence: true is not a duration such as "10s", from 1h to 30d'],
    [{ to: ['a'], silent: '1d' }, 'alerts.silent: is no key that belongs here; did you mean silence?'],
  ])('of %j is refused', (raw, problem) => {
    expect(check(raw).problems).toEqual([problem]);
  });

  it.each([
    [['oncall'], []],
    [['onkall'], ['alerts.to: no destination is called "onkall"; did you mean oncall?']],
    [['oncall', 'x'], ['alerts.to: no destination is called "x"; there is support, oncall']],
  ])('names destinations that are there: %j', (to, problems) => {
    const notes: string[] = [];
    checkNames(to, ['support', 'oncall'], ['alerts', 'to'], (path, message) => notes.push(`${path.join('.')}: ${message}`));
    expect(notes).toEqual(problems);
  });
});
