// Part requests, product revisions and stock (docs/crm.md, "Parts and stock").

import type { ObjectType } from '../object-type';
import { OBJECT, sentences } from '../sentences';
import { contactFields, productFields, userFields } from './fields';

/** A line of a part request (RMA): what rules fire on. */
export const partRequest: ObjectType = {
  name: 'part_request',
  typeName: 'Part Request',
  aliases: ['part request', 'part request detail', 'demand_dtl', 'rma', 'rma request'],
  typeId: 49,
  table: 'table_demand_dtl',
  idColumn: 'objid',
  relation: 'act_entry2demand_dtl',
  startEvents: ['Create', 'Change Status', 'Close Task'],
  fields: {
    id: 'detail_number',
    title: 'title',
    quantity: 'demand_qty',
    type: 'request_type',
    priority: 'priority',
    condition: 'demand_dtl2condition.title',
    status: 'dmnd_dtl_sts2gbst_elm.title',
    queue: 'demand_dtl_curq2queue.title',
    ...userFields('owner', 'demand_dtl_owner2user'),
    headerId: 'demand_dtl2demand_hdr.header_number',
    caseId: 'demand_dtl2demand_hdr.caseinfo2case.id_number',
    site: 'demand_dtl2demand_hdr.open_reqst2site.name',
    ...contactFields('demand_dtl2demand_hdr.attention2contact'),
    ...productFields('demand_dtl2part_info:mod_level'),
    due: 'next_date',
  },
  required: ['id', 'title'],
  shown: {
    type: 'Type',
    priority: 'Priority',
    status: 'Status',
    queue: 'Queue',
    ownerName: 'Owner',
    contact: 'Contact',
    site: 'Site',
    product: 'Product',
    quantity: 'Quantity',
    due: 'Due',
  },
  get wording() {
    return sentences('{{ title }}', `${OBJECT}{% if due != '' %} is due {{ due }}{% endif %}`);
  },
  link: "{% if caseId != '' %}{{ agentUrl }}/Cases/Summary/{{ caseId | path_part }}{% endif %}",
};

/** A part request as a whole. Nothing is known to fire rules on it; its activities, if any, are found by their focus. */
export const partRequestHeader: ObjectType = {
  name: 'part_request_header',
  typeName: 'Part Request',
  aliases: ['part request header', 'demand_hdr'],
  typeId: 48,
  table: 'table_demand_hdr',
  idColumn: 'objid',
  startEvents: {
    instead:
      'rules fire on the lines of a part request, and publish-activity scan does not watch its header; enter a rule for part_request',
  },
  fields: {
    id: 'header_number',
    title: 'request_status',
    status: 'request_status',
    priority: 'priority',
    caseId: 'caseinfo2case.id_number',
    site: 'open_reqst2site.name',
    ...contactFields('attention2contact'),
  },
  required: ['id'],
  shown: { priority: 'Priority', status: 'Status', contact: 'Contact', site: 'Site' },
  get wording() {
    return sentences("{% if caseId != '' %}For Case {{ caseId }}{% endif %}", OBJECT);
  },
  link: "{% if caseId != '' %}{{ agentUrl }}/Cases/Summary/{{ caseId | path_part }}{% endif %}",
};

/** A revision of a product. It has no activities and fires no rules; `scan` finds new ones. */
export const productRevision: ObjectType = {
  name: 'product_revision',
  typeName: 'Product Revision',
  aliases: ['product revision', 'mod_level', 'part revision'],
  typeId: 329,
  table: 'table_mod_level',
  idColumn: 'objid',
  id: '{{ product }}',
  startEvents: { instead: 'the CRM has no event for it; publish-activity scan, run by a scheduler, finds new ones' },
  fields: {
    partNumber: 'part_info2part_num.part_number',
    revision: 'mod_level',
    title: 'part_info2part_num.description',
    domain: 'part_info2part_num.domain',
    active: 'active',
    effective: 'eff_date',
  },
  required: ['partNumber', 'revision'],
  shown: { domain: 'Domain', active: 'State', effective: 'Effective' },
  get wording() {
    return sentences('{{ title }}', OBJECT);
  },
  link: '',
};

/** The stock of a part in a bin. It has no activities and fires no rules; `scan` watches its reorder level. */
export const stockingLevel: ObjectType = {
  name: 'stocking_level',
  typeName: 'Stocking Level',
  aliases: ['stocking level', 'part_auth', 'part stocking level'],
  typeId: 229,
  table: 'table_part_auth',
  idColumn: 'objid',
  id: '{{ product }}',
  startEvents: {
    instead: 'the CRM has no event for it; publish-activity scan, run by a scheduler, sees stock fall to its reorder level',
  },
  fields: {
    ...productFields('n_auth_parts2part_mod:mod_level'),
    title: 'n_auth_parts2part_mod:mod_level.part_info2part_num.description',
    onHand: 'part_good_qoh',
    reorderLevel: 'part_rol',
    reorderQuantity: 'part_roq',
    bin: 'part_auth2inv_bin.bin_name',
    location: 'part_auth2inv_bin.inv_bin2inv_locatn.location_name',
    queue: 'repl_queue',
  },
  required: ['partNumber', 'onHand', 'reorderLevel'],
  shown: {
    onHand: 'On hand',
    reorderLevel: 'Reorder level',
    reorderQuantity: 'Reorder quantity',
    bin: 'Bin',
    location: 'Location',
    queue: 'Queue',
  },
  get wording() {
    return sentences(
      '{{ title }}',
      "Stock of {{ id }}{% if bin != '' %} in {{ bin }}{% endif %}" +
        "{% if onHand != '' %}: {{ onHand }} on hand{% if reorderLevel != '' %}, reorder level {{ reorderLevel }}{% endif %}{% endif %}",
    );
  },
  link: '',
};
