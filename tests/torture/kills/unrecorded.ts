// What Google has and the ledger does not know: a run was killed between a request and its record. Read from outside, from what the stand-in was
// asked and from the ledger's own rows.

import type { LoggedCall } from '../../support/google/calls';
import type { GoogleServer } from '../../support/google/google-server';
import { withDatabase } from './office';

/** An event as the ledger knows it; one that it has no version of, it does not know to be there. */
interface Known {
  readonly id: string;
  readonly remote_id: string;
  readonly version: string;
  readonly state: string;
}

/** Counts, of what was asked since it last counted, what was done and is not recorded; while no run is under way. */
export function unrecordedIn({ calls }: Pick<GoogleServer, 'calls'>): (ledger: string) => number {
  let counted = 0;
  return (ledger) => {
    const done = calls
      .slice(counted)
      .filter(({ method, status = 0 }) => /^events\.(insert|patch|delete)$/.test(method) && status < 300);
    counted = calls.length;
    const known = withDatabase(
      ledger,
      (database) =>
        database.prepare('SELECT id, remote_id, version, state FROM publish_activity_link').all() as unknown as Known[],
    );
    const named = new Map(known.flatMap((link) => [link.id, link.remote_id].map((id) => [id, link] as const)));
    return done.filter((call) => isUnrecorded(call, named)).length;
  };
}

function isUnrecorded({ method, path, body, headers }: LoggedCall, named: ReadonlyMap<string, Known>): boolean {
  const isNew = method === 'events.insert';
  const id = isNew ? (JSON.parse(body) as { readonly id?: string }).id : path.split('/').at(-1);
  const link = named.get(id ?? '');
  if (link === undefined || link.state === 'gone') return false;
  // Of what was changed or deleted, the ledger still has the version that the request was about.
  return isNew ? link.version === '' : link.version === headers['if-match'];
}
