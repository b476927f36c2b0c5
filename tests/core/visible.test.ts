import { visible, visibleStart } from '../../src/core/visible';

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

  it('is cut after it was made visible, and between characters', () => {
    expect(visibleStart('\u001B\u001B', 7)).toBe('\\u001b…');
    expect(visibleStart('🚀🚀🚀', 2)).toBe('🚀…');
    expect(visibleStart('🚀🚀🚀', 3)).toBe('🚀🚀🚀');
  });
});
