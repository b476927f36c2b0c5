// Contacts in step, over each groupware: README.md has the list.

import { cardOf, type Card } from '../../../src/core/sync/card';
import { ENTRY_FIELDS, type Entry } from '../../../src/core/sync/entry';
import type { Collection, RemoteStep } from '../../../src/groupware/groupware';
import { NORA } from '../../groupware/suite';
import { contactRow, contactsOf, shown, type Pair, type Rest } from '../../support/pair';
import { ALL, describeOver, itOver, type Not } from '../../support/worlds';

let pair: Pair;
afterEach(() => pair.close());

const NO_DISK: Not = { memory: 'it has no disk', Google: 'an account has one address book, which stays' };
const NO_NAMES: Not = { memory: 'its items have no names', Google: 'persons.test.ts has it' };
const quietly = (inner: Collection) => inner;
/** A card on which some texts are others. */
const withCard = (entry: Entry, texts: Partial<Card>): Entry => ({ ...entry, card: cardOf({ ...entry.card, ...texts }) });
const JURG: Entry = { ...withCard(NORA, { given: 'Jürg', family: 'Ammann', phone: '555-010-3001' }), subject: 'Jürg Ammann' };
const MANY: readonly Entry[] = Array.from({ length: 30 }, (_, n) => ({ ...NORA, subject: `Contact ${n}` }));

const cardId = (objid = 1) => pair.idOf('contact', objid);
const edit = async (entry: Entry, objid = 1) => pair.person('contact').edit(await cardId(objid), entry);
/** How all stands where both sides say the same. */
const both = (entries: readonly Entry[], rest: Partial<Rest> = {}): Rest => {
  const all = entries.map(shown).sort();
  const links = entries.map(() => 'linked');
  return { crm: all, groupware: all, links, conflicts: [], writes: [0, 0], ...rest };
};

/** Keeps the steps that go to the groupware. */
const listening = (steps: RemoteStep[]) => (inner: Collection) => ({
  ...inner,
  apply: (...of: Parameters<Collection['apply']>) => {
    steps.push(...of[0]);
    return inner.apply(...of);
  },
});

