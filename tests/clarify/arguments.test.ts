import { normalizeTypeName, readArguments } from '../../src/clarify/arguments';
import { objectTypes } from '../../src/clarify/object-types/index';
import { commands } from '../../src/commands/index';
import { ALERT } from '../../src/core/alert';
import { UserError } from '../../src/core/errors';

const read = (...words: string[]) => readArguments(words, '', objectTypes);
const refusal = (...words: string[]): UserError => {
  try {
    read(...words);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`accepted: ${words.join(' ')}`);
};

describe('the arguments of a rule', () => {
  const both = { objectType: 'case', objid: 268435457, activityObjid: 268435458, rule: '' };
  const alone = { objectType: 'case', objid: 268435457, rule: '' };

  it.each([
    ['as documented', ['Case', '268435457', '268435458']],
    ['in any case', ['cASE', '268435457', '268435458']],
    ['by type id', ['0', '268435457', '268435458']],
    ['in quotes of their own', ['"Case"', "'268435457'", '""268435458""']],
    ['in the round quotes of a word processor', ['“Case”', '„268435457“', '‘268435458’']],
    ['with commas', ['Case,', '268435457,', '268435458,']],
    ['with a comma inside the quotes', ['"Case,"', '"268435457",', '268435458']],
    ['with a lone ampersand at the end', ['Case', '268435457', '268435458', '&']],
    ['in one word', ['Case 268435457 268435458']],
    ['with blanks around them', [' Case ', ' 268435457', '268435458 ']],
  ])('are read %s', (_manner, words) => {
    expect(read(...words)).toEqual(both);
  });

  it.each([
    ['left out', []],
    ['0', ['0']],
    ['empty', ['']],
    ['empty quotes', ['""']],
    ['an unresolved property in two words', ['[Activity', 'Objid=???]']],
    ['an unresolved property in one word', ['[Activity Objid=???]']],
    ['a raw token', ['[Activity Objid]']],
    ['question marks', ['???']],
    ['a property and an ampersand', ['[Activity', 'Objid=???]', '&']],
  ])('may lack the activity: %s', (_manner, words) => {
    expect(read('Case', '268435457', ...words)).toEqual(alone);
  });

  it.each([
    ['Solution', 'solution'],
    ['probdesc', 'solution'],
    ['Problem', 'solution'],
    ['Problem Description', 'solution'],
    ['problem_description', 'solution'],
    ['PROBLEM-DESCRIPTION', 'solution'],
    ['1', 'solution'],
  ])('know %p as the type %s', (alias, name) => {
    expect(read(...alias.split(' '), '5', '6')).toMatchObject({ objectType: name, objid: 5, activityObjid: 6 });
  });

  it('carry the rule', () => {
    expect(readArguments(['Case', '5'], 'SLA warning', objectTypes).rule).toBe('SLA warning');
  });

  it.each(['12abc', '0x10', '-1', '+1', '2147483648', '1;DROP TABLE x', '007', '1.0', '1e3', '99999999999', '٣', '1,2'])(
    'refuse %p as an id',
    (id) => {
      expect(refusal('Case', id, '5').result).toBe('usage');
      expect(refusal('Case', '5', id).result).toBe('usage');
    },
  );

  it('accept the largest id', () => {
    expect(read('Case', '2147483647', '2147483647')).toMatchObject({ objid: 2147483647, activityObjid: 2147483647 });
  });

  it('never shift: an empty database id does not make the activity the object', () => {
    expect(refusal('Case', '', '5').message).toBe('the database id of the case is missing');
    expect(refusal('Case', '[Database', 'ID=???]', '5').message).toBe('the database id of the case is missing');
    expect(refusal('Case', '0', '5').message).toBe('the database id of the case is missing');
  });

  it('are refused when there are too many', () => {
    expect(refusal('Case', '5', '6', '7').message).toBe('"7" is one argument too many');
  });

  it.each([
    [['Cse', '5', '6'], 'no object type is called "Cse"', 'did you mean case?'],
    [['Probdsc', '5', '6'], 'no object type is called "Probdsc"', 'did you mean probdesc'],
    [['Zeppelin', '5', '6'], 'no object type is called "Zeppelin"', 'known are case, subcase, solution'],
    [['4711', '5', '6'], 'the object type is missing', 'it is one of case, subcase, solution'],
    [[], 'the object type is missing', 'it is one of case, subcase, solution'],
  ])('name the nearest object type: %p', (words, message, hint) => {
    const error = refusal(...words);
    expect(error.message).toBe(message);
    expect(error.hint).toContain(hint);
  });

  it('survive hostile words', () => {
    expect(refusal('\u0000', '\u202e', "'; DROP TABLE table_case; --").result).toBe('usage');
    expect(refusal('x'.repeat(100_000), '5').message.length).toBeLessThan(200);
  });
});

describe('the names of commands and of object types', () => {
  const spellings = objectTypes.flatMap((type) => type.aliases.map(normalizeTypeName));

  it('are disjoint, so that the three-argument form stays valid', () => {
    const names = ['help', ...Object.keys(commands)].map(normalizeTypeName);
    expect(names).toContain('publish');
    expect(names.filter((name) => spellings.includes(name))).toEqual([]);
  });

  it('leave the name of alerts alone, which are in the ledger beside what rules pass', () => {
    expect(spellings).not.toContain(normalizeTypeName(ALERT));
  });

  it('name each type once', () => {
    expect(new Set(spellings).size).toBe(spellings.length);
    expect(new Set(objectTypes.map((type) => type.typeId)).size).toBe(objectTypes.length);
  });
});

describe('An object type without a number', () => {
  const types = [{ name: 'tower', aliases: ['tower'] }];

  it('is called by its names only', () => {
    expect(readArguments(['tower', '268435457'], '', types)).toMatchObject({ objectType: 'tower' });
    expect(() => readArguments(['undefined', '268435457'], '', types)).toThrow('no object type is called "undefined"');
  });
});
