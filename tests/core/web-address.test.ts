// Addresses that come from outside.

import { urlOf, webAddress } from '../../src/core/web-address';

describe('An address', () => {
  it.each([
    ['https://m\u00fcnchen.example/x', 'https://xn--mnchen-3ya.example/x'],
    ['mailto:a@b.example', 'mailto:a@b.example'],
    ['https://', undefined],
    ['a/b', undefined],
  ])('is spelled as URLs are: %s', (text, href) => {
    expect(urlOf(text)?.href).toBe(href);
  });

  it('leads on from a base', () => {
    expect(urlOf('../b', new URL('https://a.example/x/y/'))?.href).toBe('https://a.example/x/b');
  });

  it('is an address however often one was asked about', () => {
    const addresses = ['https://m\u00fcnchen.example/x', 'https://a.example/'];
    let count = 0;
    for (let index = 0; index < 100_000; index += 1) if (urlOf(addresses[index % 2] ?? '') !== undefined) count += 1;
    expect(count).toBe(100_000);
  });

  it.each([
    ['HTTP://A.example', 'http://a.example/'],
    ['javascript:alert(1)', undefined],
    ['a.example', undefined],
  ])('becomes a link only where it is http or https: %s', (text, href) => {
    expect(webAddress(text)).toBe(href);
  });
});
