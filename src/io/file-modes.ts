// Which file that the program makes may be read and written by whom, on POSIX. On Windows the rights are those of the folder.

/** The rights of a kind of file or folder. */
export interface FileRights {
  /** What people call it. */
  readonly what: string;
  /**
   * The permission bits. Owner and group get them whatever the umask says; what the umask takes from all others stays taken. A folder
   * with the bit 2000 gives its group to all that is made in it.
   */
  readonly mode: number;
  /** Why just these. */
  readonly why: string;
}

const TWO_ACCOUNTS = 'the rules and an administrator may be two accounts of one group';

/** Every kind of file that the program makes. A folder is made only where it is missing, and keeps its rights where it is there. */
export const FILE_MODES = {
  ledger: { what: 'the ledger', mode: 0o660, why: `it holds what was posted, and ${TWO_ACCOUNTS}` },
  ledgerFolder: { what: 'its folder', mode: 0o2770, why: 'SQLite makes files beside the ledger' },
  spool: { what: 'a request in the spool', mode: 0o660, why: 'as the ledger, which takes it in' },
  spoolFolder: { what: 'the spool', mode: 0o2770, why: 'each account of the group keeps requests in it, and takes them in' },
  log: { what: 'the log, and each full one', mode: 0o660, why: `as the ledger: ${TWO_ACCOUNTS}, and each writes its lines` },
  logFolder: { what: 'its folder', mode: 0o2770, why: 'each account of the group begins a new log when one is full' },
  feedStore: { what: 'the store of a feed', mode: 0o660, why: 'each account of the group adds posts; no web server reads it' },
  feedPage: {
    what: 'a page or feed',
    mode: 0o644,
    why: 'a web server, which is another account, reads it; it is replaced and never changed',
  },
  feedFolder: {
    what: 'the folder of a feed',
    mode: 0o2775,
    why: 'each account of the group replaces pages in it, and a web server reads them',
  },
  entry: {
    what: 'an entry in a folder of entries',
    mode: 0o660,
    why: "its user's programs change it; one that is replaced keeps the wider rights that it has",
  },
  entryFolder: {
    what: 'a folder of entries',
    mode: 0o2770,
    why: 'each account of the group, and the programs that carry it on, make entries in it',
  },
  codeCache: { what: 'the code cache', mode: 0o644, why: 'it is code: whoever can write it decides what others run' },
  configuration: {
    what: 'the configuration of init',
    mode: 0o644,
    why: 'no secret stands in it, and the account of the rules reads it',
  },
  configurationFolder: {
    what: 'its folder',
    mode: 0o755,
    why: 'the account of the rules looks into it, and has nothing to write there',
  },
  secret: {
    what: 'a secret of init',
    mode: 0o600,
    why: 'nobody but its owner; an administrator gives it to the account of the rules',
  },
} as const satisfies Readonly<Record<string, FileRights>>;

/** What owner and group get whatever the umask says. */
export const OWNER_AND_GROUP = 0o2770;
