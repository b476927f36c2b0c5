// One user's turn: look at both sides, make the plan, keep what is intended, do the steps in the CRM, then those in the groupware, and keep
// what became of each. It can be cut off anywhere: what is not kept is looked at again.

import type { CrmOutcome } from '../../../clarify/entries';
import type { Deadline } from '../../../core/deadline';
import type { Result } from '../../../core/errors';
import type { Decision } from '../../../core/sync/decide';
import { isDay, type Entry } from '../../../core/sync/entry';
import { keyText } from '../../../core/sync/entry-key';
import type { Conflict, CrmWrite, Link } from '../../../core/sync/link';
import type { Plan } from '../../../core/sync/plan';
import { asKnown } from '../../../core/sync/all-day';
import {
  afterBurnt,
  afterCrm,
  afterRefusal,
  afterRemote,
  afterTrouble,
  withSeen,
  type Answered,
} from '../../../core/sync/settle-link';
import type { There } from '../../../core/sync/sides';
import type { Collection, RemoteItem, RemoteStep, StepOutcome, Trouble } from '../../../groupware/groupware';
import type { Commit } from '../../../ledger/links';
import { inOrder, lookAhead, type Outlook, type TurnOf, type TurnParts } from './look-ahead';

/** So many steps go to the groupware at once, and what became of them into one transaction. */
const AT_ONCE = 50;

/** What was intended longer ago than this is late, in ms. */
const LATE_MS = 30_000;

/** Of so many of the newest conflicts it is known that they are kept. */
const MOST_CONFLICTS = 500;

/** How a turn ended. */
export interface TurnReport {
  readonly done: Readonly<Record<'created' | 'updated' | 'deleted' | 'written', number>>;
  /** Why not all of it could be done now; an empty text where all was. */
  readonly trouble: string;
  /** What that means for the run. */
  readonly result: Extract<Result, 'done' | 'later' | 'rejected' | 'login-refused' | 'configuration'>;
  /** How many entries were refused for good by one side, and are held now. */
  readonly refused: number;
  readonly afterMs: number;
  /** Whether the turn was taken over by somebody else. */
  readonly isLost: boolean;
  readonly outlook: Outlook | undefined;
}

/** The end of a turn that could not begin. */
export function nothingDone(trouble: string, result: TurnReport['result']): TurnReport {
  const done = { created: 0, updated: 0, deleted: 0, written: 0 };
  return { done, trouble, result, refused: 0, afterMs: 0, isLost: false, outlook: undefined };
}

/** Several turns of a user one after the other, as one: how the last one ended, and what all did. */
export function summed(reports: readonly [TurnReport, ...TurnReport[]]): TurnReport {
  const last = reports.at(-1) ?? reports[0];
  const sum = (name: keyof TurnReport['done']) => reports.reduce((before, { done }) => before + done[name], 0);
  const done = { created: sum('created'), updated: sum('updated'), deleted: sum('deleted'), written: sum('written') };
  return { ...last, done, refused: reports.reduce((before, { refused }) => before + refused, 0) };
}

/** Takes a turn that was leased. Rejects with a DatabaseError of the CRM or the ledger; what was done by then is kept. */
export async function takeTurn(turn: TurnOf, parts: TurnParts, deadline: Deadline): Promise<TurnReport> {
  const run = new Turn(turn, parts, deadline);
  return run.take();
}

/** A turn under way. */
class Turn {
  readonly #done = { created: 0, updated: 0, deleted: 0, written: 0 };
  /** The links as they are kept by now. */
  readonly #kept = new Map<string, Link>();
  /** What the CRM has since this turn wrote it. */
  readonly #written = new Map<string, Entry>();
  #refused = 0;
  #trouble: Trouble | undefined;
  #isLost = false;

  constructor(
    private readonly turn: TurnOf,
    private readonly parts: TurnParts,
    private readonly deadline: Deadline,
  ) {}

