import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileAccess } from '../../src/io/file-access';
import { onPosix } from '../support/program';
import { temporaryFolder } from '../support/sample';

const { whyNotWritable } = fileAccess({}, 'linux');

/** What the access lists of Windows answer, whatever its read-only attributes say: https://learn.microsoft.com/windows/win32/fileio/file-security-and-access-rights */
function refusing(call: 'openSync' | 'mkdirSync', isRefused: (path: string) => boolean): void {
  const original = fs[call] as (path: string, ...more: unknown[]) => unknown;
  jest.spyOn(fs, call).mockImplementation(((path: string, ...more: unknown[]) => {
    if (isRefused(path)) throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' });
    return original(path, ...more);
  }) as never);
}

describe('whyNotWritable', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    fs.writeFileSync(join(folder, 'file'), 'as it was');
  });
  afterEach(() => jest.restoreAllMocks());

  it.each<[string, 'file' | 'folder', string]>([
    ['a file', 'file', 'file'],
    ['a folder', 'folder', ''],
    ['a file to be made', 'file', 'new'],
    ['a folder to be made', 'folder', 'new'],
    ['a file in a folder to be made', 'file', join('new', 'file')],
    ['a file in the second of two folders to be made', 'file', join('new', 'one', 'file')],
  ])('finds nothing against %s, and leaves all as it was', (_, kind, name) => {
    expect(whyNotWritable(join(folder, name), kind)).toBeUndefined();
    expect(fs.readdirSync(folder)).toEqual(['file']);
    expect(fs.readFileSync(join(folder, 'file'), 'utf8')).toBe('as it was');
  });

  it('names what stands in the way', () => {
    expect(whyNotWritable(join(folder, 'file', 'new'))).toMatch(/^is no place/);
    expect(whyNotWritable(join(folder, 'file', 'one', 'two'))).toMatch(/^is no place/);
    expect(whyNotWritable(join(folder, 'file'), 'folder')).toBe('is no folder');
  });

  onPosix('takes no pipe for a file (skipped on Windows)', () => {
    expect(whyNotWritable('/dev/null')).toBe('is a pipe, a device or a socket, and no file');
  });

  const REFUSED = 'may not be written by this account (EPERM)';

  it('tries to open a file that an access list closes', () => {
    refusing('openSync', (path) => path === join(folder, 'file'));
    expect(whyNotWritable(join(folder, 'file'))).toBe(REFUSED);
  });

  it('tries to make a file in a folder that an access list closes', () => {
    refusing('openSync', (path) => dirname(path) === folder);
    expect(whyNotWritable(folder, 'folder')).toBe(REFUSED);
    expect(whyNotWritable(join(folder, 'new'))).toBe(`is not there and cannot be made: ${folder} ${REFUSED}`);
    // That it may make folders is another right.
    expect(whyNotWritable(join(folder, 'new'), 'folder')).toBeUndefined();
  });

  it('tries to make a folder where one is missing', () => {
    refusing('mkdirSync', (path) => dirname(path) === folder);
    expect(whyNotWritable(join(folder, 'new', 'file'))).toContain(`${folder} ${REFUSED}`);
    expect(whyNotWritable(join(folder, 'new'))).toBeUndefined();
  });
});
