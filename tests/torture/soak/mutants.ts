// Ideas of the adapters of tasks and contacts, each taken out on the way to the stand-in: with any of them missing, a soak has to find it.

import type { HttpRequest } from '../../../src/io/http-contract';
import { GOOGLE_MUTATIONS, rewriting } from '../sync/google-mutants';
import { MUTATIONS, type Mutation } from '../sync/mutants';

const OF_TASKS_AND_CONTACTS: Readonly<Record<string, Mutation>> = {
  'Google: no line of ours in the notes of tasks': {
    shows: ['doubled'],
    google: (http) =>
      rewriting(http, (call) =>
        call.path.startsWith('/tasks/') ? { ...call, body: call.body.replace(/[^" ]* ?\[crm \w+\]/, '') } : call,
      ),
  },
  'Google: what is somebody’s own on a card is left out': {
    shows: ['wiped'],
    habits: { isAboutContacts: 60, decorates: 20 },
    google:
      (http) =>
      (request, ...more) =>
        http(withoutOwn(request), ...more),
  },
};

/** What can be taken out where the groupware is Google; how one in memory behaves is no idea of ours. */
export const SOAK_MUTANTS: readonly (readonly [name: string, mutation: Mutation])[] = Object.entries({
  ...MUTATIONS,
  ...GOOGLE_MUTATIONS,
  ...OF_TASKS_AND_CONTACTS,
}).filter(([, { switches }]) => switches === undefined);

/** A change of contacts as a client makes it who knows nothing but what stands there for work. */
function withoutOwn(request: HttpRequest): HttpRequest {
  if (!request.url.endsWith(':batchUpdateContacts')) return request;
  const forWork = (_: string, value: unknown) =>
    Array.isArray(value) ? value.filter((each: { readonly type?: unknown }) => each.type !== 'home') : value;
  return { ...request, body: JSON.stringify(JSON.parse(request.body ?? '{}', forWork)) };
}
