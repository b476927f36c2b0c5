// The command `why`: the whole story of one activity, request by request and destination by destination.

import type { Request } from '../../core/activity';
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
  const { words, parts, deadline, emit } = context;
  const entry = context.config.groupware === undefined ? undefined : entryOf(words);
  const told = entry !== undefined && (await tellOfEntries(entry, context));
  if (told && !knows(words, context.readRequest)) return { result: 'done', message: '', deliveries: [], printed: true };
  const asked = await readAsked(words, entry, context);
  return withLedger(context, async (ledger): Promise<Report> => {
    const now = parts.now();
    const files = spooledFiles(parts.spools());
    const inSpool = typeof asked === 'string' ? files.find(({ id }) => id === asked) : undefined;
    if (inSpool !== undefined) return tellOfFile(inSpool, context);
    const subject = typeof asked === 'string' ? await subjectOf(asked, ledger, deadline.signal) : asked;
    const known = await read(subject, ledger, deadline.signal);
    const spooled = files.filter((file) => isAbout(subject, meaningOf(file, context.readRequest)));
    if (known.requests.length + spooled.length === 0) {
      if (told) return { result: 'done', message: '', deliveries: [], printed: true };
      throw nothingOf(subject);
    }
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
    return { result: 'done', message: '', deliveries: [], printed: true };
  });
};

/** The entry in step that is meant, if one can be: by its id, or by its row. */
function entryOf(
  words: readonly string[],
): { readonly id: string } | { readonly type: string; readonly objid: number } | undefined {
  const [first = '', second = ''] = words;
  if (words.length === 1 && isLinkId(first)) return { id: first };
  if (words.length !== 2 || !/^\d{1,10}$/.test(second)) return undefined;
  return { type: first.trim().toLowerCase().replace(/[ -]+/g, '_'), objid: Number(second) };
}

/** What is meant by words that no entry answers to: the error for others knows the kinds of entries, too. */
async function readAsked(
  words: readonly string[],
  entry: ReturnType<typeof entryOf>,
  { parts, readRequest }: Pick<Context<unknown, Pick<SyncParts, 'entryKinds'>>, 'parts' | 'readRequest'>,
): Promise<string | Subject> {
  try {
    return readSubject(words, readRequest);
  } catch (error) {
    if (!(error instanceof UserError) || entry === undefined) throw error;
    if ('id' in entry) throw new UserError('not-found', `no entry is called ${entry.id}`, LIST_ENTRIES);
    const kinds = await parts.entryKinds();
    if (kinds.includes(entry.type))
      throw new UserError('not-found', `nothing is known of the entry ${entry.type} ${entry.objid}`, LIST_ENTRIES);
    const near = nearestFew(entry.type, kinds, 2);
    if (near.length === 0) throw error;
    const [, others] = /^did you mean (.*)\?$/.exec(error.hint ?? '') ?? [];
    const known = [...near, ...(others === undefined ? [] : [others])];
    throw new UserError('usage', error.message, `did you mean ${known.join(' or ')}?`);
  }
}

const LIST_ENTRIES = 'publish-activity list --entries shows those that are kept in step';

/** Whether the words can be about an activity as well. */
function knows(words: readonly string[], readRequest: Context['readRequest']): boolean {
  try {
    readSubject(words, readRequest);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function tellOfFile(file: SpooledFile, { parts, emit }: Pick<Context, 'parts' | 'emit'>): Report {
  emit({ text: spooledStory(file, parts.now()).join('\n'), json: spooledJson(file) });
  return { result: 'done', message: '', deliveries: [], printed: true };
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

function readSubject(words: readonly string[], readRequest: Context['readRequest']): string | Subject {
  const [first] = words;
  if (first === undefined) {
    const hint = 'as in: publish-activity why Case 268435457 268435457';
    throw new UserError('usage', 'why needs the id of a delivery or a request, or <objectType> <dbId> [<activityObjid>]', hint);
  }
  // A lone word cannot be an object with its id.
  return words.length === 1 && /\d/.test(first) ? readIds(words).join() : readRequest(words, '');
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
  const words = activityObjid === 0 ? [objectType, objid] : [objectType, objid, activityObjid];
  const message = `the ledger knows nothing of it: ${objidWords({ objectType, objid, activityObjid })}`;
  return new UserError('not-found', message, `no rule has handed it over; to publish it: publish-activity ${words.join(' ')}`);
}
