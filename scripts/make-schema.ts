// Writes publish-activity.schema.json into the working directory, from the shapes that check the configuration.

import { writeFileSync } from 'node:fs';
import { configSchema, type OptionShapes } from '../src/config/schema';
import type { Shape } from '../src/core/shape';
import { destinationTypes } from '../src/destinations/index';
import { groupwareTypes } from '../src/groupware/index';

/** The text of the JSON Schema of the configuration, with all types of destinations and groupware. */
export async function schemaText(): Promise<string> {
  const loaders = Object.entries(groupwareTypes).map(([name, { load }]) => [name, load] as const);
  const types = { destinations: await shapesOf(destinationTypes), groupware: await shapesOf(Object.fromEntries(loaders)) };
  return `${JSON.stringify(configSchema(types), undefined, 2)}\n`;
}

type Loaders = Readonly<Record<string, () => Promise<{ readonly options: Shape<unknown> }>>>;

async function shapesOf(types: Loaders): Promise<OptionShapes> {
  const shapes = Object.entries(types).map(async ([name, load]) => [name, (await load()).options] as const);
  return Object.fromEntries(await Promise.all(shapes));
}

/** The name of the file that is shipped. */
export const SCHEMA_FILE = 'publish-activity.schema.json';

if (require.main === module) {
  void schemaText().then((text) => writeFileSync(SCHEMA_FILE, text));
}
