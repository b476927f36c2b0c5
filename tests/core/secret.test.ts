import { inspect } from 'node:util';
import { makeRedactor } from '../../src/core/redact';
import { Secret } from '../../src/core/secret';

describe('a secret', () => {
  const secret = new Secret('s3cr&t wörd+"/x');

  it('shows nothing of itself however it is printed', () => {
    const printed = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [secret] }),
      Object.values(secret).join(),
    ];
    expect(printed.filter((text) => text.includes('s3cr'))).toEqual([]);
  });

  it('gives its value by name', () => {
    expect(secret.reveal()).toBe('s3cr&t wörd+"/x');
  });
});

describe('the redactor', () => {
  const value = 's3cr&t wörd+"/x';
  const redact = makeRedactor([new Secret(value), new Secret('abc'), new Secret('')]);
  const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

  it.each([
    ['as it is', value],
    ['in JSON', JSON.stringify({ password: value })],
    ['URL-encoded', encodeURIComponent(value)],
    ['as a form field', new URLSearchParams({ password: value }).toString()],
    ['in base64', base64(value)],
    ['in base64 after one byte', base64(`a${value}`)],
    ['in base64 after two bytes', base64(`ab${value}tail`)],
    ['in a Basic login', base64(`crm@example.com:${value}`)],
  ])('masks a secret %s', (_manner, text) => {
    const masked = redact(`before ${text} after`);
    expect(masked).toContain('***');
    expect(masked).not.toContain('s3cr');
    for (const offset of [0, 1, 2]) expect(masked).not.toContain(base64('x'.repeat(offset) + value).slice(4, 16));
  });

  it('leaves other text and very short secrets alone', () => {
    expect(redact('abc is the start of the alphabet')).toBe('abc is the start of the alphabet');
  });

  it('masks the longer of two secrets that begin alike as one', () => {
    expect(makeRedactor([new Secret('password'), new Secret('password-two')])('password-two')).toBe('***');
  });
});
