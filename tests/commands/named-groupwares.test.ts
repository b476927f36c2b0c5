// Several groupwares in one configuration: with which of them a user is kept in step, and where users have to agree.

import { givenAt, whyNobodyAgreesAtAny, type Agreeing, type Consenting } from '../../src/commands/groupware/consent-parts';
import { askedOf, askedOfGrants, readConsents } from '../../src/commands/groupware/consent-standing';
import { groupwareOf, namedTwice, type All } from '../../src/commands/groupware/named-groupwares';
import type { Consent } from '../../src/core/consent';
import { spellWhereabouts } from '../../src/core/sync/whereabouts';
import type { ConsentFlow } from '../../src/groupware/groupware';
import type { Grant, Links } from '../../src/ledger/links';
import { consentOf } from '../support/consenting';
import { NEVER } from '../support/links';
import { openMemoryConsents } from '../support/memory-consents';

/** A groupware that opens what is sealed under a key of its own. */
function asking(name: string, key: string): Agreeing {
  const rekey = ({ refreshToken }: Consent) => (refreshToken === key ? { kind: 'same' } : { kind: 'lost-key', keyId: 'x' });
  const flow = { scopes: ['calendar'], takeBackPage: '', rekey } as unknown as ConsentFlow;
  return { name, type: 'google', identity: name, called: `Google (${name})`, flow };
}

const folder: Agreeing = { name: '', type: 'folder', identity: '/srv', called: 'a folder' };
const [one, two] = [asking('one', 'first'), asking('two', 'second')];
const all: All<Agreeing> = [folder, one, two];

function consenting(given: readonly Consent[] = [], listed: Readonly<Record<string, readonly string[]>> = {}): Consenting {
  const consents = openMemoryConsents(new Map(given.map((consent) => [consent.user, consent])));
  return { groupwares: all, listing: (login) => listed[login] ?? [], consents, links: {} as Links };
}
const grant = (user: string, groupware: string) => ({ user, groupware }) as Grant;

describe('A user', () => {
  it.each<[readonly string[] | undefined, string]>([
    [undefined, ''],
    [['two'], 'two'],
    [['gone'], ''],
  ])('whom %j name is kept in step with "%s"', (groupwares, name) => {
    expect(groupwareOf(groupwares === undefined ? {} : { groupwares }, all).name).toBe(name);
  });

  it('whom two name is kept in step with neither, and the words say so', () => {
    expect(namedTwice({ login: 'ann' })).toBe('');
    expect(namedTwice({ login: 'ann', groupwares: ['one'] })).toBe('');
    const words = 'ann is named by groupware.others.one and groupware.others.two; a user is kept in step with one of them';
    expect(namedTwice({ login: 'ann', groupwares: ['one', 'two'] })).toBe(words);
  });

  it('has to agree where the user is kept in step, or will be', () => {
    const user = (login: string, groupwares?: readonly string[]) => ({
      login,
      email: '',
      isActive: true,
      ...(groupwares && { groupwares }),
    });
    const names = askedOf([user('ann'), user('bob', ['two'])], consenting()).map(({ groupware }) => groupware.name);
    expect(names).toEqual(['', 'two']);
    // Without the CRM: as lists say, or else where the links are.
    const grants = [
      grant('ann', ''),
      grant('bob', spellWhereabouts(two)),
      grant('cat', spellWhereabouts(two)),
      grant('dan', '-'),
    ];
    const asked = askedOfGrants(grants, consenting([], { cat: ['one'] }));
    expect(asked.map(({ groupware }) => groupware.name)).toEqual(['', 'two', 'one', '']);
  });
});

describe('A consent', () => {
  it('counts where it was given, which is known by what opens it', () => {
    expect(givenAt(consentOf('ann', { refreshToken: 'second' }), all).name).toBe('two');
    expect(givenAt(consentOf('ann', { refreshToken: 'first' }), all).name).toBe('one');
    expect(givenAt(consentOf('ann', { refreshToken: 'nobody knows' }), all).name).toBe('one');
  });

  it('of whoever need not agree is told as well, and of nobody else', async () => {
    const given = [consentOf('ann', { refreshToken: 'first' }), consentOf('bob', { refreshToken: 'second' })];
    const asked = askedOfGrants(
      [
        grant('ann', spellWhereabouts(folder)),
        grant('bob', spellWhereabouts(two)),
        grant('cat', spellWhereabouts(one)),
        grant('dan', ''),
      ],
      consenting(),
    );
    const found = await readConsents(consenting(given), asked, NEVER);
    expect(found.map(({ user, state }) => [user, state])).toEqual([
      ['ann', 'given'],
      ['bob', 'given'],
      ['cat', 'missing'],
    ]);
  });

  it('is needed nowhere where no groupware asks for one', () => {
    expect(whyNobodyAgreesAtAny([folder])).toBe('a folder needs no consent of users: the configuration says how they are let in');
    expect(whyNobodyAgreesAtAny(all)).toBeUndefined();
  });
});
