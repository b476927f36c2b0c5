// What opens an address in a browser: as the platform has it, and never anything but an address of the web.

import { openInBrowser } from '../../src/io/opener';

describe('A browser', () => {
  it.each(['javascript:alert(1)', 'file:///etc/passwd', '--help', '', 'ms-settings:'])(
    'is never opened with %p',
    async (address) => {
      expect(await openInBrowser(address, { env: { PATH: '/usr/bin:/bin' }, platform: 'linux' })).toBe(false);
    },
  );

  // Its own one a system finds wherever PATH leads.
  const others = (['linux', 'darwin', 'win32'] as const).filter((platform) => platform !== process.platform);
  it.each(others)('that cannot be opened on %s is no trouble', async (platform) => {
    expect(await openInBrowser('http://127.0.0.1:1/', { env: { PATH: '/nowhere' }, platform })).toBe(false);
  });
});
