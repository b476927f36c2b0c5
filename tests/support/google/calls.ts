// A call from its request to its outcome: who asks, what goes wrong, what is counted.

import { setTimeout } from 'node:timers/promises';
import { bookOf } from './address-book';
import { perform, routeOf, type Api, type ApiRequest, type Route } from './api';
import { readBatch, writeBatch, type Part, type PartAnswer } from './batch';
import { answerTo, GoogleError, type Answer } from './errors';
import type { HostRequest, Outcome } from './host';
import { isDone, type Mishap, type Mishaps } from './mishaps';
import { partial } from './partial';
import type { Quota } from './quota';
import { StatusError } from './status-error';
import type { AccessToken, Tokens } from './tokens';
import type { World } from './world';

/** A call that came in, by itself or as a part of a batch. */
export interface LoggedCall {
  /** Left out where the token is none of ours. */
  readonly user?: string;
  /** `events.insert` */
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: ApiRequest['headers'];
  readonly body: string;
  readonly units: number;
  readonly isInBatch: boolean;
  /** Left out where it was never answered. */
  status?: number;
}

/** What all calls share. */
export interface Desk {
  readonly world: World;
  readonly tokens: Tokens;
  readonly quota: Quota;
  readonly mishaps: Mishaps;
  readonly calls: LoggedCall[];
  /** How many parts a batch may have. */
  batchLimit: number;
}

const NO_SUCH_PAGE: Outcome = {
  kind: 'answer',
  answer: { status: 404, body: '<!doctype html><title>Error 404 (Not Found)!!1</title>' },
};

/** What comes of a request to the host of an API. */
export async function serve(desk: Desk, api: Api | undefined, request: HostRequest): Promise<Outcome> {
  if (api === undefined) return NO_SUCH_PAGE;
  const isBatch = request.path === api.batchPath && request.method === 'POST';
  if (isBatch) return serveBatch(desk, api, request);
  return serveCall(
    desk,
    api,
    { verb: request.method, path: request.path, headers: request.headers, body: request.body.toString('utf8') },
    false,
  );
}

async function serveCall(desk: Desk, api: Api, request: ApiRequest, isInBatch: boolean): Promise<Outcome> {
  const route = routeOf(api, request);
  if (route === undefined) return NO_SUCH_PAGE;
  const token = desk.tokens.bearer(request.headers['authorization']);
  const user = typeof token === 'string' ? {} : { user: token.email };
  const { pathname: path, searchParams: query } = route.url;
  const units = route.method.units ?? 1;
  const { headers, body } = request;
  const call: LoggedCall = { ...user, method: route.name, path, query, headers, body, units, isInBatch };
  desk.calls.push(call);
  const outcome = await alone(desk, route, call.user, () =>
    withMishap(desk.mishaps.next(route.name, call.user), () => usual(desk, api, route, request, token, units)),
  );
  if (outcome.kind === 'answer') call.status = outcome.answer.status;
  return outcome;
}

/**
 * What changes somebody's contacts, one thing at a time. "Mutate requests for the same user should be sent sequentially to avoid increased
 * latency and failures": https://developers.google.com/people/api/rest/v1/people/updateContact
 */
async function alone(
  { world }: Desk,
  { method }: Route,
  email: string | undefined,
  act: () => Promise<Outcome>,
): Promise<Outcome> {
  if (method.isMutation !== true || email === undefined || world.contacts.busyMs === 0) return act();
  const book = bookOf(world, { email });
  if (book.isBusy) return { kind: 'answer', answer: new StatusError('ABORTED', 'The operation was aborted.').answer };
  book.isBusy = true;
  const outcome = await act();
  await setTimeout(world.contacts.busyMs, undefined, { ref: false });
  book.isBusy = false;
  return outcome;
}

