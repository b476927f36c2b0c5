import { cleanText, escapeMarkup, Markup, markup } from '../../../src/destinations/kit/markup';

const character = (code: number) => String.fromCharCode(code);

describe('cleanText', () => {
  it('removes exactly the characters that XML 1.0 forbids', () => {
    const codes = Array.from({ length: 0x10000 }, (_, code) => code);
    const removed = codes.filter((code) => cleanText(character(code)) === '');
    const controls = codes.filter((code) => code < 0x20 && ![0x9, 0xa, 0xd].includes(code));
    expect(removed).toEqual([...controls, 0xfffe, 0xffff]);
  });

  it.each([
    ['a\uD800b', 'a\uFFFDb'],
    ['a\uDC00', 'a\uFFFD'],
    ['\uDE80\uD83D', '\uFFFD\uFFFD'],
    ['\uD83D\uDE80', '\uD83D\uDE80'],
    ['line\r\nline\ttab', 'line\r\nline\ttab'],
  ])('makes of %j %j', (text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });
});

describe('escapeMarkup', () => {
  it.each([
    [`<a href="x" title='y'>&`, '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;'],
    [']]>', ']]&gt;'],
    ['\u0000<', '&lt;'],
  ])('makes of %j %j', (text, escaped) => {
    expect(escapeMarkup(text)).toBe(escaped);
  });
});

describe('markup', () => {
  it('escapes texts, and leaves markup and lists of markup as they are', () => {
    const items = ['1 < 2', 'b'].map((item) => markup`<li>${item}</li>`);
    expect(markup`<ul id="${'"'}" value="${3}">${items}${new Markup('<hr>')}${''}</ul>`.text).toBe(
      '<ul id="&quot;" value="3"><li>1 &lt; 2</li><li>b</li><hr></ul>',
    );
  });
});
