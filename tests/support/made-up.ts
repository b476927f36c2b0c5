// A made-up company, for tests and screenshots that need many posts. The same number gives the same post on every run.

import { createHash } from 'node:crypto';
import { deliveryOf, type Delivery } from '../../src/core/delivery';
import { utcTime } from '../../src/core/wall-clock';

const PEOPLE = [
  ['Pat Morales', 'pmorales'],
  ['Émile Zwicky', 'ezwicky'],
  ['Nora O’Dell', 'nodell'],
  ['Ana Maria de la Cruz', 'acruz'],
  ['Jürg Ammann', 'jammann'],
  ['דנה לוי', 'dlevi'],
  ['Bob Agent', 'bagent'],
  ['', ''],
] as const;
const SITES = ['Calder & Sons, Dock 3', 'Seefeld Pharma Zürich', 'Harbour Cold Store', 'Orchard Foods <Lyon>', 'Nordlicht AB'];
const TROUBLES = [
  'Dock door does not open after the power failed',
  'Freezer 12 reports -4 °C, the display shows -18 °C',
  'Label printer prints every second label only',
  'Conveyor stops at the second sensor',
  'Badge reader rejects all cards issued since Monday',
  'Firmware 4.2 <beta> loses its network address & gateway',
];
const ACTIVITIES = [
  ['Create', 600],
  ['Notes', 1700],
  ['Phone Log', 500],
  ['Dispatch', 900],
  ['Accept', 100],
  ['Chg Status', 300],
  ['Commitment', 400],
  ['Close', 200],
] as const;
const TAGS = ['dock doors', 'cold chain', 'printing', 'network', 'warranty'];
const LEVELS = ['Low', 'Medium', 'High', 'Urgent'];

/** The moment of the newest of them. */
export const NEWEST_MS = Date.UTC(2026, 10, 22, 9, 40);

/** The delivery number `n`; each is some time before the one with the next lower number. */
export function madeUp(n: number): Delivery {
  const dice = createHash('sha256').update(`post ${n}`).digest();
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[], at: number): T => list[(dice[at] ?? 0) % list.length] as T;
  const [actor, actorLogin] = pick(PEOPLE, 0);
  const solution = (dice[1] ?? 0) % 6 === 0;
  const number = solution ? 200 + ((dice[2] ?? 0) % 9) : 4700 + ((dice[2] ?? 0) % 60);
  const [activity, activityCode] = solution ? (['Create', 600] as const) : pick(ACTIVITIES, 3);
  const site = pick(SITES, 4);
  const trouble = TROUBLES[number % TROUBLES.length] ?? '';
  const title = solution
    ? `New Solution: ${trouble.replace(/ after.*/, '')}`
    : activity === 'Create'
      ? `Created Case for Nora O’Dell at ${site}`
      : `${activity} for ${pick(PEOPLE, 5)[0] || 'the night shift'} at ${site}`;
  const lines = (dice[6] ?? 0) % 23 === 0 ? Array.from({ length: 14 }, (_, line) => `Step ${line + 1}: ${trouble}.`) : [];
  return deliveryOf(
    {
      id: createHash('sha256').update(`made up ${n}`).digest('hex').slice(0, 32),
      destination: 'stream',
      objectType: solution ? 'solution' : 'case',
      objid: number,
    },
    {
      title,
      body: [solution ? '' : `Case Title: ${trouble}`, ...lines].filter(Boolean).join('\n'),
      url: `http://server/dovetail/${solution ? 'Solutions/Show' : 'Cases/Summary'}/${number}`,
      tags: ['dovetailCRM', ...((dice[7] ?? 0) % 3 === 0 ? [pick(TAGS, 8)] : [])],
      objectType: solution ? 'solution' : 'case',
      typeName: solution ? 'Solution' : 'Case',
      id: String(number),
      activity,
      activityCode,
      actor,
      actorLogin,
      actorEmail: '',
      fields: solution
        ? [{ name: 'owner', label: 'Owner', value: 'pmorales' }]
        : [
            { name: 'status', label: 'Status', value: activity === 'Close' ? 'Closed' : 'Solving' },
            { name: 'priority', label: 'Priority', value: pick(LEVELS, 9) },
            { name: 'severity', label: 'Severity', value: pick(LEVELS, 10) },
            { name: 'owner', label: 'Owner', value: 'bagent' },
          ],
      happened: utcTime(NEWEST_MS - n * 47 * 60_000 - (dice[11] ?? 0) * 5_000),
    },
  );
}
