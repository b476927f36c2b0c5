// What is told of trouble: figures in, words out.

import {
  destinationTrouble,
  entryTroubles,
  requestTrouble,
  silenceTrouble,
  type DestinationFigures,
  type RequestFigures,
} from '../../src/commands/outbox/rerun/troubles';
import { HOUR, MINUTE, NOW, SECOND } from '../support/ledger-content';

const MEASURE = { now: NOW, after: HOUR };
const WELL: DestinationFigures = {
  destination: 'support',
  configured: true,
  waiting: 0,
  oldestWaitingAt: 0,
  lastDeliveredAt: 0,
  refused: 0,
  held: 0,
  abandoned: 0,
};
const waiting = (oldest: number, lastDelivered = Infinity) => ({
  waiting: 12,
  oldestWaitingAt: NOW - oldest,
  lastDeliveredAt: lastDelivered === Infinity ? 0 : NOW - lastDelivered,
});

describe('A destination', () => {
  it.each<[string, Partial<DestinationFigures>]>([
    ['is well', {}],
    ['has accepted nothing for less than the time that is untold', waiting(HOUR - SECOND)],
    ['has accepted something since, though one waits for long', waiting(90 * HOUR, HOUR - SECOND)],
    ['has had nothing to accept since it last did', waiting(10 * MINUTE, 90 * HOUR)],
    ['has what waits only by a count that nothing was found to', { waiting: 1 }],
  ])('is not told of where it %s', (_, figures) => {
    expect(destinationTrouble({ ...WELL, ...figures }, MEASURE)).toBeUndefined();
  });

  it.each<[string, Partial<DestinationFigures>, string]>([
    ['since what waits came', waiting(3 * HOUR, 90 * HOUR), '3 h'],
    ['since its last success', waiting(90 * HOUR, 2 * HOUR), '2 h'],
    ['as long as is untold, and not less', waiting(HOUR), '1 h'],
    ['whatever a clock that was wrong recorded', waiting(3 * HOUR, -90 * HOUR), '3 h'],
  ])('is told of where it has accepted nothing, %s', (_, figures, span) => {
    expect(destinationTrouble({ ...WELL, ...figures }, MEASURE)?.title).toBe(`support has not accepted anything for ${span}`);
  });

  it('is told of with all that is wrong, in one short text', () => {
    const alert = destinationTrouble({ ...WELL, ...waiting(3 * HOUR), held: 1, abandoned: 2 }, MEASURE);
    expect(alert).toEqual({
      subject: 'destination support',
      destination: 'support',
      title: 'support has not accepted anything for 3 h',
      body:
        'At 2026-11-22T08:00:00Z: 12 deliveries wait, the oldest since 2026-11-22T05:00:00Z; 2 abandoned; 1 held in doubt. ' +
        'publish-activity status tells more.',
    });
  });

  it.each<[Partial<DestinationFigures>, string, string]>([
    [{ abandoned: 1 }, '1 delivery to support was abandoned', '1 abandoned'],
    [{ abandoned: 2, held: 1 }, '2 deliveries to support were abandoned', '2 abandoned; 1 held in doubt'],
    [{ held: 1 }, '1 delivery to support is held in doubt', '1 held in doubt'],
    [
      { refused: 7, abandoned: 1 },
      'support refused 7 deliveries in the last 24 h',
      '7 refused: publish-activity list --state rejected; 1 abandoned',
    ],
    [
      { ...waiting(MINUTE), held: 3 },
      '3 deliveries to support are held in doubt',
      '12 deliveries wait, the oldest since 2026-11-22T07:59:00Z; 3 held in doubt',
    ],
    [
      { ...waiting(3 * HOUR), configured: false },
      'support is not configured any more',
      '12 deliveries wait, the oldest since 2026-11-22T05:00:00Z',
    ],
    [{ destination: 'a\u001b[2Jb', held: 1 }, '1 delivery to a\\u001b[2Jb is held in doubt', '1 held in doubt'],
  ])('is told of where something else is wrong: %j', (figures, title, facts) => {
    expect(destinationTrouble({ ...WELL, ...figures }, MEASURE)).toMatchObject({
      title,
      body: `At 2026-11-22T08:00:00Z: ${facts}. publish-activity status tells more.`,
    });
  });
});

