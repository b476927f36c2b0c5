// A map that also knows which of its values belong together, as a table with an index does: campaigns ask for one user's thousands of times.

/** A map whose values are found by their group as well. */
export class IndexedMap<T> extends Map<string, T> {
  readonly #groups = new Map<string, Map<string, T>>();

  constructor(private readonly groupOf: (value: T) => string) {
    super();
  }

  override set(key: string, value: T): this {
    const group = this.groupOf(value);
    const known = this.get(key);
    if (known !== undefined && this.groupOf(known) !== group) this.#leave(key, known);
    const members = this.#groups.get(group) ?? new Map<string, T>();
    this.#groups.set(group, members.set(key, value));
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    const known = this.get(key);
    if (known !== undefined) this.#leave(key, known);
    return super.delete(key);
  }

  override clear(): void {
    this.#groups.clear();
    super.clear();
  }

  /** The values of a group, the one first that came into it first. */
  of(group: string): readonly T[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  #leave(key: string, known: T): void {
    this.#groups.get(this.groupOf(known))?.delete(key);
  }
}
