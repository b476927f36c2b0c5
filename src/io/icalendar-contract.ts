// The contract of texts in iCalendar (RFC 5545): what is read of one, and how a few of its lines are changed.

/** A property as it stands in a component. */
export interface CalendarProperty {
  /** In upper case. */
  readonly name: string;
  /** Whether it cannot be taken apart; all that it has is its name then. */
  readonly isBroken: boolean;
  /** What is behind the colon, unfolded and otherwise as it stands. */
  readonly raw: string;
  /** The same without the escapes of a text. */
  readonly text: string;
  /** A parameter, by its name in upper case. */
  parameter(name: string): string | undefined;
}

/** A component: a calendar, an event, a task, an alarm. */
export interface CalendarComponent<Property = CalendarProperty> {
  /** In upper case, such as `VEVENT`. */
  readonly name: string;
  readonly properties: readonly Property[];
  readonly components: readonly CalendarComponent<Property>[];
  /** Where its lines begin and end in the text: the numbers of BEGIN and END, folded lines counted as one. */
  readonly begin: number;
  readonly end: number;
}

/** A line to be written. */
export interface NewLine {
  readonly name: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly value: NewValue;
}

/** A text, which is escaped, anything else, which is written as it is, or several of them with a semicolon between. */
export type NewValue =
  | { readonly text: string }
  | { readonly plain: string }
  | { readonly parts: readonly ({ readonly text: string } | { readonly plain: string })[] };

/** A component to be written. */
export interface NewComponent {
  readonly name: string;
  readonly lines: readonly NewLine[];
  readonly components: readonly NewComponent[];
}

/** What is to change in a text. All that it does not name stays to the letter, and in its order. */
export interface CalendarChange {
  /** The component whose lines they are, as it was read from this text. */
  readonly component: CalendarComponent;
  /** By name, what stands there in place of all properties of that name; nothing where they only go. */
  readonly lines: ReadonlyMap<string, NewLine | undefined>;
  /** What is put in front of the first component of the calendar. */
  readonly before: readonly NewComponent[];
  /** Components of the calendar that go. */
  readonly without: readonly CalendarComponent[];
}

/** The reader and writer. */
export interface ICalendar {
  /** The one calendar that a text holds; `undefined` where it is none, is not whole, or holds a line that is none of iCalendar. */
  read(text: string): CalendarComponent | undefined;
  /** A text with a change in it. */
  change(text: string, change: CalendarChange): string;
  /** A text with nothing but this in it. */
  write(calendar: NewComponent): string;
}
