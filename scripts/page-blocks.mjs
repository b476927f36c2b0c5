// The generated blocks of the pages: name to the function that makes its text from the code.

import { join } from 'node:path';
import { importTs } from './compile-ts.mjs';
import { currentSample, readRows } from './make-sample.mjs';

const root = join(import.meta.dirname, '..');

/** Every block that the pages must have. */
export const generators = {
  help,
  'object-types': objectTypeNames,
  'exit-codes': exitCodes,
  outcomes,
  'program-exits': programExits,
  destinations,
  'destination-names': destinationNames,
  'in-doubt': inDoubt,
  placeholders,
  wording,
  sentences,
  keys,
  grants,
  'entry-grants': entryGrants,
  'crm-types': crmTypes,
  'file-modes': fileModes,
};

async function help() {
  // Help is wrapped at the width of the terminal.
  process.stdout.columns = 80;
  const { helpText } = await importTs('src/cli/program.ts');
  const { vocabulary } = await importTs('src/commands/index.ts');
  // The exit codes have a table of their own.
  const [text] = helpText(vocabulary).split('\nExit codes:\n');
  return `~~~text\n${text.trim()}\n~~~`;
}

async function objectTypeNames() {
  const { objectTypes } = await importTs('src/clarify/object-types/index.ts');
  const { guideOf } = await importTs('src/clarify/rules/guide.ts');
  const { exampleTitles } = await importTs('scripts/example-posts.ts');
  const titles = await exampleTitles(currentSample(), readRows(join(root, 'sample', 'clarify-sample.json')));
  const rows = objectTypes.map((type) => [
    `\`${type.name}\``,
    [...type.aliases, type.typeId ?? []]
      .flat()
      .map((alias) => `\`${alias}\``)
      .join(', '),
    guideOf(type).startEvents.join(', ') || 'none fires; see [`scan`](#what-no-rule-can-fire-on)',
    titles.get(type.name),
  ]);
  return table(['object type', 'what a rule may call it', 'start events', 'a post'], rows);
}

async function exitCodes() {
  const { EXIT_CODES } = await importTs('src/cli/exit-code.ts');
  return table(
    ['code', 'meaning'],
    Object.values(EXIT_CODES).map(({ code, meaning }) => [code, meaning]),
  );
}

/** What every status of HTTP comes to: the real function is asked, with a body that says nothing and with an empty one. */
async function outcomes() {
  const { outcomeOf } = await importTs('src/destinations/kit/answer.ts');
  const { EXIT_CODES } = await importTs('src/cli/exit-code.ts');
  const reader = { receipt: () => undefined, errors: () => [] };
  const rowOf = (answered, result) => {
    const { kind, reason = '', loginRefused } = outcomeOf(result, reader, 0, (text) => text);
    const words = reason.replace(/^the server answered \d+: /, '').replace(/^ \(\)(, )?/, '');
    const becomes = { delivered: 'posted', retry: 'not posted', unknown: 'may have been posted', rejected: 'refused' }[kind];
    const end = { delivered: 'posted', retry: 'later', unknown: 'later', rejected: loginRefused ? 'login-refused' : 'rejected' }[
      kind
    ];
    return [answered, words === '' ? becomes : `${becomes}: ${words}`, EXIT_CODES[end].code];
  };
  const groups = new Map();
  for (let status = 200; status < 600; status += 1) {
    const answers = ['', '?'].map((body) => rowOf('', { kind: 'answer', status, headers: {}, body, complete: true }));
    const same = JSON.stringify(answers[0]) === JSON.stringify(answers[1]);
    const cases = same
      ? [['', answers[0]]]
      : [', empty or with the message', ', with anything else'].map((how, at) => [how, answers[at]]);
    for (const [how, row] of cases) {
      const key = JSON.stringify([how, row]);
      groups.set(key, { how, row, statuses: [...(groups.get(key)?.statuses ?? []), status] });
    }
  }
  // "Other 4xx" comes after the ones that it is other than.
  const place = ({ statuses }) => Math.floor(statuses[0] / 100) * 1000 + (statuses.length > 10 ? 999 : statuses[0] % 100);
  const rows = [...groups.values()]
    .sort((a, b) => place(a) - place(b))
    .map(({ how, row, statuses }) => [spellStatuses(statuses) + how, ...row.slice(1)]);
  const failure = (sent) => ({ kind: 'failure', sent, code: '', message: '' });
  return table(
    ['answer', 'what becomes of the post', 'exit code'],
    [
      ...rows,
      ['none: no connection, no TLS, a proxy that refuses', ...rowOf('', failure(false)).slice(1)],
      ['none, or cut off, after the request went out', 'may have been posted', rowOf('', failure(true))[2]],
    ],
  );
}

