// The command `rule`: the business rules to enter, and, with --check, what is wrong with those that the CRM has. It only reads.

import type { AuditedRule } from '../../../clarify/rules/audit';
import type { Rules } from '../../../clarify/rules/index';
import { UserError } from '../../../core/errors';
import type { Report } from '../../../core/report';
import { visible } from '../../../core/visible';
import type { CommandFunction, Context, Datum } from '../../command';
import { counted } from '../../looking/ledger-words';
import { guideDatum, PROPERTY_STEPS } from './guide-page';

/** What the command is made of. */
export interface RuleParts {
  rules(): Promise<Rules>;
}

/** The rule in the example of an escalation. */
const EXAMPLE_RULE = 'SLA warning';

/** Prints the rules to enter, or checks those that are there. */
export const rule: CommandFunction<'rule' | 'check', RuleParts> = async (context) => {
  const { words, options, parts, emit } = context;
  const rules = await parts.rules();
  const guides = rules.guides(words);
  if (options.check === true)
    return check(rules, words.length === 0 ? undefined : guides.map((each) => each.objectType), context);
  const name = readName(options.rule);
  for (const guide of guides) emit(guideDatum(guide, name));
  if (options.json !== true && guides.some(({ instead }) => instead === undefined)) emit({ text: PROPERTY_STEPS, json: {} });
  return { result: 'done', message: '', deliveries: [], printed: true };
};

/** A name that means the same in a rule, in cmd.exe and in a shell. */
function readName(given = ''): string {
  const wrong = /["%[\]`$\\!]|\p{Cc}/u.exec(given)?.[0];
  if (wrong === undefined) return given === '' ? EXAMPLE_RULE : given;
  throw new UserError(
    'usage',
    `--rule: ${JSON.stringify(wrong)} cannot stand in a rule's name on a command line`,
    'use letters, digits and blanks',
  );
}

async function check(
  rules: Rules,
  wanted: readonly string[] | undefined,
  { emit, deadline }: Pick<Context, 'emit' | 'deadline'>,
): Promise<Report> {
  const all = await rules.audit(deadline.signal);
  const found = wanted === undefined ? all : all.filter(({ types }) => types.some((type) => wanted.includes(type)));
  for (const each of found) emit(auditDatum(each));
  const faulty = found.filter((each) => !isFine(each)).length;
  const sums = { rules: found.length, faulty };
  if (found.length === 0) {
    const about = wanted === undefined ? '' : ` for ${wanted.join(', ')}`;
    const message = `no rule of the CRM calls publish-activity${about}`;
    return { result: 'configuration', message, hint: 'publish-activity rule prints what to enter', sums, deliveries: [] };
  }
  const message = faulty === 0 ? '' : `${faulty} of ${counted(found.length, 'rule', 'rules')} to be mended`;
  return { result: faulty === 0 ? 'done' : 'configuration', message, sums, deliveries: [] };
}

function isFine({ remarks }: AuditedRule): boolean {
  return remarks.every(({ harmless }) => harmless);
}

function auditDatum(audited: AuditedRule): Datum {
  const { objid, title, ruleSet, active, objectTypes, startEvents, action, remarks } = audited;
  const fine = isFine(audited);
  const about = objectTypes.length === 0 ? 'no object type' : objectTypes.join(', ');
  const lines = [
    `${fine ? 'OK  ' : 'MEND'} "${title}" (${[ruleSet, about].filter(Boolean).join('; ')}): ${action}`,
    ...remarks.map(({ harmless, message }) => `     ${harmless ? 'note' : 'wrong'}: ${message}`),
  ];
  return {
    text: lines.map(visible).join('\n'),
    json: { format: 1, kind: 'rule', objid, title, ruleSet, active, objectTypes, startEvents, action, ok: fine, remarks },
  };
}
