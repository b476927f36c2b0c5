// What the tests of a ledger hold in their hands: the ledger of the test that is running, and the steps that most of them take.

import { setMaxListeners } from 'node:events';
import type { Request } from '../../../src/core/activity';
import type {
  DeliveryDraft,
  DeliveryState,
  KeptDelivery,
  KeptRequest,
  Lease,
  Ledger,
  Settlement,
} from '../../../src/ledger/ledger';
import { leaseOf, NOW } from '../../support/ledger';

/** A ledger of its own for one test. */
export interface LedgerSetup {
  readonly ledger: Ledger;
  /** A second handle on the same store, as another process has. */
  another(): Promise<Ledger>;
  close(): Promise<void>;
}

export const WINDOW_MS = 600_000;
export const NEVER = new AbortController().signal;
// Every call that waits listens to it.
setMaxListeners(0, NEVER);

/** What the ledger of the running test is asked for. */
export interface LedgerHands {
  ledger(): Ledger;
  another(): Promise<Ledger>;
  accept(request: Request, lease?: Lease): Promise<string>;
  requestNow(id: string): Promise<KeptRequest>;
  deliveryNow(id: string): Promise<KeptDelivery>;
  finish(id: string, settlement: Partial<Settlement>, owner?: string): Promise<boolean>;
  /** Accepts the request of a draft and claims it. */
  claim(drafted: DeliveryDraft, lease?: Lease, by?: Ledger): Promise<KeptDelivery>;
  /** Claims a delivery and brings it into a state. */
  inState(drafted: DeliveryDraft, state: DeliveryState, settlement?: Partial<Settlement>): Promise<KeptDelivery>;
}

/** The end of an attempt: due again at once, unless something else is said. */
export function settle(settlement: Partial<Settlement>): Settlement {
  return { state: 'due', now: NOW, dueAt: NOW, reason: '', ...settlement };
}

/** Gives each test of a `describe` a ledger of its own. */
export function takeInHand(open: () => Promise<LedgerSetup>): LedgerHands {
  let setup: LedgerSetup;
  beforeEach(async () => {
    setup = await open();
  });
  afterEach(() => setup.close());

  const ledger = () => setup.ledger;
  const requestNow = async (id: string) => (await ledger().requests({ ids: [id] }, 1, NEVER))[0] as KeptRequest;
  const deliveryNow = async (id: string) => (await ledger().deliveries({ ids: [id] }, 1, NEVER))[0] as KeptDelivery;
  const finish: LedgerHands['finish'] = (id, settlement, owner = 'run') => ledger().finish(id, owner, settle(settlement), NEVER);
  const claim: LedgerHands['claim'] = async (drafted, lease = leaseOf('run'), by = ledger()) => {
    const { objectType, objid, activityObjid, rule } = drafted;
    const request = { objectType, objid, rule, ...(activityObjid === 0 ? {} : { activityObjid }) };
    const id = await by.accept(request, lease, NEVER);
    return (await by.claim(id, [drafted], lease, WINDOW_MS, NEVER))[0] as KeptDelivery;
  };
  const inState: LedgerHands['inState'] = async (drafted, state, settlement = {}) => {
    await claim(drafted);
    if (state !== 'sending') await finish(drafted.id, { ...settlement, state });
    return deliveryNow(drafted.id);
  };
  return {
    ledger,
    another: () => setup.another(),
    accept: (request, lease = leaseOf('run')) => ledger().accept(request, lease, NEVER),
    requestNow,
    deliveryNow,
    finish,
    claim,
    inState,
  };
}
