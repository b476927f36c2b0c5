// A workflow of Teams on loopback, as its documentation has it: whoever knows the address may post, and the answer is 202 before
// anything happens. What is wrong with a card shows in the run only, which here is read by Microsoft's own parser.

import { startJsonServer, type JsonAnswer, type JsonRequest, type JsonServer } from './json-server';

// The package's own entry is an ES module that Node cannot load; the other one, for browsers, needs nothing of a browser to parse.
const { AdaptiveCard, SerializationContext } = jest.requireActual<typeof import('adaptivecards')>(
  'adaptivecards/dist/adaptivecards',
);

/** A running workflow. */
export interface TeamsServer extends JsonServer {
  /** The address that is its own login. */
  readonly webhookUrl: string;
  /** The cards in the channel. */
  readonly cards: readonly Card[];
  /** Why runs failed of which the caller never hears. */
  readonly failedRuns: readonly string[];
}

/** A card as it was posted. */
export type Card = Readonly<Record<string, unknown>>;

export const WORKFLOW_ID = '0f3c9d2e7b6a45819c1d2e3f4a5b6c7d';
export const SIGNATURE = 'Qm9v-UbLxT3k_yE0WcVsd9Ze2hNf7gJpR1aXoM5iKtY';
const PATH = `/workflows/${WORKFLOW_ID}/triggers/manual/paths/invoke`;
const QUERY = `api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${SIGNATURE}`;
/** The documented 28 KB, read strictly. */
const MOST_BYTES = 28_000;

/** Starts a workflow on loopback. */
export async function startTeams(): Promise<TeamsServer> {
  const cards: Card[] = [];
  const failedRuns: string[] = [];
  const accept = (request: JsonRequest): JsonAnswer => {
    if (request.path !== PATH || request.query.toString() !== new URLSearchParams(QUERY).toString())
      return refusal(401, 'DirectApiAuthorizationRequired', 'The request must be authenticated by the signature in its address.');
    if (request.method !== 'POST') return refusal(404, 'NotFound', 'No such trigger.');
    if (Buffer.byteLength(request.body) > MOST_BYTES) return refusal(413, 'RequestEntityTooLarge', 'Request entity too large');
    if (!/^application\/json(; *charset=utf-8)?$/i.test(request.headers['content-type'] ?? ''))
      return refusal(400, 'TriggerInputSchemaMismatch', 'The input body is expected to be JSON.');
    const problems = problemsOf(request.body);
    if (problems.length > 0) failedRuns.push(problems.join('; '));
    else cards.push(cardIn(request.body));
    return { status: 202 };
  };
  const server = await startJsonServer(accept);
  return { ...server, webhookUrl: `${server.url}${PATH}?${QUERY}`, cards, failedRuns };
}

function refusal(status: number, code: string, message: string): JsonAnswer {
  return { status, body: { error: { code, message } } };
}

interface Envelope {
  readonly type?: unknown;
  readonly attachments?: readonly { readonly contentType?: unknown; readonly contentUrl?: unknown; readonly content: Card }[];
}

function cardIn(body: string): Card {
  return (JSON.parse(body) as Envelope).attachments?.[0]?.content ?? {};
}

function problemsOf(body: string): string[] {
  let message: Envelope;
  try {
    message = JSON.parse(body) as Envelope;
  } catch {
    return ['no JSON'];
  }
  const [attachment, ...more] = message.attachments ?? [];
  if (message.type !== 'message' || attachment === undefined) return ["foreach: attachments is 'Null'"];
  if (more.length > 0) return ['more than one attachment'];
  if (attachment.contentType !== 'application/vnd.microsoft.card.adaptive' || attachment.contentUrl !== null) return ['no card'];
  return [...problemsOfCard(attachment.content), ...problemsOfMentions(attachment.content)];
}

/** What Microsoft's parser says about a card, and what it does not know and so leaves out. */
export function problemsOfCard(content: Card): string[] {
  const card = new AdaptiveCard();
  const context = new SerializationContext();
  card.parse(content, context);
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  const { msteams, ...standard } = content;
  const understood = card.toJSON() as Card;
  const lost = JSON.stringify(sorted(understood)) === JSON.stringify(sorted(standard)) ? [] : ['not all of it is understood'];
  const known = Object.keys(msteams ?? {}).every((key) => ['width', 'entities'].includes(key));
  return [
    ...events,
    ...card.validateProperties().validationEvents.map(({ message }) => message),
    ...lost,
    ...(known ? [] : ['msteams holds an unknown key']),
  ];
}

/** A mention needs its text in the card, and a text that looks like one needs its mention: Teams refuses the card otherwise. */
function problemsOfMentions(content: Card): string[] {
  const { entities = [] } = (content['msteams'] ?? {}) as {
    entities?: { text: string; mentioned: { id: string; name: string } }[];
  };
  const shown = JSON.stringify(content['body']);
  const tags = shown.match(/<\/?at>/gi)?.length ?? 0;
  const texts: readonly string[] = shown.match(/<at>[^<>]*<\/at>/g) ?? [];
  const right = entities.every(({ text, mentioned }) => text === `<at>${mentioned.name}</at>` && texts.includes(text));
  return right && texts.length === entities.length && tags === 2 * entities.length ? [] : ['a mention does not match its entity'];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
