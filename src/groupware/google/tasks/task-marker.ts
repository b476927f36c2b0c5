// Our line in the notes of a task: the way back to the CRM, and the id of the link. A task has no property for either, and no id of ours. Pure.

import { webAddress } from '../../../core/web-address';

/** The line, wherever people put it. This spelling can never change. */
const MARKER = /(?:https?:\/\/\S+ )?\[crm pa[0-9a-v]{26}\]/g;

/** What notes say without such lines, and the last one of these with its mark, which is ours: people may paste that of another task. */
export interface MarkedNotes {
  readonly notes: string;
  readonly marker?: string;
  readonly mark?: string;
}

/** Takes notes apart. */
export function readNotes(text: string): MarkedNotes {
  const marker = text.match(MARKER)?.at(-1);
  if (marker === undefined) return { notes: text };
  const pieces = text.split(MARKER).map((piece) => piece.trim());
  return { notes: pieces.filter((piece) => piece !== '').join('\n\n'), marker, mark: marker.slice(-29, -1) };
}

/** The line of a link. */
export function markerOf(linkId: string, url: string): string {
  const address = webAddress(url);
  return `${address === undefined ? '' : `${address} `}[crm ${linkId}]`;
}

/** Notes with the line at their end; without one, as they are. */
export function withMarker(notes: string, marker: string | undefined): string {
  if (marker === undefined) return notes;
  return notes === '' ? marker : `${notes}\n\n${marker}`;
}
