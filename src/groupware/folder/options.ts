// What a folder of entries is told. On its own, because every run checks it, and few open the folder.

import { filePath, object, required, type Checked } from '../../core/shape';

/** The shape of the options of `folder`. */
export const folderOptions = object({
  folder: required(
    filePath(),
    'the folder; each user has one in it, with calendar, tasks and contacts, and each entry is a file',
  ),
});

/** What they yield. */
export type FolderOptions = Checked<typeof folderOptions>;
