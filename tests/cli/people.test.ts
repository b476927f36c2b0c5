// What the ledger holds about a person, and a user who leaves, through the built program over a folder of real files.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, type Installation } from '../support/program';
import { changedSample } from '../support/sample';

jest.setTimeout(60_000);

const SUBJECT = 'Inspection at Seefeld Pharma';

async function desk(): Promise<Installation> {
  const file = await changedSample(() => undefined);
  return install({
    clarify: { database: { type: 'sqlite', file }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: { stream: { type: 'feed', folder: 'feed' } },
    groupware: { type: 'folder', folder: 'groupware', users: ['agent1', 'agent2'], write: true, newIds: { by: 'sample' } },
  });
}

/** The files of a user's calendar, each with its text. */
function calendar({ folder }: Installation, user = 'agent1'): Readonly<Record<string, string>> {
  const place = join(folder, 'groupware', user, 'calendar');
  const names = existsSync(place) ? readdirSync(place) : [];
  return Object.fromEntries(names.map((name) => [join(place, name), readFileSync(join(place, name), 'utf8')]));
}

function lines(text: string): readonly Readonly<Record<string, unknown>>[] {
  const all = text.trim().split('\n');
  return all.filter((line) => line !== '').map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

describe('The texts about a person', () => {
  it('are printed, and forgotten, and nothing on either side changes by that', async () => {
    const made = await desk();
    await made.run(['sync']);
    const files = calendar(made);
    const exported = await made.run(['export', 'agent1', '--json']);
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    const held = lines(exported.stdout);
    expect(held.map(({ kind }) => kind)).toEqual(['grant', ...Array<string>(13).fill('entry')]);
    expect(held.find(({ subject }) => subject === SUBJECT)).toMatchObject({ remoteBase: { subject: SUBJECT }, conflicts: [] });
    expect((await made.run(['export', 'AGENT1'])).stdout).toContain(
      `in the CRM, when both sides last agreed: subject "${SUBJECT}"`,
    );

    expect(await made.run(['forget', 'agent1'])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('nothing was forgotten, because nobody said yes') as string,
    });
    const forgotten = await made.run(['forget', 'agent1', '--yes']);
    expect(forgotten).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('agent1: the texts of 13 entries forgotten') as string,
    });
    expect(forgotten.stderr).toContain('take the login out of groupware.users first');
    expect((await made.run(['export', 'agent1'])).stdout).not.toContain(SUBJECT);

    expect(await made.run(['sync'])).toMatchObject({ code: 0, stdout: '' });
    expect(calendar(made)).toEqual(files);
    expect(
      (await made.run(['list', '--entries', '--user', 'agent1', '--state', 'linked'])).stdout.trim().split('\n'),
    ).toHaveLength(13);
  });
});

describe('A user who leaves', () => {
  it('is kept in step no more; what was made for the user goes, what the user made or changed stays, and the way back doubles nothing', async () => {
    const made = await desk();
    await made.run(['sync']);
    const [changed, text] = Object.entries(calendar(made)).find(([, each]) => each.includes(SUBJECT)) ?? ['', ''];
    writeFileSync(changed, text.replace(/^SUMMARY:.*$/m, 'SUMMARY:Changed by hand'));
    expect(await made.run(['disconnect', 'agent1', '--remove-entries'])).toMatchObject({ code: 64 });
    const run = await made.run(['disconnect', 'agent1', '--remove-entries', '--yes']);
    expect(run).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        'agent1 is disconnected; 12 entries were taken out of the groupware; 1 entry stays there',
      ) as string,
    });
    expect(run.stdout).toContain('stays in the groupware: somebody changed it there');
    expect(Object.keys(calendar(made))).toEqual([changed]);
    expect((await made.run(['sync'])).stdout).toBe('');
    expect((await made.run(['status'])).stdout).toContain('disconnected: somebody disconnected it');
    expect(await made.run(['sync', '--user', 'agent1'])).toMatchObject({ code: 64 });
    expect(await made.run(['resolve', 'agent1', '--as', 'both'])).toMatchObject({ code: 0 });
    expect((await made.run(['sync'])).stdout).toBe('agent1: 12 made in the groupware; 1 written into the CRM\n');
    expect((await made.run(['sync'])).stdout).toBe('');
    expect(Object.keys(calendar(made))).toHaveLength(8);
  });
});
