// From requests of any object types to what the CRM has about them.

import type { Request } from '../core/activity';
import type { Deadline } from '../core/deadline';
import { wallClockAt } from '../core/wall-clock';
import type { ActivityReader, Reading, Window } from './activity-reader';
import type { ObjectType } from './object-type';
import { objectTypeNamed } from './object-types/index';

/** Reads requests. Both reject with a DatabaseError. */
export interface RequestReader {
  /** Reads the activity of a request; without one, the newest around `acceptedAt`, the moment (ms since 1970 UTC) that the rule fired at. */
  read(request: Request, acceptedAt: number, deadline: Deadline): Promise<Reading>;
  /** Reads the activities of requests that name theirs, in one round trip for each object type. Nothing is waited for. */
  readMany(requests: readonly Request[], deadline: Deadline): Promise<readonly Reading[]>;
}

/** A request without an activity is about the newest one of this time before it was accepted, in ms; or after, as clocks differ. */
const RECENT_MS = 10 * 60_000;
/** For a request that names its activity. */
const NO_WINDOW: Window = { since: '', until: '' };
/** What a reading is that never came back; nothing asks for it. */
const NOT_READ: Reading = { kind: 'absent', reason: 'it was not read' };

/** The reader of a site with these object types, whose server keeps the time of `timeZone` (an IANA name). */
export function openRequestReader(reader: ActivityReader, types: readonly ObjectType[], timeZone: string): RequestReader {
  return {
    read: (request, acceptedAt, deadline) => {
      const window = request.activityObjid === undefined ? recentWindow(acceptedAt, timeZone) : NO_WINDOW;
      return reader.read(objectTypeNamed(request.objectType, types), request, window, deadline);
    },
    readMany: async (requests, deadline) => {
      const readings = new Map<Request, Reading>();
      for (const type of types) {
        const own = requests.filter(({ objectType }) => objectType === type.name);
        if (own.length === 0) continue;
        const found = await reader.readMany(type, own, deadline.signal);
        for (const [index, request] of own.entries()) readings.set(request, found[index] ?? NOT_READ);
      }
      return requests.map((request) => readings.get(request) ?? NOT_READ);
    },
  };
}

function recentWindow(acceptedAt: number, timeZone: string): Window {
  return { since: wallClockAt(acceptedAt - RECENT_MS, timeZone), until: wallClockAt(acceptedAt + RECENT_MS, timeZone) };
}
