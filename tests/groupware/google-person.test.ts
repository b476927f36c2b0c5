// What stands on a person of Google's, and what is written of it. Whatever is not ours goes back to the letter.

import { cardOf, type Card } from '../../src/core/sync/card';
import type { Entry, EntryField } from '../../src/core/sync/entry';
import { itemOf } from '../../src/groupware/google/people/person';
import { newPerson, personChange } from '../../src/groupware/google/people/person-body';
import { entryOfValues, NO_VALUES, valuesOf, type PersonValues } from '../../src/groupware/google/people/person-fields';
import { CARD_ENTRY_FIELDS } from '../../src/groupware/vcard-fields';
import { NORA } from './suite';

const values = (lists: Partial<PersonValues>): PersonValues => ({ ...NO_VALUES, ...lists });
const cardIn = (lists: Partial<PersonValues>) => entryOfValues(values(lists)).card;
const entry = (texts: Partial<Card>, subject = ''): Entry => ({ ...NORA, subject, card: cardOf(texts) });
const change = (lists: Partial<PersonValues>, texts: Partial<Card>, fields: readonly EntryField[] = CARD_ENTRY_FIELDS) =>
  personChange(values(lists), { entry: entry(texts), fields });
const number = (value: string, type?: string, more: object = {}) => ({ value, ...(type === undefined ? {} : { type }), ...more });
const PRIMARY = { metadata: { sourcePrimary: true, source: { type: 'CONTACT', id: '1' } } };

describe('A person says', () => {
  it.each<[string, Partial<PersonValues>, Partial<Card>]>([
    ['a telephone of work', { phoneNumbers: [number('1', 'home'), number('2', 'work')] }, { phone: '2' }],
    ['one without a type', { phoneNumbers: [number('1')] }, { phone: '1' }],
    ['the main one', { phoneNumbers: [number('1', 'main')] }, { phone: '1' }],
    ['that of work before one without a type', { phoneNumbers: [number('1'), number('2', 'work')] }, { phone: '2' }],
    ['the primary one of two alike', { phoneNumbers: [number('1', 'work'), number('2', 'work', PRIMARY)] }, { phone: '2' }],
    ['the one that says something', { phoneNumbers: [number('', 'work'), number('2')] }, { phone: '2' }],
    ['a mobile one, in whatever letters', { phoneNumbers: [number('1', ' Mobile ')] }, { mobile: '1' }],
    [
      'a mobile one of work before another',
      { phoneNumbers: [number('1', 'mobile'), number('2', 'workMobile')] },
      { mobile: '2' },
    ],
    ['a fax of work', { phoneNumbers: [number('1', 'homeFax'), number('2', 'otherFax'), number('3', 'workFax')] }, { fax: '3' }],
    [
      'nothing that is somebody’s own',
      { phoneNumbers: ['home', 'pager', 'workPager', 'googleVoice', 'other', 'Boat'].map((type) => number('1', type)) },
      {},
    ],
    [
      'two addresses of mail',
      { emailAddresses: [number('a'), number('b', 'work'), number('c', 'home')] },
      { email: 'b', otherEmail: 'a' },
    ],
    ['the second one by our type', { emailAddresses: [number('a', 'Work 2')] }, { otherEmail: 'a' }],
    [
      'where somebody works',
      {
        organizations: [
          { type: 'school', name: 'S' },
          { name: 'C', title: 'T' },
        ],
      },
      { company: 'C', title: 'T' },
    ],
    ['nothing of where somebody worked', { organizations: [{ name: 'C', current: false }] }, {}],
    [
      'an address of work',
      {
        addresses: [
          { type: 'home', city: 'A' },
          { city: 'B', postalCode: '1' },
        ],
      },
      { city: 'B', postcode: '1' },
    ],
    ['nothing of an address in one piece', { addresses: [{ formattedValue: '1 Quay\nBern' }] }, {}],
  ])('%s', (_, lists, texts) => {
    expect(cardIn(lists)).toEqual(cardOf(texts));
  });

  it('how it is called as a whole, else as Google puts it together', () => {
    const named = (name: object) => entryOfValues(values({ names: [{ givenName: 'Nora', ...name }] })).subject;
    expect(named({ unstructuredName: 'N. Dell', displayName: 'Nora Dell' })).toBe('N. Dell');
    expect(named({ displayName: 'Nora Dell' })).toBe('Nora Dell');
  });

  it('nothing that Google knows from elsewhere', () => {
    const of = (type: string, value: string) => ({ value, type: 'work', metadata: { source: { type } } });
    expect(valuesOf({ phoneNumbers: [of('PROFILE', '1'), of('CONTACT', '2')] })?.phoneNumbers).toEqual([of('CONTACT', '2')]);
    expect(valuesOf({ phoneNumbers: 'x' })).toBeUndefined();
  });
});