/** What every exit code of a program of `exec` comes to: the real function is asked. */
async function programExits() {
  const { outcomeOfProcess } = await importTs('src/destinations/exec/outcome.ts');
  const groups = new Map();
  for (let exitCode = 0; exitCode < 256; exitCode += 1) {
    const {
      kind,
      reason = '',
      loginRefused,
    } = outcomeOfProcess({ kind: 'ended', exitCode, stdout: '', stderr: '' }, (text) => text);
    const words = reason.replace(/^.*exit code \d+: /, '');
    const becomes = loginRefused ? 'not posted, and tried again' : BECOMES[kind];
    const key = words === '' ? becomes : `${becomes}: ${words}`;
    groups.set(key, [...(groups.get(key) ?? []), exitCode]);
  }
  const rows = [...groups].sort(([, a], [, b]) => (a.length > 10) - (b.length > 10) || a[0] - b[0]);
  return table(
    ['exit code', 'what becomes of the post'],
    [
      ...rows.map(([becomes, codes]) => [codes.length > 10 ? 'any other' : codes.join(', '), becomes]),
      ['none: it took too long or was killed', BECOMES.unknown],
      ['none: it could not be started', BECOMES.retry],
    ],
  );
}

const BECOMES = {
  delivered: 'posted',
  retry: 'not posted, and tried again',
  unknown: 'may have been posted',
  rejected: 'refused',
};

function spellStatuses(statuses) {
  const hundreds = `${Math.floor(statuses[0] / 100)}xx`;
  return statuses.length === 100 ? hundreds : statuses.length > 10 ? `other ${hundreds}` : statuses.join(', ');
}

const REPEATS = {
  safe: 'is dropped',
  findable: 'would be a second post, but whether the first one is there can be looked up',
  unsafe: 'would be a second post',
};

/** Every destination type by its name, in the order of their table. */
async function allDestinations() {
  const { destinationTypes } = await importTs('src/destinations/index.ts');
  return Promise.all(Object.entries(destinationTypes).map(async ([name, load]) => ({ name, ...(await load()) })));
}

async function destinations() {
  const repeatOf = ({ repeat }) => {
    if (typeof repeat === 'string') return REPEATS[repeat];
    const usual = Object.entries(repeat.when).filter(([, when]) => when === '');
    const others = Object.entries(repeat.when).filter(([, when]) => when !== '');
    return [...usual, ...others].map(([each, when]) => `${when === '' ? '' : `${when}: `}${REPEATS[each]}`).join('; ');
  };
  const rows = (await allDestinations()).map((type) => [
    `\`${type.name}\``,
    sentence(type.summary),
    repeatOf(type),
    setupLink(type),
  ]);
  return table(['type', 'what it is', 'the same delivery again', 'where the credentials come from'], rows);
}

/** All of them in running text. */
async function destinationNames() {
  const names = (await allDestinations()).map(({ called }) => called);
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}.`;
}

/** What a rerun does with a post in doubt, by what a repeat does at the destination. */
const IN_DOUBT = {
  safe: ['drops a repeat', 'it is sent again under the same id'],
  findable: [
    'can be asked',
    "it is asked for its login's own posts since a day before the attempt, because clocks differ and are set. Only a whole list says that a " +
      'post is not there. Slack and Mattermost show the id of the delivery; in Socialcast a post with the same link, title and body that is ' +
      "no other delivery's is taken for this one. If there is none, it is sent again. Without a clear answer it is asked again, for 5 days, and then *held*",
  ],
  unsafe: ['neither', 'it is *held*, or sent again with `"whenInDoubt": "resend"`'],
};

async function inDoubt() {
  const types = await allDestinations();
  const rows = Object.entries(IN_DOUBT).map(([kind, [words, what]]) => {
    const whenOf = ({ repeat }) => (typeof repeat === 'string' ? { [repeat]: '' } : repeat.when);
    const named = types.flatMap((type) => {
      const when = whenOf(type)[kind];
      return when === undefined ? [] : [`\`${type.name}\`${when === '' ? '' : ` ${when}`}`];
    });
    return [`${words} (${named.join(', ')})`, what];
  });
  return table(['the destination', 'what happens'], rows);
}

