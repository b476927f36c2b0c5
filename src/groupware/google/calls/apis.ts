// Google's three services: where each is, where its batches go, and what it lets a project do.

import type { EntryKind } from '../../../core/sync/entry';
import type { Quotas } from './budget';

/** One service. */
export interface GoogleApi {
  /** Where it is, without a slash at the end. */
  readonly root: string;
  /** How the path of each of its calls begins. */
  readonly prefix: string;
  /** The path that takes its batches; a batch holds calls of one service only. */
  readonly batch: string;
  /** What is published of its limits. */
  readonly quotas: Quotas;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * Addresses: `rootUrl`, `servicePath` and `batchPath` of the discovery documents (https://www.googleapis.com/discovery/v1/apis). Quotas of
 * Calendar: https://developers.google.com/workspace/calendar/api/guides/quota, of Tasks: https://developers.google.com/workspace/tasks/limits.
 * Those of People stand in a project's console only.
 */
export const GOOGLE_APIS = {
  calendar: {
    root: 'https://www.googleapis.com',
    prefix: '/calendar/v3/',
    batch: '/batch/calendar/v3',
    quotas: {
      project: [
        { most: 10_000, perMs: MINUTE },
        { most: 1_000_000, perMs: DAY },
      ],
      user: [{ most: 600, perMs: MINUTE }],
    },
  },
  tasks: {
    root: 'https://tasks.googleapis.com',
    prefix: '/tasks/v1/',
    batch: '/batch',
    quotas: { project: [{ most: 50_000, perMs: DAY }], user: [] },
  },
  people: {
    root: 'https://people.googleapis.com',
    prefix: '/v1/',
    batch: '/batch',
    quotas: { project: [], user: [] },
  },
} as const satisfies Record<string, GoogleApi>;

/** A service by its name. */
export type ServiceName = keyof typeof GOOGLE_APIS;

/** The service that holds entries of a kind. */
export const SERVICES = { event: 'calendar', task: 'tasks', contact: 'people' } as const satisfies Record<EntryKind, ServiceName>;
