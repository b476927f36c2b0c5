// Contacts as entries of an address book, and which of them a user has to do with (docs/crm.md, "Address book").

import { PLAIN } from './entry-parts';
import type { EntryType } from './entry-type';

const ADDRESS = 'contact_role[contact_role2contact>contact_role2site,primary_site=1]:site.cust_primaddr2address';

/** A person at a customer. */
export const contactType: EntryType = {
  ...PLAIN,
  name: 'contact',
  typeName: 'Contact',
  kind: 'contact',
  table: 'table_contact',
  idColumn: 'objid',
  typeId: 45,
  fields: { firstName: 'first_name', lastName: 'last_name' },
  subject: '{{ firstName }} {{ lastName }}',
  link: '{{ agentUrl }}/Contacts/Show/{{ objid }}',
  card: {
    given: 'first_name',
    family: 'last_name',
    company: 'contact_role[contact_role2contact>contact_role2site,primary_site=1]:site.name',
    title: 'title',
    phone: 'phone',
    mobile: 'mobile_phone',
    fax: 'fax_number',
    email: 'e_mail',
    otherEmail: "e_addr[eaddr2contact,useage='Alternate Email'].e_num",
    street: `${ADDRESS}.address`,
    city: `${ADDRESS}.city`,
    region: `${ADDRESS}.state`,
    postcode: `${ADDRESS}.zipcode`,
    country: `${ADDRESS}.address2country.name`,
  },
  owner: '',
  writable: ['title', 'phone', 'mobile', 'email', 'otherEmail'],
  stamp: 'update_stamp',
  longest: { title: 30, phone: 20, mobile: 20, email: 80, otherEmail: 80 },
};

/** Rows that are about contacts: a table with its owners. Paths are those of path.ts. */
export interface ContactSource {
  readonly name: string;
  readonly table: string;
  readonly idColumn: string;
  /** The path of the login of whoever it belongs to, and that of the contact's objid. */
  readonly owner: string;
  readonly contact: string;
  /** The path of a condition's title, for what is left alone once it is closed. */
  readonly condition?: string;
  /** Whether the site wrote down its path: then all of it has to be there. */
  readonly isOwn?: boolean;
}

/** Work that is open. What stands in calendars and lists of tasks names its contacts itself (`contact` of its kind). */
export const WORK: readonly ContactSource[] = [
  {
    name: 'case',
    table: 'table_case',
    idColumn: 'objid',
    owner: 'case_owner2user.login_name',
    contact: 'case_reporter2contact',
    condition: 'case_state2condition.title',
  },
  {
    name: 'subcase',
    table: 'table_subcase',
    idColumn: 'objid',
    owner: 'subc_owner2user.login_name',
    contact: 'subcase2case.case_reporter2contact',
    condition: 'subc_state2condition.title',
  },
  {
    name: 'contract',
    table: 'table_contract',
    idColumn: 'objid',
    owner: 'owner2user.login_name',
    contact: 'primary2contact',
    condition: 'contract2condition.title',
  },
];

/** Which contacts are wanted: see `groupware.contacts` in the configuration. */
export type WantedContacts = 'window' | 'none' | { readonly path: string };

/** The kinds of entries that are read, and the rows that lead to contacts beside these. */
export function withContacts(
  types: readonly EntryType[],
  wanted: WantedContacts,
): { readonly types: readonly EntryType[]; readonly contacts: readonly ContactSource[] } {
  const hasContacts = types.some(({ kind }) => kind === 'contact');
  if (wanted === 'window' && hasContacts) return { types, contacts: WORK };
  const agenda = types.filter(({ kind }) => kind !== 'contact').map(({ contact: _, ...type }): EntryType => type);
  if (typeof wanted === 'string' || !hasContacts) return { types: agenda, contacts: [] };
  return { types: [...agenda, ...types.filter(({ kind }) => kind === 'contact')], contacts: [contactsByPath(wanted.path)] };
}

function contactsByPath(path: string): ContactSource {
  return { name: 'user', table: 'table_user', idColumn: 'objid', owner: 'login_name', contact: path, isOwn: true };
}
