// A soak: a company works for a month while two hosts keep its entries in step with Google, everything fails as it does, and processes are
// killed. Then all is quiet, and every entry is looked at.

import { pollMs } from '../../../src/core/backoff';
import { Diary, type Act } from '../sync/diary';
import { ENTRY_KINDS, type Entry, type EntryField, type EntryKind } from '../../../src/core/sync/entry';
import { CONTACTS_SETTLED_AFTER_MS, FIRST_LISTINGS } from '../../../src/groupware/google/people/index';
import { Operator } from '../sync/operator';
import { People, type Habits } from '../sync/people';
import { storyOf } from '../sync/story';
import { verdictOf } from '../sync/verdict';
import { Arrivals } from './arrivals';
import { openCompany, type Company } from './company';
import { NO_FAULTS } from './faults';
import type { SoakFigures } from './figures';
import { Hosts } from './hosts';
import { HOUR, MINUTE, type Soak } from './profiles';
import { CONFIG } from './program';

/** Of everything something: entries are made, given away, decorated and hidden, but most are changed. */
const HABITS: Habits = {
  ...{ makes: 17, deletes: 8, gives: 3, leaves: 4, decorates: 8, hides: 5 },
  ...{ isAboutNew: 30, isAboutContacts: 20, isMadeByTwo: 20 },
};
const DAY = 24 * HOUR;
/** The first working day. */
const MONDAY = Date.UTC(2026, 5, 1);
/** How much longer a first fill takes than its limits say: each span of an hour begins with what is first done in it. */
const FILL_SLACK = 1.06;
/** After so long Google forgets how far contacts were listed, and everything else is listed again anyway. */
const ALL_RELISTED_MS = 7 * DAY;
const [QUIET_ROUNDS, MOST_ROUNDS] = [20, 30];

/** Runs a soak; `say` is told of each day. */
export async function runSoak(soak: Soak, say: (day: number) => void = () => undefined): Promise<SoakFigures> {
  const month = await Month.open(soak);
  await month.fill();
  for (let day = 1; day <= soak.days; day += 1) {
    await month.workingDay(MONDAY + (day - 1 + 2 * Math.floor((day - 1) / 5)) * DAY);
    say(day);
  }
  return month.end();
}

/** What happens. */
class Month {
  readonly #diary: Diary;
  readonly #people: People;
  readonly #operator: Operator;
  readonly #arrivals: Arrivals;
  readonly #hosts: Hosts;
  #resolved = 0;

  static async open(soak: Soak): Promise<Month> {
    return new Month(soak, await openCompany(soak, filledBy(soak) - fillMs(soak)));
  }

  private constructor(
    private readonly soak: Soak,
    private readonly company: Company,
  ) {
    const { world } = company;
    this.#arrivals = new Arrivals(world);
    this.#diary = new WatchedDiary(world, (act) => this.#arrivals.note(act));
    this.#people = new People(world, this.#diary, { ...HABITS, ...soak.mutation?.habits });
    this.#operator = new Operator(world, this.#diary);
    this.#hosts = new Hosts(soak, company, this.#people, (user) => this.#arrivals.look(user));
  }

  /** What the CRM has before anybody switches the program on; it is no change that could arrive late. Everybody has an event and a task. */
  async fill(): Promise<void> {
    const { users } = this.company.world;
    const { atFirst, contactsAtFirst } = this.soak;
    const kindOf = (n: number): EntryKind => {
      if (n >= atFirst - contactsAtFirst) return 'contact';
      return (['event', 'task'] as const)[Math.floor(n / users.length)] ?? this.#people.agendaKind();
    };
    for (let n = 0; n < atFirst; n += 1) this.#people.makeRow(users[n % users.length] ?? '', kindOf(n));
    this.#arrivals.forget();
    this.#hosts.startUntil(filledBy(this.soak));
    await this.until(filledBy(this.soak));
  }

  /** Lets time pass until a moment, and all that is under way by then come to its end. */
  async until(moment: number): Promise<void> {
    const { clock, traffic } = this.company;
    let isOver = false;
    clock.after(moment - clock.now(), () => {
      isOver = true;
    });
    await clock.runUntil(() => isOver && this.#hosts.underWay === 0);
    this.#hosts.check();
    traffic.tidy();
  }

  async workingDay(midnight: number): Promise<void> {
    const [runs, people] = [this.soak.hours.runs, this.soak.hours.people].map((hours) =>
      hours.map((hour) => midnight + hour * HOUR),
    );
    const [begin = 0, end = 0] = runs ?? [];
    await this.until(begin);
    this.#hosts.startUntil(end);
    this.#workUntil(people?.[1] ?? end, people?.[0] ?? begin);
    // Ten times a day somebody says how it ends with what is held.
    for (let part = 1; part <= 10; part += 1) {
      await this.until(begin + ((end - begin) * part) / 10);
      this.#resolved += await this.#operator.resolve();
    }
  }

  /** Somebody does something now and then. */
  #workUntil(end: number, next: number): void {
    const { clock, world, books } = this.company;
    clock.after(next - clock.now(), () => {
      const user = world.chance.oneOf(world.users) ?? '';
      const known = this.#diary.acts.length;
      if (books.isReady(user)) this.#people.act(user);
      this.#hosts.obeyRules(this.#diary.acts.slice(known));
      const [from, to] = this.soak.hours.people;
      const mean = ((to - from) * HOUR) / this.soak.actsADay;
      const wait = 1 + world.chance.below(2 * mean);
      if (clock.now() + wait < end) this.#workUntil(end, clock.now() + wait);
    });
  }

