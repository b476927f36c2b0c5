import fs from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFiles } from '../../src/io/atomic-file';
import { newFolder } from '../support/feed';
import { onPosix } from '../support/program';

const RIGHTS = { mode: 0o644 };
const never = new AbortController().signal;

/** What Windows answers while a reader holds the target open. */
function heldOpen(): Error {
  return Object.assign(new Error('EPERM: operation not permitted, rename'), { code: 'EPERM', syscall: 'rename' });
}

describe('replaceFiles', () => {
  let folder: string;

  beforeEach(() => {
    folder = newFolder();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('writes new files, replaces old ones and leaves nothing else', async () => {
    await fs.writeFile(join(folder, 'a'), 'a much longer old text');
    // What a crash has left behind is no obstacle.
    await fs.writeFile(join(folder, 'a.tmp'), 'half a te');
    await replaceFiles(
      [
        { path: join(folder, 'a'), text: 'ä' },
        { path: join(folder, 'b'), text: 'b' },
      ],
      RIGHTS,
      never,
    );
    expect((await fs.readdir(folder)).sort()).toEqual(['a', 'b']);
    expect(await fs.readFile(join(folder, 'a'), 'utf8')).toBe('ä');
    expect(await fs.readFile(join(folder, 'b'), 'utf8')).toBe('b');
  });

  onPosix('follows no link that lies in the way of its temporary file (skipped on Windows)', async () => {
    await fs.writeFile(join(folder, 'elsewhere'), 'not ours');
    await fs.symlink(join(folder, 'elsewhere'), join(folder, 'a.tmp'));
    await fs.symlink(join(folder, 'elsewhere'), join(folder, 'b'));
    const files = ['a', 'b'].map((name) => ({ path: join(folder, name), text: name }));
    await replaceFiles(files, RIGHTS, never);
    expect(await fs.readFile(join(folder, 'elsewhere'), 'utf8')).toBe('not ours');
    expect((await fs.lstat(join(folder, 'b'))).isSymbolicLink()).toBe(false);
    expect((await fs.readdir(folder)).sort()).toEqual(['a', 'b', 'elsewhere']);
  });

  it('replaces nothing when one of the files cannot be written', async () => {
    await fs.writeFile(join(folder, 'a'), 'old');
    const files = [
      { path: join(folder, 'a'), text: 'new' },
      { path: join(folder, 'missing', 'b'), text: 'new' },
    ];
    await expect(replaceFiles(files, RIGHTS, never)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await fs.readdir(folder)).toEqual(['a']);
    expect(await fs.readFile(join(folder, 'a'), 'utf8')).toBe('old');
  });

  // Only Windows refuses to replace an open file, so the refusal is played here.
  it('tries again while the file is held open', async () => {
    const rename = jest.spyOn(fs, 'rename').mockRejectedValueOnce(heldOpen()).mockRejectedValueOnce(heldOpen());
    await replaceFiles([{ path: join(folder, 'a'), text: 'new' }], RIGHTS, never);
    expect(rename).toHaveBeenCalledTimes(3);
    expect(await fs.readFile(join(folder, 'a'), 'utf8')).toBe('new');
  });

  it('gives up when the signal is aborted, and leaves the old file', async () => {
    await fs.writeFile(join(folder, 'a'), 'old');
    jest.spyOn(fs, 'rename').mockImplementation(() => Promise.reject(heldOpen()));
    const replacing = replaceFiles([{ path: join(folder, 'a'), text: 'new' }], RIGHTS, AbortSignal.timeout(50));
    await expect(replacing).rejects.toMatchObject({ code: 'EPERM' });
    expect(await fs.readdir(folder)).toEqual(['a']);
    expect(await fs.readFile(join(folder, 'a'), 'utf8')).toBe('old');
  });

  it('gives up after a while without being told to', async () => {
    jest.spyOn(fs, 'rename').mockImplementation(() => Promise.reject(heldOpen()));
    await expect(replaceFiles([{ path: join(folder, 'a'), text: 'new' }], RIGHTS, never)).rejects.toMatchObject({
      code: 'EPERM',
    });
  });

  it('does not try again what no waiting can mend', async () => {
    const rename = jest.spyOn(fs, 'rename');
    await fs.mkdir(join(folder, 'a'));
    await expect(replaceFiles([{ path: join(folder, 'a'), text: 'new' }], RIGHTS, never)).rejects.toMatchObject({
      syscall: 'rename',
    });
    expect(rename).toHaveBeenCalledTimes(1);
  });
});
