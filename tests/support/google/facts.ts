// What a stand-in is held to: facts, each with the page that says so.

/** A fact. It is checked against whatever the file set up before. */
export interface Fact {
  /** A sentence in the present tense, without its subject. */
  readonly fact: string;
  /** The address of the page. */
  readonly source: string;
  readonly check: () => Promise<void>;
}

/** A row of a table of facts. */
export function fact(words: string, source: string, check: () => Promise<void>): Fact {
  return { fact: words, source, check };
}

/** Checks facts, and that a reader can open where they are from. */
export function describeFacts(name: string, facts: readonly Fact[]): void {
  describe(name, () => {
    it.each(facts)('$fact', async ({ check, source }) => {
      expect(source).toMatch(/^https:\/\/\w/);
      await check();
    });
  });
}
