// The row of the CRM that an entry comes from.

/** The kind of entry (`appointment`), and the objid of its row. */
export interface EntryKey {
  readonly type: string;
  readonly objid: number;
}

/** A key as a text. */
export function keyText({ type, objid }: EntryKey): string {
  return `${type}:${objid}`;
}
