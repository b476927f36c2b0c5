// Who works in the office of the kill campaign, and in which zone.

/** Those who work here; each has a schedule in the sample CRM. */
export const USERS = ['agent1', 'agent2', 'dkeller', 'pmorales'] as const;
/** A zone whose clocks are never set, so that each wall clock is a moment of its own. */
export const ZONE = 'Asia/Kathmandu';
