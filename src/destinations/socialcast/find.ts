// Asks a Socialcast community whether a message is there: the login's own messages since the attempt, compared by what they say.
// The API as far as it is known: https://socialcast.github.io/socialcast/apidoc/users/userinfo.html and …/messages/index.html

import type { Deadline } from '../../core/deadline';
import type { Receipt } from '../../core/outcome';
import { branchesOf, childrenOf, type XmlBranch, type XmlChild } from '../../core/xml-scan';
import { outcomeOf, type AnswerReader } from '../answer';
import type { Finding, Tools } from '../destination';
import { redactorFor, sendPatiently } from '../http-options';
import type { SocialcastOptions, SocialcastPayload } from '../socialcast';
import { fieldOf, receiptOf } from './message';

/** How far the clocks of the two hosts may differ without the server saying so, in ms. */
const CLOCK_DIFFERENCE_MS = 2 * 60_000;
/**
 * Messages a page. Recorded ones have 3 to 9 KB each, and no more than the first mebibyte of an answer is read, so the 500 that the
 * server would give at most are out of reach.
 */
const PER_PAGE = 50;
/** A page with fewer messages is the last one, also where the server keeps to pages of its own: they have 20 messages at least. */
const SMALLEST_PAGE = 20;
/** What Rails calls a list with nothing in it whose kind it does not know. */
const EMPTY_LIST = 'nil-classes';
/** More pages than this are not read. */
const MOST_PAGES = 100;

/** Looks for a message, see `find` of the contract of a destination. */
export async function findMessage(
  payload: SocialcastPayload,
  options: SocialcastOptions,
  tools: Tools,
  sinceMs: number,
  deadline: Deadline,
): Promise<Finding> {
  const ask = (path: string) => get(options.url + path, options, tools, deadline);
  const account = await ask(options.accountPath);
  if (account.kind === 'unknown') return account;
  const user = fieldOf(childrenOf(account.body, 'user') ?? [], 'id');
  if (!/^\d{1,20}$/.test(user)) return unknown('its answer does not say who the login is');

  const since = Math.floor((sinceMs - account.behindMs - CLOCK_DIFFERENCE_MS) / 1_000);
  const messagesPath = options.ownMessagesPath.replaceAll('{id}', user);
  const sent = textsOf(childrenOf(payload.body, 'message') ?? [], 'url');
  const seen = new Set<string>();
  const receipts: Receipt[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await ask(`${messagesPath}?since=${since}&per_page=${PER_PAGE}&page=${page}`);
    if (answer.kind === 'unknown') return answer;
    const messages = branchesOf(answer.body, 'messages', 3) ?? branchesOf(answer.body, EMPTY_LIST, 1);
    if (messages === undefined) return unknown('its answer is no list of messages');
    const fresh = messages.filter(({ name, children }) => name === 'message' && !seen.has(fieldOf(children, 'id')));
    for (const { children } of fresh) {
      seen.add(fieldOf(children, 'id'));
      if (!isBy(user, children) || !isSame(sent, textsOf(children, 'external-url', 'external_url'))) continue;
      const receipt = receiptOf(children);
      if (receipt === undefined) return unknown('it shows a message that says the same, but not its id');
      receipts.push(receipt);
    }
    if (messages.length < SMALLEST_PAGE) return { kind: 'candidates', receipts };
    if (fresh.length === 0) return unknown('it shows the same page of messages again and again');
  }
  return unknown(`there are more than ${MOST_PAGES} pages of messages`);
}

/** A page, and by how much the server's clock is behind ours, in ms. */
type Page =
  { readonly kind: 'page'; readonly body: string; readonly behindMs: number } | Extract<Finding, { readonly kind: 'unknown' }>;

async function get(url: string, options: SocialcastOptions, tools: Tools, deadline: Deadline): Promise<Page> {
  const headers = { Accept: 'application/xml', 'User-Agent': `publish-activity/${tools.version}` };
  const basic = { username: options.username, password: options.password };
  const result = await sendPatiently({ method: 'GET', url, headers, basic }, options, tools, deadline);
  if (result.kind === 'answer' && result.status === 200)
    return result.complete
      ? { kind: 'page', body: result.body, behindMs: behindMs(result.headers['date'], tools.now()) }
      : unknown('its answer was cut off');
  const outcome = outcomeOf(result, NO_READER, tools.now(), redactorFor(options.password, options));
  if (outcome.kind === 'delivered') return unknown('its answer is not the page that was asked for');
  return outcome.kind === 'retry' && outcome.afterMs !== undefined
    ? { ...unknown(outcome.reason), afterMs: outcome.afterMs }
    : unknown(outcome.reason);
}

/**
 * By how much the server's clock is behind ours, as its Date header tells (RFC 9110, 6.6.1). Where it is ahead, or says nothing, it
 * counts as right: to look too far back finds nothing wrong, and ours may have been set since the attempt.
 */
function behindMs(date: string | undefined, now: number): number {
  const ms = now - Date.parse(date ?? '');
  return ms > 0 ? ms : 0;
}

const NO_READER: AnswerReader = { receipt: () => undefined, errors: () => [] };

function unknown(reason: string): Extract<Finding, { readonly kind: 'unknown' }> {
  return { kind: 'unknown', reason: `asked whether the message is there: ${reason}` };
}

/** The list is that of messages "related to" a user, so it may hold those of others. */
function isBy(user: string, message: readonly XmlBranch[]): boolean {
  const author = fieldOf(message.find(({ name }) => name === 'user')?.children ?? [], 'id');
  return author === '' || author === user;
}

interface Texts {
  readonly title: string;
  readonly body: string;
  readonly link: string;
}

function textsOf(message: readonly XmlChild[], ...linkNames: readonly string[]): Texts {
  return {
    title: folded(fieldOf(message, 'title')),
    body: folded(fieldOf(message, 'body')),
    link: spelled(fieldOf(message, ...linkNames)),
  };
}

/** A link that was not sent may have been found by the server in the text. */
function isSame(sent: Texts, shown: Texts): boolean {
  return sent.title === shown.title && sent.body === shown.body && (sent.link === '' || sent.link === shown.link);
}

/** A server may trim a text, and fold its blanks and line ends. */
function folded(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** An address as URLs are spelled, so that `http://SERVER` and `http://server/` are the same. */
function spelled(address: string): string {
  return URL.canParse(address) ? new URL(address).href : address;
}
