// Everything that a run of a soak asks of the outside, with people at work and databases that fail before and after it. What fails at Google
// fails behind its door.

import type { EntryReader, EntryWriter } from '../../../src/clarify/entries';
import { DatabaseError } from '../../../src/core/database-error';
import type { EntryKind } from '../../../src/core/sync/entry';
import type { Collection, Found } from '../../../src/groupware/groupware';
import type { Links } from '../../../src/ledger/links';
import { mayBeBlind, peopleAbout } from '../sync/host';
import type { People } from '../sync/people';
import type { Outside } from '../sync/mutants';
import type { Company } from './company';
import type { Life } from './life';

/** Where a run stands. */
export interface Shore {
  readonly company: Company;
  readonly people: People;
  readonly life: Life;
  /** Is told that a turn of a user ended. */
  readonly ended: (user: string, isWell: boolean) => void;
}

/** The outside as a run sees it. */
export function outsideAt(shore: Shore, { links, reader, writer }: Omit<Outside, 'open'>): Omit<Outside, 'open'> {
  return { links: linksAt(shore, links), reader: readerAt(shore, reader), writer: writerAt(shore, writer) };
}

/** A question to a database. After one that changes something nobody may know whether it did. */
async function asked<T>({ life, company }: Shore, whose: 'crm' | 'ledger', ask: () => Promise<T>, changes: boolean): Promise<T> {
  const fails = () => company.faults.strikes('databases');
  return life.ask(async () => {
    if (fails()) throw new DatabaseError('unavailable', 'it is not there', undefined, whose);
    const answer = await ask();
    if (changes && fails()) throw new DatabaseError('uncertain', 'its answer did not come', undefined, whose);
    return answer;
  });
}

function meanwhile({ company, people }: Shore, user: string): void {
  const { world, faults, books } = company;
  if (books.isReady(user) && world.chance.happens(faults.rates.acts)) people.act(user);
}

function linksAt(shore: Shore, inner: Links): Links {
  const { life } = shore;
  return {
    ...inner,
    links: (user, signal) => {
      meanwhile(shore, user);
      return asked(shore, 'ledger', () => inner.links(user, signal), false);
    },
    cursors: (...of) => asked(shore, 'ledger', () => inner.cursors(...of), false),
    commit: (user, ...of) => {
      meanwhile(shore, user);
      return asked(shore, 'ledger', () => inner.commit(user, ...of), true);
    },
    takeTurn: (...of) => life.ask(() => inner.takeTurn(...of)),
    endTurn: (user, owner, end, signal) =>
      life.ask(async () => {
        const isKept = await inner.endTurn(user, owner, end, signal);
        if (isKept) shore.ended(user, end.failures === 0);
        return isKept;
      }),
  };
}

function readerAt(shore: Shore, inner: EntryReader): EntryReader {
  return {
    users: (signal) => inner.users(signal),
    ofUser: (...of) => asked(shore, 'crm', () => inner.ofUser(...of), false),
    byKey: (...of) => asked(shore, 'crm', () => inner.byKey(...of), false),
  };
}

function writerAt(shore: Shore, inner: EntryWriter): EntryWriter {
  const { world, faults } = shore.company;
  const races = () => world.chance.happens(faults.rates.races);
  const { raceInCrm } = peopleAbout(world, shore.people, '');
  return {
    rendered: (...of) => inner.rendered(...of),
    creates: inner.creates,
    reserve: (...of) => asked(shore, 'crm', () => inner.reserve(...of), true),
    insert: (...of) => asked(shore, 'crm', () => inner.insert(...of), true),
    update: (seen, entry, fields, ...of) => {
      if (races()) raceInCrm(seen, world.chance.oneOf(fields));
      return asked(shore, 'crm', () => inner.update(seen, entry, fields, ...of), true);
    },
    delete: (seen, ...of) => {
      if (races()) raceInCrm(seen, undefined);
      return asked(shore, 'crm', () => inner.delete(seen, ...of), true);
    },
  };
}

/** A collection at Google. */
export function collectionAt(shore: Shore, user: string, kind: EntryKind, inner: Collection): Collection {
  const { world, faults } = shore.company;
  const { life } = shore;
  const { raceThere } = peopleAbout(world, shore.people, user);
  const races = () => world.chance.happens(faults.rates.races);
  const isBlind = oncePerTurn(async () => faults.strikes('blinds') && (await mayBeBlind(world, user)).includes(kind));
  return {
    ...inner,
    async list(...of) {
      const listing = await life.ask(() => inner.list(...of));
      return (await isBlind()) && listing.kind === 'page' ? { ...listing, items: [], isWhole: true } : listing;
    },
    async get(ids, deadline) {
      if (await isBlind()) return new Map(ids.map((id): [string, Found] => [id, 'absent']));
      return life.ask(() => inner.get(ids, deadline));
    },
    async apply(steps, deadline) {
      for (const step of steps) if (races()) raceThere(kind, step);
      const outcomes = await life.ask(() => inner.apply(steps, deadline));
      // What nobody heard of is changed before anybody looks.
      for (const step of steps) if (!outcomes.has(step.linkId) && races()) raceThere(kind, step);
      return outcomes;
    },
  };
}

/** A turn opens its collections anew. */
function oncePerTurn(ask: () => Promise<boolean>): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  return () => (answer ??= ask());
}
