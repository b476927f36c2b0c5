// What can be wrong with a folder and its disk: README.md has the list. Each begins with a linked pair, and ends at rest.

import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANN } from '../../groupware/suite';
import { IN_STEP, pairOf, ROW, V, type Pair, type Rest } from '../../support/pair';
import { canMountSmallDisk, mountSmallDisk } from '../../support/small-disk';
import { onPosix } from '../../support/program';

let pair: Pair;
let folder: string;
beforeEach(async () => {
  pair = await pairOf('folder');
  folder = pair.world.folder?.at(ANN, 'event') ?? '';
});
afterEach(() => pair.close());

const both = (entry: string, rest: Partial<Rest> = {}) => ({ ...IN_STEP, crm: [entry], groupware: [entry], ...rest });
const renamed = V.replace('Visit', 'Visit 2');
describe('A folder', () => {
  it('with a file in its place is refused, and nothing is taken for deleted', async () => {
    const away = join(pair.world.folder?.root ?? '', 'away');
    renameSync(folder, away);
    writeFileSync(folder, '');
    expect(await pair.turn()).toMatchObject({ result: 'rejected', trouble: `the folder ${folder} cannot be used (ENOTDIR)` });
    rmSync(folder);
    renameSync(away, folder);
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  const asOther = process.getuid?.() === 0 ? it.skip : onPosix;
  asOther('that may not be read is refused (skipped for root, and on Windows)', async () => {
    chmodSync(folder, 0);
    expect(await pair.turn()).toMatchObject({ result: 'rejected' });
    chmodSync(folder, 0o700);
    expect(await pair.rest()).toEqual(IN_STEP);
  });
});

const onDisk = canMountSmallDisk() ? it : it.skip;
describe('A disk', () => {
  onDisk('that is full or read-only is waited for, and no file is lost or cut (skipped where none can be mounted)', async () => {
    const disk = mountSmallDisk(262_144);
    try {
      const small = await pairOf('folder', () => undefined, { root: disk.folder });
      disk.fill();
      small.crm.edit(ROW, { subject: 'Visit 2' });
      expect(await small.turn()).toMatchObject({ trouble: expect.stringContaining('(ENOSPC)') as string });
      disk.free();
      expect(await small.rest()).toEqual(both(renamed, { writes: [0, 1] }));
    } finally {
      disk.close();
    }
  });
});
