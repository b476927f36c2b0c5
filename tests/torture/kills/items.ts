// What a text of iCalendar or of a vCard says, read line by line. Nothing of the program reads here.

export type Kind = 'event' | 'task' | 'contact';
export const KINDS: readonly Kind[] = ['event', 'task', 'contact'];
export const ENDINGS: Readonly<Record<Kind, string>> = { event: '.ics', task: '.ics', contact: '.vcf' };
export const COMPONENTS: Readonly<Record<Kind, string>> = { event: 'VEVENT', task: 'VTODO', contact: 'VCARD' };

/** What an entry says, as either side has it; empty where its kind does not say it. Times are wall clocks of the office, `2026-12-01T09:00:00`, or days. */
export interface Said {
  readonly subject: string;
  readonly begin: string;
  readonly end: string;
  readonly notes: string;
  readonly done: boolean;
  readonly title: string;
  readonly phone: string;
  readonly mobile: string;
}

/** An entry as either side has it. */
export interface Entry extends Said {
  readonly kind: Kind;
  /** The first word of its subject, by which it is known wherever it stands. */
  readonly token: string;
  readonly user: string;
}

/** A text of the groupware. */
export interface Item extends Entry {
  readonly path: string;
  readonly text: string;
  readonly uid: string;
}

/** What an entry says that says nothing. */
export const SILENT: Said = { subject: '', begin: '', end: '', notes: '', done: false, title: '', phone: '', mobile: '' };

/** The entry of a text. */
export function itemIn(text: string, path: string, user: string, kind: Kind): Item {
  const lines = ownLines(text, kind);
  const valueOf = (name: string) => lines.find((line) => new RegExp(`^${name}[;:]`).test(line))?.replace(/^[^:]*:/, '') ?? '';
  const said = kind === 'contact' ? cardIn(lines, valueOf) : agendaIn(kind, valueOf);
  return { ...SILENT, ...said, path, text, kind, user, token: tokenOf(said.subject), uid: valueOf('UID') };
}

/** The first word of a subject. */
export function tokenOf(subject: string): string {
  return subject.split(' ', 1)[0] ?? '';
}

/** Whether people of the campaign made it. */
export function isOfPeople({ token }: Entry): boolean {
  return /^K\d+$/.test(token);
}

/** A text without the breaks of its long lines. */
export function unfolded(text: string): string {
  return text.replace(/\r?\n[ \t]/g, '');
}

/** The lines of the entry itself, without those of what hangs on it. */
function ownLines(text: string, kind: Kind): readonly string[] {
  const lines = unfolded(text).split(/\r?\n/);
  const own = lines.slice(lines.indexOf(`BEGIN:${COMPONENTS[kind]}`) + 1, lines.indexOf(`END:${COMPONENTS[kind]}`));
  let depth = 0;
  return own.filter((line) => {
    if (line.startsWith('BEGIN:')) depth += 1;
    if (line.startsWith('END:')) depth -= 1;
    return depth === 0;
  });
}

function agendaIn(kind: Kind, valueOf: (name: string) => string): Partial<Said> & { readonly subject: string } {
  const time = (name: string) =>
    valueOf(name)
      .replace(/^(\d{4})(\d\d)(\d\d)(?=$|T)/, '$1-$2-$3')
      .replace(/T(\d\d)(\d\d)(\d\d)$/, 'T$1:$2:$3');
  return {
    subject: textOf(valueOf('SUMMARY')),
    ...(kind === 'event'
      ? { begin: time('DTSTART'), end: time('DTEND') }
      : { end: time('DUE'), notes: textOf(valueOf('DESCRIPTION')) }),
    done: valueOf('STATUS') === 'COMPLETED',
  };
}

/** Of telephones those that are not of somebody's home. */
function cardIn(lines: readonly string[], valueOf: (name: string) => string): Partial<Said> & { readonly subject: string } {
  const telephones = lines.filter((line) => /^TEL[;:]/.test(line) && !/^[^:]*HOME/i.test(line));
  const telephone = (isMobile: boolean) =>
    telephones.find((line) => /^[^:]*CELL/i.test(line) === isMobile)?.replace(/^[^:]*:/, '') ?? '';
  return {
    ...{ subject: textOf(valueOf('FN')), title: textOf(valueOf('TITLE')) },
    ...{ phone: textOf(telephone(false)), mobile: textOf(telephone(true)) },
  };
}

function textOf(value: string): string {
  return value.replace(/\\([nN,;\\])/g, (_, character: string) => (/n/i.test(character) ? '\n' : character));
}