  async take(): Promise<TurnReport> {
    const outlook = await lookAhead(this.turn, this.parts, this.deadline);
    if ('reason' in outlook) return this.#report(outlook, undefined);
    for (const [id, link] of outlook.links) this.#kept.set(id, link);
    const decisions = await this.#intend(outlook);
    if (this.#goesOn()) await this.#inCrm(decisions, outlook);
    if (this.#goesOn()) await this.#inGroupware(decisions, outlook);
    return this.#report(this.#trouble, outlook);
  }

  /** Keeps what is intended, with the values that give way, and how far the listings came. Nothing is done before that. */
  async #intend(outlook: Outlook): Promise<readonly Decision[]> {
    const decisions: Decision[] = [];
    for (const decision of outlook.plan.decisions)
      decisions.push(decision.crm?.do === 'insert' ? await this.#reserved(decision) : decision);
    const at = this.parts.now();
    const links = decisions
      .map(({ link, remote }) => ({ link: remembering(link, outlook.remoteSides.get(link.id), outlook), remote }))
      // Of what is made, the moment of the try is kept as well.
      .filter(({ link, remote }) => remote?.do === 'create' || this.#isNew(link))
      .map(({ link }) => link);
    const conflicts = await this.#newConflicts(decisions, at);
    // A value may give way again though nothing else of its link is new.
    if (conflicts.length > 0) await this.#commit({ links: [], conflicts });
    for (let start = 0; this.#goesOn() && start < links.length; start += AT_ONCE) {
      const piece = links.slice(start, start + AT_ONCE);
      // Of what is private, nothing that was kept before is kept any longer.
      const emptied = piece.filter(({ id }) => outlook.remoteSides.get(id)?.kind === 'private').map(({ id }) => id);
      await this.#commit({ links: piece, emptied });
    }
    // A cursor moves when all that was listed is kept, and never before. Most are where they were.
    if (!movesCursors(outlook.plan)) return decisions;
    for (const { kind, cursor } of outlook.sights)
      if (this.#goesOn() && cursor !== undefined && cursor !== outlook.cursors.get(kind))
        await this.#commit({ links: [], cursor: { kind, cursor } });
    return decisions;
  }

  /** The values that give way, but for those that an earlier turn kept whose step came to nothing. */
  async #newConflicts(decisions: readonly Decision[], at: number): Promise<readonly Conflict[]> {
    const losing = decisions.filter(({ lost }) => lost.length > 0);
    if (losing.length === 0) return [];
    const spelled = ({ linkId, field, crmValue, remoteValue }: Omit<Conflict, 'at' | 'user' | 'winner'>) =>
      JSON.stringify([linkId, field, crmValue, remoteValue]);
    const kept = await this.parts.links.conflicts({ user: this.turn.rules.user }, MOST_CONFLICTS, this.deadline.signal);
    const known = new Set(kept.map(spelled));
    return losing
      .flatMap(({ link, lost }) => lost.map((value): Conflict => ({ ...value, linkId: link.id, user: link.user, at })))
      .filter((conflict) => !known.has(spelled(conflict)));
  }

  /** A row that is about to be made has its object id first: only so is a second try harmless. */
  async #reserved(decision: Decision): Promise<Decision> {
    const { link, crm } = decision;
    const { writer } = this.parts;
    if (crm?.do !== 'insert' || writer === undefined || (link.objid !== 0 && link.crmBase !== undefined)) return decision;
    const { entry } = crm;
    const crmBase = asKnown(writer.rendered(link.type, entry, isDay(entry.time.begin)), entry);
    const objid = link.objid === 0 ? await writer.reserve(link.type, this.deadline.signal) : link.objid;
    return { ...decision, link: { ...link, crmBase, objid } };
  }

  /** The steps in the CRM, one transaction each. */
  async #inCrm(decisions: readonly Decision[], outlook: Outlook): Promise<void> {
    for (const decision of decisions) {
      if (decision.crm === undefined || !this.#goesOn()) continue;
      const outcome = await this.#write(decision, outlook);
      if (outcome === undefined) continue;
      const link = this.#now(decision.link);
      const after = this.#afterWrite(link, decision, outcome, outlook);
      if (outcome.kind === 'done' || outcome.kind === 'deleted') this.#done.written += 1;
      await this.#commit({ links: [after], writes: writesOf(link, outcome, this.turn, this.parts.now()) });
    }
  }

  async #write({ link, crm }: Decision, outlook: Outlook): Promise<CrmOutcome | undefined> {
    const { writer, now } = this.parts;
    const { signal } = this.deadline;
    const item = outlook.crm.items.get(keyText(link));
    if (writer === undefined || crm === undefined) return undefined;
    if (crm.do === 'insert') return writer.insert(this.#now(link), link.user, crm.entry, now(), signal);
    if (item === undefined) return undefined;
    if (crm.do === 'delete') return writer.delete(item, signal);
    return writer.update(item, crm.change.entry, crm.change.fields, now(), signal);
  }

  #afterWrite(link: Link, decision: Decision, outcome: CrmOutcome, outlook: Outlook): Link {
    if (outcome.kind === 'stale') return afterTrouble(link);
    const remote = outlook.remote.get(link.id);
    if (outcome.kind === 'rejected') return this.#afterRefusal(link, outcome.reason, remote);
    const crm = outcome.kind === 'done' ? { ...outcome.item, entry: asKnown(outcome.item.entry, remote) } : undefined;
    if (crm !== undefined) this.#written.set(link.id, crm.entry);
    return remembering(afterCrm(link, decision, crm, remote), outlook.remoteSides.get(link.id), outlook);
  }

  /** The steps in the groupware, and what became of each. One without an answer may have been done: the next turn finds out. */
  async #inGroupware(decisions: readonly Decision[], outlook: Outlook): Promise<void> {
    for (const [kind, collection] of inOrder(this.turn.collections)) {
      const wanted = decisions.filter(({ link, remote }) => link.kind === kind && remote !== undefined && this.#isStill(link));
      for (let start = 0; this.#goesOn() && start < wanted.length; start += AT_ONCE) {
        const piece = wanted.slice(start, start + AT_ONCE);
        await this.#tryNow(piece, collection);
        if (!this.#goesOn()) break;
        const steps = piece.flatMap((decision) => this.#stepOf(decision, outlook));
        const outcomes = await collection.apply(steps, this.deadline);
        const links = piece.map((decision) => this.#afterStep(decision, outcomes.get(decision.link.id), outlook));
        await this.#commit({ links });
      }
    }
  }

  /** What is made settles from when it is sent, which may be long after it was intended. */
  async #tryNow(piece: readonly Decision[], { settledAfterMs }: Collection): Promise<void> {
    const making = piece.filter(({ remote }) => remote?.do === 'create').map(({ link }) => this.#now(link));
    const late = making.filter(({ changedAt }) => changedAt + LATE_MS < this.parts.now());
    if (settledAfterMs !== undefined && late.length > 0) await this.#commit({ links: late });
  }

  /** Whether a link is in the state that was decided on: its step in the CRM may have come to nothing. */
  #isStill(link: Link): boolean {
    const { state, attempts } = this.#now(link);
    return state === link.state && attempts <= link.attempts;
  }

  #stepOf({ link, remote }: Decision, { crm }: Outlook): readonly RemoteStep[] {
    const linkId = link.id;
    const id = link.remoteId === '' ? link.id : link.remoteId;
    if (remote === undefined) return [];
    if (remote.do === 'create')
      return [{ do: 'create', linkId, entry: remote.entry, url: crm.items.get(keyText(link))?.url ?? '' }];
    if (remote.do === 'delete') return [{ do: 'delete', linkId, id, version: remote.version }];
    const { entry, fields } = remote.change;
    return [{ do: 'update', linkId, id, version: remote.version, entry, fields }];
  }

  #afterStep(decision: Decision, outcome: StepOutcome | undefined, outlook: Outlook): Link {
    const link = this.#now(decision.link);
    const { remote } = decision;
    if (remote === undefined || outcome === undefined) return afterTrouble(link);
    const read = outlook.crm.items.get(keyText(link))?.entry;
    const crm = this.#written.get(link.id) ?? (read && asKnown(read, link.remoteBase));
    switch (outcome.kind) {
      case 'done':
        this.#done[remote.do === 'create' ? 'created' : 'updated'] += 1;
        return this.#afterDone(afterRemote(link, remote, crm, answered(outcome.item)), outcome.item, outlook);
      case 'deleted':
        this.#done.deleted += 1;
        return afterRemote(link, { do: 'delete', version: '' }, undefined, undefined);
      case 'burnt':
        return afterBurnt(link);
      case 'rejected':
        return this.#afterRefusal(link, outcome.reason, crm);
      // What is there will be seen by the next turn, which takes it for what was sent, and for what people made of it since.
      case 'exists':
      case 'stale':
        return afterTrouble(link);
      default:
        this.#trouble ??= outcome;
        return afterTrouble(link);
    }
  }

  /** A link after the groupware said how its item is now. */
  #afterDone(link: Link, item: RemoteItem, outlook: Outlook): Link {
    const answer = answered(item);
    return answer === undefined ? link : remembering(link, { kind: 'present', ...answer }, outlook);
  }

