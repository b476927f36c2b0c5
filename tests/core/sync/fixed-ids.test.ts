// The ids of links are for ever: docs/formats.md shows these samples. They were made with openssl and basenc, and not with this program.

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

  it('is known as one of ours, or not', () => {
    expect(looksComputed(entryId(identity))).toBe(true);
    for (const id of ['', 'pa', 'gwu9ou0h3tv74dr8gmrurndhnmsn', `${entryId(identity)}0`, `x${entryId(identity)}`])
      expect(looksComputed(id)).toBe(false);
  });
});