  /** Without people and faults all comes to rest; then it is looked at. */
  async end(): Promise<SoakFigures> {
    const { world, faults, traffic, clock } = this.company;
    const { soak } = this;
    const inTheMonth = { ...traffic.count().figures, runs: this.#hosts.runs, turns: this.#hosts.turns };
    faults.rates = NO_FAULTS;
    await this.#rest(0);
    const late = this.#arrivals.close();
    this.#people.comeBack();
    // What a listing once left out without anybody noticing is found when everything is listed again.
    await this.until(clock.now() + (soak.mutation?.isNotRelisted === true ? 0 : ALL_RELISTED_MS));
    await this.#rest(Math.ceil(soak.users / FIRST_LISTINGS.most));
    const before = this.#written();
    for (let round = 0; round < QUIET_ROUNDS; round += 1) await this.#round();
    const quietWrites = this.#written() - before;
    const { acts } = this.#diary;
    const { lost, doubled, different, orphans, editsLost, wiped, leaked, ...rest } = await verdictOf(world, acts);
    const all = { lost, doubled, different, orphans, editsLost, wiped, leaked, ...rest };
    const unwell = [...world.store.grants.values()].filter(({ failures, reason }) => failures > 0 || reason !== '');
    const emails = new Map(this.company.crmUsers.map(({ login, email }) => [login, email]));
    return {
      ...{ users: soak.users, entries: entriesOf(acts), acts: acts.length },
      ...inTheMonth,
      errors: faults.seen,
      notHealed: unwell.reduce((sum, { user }) => sum + Math.max(1, faults.byUser.get(emails.get(user) ?? '') ?? 0), 0),
      ...{ conflicts: world.store.conflicts.size, resolved: this.#resolved, quietWrites },
      ...{ lost: lost.length, doubled: doubled.length, different: different.length, orphans: orphans.length },
      ...{ editsLost: editsLost.length, wiped: wiped.length, leaked: leaked.length },
      ...{ delays: { crm: this.#arrivals.delays('crm'), groupware: this.#arrivals.delays('groupware') }, late },
      examples: [
        ...unwell.slice(0, 3).map(({ user, reason, failures }) => `not healed: ${user}, ${failures} failures, ${reason}`),
        ...Object.entries(all).flatMap(([name, tokens]) =>
          tokens.slice(0, 3).map((token) => `${name}: ${storyOf(token, world, acts)}`),
        ),
      ],
    };
  }

  /** Rounds until nothing is written any more in two of them, and nobody waits to be tried again; at least so many. */
  async #rest(least: number): Promise<void> {
    const { grants } = this.company.world.store;
    const isWaiting = () => [...grants.values()].some(({ failures }) => failures > 0);
    for (let [rounds, same, known] = [0, 0, -1]; rounds < least || (rounds < least + MOST_ROUNDS && same < 2); rounds += 1) {
      same = known === this.#written() && !isWaiting() ? same + 1 : 0;
      known = this.#written();
      await this.#round();
      this.#resolved += await this.#operator.resolve();
    }
  }

  /** How much was done so far: what was written on either side, the steps that runs told of, and what was resolved. */
  #written(): number {
    const { world, traffic } = this.company;
    return world.crm.writes + traffic.count().writes + this.#hosts.steps + this.#resolved;
  }

  /** Both hosts take everybody's turn, once everything is to be listed again, and what listings may show late has settled. */
  async #round(): Promise<void> {
    const { clock } = this.company;
    const { every, listEvery } = this.soak;
    this.#hosts.startBoth();
    const waits = [every, listEvery.tasks, listEvery.contacts].map((ms) => pollMs(ms, 1));
    await this.until(clock.now() + Math.max(...waits, CONTACTS_SETTLED_AFTER_MS) + MINUTE);
  }
}

/** When everybody has had the first turn, and everything was listed. */
function filledBy({ hours }: Soak): number {
  return MONDAY + hours.runs[0] * HOUR;
}

/** How long that takes: so many users begin in an hour, and of so many contacts may be listed for the first time. */
function fillMs({ users }: Soak): number {
  const { usersPerHour } = CONFIG.firstFill;
  const spans = [Math.ceil(users / usersPerHour) * HOUR, Math.ceil(users / FIRST_LISTINGS.most) * FIRST_LISTINGS.perMs];
  return FILL_SLACK * Math.max(...spans) + 10 * MINUTE;
}

/** How many there ever were, by their kind. A card that somebody makes at Google is that person's own, and no entry of the CRM. */
function entriesOf(acts: readonly Act[]): SoakFigures['entries'] {
  const made = acts.filter(({ did, side, kind }) => did === 'made' && !(kind === 'contact' && side === 'groupware'));
  return Object.fromEntries(
    ENTRY_KINDS.map((kind) => [kind, new Set(made.filter((act) => act.kind === kind).map(({ token }) => token)).size]),
  ) as Record<EntryKind, number>;
}

/** A diary that others read along. */
class WatchedDiary extends Diary {
  constructor(
    world: Company['world'],
    private readonly watch: (act: Act) => void,
  ) {
    super(world);
  }

  override note(act: Pick<Act, 'did' | 'side' | 'user'>, entry: Entry, field?: EntryField): void {
    super.note(act, entry, field);
    const noted = this.acts.at(-1);
    if (noted !== undefined) this.watch(noted);
  }
}