/** What is answered as long as nothing goes wrong. */
function usual(
  desk: Desk,
  api: Api,
  route: Route,
  request: ApiRequest,
  token: AccessToken | 'none' | 'bad',
  units: number,
): Answer {
  try {
    if (token === 'none') throw new GoogleError('loginRequired');
    if (token === 'bad') throw new GoogleError('authError');
    const quotaUser = route.query.get('quotaUser')?.[0];
    if (quotaUser !== undefined && quotaUser.length > 40)
      throw new GoogleError('invalid', 'quotaUser has more than 40 characters.');
    // Without another word, a service account is one user, whoever it asks for.
    desk.quota.take(quotaUser ?? token.serviceAccount ?? token.email, units);
    const answer = perform(api, desk.world, route, request, token);
    const fields = route.query.get('fields')?.[0];
    return fields === undefined || answer.body === undefined ? answer : { ...answer, body: partial(answer.body, fields) };
  } catch (problem) {
    return answerTo(problem);
  }
}

/** Does a call, or not, and lets happen to it what shall happen. */
export async function withMishap(mishap: Mishap | undefined, act: () => Answer): Promise<Outcome> {
  if (mishap === undefined) return { kind: 'answer', answer: act() };
  const answer = isDone(mishap) ? act() : undefined;
  if (mishap.kind === 'reset' || mishap.kind === 'hang') return { kind: mishap.kind };
  if (answer === undefined || mishap.kind === 'page' || mishap.kind === 'status')
    return { kind: 'answer', answer: instead(mishap) };
  if (mishap.kind === 'slow') await setTimeout(mishap.ms, undefined, { ref: false });
  const isBroken = mishap.kind === 'truncated' || mishap.kind === 'cut';
  return { kind: 'answer', answer, ...(isBroken ? { broken: mishap.kind } : {}) };
}

function instead(mishap: Mishap): Answer {
  if (mishap.kind === 'unauthorized') return new GoogleError('authError').answer;
  if (mishap.kind === 'limit') return new GoogleError(mishap.reason, undefined, mishap).answer;
  if (mishap.kind === 'page') return { status: 200, body: '<!doctype html><title>Sign in</title>' };
  if (mishap.kind === 'answer') return { status: mishap.status, body: mishap.body };
  if (mishap.kind !== 'status') throw new Error(`${mishap.kind} is no answer`);
  const { retryAfter, status } = mishap;
  if (mishap.html !== true) return new GoogleError('backendError', undefined, mishap).answer;
  const headers = retryAfter === undefined ? {} : { headers: { 'Retry-After': `${retryAfter}` } };
  return { status, ...headers, body: `<!doctype html><title>Error ${status} (Server Error)!!1</title>` };
}

/** The whole may go wrong, and each part for itself. A part without an answer is left out. */
async function serveBatch(desk: Desk, api: Api, request: HostRequest): Promise<Outcome> {
  const mishap = desk.mishaps.next('batch', undefined);
  const parts = partsOf(desk, request);
  if (!Array.isArray(parts)) return { kind: 'answer', answer: parts };
  const answers = mishap === undefined || isDone(mishap) ? await doParts(desk, api, parts) : [];
  return withMishap(mishap, () => writeBatch(answers, mishap?.kind === 'batch' ? mishap : undefined));
}

function partsOf({ batchLimit }: Desk, { headers, body }: HostRequest): Part[] | Answer {
  try {
    return [...readBatch(headers['content-type'], body, headers, batchLimit)];
  } catch (problem) {
    return answerTo(problem);
  }
}

/** In whatever order the server likes: from the last to the first, so that nobody relies on another one. */
async function doParts(desk: Desk, api: Api, parts: readonly Part[]): Promise<readonly PartAnswer[]> {
  const answers: PartAnswer[] = [];
  for (const { id, request } of parts.toReversed()) {
    const outcome =
      request instanceof GoogleError
        ? { kind: 'answer' as const, answer: request.answer }
        : await serveCall(desk, api, request, true);
    answers.unshift({ ...(id === undefined ? {} : { id }), answer: outcome.kind === 'answer' ? shortened(outcome) : undefined });
  }
  return answers;
}

/** The body of a part ends in its middle; what is around it is whole. */
function shortened({ answer, broken }: Extract<Outcome, { readonly kind: 'answer' }>): Answer {
  if (broken === undefined || answer.body === undefined) return answer;
  const text = JSON.stringify(answer.body);
  return { ...answer, body: text.slice(0, Math.floor(text.length * 0.62)) };
}
