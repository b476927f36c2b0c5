// The lease of whoever works on something in the ledger.

/** By how much a lease is longer than the work that it covers, in ms. */
export const LEASE_SLACK_MS = 5_000;
