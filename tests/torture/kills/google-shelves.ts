// What people of the office have before them at Google: entries of each kind as texts, in the places that the program made for them.

import { changePerson } from '../../support/google/contact-person';
import { changeOfText, textOfEvent } from '../../support/google/event-text';
import type { GoogleServer } from '../../support/google/google-server';
import { changeOfPersonText, textOfPerson } from '../../support/google/person-text';
import { changeOfTaskText, positionInText, textOfTask } from '../../support/google/task-text';
import type { Kind } from './items';

/** An entry as Google keeps it. */
export interface Shelved {
  readonly id: string;
  /** All of it, as one text. */
  readonly kept: string;
  /** As a person sees it; nothing where it was deleted. */
  readonly text: string | undefined;
  save(text: string): void;
  remove(): void;
}

/** A place for somebody's entries of a kind. */
export interface Shelf {
  readonly id: string;
  /** What Google keeps of the place itself. */
  readonly kept: string;
  entries(): readonly Shelved[];
  /** Puts a new entry there. */
  add(text: string): void;
}

/** The places of somebody with this address that the program made; nobody else makes any. */
type ShelvesOf = (server: GoogleServer, email: string) => readonly Shelf[];

/** The places of each kind: calendars, lists of tasks, groups of contacts. */
export const SHELVES: Readonly<Record<Kind, ShelvesOf>> = { event: calendarsOf, task: listsOf, contact: groupsOf };

function calendarsOf(server: GoogleServer, email: string): readonly Shelf[] {
  const own = server.calendars(email).filter(({ isPrimary }) => !isPrimary);
  return own.map(({ id, properties }) => {
    const path = `/calendar/v3/calendars/${encodeURIComponent(id)}/events`;
    return {
      ...{ id, kept: JSON.stringify(properties) },
      entries: () =>
        server.events(email, id).map((event) => ({
          ...{ id: event.id, kept: JSON.stringify(event) },
          text: event.status === 'cancelled' ? undefined : textOfEvent(event),
          save: (text) => void server.act(email, 'PATCH', `${path}/${event.id}`, changeOfText(text, event)),
          remove: () => void server.act(email, 'DELETE', `${path}/${event.id}`),
        })),
      add: (text) => {
        const iCalUID = /^UID:(.*)\r$/m.exec(text)?.[1] ?? '';
        server.act(email, 'POST', path, { ...changeOfText(text), iCalUID });
      },
    };
  });
}

/** All but the first list, which everybody has. */
function listsOf(server: GoogleServer, email: string): readonly Shelf[] {
  const [, ...own] = server.taskLists(email);
  return own.map(({ id, title }) => {
    const path = `/tasks/v1/lists/${id}/tasks`;
    return {
      ...{ id, kept: title },
      entries: () =>
        server.tasks(email, id).map((task) => ({
          ...{ id: task.id, kept: JSON.stringify(task) },
          text: task.deleted === true ? undefined : textOfTask(task),
          save: (text) => {
            server.act(email, 'PATCH', `${path}/${task.id}`, changeOfTaskText(text));
            const position = positionInText(text) ?? '';
            // Whoever ticks a task off in an app of Google's does not see it any more.
            server.alterTask(email, id, task.id, (now) => ({ ...now, position, hidden: now.status === 'completed' }));
          },
          remove: () => void server.act(email, 'DELETE', `${path}/${task.id}`),
        })),
      add: (text) => void server.act(email, 'POST', path, changeOfTaskText(text)),
    };
  });
}

/** Whoever is in no group that the program made is not seen, and so counts as missing. */
function groupsOf(server: GoogleServer, email: string): readonly Shelf[] {
  const { contacts } = server;
  return contacts.groups(email).map((group) => {
    const id = group.resourceName;
    const membership = JSON.stringify({ contactGroupMembership: { contactGroupResourceName: id } });
    const members = () =>
      contacts.people(email).filter(({ data }) => (data['memberships'] ?? []).some((one) => JSON.stringify(one) === membership));
    return {
      ...{ id, kept: JSON.stringify(group) },
      entries: () =>
        members().map((person) => ({
          ...{ id: person.name, kept: JSON.stringify(person), text: textOfPerson(person) },
          save: (text) => changePerson(server, email, person.name, (data) => changeOfPersonText(text, data)),
          remove: () => void server.act(email, 'DELETE', `/v1/${person.name}:deleteContact`),
        })),
      add: () => {
        throw new Error('nobody becomes a contact of the CRM because a card was made');
      },
    };
  });
}
