import { visible, visibleLines, visibleStart } from '../../src/core/visible';

describe('Text of others in a line of ours', () => {
  it.each([
    ['two\nlines\r\tand a tab', 'two\\nlines\\r\\tand a tab'],
    ['\u001B[2J\u0007 and \u009B31m', '\\u001b[2J\\u0007 and \\u009b31m'],
    ['NUL \u0000 DEL \u007F', 'NUL \\u0000 DEL \\u007f'],
    ['turned \u202E back \u2066', 'turned \\u202e back \\u2066'],
    ['line \u2028 end', 'line \\u2028 end'],
    ['lone \uD800 surrogate', 'lone \\ud800 surrogate'],
    ['Zürich 👩‍👩‍👧 שלום', 'Zürich 👩‍👩‍👧 שלום'],
  ])('%j is shown as %s', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('keeps its lines and tabs where it has several', () => {
    expect(visibleLines('one\n\ttwo\r\n\u001B[31m')).toBe('one\n\ttwo\\r\n\\u001b[31m');
  });

  it('is the same JSON as before', () => {
    const value = { title: 'C1 \u009B31m DEL \u007F turned \u202E joined \u2060 lone \uD800 line\r\n\u2028 end' };
    expect(JSON.parse(visibleLines(JSON.stringify(value)))).toEqual(value);
  });

  it('is cut after it was made visible, and between characters', () => {
    expect(visibleStart('\u001B\u001B', 7)).toBe('\\u001b…');
    expect(visibleStart('🚀🚀🚀', 2)).toBe('🚀…');
    expect(visibleStart('🚀🚀🚀', 3)).toBe('🚀🚀🚀');
    for (const text of ['🚀', 'a🚀', 'aa🚀'])
      expect(visibleStart(text + '🚀'.repeat(1_000), 5)).toBe(`${text}${'🚀'.repeat(4 - [...text].length)}…`);
  });
});
