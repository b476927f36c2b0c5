// What a run of sync over a user means for its exit code: trouble that only a person ends is told once, all other as long as it lasts.

import type { CrmUser } from '../../src/clarify/entries';
import { Round, type SyncContext } from '../../src/commands/groupware/sync/round';
import type { Syncing } from '../../src/commands/groupware/sync/parts';
import { DatabaseError } from '../../src/core/database-error';
import type { Report } from '../../src/core/report';
import type { Entry, EntryKind } from '../../src/core/sync/entry';
import type { StepOutcome, Trouble } from '../../src/groupware/groupware';
import { plenty } from '../support/ledger-context';
import { MemoryCrm } from '../support/memory-crm';
import { memoryGroupware } from '../support/memory-groupware';
import { newLinkStore, openMemoryLinks } from '../support/memory-links';
import { SIGNAL } from '../support/turns';
import { oneGroupware } from '../support/one-groupware';

const NOW = Date.UTC(2026, 10, 29, 12);
const DAY = 86_400_000;
const at = (text: string) => ({ wallClock: `2026-12-${text}:00`, timeZone: 'America/Chicago' });
const VISIT: Entry = {
  kind: 'event',
  subject: 'Visit',
  time: { begin: at('01T09:00'), end: at('01T10:00') },
  place: '',
  notes: '',
  done: false,
};

/** A company of one user, whose turns are taken a day apart. */
function company() {
  const crm = new MemoryCrm();
  crm.users.set('ann', { login: 'ann', email: 'ann@example.com', isActive: true });
  crm.put({ type: 'appointment', objid: 7, kind: 'event', owner: 'ann', entry: VISIT });
  const clock = { now: NOW };
  const groupware = memoryGroupware({}, () => clock.now);
  const links = openMemoryLinks(newLinkStore());
  const window = { past: 60 * DAY, ahead: 400 * DAY };
  const syncing = {
    config: { window, firstFill: { entriesPerMinute: 0, usersPerHour: 0 }, concurrency: 1, every: 0 },
    ...{ links, reader: crm.reader, writer: crm.writer },
    groupwares: oneGroupware({ open: ({ login }: CrmUser, kind: EntryKind) => groupware.open(login, kind) }),
    rulesOf: (user: string) => ({
      ...{ system: 'test', user, mayWrite: true, creates: {}, deletes: 'own', timeZone: 'UTC' },
    }),
  } as unknown as Syncing;
  let runs = 0;
  const run = async (): Promise<Report> => {
    clock.now += DAY;
    const deadline = plenty();
    const context = {
      options: {},
      config: { keepMessages: 90 * DAY },
      parts: { now: () => clock.now, owner: `run ${(runs += 1)}`, random: () => 0.5 },
      deadline,
      attemptDeadline: plenty,
      emit: () => undefined,
      progress: () => undefined,
    } as unknown as SyncContext;
    try {
      return await new Round(syncing, [...crm.users.values()], context).take();
    } finally {
      deadline.end();
    }
  };
  return { crm, groupware, links, run };
}

const refused = (reason: string): Trouble => ({ kind: 'refused', reason });
const RETRY: Trouble = { kind: 'retry', reason: 'no answer' };

describe('A run of sync', () => {
  it.each<[string, readonly (Trouble | undefined)[], readonly Report['result'][]]>([
    ['ends well where nothing is wrong', [undefined, undefined], ['done', 'done']],
    [
      'tells once that the groupware refuses a user, and again after it did not',
      [refused('no right'), refused('no right'), undefined, refused('no right')],
      ['rejected', 'done', 'done', 'rejected'],
    ],
    ['tells of another refusal', [refused('no right'), refused('no folder')], ['rejected', 'rejected']],
    ['tells of a refusal that follows passing trouble', [RETRY, refused('no right')], ['later', 'rejected']],
    ['is to be tried again as long as trouble passes', [RETRY, RETRY], ['later', 'later']],
    [
      'tells once of a refusal in more words than the ledger keeps',
      [refused('x'.repeat(9_000)), refused('x'.repeat(9_000))],
      ['rejected', 'done'],
    ],
  ])('%s', async (_, troubles, results) => {
    const { groupware, links, run } = company();
    const ended: Report['result'][] = [];
    for (const trouble of troubles) {
      groupware.switches.listsInstead = () => trouble;
      ended.push((await run()).result);
      const [grant] = await links.grants(SIGNAL);
      expect(grant?.failures === 0).toBe(trouble === undefined);
    }
    expect(ended).toEqual(results);
  });

  it('tells in the run that meets it that an entry is refused for good, and holds it', async () => {
    const { groupware, links, run } = company();
    const outcome: StepOutcome = { kind: 'rejected', reason: 'too long' };
    groupware.switches.fails = () => outcome;
    expect(await run()).toMatchObject({
      result: 'rejected',
      message: '1 user in step; 1 refused, and held',
      sums: { refused: 1, held: 0 },
    });
    expect(await links.find({ states: ['held'] }, 10, SIGNAL)).toMatchObject([{ cause: 'refused', reason: 'too long' }]);
    expect(await run()).toMatchObject({ result: 'done', sums: { refused: 0 } });
  });

  it('tells each time of trouble with the CRM of everybody', async () => {
    const { crm, run } = company();
    crm.before = () => {
      throw new DatabaseError('login-refused', 'the login is refused');
    };
    for (let time = 0; time < 2; time += 1) await expect(run()).rejects.toMatchObject({ problem: 'login-refused' });
  });
});
