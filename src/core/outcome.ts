// What became of one attempt to deliver one message. Values, not exceptions: a thrown error here is always a bug.

/** What a destination gave back for a delivered message. */
export interface Receipt {
  /** The destination's own id of the post. */
  readonly id?: string;
  /** Where people can see the post: an address, or the path of a file. */
  readonly permalink?: string;
}

/**
 * The outcome of one attempt.
 * - `delivered`: the destination has it; `reason` is what went wrong all the same, such as one of several recipients that was refused.
 * - `retry`: it certainly did not arrive, and a later attempt may succeed; `afterMs` is the wait that the destination asked for.
 *   `needsRepair` says that somebody has to mend the place, or what we know of it, before that: nothing is wrong with the message.
 * - `rejected`: the destination refuses this message for good, or, where it refuses the login, will not talk to us until somebody
 *   changes that.
 * - `unknown`: the request went out and no usable answer came back, so the post may or may not be there.
 */
export type Outcome =
  | { readonly kind: 'delivered'; readonly receipt: Receipt; readonly reason?: string }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number; readonly needsRepair?: true }
  | { readonly kind: 'rejected'; readonly reason: string; readonly loginRefused?: boolean }
  | { readonly kind: 'unknown'; readonly reason: string };
