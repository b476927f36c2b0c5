// How the disk of the ledger, of a feed and of the log fails. Where there is room for a spool, nothing is lost; where there is none, the post
// goes out all the same, and the exit code says that it is not kept.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER_FILE } from '../../src/config/ledger';
import { PASSWORDS, startCompany, type Company } from '../support/company';
import { CASE, deliveriesOf, MINUTE } from '../support/failures';
import { passTime } from '../support/pass-time';
import { install, sampleConfig } from '../support/program';
import { startRelay } from '../support/relay';
import { canMountSmallDisk, mountSmallDisk, type SmallDisk } from '../support/small-disk';
import { startSocialcast } from '../support/socialcast-server';

jest.setTimeout(30_000);

const SOLUTION = ['Solution', '268435457', '268435464'];

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function companyWith(change: Parameters<typeof startCompany>[0]): Promise<Company> {
  const company = await startCompany(change);
  closing.push(() => company.close());
  return company;
}

describe('a ledger', () => {
  it.each([
    ['that is a folder', LEDGER_FILE],
    ['whose folder is a file', join('file', 'ledger')],
  ])('%s: exit code 75, and one post once it is mended', async (_, file) => {
    const company = await companyWith({ more: { spool: 'spool', ledger: { type: 'sqlite', file } } });
    writeFileSync(join(company.folder, 'file'), '');
    if (file === LEDGER_FILE) mkdirSync(join(company.folder, file));
    const run = await company.run(CASE);
    expect(run.code).toBe(75);
    expect(run.stderr).toMatch(/^publish-activity: not posted yet, kept in the spool /);
    expect(company.socialcast.posts).toHaveLength(0);
    if (file === LEDGER_FILE) rmSync(join(company.folder, file), { recursive: true });
    else writeFileSync(company.configFile, readFileSync(company.configFile, 'utf8').replace(file, 'ledger'));
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('on the network: exit code 78, and nothing is sent', async () => {
    const company = await companyWith({ more: { ledger: { type: 'sqlite', file: '\\\\server\\share\\ledger' } } });
    const run = await company.run(CASE);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain('ledger.file: is on the network');
    expect(company.socialcast.connections()).toBe(0);
  });

  it('whose name has blanks and umlauts: exit code 0', async () => {
    const file = 'Tätigkeiten für alle/das Büch ü.ledger';
    const company = await companyWith({ more: { ledger: { type: 'sqlite', file } } });
    expect(await company.run(CASE)).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(company.folder, file))).toBe(true);
  });
});

// Said in the title, because a test that passes by not running is none.
const canMount = canMountSmallDisk();
const [mounting, skipped] = canMount ? [it, ''] : [it.skip, ' (left out: no right to mount a small disk here)'];

describe(`a disk of the ledger${skipped}`, () => {
  let disk: SmallDisk;
  /** The ledger, as the helpers look for it. */
  const ledgerOf = (company: Company) => ({ ...company, folder: disk.folder });
  const onDisk = () => {
    disk = mountSmallDisk(1_000_000);
    closing.push(() => disk.close());
    return { ledger: { type: 'sqlite', file: join(disk.folder, LEDGER_FILE) } };
  };

  mounting.each([
    ['is full before there is a ledger', false, () => disk.fill()],
    ['is full when the request should be kept', true, () => disk.fill()],
    ['can only be read', true, () => disk.protect()],
  ])('that %s: exit code 74, posted', async (_, usedBefore, spoil) => {
    const company = await companyWith({ more: onDisk() });
    if (usedBefore) expect((await company.run(SOLUTION)).code).toBe(0);
    const before = company.socialcast.posts.length;
    spoil();
    const run = await company.run(CASE);
    expect(run.code).toBe(74);
    expect(run.stderr).toMatch(/^publish-activity: posted, but not kept: /);
    expect(company.socialcast.posts).toHaveLength(before + 1);
  });

  mounting('that can only be read, with a ledger that says delivered: exit code 0, and no second post', async () => {
    const company = await companyWith({ more: onDisk() });
    expect((await company.run(CASE)).code).toBe(0);
    disk.protect();
    expect(await company.run(CASE)).toMatchObject({ code: 0 });
    expect(company.socialcast.posts).toHaveLength(1);
  });

  mounting('that is full when the answer should be kept: exit code 0 with a warning, and no second post', async () => {
    const socialcast = await startSocialcast({ username: 'crm@example.com', password: PASSWORDS.socialcast });
    const relay = await startRelay(socialcast.port);
    closing.push(() => Promise.all([socialcast.close(), relay.close()]));
    const company = await companyWith({ more: onDisk(), destination: { url: `http://127.0.0.1:${relay.port}` } });
    relay.onAnswer = () => disk.fill();
    const run = await company.run([...CASE, '--timeout', '2s']);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/the ledger could not record it \(.*full.*\), so it counts as in doubt/);
    expect(socialcast.posts).toHaveLength(1);
    expect(await deliveriesOf(ledgerOf(company))).toMatchObject([{ state: 'sending' }]);
    relay.onAnswer = () => undefined;
    disk.free();
    await passTime(disk.folder, 2 * MINUTE);
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(await deliveriesOf(ledgerOf(company))).toMatchObject([{ state: 'delivered' }]);
    expect(socialcast.posts).toHaveLength(1);
  });
});

describe('a disk of a feed', () => {
  mounting(`that is full: exit code 75, kept, and in the feed once there is room${skipped}`, async () => {
    const disk = mountSmallDisk(1_000_000);
    closing.push(() => disk.close());
    const folder = join(disk.folder, 'stream');
    const installation = install(sampleConfig({ feed: { type: 'feed', folder } }));
    expect((await installation.run(SOLUTION)).code).toBe(0);
    disk.fill();
    expect((await installation.run(CASE)).code).toBe(75);
    disk.free();
    await passTime(installation.folder, 2 * MINUTE);
    expect((await installation.run(['rerun'])).code).toBe(0);
    expect(readFileSync(join(folder, 'feed.atom'), 'utf8').match(/<entry>/g)).toHaveLength(2);
  });
});

describe('a log', () => {
  mounting(`on a full disk: exit code 0, and a word about it${skipped}`, async () => {
    const disk = mountSmallDisk(1_000_000);
    closing.push(() => disk.close());
    const company = await companyWith({ more: { log: { file: join(disk.folder, 'runs.log') } } });
    disk.fill();
    const run = await company.run(CASE);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/^publish-activity: the log .*runs\.log cannot be written: ENOSPC/);
    expect(company.socialcast.posts).toHaveLength(1);
  });
});
