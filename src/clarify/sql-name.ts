// The one gate through which names of tables and columns enter SQL text.

/** A name as `[name]`. Throws for anything but letters, digits and `_`, so that no text from a configuration can become SQL. */
export function sqlName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name))
    throw new Error(`${JSON.stringify(name)} is not the name of a table or column`);
  return `[${name}]`;
}
