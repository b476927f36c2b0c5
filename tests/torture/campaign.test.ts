// A short kill campaign; `npm run torture` runs long ones.

import { join } from 'node:path';
import { sampleDatabase } from '../support/sample';
import { runCampaign } from './campaign';

const program = join(__dirname, '..', '..', 'dist', 'publish-activity.js');

describe('a program that is killed again and again', () => {
  it.each(['socialcast', 'feed'] as const)(
    'loses nothing that it accepted, and posts nothing twice: %s',
    async (destination) => {
      const result = await runCampaign({ program, sample: sampleDatabase(), kills: 30, atOnce: 2, destination });
      expect(result.kills).toBeGreaterThanOrEqual(30);
      expect(result.expected).toBeGreaterThan(0);
      expect(result).toMatchObject({ lost: 0, doubled: 0, inDoubt: 0 });
    },
    180_000,
  );
});
