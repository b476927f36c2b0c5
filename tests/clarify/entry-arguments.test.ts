// The words of a call of `sync`, as rules pass them.

import { readCall } from '../../src/clarify/calls';
import { readEntryArguments } from '../../src/clarify/entry-arguments';
import { entryTypes } from '../../src/clarify/entry-types';
import { objectTypes } from '../../src/clarify/object-types/index';
import type { SiteKind, SiteKinds } from '../../src/config/entry-types';
import { kindOfSync } from '../../src/core/call';
import { UserError } from '../../src/core/errors';

const SITE: SiteKinds = {
  x_visit: { typeName: 'Site Visit', becomes: 'event', table: 'table_x_visit' } as SiteKind,
  dispatch: { off: true } as SiteKind,
};

function refusal(words: readonly string[], site: SiteKinds = {}): string {
  try {
    readEntryArguments(words, '', site);
  } catch (error) {
    if (error instanceof UserError) return `${error.result}: ${error.message}; ${error.hint ?? ''}`;
    throw error;
  }
  return 'accepted';
}

describe('The words of a call of sync', () => {
  it.each<[string, readonly string[], string]>([
    ['by its name', ['appointment', '7'], 'sync/appointment'],
    ['as people call it', ['"Phone', 'Log",', '7'], 'sync/phone_log'],
    ['by the number of its table', ['260', '7'], 'sync/appointment'],
    ['with an activity that the rule could not fill', ['Action Item', '7', '[Activity Objid=???]'], 'sync/action_item'],
    ['by the name of a kind of the site', ['Site', 'Visit', '7'], 'sync/x_visit'],
  ])('name a kind %s', (_, words, objectType) => {
    expect(readEntryArguments(words, 'moved', SITE)).toEqual({ objectType, objid: 7, rule: 'moved' });
  });

  it.each<[string, readonly string[], string]>([
    [
      'a kind that there is not',
      ['appointmnt', '7'],
      'usage: no kind of entry is called "appointmnt"; did you mean appointment?',
    ],
    ['a kind that is off', ['dispatch', '7'], 'usage: no kind of entry is called "dispatch"'],
    ['an object type', ['case', '7'], 'usage: no kind of entry is called "case"'],
    ['no row', ['appointment'], 'usage: the database id of the appointment is missing'],
    [
      'too much',
      ['appointment', '7', '8', '9'],
      'usage: "9" is one argument too many; the arguments are <entryType> <dbId> <activityObjid>, as in: publish-activity sync appointment',
    ],
  ])('are refused where they name %s', (_, words, message) => {
    expect(refusal(words, SITE)).toContain(message);
  });

  it('make a request that none to post can be taken for, whatever both are called', async () => {
    for (const { name } of entryTypes) {
      const { objectType } = await readCall({ command: 'sync', words: [name, '7'], rule: '' }, { types: objectTypes, kinds: {} });
      expect([objectType, kindOfSync(objectType)]).toEqual([`sync/${name}`, name]);
    }
    expect(objectTypes.filter(({ name, aliases }) => [name, ...aliases].some((each) => each.includes('/')))).toEqual([]);
  });
});
