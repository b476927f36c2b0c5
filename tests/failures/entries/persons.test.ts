// What only Google does with contacts, or does in its own words: README.md has the list. Each begins with contacts in step over its stand-in.

import { cardOf, type Card } from '../../../src/core/sync/card';
import type { Entry } from '../../../src/core/sync/entry';
import { keyText } from '../../../src/core/sync/entry-key';
import { NORA } from '../../groupware/suite';
import { contactRow, contactsOf, OWNER, shown, type Pair } from '../../support/pair';
import type { MishapRow } from '../../support/google/mishaps';
import { EMAIL, googleIn, LOST_ANSWERS } from '../../support/pair-at-google';
import { SIGNAL } from '../../support/turns';

let pair: Pair;
afterEach(() => pair.close());

const withCard = (entry: Entry, texts: Partial<Card>): Entry => ({ ...entry, card: cardOf({ ...entry.card, ...texts }) });
const JURG: Entry = { ...withCard(NORA, { given: 'Jürg', family: 'Ammann', phone: '555-010-3001' }), subject: 'Jürg Ammann' };
const CALLED: readonly Entry[] = Array.from({ length: 6 }, (_, n) => ({ ...NORA, subject: `Contact ${n}` }));
const open = async (...entries: readonly Entry[]) => (pair = await contactsOf('Google', entries));
const server = () => googleIn(pair).server;
const hands = () => server().contacts;
const people = () => hands().people(EMAIL);
const cardId = (objid = 1) => pair.idOf('contact', objid);
const stateOf = async (objid: number) => {
  const [link] = await pair.links.find({ type: 'contact', objid }, 1, SIGNAL);
  return [link?.state, link?.cause];
};
const put = (objid: number, entry: Entry) => {
  pair.crm.put({ ...contactRow(objid), kind: 'contact', owner: OWNER, entry });
  pair.crm.books.set(OWNER, new Set([...(pair.crm.books.get(OWNER) ?? []), keyText(contactRow(objid))]));
};
const edit = (objid: number, entry: Entry) => pair.crm.edit(contactRow(objid), entry);
/** A turn a minute after the last one, which is sooner than anything settles. */
const soon = () => {
  pair.now -= 540_000;
  return pair.turn();
};
const since = (calls: number) => server().calls.slice(calls);
const inStep = (...entries: readonly Entry[]) => {
  const all = entries.map(shown).sort();
  return { crm: all, groupware: all, links: entries.map(() => 'linked') };
};

describe('Whom Google was asked to make', () => {
  it.each(LOST_ANSWERS)('1. stands once, though %s and no listing shows it for minutes', async (_, what) => {
    await open(NORA);
    hands().rule({ lagMs: 300_000 });
    put(2, JURG);
    server().misbehave({ method: 'people.batchCreateContacts', what });
    await pair.turn();
    for (let n = 0; n < 3; n += 1) await soon();
    expect(people()).toHaveLength(2);
    expect(await pair.rest()).toMatchObject({ ...inStep(NORA, JURG), writes: [0, 0] });
    expect(people()).toHaveLength(2);
  });

  it('1. is made once it is certain that it was not', async () => {
    await open(NORA);
    put(2, JURG);
    server().misbehave({ method: 'people.batchCreateContacts', what: { kind: 'reset' } });
    await pair.turn();
    await soon();
    expect(people()).toHaveLength(1);
    expect(await pair.rest()).toMatchObject({ ...inStep(NORA, JURG), writes: [0, 1] });
  });

  it('2. stands as somebody changed it whom nobody told that the answer was lost', async () => {
    await open(NORA);
    put(2, JURG);
    server().misbehave({ method: 'people.batchCreateContacts', what: { kind: 'reset', done: true } });
    await pair.turn();
    const changed = withCard(JURG, { title: 'Clerk' });
    await pair.person('contact').edit(people()[1]?.name ?? '', changed);
    expect(await pair.rest()).toMatchObject({ ...inStep(NORA, changed), writes: [1, 0] });
  });

  it('20. is held alone where Google refuses it, and the others stand', async () => {
    await open(NORA);
    for (const [n, entry] of CALLED.entries()) put(n + 2, entry);
    const body = { error: { code: 400, status: 'INVALID_ARGUMENT', message: 'SECRET' } };
    // The whole, its second half, and of that the first one of three.
    const refuse = (nth: number): MishapRow => ({
      method: 'people.batchCreateContacts',
      nth,
      what: { kind: 'answer', status: 400, body },
    });
    server().misbehave(refuse(1), refuse(3), refuse(4), refuse(5));
    await pair.turn();
    const { links } = await pair.rest();
    expect([links.filter((link) => link === 'held (refused)').length, people().length]).toEqual([1, 6]);
    const [held] = await pair.links.find({ states: ['held'] }, 1, SIGNAL);
    expect(held?.reason).toBe('Google answered 400 (INVALID_ARGUMENT)');
  });
});

