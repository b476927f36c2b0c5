// Contacts, sites and accounts. Phone numbers and addresses of people stay in the CRM (docs/crm.md, "People and sites").

import type { ObjectType } from '../object-type';
import { OBJECT, sentences } from '../sentences';

/** A contact: a person at a customer. */
export const contact: ObjectType = {
  name: 'contact',
  typeName: 'Contact',
  aliases: ['contact'],
  typeId: 45,
  table: 'table_contact',
  idColumn: 'objid',
  relation: 'act_entry2contact',
  id: '{{ contact }}',
  startEvents: ['Create', 'Change Status'],
  fields: {
    firstName: 'first_name',
    lastName: 'last_name',
    site: 'contact_role[contact_role2contact>contact_role2site,primary_site=1]:site.name',
  },
  required: ['firstName', 'lastName'],
  shown: { site: 'Site' },
  get wording() {
    return sentences('{{ site }}', `${OBJECT}{% if site != '' %} at {{ site }}{% endif %}`);
  },
  link: '{{ agentUrl }}/Contacts/Show/{{ objid }}',
};

/** A site of a customer. */
export const site: ObjectType = {
  name: 'site',
  typeName: 'Site',
  aliases: ['site', 'location'],
  typeId: 52,
  table: 'table_site',
  idColumn: 'objid',
  relation: 'act_entry2site',
  startEvents: ['Create', 'Change Status'],
  fields: {
    id: 'site_id',
    title: 'name',
    type: 'site_type',
    region: 'region',
    account: 'primary2bus_org.name',
  },
  required: ['id', 'title'],
  shown: { account: 'Account', region: 'Region' },
  get wording() {
    return sentences('{{ title }}', `${OBJECT} ({{ title }})`);
  },
  link: '',
};

/** An account; its activities are found by their focus. */
export const account: ObjectType = {
  name: 'account',
  typeName: 'Account',
  aliases: ['account', 'bus_org'],
  typeId: 173,
  table: 'table_bus_org',
  idColumn: 'objid',
  startEvents: ['Create', 'Change Status'],
  fields: { id: 'org_id', title: 'name', type: 'type' },
  required: ['id', 'title'],
  shown: { type: 'Type' },
  get wording() {
    return sentences('{{ title }}', `${OBJECT} ({{ title }})`);
  },
  link: '',
};
