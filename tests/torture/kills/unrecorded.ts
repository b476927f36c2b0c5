// What Google has and the ledger does not know: a run was killed between a request and its record. Read from outside, from what the stand-in was
// asked and from the ledger's own rows.

import type { LoggedCall } from '../../support/google/calls';
import type { GoogleServer } from '../../support/google/google-server';
import type { Kind } from './items';
import { withDatabase } from './office';

/** An entry as the ledger knows it; one that it has no version of, it does not know to be there. */
interface Known {
  readonly id: string;
  readonly remote_id: string;
  readonly version: string;
  readonly state: string;
}

/** A change of an entry: its name at Google, or of a new one its link's id; and the version that it is about, which a new one does not have. */
interface Change {
  readonly of: string;
  /** Left out where the call names none. */
  readonly version?: string;
}

interface Method {
  readonly kind: Kind;
  readonly changesIn: (call: LoggedCall) => readonly Change[];
}

/** The methods that change entries. */
const METHODS: Readonly<Record<string, Method>> = {
  'events.insert': { kind: 'event', changesIn: ({ body }) => [made((JSON.parse(body) as { readonly id?: string }).id)] },
  'events.patch': { kind: 'event', changesIn: atItsAddress },
  'events.delete': { kind: 'event', changesIn: atItsAddress },
  'tasks.insert': { kind: 'task', changesIn: ({ body }) => [made(/\[crm (pa\w{26})\]/.exec(body)?.[1])] },
  'tasks.patch': { kind: 'task', changesIn: atItsAddress },
  'tasks.delete': { kind: 'task', changesIn: atItsAddress },
  'people.batchCreateContacts': {
    kind: 'contact',
    changesIn: ({ body }) => [...body.matchAll(/"crmLink","value":"(pa\w{26})"/g)].map(([, id]) => made(id)),
  },
  'people.batchUpdateContacts': {
    kind: 'contact',
    changesIn: ({ body }) =>
      Object.entries((JSON.parse(body) as Updates).contacts).map(([of, { metadata }]) => ({
        of,
        version: metadata.sources[0]?.etag ?? '',
      })),
  },
  'people.batchDeleteContacts': {
    kind: 'contact',
    changesIn: ({ body }) =>
      (JSON.parse(body) as { readonly resourceNames: readonly string[] }).resourceNames.map((of) => ({ of })),
  },
};

interface Updates {
  readonly contacts: Readonly<Record<string, { readonly metadata: { readonly sources: readonly { readonly etag: string }[] } }>>;
}

function made(linkId = ''): Change {
  return { of: linkId, version: '' };
}

function atItsAddress({ path, headers }: LoggedCall): readonly Change[] {
  return [{ of: path.split('/').at(-1) ?? '', version: headers['if-match'] ?? '' }];
}

/** Counts, of what was asked since it last counted, what was done and is not recorded; while no run is under way. */
export function unrecordedIn({ calls }: Pick<GoogleServer, 'calls'>): (ledger: string) => Readonly<Record<Kind, number>> {
  let counted = 0;
  return (ledger) => {
    const done = calls.slice(counted).filter(({ status = 0 }) => status >= 200 && status < 300);
    counted = calls.length;
    const known = withDatabase(
      ledger,
      (database) =>
        database.prepare('SELECT id, remote_id, version, state FROM publish_activity_link').all() as unknown as Known[],
    );
    const named = new Map(known.flatMap((link) => [link.id, link.remote_id].map((id) => [id, link] as const)));
    const unrecorded = { event: 0, task: 0, contact: 0 };
    for (const call of done) {
      const { kind, changesIn } = METHODS[call.method] ?? {};
      if (kind !== undefined) unrecorded[kind] += changesIn?.(call).filter((change) => isUnrecorded(change, named)).length ?? 0;
    }
    return unrecorded;
  };
}

/** Of what was changed or deleted, the ledger still has the version that the request was about; of what is new it has none. */
function isUnrecorded({ of, version }: Change, named: ReadonlyMap<string, Known>): boolean {
  // A link whose entry nobody heard of has no name for it.
  const link = of === '' ? undefined : named.get(of);
  return link !== undefined && link.state !== 'gone' && link.version === (version ?? link.version);
}
