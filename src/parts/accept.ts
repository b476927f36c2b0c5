// Accepting the call of a rule: with as little of the configuration as it takes, and before anything heavy is loaded.

import { randomUUID } from 'node:crypto';
import { readArguments, readUnknownType } from '../clarify/arguments';
import type { ObjectType } from '../clarify/object-type';
import { problemsOfSiteTypes, typesOfSite } from '../clarify/site-types';
import type { Call, Kept } from '../commands/outbox/publish/keep';
import { intakeOf, type Intake } from '../config/intake';
import { signalAfter, startDeadline, type Deadline } from '../core/deadline';
import { UserError } from '../core/errors';
import type { Source } from '../core/shape';
import type { Ledger } from '../ledger/ledger';
import type { World } from '../world';
import { connectionStrings, reservedWords } from './configuration';
import { openLedger, openSpoolIn } from './databases';

/** A configuration file, as far as it could be read. */
export interface Readable {
  /** What it says. */
  readonly value: unknown;
  readonly source: Source;
  /** Whether that is all of it. Of a damaged file, nobody can be sure which ledger it means. */
  readonly isWhole: boolean;
}

/** A call that was taken up, and what is open because of it. */
export interface Accepted {
  readonly call: Call;
  readonly kept: Kept;
  readonly deadline: Deadline;
  readonly exitZeroWhenKept: boolean;
  /** The owner of the request's lease. */
  readonly owner: string;
  readonly ledger: (() => Promise<Ledger>) | undefined;
  /** Notes in the ledger why the call came to nothing, so that a rerun takes it up at once. Never rejects. */
  putBack(reason: string): Promise<void>;
  /** Lets go of everything. Never rejects and never waits. */
  close(): void;
}

/** How long putting a call back may take, in ms. */
const PUT_BACK_MS = 500;

/** Keeps a call. Throws a UserError of the kind `usage` where its words are wrong; nothing is kept then. */
export async function acceptCall(
  { words, rule, timeout }: { readonly words: readonly string[]; readonly rule: string; readonly timeout: number | undefined },
  { value, source, isWhole }: Readable,
  world: World,
): Promise<Accepted> {
  const intake = await intakeOf(value, source, isWhole, connectionStrings);
  const call: Call = { words, rule, request: requestOf(words, rule, isWhole ? typesOf(intake) : undefined) };
  const deadline = startDeadline(timeout ?? intake.deadline, () => world.uptime());
  const stopListening = world.onInterrupt(() => deadline.end());
  const settings = isWhole ? intake.ledger : undefined;
  let opened: Promise<Ledger> | undefined;
  const ledger = settings === undefined ? undefined : () => (opened ??= openLedger(settings));
  const [owner, now] = [randomUUID(), () => world.now()];
  const { keep } = await import('../commands/outbox/publish/keep');
  const spool = () => openSpoolIn(intake.spool);
  const kept = await keep(call, { ledger, spool, owner, now }, deadline);
  return {
    call,
    kept,
    deadline,
    exitZeroWhenKept: intake.exitZeroWhenKept,
    owner,
    ledger,
    putBack: async (reason) => {
      if (kept.place !== 'ledger') return;
      const signal = signalAfter(PUT_BACK_MS);
      // Where that fails, its lease runs out, and the next rerun takes it up all the same.
      await kept.ledger.settleRequest(kept.requestId, 'accepted', reason, now(), signal).catch(() => undefined);
    },
    close: () => {
      stopListening();
      deadline.end();
      opened?.then(
        (open) => open.close(),
        () => undefined,
      );
    },
  };
}

/** The object types that count; `undefined` where the site has some of its own and what it says of them is wrong. */
function typesOf({ objectTypes }: Intake): readonly ObjectType[] | undefined {
  if (objectTypes === undefined) return undefined;
  const problems: string[] = [];
  problemsOfSiteTypes(objectTypes, reservedWords(), (_, message) => problems.push(message));
  return problems.length > 0 ? undefined : typesOfSite(objectTypes);
}

/** The request; `undefined` where nobody can tell before the configuration is mended what type is meant. */
function requestOf(words: readonly string[], rule: string, types: readonly ObjectType[] | undefined): Call['request'] {
  if (types !== undefined) return readArguments(words, rule, types);
  readUnknownType(words, rule);
  return undefined;
}

/** The error that ended a call, with what it means for the call itself. */
export function withFate(error: UserError, kept: Kept): UserError {
  const fate = {
    ledger: 'the request is kept, and a rerun posts it once this is mended',
    spool: `the request is kept in the spool${kept.place === 'spool' ? ` ${kept.folder}` : ''}, and a rerun posts it once this is mended`,
    nowhere: `the request is not kept: ${kept.place === 'nowhere' ? `${kept.error.message}; ${kept.reason}` : ''}`,
  }[kept.place];
  return new UserError(error.result, error.message, [error.hint, fate].filter(Boolean).join('; '));
}
