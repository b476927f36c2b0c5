// Cases, subcases, solutions and change requests (docs/crm.md, "Object types").

import type { ObjectType } from '../object-type';
import { BY, OBJECT, sentences } from '../sentences';
import { contactFields, productFields, userFields } from './fields';

/** A case. */
export const supportCase: ObjectType = {
  name: 'case',
  typeName: 'Case',
  aliases: ['case'],
  typeId: 0,
  table: 'table_case',
  idColumn: 'objid',
  relation: 'act_entry2case',
  startEvents: ['Create', 'Close Task', 'Re-Open Task'],
  fields: {
    id: 'id_number',
    title: 'title',
    site: 'case_reporter2site.name',
    account: 'case_reporter2site.primary2bus_org.name',
    ...contactFields('case_reporter2contact'),
    condition: 'case_state2condition.title',
    status: 'casests2gbst_elm.title',
    priority: 'respprty2gbst_elm.title',
    severity: 'respsvrty2gbst_elm.title',
    type: 'calltype2gbst_elm.title',
    queue: 'case_currq2queue.title',
    ...userFields('owner', 'case_owner2user'),
    ...productFields('case_prt2part_info:mod_level'),
    due: 'commit_log[case_commit2case,act_cmpltime=none].sched_cmpltime',
  },
  required: ['id', 'title'],
  shown: {
    severity: 'Severity',
    priority: 'Priority',
    status: 'Status',
    queue: 'Queue',
    ownerName: 'Owner',
    contact: 'Contact',
    site: 'Site',
    account: 'Account',
    product: 'Product',
    due: 'Commitment due',
  },
  get wording() {
    return sentences('{{ title }}', `${OBJECT}{% if due != '' %}, commitment due {{ due }}{% endif %}`);
  },
  link: '{{ agentUrl }}/Cases/Summary/{{ id | path_part }}',
};

/** A subcase. Its site and contact are those of its case; the CRM logs some of its activities on the case, too. */
export const subcase: ObjectType = {
  name: 'subcase',
  typeName: 'Subcase',
  aliases: ['subcase'],
  typeId: 24,
  table: 'table_subcase',
  idColumn: 'objid',
  relation: 'act_entry2subcase',
  startEvents: ['Create', 'Close Task', 'Re-Open Task'],
  fields: {
    id: 'id_number',
    title: 'title',
    parentId: 'subcase2case.id_number',
    site: 'subcase2case.case_reporter2site.name',
    ...contactFields('subcase2case.case_reporter2contact'),
    condition: 'subc_state2condition.title',
    status: 'subc_casests2gbst_elm.title',
    priority: 'subc_priorty2gbst_elm.title',
    severity: 'subc_svrity2gbst_elm.title',
    type: 'sub_type',
    queue: 'subc_currq2queue.title',
    ...userFields('owner', 'subc_owner2user'),
    due: 'required_date',
  },
  required: ['id', 'title'],
  shown: {
    severity: 'Severity',
    priority: 'Priority',
    status: 'Status',
    queue: 'Queue',
    ownerName: 'Owner',
    contact: 'Contact',
    site: 'Site',
    due: 'Due',
  },
  get wording() {
    return sentences('{{ title }}', `${OBJECT}{% if due != '' %} is due {{ due }}{% endif %}`, {
      3000: `${OBJECT} created${BY}`,
      3100: `${OBJECT} closed${BY}`,
      4200: `${OBJECT} reopened${BY}`,
      7200: `${OBJECT} created${BY}`,
    });
  },
  // The web client of the script of 2010 has no address of its own for subcases that anybody confirmed: that of the case.
  link: "{% if parentId != '' %}{{ agentUrl }}/Cases/Summary/{{ parentId | path_part }}{% endif %}",
  parent: { objectType: 'case', column: 'subcase2case' },
};

/** A solution. */
export const solution: ObjectType = {
  name: 'solution',
  typeName: 'Solution',
  aliases: ['solution', 'probdesc', 'problem', 'problem description'],
  typeId: 1,
  table: 'table_probdesc',
  idColumn: 'objid',
  relation: 'act_entry2probdesc',
  startEvents: ['Create', 'Close Task', 'Re-Open Task'],
  fields: {
    id: 'id_number',
    title: 'title',
    public: 'public_ind',
    condition: 'probdesc2condition.title',
    queue: 'probdesc_q2queue.title',
    ...userFields('owner', 'probdesc_owner2user'),
  },
  required: ['id', 'title', 'public'],
  shown: { condition: 'Condition', queue: 'Queue', ownerName: 'Owner' },
  get wording() {
    return sentences('{{ title }}', OBJECT);
  },
  link: '{{ agentUrl }}/Solutions/Show/{{ id | path_part }}',
};

/** A change request. */
export const changeRequest: ObjectType = {
  name: 'change_request',
  typeName: 'Change Request',
  aliases: ['change request', 'cr', 'bug'],
  typeId: 192,
  table: 'table_bug',
  idColumn: 'objid',
  relation: 'act_entry2bug',
  startEvents: ['Create', 'Change Status', 'CR Closed', 'CR Reopen'],
  fields: {
    id: 'id_number',
    title: 'title',
    condition: 'bug_condit2condition.title',
    status: 'bug_sts2gbst_elm.title',
    priority: 'bug_priority2gbst_elm.title',
    severity: 'bug_sevrity2gbst_elm.title',
    type: 'bug_type2gbst_elm.title',
    release: 'release_rev',
    queue: 'bug_currq2queue.title',
    ...userFields('owner', 'bug_owner2user'),
    ...productFields('bug_product2part_info:mod_level'),
  },
  required: ['id', 'title'],
  shown: {
    severity: 'Severity',
    priority: 'Priority',
    status: 'Status',
    queue: 'Queue',
    ownerName: 'Owner',
    product: 'Product',
    release: 'Fixed in',
  },
  get wording() {
    return sentences('{{ title }}', OBJECT);
  },
  link: '',
};
