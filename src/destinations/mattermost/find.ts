// Asks Mattermost whether a post is there: what changed in the channel since the attempt, by the delivery's id in the props.
// https://developers.mattermost.com/api-documentation/#/operations/GetPostsForChannel

import type { Deadline } from '../../core/deadline';
import { isRecord } from '../../core/shape';
import type { Finding, Tools } from '../destination';
import { cannotTell, getJson, textIn } from '../json-api';
import type { MattermostApiOptions, MattermostPayload } from '../mattermost';
import { apiReader } from './answers';

/** How far the clocks of the two hosts may differ, in ms. */
const CLOCK_DIFFERENCE_MS = 2 * 60_000;
/** With `since`, the server shows no more posts than this (GetPostsSince in server/channels/store/sqlstore/post_store.go). */
const MOST_POSTS = 1_000;

/** Looks for a post, see `find` of the contract of a destination. One that somebody deleted counts: it had been posted. */
export async function findPost(
  { deliveryId }: MattermostPayload,
  options: MattermostApiOptions,
  tools: Tools,
  sinceMs: number,
  deadline: Deadline,
): Promise<Finding> {
  const since = Math.floor(sinceMs - CLOCK_DIFFERENCE_MS);
  const url = `${options.url}/api/v4/channels/${options.channelId}/posts?since=${since}`;
  const reader = apiReader(options.url);
  const answer = await getJson({ url, secret: options.token, hasToken: true }, reader, options, tools, deadline);
  if (answer.kind === 'unknown') return answer;
  const { posts } = answer.page;
  if (!isRecord(posts)) return cannotTell('its answer is no list of posts');
  const ours = Object.values(posts).filter((post) => isRecord(post) && textIn(post['props'], 'delivery_id') === deliveryId);
  if (ours.length === 0 && Object.keys(posts).length >= MOST_POSTS)
    return cannotTell(`there are ${MOST_POSTS} posts since the attempt, and it shows no more`);
  const receipts = ours.map((post) => reader.receipt(JSON.stringify(post)));
  return receipts.includes(undefined)
    ? cannotTell('it shows the post, but not its id')
    : { kind: 'candidates', receipts: receipts.flatMap((receipt) => receipt ?? []) };
}
