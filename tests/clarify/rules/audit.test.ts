import { objectTypes } from '../../../src/clarify/object-types/index';
import { auditRule, type LiveRule, type RuleProperty } from '../../../src/clarify/rules/audit';

const PATH = 'focus_obj2act_entry:objid';
const properties: readonly RuleProperty[] = [
  { objType: 0, name: 'Activity Objid', path: PATH },
  { objType: 0, name: 'My Activity', path: PATH },
  { objType: 0, name: 'My Objid', path: 'objid' },
  { objType: 192, name: 'Activity Objid', path: 'objid' },
];
const GOOD = 'publish-activity "[Object Type]" "[Database ID]" "[Activity Objid]"';
const audit = (action: string, change: Partial<LiveRule> = {}) => {
  const rule = {
    objid: 1,
    title: 'A rule',
    ruleSet: '',
    active: true,
    objectTypes: ['case'],
    startEvents: [],
    action,
    ...change,
  };
  return auditRule(rule, { types: objectTypes, properties, commands: ['publish', 'rerun'] });
};
const remarks = (action: string, change: Partial<LiveRule> = {}) => audit(action, change)?.remarks.map(({ remark }) => remark);
const faults = (action: string, change: Partial<LiveRule> = {}) =>
  audit(action, change)
    ?.remarks.filter(({ harmless }) => !harmless)
    .map(({ remark }) => remark);

describe('A rule', () => {
  it.each([
    ['as documented', GOOD],
    ['in other letters', GOOD.toLowerCase()],
    ['with a property of its own for the activity', GOOD.replace('Activity Objid', 'My Activity')],
    ['with a property of its own for the objid', GOOD.replace('Database ID', 'My Objid')],
    ['with the name of its object type', 'publish-activity Case "[Database ID]" "[Activity Objid]"'],
    ['with its number', 'publish-activity 0 "[Database ID]" "[Activity Objid]"'],
    ['with a name of its own', `${GOOD} --rule "SLA warning" --timeout 5s --quiet`],
  ])('%s is fine', (_, action) => {
    expect(remarks(action)).toEqual([]);
  });

  it.each([
    ['without quotes around the object type', GOOD.replace('"[Object Type]"', '[Object Type]'), ['unquoted']],
    ['without an activity', 'publish-activity "[Object Type]" "[Database ID]" --rule "SLA warning"', ['no-activity']],
    ['that runs another command', 'publish-activity rerun --quiet', ['other-command']],
  ])('%s does no harm, and it is said', (_, action, expected) => {
    expect(remarks(action)).toEqual(expected);
    expect(faults(action)).toEqual([]);
  });

  it.each<[string, string, Partial<LiveRule>, readonly string[]]>([
    ['that is inactive', GOOD, { active: false }, ['inactive']],
    ['on an object type that nobody knows', GOOD, { objectTypes: ['x_tower'] }, ['unknown-type']],
    ['with a name that is no object type', 'publish-activity Cass "[Database ID]" "[Activity Objid]"', {}, ['unknown-type']],
    ['with the name of another object type', 'publish-activity Solution "[Database ID]" "[Activity Objid]"', {}, ['wrong-type']],
    ['with another property for it', GOOD.replace('Object Type', 'Case Type'), {}, ['wrong-type']],
    ['without arguments', 'publish-activity', {}, ['wrong-type', 'missing-database-id']],
    ['without the database id', 'publish-activity "[Object Type]"', {}, ['missing-database-id']],
    ['with the activity in its place', 'publish-activity "[Object Type]" "[Activity Objid]"', {}, ['missing-database-id']],
    ['with [Object ID]', GOOD.replace('Database ID', 'Object ID'), {}, ['wrong-database-id']],
    ['with [Case ID]', GOOD.replace('Database ID', 'Case ID'), {}, ['wrong-database-id']],
    ['with a fixed objid', GOOD.replace('[Database ID]', '268435457'), {}, ['wrong-database-id']],
    ['with the database id twice', 'publish-activity "[Object Type]" "[Database ID]" "[Database ID]"', {}, ['wrong-activity']],
    ['with a title', `${GOOD} "[Title]"`, {}, ['free-text']],
    ['with a title beside the id', GOOD.replace('[Database ID]', '[Database ID] [Title]'), {}, ['wrong-database-id']],
    ['without the rule property', GOOD, { objectTypes: ['contract'] }, ['no-property']],
    ['with a rule property that leads elsewhere', GOOD, { objectTypes: ['bug'] }, ['no-property']],
    ['with a property for one of its types only', GOOD, { objectTypes: ['case', 'probdesc'] }, ['no-property']],
    ['with a rule name that varies', `${GOOD} --rule "[Title]"`, {}, ['varying-rule']],
    ['with an unknown option', `${GOOD} --rules SLA`, {}, ['free-text', 'unknown-option']],
    ['that only tries', `${GOOD} --dry-run`, {}, ['dry-run']],
  ])('%s is to be mended', (_, action, change, expected) => {
    expect(faults(action, change)).toEqual(expected);
  });

  it('that does not call this program is nobody’s business', () => {
    expect(audit('sendmail [Contact Email]')).toBeUndefined();
  });

  it('is known by the canonical names of its object types', () => {
    expect(audit(GOOD, { objectTypes: ['probdesc', 'demand_dtl', 'x_tower'] })?.types).toEqual(['solution', 'part_request']);
  });
});
