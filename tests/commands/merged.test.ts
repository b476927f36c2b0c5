// Links whose items somebody merged: one goes on, the others are told apart, and nothing else changes.

import { withMerged } from '../../src/commands/groupware/sync/merged';
import { newLink } from '../../src/core/sync/link';
import type { There } from '../../src/core/sync/sides';
import type { RemoteItem } from '../../src/groupware/groupware';
import { NORA } from '../groupware/suite';

const link = (id: string, remoteId = `of ${id}`) =>
  newLink({ id, user: 'ann', kind: 'contact', type: 'contact', origin: 'crm', state: 'linked', remoteId });
const present = (id: string): There => ({ kind: 'present', id, entry: NORA, version: '1' });
const ABSENT: There = { kind: 'absent' };
const item = (otherMarks: readonly string[]): RemoteItem => ({
  ...{ id: 'of a', version: '1', content: { kind: 'entry', entry: NORA }, mark: 'a', otherMarks },
});
const kinds = (
  there: Readonly<Record<string, There>>,
  items: readonly RemoteItem[] = [],
  links = Object.keys(there).map((id) => link(id)),
) =>
  [...withMerged(links, new Map(Object.entries(there)), new Map(items.map((each) => [each.id, each])))].map(
    ([id, { kind }]) => `${id} ${kind}`,
  );

describe('Of links', () => {
  it.each<[string, ReturnType<typeof kinds>, readonly string[]]>([
    [
      'each with an item of its own, none is merged',
      kinds({ a: present('of a'), b: present('of b') }),
      ['a present', 'b present'],
    ],
    [
      'with one item, the one that knew it by its name goes on',
      kinds({ a: present('of b'), b: present('of b') }),
      ['a merged', 'b present'],
    ],
    [
      'with one item that none knew by its name, the first goes on',
      kinds({ a: present('c'), b: present('c') }),
      ['a present', 'b merged'],
    ],
    [
      'without an item, the one whose mark another item has was merged',
      kinds({ a: present('of a'), b: ABSENT, c: ABSENT }, [item(['b'])]),
      ['a present', 'b merged', 'c absent'],
    ],
    [
      'with an item of its own, the mark on another one says nothing',
      kinds({ a: present('of a'), b: present('of b') }, [item(['b'])]),
      ['a present', 'b present'],
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});
