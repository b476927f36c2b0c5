// Hostile words in the CRM: they arrive as they are, or without what XML cannot hold, in documents that a strict parser reads.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from 'xmlbuilder2';
import { LONGEST_TEXT } from '../../src/clarify/short-texts';
import { fitText } from '../../src/core/fit';
import { startCompany, type Company } from '../support/company';
import { changeDatabase, changedSample } from '../support/sample';

let databaseFile: string;
let company: Company;
beforeAll(async () => {
  databaseFile = await changedSample(() => undefined);
  company = await startCompany({ databaseFile });
  const config = JSON.parse(readFileSync(company.configFile, 'utf8')) as { destinations: object };
  const destinations = { ...config.destinations, feed: { type: 'feed', folder: 'stream', keep: 1 } };
  writeFileSync(company.configFile, JSON.stringify({ ...config, destinations }));
});
afterAll(() => company.close());

const MEGABYTE = `<start>${'ä🎈'.repeat(200_000)}<end>`;

it.each<[string, string, string?]>([
  // what it is, the title in the CRM, and in the stream where that is another
  ['the end of CDATA', 'a]]>b<![CDATA[c]]>'],
  ['the end of the message', '</title></message><message><title>two'],
  ['an entity', '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;'],
  ['control characters', `a\u0001\u0008\u001b[31m\u001fb`, 'a[31mb'],
  ['characters that are none', 'a\ufffe\uffff\u{1F388}b', 'a\u{1F388}b'],
  ['right to left', 'safe \u202Etxt.exe'],
  ['emoji', '👩‍👩‍👧 🚀 Zürich 你好'],
  ['Windows-1252', '€uro – “quoted” … Žluťoučký'],
  ['mentions', '@channel @here @everyone <!channel> <@U123>'],
  ['Markdown and HTML', '[click](http://evil) **b** <img src=x onerror=alert(1)>'],
  ['lines of a header', 'a\r\nX-Evil: 1\r\n\r\n<html>'],
  ['formats', '%n %s %d ${title} $& $1 `id` $(id)'],
  ['a template', '{{ actor }} {% raw %} {{ "x" | upcase }}'],
  ['SQL', `'; DROP TABLE table_case; --`],
  ['a megabyte', MEGABYTE, fitText(MEGABYTE, LONGEST_TEXT)],
])('%s', async (_, title, expected = title) => {
  await changeDatabase(databaseFile, (crm) =>
    crm.run('UPDATE table_probdesc SET title = @title WHERE objid = 268435457', { title }),
  );
  const before = company.socialcast.posts.length;
  const run = await company.run(['Solution', '268435457', '268435464', '--rule', `rule ${before}`]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const posted = company.socialcast.posts.slice(before).map((post) => post.title);
  // Not compared as texts, lest a failure print a megabyte.
  expect(posted.map((text) => text === `New Solution: ${expected}`)).toEqual([true]);
  const feed = create(readFileSync(join(company.folder, 'stream', 'feed.atom'), 'utf8')).root();
  const shown = (feed.node as unknown as { readonly textContent: string }).textContent;
  // A feed shortens what is very long.
  expect(shown.includes(`New Solution: ${expected.slice(0, 100)}`)).toBe(true);
});
