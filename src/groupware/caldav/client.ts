// Asks a server of WebDAV: with the user's login, to one server only, and with answers that are read or told apart.

import type { Deadline } from '../../core/deadline';
import { httpSettings } from '../../core/http-fields';
import type { HttpMethod, HttpRequest, HttpResult, SendHttp } from '../../io/http-contract';
import type { NewXml, Xml, XmlNode } from '../../io/xml-contract';
import type { Refused, Trouble } from '../groupware';
import { troubleOf, type DavStatus } from './answer';
import type { Login } from './login';
import { leadsTo } from './hrefs';
import { conditionsOf, multistatusOf, type Multistatus } from './multistatus';
import type { CaldavOptions } from './options';

/** A request. */
export interface DavRequest {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly xml?: NewXml;
  readonly text?: string;
}

/** An answer with its body. */
export interface DavAnswer extends DavStatus {
  readonly kind: 'answer';
  readonly body: string;
  /** Whether all of it arrived. */
  readonly isWhole: boolean;
  /** Whether it is longer than what is read of one. */
  readonly isTooLong: boolean;
}

/** That there is no answer. */
export interface DavSilence {
  readonly kind: 'silence';
  /** Whether the request may have been carried out. */
  readonly wasSent: boolean;
  readonly reason: string;
}

/** That an answer cannot be used: it was cut off on the way, or it is too long or none that can be read. */
export interface DavUnusable {
  readonly kind: 'unusable';
  readonly isCut: boolean;
}

/** What several things were told at once, or why they were not. */
export type Asked = { readonly kind: 'told'; readonly told: Multistatus } | DavUnusable | DavAnswer | DavSilence;

/** A client of one user. */
export interface DavClient {
  /** Never rejects for trouble outside. */
  send(request: DavRequest, deadline: Deadline): Promise<DavAnswer | DavSilence>;
  /** Sends a question that is answered by a multistatus. */
  ask(request: DavRequest, deadline: Deadline): Promise<Asked>;
  /** Why there is no usable answer. */
  trouble(answer: Exclude<Asked, { readonly kind: 'told' }>): Trouble;
}

/** What a client is made of. */
export interface ClientParts {
  readonly http: SendHttp;
  readonly xml: Xml;
  readonly version: string;
  readonly now: () => number;
}

/** As much of an answer as is read, in bytes. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** Questions, which may be asked twice. */
const QUESTIONS: readonly HttpMethod[] = ['GET', 'OPTIONS', 'PROPFIND', 'REPORT'];

/** Makes the client of a login. */
export function openClient(login: Login, options: CaldavOptions, { http, xml, version, now }: ClientParts): DavClient {
  const settings = httpSettings(options);
  const own = new URL(options.url);
  const send: DavClient['send'] = async (request, { signal }) => {
    if (leadsTo(request.url.href, own) === undefined) throw new Error('a login must not leave its server');
    const sent = requestOf(request, login, version, xml);
    let result = await http(sent, settings, signal);
    // A connection that was kept may have been closed just then. A question can be asked again at no risk.
    if (result.kind === 'failure' && !signal.aborted && (!result.sent || QUESTIONS.includes(request.method)))
      result = await http(sent, settings, signal);
    return answerOf(result, xml);
  };
  return {
    send,
    ask: async (request, deadline) => {
      const answer = await send(request, deadline);
      if (answer.kind === 'silence' || answer.status !== 207) return answer;
      const told = answer.isWhole ? multistatusOf(xml.read(answer.body)) : undefined;
      return told === undefined ? { kind: 'unusable', isCut: !answer.isWhole && !answer.isTooLong } : { kind: 'told', told };
    },
    trouble: (answer) => {
      if (answer.kind === 'unusable') return { kind: 'retry', reason: 'the server’s answer is cut off, or cannot be read' };
      if (answer.kind === 'silence') return { kind: 'retry', reason: answer.reason };
      return answer.status >= 200 && answer.status < 300 ? NO_DAV : troubleOf(answer, now());
    },
  };
}

const NO_DAV: Refused = {
  kind: 'refused',
  reason: 'the server answers with something else than what was asked for; is url the address of its CalDAV?',
};

function requestOf(
  { method, url, headers = {}, xml: root, text }: DavRequest,
  login: Login,
  version: string,
  xml: Xml,
): HttpRequest {
  const body = root === undefined ? text : xml.write(root);
  return {
    method,
    url: url.href,
    headers: {
      'User-Agent': `publish-activity/${version}`,
      ...(root === undefined ? {} : { 'Content-Type': 'application/xml; charset=utf-8' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
    ...login,
    mostBytes: MOST_BYTES,
    // An item’s own text comes as it is: what packs it on the way gives it another version.
    gzip: method === 'PROPFIND' || method === 'REPORT',
  };
}

function answerOf(result: HttpResult, xml: Xml): DavAnswer | DavSilence {
  if (result.kind === 'failure') return { kind: 'silence', wasSent: result.sent, reason: `${result.message} (${result.code})` };
  const { status, headers, body, complete: isWhole } = result;
  return {
    kind: 'answer',
    status,
    headers,
    conditions: status >= 400 ? conditionsOf(readError(body, xml)) : [],
    body,
    isWhole,
    isTooLong: !isWhole && Buffer.byteLength(body) >= MOST_BYTES - 3,
  };
}

/** What is said about a failure is short. */
function readError(body: string, xml: Xml): XmlNode | undefined {
  return body.length < 65_536 ? xml.read(body) : undefined;
}
