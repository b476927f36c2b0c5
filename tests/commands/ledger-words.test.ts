import { counted, momentWords, objectWords, relativeWords, spanWords, stateOf } from '../../src/commands/looking/ledger-words';
import { HOUR, message, MINUTE, NOW, SECOND } from '../support/ledger-content';

describe('The words of the ledger', () => {
  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [MINUTE, '1 min'],
    [HOUR - 1, '59 min'],
    [HOUR, '1 h'],
    [48 * HOUR - 1, '47 h'],
    [48 * HOUR, '2 d'],
    [400 * 24 * HOUR, '400 d'],
  ])('say a span of %i ms as %s', (ms, words) => {
    expect(spanWords(ms)).toBe(words);
  });

  it.each([
    [-3 * HOUR, '3 h ago'],
    [-999, 'now'],
    [0, 'now'],
    [999, 'now'],
    [2 * MINUTE, 'in 2 min'],
  ])('say a moment %i ms from now as %s', (difference, words) => {
    expect(relativeWords(NOW + difference, NOW)).toBe(words);
  });

  it('say a moment in UTC, and how far it is', () => {
    expect(momentWords(NOW - 3 * HOUR, NOW)).toBe('2026-11-22T05:00:00Z (3 h ago)');
    expect(counted(1, 'delivery', 'deliveries')).toBe('1 delivery');
    expect(counted(0, 'delivery', 'deliveries')).toBe('0 deliveries');
  });

  it('call an attempt in doubt whose lease is over', () => {
    expect(stateOf({ state: 'sending', leaseUntil: NOW + SECOND }, NOW)).toBe('sending');
    expect(stateOf({ state: 'sending', leaseUntil: NOW - SECOND }, NOW)).toBe('in-doubt');
    expect(stateOf({ state: 'due', leaseUntil: 0 }, NOW)).toBe('due');
  });

  it('name an object as people know it, and by its objid once the message is gone', () => {
    const about = { objectType: 'case', objid: 268435457, activityObjid: 268435459 };
    expect(objectWords({ ...about, message: message({ title: 'Close\n by Pat' }) })).toBe('case 4711 "Close\\n by Pat"');
    expect(objectWords(about)).toBe('case with objid 268435457, activity 268435459');
  });
});
