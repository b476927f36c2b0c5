// What whoever keeps consents has to do. Every implementation passes it.

import type { Consent, Consents } from '../../../src/core/consent';
import { NEVER } from '../../support/links';

/** A place that consents are kept in. */
export interface Place {
  readonly consents: Consents;
  /** The same, opened by somebody else. */
  another(): Promise<Consents>;
  close(): Promise<void>;
}

const GIVEN: Consent = {
  ...{ user: 'pmorales', state: 'given', reason: '', account: 'pmorales@example.com', scopes: ['openid', 'https://a.example/b'] },
  ...{
    refreshToken: 'sealed1.refresh',
    accessToken: 'sealed1.access',
    accessUntil: 1_700_000_000_000,
    givenAt: 1_600_000_000_000,
  },
  revision: 0,
};

/** Runs the suite over one. */
export function describeConsents(name: string, open: () => Promise<Place>): void {
  describe(`The ${name} consents`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await open();
    });
    afterEach(() => place.close());

    it('are none at first', async () => {
      expect(await place.consents.consent('pmorales', NEVER)).toBeUndefined();
      expect(await place.consents.consents(NEVER)).toEqual([]);
    });

    it('are read as they were kept, by anybody', async () => {
      expect(await place.consents.keep(GIVEN, NEVER)).toBe(true);
      expect(await place.consents.keep({ ...GIVEN, user: 'agent1', scopes: [] }, NEVER)).toBe(true);
      const other = await place.another();
      expect(await other.consent('pmorales', NEVER)).toEqual({ ...GIVEN, revision: 1 });
      expect((await other.consents(NEVER)).map(({ user, scopes }) => ({ user, scopes }))).toEqual([
        { user: 'agent1', scopes: [] },
        { user: 'pmorales', scopes: GIVEN.scopes },
      ]);
    });

    it('are changed by whoever read the last revision, and by nobody else', async () => {
      await place.consents.keep(GIVEN, NEVER);
      const seen = { ...GIVEN, revision: 1 };
      expect(await place.consents.keep(GIVEN, NEVER)).toBe(false);
      const other = await place.another();
      expect(await other.keep({ ...seen, refreshToken: 'sealed1.new' }, NEVER)).toBe(true);
      expect(await place.consents.keep({ ...seen, state: 'parked', reason: 'revoked' }, NEVER)).toBe(false);
      expect(await place.consents.consent('pmorales', NEVER)).toEqual({ ...seen, refreshToken: 'sealed1.new', revision: 2 });
    });

    it('are entered once where two enter them at once', async () => {
      const other = await place.another();
      const kept = await Promise.all([place.consents, other].map((consents) => consents.keep(GIVEN, NEVER)));
      expect(kept.sort()).toEqual([false, true]);
      expect(await place.consents.consents(NEVER)).toHaveLength(1);
    });

    it('are forgotten as they were read', async () => {
      await place.consents.keep(GIVEN, NEVER);
      expect(await place.consents.forget({ user: 'pmorales', revision: 7 }, NEVER)).toBe(false);
      expect(await place.consents.forget({ user: 'pmorales', revision: 1 }, NEVER)).toBe(true);
      expect(await place.consents.consent('pmorales', NEVER)).toBeUndefined();
      expect(await place.consents.consents(NEVER)).toEqual([]);
      expect(await place.consents.forget({ user: 'pmorales', revision: 1 }, NEVER)).toBe(false);
    });

    it('are given anew after they were forgotten, by one of two', async () => {
      await place.consents.keep(GIVEN, NEVER);
      await place.consents.forget({ user: 'pmorales', revision: 1 }, NEVER);
      const other = await place.another();
      const again = { ...GIVEN, refreshToken: 'sealed1.again' };
      const kept = await Promise.all([place.consents, other].map((consents) => consents.keep(again, NEVER)));
      expect(kept.sort()).toEqual([false, true]);
      const now = await place.consents.consent('pmorales', NEVER);
      expect(now).toEqual({ ...again, revision: expect.any(Number) });
      expect(await place.consents.keep({ ...GIVEN, revision: now?.revision ?? 0 }, NEVER)).toBe(true);
    });
  });
}

/** What only a database does. */
export function describeConsentRows(
  name: string,
  open: () => Promise<Place & { damage(user: string, column: string, value: string | number): Promise<void> }>,
): void {
  describe(`The rows of the ${name} consents`, () => {
    let place: Awaited<ReturnType<typeof open>>;
    beforeEach(async () => {
      place = await open();
    });
    afterEach(() => place.close());

    it('keep an address and a reason of any length, and cut what does not fit', async () => {
      const long = { ...GIVEN, account: `${'a'.repeat(500)}@example.com`, reason: 'r'.repeat(2_000), state: 'parked' } as const;
      expect(await place.consents.keep(long, NEVER)).toBe(true);
      const kept = await place.consents.consent('pmorales', NEVER);
      expect([kept?.account.length, kept?.reason.length]).toEqual([400, 1_000]);
    });

    it('count no more where their row is damaged', async () => {
      await place.consents.keep(GIVEN, NEVER);
      await place.damage('pmorales', 'state', 'perhaps');
      expect(await place.consents.consent('pmorales', NEVER)).toMatchObject({
        state: 'parked',
        reason: 'its row in the ledger is damaged: its state is none',
      });
    });
  });
}