describeOver(ALL, 'contacts come to rest as they should', (name) => {
  it('21. versions are refused again and again: each turn tries once, and nothing is overwritten', async () => {
    pair = await contactsOf(name, [NORA]);
    const steps: RemoteStep[] = [];
    pair.crm.edit(contactRow(1), withCard(NORA, { title: 'Boss' }));
    pair.between = (inner) => ({
      ...inner,
      apply: async (all, deadline) => {
        steps.push(...all);
        await edit(withCard(NORA, { phone: `555-010-${steps.length}` }));
        return inner.apply(all, deadline);
      },
    });
    for (let n = 1; n <= 8; n += 1) {
      expect(await pair.turn()).toMatchObject({ done: { updated: 0 }, trouble: '', result: 'done' });
      expect([steps.length, new Set(steps.map((step) => step.do))]).toEqual([n, new Set(['update'])]);
    }
    pair.between = quietly;
    expect(await pair.rest()).toEqual(both([withCard(NORA, { title: 'Boss', phone: '555-010-8' })], { writes: [8, 1] }));
  });

  it('22. all of many are reported as changed, and none is: no step is tried', async () => {
    pair = await contactsOf(name, MANY);
    const steps: RemoteStep[] = [];
    let n = 0;
    pair.between = (inner) => ({
      ...listening(steps)(inner),
      list: async (_cursor, _page, deadline) => {
        const listing = await inner.list(undefined, undefined, deadline);
        n += 1;
        if (listing.kind !== 'page') return listing;
        return { ...listing, items: listing.items.map((item) => ('gone' in item ? item : { ...item, version: `"v${n}"` })) };
      },
    });
    for (let turn = 1; turn <= 3; turn += 1) expect(await pair.turn()).toMatchObject({ done: { updated: 0, written: 0 } });
    expect([n, steps]).toEqual([3, []]);
    pair.between = quietly;
    expect(await pair.rest()).toEqual(both(MANY));
  });

  const NO_TEXTS = { memory: 'its items are no texts' };
  itOver(name, '22. all of many are rewritten by another program, which changes nothing', NO_TEXTS, async () => {
    pair = await contactsOf(name, MANY.slice(0, 5));
    const before = await pair.texts('contact').read(await cardId());
    for (let objid = 1; objid <= 5; objid += 1) await pair.person('contact').respell(await cardId(objid));
    expect(await pair.texts('contact').read(await cardId())).not.toBe(before);
    expect(await pair.rest()).toEqual(both(MANY.slice(0, 5)));
    pair.crm.edit(contactRow(3), { subject: 'Contact 2, renamed' });
    const renamed = MANY.slice(0, 5).map((entry, n) => (n === 2 ? { ...entry, subject: 'Contact 2, renamed' } : entry));
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
  });

  it('22. two cards are merged into one: the contact whose card is gone is left alone, and the CRM keeps both', async () => {
    pair = await contactsOf(name, [NORA, JURG]);
    const merged = withCard(NORA, { mobile: '555-010-3001' });
    await edit(merged);
    await pair.person('contact').remove(await cardId(2));
    expect(await pair.rest()).toEqual({
      ...both([merged, JURG], { writes: [1, 0] }),
      groupware: [shown(merged)],
      links: ['apart (deleted-there)', 'linked'],
    });
    pair.crm.edit(contactRow(2), withCard(JURG, { title: 'Boss' }));
    expect(await pair.rest()).toMatchObject({ groupware: [shown(merged)], writes: [1, 0] });
  });

  it('23. what only the card has is left as it is, whatever is written', async () => {
    pair = await contactsOf(name, [NORA]);
    await pair.person('contact').decorate(await cardId());
    const decorations = await pair.person('contact').decorations(await cardId());
    expect(decorations).not.toEqual([]);
    expect(await pair.rest()).toEqual(both([NORA]));
    let now = NORA;
    for (const [n, texts] of CHANGES.entries()) {
      now = withCard(now, texts);
      pair.crm.edit(contactRow(1), now);
      expect(await pair.rest()).toEqual(both([now], { writes: [0, n + 1] }));
    }
    expect(await pair.person('contact').decorations(await cardId())).toEqual(decorations);
  });

  it('23. what the CRM has no value and no column for is the person’s own', async () => {
    const [withFax, without] = [withCard(NORA, { fax: '555-010-7777' }), withCard(NORA, { fax: '' })];
    pair = await contactsOf(name, [without], { writable: ENTRY_FIELDS.filter((field) => field !== 'fax') });
    await edit(withFax);
    expect(await pair.rest()).toEqual({ ...both([without]), groupware: [shown(withFax)] });
    pair.crm.edit(contactRow(1), withCard(without, { title: 'Boss' }));
    expect(await pair.rest()).toEqual({
      ...both([withCard(without, { title: 'Boss' })], { writes: [0, 1] }),
      groupware: [shown(withCard(withFax, { title: 'Boss' }))],
    });
  });

  it('23. of several that change at once each gets its own fields, and no other’s', async () => {
    pair = await contactsOf(name, [NORA, JURG]);
    const steps: RemoteStep[] = [];
    pair.between = listening(steps);
    const [titled, called] = [withCard(NORA, { title: 'Boss' }), withCard(JURG, { phone: '555-010-3002' })];
    pair.crm.edit(contactRow(1), titled);
    pair.crm.edit(contactRow(2), called);
    await edit(withCard(NORA, { mobile: '555-010-1' }), 1);
    await edit(withCard(JURG, { title: 'Clerk' }), 2);
    const after = [withCard(titled, { mobile: '555-010-1' }), withCard(called, { title: 'Clerk' })];
    expect(await pair.rest()).toEqual(both(after, { writes: [2, 2] }));
    const fields = steps.map((step) => (step.do === 'update' ? step.fields : step.do));
    expect(fields.sort()).toEqual([['phone'], ['title']]);
  });

  itOver(name, '5. the whole address book is away, and is back', NO_DISK, async () => {
    pair = await contactsOf(name, [NORA, JURG]);
    const bringBack = pair.takeAway();
    const held = ['held (guard-there)', 'held (guard-there)'];
    expect(await pair.rest()).toEqual({ ...both([NORA, JURG]), groupware: [], links: held });
    bringBack();
    expect(await pair.rest()).toEqual(both([NORA, JURG]));
  });

  itOver(name, 'a card gets another name, and is written under that', NO_NAMES, async () => {
    pair = await contactsOf(name, [NORA]);
    const texts = pair.texts('contact');
    const [item = ''] = await texts.names();
    const whole = await texts.read(item);
    await texts.remove(item);
    await texts.write('Nora', whole);
    const boss = withCard(NORA, { title: 'Boss' });
    pair.crm.edit(contactRow(1), boss);
    expect(await pair.rest()).toEqual(both([boss], { writes: [0, 1] }));
    expect(await texts.names()).toEqual(['Nora']);
  });
});

/** What changes in the CRM: each field of a card once. */
const CHANGES: readonly Partial<Card>[] = [
  { given: 'Eleonora' },
  { company: 'Calder' },
  { title: '' },
  { phone: '1', mobile: '2' },
  { fax: '' },
  { email: '', otherEmail: 'x@calder.example' },
  { street: '1 Quay', city: '', country: 'CH' },
];
