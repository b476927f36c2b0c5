// Accepting the call of a rule: with as little of the configuration as it takes, and before anything heavy is loaded.

import { randomUUID } from 'node:crypto';
import { readUnknownType } from '../clarify/arguments';
import { readCall, type GivenCall, type Known } from '../clarify/calls';
import { problemsOfSiteTypes, typesOfSite } from '../clarify/site-types';
import type { Call, Kept } from '../commands/outbox/publish/keep';
import { FATES } from '../commands/outbox/publish/spooled';
import { intakeOf, type Intake } from '../config/intake';
import { signalAfter, startDeadline, type Deadline } from '../core/deadline';
import { UserError } from '../core/errors';
import type { Source } from '../core/shape';
import type { Ledger } from '../ledger/ledger';
import type { World } from '../world';
import { reservedWords } from './configuration';
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
  given: GivenCall,
  timeout: number | undefined,
  { value, source, isWhole }: Readable,
  world: World,
): Promise<Accepted> {
  const intake = intakeOf(value, source, isWhole);
  const call: Call = { ...given, request: await requestOf(given, isWhole ? knownOf(given, intake) : undefined) };
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

/** What the words of a call can mean; `undefined` where the site has types or kinds of its own and what it says of them is wrong. */
function knownOf({ command }: GivenCall, { objectTypes, kinds }: Intake): Known | undefined {
  if (command === 'sync') return kinds === undefined ? undefined : { types: [], kinds };
  if (objectTypes === undefined) return undefined;
  const problems: string[] = [];
  problemsOfSiteTypes(objectTypes, reservedWords(), (_, message) => problems.push(message));
  return problems.length > 0 ? undefined : { types: typesOfSite(objectTypes), kinds: {} };
}

/** The request; `undefined` where nobody can tell before the configuration is mended what type is meant. */
async function requestOf(given: GivenCall, known: Known | undefined): Promise<Call['request']> {
  if (known !== undefined) return readCall(given, known);
  readUnknownType(given.words, given.rule);
  return undefined;
}

/** The error that ended a call, with what it means for the call itself. */
export function withFate(error: UserError, { command }: GivenCall, kept: Kept): UserError {
  const { by, does } = FATES[command];
  const later = `and a ${by} ${does} once this is mended`;
  const fate = {
    ledger: `the request is kept, ${later}`,
    spool: `the request is kept in the spool${kept.place === 'spool' ? ` ${kept.folder}` : ''}, ${later}`,
    nowhere: `the request is not kept: ${kept.place === 'nowhere' ? `${kept.error.message}; ${kept.reason}` : ''}`,
  }[kept.place];
  return new UserError(error.result, error.message, [error.hint, fate].filter(Boolean).join('; '));
}
