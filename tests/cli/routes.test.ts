// Which messages go where, through the program: routes, rules, the robots of the CRM, and the preview of all that.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, sampleConfig, type Installation } from '../support/program';

const DESTINATIONS = { stream: { type: 'feed', folder: 'stream' }, oncall: { type: 'feed', folder: 'oncall' } };
const URGENT = {
  when: "objectType == 'case' and severity == 'System Down'",
  to: ['oncall', 'stream'],
  tags: ['urgent'],
  template: { title: 'URGENT: Case {{ id }}' },
};
const [DISPATCH, CLOSE] = [
  ['case', '268435459', '268435468'],
  ['case', '268435458', '268435463'],
];

function installed(more: Readonly<Record<string, unknown>>): Installation {
  return install(sampleConfig(DESTINATIONS, more));
}

/** The titles in the Atom feed of a destination; none where it has no feed. */
function titlesIn({ folder }: Installation, destination: string): readonly string[] {
  try {
    const feed = readFileSync(join(folder, destination, 'feed.atom'), 'utf8');
    return [...feed.matchAll(/<entry>[^]*?<title type="text">([^<]*)</g)].map(([, title = '']) => title);
  } catch {
    return [];
  }
}

describe('a message', () => {
  it('goes by the first route that fits, in its words', async () => {
    const program = installed({ routes: [URGENT, { to: ['stream'] }] });
    expect(await program.run(DISPATCH)).toMatchObject({ code: 0 });
    expect(await program.run(CLOSE)).toMatchObject({ code: 0 });
    expect(titlesIn(program, 'oncall')).toEqual(['URGENT: Case 4713']);
    expect(titlesIn(program, 'stream')).toEqual(['Close for Jürg Ammann at Seefeld Pharma Zürich', 'URGENT: Case 4713']);
  });

  it('that no route takes is left out, and stays so', async () => {
    const program = installed({ routes: [URGENT] });
    expect(await program.run([...CLOSE, '--verbose'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no route takes it'),
    });
    expect(await program.run(['rerun'])).toMatchObject({ code: 0 });
    expect([titlesIn(program, 'stream'), titlesIn(program, 'oncall')]).toEqual([[], []]);
  });

  it('of a rule goes where the rule says, in its words', async () => {
    const rules = { 'SLA warning': { destinations: ['oncall'], template: { title: '{{ rule }} for {{ id }}' }, tags: ['sla'] } };
    const program = installed({ rules, routes: [{ to: ['stream'] }] });
    expect(await program.run(['case', '268435457', '[Activity', 'Objid=???]', '--rule', 'sla warning'])).toMatchObject({
      code: 0,
    });
    expect([titlesIn(program, 'stream'), titlesIn(program, 'oncall')]).toEqual([[], ['sla warning for 4711']]);
  });

  it('about the doings of a robot is left out', async () => {
    const program = install(sampleConfig(DESTINATIONS));
    const robots = install({
      ...sampleConfig(DESTINATIONS),
      clarify: { ...(sampleConfig({}) as { clarify: object }).clarify, ignoreUsers: ['DKELLER'] },
    });
    expect(await robots.run([...CLOSE, '--verbose'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('dkeller is among clarify.ignoreUsers'),
    });
    expect(await program.run(CLOSE)).toMatchObject({ code: 0 });
    expect([titlesIn(robots, 'stream').length, titlesIn(program, 'stream').length]).toEqual([0, 1]);
  });
});

describe('a configuration', () => {
  it.each([
    [{ routes: [{ to: ['onkall'] }] }, 'routes.0.to: no destination is called "onkall"; did you mean oncall?'],
    [
      { routes: [{ when: "severty == 'x'", to: ['stream'] }] },
      'routes.0.when: {{ severty }} is no placeholder; did you mean severity?',
    ],
    [{ routes: [{ when: 'severity ==== 5 %}', to: ['stream'] }] }, 'routes.0.when: is no condition: it is written without {% %}'],
    [
      { rules: { SLA: { destinations: ['x'] } } },
      'rules.SLA.destinations: no destination is called "x"; there is stream, oncall',
    ],
    [{ rules: { SLA: { template: { title: '{{ tite }}' } } } }, 'rules.SLA.template.title: {{ tite }} is no placeholder'],
  ])('is refused: %j', async (more, problem) => {
    const { code, stderr } = await installed(more).run(CLOSE);
    expect(code).toBe(78);
    expect(stderr).toContain(problem);
  });
});

describe('preview', () => {
  it('shows the posts of an activity with the routes that bring them, and posts nothing', async () => {
    const program = installed({ routes: [URGENT, { to: ['stream'] }] });
    const { code, stdout } = await program.run(['preview', ...DISPATCH]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^oncall, by route 1:\n {2}URGENT: Case 4713\n[^]*#dovetailCRM #urgent\nstream, by route 1:\n/);
    expect(titlesIn(program, 'oncall')).toEqual([]);
    expect((await program.run(['status'])).stdout).not.toMatch(/[1-9]/);
  });

  it('tells why there is no post, as the call of a rule would', async () => {
    const program = installed({ routes: [URGENT] });
    expect(await program.run(['preview', ...CLOSE])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no route takes it'),
    });
    expect(await program.run(['preview', 'case', '268435457', '268435463'])).toMatchObject({ code: 66 });
  });

  it('forecasts the posts of a span of the past', async () => {
    const program = installed({ routes: [URGENT, { to: ['stream'] }] });
    const span = ['--since', '2010-06-14', '--until', '2010-06-16'];
    const { code, stdout } = await program.run(['preview', ...span, '--json']);
    const [forecast] = stdout.split('\n').map((line) => JSON.parse(line || '{}') as Readonly<Record<string, unknown>>);
    expect(code).toBe(0);
    // Case 4713 has 5 activities on these days; those of the subcase are logged on its case once more, and count once.
    expect(forecast).toMatchObject({
      kind: 'forecast',
      leftOut: 0,
      destinations: [
        { destination: 'stream', posts: forecast?.['activities'], busiestHour: { hour: '2010-06-14T10:00', posts: 6 } },
        { destination: 'oncall', posts: 5, perDay: 2.5 },
      ],
    });
    expect((await program.run(['preview', ...span])).stdout).toMatch(/^destination {2}posts {2}a day {2}busiest hour/);
  });

  it('forecasts what rules pass on, where the configuration says so', async () => {
    const program = installed({ reconcile: [{ objectType: 'case', activities: ['Close', 'Reopen'] }] });
    const { stderr } = await program.run(['preview', '--since', '2010-06-01', '--until', '2010-07-01']);
    expect(stderr).toContain('2 activities from 2010-06-01T00:00:00Z to 2010-07-01T00:00:00Z');
  });

  it.each([
    [['case', '1', '2', '--since', '2d'], 'an activity and --since do not go together'],
    [['--since', '2010-07-01', '--until', '2010-06-01'], '--since is not before --until'],
    [[], 'the object type is missing'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await installed({}).run(['preview', ...words]);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });
});
