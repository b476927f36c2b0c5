import { addressesOf, type Routing } from '../../src/core/routing';

const urgent = { when: 'urgent', to: ['oncall'], template: { title: 'URGENT' }, tags: ['now'] };
const cases = { when: 'case', to: ['support', 'oncall'], tags: [] };
const rest = { to: ['stream'], tags: [] };
const base: Routing = { routes: [], take: 'first', rules: {}, destinations: ['stream', 'support', 'oncall'] };

/** What holds is what stands in the list. */
const route = (routing: Partial<Routing>, holding: readonly string[], rule = '') =>
  addressesOf(rule, { ...base, ...routing }, (condition) => holding.includes(condition));
const namesOf = (addresses: ReturnType<typeof addressesOf>) => addresses.map(({ destination }) => destination);

describe('a message', () => {
  it('goes everywhere where there are no routes', () => {
    expect(namesOf(route({}, []))).toEqual(['stream', 'support', 'oncall']);
  });

  it.each<[Routing['take'], readonly string[], readonly string[]]>([
    ['first', ['urgent', 'case'], ['oncall']],
    ['first', ['case'], ['support', 'oncall']],
    ['first', [], ['stream']],
    ['all', ['urgent', 'case'], ['oncall', 'support', 'stream']],
    ['all', ['case'], ['support', 'oncall', 'stream']],
  ])('goes by the %s of the routes that hold (%j) to %j', (take, holding, names) => {
    expect(namesOf(route({ routes: [urgent, cases, rest], take }, holding))).toEqual(names);
  });

  it('goes nowhere where no route takes it: a restricted stream must never get the rest', () => {
    expect(route({ routes: [urgent, cases] }, [])).toEqual([]);
  });

  it('that two routes take to one destination reads as the first of them says', () => {
    const addresses = route({ routes: [urgent, cases], take: 'all' }, ['urgent', 'case']);
    expect(addresses).toEqual([
      { destination: 'oncall', voice: { words: [{ title: 'URGENT' }], tags: ['now'] }, by: 1 },
      { destination: 'support', voice: { words: [], tags: [] }, by: 2 },
    ]);
  });

  it.each(['SLA warning', ' sla WARNING'])('of the rule %j has its words and tags, behind those of the route', (rule) => {
    const rules = { 'SLA warning': { template: { title: 'SLA', body: 'hurry' }, tags: ['sla'] } };
    expect(route({ rules, routes: [urgent] }, ['urgent'], rule)).toEqual([
      {
        destination: 'oncall',
        voice: { words: [{ title: 'URGENT' }, { title: 'SLA', body: 'hurry' }], tags: ['sla', 'now'] },
        by: 1,
      },
    ]);
  });

  it('of a rule with destinations goes there, whatever the routes say', () => {
    const rules = { 'SLA warning': { tags: [], destinations: ['support'] } };
    expect(namesOf(route({ rules, routes: [urgent] }, ['urgent'], 'SLA warning'))).toEqual(['support']);
    expect(namesOf(route({ rules, routes: [urgent] }, ['urgent'], 'another'))).toEqual(['oncall']);
  });
});
