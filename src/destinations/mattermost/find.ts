// Asks Mattermost whether a post is there: what changed in the channel since the attempt, by the delivery's id in the props.
// https://developers.mattermost.com/api-documentation/#/operations/GetPostsForChannel

import type { Deadline } from '../../core/deadline';
import { isRecord } from '../../core/shape';
import type { Finding, Tools } from '../destination';
import type { AnswerReader } from '../kit/answer';
import { cannotTell, getJson, lookSince, textIn, type JsonObject } from '../kit/json-api';
import type { MattermostApiOptions, MattermostPayload } from './options';
import { apiReader } from './answers';

/** With `since`, the server shows no more posts than this (GetPostsSince in server/channels/store/sqlstore/post_store.go). */
const MOST_POSTS = 1_000;

/** Looks for a post, see `find` of the contract of a destination. One that somebody deleted counts: it had been posted. */
export function findPost(
  { deliveryId }: MattermostPayload,
  options: MattermostApiOptions,
  tools: Tools,
  sinceMs: number,
  deadline: Deadline,
): Promise<Finding> {
  const reader = apiReader(options.url);
  return lookSince(sinceMs, async (moment) => {
    const url = `${options.url}/api/v4/channels/${options.channelId}/posts?since=${Math.floor(moment)}`;
    const answer = await getJson({ url, token: options.token }, reader, options, tools, deadline);
    if (answer.kind === 'unknown') return { finding: answer, behindMs: 0 };
    return { finding: findingIn(answer.page, deliveryId, reader), behindMs: answer.behindMs };
  });
}

function findingIn(page: JsonObject, deliveryId: string, reader: AnswerReader): Finding {
  const { posts } = page;
  if (!isRecord(posts)) return cannotTell('its answer is no list of posts');
  const ours = Object.values(posts).filter((post) => isRecord(post) && textIn(post['props'], 'delivery_id') === deliveryId);
  if (ours.length === 0 && Object.keys(posts).length >= MOST_POSTS)
    return cannotTell(`there are ${MOST_POSTS} posts since the attempt, and it shows no more`);
  if (ours.length === 0 && !isWhole(page, posts)) return cannotTell('it shows a part of the posts only');
  const receipts = ours.map((post) => reader.receipt(JSON.stringify(post)));
  return receipts.includes(undefined)
    ? cannotTell('it shows the post, but not its id')
    : { kind: 'candidates', receipts: receipts.flatMap((receipt) => receipt ?? []) };
}

/**
 * Whether a list shows all posts there are: everything in its order is there, there is no further page, and none is out of reach for a
 * server whose plan hides old ones (server/public/model/post_list.go of mattermost/mattermost).
 */
function isWhole({ order, has_next: hasNext, first_inaccessible_post_time: hidden = 0 }: JsonObject, posts: JsonObject): boolean {
  const isThere = (id: unknown) => typeof id === 'string' && isRecord(posts[id]);
  return Array.isArray(order) && order.every(isThere) && hasNext !== true && hidden === 0;
}
