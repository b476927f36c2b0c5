// Whatever a text is made of, what becomes of it at a destination takes a time that grows with its length and no faster: with the square
// of it, these would not come to an end.

import { LONGEST_PART } from '../../src/core/message';
import { loadDestinationType, type DestinationTypeName } from '../../src/destinations/index';
import { checkOptions, sampleDelivery } from '../support/destination';

jest.setTimeout(60_000);

const OPTIONS: Readonly<Record<DestinationTypeName, object>> = {
  socialcast: { url: 'https://sc.example', username: 'u', password: 'p' },
  feed: { folder: 'feed' },
  slack: { webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' },
  'google-chat': { webhookUrl: 'https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t' },
  mattermost: { webhookUrl: 'https://mm.example/hooks/abc' },
  email: { host: 'mail.example', from: 'crm@example.com', to: ['team@example.com'] },
  exec: { command: 'true' },
  teams: { webhookUrl: 'https://prod.example/workflows/x' },
  webhook: { url: 'https://receiver.example/in' },
};

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

describe.each(Object.entries(OPTIONS))('%s', (name, raw) => {
  it.each([...PIECES, ...CHARACTERS])('takes a message of nothing but %j', async (piece) => {
    const type = await loadDestinationType(name);
    const { options, problems } = checkOptions(type ?? fail(name), raw);
    expect(problems).toEqual([]);
    const long = piece.repeat(LONGEST_PART / piece.length);
    const parts = { title: long, body: long, actor: long, activity: long, id: long, url: `https://agent/${long}` };
    const delivery = sampleDelivery({ ...parts, tags: [long], fields: [{ name: 'site', label: 'Site', value: long }] });
    const payload = type?.encode(delivery, options);
    expect(type?.preview(payload, options)).toBeDefined();
  });
});

function fail(name: string): never {
  throw new Error(`there is no destination type ${name}`);
}
