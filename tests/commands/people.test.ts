// What the ledger holds about a person, and that it can be forgotten without anything being lost, doubled or written over.

import { exportPerson } from '../../src/commands/groupware/export';
import { forget } from '../../src/commands/groupware/forget';
import { draftOf } from '../../src/commands/outbox/prepare';
import type { Message } from '../../src/core/message';
import type { Link } from '../../src/core/sync/link';
import type { Ledger } from '../../src/ledger/ledger';
import { agenda, key, LOGIN, ROWS, turns, visit, type Agenda } from '../support/agenda';
import { message, NOW, one } from '../support/ledger-content';
import { obey, type Obeyed, type Situation } from '../support/ledger-context';
import { openLedger } from '../support/open-ledger';
import { SIGNAL } from '../support/turns';

const lease = { owner: 'run', now: NOW, workMs: 1_000 };

/** Enters a delivery with a message, and ends it; answers its id. */
async function posted(
  ledger: Ledger,
  activityObjid: number,
  change: Partial<Message>,
  state: 'delivered' | 'rejected' | 'due' = 'delivered',
  objectType = 'case',
): Promise<string> {
  const request = { objectType, objid: 268435457, activityObjid, rule: '' };
  const requestId = await ledger.accept(request, lease, SIGNAL);
  const draft = draftOf(request, { destination: 'stream', by: undefined, message: message(change) }, NOW);
  await ledger.claim(requestId, [draft], lease, 0, SIGNAL);
  if (state !== 'due') await ledger.finish(draft.id, 'run', { state, now: NOW, dueAt: NOW, reason: '' }, SIGNAL);
  return draft.id;
}

/** Runs one of the commands on an agenda, and on a ledger of its own unless one is given. */
function run(
  command: typeof exportPerson | typeof forget,
  { links }: Agenda,
  words: readonly string[] = [LOGIN],
  { ledger = openLedger(), ...situation }: Situation & { readonly ledger?: Ledger } = {},
): Promise<Obeyed> {
  const parts = { links: () => Promise.resolve(links), owner: 'somebody' };
  return obey(command, ledger, words, { ...situation, parts });
}

/** An agenda in which something gave way, something was written into the CRM, and something is not worked off. */
async function lively(): Promise<Agenda> {
  const made = await agenda();
  await made.edit(1, { subject: 'Phone 1' });
  made.crm.edit(key(1), { subject: 'Desk 1' });
  await made.edit(2, { place: 'Phone dock' });
  await turns(made, 1);
  return made;
}

/** All texts that the store of links holds. */
async function textsIn({ links }: Agenda): Promise<string> {
  const all = await links.find({}, 1_000, SIGNAL);
  const writes = await Promise.all(all.map(({ id }) => links.writes(id, 1_000, SIGNAL)));
  return JSON.stringify([all, await links.conflicts({}, 1_000, SIGNAL), writes]);
}