describe('The requests', () => {
  const NONE: RequestFigures = { waiting: 0, oldestWaitingAt: 0, abandoned: 0, refused: 0 };

  it.each<[RequestFigures, string | undefined]>([
    [NONE, undefined],
    [{ ...NONE, waiting: 5, oldestWaitingAt: NOW - HOUR + SECOND }, undefined],
    [{ ...NONE, waiting: 5, oldestWaitingAt: NOW - HOUR }, '5 requests wait for the CRM, for 1 h'],
    [{ ...NONE, abandoned: 1 }, '1 request was abandoned before there was a message'],
    [{ ...NONE, refused: 2 }, '2 requests of the spool were refused'],
    [{ waiting: 1, oldestWaitingAt: NOW - 2 * HOUR, abandoned: 3, refused: 0 }, '1 request waits for the CRM, for 2 h'],
  ])('are told of where the CRM was not read: %j', (figures, title) => {
    expect(requestTrouble(figures, MEASURE)?.title).toBe(title);
  });

  it('are told of with the remedy', () => {
    expect(requestTrouble({ waiting: 1, oldestWaitingAt: NOW - 2 * HOUR, abandoned: 3, refused: 2 }, MEASURE)).toEqual({
      subject: 'requests',
      title: '1 request waits for the CRM, for 2 h',
      body:
        'At 2026-11-22T08:00:00Z: 1 request waits, the oldest since 2026-11-22T06:00:00Z; ' +
        '3 abandoned: publish-activity list --state abandoned; 2 refused: publish-activity list --state refused. ' +
        'publish-activity status tells more.',
    });
  });
});

describe('Silence', () => {
  it('is right where the CRM is silent, too', () => {
    expect(silenceTrouble(0, 24 * HOUR, NOW)).toBeUndefined();
  });

  it('is told of where it is not', () => {
    expect(silenceTrouble(40, 24 * HOUR, NOW)).toEqual({
      subject: 'silence',
      title: 'The CRM logged 40 matching activities in the last 24 h, and none was published',
      body:
        'At 2026-11-22T08:00:00Z: no rule handed over anything. ' +
        'Is the rule engine running? publish-activity reconcile --since 2026-11-21T08:00:00Z lists them.',
    });
    expect(silenceTrouble(1, 48 * HOUR, NOW)?.title).toBe(
      'The CRM logged 1 matching activity in the last 2 d, and none was published',
    );
  });
});

describe('Entries', () => {
  const NONE = { guarded: { entries: 0, users: 0 }, adopting: 0, failingMs: [], lostConsents: 0 };

  it('are not told of where all is well', () => {
    expect(entryTroubles(NONE, NOW)).toEqual([]);
  });

  it('are told of with what ends each trouble, and with nobody’s name', () => {
    const all = { guarded: { entries: 400, users: 2 }, adopting: 1, failingMs: [3 * HOUR, HOUR], lostConsents: 2 };
    expect(entryTroubles(all, NOW)).toEqual([
      {
        subject: 'guard',
        title: '400 entries are held, because too many were missing at once',
        body:
          'At 2026-11-22T08:00:00Z: they belong to 2 users; nothing was deleted. ' +
          'publish-activity list --entries --state held shows them, and resolve ends it.',
      },
      {
        subject: 'adopting',
        title: '1 user has entries that the ledger knows nothing of',
        body:
          'At 2026-11-22T08:00:00Z: nothing of theirs is made or deleted. Was the ledger restored or emptied? ' +
          'publish-activity status names them, and resolve <login> --as crm ends it.',
      },
      {
        subject: 'turns',
        title: 'The turns of 2 users have failed for up to 3 h',
        body: 'At 2026-11-22T08:00:00Z: their calendars and tasks are not in step. publish-activity status tells why.',
      },
      {
        subject: 'consents',
        title: '2 users have to agree anew at the groupware',
        body:
          'At 2026-11-22T08:00:00Z: their entries are not in step. ' +
          'publish-activity connect --list tells why, and connect <login> asks for it.',
      },
    ]);
  });
});
