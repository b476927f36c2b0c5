// Every destination type is asked what every destination has to answer.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { destinationTypes } from '../../src/destinations/index';

it.each(Object.keys(destinationTypes))('the tests of %s ask what the suite asks', (name) => {
  const file = join(__dirname, `${name}.test.ts`);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  // A folder speaks to nobody, and has tests of its own for what a server would do.
  const asks = name === 'feed' ? 'describeTexts(' : 'describeDestination(';
  const wanted = `tests/destinations/${name}.test.ts has to call ${asks}…), with a stand-in of the place`;
  expect(text.includes(asks) ? [] : [wanted]).toEqual([]);
});
