// Asks Slack whether a message is there: the channel's messages since the attempt, and those of the thread, by the delivery's id, which
// every message of ours carries as metadata (https://docs.slack.dev/messaging/message-metadata).

import type { Deadline } from '../../core/deadline';
import { isRecord } from '../../core/shape';
import type { AnswerReader } from '../kit/answer';
import type { Finding, Tools } from '../destination';
import { cannotTell, getJson, jsonObject, lookSince, textIn, type JsonObject, type Looked } from '../kit/json-api';
import type { SlackApiOptions, SlackPayload } from './options';
import { apiReader, threadIsGone } from './answers';

/** Messages a page: no more than the first mebibyte of an answer is read, and blocks are wordy. */
const PER_PAGE = 50;
/** More pages than this are not read. */
const MOST_PAGES = 40;

/** What the metadata of our messages is called. */
export const EVENT_TYPE = 'publish_activity_delivery';

type Query = Readonly<Record<string, string>>;
type Found =
  | { readonly kind: 'found'; readonly times: readonly string[]; readonly behindMs: number }
  | Extract<Finding, { readonly kind: 'unknown' }>;

/** Looks for a message, see `find` of the contract of a destination. */
export function findPost(
  { deliveryId, threadTs }: SlackPayload,
  options: SlackApiOptions,
  tools: Tools,
  sinceMs: number,
  deadline: Deadline,
): Promise<Finding> {
  return lookSince(sinceMs, async (moment): Promise<Looked> => {
    const oldest = (moment / 1_000).toFixed(6);
    const look = (method: string, where: Query = {}) =>
      timesOf(deliveryId, method, { channel: options.channel, ...where, oldest }, options, tools, deadline);
    const inChannel = await look('conversations.history');
    if (inChannel.kind === 'unknown') return { finding: inChannel, behindMs: 0 };
    // The channel's own list does not show what stands in a thread. A post may be in either: beside the thread where that was gone.
    const inThread = threadTs === undefined ? inChannel : await look('conversations.replies', { ts: threadTs });
    if (inThread.kind === 'unknown') return { finding: inThread, behindMs: 0 };
    const times = [...new Set([...inChannel.times, ...inThread.times])].sort().reverse();
    const receipts = times.map((ts) => ({ id: `${options.channel}:${ts}` }));
    return { finding: { kind: 'candidates', receipts }, behindMs: inChannel.behindMs };
  });
}

/** The `ts` of all messages with a delivery's id in a list of messages. */
async function timesOf(
  deliveryId: string,
  method: string,
  query: Query,
  options: SlackApiOptions,
  tools: Tools,
  deadline: Deadline,
): Promise<Found> {
  const times: string[] = [];
  let cursor: Query = {};
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const search = new URLSearchParams({ ...query, ...cursor, limit: String(PER_PAGE), include_all_metadata: 'true' });
    const target = { url: `${options.apiUrl}/${method}?${search.toString()}`, token: options.token };
    const answer = await getJson(target, reader, options, tools, deadline);
    if (answer.kind === 'unknown') return answer;
    const { behindMs } = answer;
    if (threadIsGone(answer.page)) return { kind: 'found', times, behindMs };
    const { ok, messages, response_metadata: more } = answer.page;
    if (ok !== true || !isList(messages)) return cannotTell('its answer is no list of messages');
    times.push(...messages.filter((message) => idIn(message) === deliveryId).map((message) => textIn(message, 'ts')));
    const next = textIn(more, 'next_cursor');
    if (next === '')
      return isWhole(answer.page) ? { kind: 'found', times, behindMs } : cannotTell('it shows a part of the messages only');
    cursor = { cursor: next };
  }
  return cannotTell(`there are more than ${MOST_PAGES} pages of messages`);
}

function isList(messages: unknown): messages is readonly unknown[] {
  return Array.isArray(messages) && messages.every(isRecord);
}

/**
 * Whether a page without a cursor is the last one of all there are: it may say that there are more (`has_more`), that older ones are
 * out of reach (`is_limited`, of workspaces that pay nothing), or name the next page in a way that we do not know.
 */
function isWhole({ has_more: hasMore, is_limited: isLimited, response_metadata: more }: JsonObject): boolean {
  const cursor = isRecord(more) ? (more['next_cursor'] ?? '') : '';
  return hasMore !== true && isLimited !== true && cursor === '';
}

/** A thread that is gone holds no message: that is an answer, and no refusal. */
const reader: AnswerReader = {
  ...apiReader,
  verdict: (body, status) => (threadIsGone(jsonObject(body)) ? undefined : apiReader.verdict?.(body, status)),
};

function idIn(message: unknown): string {
  const metadata = isRecord(message) ? message['metadata'] : undefined;
  const payload = isRecord(metadata) && metadata['event_type'] === EVENT_TYPE ? metadata['event_payload'] : undefined;
  return textIn(payload, 'delivery_id');
}
