// What Slack answers: the Web API says `ok` or an error in JSON, both with 200; a webhook says `ok` or an error as plain text.
// The errors: https://docs.slack.dev/reference/methods/chat.postMessage and https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks

import type { Verdict } from '../kit/answer';
import { jsonObject, textIn, type JsonObject, type JsonReader } from '../kit/json-api';

const LOGIN: Verdict = { kind: 'login-refused', words: 'it refuses the token' };
// A webhook that is gone or switched off: a new address in the configuration takes up what is kept.
const WEBHOOK: Verdict = { kind: 'login-refused', words: 'it no longer knows this webhook' };
const SLOWER: Verdict = { kind: 'retry', words: 'it asks to slow down' };
const LATER: Verdict = { kind: 'retry', words: 'it is not available' };
// Of these two Slack says that some of the operation may have succeeded before the error, so the post may be there.
const TROUBLE: Verdict = { kind: 'unknown', words: 'it has trouble of its own, and may have posted the message before' };
const REFUSED: Verdict = { kind: 'rejected', words: 'it refuses the message' };
// Whatever does not speak of the message: somebody can invite the app, unarchive the channel, lift a restriction.
const PLACE: Verdict = { kind: 'place', words: 'it does not let us post there' };
const AWAY: Verdict = { kind: 'place', words: 'the app is not in the channel; somebody has to invite it' };
const ARCHIVED: Verdict = { kind: 'place', words: 'the channel is archived' };
const NOWHERE: Verdict = { kind: 'place', words: 'it knows no such channel, or the app may not see it' };
const FORBIDDEN: Verdict = { kind: 'place', words: 'an administrator does not let us post there' };

/** What each error means. */
const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  ['invalid_auth', LOGIN],
  ['not_authed', LOGIN],
  ['token_revoked', LOGIN],
  ['token_expired', LOGIN],
  ['account_inactive', LOGIN],
  ['missing_scope', { kind: 'login-refused', words: 'the token lacks a right' }],
  ['no_service', WEBHOOK],
  ['no_active_hooks', WEBHOOK],
  ['no_team', WEBHOOK],
  ['invalid_token', WEBHOOK],
  ['ratelimited', SLOWER],
  ['rate_limited', SLOWER],
  ['message_limit_exceeded', SLOWER],
  ['service_unavailable', LATER],
  ['team_added_to_org', LATER],
  ['request_timeout', LATER],
  ['internal_error', TROUBLE],
  ['fatal_error', TROUBLE],
  ['not_in_channel', AWAY],
  ['user_not_in_channel', AWAY],
  ['is_archived', ARCHIVED],
  ['channel_is_archived', ARCHIVED],
  ['channel_not_found', NOWHERE],
  ['team_not_found', NOWHERE],
  ['user_not_found', NOWHERE],
  ['restricted_action', FORBIDDEN],
  ['restricted_action_read_only_channel', FORBIDDEN],
  ['restricted_action_thread_only_channel', FORBIDDEN],
  ['action_prohibited', FORBIDDEN],
  ['posting_to_general_channel_denied', FORBIDDEN],
  ['posting_to_channel_denied', FORBIDDEN],
  ['team_access_not_granted', FORBIDDEN],
  ['ekm_access_denied', FORBIDDEN],
  ['access_denied', FORBIDDEN],
  ['no_permission', FORBIDDEN],
  // What speaks of the message itself.
  ...(
    'msg_too_long no_text missing_text_or_fallback_or_attachments title_or_text_required too_many_attachments ' +
    'attachment_payload_limit_exceeded invalid_attachments invalid_blocks invalid_blocks_format msg_blocks_too_long block_mismatch ' +
    'markdown_text_conflict invalid_metadata_format invalid_metadata_schema metadata_too_large metadata_must_be_sent_from_app ' +
    'invalid_payload invalid_json json_not_object invalid_arguments invalid_array_arg invalid_charset'
  )
    .split(' ')
    .map((error) => [error, REFUSED] as const),
]);

const THREAD_IS_GONE = [
  'thread_not_found',
  'cannot_reply_to_message',
  'restricted_action_thread_locked',
  'restricted_action_non_threadable_channel',
];

/** Whether nobody can post under the first post of a thread any more. */
export function threadIsGone(answer: JsonObject | undefined): boolean {
  return THREAD_IS_GONE.includes(textIn(answer, 'error'));
}

/** Reads what the Web API answers. */
export const apiReader: JsonReader = {
  receipt: (body) => {
    const answer = jsonObject(body);
    if (answer?.['ok'] !== true) return undefined;
    const [channel, ts] = [textIn(answer, 'channel'), textIn(answer, 'ts')];
    return /^[A-Z0-9]{1,30}$/.test(channel) && /^\d{1,20}\.\d{1,10}$/.test(ts) ? { id: `${channel}:${ts}` } : undefined;
  },
  // A scope or a field that is wrong is named beside the error.
  errors: (body) => {
    const answer = jsonObject(body);
    const needed = textIn(answer, 'needed');
    return [textIn(answer, 'error'), needed === '' ? '' : `needs ${needed}`, ...messagesIn(answer?.['response_metadata'])];
  },
  verdict: (body) => {
    const answer = jsonObject(body);
    return answer?.['ok'] === false ? (VERDICTS.get(textIn(answer, 'error')) ?? PLACE) : undefined;
  },
  threadIsGone: (body) => threadIsGone(jsonObject(body)),
};

/** Reads what a webhook answers. */
export const webhookReader: JsonReader = {
  receipt: (body) => (body.trim() === 'ok' ? {} : undefined),
  errors: (body) => (/^\s*[\w .,:-]{1,100}\s*$/.test(body) ? [body.trim()] : []),
  verdict: (body) => VERDICTS.get(body.trim()),
};

function messagesIn(metadata: unknown): readonly string[] {
  const messages = typeof metadata === 'object' && metadata !== null && 'messages' in metadata ? metadata.messages : [];
  return Array.isArray(messages) ? messages.filter((message) => typeof message === 'string') : [];
}
