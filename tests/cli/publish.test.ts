// The whole way over real TCP: the words of a rule, SQL Server, Socialcast.

import { startCompany, type Company } from '../support/company';

const xml = (title: string, body: string, url: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><message><title><![CDATA[${title}]]></title><body><![CDATA[${body}]]></body><url><![CDATA[${url}]]></url></message>`;

describe('a rule that fires', () => {
  let company: Company;
  beforeAll(async () => {
    company = await startCompany();
  });
  afterAll(() => company.close());

  it.each([
    [
      ['Case', '268435457', '268435457'],
      "Created Case for Nora O'Dell at Calder & Sons, Dock 3",
      "Case Title: Meter reads 0 after power loss & won't reset #dovetailCRM",
      'http://server/dovetail/Cases/Summary/4711',
    ],
    [
      ['Case', '268435458', '268435463'],
      'Close for Jürg Ammann at Seefeld Pharma Zürich',
      'Case Title: Zählerstand falsch <Linie 2> ]]]]><![CDATA[> Anzeige #dovetailCRM',
      'http://server/dovetail/Cases/Summary/4712',
    ],
    [
      ['case', '268435457', '268435462'],
      "Notes for Nora O'Dell at Calder & Sons, Dock 3",
      "Case Title: Meter reads 0 after power loss & won't reset #dovetailCRM",
      'http://server/dovetail/Cases/Summary/4711',
    ],
    [
      ['Case', '268435459', '268435468'],
      'Dispatch at Seefeld Pharma Zürich',
      'Case Title: (no title) #dovetailCRM',
      'http://server/dovetail/Cases/Summary/4713',
    ],
    [
      ['Case', '268435459', '268435471'],
      'Activity 94001 at Seefeld Pharma Zürich',
      'Case Title: (no title) #dovetailCRM',
      'http://server/dovetail/Cases/Summary/4713',
    ],
    [
      ['Solution', '268435457', '268435464'],
      'New Solution: Reset procedure for FLM-200 after power loss',
      ' #dovetailCRM',
      'http://server/dovetail/Solutions/Show/201',
    ],
    [
      ['probdesc', '268435458', '268435465'],
      'New Solution: Internal: batch with faulty capacitor',
      ' #dovetailCRM',
      'http://server/dovetail/Solutions/Show/202',
    ],
    [
      ['Case', '268435457', '[Activity', 'Objid=???]'],
      'Case 4711',
      "Case Title: Meter reads 0 after power loss & won't reset #dovetailCRM",
      'http://server/dovetail/Cases/Summary/4711',
    ],
    [
      ['0,', '"268435459",', '0', '&'],
      'Case 4713',
      'Case Title: (no title) #dovetailCRM',
      'http://server/dovetail/Cases/Summary/4713',
    ],
  ])('posts %j as the script of 2010 did, without a word', async (words, title, body, url) => {
    const before = company.socialcast.requests.length;
    expect(await company.run(words)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const requests = company.socialcast.requests.slice(before);
    expect(requests.map((request) => request.body)).toEqual([xml(title, body, url)]);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/messages.xml',
      headers: { 'content-type': 'application/xml', accept: 'application/xml', 'user-agent': 'publish-activity/1.0.0' },
    });
  });

  it('reads in one round trip, with values as parameters', async () => {
    const before = company.database.queries.length;
    await company.run(['Case', '268435457', '268435457', '--rule', 'read']);
    const queries = company.database.queries.slice(before);
    expect(queries).toHaveLength(1);
    expect(queries[0]?.parameters).toEqual({ activity0: 268435457, typeId: 0 });
    expect(queries[0]?.text).not.toMatch(/268435457|INSERT|UPDATE|DELETE/i);
  });

  it('leaves out an internal note as a whole, and says so', async () => {
    const before = company.socialcast.connections();
    const run = await company.run(['Case', '268435457', '268435470']);
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: 'publish-activity: activity 268435470 is an internal note\n' });
    expect(company.socialcast.connections()).toBe(before);
  });

  it('is refused with 66 for an activity of another object', async () => {
    const reason = 'activity 268435457 does not belong to the case with the objid 268435458';
    expect(await company.run(['Case', '268435458', '268435457'])).toMatchObject({
      code: 66,
      stdout: '',
      stderr: `publish-activity: ${reason}\n`,
    });
  });

  it.each([
    ['an activity', ['Case', '268435457', '5'], 'there is no activity with the objid 5'],
    ['an object', ['Case', '5'], 'there is no case with the objid 5'],
  ])('is kept with 75 for %s that is not there yet, and stands in nobody’s way', async (_what, words, reason) => {
    const run = await company.run(words);
    expect(run).toMatchObject({ code: 75, stdout: '' });
    expect(run.stderr).toContain(`publish-activity: ${reason}; kept, and looked for until it is 10 minutes old\n`);
    expect((await company.run(['Case', '268435457', '268435457', '--rule', words.join(' ')])).code).toBe(0);
  });

  it('writes one line to the log whatever happens', async () => {
    const before = company.log().length;
    await company.run(['Case', '268435457', '268435457', '--rule', 'SLA warning']);
    const lines = company.log().slice(before);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      result: 'posted',
      exitCode: 0,
      objectType: 'case',
      objid: 268435457,
      activityObjid: 268435457,
      rule: 'SLA warning',
      deliveries: [
        { destination: 'socialcast', result: 'posted', receipt: { permalink: expect.stringContaining('/messages/') } },
      ],
    });
  });

  it('prints one JSON object with --json, and the permalink with --verbose', async () => {
    const json = await company.run(['Case', '268435457', '268435457', '--rule', 'json', '--json']);
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      format: 1,
      result: 'posted',
      exitCode: 0,
      deliveries: [{ receipt: { id: expect.any(String) } }],
    });
    const verbose = await company.run(['Case', '268435457', '268435457', '--rule', 'verbose', '--verbose']);
    expect(verbose.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/messages\/\S+\n$/);
    expect(verbose.stderr).toContain(`configuration ${company.configFile}, named by PUBLISH_ACTIVITY_CONFIG`);
  });

  it('shows in a dry run what would go out, and neither sends nor writes', async () => {
    const before = [company.socialcast.connections(), company.log().length];
    const run = await company.run(['Case', '268435458', '268435463', '--rule', 'dry', '--dry-run']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain(`POST ${company.socialcast.url}/api/messages.xml\n`);
    expect(run.stdout).toContain('Authorization: Basic ***\n');
    expect(run.stdout).toContain('<title><![CDATA[Close for Jürg Ammann at Seefeld Pharma Zürich]]></title>');
    expect(run.stdout).toContain('first attempt');
    expect([company.socialcast.connections(), company.log().length]).toEqual(before);
  });
});

describe('a configuration of its own', () => {
  it('leaves out solutions that are not public', async () => {
    const company = await startCompany({ clarify: { publicSolutionsOnly: true } });
    const run = await company.run(['Solution', '268435458', '268435465']);
    expect(run).toMatchObject({
      code: 0,
      stderr: 'publish-activity: solution 202 is not public, and clarify.publicSolutionsOnly is set\n',
    });
    expect((await company.run(['Solution', '268435457', '268435464'])).code).toBe(0);
    expect(company.socialcast.posts.map((post) => post.url)).toEqual(['http://server/dovetail/Solutions/Show/201']);
    await company.close();
  });

  it('words, tags and links posts as a site likes', async () => {
    const templates = {
      Case: { close: { title: '{{ actor }} closed {{ id }} ({{ severity }}, {{ rule }})' } },
      probdesc: { '*': { link: 'https://agent/{{ id }}' } },
    };
    const company = await startCompany({
      more: { templates, tags: ['crm', '#support'] },
      destination: { groupId: 12, messageType: 'link' },
    });
    await company.run(['Case', '268435458', '268435463', '--rule', 'Close']);
    await company.run(['Solution', '268435457', '268435464']);
    expect(company.socialcast.posts).toMatchObject([
      {
        title: 'Dirk Keller closed 4712 (Minor, Close)',
        body: 'Case Title: Zählerstand falsch <Linie 2> ]]> Anzeige #crm #support',
        groupId: '12',
        messageType: 'link',
      },
      { url: 'https://agent/201' },
    ]);
    await company.close();
  });

  it('is refused as a whole with 78, every problem at once', async () => {
    const templates = { Case: { Close: { title: '{{ titel }}' } }, Zeppelin: {} };
    const company = await startCompany({ more: { templates, deadlin: '5s', tags: 'x' } });
    const run = await company.run(['Case', '268435458', '268435463']);
    expect(run.code).toBe(78);
    for (const part of [
      'did you mean deadline?',
      'did you mean title?',
      'no object type has this name',
      'tags: is a text',
      'has 4 problems',
    ]) {
      expect(run.stderr).toContain(part);
    }
    expect(company.log()).toHaveLength(1);
    await company.close();
  });
});
