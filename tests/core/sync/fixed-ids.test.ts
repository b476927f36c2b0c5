// The ids of links are for ever: docs/formats.md shows these samples. They were made with openssl and basenc, and not with this program.

import { busyId } from '../../../src/core/sync/busy';
import { entryId, importedId, looksComputed } from '../../../src/core/sync/entry-id';

const system = 'https://crm.example.com';
const identity = { system, user: 'agent1', type: 'appointment', objid: 268435457, generation: 0 };

describe('The id of a link', () => {
  it('is as docs/formats.md has it for an entry of the CRM', () => {
    expect(entryId(identity)).toBe('paehssc30tlbouihajkunv3rnk50');
    expect(entryId({ ...identity, generation: 1 })).not.toBe(entryId(identity));
  });

  it('is as docs/formats.md has it for an entry of a groupware', () => {
    expect(importedId(system, 'agent1', 'event', '8F2A zürich.ics')).toBe('gwu9ou0h3tv74dr8gmrurndhnmsn');
  });

  it('is as docs/formats.md has it for a time at which somebody is busy again', () => {
    const remoteId = busyId({ begin: Date.UTC(2026, 10, 29, 9), end: Date.UTC(2026, 10, 29, 10, 30) });
    expect(importedId(system, 'agent1', 'event', remoteId, 1)).toBe('gwu0k4od919v5n3378rs2qjrb29p');
    expect(importedId(system, 'agent1', 'event', remoteId, 0)).toBe(importedId(system, 'agent1', 'event', remoteId));
  });

  it('is known as one of ours, or not', () => {
    expect(looksComputed(entryId(identity))).toBe(true);
    for (const id of ['', 'pa', 'gwu9ou0h3tv74dr8gmrurndhnmsn', `${entryId(identity)}0`, `x${entryId(identity)}`])
      expect(looksComputed(id)).toBe(false);
  });
});
