// A company whose users are kept in step with several groupwares in memory, and move from one to another.

import type { CrmUser } from '../../src/clarify/entries';
import { dryRun } from '../../src/commands/groupware/sync/dry-run';
import type { All } from '../../src/commands/groupware/named-groupwares';
import type { OpenGroupware, Syncing } from '../../src/commands/groupware/sync/parts';
import { Round, type SyncContext } from '../../src/commands/groupware/sync/round';
import { turnOf } from '../../src/commands/groupware/sync/user-turns';
import type { Report } from '../../src/core/report';
import type { Entry, EntryKind } from '../../src/core/sync/entry';
import type { Collection, Trouble } from '../../src/groupware/groupware';
import type { Grant, Links } from '../../src/ledger/links';
import { plenty } from './ledger-context';
import { NEVER, VISIT } from './links';
import { MemoryCrm } from './memory-crm';
import { memoryGroupware, type MemoryGroupware, type Switches } from './memory-groupware';
import { newLinkStore, openMemoryLinks } from './memory-links';
import { oneGroupware } from './one-groupware';

const HOUR = 3_600_000;

/** The name of each groupware: the first one has none. */
export type Name = '' | 'office' | 'cloud';

/** What has to happen before each change to the outside; it rejects where the process is dead. */
export type Before = () => Promise<void>;

/** The company. Everybody begins at the first groupware. */
export class House {
  readonly crm = new MemoryCrm();
  readonly links = openMemoryLinks(newLinkStore());
  readonly printed: string[] = [];
  /** The groupwares of the configuration; the first one is always there. */
  configured: readonly Name[] = ['', 'office', 'cloud'];
  /** Which of them names a user; the first one where none is said. */
  readonly wanted = new Map<string, readonly Name[]>();
  /** Who has agreed at `cloud`, where that is needed. */
  agreed: Set<string> | undefined;
  readonly troubles = new Map<Name, Trouble>();
  now = Date.UTC(2026, 5, 10, 12);
  readonly #groupwares: Readonly<Record<Name, MemoryGroupware>>;
  #runs = 0;

  constructor(
    logins: readonly string[] = ['ann'],
    /** How each behaves. */
    switches: Readonly<Partial<Record<Name, Partial<Switches>>>> = {},
  ) {
    for (const login of logins) this.crm.users.set(login, { login, email: `${login}@example.com`, isActive: true });
    const made = (name: Name) => memoryGroupware(switches[name] ?? {}, () => this.now);
    this.#groupwares = { '': made(''), office: made('office'), cloud: made('cloud') };
  }

  /** A user's items at a groupware, by their ids. */
  at(name: Name, login = 'ann', kind: EntryKind = 'event') {
    return this.#groupwares[name].of(login, kind);
  }

  /** The subjects of a user's items there, in their order. */
  subjects(name: Name, login = 'ann', kind: EntryKind = 'event'): readonly string[] {
    return [...this.at(name, login, kind).items.values()]
      .map(({ content }) => (content.kind === 'entry' ? content.entry.subject : content.kind))
      .sort();
  }

  /** A row of a user’s. */
  row(objid: number, subject: string, owner = 'ann'): void {
    this.crm.put({ type: 'appointment', objid, kind: 'event', owner, entry: { ...VISIT, subject } });
  }

  /** The subjects of a user's rows, in their order. */
  rows(owner = 'ann'): readonly string[] {
    return [...this.crm.rows.values()]
      .filter((row) => row.owner === owner)
      .map(({ entry }) => entry.subject)
      .sort();
  }

  /** Somebody makes or changes an item, or deletes it. */
  put(name: Name, id: string, entry: Partial<Entry> | undefined, login = 'ann'): void {
    const before = this.at(name, login).items.get(id);
    const known = before?.content.kind === 'entry' ? before.content.entry : VISIT;
    const made = { mark: before?.mark, decorations: [], content: { kind: 'entry', entry: { ...known, ...entry } } } as const;
    this.at(name, login).put(id, entry === undefined ? undefined : made);
  }

  /** The id of an item by its subject. */
  idOf(name: Name, subject: string, login = 'ann'): string {
    const found = [...this.at(name, login).items].find(
      ([, { content }]) => content.kind === 'entry' && content.entry.subject === subject,
    );
    if (found === undefined) throw new Error(`there is no ${subject}`);
    return found[0];
  }

