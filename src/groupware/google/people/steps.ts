// Steps on the people of an address book, in the service's own batches. It makes all of a batch or nothing
// (https://developers.google.com/people/api/rest/v1/BatchUpdateContactsErrorDetails), so one that is refused is tried again in halves.

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { RemoteItem, RemoteStep, StepOutcome, Trouble } from '../../groupware';
import type { StepTo } from '../../text-item';
import { isGoogles, isMissing, isWell, refusalOf, type Answer } from '../calls/answers';
import type { Called } from '../calls/client';
import { reasonsOf } from '../calls/error-reasons';
import type { Asker } from '../places/items';
import { askPeople, foundIn, inPieces, isTrouble, listAt, type People } from './ask';
import { ONE_AT_A_TIME } from './contact-group';
import { contactSourceOf, itemOf, PERSON_QUERY } from './person';
import { newPerson, personChange, type PersonChange } from './person-body';
import { valuesOf } from './person-fields';

/** So many does a batch of a change take. */
const MOST_CHANGED = 200;

/** Does the steps. Whoever is to be changed or deleted is looked at before. */
export async function doSteps(
  asker: Asker,
  steps: readonly RemoteStep[],
  group: string,
  deadline: Deadline,
): Promise<ReadonlyMap<string, StepOutcome>> {
  const outcomes = new Map<string, StepOutcome>();
  const [changes, deletions]: [Change[], StepTo<'delete'>[]] = [[], []];
  const known = steps.filter((step) => step.do !== 'create');
  const people = await askPeople(
    asker,
    known.map(({ id }) => id),
    deadline,
  );
  for (const step of known) {
    const ready = isTrouble(people) ? people : readied(step, people);
    if (ready === undefined) continue;
    if ('kind' in ready) outcomes.set(step.linkId, ready);
    else if ('lists' in ready) changes.push(ready);
    else deletions.push(ready);
  }
  const done = await Promise.all([
    ...byMask(changes).map((each) => update(asker, each, deadline)),
    remove(asker, deletions, deadline),
    create(
      asker,
      steps.filter((step) => step.do === 'create'),
      group,
      deadline,
    ),
  ]);
  return new Map([...outcomes, ...done.flat()]);
}

/** A change: what is written, and whose version it is of. */
interface Change {
  readonly step: StepTo<'update'>;
  readonly lists: PersonChange;
  readonly metadata: object;
}

/** A step that can be made, or what becomes of it without one; nothing where nobody knows. */
function readied(step: StepTo<'update'> | StepTo<'delete'>, people: People): Change | StepTo<'delete'> | StepOutcome | undefined {
  const [there, person] = [foundIn(people, step.id), people.get(step.id)];
  if (there === undefined) return undefined;
  if (there === 'absent' || there.version !== step.version) return { kind: 'stale' };
  const [values, source] = [valuesOf(person), contactSourceOf(person)];
  if (there.content.kind !== 'entry' || values === undefined || source === undefined)
    return { kind: 'rejected', reason: `what is there is ${there.content.kind}, and no entry to be changed` };
  if (step.do === 'delete') return step;
  const lists = personChange(values, step);
  if (Object.keys(lists).length === 0) return { kind: 'done', item: there };
  return { step, lists, metadata: { sources: [source] } };
}

/** One mask counts for all of a batch: what it names is cleared in whoever says nothing of it. */
function byMask(changes: readonly Change[]): readonly (readonly Change[])[] {
  const masks = new Set(changes.map(maskOf));
  return [...masks].map((mask) => changes.filter((change) => maskOf(change) === mask));
}

function maskOf({ lists }: Change): string {
  return Object.keys(lists).sort().join();
}

type Outcomes = readonly (readonly [linkId: string, outcome: StepOutcome])[];

