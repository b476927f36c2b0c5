import { UserError } from '../../src/core/errors';
import { makeTemplates } from '../../src/io/template';

const { render, check } = makeTemplates();

/** What a template ends with; the error's own words where it cannot be filled. */
function filled(template: string, title: string): string {
  try {
    return render(template, { title });
  } catch (error) {
    if (error instanceof UserError && error.result === 'configuration') return error.message;
    throw error;
  }
}

describe('a template', () => {
  it.each<[string, string, RegExp]>([
    [
      '{{ title | url_decode }}',
      '100% Secret',
      /^the template \{\{ title \| url_decode \}\} cannot be filled: a filter cannot take/,
    ],
    ['{{ title | base64_decode }}', 'Secret!', /a filter cannot take/],
    ['{{ title | url_encode }}', 'Secret \uD83D', /a filter cannot take/],
    ['{% for i in (1..3) %}{{ title | url_decode }}{% endfor %}', '100% Secret', /a filter cannot take/],
    ['{% if title == "" %}{% assign mine = 1 %}{% endif %}{{ mine }}', 'Secret', /a name in it has no value/],
    ['{% for i in (1..100000000) %}x{% endfor %}', 'Secret', /memory alloc limit exceeded/],
    ['{% for i in (1..2000000) %}x{% endfor %}', 'Secret', /template steps limit exceeded/],
    ['{% for i in (1..2000) %}{% for j in (1..2000) %}{% endfor %}{% endfor %}', 'Secret', /template steps limit exceeded/],
    ['{% tablerow i in (1..2000000) %}x{% endtablerow %}', 'Secret', /template steps limit exceeded/],
  ])('%p that cannot be filled is the configuration’s fault, and its error holds no value', (template, title, words) => {
    const said = filled(template, title);
    expect(said).toMatch(words);
    expect(said).not.toContain('Secret');
  });

  it.each<[string, string]>([
    ['{% for i in (1..20000) %}x{% endfor %}', 'x'.repeat(20_000)],
    ["{% assign words = title | split: ' ' %}{{ words | size }}", '3'],
  ])('%p is filled, whatever the clock says', (template, words) => {
    // As long as if the process had been stopped for a minute at each look at the clock.
    let now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 60_000));
    try {
      expect(check(template, ['title'])).toBeUndefined();
      expect(render(template, { title: 'one two three' })).toBe(words);
    } finally {
      clock.mockRestore();
    }
  });

  it.each([
    ['{% for i in (1..2000000) %}x{% endfor %}', 'is no valid template: template steps limit exceeded'],
    [`{{ title }}${' '.repeat(1_000_001)}`, 'is no valid template: parse length limit exceeded'],
  ])('without end is refused by the check', (template, words) => {
    expect(check(template, ['title'])).toContain(words);
  });
});
