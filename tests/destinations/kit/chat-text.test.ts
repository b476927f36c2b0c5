import {
  callingNobody,
  fitSpelled,
  headingOf,
  objectOf,
  tagLine,
  webLink,
  withEntities,
} from '../../../src/destinations/kit/chat-text';
import { sampleDelivery } from '../../support/destination';

const { message } = sampleDelivery();

describe('The parts of a message', () => {
  it.each([
    ['A title', 'A title'],
    [' A\r\n title\t', 'A title'],
    ['', 'Case 10042'],
    ['\u0000 \n', 'Case 10042'],
  ])('begin with the heading of the title %j: %s', (title, heading) => {
    expect(headingOf({ ...message, title })).toBe(heading);
  });

  it('name the object as far as it is known', () => {
    expect([objectOf(message), objectOf({ typeName: '', id: '7' })]).toEqual(['Case 10042', '7']);
  });

  it.each([
    [['crm', 'Zürich', 'e\u0301'], '#crm #Zürich #e\u0301'],
    [['a b', '#c', '<!here>'], '#ab #c #here'],
    [['#', '<', ''], ''],
  ])('end with the tags %j: %s', (tags, line) => {
    expect(tagLine({ ...message, tags })).toBe(line);
  });
});

describe('A link', () => {
  it.each([
    ['http://server/a?b=1&c=2#d', 'http://server/a?b=1&c=2#d'],
    ['HTTPS://Server', 'https://server/'],
    [`http://server/(a)[b]<c>|"d"'e'\`*\\`, 'http://server/%28a%29%5Bb%5D%3Cc%3E%7C%22d%22%27e%27%60%2A/'],
    ['http://server/ä b', 'http://server/%C3%A4%20b'],
    ['', undefined],
    ['/Cases/1', undefined],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['http://', undefined],
    [`http://server/${'x'.repeat(1_487)}`, undefined],
  ])('of %.40j is %.40j', (address, link) => {
    expect(webLink(address)).toBe(link);
  });
});

describe('A text', () => {
  it.each([
    ['@all', '@\u200Ball'],
    ['a @all,@here', 'a @\u200Ball,@\u200Bhere'],
    ['_@all @@all', '_@\u200Ball @\u200B@\u200Ball'],
    ['ann@example.com', 'ann@example.com'],
    ['ä@all 1@all', 'ä@all 1@all'],
    ['\u{1F600}@all', '\u{1F600}@\u200Ball'],
  ])('%j calls nobody as %j', (text, harmless) => {
    expect(callingNobody(text)).toBe(harmless);
  });

  it('has entities for what is markup everywhere', () => {
    expect(withEntities('a < b & "c" > \u0001&amp;')).toBe('a &lt; b &amp; "c" &gt; &amp;amp;');
  });

  it.each([
    ['<<<', 12, '&lt;&lt;&lt;'],
    ['<<<', 11, '&lt;&lt;…'],
    ['<<<', 4, '…'],
    ['abc', 3, 'abc'],
  ])('%j within %d is spelled %j', (text, most, spelled) => {
    expect(fitSpelled(text, most, withEntities)).toBe(spelled);
  });
});
