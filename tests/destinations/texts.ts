// What becomes of texts at a destination: they keep to the limits that its type names, and take a time that grows with their length and no
// faster, whatever they are made of: with the square of it, these would not come to an end.

import { bytesOf, unitsOf, type Limit } from '../../src/core/fit';
import { LONGEST_PART, type Message } from '../../src/core/message';
import type { DestinationType } from '../../src/destinations/destination';
import { sampleDelivery } from '../support/destination';

/** What escapes, splits, limits and trims look for. */
const PIECES = [
  ']]>',
  '\u0001',
  '-\n',
  '1.\n',
  '`',
  '&',
  '&a',
  '@',
  '<',
  '<!--',
  '\\',
  '#',
  '_',
  '~',
  '{{',
  '=',
  ' ',
  '\r',
  '\t\n',
];
const CHARACTERS = ['\uD83D', 'e\u0301', '\u{1F468}\u200D', '\u0301', '\u202E', 'x'];

/** Asks what becomes of the longest texts. */
export function describeTexts<Options, Payload>(type: DestinationType<Options, Payload>, optionsOf: () => Options): void {
  const payloadOf = (message: Partial<Message>): unknown => type.encode(sampleDelivery(message), optionsOf());

  it.each([...PIECES, ...CHARACTERS])('takes a message of nothing but %j', (piece) => {
    const options = optionsOf();
    const payload = type.encode(sampleDelivery(allOf(piece)), options);
    expect(type.preview(payload, options)).toBeDefined();
    if (type.limits['whole'] !== undefined)
      expect(lengthOf(bodyOf(payload), type.limits['whole'])).toBeLessThanOrEqual(type.limits['whole'].most);
  });

  it.each(['title', 'body'] as const)('cuts a %s where the limits of the type say, and not before', (part) => {
    const limit = type.limits[part];
    const least = (limit ?? type.limits['whole'])?.most ?? LONGEST_PART;
    for (const letter of ['Q', 'ß']) {
      const runs = runsOf(letter, payloadOf({ [part]: letter.repeat(LONGEST_PART) }), limit);
      // The mark of what was cut off, and half a letter.
      if (limit !== undefined && limit.most < LONGEST_PART)
        expect(runs.filter((run) => run <= limit.most && run >= limit.most - 4)).not.toEqual([]);
      else expect(Math.max(...runs)).toBeGreaterThan(least / 4);
    }
  });
}

/** A message whose every part is as long as can be. */
function allOf(piece: string): Partial<Message> {
  const long = piece.repeat(LONGEST_PART / piece.length);
  const parts = { title: long, body: long, actor: long, activity: long, id: long, url: `https://agent/${long}` };
  const fields = Array.from({ length: 30 }, () => ({ name: 'site', label: 'Site', value: long }));
  return { ...parts, tags: [long, long], fields };
}

/** How long the runs of a letter are in what goes out, as a limit counts. */
function runsOf(letter: string, payload: unknown, limit: Limit | undefined): readonly number[] {
  const runs = JSON.stringify(payload).match(new RegExp(`${letter}+`, 'g')) ?? [];
  return runs.map((run) => lengthOf(run, limit));
}

function lengthOf(text: string, limit: Limit | undefined): number {
  return limit?.unit === 'bytes' ? bytesOf(text) : unitsOf(text);
}

function bodyOf(payload: unknown): string {
  if (typeof payload === 'object' && payload !== null && 'body' in payload && typeof payload.body === 'string')
    return payload.body;
  throw new Error("the limit `whole` is that of the payload's `body`, a text");
}