const MEANINGS = {
  objectType: "the object type's name in this program, for example `case`",
  typeName: 'what posts call it, for example `Case`',
  objid: 'the objid of the object',
  ownerName: "the owner's first and last name, else the login",
  product: 'part number and revision',
  queue: 'the queue that it is in',
  status: 'its status',
  oldStatus: 'the status before, for a change of status',
  newStatus: 'the status after it',
  resolution: 'how a case was closed',
  commitmentDue: 'when a commitment is due',
  contact: 'first and last name of the contact; empty where the type has none',
  activity: "the activity's name; empty where the post is about the object itself",
  activityCode: 'its `act_code`',
  activityObjid: 'the objid of its row',
  actor: 'who did it: a name, else a login, else empty',
  actorLogin: 'the login of that person',
  rule: 'what `--rule` said; empty without it',
  agentUrl: '`clarify.agentUrl`',
};

async function placeholders() {
  const { COMMON_PLACEHOLDERS } = await importTs('src/core/compose.ts');
  const { objectTypes } = await importTs('src/clarify/object-types/index.ts');
  const common = COMMON_PLACEHOLDERS.map((name) => {
    if (!Object.hasOwn(MEANINGS, name)) throw new Error(`scripts/page-blocks.mjs does not say what {{ ${name} }} means`);
    return ['every type', `\`${name}\``, MEANINGS[name]];
  });
  const own = objectTypes.flatMap(({ name, table: from, fields }) =>
    Object.entries(fields).map(([field, path]) => [`\`${name}\``, `\`${field}\``, `\`${from}.${path}\``]),
  );
  return table(['object type', 'placeholder', 'value'], [...common, ...own]);
}

/** The words of the script of 2010 as a configuration would spell them. */
async function wording() {
  const { objectTypeNamed } = await importTs('src/clarify/object-types/index.ts');
  const { WORDS_OF_2010 } = await importTs('src/clarify/wording.ts');
  const withLink = (words, link) => Object.fromEntries(Object.entries(words).map(([key, parts]) => [key, { ...parts, link }]));
  const templates = Object.fromEntries(
    Object.entries(WORDS_OF_2010).map(([name, words]) => [name, withLink(words, objectTypeNamed(name).link)]),
  );
  return `~~~json\n${JSON.stringify({ templates }, undefined, 2)}\n~~~`;
}

/** What becomes of every code of the CRM, told about one case. */
async function sentences() {
  const { objectTypeNamed } = await importTs('src/clarify/object-types/index.ts');
  const { makeTemplates } = await importTs('src/io/template.ts');
  const { COMMON_PLACEHOLDERS } = await importTs('src/core/compose.ts');
  const { wording: words, typeName, fields } = objectTypeNamed('case');
  const { render } = makeTemplates();
  const blank = Object.fromEntries([...COMMON_PLACEHOLDERS, ...Object.keys(fields)].map((name) => [name, '']));
  const case4711 = {
    ...blank,
    typeName,
    id: '4711',
    actor: 'Paula Morales',
    ownerName: 'Dirk Keller',
    queue: 'Support',
    status: 'Fixed',
    contact: "Nora O'Dell",
    oldStatus: 'Working',
    newStatus: 'Wait Response',
    resolution: 'User Error',
    commitmentDue: '15 June 2010 at 12:00',
    activity: 'Run Task Set',
  };
  return table(
    ['code', 'how it reads'],
    Object.entries(words)
      .filter(([code]) => code !== 'none')
      .map(([code, { title }]) => [code === '*' ? 'any other' : `\`${code}\``, render(title, case4711)]),
  );
}

async function keys() {
  const { schemaText } = await importTs('scripts/make-schema.ts');
  return table(['key', 'meaning'], keysOf(JSON.parse(await schemaText()), ''));
}

