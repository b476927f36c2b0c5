// What Mattermost answers: a post or `ok`, or an error as JSON with an id that stays the same in every language.
// https://developers.mattermost.com/api-documentation/ and server/channels/app/post.go of mattermost/mattermost

import type { Verdict } from '../kit/answer';
import { jsonObject, textIn, type JsonReader } from '../kit/json-api';

const THREAD_IS_GONE = ['api.post.create_post.root_id.app_error', 'api.post.create_post.channel_root_id.app_error'];

/** The errors with 400 that speak of the message itself: of a post, of a webhook's, and of JSON that cannot be read. */
const OF_THE_MESSAGE =
  /^(?:model\.(?:post|incoming_hook)\.|web\.incoming_webhook\.(?:text|parse|split_props)|api\.(?:context\.invalid_body|post\.create_post\.message))/;

/** The errors that mean something else than their status. */
const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  // 400: the webhook was deleted. A new address in the configuration takes up what is kept.
  ['web.incoming_webhook.invalid.app_error', { kind: 'login-refused', words: 'it does not know this webhook' }],
  // 500: an earlier attempt with the same pending_post_id is on its way, or was posted.
  ['api.post.deduplicate_create_post.pending', { kind: 'unknown', words: 'it is busy with the same post' }],
  ['api.post.deduplicate_create_post.failed_to_get', { kind: 'unknown', words: 'it has had the same post' }],
]);

const common: Pick<JsonReader, 'errors' | 'verdict'> = {
  errors: (body) => [textIn(jsonObject(body), 'message')],
  verdict: (body, status) => VERDICTS.get(errorId(body)) ?? placesVerdict(errorId(body), status),
};

/** Any other 400 is about what the post is for: an archived channel, a user that is gone, a setting of the server. */
function placesVerdict(id: string, status: number): Verdict | undefined {
  return status === 400 && id !== '' && !OF_THE_MESSAGE.test(id)
    ? { kind: 'place', words: 'it does not let us post there' }
    : undefined;
}

/** Reads what a webhook answers. */
export const webhookReader: JsonReader = { ...common, receipt: (body) => (body.trim() === 'ok' ? {} : undefined) };

/** Reads what the REST API of the server at an address answers. */
export function apiReader(url: string): JsonReader {
  return {
    ...common,
    receipt: (body) => {
      const id = textIn(jsonObject(body), 'id');
      // The address that the server itself leads on to the team of the post.
      return isPostId(id) ? { id, permalink: `${url}/_redirect/pl/${id}` } : undefined;
    },
    threadIsGone: (body) => THREAD_IS_GONE.includes(errorId(body)),
  };
}

/** Reads what it says about a channel; an archived one was deleted at a moment. */
export function channelReader(url: string): JsonReader {
  const reader = apiReader(url);
  const archived = { kind: 'place', words: 'the channel is archived' } as const;
  return {
    ...reader,
    verdict: (body, status) => (Number(jsonObject(body)?.['delete_at'] ?? 0) > 0 ? archived : reader.verdict?.(body, status)),
  };
}

/** Whether a text is the id of a post: 26 letters and digits. */
export function isPostId(id: string): boolean {
  return /^[a-z0-9]{26}$/.test(id);
}

/** An error has its id where a post has its own, so it is told by its status. */
function errorId(body: string): string {
  const answer = jsonObject(body);
  return typeof answer?.['status_code'] === 'number' ? textIn(answer, 'id') : '';
}
