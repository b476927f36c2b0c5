// The check of the spool: whether a call that the ledger cannot take has a place to wait, and whether somebody works off what waits.

import { spoolNotes, readSpools } from '../../looking/spool-view';
import { fail, ok, toBeWritable, warn, type Finding, type Look } from './check';

/** What waits for longer than this, in ms, nobody takes in: a rerun does every few minutes. */
const LONG_MS = 3_600_000;

/** Tries whether a file can be made there, and tells what is there. */
export const spool: Look = async (site) => {
  const { spool: folder } = await site.config();
  const now = site.world.now();
  const why = site.files.whyNotWritable(folder, 'folder');
  const found = readSpools(await site.spools()).flatMap((status): readonly Finding[] => {
    if (why !== undefined && status.folder === folder && status.trouble !== '') return [];
    const [note] = spoolNotes([status], now);
    const isLong = status.waiting > 0 && now - status.oldestAt > LONG_MS;
    if (note === undefined || (status.waiting > 0 && status.refused === 0 && !isLong)) return [];
    return [warn(note, isLong ? 'run publish-activity rerun; see schedule' : 'see publish-activity list --state refused')];
  });
  if (why === undefined) return [ok(`${folder} can be written`), ...found];
  const words = 'name another folder with spool, or give the account of the rules the right to write this one';
  return [fail('not-kept', `${folder} ${why}`, toBeWritable(folder, site.world.platform, words)), ...found];
};
