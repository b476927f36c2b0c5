import { chooseTemplates, type Choice } from '../../src/core/choose-templates';
import type { Voice } from '../../src/core/routing';

const BUILT_IN = {
  Close: { title: 'built in Close', body: 'b' },
  '*': { title: 'any', body: 'b' },
  none: { title: 'none', body: 'b' },
};
const quiet: Voice = { words: [], tags: [] };
const choose = (name: string | undefined, changes: Choice['changes'] = {}, voice = quiet) =>
  chooseTemplates(name === undefined ? undefined : { code: 200 }, name ?? '', voice, {
    changes,
    wording: BUILT_IN,
    link: 'the link',
  });

describe('the words of a message', () => {
  it.each([
    ['of the activity’s name', 'close', {}, { of: 'program', key: 'Close' }],
    ['of any activity', 'Create', {}, { of: 'program', key: '*' }],
    ['of no activity', undefined, {}, { of: 'program', key: 'none' }],
    [
      'of the configuration under its name',
      'Close',
      { cLOSE: { title: 'own' } },
      { of: 'templates', key: 'cLOSE', template: 'own' },
    ],
    ['of the configuration under its code', 'Create', { 200: { title: 'own' } }, { of: 'templates', key: '200' }],
    ['of the program under its name, before *', 'Close', { '*': { title: 'own' } }, { of: 'program', key: 'Close' }],
    ['of the configuration under *', 'Create', { '*': { title: 'own' } }, { of: 'templates', key: '*' }],
    [
      'of the program, where the configuration has no title',
      'Close',
      { Close: { body: 'own' } },
      { of: 'program', key: 'Close' },
    ],
  ])('are those %s', (_, name, changes, chosen) => {
    expect(choose(name, changes).title).toMatchObject(chosen);
  });

  it('are those of the route, then of the rule, for each part', () => {
    const voice: Voice = {
      words: [
        { of: 2, words: { title: 'URGENT' } },
        { of: 'rule', words: { title: 'SLA', body: 'hurry' } },
      ],
      tags: [],
    };
    expect(choose('Close', { Close: { title: 'own', body: 'own', link: 'own' } }, voice)).toEqual({
      title: { of: 2, key: '', template: 'URGENT' },
      body: { of: 'rule', key: '', template: 'hurry' },
      link: { of: 'templates', key: 'Close', template: 'own' },
    });
  });

  it('may be empty on purpose, and end with the link of the object type', () => {
    expect(choose('Close', { Close: { body: '' } })).toMatchObject({
      body: { of: 'templates', template: '' },
      link: { of: 'program', key: '', template: 'the link' },
    });
  });
});
