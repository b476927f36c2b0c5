// Asks a Socialcast community whether a post is there: the login's own messages since the attempt, or the comments on a message,
// compared by what they say.
// The API as far as it is known: https://socialcast.github.io/socialcast/apidoc/users/userinfo.html and …/messages/index.html

import type { Deadline } from '../../core/deadline';
import type { Receipt } from '../../core/outcome';
import { branchesOf, childrenOf, isWholeDocument, type XmlBranch, type XmlChild } from '../../core/xml-scan';
import { outcomeOf, type AnswerReader } from '../kit/answer';
import type { Finding, Tools } from '../destination';
import { behindMs, LOOK_BACK_MS, sendPatiently } from '../kit/http-options';
import { redactorFor } from '../kit/redactor';
import type { SocialcastComment, SocialcastOptions, SocialcastPayload } from './options';
import { commentReceiptOf, fieldOf, isGone, receiptOf } from './message';
import { urlOf } from '../../core/web-address';

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

/** Looks for a message or a comment, see `find` of the contract of a destination. */
export async function findMessage(
  payload: SocialcastPayload,
  options: SocialcastOptions,
  tools: Tools,
  sinceMs: number,
  deadline: Deadline,
): Promise<Finding> {
  const ask = (url: string) => get(url, options, tools, deadline);
  const account = await ask(options.url + options.accountPath);
  if (account.kind !== 'page') return account;
  const user = fieldOf(childrenOf(account.body, 'user') ?? [], 'id');
  if (!/^\d{1,20}$/.test(user)) return unknown('its answer does not say who the login is');

  const since = Math.floor((sinceMs - account.behindMs - LOOK_BACK_MS) / 1_000);
  if (payload.comment !== undefined) {
    const finding = await search(commentsLike(payload.comment, since), user, ask);
    // Under a message that is gone no comment was taken, and a message was posted in its place.
    if (!('status' in finding && isGone(finding.status))) return finding;
  }
  const messagesUrl = options.url + options.ownMessagesPath.replaceAll('{id}', user);
  return search(messagesLike(payload, `${messagesUrl}?since=${since}&`), user, ask);
}

/** A list of the server, and what is looked for in it. */
interface Listing {
  readonly name: 'message' | 'comment';
  /** The address, up to the `?` or `&` that the page follows. */
  readonly address: string;
  readonly isWanted: (shown: readonly XmlChild[]) => boolean;
  readonly receipt: (shown: readonly XmlChild[]) => Receipt | undefined;
}

function messagesLike({ body }: SocialcastPayload, address: string): Listing {
  const sent = textsOf(childrenOf(body, 'message') ?? [], 'url');
  const isWanted = (shown: readonly XmlChild[]) => isSame(sent, textsOf(shown, 'external-url', 'external_url'));
  return { name: 'message', address, isWanted, receipt: receiptOf };
}

/** Comments on a message. Nobody can ask for those since a moment only; one without a time of its own may be of any time. */
function commentsLike({ messageId, url, body }: SocialcastComment, since: number): Listing {
  const sent = folded(fieldOf(childrenOf(body, 'comment') ?? [], 'text'));
  const isOld = (shown: readonly XmlChild[]) => Date.parse(fieldOf(shown, 'created-at', 'created_at')) < since * 1_000;
  const isWanted = (shown: readonly XmlChild[]) => folded(fieldOf(shown, 'text')) === sent && !isOld(shown);
  const receipt = (shown: readonly XmlChild[]) => commentReceiptOf(messageId, shown);
  return { name: 'comment', address: `${url}?`, isWanted, receipt };
}

/** Reads a list page by page to its end. */
async function search(
  { name, address, isWanted, receipt: receiptIn }: Listing,
  user: string,
  ask: (url: string) => Promise<Page>,
): Promise<Finding | Failure> {
  const seen = new Set<string>();
  const receipts: Receipt[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await ask(`${address}per_page=${PER_PAGE}&page=${page}`);
    if (answer.kind !== 'page') return answer;
    const listed = branchesOf(answer.body, `${name}s`, 3) ?? branchesOf(answer.body, EMPTY_LIST, 1);
    if (listed === undefined) return unknown(`its answer is no list of ${name}s`);
    // What is not listed is not there only where the list is whole, and an answer that ends too soon may pass for a complete one.
    if (!isWholeDocument(answer.body)) return unknown(CUT_OFF);
    const isNew = (id: string) => id === '' || !seen.has(id);
    const fresh = listed.filter((each) => each.name === name && isNew(fieldOf(each.children, 'id')));
    for (const { children } of fresh) {
      seen.add(fieldOf(children, 'id'));
      if (!isBy(user, children) || !isWanted(children)) continue;
      const receipt = receiptIn(children);
      if (receipt === undefined) return unknown(`it shows a ${name} that says the same, but not its id`);
      receipts.push(receipt);
    }
    if (listed.length < SMALLEST_PAGE) return { kind: 'candidates', receipts: newestFirst(receipts) };
    if (fresh.length === 0) return unknown(`it shows the same page of ${name}s again and again`);
  }
  return unknown(`there are more than ${MOST_PAGES} pages of ${name}s`);
}

/** Messages come so anyway; of comments nobody says how they come. */
function newestFirst(receipts: readonly Receipt[]): readonly Receipt[] {
  return [...receipts].sort((a, b) => (b.id ?? '').localeCompare(a.id ?? '', 'en', { numeric: true }));
}

const CUT_OFF = 'its answer was cut off';

type Unknown = Extract<Finding, { readonly kind: 'unknown' }>;
/** Why nothing is known, and the status of HTTP where there was an answer. */
type Failure = Unknown & { readonly status?: number };
/** A page, and by how much the server's clock is behind ours, in ms. */
type Page = { readonly kind: 'page'; readonly body: string; readonly behindMs: number } | Failure;

async function get(url: string, options: SocialcastOptions, tools: Tools, deadline: Deadline): Promise<Page> {
  const headers = { Accept: 'application/xml' };
  const basic = { username: options.username, password: options.password };
  const result = await sendPatiently({ method: 'GET', url, headers, basic }, options, tools, deadline);
  if (result.kind === 'answer' && result.status === 200)
    return result.complete
      ? { kind: 'page', body: result.body, behindMs: behindMs(result.headers['date'], tools.now()) }
      : unknown(CUT_OFF);
  const outcome = outcomeOf(result, NO_READER, tools.now(), redactorFor(options));
  const reason = outcome.kind === 'delivered' ? 'its answer is not the page that was asked for' : outcome.reason;
  return {
    ...unknown(reason),
    ...(outcome.kind === 'retry' && outcome.afterMs !== undefined ? { afterMs: outcome.afterMs } : {}),
    ...(result.kind === 'answer' ? { status: result.status } : {}),
  };
}

const NO_READER: AnswerReader = { receipt: () => undefined, errors: () => [] };

function unknown(reason: string): Unknown {
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
  return urlOf(address)?.href ?? address;
}