describe('A person is', () => {
  const source = { type: 'CONTACT', id: '1', etag: '#1' };
  const person = (more: object = {}, sources: readonly object[] = [source]) => ({
    ...{ resourceName: 'people/c1', etag: '%x', metadata: { sources } },
    ...more,
  });
  const contentOf = (value: unknown) => {
    const item = itemOf(value);
    return item === undefined || 'gone' in item ? item : item.content.kind;
  };

  it('of the version of what stands in the address book, and marked with its link', () => {
    const clientData = [
      { key: 'theirs', value: 'x' },
      { key: 'crmLink', value: 'a' },
      { key: 'crmLink', value: 'b' },
    ];
    expect(itemOf(person({ clientData }, [{ type: 'PROFILE', id: '2', etag: '#2' }, source]))).toMatchObject({
      ...{ id: 'people/c1', version: '#1', mark: 'a', otherMarks: ['b'] },
    });
  });

  it.each<[string, unknown, unknown]>([
    ['gone', { resourceName: 'people/c1', metadata: { deleted: true } }, { id: 'people/c1', gone: true }],
    ['somebody else’s where no address book has it', person({}, [{ type: 'PROFILE', id: '1', etag: '#' }]), 'foreign'],
    ['unknown where it stands there twice', person({}, [source, source]), 'unreadable'],
    ['unknown where it has no version', person({}, [{ type: 'CONTACT', id: '1' }]), 'unreadable'],
    ['unknown where a list is none', person({ names: {} }), 'unreadable'],
    [
      'unknown where a listing may show a part',
      person({ phoneNumbers: Array.from({ length: 100 }, () => number('1')) }),
      'unreadable',
    ],
    ['none without a name', { metadata: {} }, undefined],
  ])('%s', (_, value, expected) => {
    expect(contentOf(value)).toEqual(expected);
  });
});

describe('What is written of a person', () => {
  it('is all of a list of which a value changes, each of the others to the letter and in its place', () => {
    const own = [number('1', 'home', { formattedType: 'Home', ...PRIMARY }), number('2', 'Boat')];
    expect(
      change({ phoneNumbers: [own[0] ?? {}, number('3', 'work', { canonicalForm: '+3' }), own[1] ?? {}] }, { phone: '4' }),
    ).toEqual({
      phoneNumbers: [own[0], number('4', 'work'), own[1]],
    });
  });

  it.each<[string, Partial<PersonValues>, Partial<Card>, object]>([
    ['nothing where all is said', { phoneNumbers: [number(' 1 ', 'WORK')] }, { phone: '1' }, {}],
    [
      'a new value behind the others',
      { phoneNumbers: [number('1', 'home')] },
      { fax: '2' },
      { phoneNumbers: [number('1', 'home'), number('2', 'workFax')] },
    ],
    [
      'a list without what is said no more',
      { phoneNumbers: [number('1', 'home'), number('2', 'work')] },
      {},
      { phoneNumbers: [number('1', 'home')] },
    ],
    [
      'company and title of one place',
      {},
      { company: 'C', title: 'T' },
      { organizations: [{ type: 'work', name: 'C', title: 'T' }] },
    ],
    [
      'a place with what others put there',
      { organizations: [{ name: 'C', department: 'D' }] },
      {},
      { organizations: [{ department: 'D' }] },
    ],
    ['the second address as the second one', {}, { otherEmail: 'b' }, { emailAddresses: [number('b', 'Work 2')] }],
    [
      'the second address, whose first one goes, as the second one',
      { emailAddresses: [number('a'), number('b')] },
      { otherEmail: 'b' },
      { emailAddresses: [number('b', 'Work 2')] },
    ],
    [
      'an address that is put together anew, with its post-office box',
      { addresses: [{ city: 'A', poBox: '7', country: 'CH', countryCode: 'CH', formattedValue: 'A' }] },
      { city: 'B', country: 'IT' },
      { addresses: [{ city: 'B', poBox: '7', country: 'IT' }] },
    ],
    [
      'a name with what stands beside it',
      { names: [{ givenName: 'a', middleName: 'M', displayName: 'a M' }] },
      { given: 'b' },
      { names: [{ givenName: 'b', middleName: 'M' }] },
    ],
  ])('is %s', (_, lists, texts, expected) => {
    const fields = CARD_ENTRY_FIELDS.filter((field) => field !== 'subject');
    expect(change(lists, texts, fields)).toEqual(expected);
  });

  it('is of a new one its card, its link, the way back and its groups', () => {
    const step = { linkId: 'pa1', entry: entry({ given: 'Nora', phone: '1' }, 'Nora'), url: 'http://server/1' };
    const groups = ['contactGroups/7', 'contactGroups/myContacts'];
    expect(newPerson(step, 'contactGroups/7')).toEqual({
      names: [{ unstructuredName: 'Nora', givenName: 'Nora' }],
      phoneNumbers: [number('1', 'work')],
      urls: [{ value: 'http://server/1', type: 'CRM' }],
      clientData: [{ key: 'crmLink', value: 'pa1' }],
      memberships: groups.map((contactGroupResourceName) => ({ contactGroupMembership: { contactGroupResourceName } })),
    });
  });
});