describe('export', () => {
  it('prints the grant, and every entry with its texts, with what gave way and what was written', async () => {
    const made = await lively();
    const { report, json, text } = await run(exportPerson, made);
    expect(report).toMatchObject({ result: 'done', message: '', printed: true });
    expect(json.map(({ kind }) => kind)).toEqual(['grant', ...Array<string>(ROWS).fill('entry')]);
    expect(json[0]).toMatchObject({ user: LOGIN, state: 'active', entries: { linked: ROWS } });
    const [first, second] = [1, 2].map((objid) => json.find((each) => each['objid'] === objid));
    expect(first).toMatchObject({
      crmBase: { subject: 'Desk 1', place: 'Dock 1' },
      remoteBase: { subject: 'Desk 1' },
      sent: null,
      pending: null,
      conflicts: [{ field: 'subject', crmValue: 'Desk 1', remoteValue: 'Phone 1' }],
      writes: [],
    });
    expect(second).toMatchObject({
      crmBase: { place: 'Phone dock' },
      conflicts: [],
      writes: [{ table: 'table_memory', objid: 2, remoteUser: LOGIN, newValue: 'Visit 2' }],
    });
    expect(text).toContain('gave way: subject: "Desk 1" in the CRM, "Phone 1" in the groupware; the CRM’s counts');
    expect(text).toContain(`for ${LOGIN}: entry "" became "Visit 2"`);
    expect(text).toContain('in the groupware, when both sides last agreed: subject "Visit 2", time ');
  });

  it('finds the deliveries that tell of a user: who did it, and whom a text names by login, name or address', async () => {
    const ledger = openLedger();
    const other = { actor: 'Nora Vale', actorLogin: 'nvale', actorEmail: '' };
    const ids = [
      await posted(ledger, 1, { actorLogin: 'PMorales', actor: 'Pat Morales', actorEmail: 'pat@example.com' }),
      await posted(ledger, 2, { ...other, title: 'Assigned to pmorales.' }),
      await posted(ledger, 3, { ...other, fields: [{ name: 'owner', label: 'Owner', value: 'PAT MORALES' }] }, 'rejected'),
      await posted(ledger, 4, { ...other, body: 'write to <pat@example.com>' }, 'due'),
    ];
    await posted(ledger, 5, { ...other, title: 'pmorales2 and xpmorales' });
    await posted(ledger, 6, { ...other, body: 'patXexample.com, Pat Moralesson' });
    const { json, text } = await run(exportPerson, await agenda(), [' PMorales '], { ledger });
    const found = json.filter(({ kind }) => kind === 'delivery').map(({ id, as }) => [id, as]);
    expect(new Map(found as [string, string][])).toEqual(new Map(ids.map((id, n) => [id, n === 0 ? 'actor' : 'text'])));
    expect(json.find(({ id }) => id === ids[0])).toMatchObject({
      message: { body: message().body, actorEmail: 'pat@example.com' },
    });
    expect(text).toContain('by Pat Morales, PMorales, pat@example.com');
  });

  it('takes a row of the CRM, such as a contact: what was posted about it, and its entries, whosever they are', async () => {
    const ledger = openLedger();
    const id = await posted(ledger, 1, {}, 'delivered', 'contact');
    await posted(ledger, 2, {}, 'delivered');
    const made = await agenda();
    expect((await run(exportPerson, made, ['Contact', '268435457'], { ledger })).json).toMatchObject([
      { kind: 'delivery', id, as: 'object' },
    ]);
    expect((await run(exportPerson, made, ['appointment', '3'], { ledger })).json).toMatchObject([
      { kind: 'entry', user: LOGIN, objid: 3 },
    ]);
  });

  it('says so where the ledger holds nothing', async () => {
    const { report, json } = await run(exportPerson, await agenda(), ['nobody']);
    expect([report.result, report.message, json]).toEqual(['done', 'the ledger holds nothing about nobody', []]);
  });

  it.each([[[]], [['']], [['contact', 'x']], [['contact', '0']], [['a', '1', '2']]])('refuses %j', async (words) => {
    const { report } = await run(exportPerson, await agenda(), words);
    expect(report).toMatchObject({ result: 'usage' });
  });
});

