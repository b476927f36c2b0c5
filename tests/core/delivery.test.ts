// The ids of deliveries are for ever: docs/formats.md shows these samples. They were made without this program:
//   printf '%s' '["case",268435457,268435457,"","stream"]' | sha256sum | cut -c1-32

import {
  contentKey,
  deliveryId,
  deliveryOf,
  escalationId,
  occurrenceId,
  orderKey,
  type DeliveryIdentity,
} from '../../src/core/delivery';
import { readMessage, type Message } from '../../src/core/message';

const identity: DeliveryIdentity = {
  objectType: 'case',
  objid: 268435457,
  activityObjid: 268435457,
  rule: '',
  destination: 'stream',
};

const message: Message = {
  title: 'SLA warning: Case 4713',
  body: 'Case Title: Zähler',
  url: 'http://server/dovetail/Cases/Summary/4713',
  tags: ['dovetailCRM', 'support'],
  objectType: 'case',
  typeName: 'Case',
  id: '4713',
  activity: '',
  activityCode: 600,
  actor: '',
  actorLogin: 'bagent',
  actorEmail: 'bob.agent@example.com',
  fields: [{ name: 'priority', label: 'Priority', value: 'High' }],
  happened: { wallClock: '2020-05-13T01:30:00', timeZone: 'UTC' },
};

describe('The id of a delivery', () => {
  const other: DeliveryIdentity = {
    objectType: 'solution',
    objid: 268435458,
    activityObjid: 268435465,
    rule: 'SLA "rot" für Zürich',
    destination: 'support',
  };

  it.each([
    ['of an activity without a rule', identity, 'd4e67ae6b95beff1c391bd12463ab804'],
    ['with a rule of quotes and umlauts', other, '506b313f173141265aad798505fc5451'],
  ])('is what it always was: %s', (_case, given, id) => {
    expect(deliveryId(given)).toBe(id);
  });

  it.each(Object.keys(identity) as (keyof DeliveryIdentity)[])('is another one with another %s', (key) => {
    expect(deliveryId({ ...identity, [key]: other[key] })).not.toBe(deliveryId(identity));
  });
});

describe('The id of a delivery about something that is counted', () => {
  const crossing = { ...identity, objectType: 'stocking_level', activityObjid: 0, rule: 'Stock below reorder level' };

  it('is what it always was', () => {
    expect(occurrenceId(crossing, 3)).toBe('921c62f028a7e24dd1b78bd6a4db981c');
  });

  it('is another one the next time', () => {
    expect(occurrenceId(crossing, 4)).not.toBe(occurrenceId(crossing, 3));
  });
});

describe('The id of a delivery without an activity', () => {
  const escalation: DeliveryIdentity = { ...identity, objid: 268435459, activityObjid: 0, rule: 'SLA warning' };
  const KEY = '6ddeb44ed85e0787f45d4fe090efb9fd';
  const TEN_MINUTES = 600_000;

  it('starts from a key of its content that is what it always was', () => {
    expect(contentKey(escalation, message)).toBe(KEY);
  });

  it.each([
    ['when it is accepted', { happened: { wallClock: '2020-05-13T01:31:00', timeZone: 'UTC' } }],
    ['who did it', { actor: 'Pat' }],
  ] as const)('does not depend on %s', (_what, change) => {
    expect(contentKey(escalation, { ...message, ...change })).toBe(KEY);
  });

  it.each([
    ['title', { title: 'SLA warning' }],
    ['body', { body: '' }],
    ['link', { url: '' }],
    ['tags', { tags: ['dovetailCRM'] }],
  ] as const)('depends on the %s', (_what, change) => {
    expect(contentKey(escalation, { ...message, ...change })).not.toBe(KEY);
  });

  it.each([
    ['the first moment of a window', 1_589_333_400_000, 'b02013a88f01cf845090ae409c8717d5'],
    ['its last moment', 1_589_333_999_999, 'b02013a88f01cf845090ae409c8717d5'],
    ['the first moment of the next', 1_589_334_000_000, 'b26f861709d1f31bb1ea1f4452e9bacc'],
  ])('is what it always was at %s', (_when, now, id) => {
    expect(escalationId(KEY, now, TEN_MINUTES)).toBe(id);
  });
});

describe('The order of the deliveries of one object', () => {
  const inOrder = [
    orderKey('2010-06-14T09:12:00.000', 268435457),
    orderKey('2010-06-14T09:40:00', 999),
    orderKey('2010-06-14T09:40:00.500', 268435458),
    orderKey('2010-06-15T08:00:00', 5),
    orderKey('2010-06-14T09:12:00', 0),
  ];

  it('is spelled as it always was', () => {
    expect(inOrder).toEqual([
      '2010-06-14T09:12:00#0268435457',
      '2010-06-14T09:40:00#0000000999',
      '2010-06-14T09:40:00#0268435458',
      '2010-06-15T08:00:00#0000000005',
      '~',
    ]);
  });

  it('is by the CRM’s clock, then by the activity’s objid, with what has no activity last', () => {
    expect([...inOrder].sort()).toEqual(inOrder);
  });
});

describe('a delivery', () => {
  const about = { id: 'a'.repeat(32), destination: 'stream', objectType: 'case', objid: 268435457 };

  it('has the thread of its object: the same key at every destination, another for every object', () => {
    const keyOf = (changes: Partial<typeof about>) => deliveryOf({ ...about, ...changes }, message).thread.key;
    expect(keyOf({})).toMatch(/^[0-9a-f]{32}$/);
    expect(keyOf({ id: 'b'.repeat(32), destination: 'other' })).toBe(keyOf({}));
    expect(keyOf({ objid: 268435458 })).not.toBe(keyOf({}));
    expect(keyOf({ objectType: 'solution' })).not.toBe(keyOf({}));
  });

  it('knows the first post only where there is one', () => {
    expect(deliveryOf(about, message).thread).not.toHaveProperty('first');
    expect(deliveryOf(about, message, { id: '77' }).thread.first).toEqual({ id: '77' });
  });
});

describe('a message that was kept', () => {
  it('comes back as it was', () => {
    expect(readMessage(JSON.stringify(message))).toEqual(message);
  });

  it('of an earlier version lacks nothing', () => {
    const { typeName, activityCode, actorLogin, actorEmail, fields, ...earlier } = message;
    expect([typeName, activityCode, actorLogin, actorEmail, fields].every((value) => value !== '')).toBe(true);
    expect(readMessage(JSON.stringify(earlier))).toEqual({
      ...earlier,
      typeName: '',
      activityCode: 0,
      actorLogin: '',
      actorEmail: '',
      fields: [],
    });
  });
});
