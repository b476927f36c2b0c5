// What a link remembers of the groupware until it is worked off.

import type { EntryField } from '../../../src/core/sync/entry';
import { newLink, type Link } from '../../../src/core/sync/link';
import { afterCrm, withSeen } from '../../../src/core/sync/settle-link';
import type { There } from '../../../src/core/sync/sides';
import { VISIT } from '../../support/links';

const MOVED = { ...VISIT, place: 'Bern' };
const LINK: Link = newLink({
  id: 'pa1',
  user: 'agent1',
  kind: 'event',
  type: 'appointment',
  objid: 7,
  origin: 'crm',
  state: 'linked',
  remoteId: 'there',
  version: 'v1',
  crmBase: VISIT,
  remoteBase: VISIT,
});
const present = (entry = VISIT, version = 'v1'): There => ({ kind: 'present', id: 'there', entry, version });

describe('What was seen', () => {
  it.each<[string, Partial<Link>, There, Link['pending']]>([
    ['is nothing new where the link says the same', {}, present(), undefined],
    ['is kept where its content is another one', {}, present(MOVED), { kind: 'entry', entry: MOVED, version: 'v1' }],
    ['is kept where its version is another one', {}, present(VISIT, 'v2'), { kind: 'entry', entry: VISIT, version: 'v2' }],
    ['is kept where nothing is there any more', {}, { kind: 'absent' }, { kind: 'absent' }],
    ['is kept of what is held', { state: 'held' }, present(MOVED), { kind: 'entry', entry: MOVED, version: 'v1' }],
    ['is kept of what left the window', { state: 'apart', cause: 'window' }, { kind: 'absent' }, { kind: 'absent' }],
    ['is not kept of what is left alone for ever', { state: 'apart', cause: 'deleted-there' }, present(MOVED), undefined],
    ['is not kept of what is gone', { state: 'gone' }, { kind: 'absent' }, undefined],
    ['is not kept of what nobody knows the id of', { state: 'intended', remoteId: '' }, { kind: 'absent' }, undefined],
  ])('%s', (_, changes, there, pending) => {
    expect(withSeen({ ...LINK, ...changes }, there).pending).toEqual(pending);
  });

  it('stays known where the groupware does not tell any more', () => {
    const known = withSeen(LINK, present(MOVED));
    expect(withSeen(known, { kind: 'unknown', words: '' })).toEqual(known);
  });
});

describe('A row that was made', () => {
  const entering: Link = { ...LINK, state: 'intended', origin: 'groupware', sent: VISIT, crmBase: VISIT, remoteBase: undefined };
  const insert = { crm: { do: 'insert', entry: VISIT } } as const;

  it('has as its baseline what was entered, and not what people made of it since', () => {
    const made = afterCrm(entering, insert, { entry: MOVED, writable: ['place'] }, VISIT);
    expect([made.state, made.crmBase, made.remoteBase]).toEqual(['linked', VISIT, VISIT]);
  });

  it('has no place that only the groupware can hold, which stays there', () => {
    const row = { ...VISIT, place: '' };
    const made = afterCrm(entering, insert, { entry: row, writable: ['subject', 'time'] }, VISIT);
    expect([made.crmBase, made.remoteBase]).toEqual([row, VISIT]);
  });
});

describe('A row that was changed', () => {
  const [crm, there] = [
    { ...VISIT, place: 'Bern', notes: 'Ours\n\nTheirs' },
    { ...VISIT, place: 'Bern', notes: 'Theirs' },
  ];
  const update = (open: readonly EntryField[]) =>
    ({ crm: { do: 'update', change: { entry: crm, fields: ['place', 'notes'] }, open } }) as const;

  it.each<[string, readonly EntryField[], string, string]>([
    ['has new baselines where both sides agree on it now', [], 'Ours\n\nTheirs', 'Theirs'],
    ['keeps those of what the groupware has not got yet', ['notes'], VISIT.notes, VISIT.notes],
  ])('%s', (_, open, ours, theirs) => {
    const { crmBase, remoteBase } = afterCrm(LINK, update(open), { entry: crm, writable: [] }, there);
    expect([crmBase, remoteBase]).toEqual([
      { ...MOVED, notes: ours },
      { ...MOVED, notes: theirs },
    ]);
  });
});