describe('forget', () => {
  it('asks, naming how much, and what comes back by itself', async () => {
    const made = await lively();
    const before = await textsIn(made);
    const { report, questions } = await run(forget, made);
    expect(questions).toEqual([
      `${LOGIN} is kept in step, and the next sync keeps texts of the entries again: take the login out of groupware.users first, or ` +
        `publish-activity disconnect ${LOGIN}\nForget the texts of 12 entries, 1 conflict, 1 write into the CRM of ${LOGIN}?`,
    ]);
    expect(report).toMatchObject({ result: 'usage', message: 'nothing was forgotten, because nobody said yes' });
    expect(await textsIn(made)).toBe(before);
  });

  it('empties every text, and keeps ids and states', async () => {
    const made = await lively();
    const before = await made.links.find({}, 100, SIGNAL);
    const { report } = await run(forget, made, [LOGIN], { options: { yes: true } });
    expect(report).toMatchObject({ result: 'done', sums: { entries: ROWS, conflicts: 1, writes: 1, messages: 0 } });
    expect(await textsIn(made)).not.toMatch(/Visit|Desk|Phone|Dock/);
    const ids = ({ id, state, remoteId, version, objid }: Link) => ({ id, state, remoteId, version, objid });
    expect((await made.links.find({}, 100, SIGNAL)).map(ids)).toEqual(before.map(ids));
    const { text } = await run(exportPerson, made);
    expect(text).toContain('gave way: subject: the values are forgotten');
    expect(text).toContain(`for ${LOGIN}: entry: the values are forgotten`);
    expect((await run(forget, made, [LOGIN], { options: { yes: true } })).report.message).toBe(
      `the ledger holds no text about ${LOGIN}`,
    );
  });

  it('keeps a message that may be sent yet, and says how that ends', async () => {
    const ledger = openLedger();
    const [own, due, refused] = [
      await posted(ledger, 1, { actorLogin: LOGIN }),
      await posted(ledger, 2, { actorLogin: LOGIN }, 'due'),
      await posted(ledger, 3, { actorLogin: LOGIN }, 'rejected'),
    ];
    const other = await posted(ledger, 4, { actorLogin: 'nvale', actor: 'Nora', actorEmail: '' });
    const { report, json, text } = await run(forget, await agenda(), [LOGIN], { ledger, options: { yes: true } });
    expect(report.sums).toMatchObject({ messages: 1 });
    expect(json.map(({ kind, id }) => [kind, id]).toSorted()).toEqual([due, refused].map((id) => ['kept', id]).toSorted());
    expect(text).toContain(`publish-activity discard ${refused}`);
    expect((await one(ledger, own)).message).toBeUndefined();
    for (const id of [due, refused, other]) expect((await one(ledger, id)).message).toBeDefined();
  });

  it('forgets one row alone, whoever is kept in step with it', async () => {
    const made = await lively();
    const { report, questions } = await run(forget, made, ['Appointment', '2'], { answer: true });
    expect(questions).toEqual(['Forget the texts of 1 entry, 1 write into the CRM of appointment 2?']);
    expect(report.message).toBe('appointment 2: the texts of 1 entry, 1 write into the CRM forgotten');
    expect((await made.linkOf(2)).crmBase).toBeUndefined();
    expect((await made.linkOf(1)).crmBase).toBeDefined();
  });

  it('does nothing while a run is at the user, and leaves the turn as it was', async () => {
    const made = await agenda();
    const [grant] = await made.links.grants(SIGNAL);
    if (grant === undefined) throw new Error('there is no grant');
    await made.links.takeTurn(grant, { owner: 'a run', now: NOW, workMs: 60_000 }, SIGNAL);
    const { report } = await run(forget, made, [LOGIN], { options: { yes: true } });
    expect(report).toMatchObject({ result: 'later', message: expect.stringContaining(`a run is at ${LOGIN}`) as string });
    expect((await made.linkOf(1)).crmBase).toBeDefined();
    await made.links.endTurn(LOGIN, 'a run', grant, SIGNAL);
    await run(forget, made, [LOGIN], { options: { yes: true } });
    expect((await made.links.grants(SIGNAL))[0]).toEqual(grant);
  });

  // The groupware shows changes from a cursor on, so that what is not named has to be asked for.
  it('loses nothing: after it and ten turns both sides are the same, each once, with what people changed meanwhile', async () => {
    const made = await agenda();
    await run(forget, made, [LOGIN], { options: { yes: true } });
    await turns(made, 10);
    expect((await made.links.find({}, 100, SIGNAL)).map(({ state }) => state)).toEqual(Array(ROWS).fill('linked'));
    const writes = [made.groupware.writes(), made.crm.writes];
    expect(writes).toEqual([ROWS, 0]);
    made.crm.edit(key(1), { subject: 'Desk 1' });
    await made.edit(2, { subject: 'Phone 2' });
    await turns(made, 3);
    const { crm, groupware } = made.subjects();
    expect(crm).toEqual(groupware);
    expect(crm).toEqual([...Array.from({ length: ROWS - 2 }, (_, n) => `Visit ${n + 3}`), 'Desk 1', 'Phone 2'].toSorted());
  });

  it('loses no edit, deletes nothing and doubles nothing where people were at work on both sides', async () => {
    const made = await agenda();
    made.crm.edit(key(1), { subject: 'Desk 1' });
    await made.edit(2, { subject: 'Phone 2' });
    made.crm.edit(key(3), { subject: 'Desk 3' });
    await made.edit(3, { place: 'Phone dock' });
    made.crm.rows.delete('appointment:4');
    await made.edit(4, { subject: 'Phone 4' });
    made.crm.rows.delete('appointment:5');
    await made.deleteThere(6);
    made.crm.edit(key(7), { subject: 'Desk 7' });
    await made.deleteThere(7);
    await made.become(8, 'series');
    await run(forget, made, [LOGIN], { options: { yes: true } });
    await turns(made, 10);
    const states = Object.fromEntries(
      (await made.links.find({}, 100, SIGNAL))
        .filter(({ state }) => state !== 'linked' && state !== 'gone')
        .map(({ objid, state, cause }) => [objid, `${state} (${cause})`]),
    );
    expect(states).toEqual({
      1: 'held (found)',
      2: 'held (found)',
      3: 'held (found)',
      4: 'held (edited-there)',
      5: 'held (edited-there)',
      8: 'held (series)',
    });
    expect((await made.there(2))?.subject).toBe('Phone 2');
    expect((await made.there(3))?.place).toBe('Phone dock');
    expect((await made.there(4))?.subject).toBe('Phone 4');
    // What somebody deleted there comes back, since nobody knows whether the CRM changed it.
    expect([(await made.there(6))?.subject, (await made.there(7))?.subject]).toEqual(['Visit 6', 'Desk 7']);
    expect(made.items().size).toBe(ROWS);
    expect([made.crm.rows.size, made.crm.writes]).toEqual([ROWS - 2, 0]);
    expect(made.crm.rows.get('appointment:1')?.entry.subject).toBe('Desk 1');
  });

  it('leaves what was being made, and what was leaving, safe', async () => {
    const made = await agenda();
    // Made, and the answer lost; then changed by a person.
    made.crm.put({ ...key(20), kind: 'event', owner: LOGIN, entry: visit(20) });
    made.crm.put({ ...key(21), kind: 'event', owner: LOGIN, entry: visit(21) });
    made.groupware.switches.loses = ({ do: step }) => step === 'create';
    await turns(made, 1);
    // Never made, and never deleted, though both were tried.
    made.groupware.switches.fails = ({ do: step }) => (step === 'update' ? undefined : { kind: 'retry', reason: 'busy' });
    made.crm.put({ ...key(22), kind: 'event', owner: LOGIN, entry: visit(22) });
    made.crm.rows.delete('appointment:1');
    await turns(made, 1);
    await made.edit(1, { subject: 'Phone 1' });
    expect([(await made.linkOf(1)).state, (await made.linkOf(22)).state]).toEqual(['leaving', 'intended']);
    const { id } = await made.linkOf(21);
    const item = made.items().get(id);
    if (item === undefined) throw new Error('it was made');
    made.groupware
      .of(LOGIN, 'event')
      .put(id, { ...item, content: { kind: 'entry', entry: { ...visit(21), subject: 'Phone 21' } } });
    made.groupware.switches.fails = () => undefined;
    made.groupware.switches.loses = () => false;
    await run(forget, made, [LOGIN], { options: { yes: true } });
    await turns(made, 10);
    const states = await Promise.all([1, 20, 21, 22].map(async (objid) => (await made.linkOf(objid)).state));
    expect(states).toEqual(['held', 'linked', 'held', 'linked']);
    expect((await made.there(1))?.subject).toBe('Phone 1');
    const subjects = [...made.items().values()].map(({ content }) => (content.kind === 'entry' ? content.entry.subject : ''));
    expect(subjects.filter((subject) => /2[0-2]$/.test(subject)).toSorted()).toEqual(['Phone 21', 'Visit 20', 'Visit 22']);
    expect(made.crm.rows.get('appointment:21')?.entry.subject).toBe('Visit 21');
  });
});

