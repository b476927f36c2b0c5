// The command `why`: the whole story of one activity, request by request and destination by destination.

import type { Request } from '../../core/activity';
import { kindOfSync } from '../../core/call';
import { UserError } from '../../core/errors';
import { nearestFew } from '../../core/nearest';
import type { Report } from '../../core/report';
import { visible } from '../../core/visible';
import type { KeptDelivery, KeptRequest, Ledger } from '../../ledger/ledger';
import type { CommandFunction, Context } from '../command';
import { tellOfEntries } from '../groupware/entries';
import { isLinkId } from '../groupware/entry-words';
import type { SyncParts } from '../groupware/sync/parts';
import type { PublishParts } from '../outbox/publish/parts';
import { allDeliveries, allRequests, gather, readIds, unknownId, withLedger } from './ledger-access';
import { deliveryJson, objidWords, requestJson, titleWords } from './ledger-words';
import { meaningOf, spooledFiles, spooledJson, type SpooledFile } from './spool-view';
import { deliveryStory, requestStory, spooledStory } from './story';

/** Tells the story of `<id>` or `<objectType> <dbId> [<activityObjid>]`; without an activity, of all that is known of the object. */
export const why: CommandFunction<never, PublishParts & SyncParts> = async (context) => {
  const { words, parts, deadline } = context;
  const entry = context.config.groupware === undefined ? undefined : entryOf(words);
  const told = entry !== undefined && (await tellOfEntries(entry, context));
  const asked = await askedFor(words, told, context).catch(async (error: unknown) => {
    throw error instanceof UserError && entry !== undefined ? await withKinds(error, entry, parts) : error;
  });
  if (asked === undefined) return TOLD;
  return withLedger(context, async (ledger): Promise<Report> => {
    const files = spooledFiles(parts.spools());
    const inSpool = typeof asked === 'string' ? files.find(({ id }) => id === asked) : undefined;
    if (inSpool !== undefined) return tellOfFile(inSpool, context);
    const subjects = typeof asked === 'string' ? [await subjectOf(asked, ledger, deadline.signal)] : asked;
    let isTold = told;
    for (const subject of subjects) if (await tellOf(subject, files, ledger, context)) isTold = true;
    const [first] = subjects;
    if (!isTold && first !== undefined) throw nothingOf(first);
    return TOLD;
  });
};

const TOLD: Report = { result: 'done', message: '', deliveries: [], printed: true };

/** Tells all that is known of a subject; false where that is nothing. */
async function tellOf(subject: Subject, files: readonly SpooledFile[], ledger: Ledger, context: Context): Promise<boolean> {
  const { parts, deadline, emit, readCall } = context;
  const now = parts.now();
  const known = await read(subject, ledger, deadline.signal);
  const meanings = await Promise.all(files.map((file) => meaningOf(file, readCall)));
  const spooled = files.filter((_, index) => isAbout(subject, meanings[index]));
  if (known.requests.length + spooled.length === 0) return false;
  const { objectType, objid, activityObjid = null } = subject;
  emit({
    text: [...(await tell(known, ledger, context)), ...spooled.map((file) => spooledStory(file, now))]
      .map((lines) => lines.join('\n'))
      .join('\n\n'),
    json: {
      format: 1,
      objectType,
      objid,
      activityObjid,
      requests: known.requests.map(requestJson),
      deliveries: known.deliveries.map((delivery) => deliveryJson(delivery, now)),
      spooled: spooled.map(spooledJson),
    },
  });
  return true;
}

/** The entry in step that is meant, if one can be: by its id, or by its row. */
function entryOf(
  words: readonly string[],
): { readonly id: string } | { readonly type: string; readonly objid: number } | undefined {
  const [first = '', second = ''] = words;
  if (words.length === 1 && isLinkId(first)) return { id: first };
  if (words.length !== 2 || !/^\d{1,10}$/.test(second)) return undefined;
  return { type: first.trim().toLowerCase().replace(/[ -]+/g, '_'), objid: Number(second) };
}

