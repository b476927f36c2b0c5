import { callIn } from '../../../src/clarify/rules/command-line';

const ARGUMENTS = '"[Object Type]" "[Database ID]" "[Activity Objid]"';
const texts = (commandLine: string) => callIn(commandLine)?.words.map(({ text }) => text);

describe('A command line calls this program', () => {
  it.each([
    'publish-activity',
    'publish-activity.cmd',
    'PUBLISH-ACTIVITY.EXE',
    '"publish-activity"',
    '"C:\\Program Files\\publish-activity\\publish-activity.cmd"',
    'C:\\Program Files\\publish-activity\\publish-activity.cmd',
    '/usr/local/bin/publish-activity',
    'node "C:\\publish-activity\\dist\\publish-activity.js"',
    'cmd /c publish-activity',
    'cd /d C:\\publish-activity && publish-activity',
    'publish-activity publish',
  ])('as %s', (program) => {
    expect(texts(`${program} ${ARGUMENTS}`)).toEqual(['[Object Type]', '[Database ID]', '[Activity Objid]']);
  });

  it.each(['PublishActivity.bat', 'publish-activity-old.cmd', 'sendmail publish-activities', 'curl http://x/publish-activity/y'])(
    'but not as %s',
    (program) => {
      expect(callIn(`${program} ${ARGUMENTS}`)).toBeUndefined();
    },
  );
});

describe('The words of a call', () => {
  it.each([
    ['lost quotes', '[Object Type] [Database ID] [Activity Objid]', ['[Object Type]', '[Database ID]', '[Activity Objid]']],
    ['commas', '"[Object Type]", "[Database ID]", 0', ['[Object Type]', '[Database ID]', '0']],
    ['an ampersand at the end', 'Case "[Database ID]" &', ['Case', '[Database ID]']],
    ['where the output goes', 'Case "[Database ID]" >> c:\\log.txt 2>&1', ['Case', '[Database ID]']],
    ['a name of two words', 'Change Request "[Database ID]"', ['Change', 'Request', '[Database ID]']],
    ['two in one pair of quotes', '"[Object Type] [Title]"', ['[Object Type] [Title]']],
  ])('survive %s', (_, given, expected) => {
    expect(texts(`publish-activity ${given}`)).toEqual(expected);
  });

  it('know which of them had quotes', () => {
    expect(callIn('publish-activity [Object Type] "[Database ID]"')?.words.map(({ quoted }) => quoted)).toEqual([false, true]);
  });

  it.each([
    ['publish-activity Case 1 --rule "SLA warning"', [['--rule', 'SLA warning']]],
    ['publish-activity --config "C:\\x\\publish-activity" Case 1', [['--config', 'C:\\x\\publish-activity']]],
    [
      'publish-activity Case --rule="SLA warning" 1 --quiet',
      [
        ['--rule', 'SLA warning'],
        ['--quiet', ''],
      ],
    ],
  ])('are told from the options: %s', (commandLine, options) => {
    const call = callIn(commandLine);
    expect([...(call?.options ?? [])]).toEqual(options);
    expect(call?.words.map(({ text }) => text)).toEqual(['Case', '1']);
  });
});
