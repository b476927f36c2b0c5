// Writes publish-activity.schema.json into the working directory, from the shapes that check the configuration.

import { writeFileSync } from 'node:fs';
import { configSchema } from '../src/config/schema';
import { destinationTypes } from '../src/destinations/index';

/** The text of the JSON Schema of the configuration, with all destination types. */
export async function schemaText(): Promise<string> {
  const shapes = Object.entries(destinationTypes).map(async ([name, load]) => [name, (await load()).options] as const);
  return `${JSON.stringify(configSchema(Object.fromEntries(await Promise.all(shapes))), undefined, 2)}\n`;
}

/** The name of the file that is shipped. */
export const SCHEMA_FILE = 'publish-activity.schema.json';

if (require.main === module) {
  void schemaText().then((text) => writeFileSync(SCHEMA_FILE, text));
}
