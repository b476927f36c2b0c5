// The command `export`: everything that the ledger holds about a person, with all texts.

import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import { visible } from '../../core/visible';
import type { KeptDelivery } from '../../ledger/ledger';
import type { CommandFunction, Context, Datum } from '../command';
import { withLedger } from '../looking/ledger-access';
import { counted, deliveryJson, objectWords, stateOf, stateWords } from '../looking/ledger-words';
import type { PublishParts } from '../outbox/publish/parts';
import { consentDatum } from './consent-list';
import { readConsents } from './consent-standing';
import { heldDatum } from './entry-words';
import { deliveriesOf, entriesOf, personWords, readPerson, type Mention, type Person } from './person';
import { readStanding, userJson, userLine } from './standing';
import type { SyncParts } from './sync/parts';

type ExportContext = Context<unknown, PublishParts & SyncParts>;

/**
 * Prints what is known of `<login>` or `<objectType> <dbId>`: the grant, the consent without its tokens, entries
 * with their conflicts and writes, and deliveries.
 */
export const exportPerson: CommandFunction<never, PublishParts & SyncParts> = async (context) => {
  const person = readPerson(context.words, context.readRequest);
  return withLedger(context, async (ledger): Promise<Report> => {
    const { parts, deadline, emit } = context;
    let count = 0;
    for await (const datum of keptInStep(person, context)) {
      if (deadline.signal.aborted) throw cutShort(count);
      emit(datum);
      count += 1;
    }
    for await (const { kept, as } of deliveriesOf(person, ledger, deadline.signal)) {
      if (deadline.signal.aborted) throw cutShort(count);
      emit(deliveryDatum(kept, as, parts.now()));
      count += 1;
    }
    const message = count === 0 ? `the ledger holds nothing about ${personWords(person)}` : '';
    return { result: 'done', message, deliveries: [], printed: true };
  });
};

/** What is known of keeping in step. */
async function* keptInStep(person: Person, { config, parts, deadline }: ExportContext): AsyncGenerator<Datum> {
  const { signal } = deadline;
  const links = await parts.links(true);
  const users = 'login' in person ? (await readStanding(links, signal)).users : [];
  for (const standing of users.filter(({ grant }) => 'login' in person && grant.user === person.login))
    yield {
      text: userLine(standing, parts.now()),
      json: { format: 1, kind: 'grant', ...userJson(standing) },
    };
  if ('login' in person) yield* consentOf(person.login, { config, parts }, signal);
  for await (const held of entriesOf(person, links, signal)) yield heldDatum(held, parts.now());
}

/** What a user agreed to. Without a groupware nobody knows how to read it. */
async function* consentOf(
  login: string,
  { config, parts }: Pick<ExportContext, 'config' | 'parts'>,
  signal: AbortSignal,
): AsyncGenerator<Datum> {
  if (config.groupware === undefined) return;
  const all = await readConsents(await parts.consenting(true), [], signal);
  for (const consent of all.filter(({ user }) => user === login)) yield consentDatum(consent, parts.now());
}

const AS: Readonly<Record<Mention, string>> = {
  actor: 'as who did it',
  text: 'in its text',
  object: 'as what it is about',
};

function deliveryDatum(kept: KeptDelivery, as: Mention, now: number): Datum {
  const { id, destination, message } = kept;
  const lines = [
    `delivery ${id} to ${visible(destination)}: ${stateWords(stateOf(kept, now))}, ${objectWords(kept)}`,
    `  tells of the person ${AS[as]}`,
    ...(message === undefined
      ? ['  its message was forgotten']
      : [
          `  by ${visible([message.actor, message.actorLogin, message.actorEmail].filter((word) => word !== '').join(', '))}`,
          `  "${visible(message.title)}"`,
          ...(message.body === '' ? [] : [`  "${visible(message.body)}"`]),
          ...message.fields.map(({ label, value }) => `  ${visible(label)}: "${visible(value)}"`),
        ]),
  ];
  return { text: lines.join('\n'), json: { format: 1, ...deliveryJson(kept, now), message: message ?? null, as } };
}

function cutShort(count: number): UserError {
  const message = `this is not all: the time was up after ${counted(count, 'item', 'items')}`;
  return new UserError('later', message, 'give it more time with --timeout');
}