describe('The group of the contacts', () => {
  const groups = () => hands().groups(EMAIL);
  const members = (group?: string) =>
    people().filter(({ data }) => JSON.stringify(data['memberships'] ?? []).includes(`"${group ?? ''}"`)).length;

  it('has all that were made, so that people can hide them, and they are contacts all the same', async () => {
    await open(NORA, JURG);
    expect(groups().map(({ name }) => name)).toEqual(['CRM']);
    expect([members(groups()[0]?.resourceName), members('contactGroups/myContacts')]).toEqual([2, 2]);
  });

  it.each<[string, MishapRow['what']]>([
    ['was lost', { kind: 'reset', done: true }],
    ['never came', { kind: 'reset' }],
  ])('16. is there once, though the answer to its making %s', async (_, what) => {
    await open();
    put(1, NORA);
    server().misbehave({ method: 'contactGroups.create', what });
    expect(await pair.rest()).toMatchObject(inStep(NORA));
    expect(groups()).toHaveLength(1);
  });

  it('is the one of that name where somebody has one', async () => {
    await open();
    server().act(EMAIL, 'POST', '/v1/contactGroups', { contactGroup: { name: 'CRM' } });
    put(1, NORA);
    expect(await pair.rest()).toMatchObject(inStep(NORA));
    expect([groups().length, members(groups()[0]?.resourceName)]).toEqual([1, 1]);
  });

  it('is left by whoever somebody takes out, who stays in step', async () => {
    await open(NORA);
    const path = `/v1/${groups()[0]?.resourceName ?? ''}/members:modify`;
    server().act(EMAIL, 'POST', path, { resourceNamesToRemove: [await cardId()] });
    edit(1, withCard(NORA, { title: 'Boss' }));
    expect(await pair.rest()).toMatchObject({ ...inStep(withCard(NORA, { title: 'Boss' })), writes: [0, 1] });
    expect(members(groups()[0]?.resourceName)).toBe(0);
  });
});

describe('How far a listing of contacts came', () => {
  it('3, 4. is forgotten in Google’s words, on whatever page, and nothing is doubled or written', async () => {
    await open(...CALLED);
    for (const { name } of people()) await pair.person('contact').edit(name, { card: cardOf({ ...NORA.card, title: 'Boss' }) });
    server().limitPages(4);
    let asked = 0;
    pair.between = (inner) => ({
      ...inner,
      list: (...of) => {
        asked += 1;
        if (asked === 2) server().expireCursors(EMAIL);
        return inner.list(...of);
      },
    });
    const calls = server().calls.length;
    const changed = CALLED.map((entry) => withCard(entry, { title: 'Boss' }));
    expect(await pair.rest()).toMatchObject({ ...inStep(...changed), writes: [6, 0] });
    expect(since(calls).map(({ status }) => status)).toContain(400);
  });
});

describe('A change of a contact', () => {
  const STALE = {
    error: { code: 400, status: 'FAILED_PRECONDITION', message: 'x', details: [{ reason: 'failedPrecondition' }] },
  };

  it('21. is refused as of an older version again and again, and made when it is not', async () => {
    await open(NORA);
    const what = { kind: 'answer', status: 400, body: STALE } as const;
    server().misbehave({ method: 'people.batchUpdateContacts', times: 5, what });
    edit(1, withCard(NORA, { title: 'Boss' }));
    for (let n = 0; n < 5; n += 1) expect(await pair.turn()).toMatchObject({ done: { updated: 0 }, trouble: '', refused: 0 });
    expect(await pair.rest()).toMatchObject({ ...inStep(withCard(NORA, { title: 'Boss' })), writes: [0, 1] });
  });

  it('21. of one that somebody else changes meanwhile holds up no other', async () => {
    await open(...CALLED);
    const titled = CALLED.map((entry) => withCard(entry, { title: 'Boss' }));
    for (const [n, entry] of titled.entries()) edit(n + 1, entry);
    server().misbehave({ method: 'people.batchUpdateContacts', what: { kind: 'answer', status: 400, body: STALE } });
    expect(await pair.turn()).toMatchObject({ done: { updated: 6 } });
    expect(await pair.rest()).toMatchObject({ ...inStep(...titled), writes: [0, 6] });
  });

  it('23. counts for that contact, and what the mask of another one names is not cleared', async () => {
    await open(NORA, JURG);
    for (const objid of [1, 2]) await pair.person('contact').decorate(await cardId(objid));
    await pair.rest();
    const before = await Promise.all([1, 2].map(async (objid) => pair.person('contact').decorations(await cardId(objid))));
    const [titled, called] = [withCard(NORA, { title: 'Boss' }), withCard(JURG, { phone: '555-010-3002', fax: '' })];
    edit(1, titled);
    edit(2, called);
    const calls = server().calls.length;
    expect(await pair.rest()).toMatchObject({ ...inStep(titled, called), writes: [0, 2] });
    const masks = since(calls).flatMap(({ method, body }) =>
      method === 'people.batchUpdateContacts' ? [(JSON.parse(body) as { readonly updateMask: string }).updateMask] : [],
    );
    expect(masks.sort()).toEqual(['organizations', 'phoneNumbers']);
    const after = await Promise.all([1, 2].map(async (objid) => pair.person('contact').decorations(await cardId(objid))));
    expect(after).toEqual(before);
  });

  it('waits for those before it: Google takes one at a time from a user, and none in a batch of several kinds', async () => {
    await open(...CALLED);
    hands().rule({ busyMs: 20 });
    const changed = [{ title: 'Boss' }, { phone: '1' }, { email: 'x@y' }, { city: 'Bern' }].map((texts, n) =>
      withCard(CALLED[n] ?? NORA, texts),
    );
    for (const [n, entry] of changed.entries()) edit(n + 1, entry);
    pair.crm.rows.delete(keyText(contactRow(6)));
    put(7, JURG);
    const calls = server().calls.length;
    expect(await pair.turn()).toMatchObject({ done: { created: 1, updated: 4, deleted: 1 }, trouble: '' });
    const writes = since(calls).filter(({ method }) => method.startsWith('people.batch'));
    expect(writes.map(({ status, isInBatch }) => [status, isInBatch])).toEqual(Array.from({ length: 6 }, () => [200, false]));
  });
});