  #afterRefusal(link: Link, reason: string, seen: Entry | undefined): Link {
    this.#refused += 1;
    return afterRefusal(link, reason, seen);
  }

  /** A link as it is kept by now. */
  #now(link: Link): Link {
    return this.#kept.get(link.id) ?? link;
  }

  #isNew(link: Link): boolean {
    const kept = this.#kept.get(link.id);
    if (kept === undefined) return true;
    // Most parts are the very ones that were kept, and need not be spelled.
    const names = (Object.keys({ ...kept, ...link }) as (keyof Link)[]).filter((name) => name !== 'changedAt');
    return names.some((name) => kept[name] !== link[name] && JSON.stringify(kept[name]) !== JSON.stringify(link[name]));
  }

  async #commit(commit: Commit): Promise<void> {
    const now = this.parts.now();
    const links = commit.links.map((link) => ({ ...link, changedAt: now }));
    const { rules } = this.turn;
    if (!(await this.parts.links.commit(rules.user, this.parts.owner, { ...commit, links }, now, this.deadline.signal))) {
      this.#isLost = true;
      return;
    }
    for (const link of links) this.#kept.set(link.id, { ...link, revision: link.revision + 1 });
  }

  #goesOn(): boolean {
    return !this.#isLost && this.#trouble === undefined && !this.deadline.signal.aborted;
  }

  #report(trouble: Trouble | undefined, outlook: Outlook | undefined): TurnReport {
    const cut = this.deadline.signal.aborted ? 'its time was over' : '';
    return {
      done: this.#done,
      trouble: trouble?.reason ?? cut,
      result: trouble === undefined ? (cut === '' ? 'done' : 'later') : resultOf(trouble),
      refused: this.#refused,
      afterMs: trouble?.kind === 'retry' ? (trouble.afterMs ?? 0) : 0,
      isLost: this.#isLost,
      outlook,
    };
  }
}

