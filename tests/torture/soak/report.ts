// What a soak came to, as a table beside what the document of the former integration says of a month, and whether it is as it has to be.

import type { KillFigures } from '../kills/campaign';
import { WRONG } from '../sync/profiles';
import type { SoakFigures } from './figures';

/** What the former integration says of itself: of requests, only that several calls travel in one. */
const FORMER = { users: 350, entries: 8_300, calls: 70_000 } as const;

/** What may not be, in virtual time and where real processes are killed. */
const OF_KILLS = [
  'lost',
  'doubled',
  'different',
  'orphans',
  'editsLost',
  'wiped',
  'held',
  'damaged',
  'litter',
  'quietWrites',
] as const;

/** What was soaked, and what came of it. */
export interface Soaked {
  readonly days: number;
  /** How often a user is looked at, in ms. */
  readonly every: number;
  readonly figures: SoakFigures;
  /** Left out where no real process was killed. */
  readonly kills?: KillFigures;
  readonly seconds: number;
}

/** Everything that has to be 0 and is not, in words. */
export function wrongIn({ figures, kills }: Pick<Soaked, 'figures' | 'kills'>): readonly string[] {
  const words = (where: string, name: string, count: number) => (count > 0 ? [`${where}: ${name} ${count}`] : []);
  const strange = Object.entries(kills?.codes ?? {}).filter(([code]) => code !== '0' && code !== '75');
  return [
    ...WRONG.flatMap((name) => words('in virtual time', name, figures[name])),
    ...words('in virtual time', 'notHealed', figures.notHealed),
    ...OF_KILLS.flatMap((name) => words('real processes', name, kills?.[name] ?? 0)),
    ...strange.flatMap(([code, count]) => words('real processes', `exit code ${code}`, count)),
  ];
}

/** The table, in Markdown. */
export function tableOf(soaked: Soaked): string {
  const { figures, kills, days, every, seconds } = soaked;
  const [errors, calls] = [all(figures.errors), all(figures.calls)];
  const sum = (name: (typeof OF_KILLS)[number] & (typeof WRONG)[number]) => count(figures[name] + (kills?.[name] ?? 0));
  const rows: readonly (readonly [name: string, former: string, ours: string])[] = [
    ['users', count(FORMER.users), count(figures.users)],
    ['working days', 'a month', count(days)],
    ['entries', count(FORMER.entries), count(all(figures.entries))],
    ['events, tasks, contacts', '', each(figures.entries)],
    ['changes by people, on both sides', '', count(figures.acts)],
    ['turns of users', '', count(figures.turns)],
    ['calls', count(FORMER.calls), count(calls)],
    ['of Calendar, Tasks, People', '', each(figures.calls)],
    [
      'HTTP requests that carry them',
      'several calls in one',
      `${count(figures.requests)}, of ${(calls / Math.max(1, figures.requests)).toFixed(1)} calls`,
    ],
    ['HTTP requests for tokens', '', count(figures.tokens)],
    ['errors seen', '', count(errors)],
    ['errors healed', '', count(errors - figures.notHealed)],
    ['runs killed, in virtual time', '', count(figures.errors['kills'] ?? 0)],
    ['real processes killed (SIGKILL)', '', kills === undefined ? 'none' : count(kills.kills)],
    ['**lost**', '', `**${sum('lost')}**`],
    ['**doubled**', '', `**${sum('doubled')}**`],
    ['**different**', '', `**${sum('different')}**`],
    ['**edits lost**', '', `**${sum('editsLost')}**`],
    ['others’ fields wiped', '', sum('wiped')],
    ['private words seen elsewhere', '', count(figures.leaked)],
    ['writes once nothing happens any more', '', sum('quietWrites')],
    ['from a change in the CRM to Google: median, 99 %, longest', '', delays(figures.delays.crm)],
    ['from a change at Google to the CRM', '', delays(figures.delays.groupware)],
    ['changes that came only once everything was listed again', '', count(figures.late)],
  ];
  return [
    '| | the former integration, by its document | this program |',
    '|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `${count(figures.turns)} turns of ${count(figures.users)} users, looked at every ${every / 60_000} minutes, in ${Math.round(seconds)} s.`,
    `Errors: ${Object.entries(figures.errors)
      .map(([name, seen]) => `${count(seen)} ${WORDS[name] ?? name}`)
      .join(', ')}.`,
  ].join('\n');
}

const WORDS: Readonly<Record<string, string>> = {
  fails: 'refusals of Google',
  loses: 'lost answers',
  expires: 'forgotten cursors',
  databases: 'failures of the CRM or the ledger',
  kills: 'killed runs',
  sleeps: 'runs that stood still past their leases',
  blinds: 'calendars that looked empty',
};

function count(value: number): string {
  return value.toLocaleString('en');
}

function all(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

function each(counts: Readonly<Record<string, number>>): string {
  return Object.values(counts).map(count).join(', ');
}

function delays({ median, most99, longest }: SoakFigures['delays']['crm']): string {
  return [median, most99, longest].map(span).join(', ');
}

function span(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