async function update(asker: Asker, changes: readonly Change[], deadline: Deadline): Promise<Outcomes> {
  const sent = await inPieces(changes, MOST_CHANGED, (piece) => {
    const contacts = Object.fromEntries(piece.map(({ step, lists, metadata }) => [step.id, { ...lists, metadata }]));
    const updateMask = piece[0] === undefined ? '' : maskOf(piece[0]);
    return write(asker, 'batchUpdateContacts', { contacts, updateMask, ...READ }, deadline);
  });
  return sent.flatMap(({ piece, called }) =>
    piece.flatMap(({ step: { linkId, id } }) =>
      settled(linkId, called, ({ json }) => itemIn(at(at(json, 'updateResult'), id)), { kind: 'stale' }),
    ),
  );
}

async function create(asker: Asker, steps: readonly StepTo<'create'>[], group: string, deadline: Deadline): Promise<Outcomes> {
  const sent = await inPieces(steps, MOST_CHANGED, (piece) => {
    const contacts = piece.map((step) => ({ contactPerson: newPerson(step, group) }));
    return write(asker, 'batchCreateContacts', { contacts, ...READ }, deadline);
  });
  return sent.flatMap(({ piece, called }) =>
    piece.flatMap(({ linkId }) =>
      settled(
        linkId,
        called,
        ({ json }) =>
          listAt(json, 'createdPeople')
            .map(itemIn)
            .find((item) => item?.mark === linkId),
        LATER,
      ),
    ),
  );
}

/** A deletion names no version: whoever changes a person between our look and it, is not heard. */
async function remove(asker: Asker, steps: readonly StepTo<'delete'>[], deadline: Deadline): Promise<Outcomes> {
  const sent = await inPieces(steps, MOST_CHANGED, (piece) =>
    write(asker, 'batchDeleteContacts', { resourceNames: piece.map(({ id }) => id) }, deadline),
  );
  return sent.flatMap(({ piece, called }) =>
    piece.flatMap(({ linkId }): Outcomes =>
      called.kind === 'answer' && isWell(called)
        ? [[linkId, { kind: 'deleted' }]]
        : settled(linkId, called, () => undefined, { kind: 'stale' }),
    ),
  );
}

/** What a change is answered with: whoever was changed, as asked for. */
const READ = { readMask: PERSON_QUERY.personFields, sources: [PERSON_QUERY.sources] } as const;

function write({ client, user }: Asker, method: string, json: object, deadline: Deadline): Promise<Called> {
  return client.call(user, { method: 'POST', path: `people:${method}`, json, ...ONE_AT_A_TIME }, deadline);
}

/** What became of one of several; nothing where nobody knows. `changed` is what a change meanwhile means. */
function settled(
  linkId: string,
  called: Called,
  itemOfIt: (answer: Answer) => RemoteItem | undefined,
  changed: StepOutcome,
): Outcomes {
  if (called.kind === 'unknown') return [];
  if (called.kind !== 'answer') return [[linkId, called]];
  if (!isWell(called)) return [[linkId, refused(called, changed)]];
  const item = itemOfIt(called);
  return item === undefined ? [] : [[linkId, { kind: 'done', item }]];
}

/** What is wrong with one contact: that it is too long, or not allowed. */
const OF_THE_CONTACT: readonly number[] = [400, 403, 413, 422];
const CHANGED: readonly string[] = ['failedPrecondition', 'FAILED_PRECONDITION'];
const LATER: Trouble = { kind: 'retry', reason: 'Google changes something else of these contacts' };

function refused(answer: Answer, changed: StepOutcome): StepOutcome {
  const isChanged =
    answer.status === 409 || answer.status === 412 || reasonsOf(answer.json).some((each) => CHANGED.includes(each));
  if (isChanged || isMissing(answer)) return changed;
  return OF_THE_CONTACT.includes(answer.status) && isGoogles(answer)
    ? { kind: 'rejected', reason: refusalOf(answer).reason }
    : refusalOf(answer);
}

function itemIn(response: unknown): RemoteItem | undefined {
  const item = itemOf(at(response, 'person'));
  return item === undefined || 'gone' in item ? undefined : item;
}