/**
 * What the words can be about beside entries: an id, or an activity and the calls about a row, whose types may have one name. `undefined`
 * where they are about entries alone, which were told.
 */
async function askedFor(
  words: readonly string[],
  told: boolean,
  { readCall }: Pick<Context, 'readCall'>,
): Promise<string | readonly Subject[] | undefined> {
  const [first] = words;
  if (first === undefined) {
    const hint = 'as in: publish-activity why Case 268435457 268435457';
    throw new UserError('usage', 'why needs the id of a delivery or a request, or <objectType> <dbId> [<activityObjid>]', hint);
  }
  try {
    // A lone word cannot be an object with its id.
    if (words.length === 1 && /\d/.test(first)) return readIds(words).join();
    const call = await readCall({ command: 'sync', words, rule: '' }).catch(unlessUsers);
    const request = await readCall({ command: 'publish', words, rule: '' }).catch((error: unknown) => {
      if (call === undefined) throw error;
      return unlessUsers(error);
    });
    const ofCall = call === undefined ? [] : [{ objectType: call.objectType, objid: call.objid }];
    return request === undefined ? ofCall : [request, ...ofCall];
  } catch (error) {
    if (told) return unlessUsers(error);
    throw error;
  }
}

/** What is wrong with words that could be about an entry: the kinds of entries are near as well. */
async function withKinds(
  error: UserError,
  entry: NonNullable<ReturnType<typeof entryOf>>,
  parts: Pick<SyncParts, 'entryKinds'>,
): Promise<UserError> {
  if ('id' in entry) return new UserError('not-found', `no entry is called ${entry.id}`, LIST_ENTRIES);
  const near = nearestFew(entry.type, await parts.entryKinds(), 2);
  if (near.length === 0) return error;
  const [, others] = /^did you mean (.*)\?$/.exec(error.hint ?? '') ?? [];
  const known = [...near, ...(others === undefined ? [] : [others])];
  return new UserError('usage', error.message, `did you mean ${known.join(' or ')}?`);
}

const LIST_ENTRIES = 'publish-activity list --entries shows those that are kept in step';

function unlessUsers(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
  return undefined;
}

function tellOfFile(file: SpooledFile, { parts, emit }: Pick<Context, 'parts' | 'emit'>): Report {
  emit({ text: spooledStory(file, parts.now()).join('\n'), json: spooledJson(file) });
  return TOLD;
}

function isAbout({ objectType, objid, activityObjid, requestId }: Subject, request: Request | undefined): boolean {
  if (requestId !== undefined || request?.objectType !== objectType || request.objid !== objid) return false;
  return activityObjid === undefined || request.activityObjid === activityObjid;
}

/** What the story is about. */
interface Subject {
  readonly objectType: string;
  readonly objid: number;
  /** Left out for everything about the object. */
  readonly activityObjid?: number;
  /** Set where there is no activity to tell one story of the object from another. */
  readonly requestId?: string;
}

interface Known {
  /** Both in the order of acceptance; every delivery has its request. */
  readonly requests: readonly KeptRequest[];
  readonly deliveries: readonly KeptDelivery[];
}

async function subjectOf(id: string, ledger: Ledger, signal: AbortSignal): Promise<Subject> {
  const [delivery] = await ledger.deliveries({ ids: [id] }, 1, signal);
  const [kept] = delivery === undefined ? await ledger.requests({ ids: [id] }, 1, signal) : [];
  const about = delivery ?? kept?.request;
  if (about === undefined) throw unknownId(id);
  const { objectType, objid, activityObjid = 0 } = about;
  return activityObjid === 0 ? { objectType, objid, requestId: delivery?.requestId ?? id } : { objectType, objid, activityObjid };
}