describe('An entry of the groupware whose texts were forgotten while its row was being made', () => {
  it('takes what somebody changed in the row, where that had been made all the same', async () => {
    const made = await agenda();
    const calendar = made.groupware.of(LOGIN, 'event');
    const entry = { ...visit(20), subject: 'Lunch' };
    calendar.put('own', { content: { kind: 'entry', entry }, mark: undefined, decorations: [] });
    made.crm.before = (what) => {
      if (what === 'crm insert') throw new Error('its answer did not come');
    };
    await expect(turns(made, 1)).rejects.toThrow('its answer did not come');
    const [link] = await made.links.find({ states: ['intended'] }, 1, SIGNAL);
    if (link === undefined) throw new Error('it was intended');
    made.now += 600_000;
    await run(forget, made, [LOGIN], { options: { yes: true }, now: made.now });
    made.crm.before = (what) => {
      if (what === 'crm insert') made.crm.put({ ...link, owner: LOGIN, entry: { ...entry, subject: 'Late lunch' } });
    };
    await turns(made, 3);
    const subjects = made.subjects();
    expect([subjects.crm.includes('Late lunch'), subjects.groupware]).toEqual([true, subjects.crm]);
  });
});

describe('An entry that becomes private', () => {
  it.each<[string, (made: Agenda) => Promise<void>]>([
    ['in step', () => Promise.resolve()],
    ['held', (made) => made.become(1, 'series')],
    [
      'left alone',
      (made) => {
        const row = made.crm.rows.get('appointment:1');
        if (row !== undefined) made.crm.put({ ...row, isInWindow: false });
        return Promise.resolve();
      },
    ],
  ])('that was %s keeps no text in the ledger: no entry, no value that gave way, nothing that was written', async (_, before) => {
    const made = await agenda();
    await made.edit(1, { subject: 'Phone 1', place: 'Secret dock' });
    made.crm.edit(key(1), { subject: 'Desk 1' });
    await turns(made, 1);
    await before(made);
    await turns(made, 1);
    expect(await textsIn(made)).toMatch(/Phone 1.*/);
    await made.become(1, 'private');
    await turns(made, 1);
    const { id } = await made.linkOf(1);
    const [conflicts, writes] = [await made.links.conflicts({ linkId: id }, 9, SIGNAL), await made.links.writes(id, 9, SIGNAL)];
    expect([conflicts.length, writes.length]).toEqual([1, 1]);
    expect(conflicts).toMatchObject([{ field: 'subject', crmValue: '', remoteValue: '' }]);
    expect(writes).toMatchObject([{ column: 'entry', oldValue: '', newValue: '' }]);
    expect(await textsIn(made)).not.toMatch(/Phone 1\b|Desk 1\b|Secret dock|Dock 1\b/);
    expect(await textsIn(made)).toContain('Visit 2');
    const revision = (await made.linkOf(1)).revision;
    await turns(made, 3);
    expect((await made.linkOf(1)).revision).toBe(revision);
  });
});