function resultOf(trouble: Trouble): Exclude<TurnReport['result'], 'done'> {
  if (trouble.kind === 'retry') return 'later';
  return trouble.by === undefined ? 'rejected' : trouble.by === 'user' ? 'login-refused' : 'configuration';
}

/** Whether listings go on from here: not while it is doubtful whether they were true, or as long as new items have to wait. */
function movesCursors({ guarded, isAdopting }: Pick<Plan, 'guarded' | 'isAdopting'>): boolean {
  return !guarded.includes('there') && !isAdopting;
}

/** The link with what was seen of it in the groupware; not where the next listing tells everything again. */
function remembering(link: Link, there: There | undefined, { plan: made, sights }: Outlook): Link {
  const goesOn = sights.some(({ kind, cursor, isLost }) => kind === link.kind && cursor !== undefined && !isLost);
  if (!goesOn) return { ...link, pending: undefined };
  if (!movesCursors(made)) return link;
  return there === undefined ? link : withSeen(link, there);
}

function answered({ id, version, content }: RemoteItem): Answered | undefined {
  return content.kind === 'entry' ? { id, version, entry: content.entry } : undefined;
}

function writesOf({ id, user, kind }: Link, outcome: CrmOutcome, { collections }: TurnOf, at: number): readonly CrmWrite[] {
  if (outcome.kind !== 'done' && outcome.kind !== 'deleted') return [];
  const remoteUser = collections[kind]?.remoteUser ?? '';
  return outcome.writes.map((write) => ({ ...write, linkId: id, user, remoteUser, at }));
}
