// Cards of contacts: what compares alike, what is kept of them, and what is done about each field that changed.

import { cardOf, CARD_FIELDS, isCard, spelledCard, withCardFields, type Card } from '../../../src/core/sync/card';
import { changedFields, normalized, type Entry } from '../../../src/core/sync/entry';
import { readEntries, spellEntries } from '../../../src/core/sync/kept-entries';
import { merge } from '../../../src/core/sync/merge';

const NORA = cardOf({
  ...{ given: 'Nora', family: 'O’Dell', company: 'Calder', title: 'Dock Manager', phone: '1', email: 'n@calder.example' },
  ...{ street: '12 Harbour Way', city: 'Austin', region: 'TX', postcode: '78701' },
});
const entryOf = (card: Card): Entry => ({
  kind: 'contact',
  subject: 'Nora O’Dell',
  time: {},
  place: '',
  notes: '',
  done: false,
  card,
});
const withTexts = (texts: Partial<Card>) => entryOf({ ...NORA, ...texts });

describe('a card', () => {
  it('differs in the fields of which a text differs', () => {
    const other = withTexts({ family: 'Odell', city: 'Dallas', mobile: '2' });
    expect(changedFields(entryOf(NORA), other)).toEqual(['name', 'mobile', 'address']);
  });

  it('differs where a text moved from one part of a field to the next', () => {
    expect(changedFields(withTexts({ given: '', family: 'Ann' }), withTexts({ given: 'Ann', family: '' }))).toEqual(['name']);
  });

  it('compares alike however its texts are composed, and with blanks around them', () => {
    expect(changedFields(normalized(withTexts({ company: ' Zu\u0308rich ' })), withTexts({ company: 'Z\u00fcrich' }))).toEqual(
      [],
    );
  });

  it('is spelled as nothing where nothing stands on it', () => {
    expect(CARD_FIELDS.map((field) => spelledCard(cardOf({}), field)).join('')).toBe('');
  });

  it('takes whole fields of another one', () => {
    expect(withCardFields(NORA, cardOf({ street: 'Elsewhere', phone: '3' }), ['address'])).toEqual({
      ...NORA,
      ...{ street: 'Elsewhere', city: '', region: '', postcode: '' },
    });
  });

  it('is kept in a link as it is', () => {
    const kept = { crmBase: entryOf(NORA), remoteBase: undefined, sent: withTexts({ phone: '9' }), pending: undefined };
    expect(readEntries(spellEntries(kept))).toEqual(kept);
  });

  it.each([[null], ['a card'], [{ ...NORA, phone: 7 }], [{ phone: '7' }]])('that was damaged is none: %j', (card) => {
    expect(isCard(card)).toBe(false);
    expect(readEntries(JSON.stringify({ crmBase: { ...entryOf(NORA), card } }))).toBeUndefined();
  });
});

describe('of a card that changed', () => {
  const writable = ['title', 'phone', 'mobile', 'email'] as const;
  const rules = { fields: ['subject', ...CARD_FIELDS], writable, isPast: false, mayWrite: true, timeZone: 'UTC' } as const;
  const told = (crm: Partial<Card>, remote: Partial<Card>) => {
    const agreed = entryOf(NORA);
    const versions = { crm: withTexts(crm), remote: withTexts(remote), crmBase: agreed, remoteBase: agreed };
    const { toCrm, toRemote, lost } = merge(versions, rules);
    return [toCrm.fields, toRemote.fields, lost.map(({ field, winner }) => `${field} as in the ${winner}`)];
  };

  it.each<[string, readonly unknown[], Partial<Card>, Partial<Card>]>([
    ['there goes into the CRM', [['phone'], [], []], {}, { phone: '2' }],
    ['here goes to the groupware', [[], ['phone', 'address'], []], { phone: '2', city: 'Dallas' }, {}],
    ['on both sides goes both ways', [['phone'], ['title'], []], { title: 'Boss' }, { phone: '2' }],
    ['twice is as in the CRM', [[], ['phone'], ['phone as in the crm']], { phone: '2' }, { phone: '3' }],
    ['and cannot be written is set back', [[], ['company'], ['company as in the crm']], {}, { company: 'Calder & Sons' }],
    ['where the CRM has nothing and no place is a person’s own', [[], [], []], {}, { fax: '7', otherEmail: 'x@y.example' }],
    ['where the CRM had nothing gives way once it has', [[], ['fax'], ['fax as in the crm']], { fax: '8' }, { fax: '7' }],
    ['and was emptied there is emptied in the CRM', [['phone'], [], []], {}, { phone: '' }],
  ])('what changed %s', (_, expected, crm, remote) => {
    expect(told(crm, remote)).toEqual(expected);
  });
});