/** The rights that reading needs, from the statements themselves. */
async function grants() {
  const { activityQuery } = await importTs('src/clarify/activity-query.ts');
  const { objectTypes } = await importTs('src/clarify/object-types/index.ts');
  const statements = objectTypes.map((type) => activityQuery(type, { activityObjids: [1] }).text);
  const tables = [...new Set(statements.flatMap((text) => text.match(/(?<=\[)(table|mtm)_\w+(?=\])/g)))].sort();
  return ['~~~sql', ...tables.map((name) => `GRANT SELECT ON dbo.${name} TO stream_reader;`), '~~~'].join('\n');
}

/** What the login needs that writes entries into the CRM, from the kinds and statements that write. */
async function entryGrants() {
  const { grantText, writingRights } = await importTs('src/clarify/entry-rights.ts');
  const { entryTypes } = await importTs('src/clarify/entry-types.ts');
  const settings = { types: entryTypes, notes: ['action_item'], deletes: 'own' };
  const spelled = (more) => writingRights({ ...settings, ...more }).map((right) => grantText(right, 'crm_sync'));
  const [always, all] = [spelled({}), spelled({ newIds: { by: 'fc_new_oid' } })];
  const made = all.filter((grant) => !always.includes(grant));
  return ['~~~sql', ...always, '-- with newIds, for rows that are made, and deleted again:', ...made, '~~~'].join('\n');
}

/** Where the CRM has each object type. */
async function crmTypes() {
  const { objectTypes } = await importTs('src/clarify/object-types/index.ts');
  const { TOGETHER } = await importTs('src/clarify/needs.ts');
  const code = (paths) => paths.map((path) => `\`${path}\``).join(', ');
  const idOf = ({ id = 'id', fields }) =>
    id.match(/\w+/g).flatMap((name) => (TOGETHER[name] ?? [name]).flatMap((part) => fields[part] ?? []));
  const rows = objectTypes.map((type) => [
    code([type.name]),
    type.typeId ?? '',
    code([type.table]),
    code(idOf(type)),
    code([type.fields.title].filter(Boolean)),
    type.relation === undefined ? 'by focus' : code([type.relation]),
  ]);
  return table(['object type', 'number', 'table', 'id', 'title', 'activities'], rows);
}

/** Whom the files that the program makes are for. */
async function fileModes() {
  const { FILE_MODES } = await importTs('src/io/file-modes.ts');
  const rows = Object.values(FILE_MODES).map(({ what, mode, why }) => [what, `\`${mode.toString(8).padStart(4, '0')}\``, why]);
  return table(['file or folder', 'rights', 'why'], rows);
}

/** The keys of a JSON Schema with their descriptions, those of variants under the name of the variant. */
function keysOf(schema, path) {
  const kinds = schema.oneOf ?? schema.anyOf ?? [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const { description, default: fallback } = value;
    if (description === undefined) return [];
    const standard =
      ['boolean', 'number'].includes(typeof fallback) || typeof fallback === 'string' ? ` Default: \`${fallback}\`.` : '';
    const inner =
      key === 'others' ? commonKeysOf(value.additionalProperties, `${path}${key}.*.`) : keysOf(value, `${path}${key}.`);
    return [[`\`${path}${key}\``, sentence(description) + standard], ...inner];
  });
  const named = (kind) => {
    const name = kind.properties?.type?.const;
    return name === undefined ? path : `${path.replace(/\.$/, '')}[${name}].`;
  };
  const inner = typeof schema.additionalProperties === 'object' ? keysOf(schema.additionalProperties, `${path}*.`) : [];
  return [...own, ...kinds.flatMap((kind) => (schema.properties === undefined ? keysOf(kind, named(kind)) : [])), ...inner];
}

/** The keys that all variants have. Those of each stand with the first groupware already, and not once more with further ones. */
function commonKeysOf({ oneOf: kinds }, path) {
  const isCommon = (key) => kinds.every(({ properties }) => properties[key]?.description !== undefined);
  const properties = Object.entries(kinds[0].properties).filter(([key]) => isCommon(key));
  return keysOf({ properties: Object.fromEntries(properties) }, path);
}

/** The page of a vendor, where there is one. */
function setupLink({ called, setupUrl }) {
  return setupUrl === undefined ? '' : `[${called}](${setupUrl})`;
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
