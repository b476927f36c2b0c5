// Turns of a user whose calendars are on a server: what they ask of it.

import { caldav } from '../../src/groupware/caldav/index';
import { caldavOptions, tools } from '../support/caldav';
import { davPerson } from '../support/dav-person';
import { HOME, startDav, type DavServer } from '../support/dav-server';
import { MemoryCrm } from '../support/memory-crm';
import { newLinkStore, openMemoryLinks } from '../support/memory-links';
import { SIGNAL, turn, type Place } from '../support/turns';
import { ANN, CALL, VISIT } from './suite';

const DAY_MS = 86_400_000;
const [EVENTS, TASKS] = ['events', 'tasks'].map((segment) => `${HOME}publish-activity-crm-${segment}/`);
const SEARCH = ['PROPFIND /dav/', 'PROPFIND /dav/principals/ann/'];
const VISIT_ROW = { type: 'appointment', objid: 7, kind: 'event', owner: 'ann', entry: VISIT } as const;
const CALL_ROW = { type: 'action_item', objid: 8, kind: 'task', owner: 'ann', entry: CALL } as const;

let server: DavServer;
let place: Place;
beforeEach(async () => {
  server = await startDav();
  const links = openMemoryLinks(newLinkStore());
  place = {
    crm: new MemoryCrm(),
    links: {
      ...links,
      commit: (...given) => {
        committed += 1;
        return links.commit(...given);
      },
    },
    now: Date.parse('2026-03-01T12:00:00Z'),
    // Options of its own each time, as in a run of its own: nothing is known but what the ledger keeps.
    open: (_, kind) => caldav.open(ANN, kind, optionsOfTurn, tools),
  };
});
afterEach(() => server.close());

/** How often something was kept in the ledger. */
let committed = 0;
let optionsOfTurn = caldavOptions('http://127.0.0.1/');
/** What a turn asks of the server. */
const askedIn = async (): Promise<readonly string[]> => {
  const before = server.calls.length;
  optionsOfTurn = caldavOptions(`${server.url}/dav/`);
  place.now += 600_000;
  expect(await turn(place, 'ann')).toMatchObject({ trouble: '' });
  return server.calls.slice(before).map(({ method, path }) => `${method} ${path.replace(/pa\w+\.ics$/, '*')}`);
};

describe('A turn in which nothing happened', () => {
  it('asks one question of each calendar, whether it is there or not', async () => {
    place.crm.put(VISIT_ROW);
    expect(await askedIn()).toEqual([
      ...SEARCH,
      ...[`PROPFIND ${HOME}`, `PROPFIND ${HOME}`],
      ...[`MKCALENDAR ${EVENTS}`, `PROPFIND ${HOME}`, `PUT ${EVENTS}*`, `REPORT ${EVENTS}`],
    ]);
    await askedIn();
    for (let n = 0; n < 3; n += 1) expect(await askedIn()).toEqual([`REPORT ${EVENTS}`, `PROPFIND ${HOME}`]);
  });

  it('leaves the ledger as it is', async () => {
    place.crm.put(VISIT_ROW);
    for (let n = 0; n < 2; n += 1) await askedIn();
    const before = committed;
    await askedIn();
    expect(committed).toBe(before);
  });

  it('looks for the calendars anew once a day, as everything is listed again', async () => {
    await askedIn();
    place.now += DAY_MS;
    expect(await askedIn()).toEqual([...SEARCH, `PROPFIND ${HOME}`, `PROPFIND ${HOME}`]);
    expect(await askedIn()).toEqual([`PROPFIND ${HOME}`, `PROPFIND ${HOME}`]);
  });

  it('looks for the calendars anew a day after they were looked for, though turns in between found none', async () => {
    await askedIn();
    for (let n = 0; n < 2; n += 1) {
      place.now += DAY_MS / 2 - 600_000;
      expect(await askedIn()).toHaveLength(n === 0 ? 2 : 4);
    }
  });
});

describe('A turn', () => {
  it('makes the list that an earlier turn did not find, and keeps what is put there in step', async () => {
    await askedIn();
    place.crm.put(CALL_ROW);
    expect(await askedIn()).toEqual([
      ...[`PROPFIND ${HOME}`, `PROPFIND ${HOME}`],
      ...[`MKCALENDAR ${TASKS}`, `PROPFIND ${HOME}`, `PUT ${TASKS}*`, `REPORT ${TASKS}`],
    ]);
    await askedIn();
    expect(await askedIn()).toEqual([`PROPFIND ${HOME}`, `REPORT ${TASKS}`]);
  });

  it('that does not find the calendar any more remembers nothing of it, since all of it is listed once it is back', async () => {
    place.crm.put(VISIT_ROW);
    for (let n = 0; n < 2; n += 1) await askedIn();
    place.crm.put({ ...VISIT_ROW, isInWindow: false });
    await askedIn();
    server.collections.clear();
    await askedIn();
    const [link] = await place.links.links('ann', SIGNAL);
    expect([link?.state, link?.cause, link?.pending]).toEqual(['apart', 'window', undefined]);
  });

  it('sees what somebody put into a calendar that was not there before', async () => {
    await askedIn();
    server.collections.set(String(EVENTS), { name: 'CRM', description: '', component: 'VEVENT' });
    await davPerson(server.url + String(EVENTS), 'event', 'ann').add({ ...VISIT, subject: 'Lunch' });
    await askedIn();
    expect([...place.crm.rows.values()].map(({ entry }) => entry.subject)).toEqual(['Lunch']);
  });
});
