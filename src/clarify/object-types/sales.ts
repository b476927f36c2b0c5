// Contracts, action items, opportunities, interactions and dialogues (docs/crm.md, "Object types").

import type { ObjectType } from '../object-type';
import { OBJECT, sentences } from '../sentences';
import { contactFields, userFields } from './fields';

/** A contract or a quote. */
export const contract: ObjectType = {
  name: 'contract',
  typeName: 'Contract',
  aliases: ['contract', 'quote'],
  typeId: 86,
  table: 'table_contract',
  idColumn: 'objid',
  relation: 'act_entry2contract',
  startEvents: ['Create', 'Change Status', 'Re-Open Task'],
  fields: {
    id: 'id',
    title: 'title',
    type: 'type',
    condition: 'contract2condition.title',
    status: 'status2gbst_elm.title',
    queue: 'contr_currq2queue.title',
    ...userFields('owner', 'owner2user'),
    site: 'mtm_site5_contract0[contract2site>cust_loc2contract]:site.name',
    account: 'sell_to2bus_org.name',
    ...contactFields('primary2contact'),
    starts: 'start_date',
    expires: 'expire_date',
    due: 'renew_ntfy_dt',
  },
  required: ['id', 'title'],
  shown: {
    type: 'Type',
    status: 'Status',
    queue: 'Queue',
    ownerName: 'Owner',
    contact: 'Contact',
    site: 'Site',
    account: 'Account',
    expires: 'Expires',
    due: 'Renewal notice',
  },
  get wording() {
    return sentences('{{ title }}', `${OBJECT} ({{ title }}){% if expires != '' %} expires on {{ expires }}{% endif %}`);
  },
  link: '',
};

/** An action item. */
export const actionItem: ObjectType = {
  name: 'action_item',
  typeName: 'Action Item',
  aliases: ['action item', 'task'],
  typeId: 5080,
  table: 'table_task',
  idColumn: 'objid',
  relation: 'act_entry2task',
  startEvents: ['Create', 'Assign', 'Close Task'],
  fields: {
    id: 'task_id',
    title: 'title',
    type: 'type_task2gbst_elm.title',
    condition: 'task_state2condition.title',
    status: 'task_sts2gbst_elm.title',
    priority: 'task_priority2gbst_elm.title',
    ...userFields('owner', 'task_owner2user'),
    account: 'task_for2bus_org.name',
    ...contactFields('task2contact'),
    starts: 'start_date',
    due: 'due_date',
  },
  required: ['id', 'title'],
  shown: {
    type: 'Type',
    priority: 'Priority',
    status: 'Status',
    ownerName: 'Owner',
    contact: 'Contact',
    account: 'Account',
    due: 'Due',
  },
  get wording() {
    return sentences('{{ title }}', `${OBJECT}{% if due != '' %} is due {{ due }}{% endif %}`);
  },
  link: '',
};

/** An opportunity. Its own activity codes are UNCONFIRMED, so that most read as the CRM's list names them. */
export const opportunity: ObjectType = {
  name: 'opportunity',
  typeName: 'Opportunity',
  aliases: ['opportunity'],
  typeId: 5000,
  table: 'table_opportunity',
  idColumn: 'objid',
  relation: 'act_entry2opportunity',
  startEvents: ['Create', 'Change Status'],
  fields: {
    id: 'id',
    title: 'name',
    condition: 'opp_state2condition.title',
    status: 'opp_sts2gbst_elm.title',
    stage: 'opp2cycle_stage.name',
    ...userFields('owner', 'opp_owner2user'),
    due: 'frcst_cls_dt',
  },
  required: ['id', 'title'],
  shown: { status: 'Status', stage: 'Stage', ownerName: 'Owner', due: 'Forecast close' },
  get wording() {
    return sentences('{{ title }}', `${OBJECT}{% if due != '' %}, forecast to close {{ due }}{% endif %}`);
  },
  link: '',
};

/** An interaction; its activities are found by their focus. */
export const interaction: ObjectType = {
  name: 'interaction',
  typeName: 'Interaction',
  aliases: ['interaction', 'interact'],
  typeId: 5225,
  table: 'table_interact',
  idColumn: 'objid',
  startEvents: ['Create', 'Change Status'],
  fields: {
    id: 'interact_id',
    title: 'title',
    type: 'type',
    direction: 'direction',
    reason: 'reason_1',
    result: 'result',
    ...userFields('owner', 'interact2user'),
    ...contactFields('interact2contact'),
    caseId: 'interact2case.id_number',
  },
  required: ['id', 'title'],
  shown: { type: 'Type', direction: 'Direction', reason: 'Reason', result: 'Result', ownerName: 'Owner', contact: 'Contact' },
  get wording() {
    return sentences('{{ title }}', OBJECT);
  },
  link: '',
};

/** A dialogue; its activities are found by their focus. */
export const dialogue: ObjectType = {
  name: 'dialogue',
  typeName: 'Dialogue',
  aliases: ['dialogue'],
  typeId: 5200,
  table: 'table_dialogue',
  idColumn: 'objid',
  startEvents: ['Create', 'Change Status'],
  fields: {
    id: 'id_number',
    title: 'title',
    condition: 'dialogue2condition.title',
    status: 'dialogue_sts2gbst_elm.title',
    priority: 'dialogue_pty2gbst_elm.title',
    queue: 'dialogue_currq2queue.title',
    ...userFields('owner', 'dialogue_owner2user'),
  },
  required: ['id', 'title'],
  shown: { priority: 'Priority', status: 'Status', queue: 'Queue', ownerName: 'Owner' },
  get wording() {
    return sentences('{{ title }}', OBJECT);
  },
  link: '',
};