describe('What Google tells of contacts', () => {
  it('22. is that all are changed, and none is: nothing is written', async () => {
    await open(...CALLED);
    for (let n = 0; n < 3; n += 1) {
      hands().touchAll(EMAIL);
      const calls = server().calls.length;
      expect(await pair.turn()).toMatchObject({ done: { updated: 0, written: 0 } });
      expect(since(calls).filter(({ method }) => /create|update|delete/i.test(method))).toEqual([]);
    }
    expect(await pair.rest()).toMatchObject({ ...inStep(...CALLED), writes: [0, 0] });
  });

  it('22. is that two were merged: the second link is held, nothing is deleted, and somebody may have it made anew', async () => {
    await open(NORA, JURG);
    hands().merge(EMAIL, await cardId(2), await cardId(1));
    expect(await pair.rest()).toMatchObject({ groupware: [shown(NORA)], links: ['held (merged)', 'linked'], writes: [0, 0] });
    expect([await stateOf(1), await stateOf(2)]).toEqual([
      ['linked', ''],
      ['held', 'merged'],
    ]);
    pair.crm.rows.delete(keyText(contactRow(2)));
    expect(await pair.rest()).toMatchObject({ groupware: [shown(NORA)], links: ['held (merged)', 'linked'], writes: [0, 0] });
    put(2, JURG);
    edit(1, withCard(NORA, { title: 'Boss' }));
    const [held] = await pair.links.find({ states: ['held'] }, 1, SIGNAL);
    if (held === undefined) throw new Error('it is held');
    await pair.links.order(held, 'crm', pair.now, SIGNAL);
    expect(await pair.rest()).toMatchObject({ groupware: [shown(JURG), shown(withCard(NORA, { title: 'Boss' }))] });
  });

  it('22. is one name for two that were merged before anybody looked, and one of them goes on', async () => {
    await open(NORA, JURG);
    hands().rename(EMAIL, await cardId(1));
    hands().merge(EMAIL, await cardId(2), people()[0]?.name ?? '');
    expect(await pair.rest()).toMatchObject({ groupware: [shown(NORA)], links: ['held (merged)', 'linked'], writes: [0, 0] });
  });

  it('is that one has another name, under which it is written', async () => {
    await open(NORA, JURG);
    const [before, name] = [await cardId(1), hands().rename(EMAIL, await cardId(1))];
    await pair.person('contact').edit(name, withCard(NORA, { mobile: '1' }));
    const moved = withCard(NORA, { mobile: '1' });
    expect(await pair.rest()).toMatchObject({ ...inStep(moved, JURG), writes: [1, 0] });
    expect([await cardId(1), before === name]).toEqual([name, false]);
    edit(1, withCard(moved, { title: 'Boss' }));
    expect(await pair.rest()).toMatchObject({ ...inStep(withCard(moved, { title: 'Boss' }), JURG), writes: [1, 1] });
    expect(people()).toHaveLength(2);
  });

  it('is kept of nobody who was not made for the CRM, and nobody becomes a contact there', async () => {
    await open(NORA);
    const secret = { ...withCard(NORA, { phone: '555-SECRET', given: 'SECRET' }), subject: 'SECRET' };
    const id = await pair.person('contact').add(secret);
    const calls = server().calls.length;
    expect(await pair.rest()).toMatchObject({ ...inStep(NORA), writes: [0, 0] });
    await pair.person('contact').edit(id, withCard(secret, { title: 'SECRET' }));
    expect(await pair.rest()).toMatchObject({ ...inStep(NORA), writes: [0, 0] });
    expect(JSON.stringify([[...pair.store.links.values()], [...pair.store.cursors.values()]])).not.toContain('SECRET');
    // Nobody asks for anything that is not needed, nor for what Google knows from elsewhere.
    const asked = since(calls).map(({ query }) => [query.get('personFields'), query.get('sources')].join());
    expect(new Set(asked)).toEqual(
      new Set(['names,organizations,phoneNumbers,emailAddresses,addresses,clientData,metadata,READ_SOURCE_TYPE_CONTACT']),
    );
  });
});
