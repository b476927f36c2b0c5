// What is held and goes on by itself: a table.

import { laidOutAs } from '../../../src/core/sync/entry';
import type { Link } from '../../../src/core/sync/link';
import { released } from '../../../src/core/sync/release';
import type { Here, There } from '../../../src/core/sync/sides';
import { link, VISIT } from '../../support/links';

const OTHER = { ...VISIT, subject: 'Other' };
const here = (entry = VISIT): Here => {
  const fields = ['subject'] as const;
  return { kind: 'present', entry, owner: 'agent1', isInWindow: true, isPast: false, fields, writable: fields };
};
const there = (entry = VISIT): There => ({ kind: 'present', id: 'there', entry, version: 'v1' });
const ABSENT = { kind: 'absent' } as const;
const SILENT: There = { kind: 'unknown', words: '' };

const EMPTIED: Partial<Link> = { crmBase: undefined, remoteBase: undefined };
const UNMADE: Partial<Link> = { ...EMPTIED, sent: VISIT };

describe('What is held', () => {
  it.each<[string, Partial<Link>, Here, There, string]>([
    ['goes on when it can be seen again', { cause: 'guard-there' }, here(), there(), 'linked'],
    ['stays held as long as it cannot', { cause: 'guard-there' }, here(), ABSENT, 'held'],
    ['stays held as long as nobody tells', { cause: 'guard-there' }, here(), SILENT, 'held'],
    ['goes on when its row can be seen again', { cause: 'guard-here' }, here(), there(), 'linked'],
    ['stays held as long as its row cannot', { cause: 'guard-here' }, ABSENT, there(), 'held'],
    ['goes on when the row that was lost is back', { cause: 'edited-there' }, here(), there(), 'linked'],
    ['stays held as long as the row is lost', { cause: 'edited-there' }, ABSENT, there(), 'held'],
    ['goes on when it is no series any more', { cause: 'series' }, here(), there(), 'linked'],
    ['stays held as long as it is a series', { cause: 'series' }, here(), { kind: 'series' }, 'held'],
    ['goes on when it has an item of its own again', { cause: 'merged' }, here(), there(), 'linked'],
    ['stays held as long as its item is that of another one', { cause: 'merged' }, here(), ABSENT, 'held'],
    ['goes on when it is public again', { cause: 'private', ...EMPTIED }, here(), there(), 'linked'],
    ['stays held as long as it is private', { cause: 'private', ...EMPTIED }, here(), { kind: 'private' }, 'held'],
    ['stays held when it is public again and its row is gone', { cause: 'private', ...EMPTIED }, ABSENT, there(), 'held'],
    ['is compared again where it was found', { cause: 'found', ...EMPTIED }, here(), there(), 'linked'],
    ['stays held where it was found and one side is gone', { cause: 'found', ...EMPTIED }, here(), ABSENT, 'held'],
    ['stays held as long as what was refused stands there', { cause: 'refused', sent: VISIT }, here(OTHER), there(), 'held'],
    ['stays held as long as what was refused stands here', { cause: 'refused', sent: VISIT }, here(), there(OTHER), 'held'],
    ['goes on when what was refused stands nowhere', { cause: 'refused', sent: VISIT }, here(OTHER), there(OTHER), 'linked'],
    ['stays held where nobody tells what stands there', { cause: 'refused', sent: VISIT }, here(OTHER), SILENT, 'held'],
    ['stays held where nobody knows what was refused', { cause: 'refused' }, here(OTHER), there(OTHER), 'held'],
    ['is made as it is now', { cause: 'refused', ...UNMADE }, here(OTHER), ABSENT, 'intended Other'],
    ['is wanted no more', { cause: 'refused', ...UNMADE }, ABSENT, ABSENT, 'intended'],
    [
      'is entered as it is now, under an id of its own',
      { cause: 'refused', ...UNMADE, origin: 'groupware', crmBase: VISIT },
      ABSENT,
      there(OTHER),
      'intended Other 0',
    ],
    ['stays held where its row is damaged', { cause: 'guard-there', damage: 'no JSON' }, here(), there(), 'held'],
  ])('%s', (_, changes, one, other, expected) => {
    const free = released(link('pa1', { state: 'held', reason: 'why', ...changes }), one, other);
    const said = free === undefined ? 'held' : `${free.state} ${free.sent?.subject ?? ''}${free.objid === 0 ? ' 0' : ''}`.trim();
    expect([said, free?.reason ?? '', free?.cause ?? '']).toEqual([expected, '', '']);
  });
});

describe('A text that was laid out anew', () => {
  const sent = { ...VISIT, notes: 'one\n\ntwo  three' };
  it.each([
    ['counts as the same', 'one two three', 'one two three'],
    ['counts as another one where a word differs', 'one two four', 'one\n\ntwo  three'],
    ['counts as another one where it was cut', 'one', 'one\n\ntwo  three'],
  ])('%s', (_, notes, expected) => {
    expect(laidOutAs(sent, { ...sent, notes }).notes).toBe(expected);
  });
});