async function read(subject: Subject, ledger: Ledger, signal: AbortSignal): Promise<Known> {
  const { objectType, objid, activityObjid, requestId } = subject;
  const activity = activityObjid === undefined ? {} : { activityObjid };
  const ofObject = await gather(allRequests(ledger, { objectType, objid }, signal));
  const asked = ofObject.filter(({ request }) => activityObjid === undefined || request.activityObjid === activityObjid);
  let deliveries = await gather(allDeliveries(ledger, { objectType, objid, ...activity }, signal));
  if (deliveries.length === 0 && activityObjid !== undefined && asked.some(({ state }) => state === 'composed')) {
    // An activity that two objects share (the parent and the child of a subcase) is kept under one of them.
    deliveries = await gather(allDeliveries(ledger, { activityObjid }, signal));
  }
  if (requestId !== undefined) deliveries = deliveries.filter((delivery) => delivery.requestId === requestId);
  const there = new Set(asked.map(({ id }) => id));
  const missing = [...new Set(deliveries.map((delivery) => delivery.requestId))].filter((id) => !there.has(id));
  const others = missing.length === 0 ? [] : await gather(allRequests(ledger, { ids: missing }, signal));
  const requests = [...asked, ...others].sort((a, b) => a.acceptedAt - b.acceptedAt);
  return { requests: requests.filter(({ id }) => requestId === undefined || id === requestId), deliveries };
}

/** The story in blocks of lines: each request, followed by its deliveries. */
async function tell(
  { requests, deliveries }: Known,
  ledger: Ledger,
  { parts, config, deadline }: Context,
): Promise<readonly (readonly string[])[]> {
  const now = parts.now();
  const blocks: (readonly string[])[] = [];
  for (const request of requests) {
    const own = deliveries.filter(({ requestId }) => requestId === request.id);
    blocks.push([...requestStory(request, now), ...messageLines(request, own)]);
    for (const delivery of own) {
      const configured = Object.hasOwn(config.destinations, delivery.destination);
      const waitsFor = delivery.state === 'due' ? await blockerOf(delivery, ledger, deadline.signal) : '';
      blocks.push(deliveryStory(delivery, { now, configured, waitsFor }));
    }
  }
  return blocks;
}

function messageLines({ state }: KeptRequest, own: readonly KeptDelivery[]): readonly string[] {
  if (state === 'composed' && own.length === 0)
    return ['  an earlier request had brought the same into the ledger; nothing was added'];
  const message = own.find((delivery) => delivery.message !== undefined)?.message;
  if (message === undefined) return [];
  return [
    `  ${message.objectType} ${visible(message.id)}: ${titleWords(message.title)}${message.url === '' ? '' : `, ${visible(message.url)}`}`,
  ];
}

/** What has to reach the destination before this delivery (see Ledger.begin), in words; an empty text where there is nothing. */
async function blockerOf(delivery: KeptDelivery, ledger: Ledger, signal: AbortSignal): Promise<string> {
  const { objectType, objid, activityObjid, destination, order } = delivery;
  const open = await gather(
    allDeliveries(ledger, { objectType, objid, destination, states: ['due', 'sending', 'in-doubt'] }, signal),
  );
  const earlier = open.find((other) => other.order < order);
  if (earlier !== undefined) return `delivery ${earlier.id}, an earlier one about the same ${objectType}`;
  const waiting = await gather(allRequests(ledger, { objectType, objid, states: ['accepted'] }, signal));
  const before = waiting.find(({ request }) => request.activityObjid !== undefined && request.activityObjid < activityObjid);
  return before === undefined ? '' : `request ${before.id}, an earlier one about the same ${objectType}`;
}

function nothingOf({ objectType, objid, activityObjid = 0 }: Subject): UserError {
  const message = `the ledger knows nothing of it: ${objidWords({ objectType, objid, activityObjid })}`;
  const kind = kindOfSync(objectType);
  const words = kind === undefined ? [objectType, objid, ...(activityObjid === 0 ? [] : [activityObjid])] : ['sync', kind, objid];
  const what = kind === undefined ? 'publish it' : 'bring it into step';
  return new UserError('not-found', message, `no rule has handed it over; to ${what}: publish-activity ${words.join(' ')}`);
}