  async grant(login = 'ann'): Promise<Grant> {
    const found = (await this.links.grants(NEVER)).find(({ user }) => user === login);
    if (found === undefined) throw new Error(`there is no grant of ${login}`);
    return found;
  }

  /** The states of a user's links, with their causes, in their order. */
  async states(login = 'ann'): Promise<readonly string[]> {
    const all = await this.links.links(login, NEVER);
    return all.map(({ state, cause }) => `${state}${cause === '' ? '' : ` ${cause}`}`).sort();
  }

  /** A run, an hour after the last one. */
  async run(before: Before = () => Promise.resolve()): Promise<Report> {
    return this.#with(before, (syncing, users, context) => new Round(syncing, users, context).take());
  }

  async dryRun(): Promise<Report> {
    return this.#with(
      () => Promise.resolve(),
      (syncing, users, context) => dryRun(users, syncing, context, turnOf),
    );
  }

  /** Runs until nothing happens any more. */
  async settle(): Promise<Report> {
    let last = await this.run();
    for (let runs = 0; runs < 4; runs += 1) last = await this.run();
    return last;
  }

  async #with(
    before: Before,
    work: (syncing: Syncing, users: readonly CrmUser[], context: SyncContext) => Promise<Report>,
  ): Promise<Report> {
    this.now += HOUR;
    this.printed.length = 0;
    const deadline = plenty();
    const context = {
      ...{ options: {}, words: [], config: { keepMessages: 90 * 24 * HOUR, deadline: 10_000 } },
      parts: { now: () => this.now, owner: `run ${(this.#runs += 1)}`, random: () => 0.5 },
      ...{
        deadline,
        attemptDeadline: plenty,
        emit: ({ text }: { text: string }) => this.printed.push(text),
        progress: () => undefined,
      },
    } as unknown as SyncContext;
    const users = [...this.crm.users.values()].map((user) => {
      const groupwares = this.wanted.get(user.login) ?? [];
      return groupwares.length === 0 || groupwares[0] === '' ? user : { ...user, groupwares };
    });
    try {
      return await work(this.#syncing(before), users, context);
    } finally {
      deadline.end();
    }
  }

  #syncing(before: Before): Syncing {
    const { crm, links } = this;
    const opened = this.configured.map((name) => this.#opened(name, before));
    const config = {
      ...{ window: { past: 60 * 24 * HOUR, ahead: 400 * 24 * HOUR }, every: 0 },
      firstFill: { entriesPerMinute: 0, usersPerHour: 0 },
    } as unknown as Syncing['config'];
    const kept: Links = {
      ...links,
      commit: async (...given) => {
        await before();
        const answer = await links.commit(...given);
        await before();
        return answer;
      },
      endTurn: async (...given) => {
        await before();
        return links.endTurn(...given);
      },
    };
    const writer: Syncing['writer'] = {
      ...crm.writer,
      insert: async (...given) => {
        await before();
        return crm.writer.insert(...given);
      },
      update: async (...given) => {
        await before();
        return crm.writer.update(...given);
      },
    };
    return {
      ...{ config, links: kept, reader: crm.reader, writer },
      groupwares: opened as unknown as All<OpenGroupware>,
      rulesOf: (user) => ({
        ...{ system: 'test', user, mayWrite: true, creates: crm.creates, deletes: 'own', timeZone: 'America/Chicago' },
        removesContacts: false,
      }),
    };
  }

  #opened(name: Name, before: Before): OpenGroupware {
    const open = ({ login }: CrmUser, kind: EntryKind): Collection => {
      const inner = this.#groupwares[name].open(login, kind);
      return {
        ...inner,
        list: async (...given) => this.troubles.get(name) ?? inner.list(...given),
        apply: async (...given) => {
          await before();
          return inner.apply(...given);
        },
      };
    };
    const { agreed } = this;
    const [one] = oneGroupware({
      ...{ name, identity: name, open, called: name === '' ? 'First' : name },
      ...(name === 'cloud' && agreed !== undefined ? { hasAgreed: (login: string) => Promise.resolve(agreed.has(login)) } : {}),
    });
    return one;
  }
}
