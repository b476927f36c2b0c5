import { spellForReaders } from '../../src/core/reader-date';

describe('a moment of the CRM as people read it', () => {
  it.each([
    ['2010-06-30T00:00:00', 'en-GB', '30 June 2010'],
    ['2010-06-06T17:05:00', 'en-GB', '6 June 2010 at 17:05'],
    ['2010-06-06T17:05:00.123', 'en-GB', '6 June 2010 at 17:05'],
    ['2010-06-30T00:00:00', 'en-US', 'June 30, 2010'],
    ['2010-06-30T00:00:00', 'de-CH', '30. Juni 2010'],
    ['1753-01-01T00:00:00', 'en-GB', ''],
    ['2999-01-01T00:00:00', 'en-US', ''],
    ['2010-06-30', 'en-GB', '2010-06-30'],
    ['Release 2010-06-30T00:00:00', 'en-GB', 'Release 2010-06-30T00:00:00'],
  ])('%s in %s is %j', (value, locale, spelled) => {
    expect(spellForReaders(value, locale)).toBe(spelled);
  });

  it('in plain English is what Intl says', () => {
    for (let month = 1; month <= 12; month++) {
      const value = `2010-${String(month).padStart(2, '0')}-09T07:30:00`;
      const styles = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
      expect(spellForReaders(value, 'en-GB')).toBe(new Intl.DateTimeFormat('en-GB', styles).format(new Date(`${value}Z`)));
    }
  });
});
