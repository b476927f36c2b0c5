// Fields that several object types have.

/** The login and the name of the user in a relation, as `<prefix>`, `<prefix>FirstName` and `<prefix>LastName`. */
export function userFields(prefix: string, relation: string): Readonly<Record<string, string>> {
  const employee = `${relation}.employee[employee2user>objid]:employee`;
  return {
    [prefix]: `${relation}.login_name`,
    [`${prefix}FirstName`]: `${employee}.first_name`,
    [`${prefix}LastName`]: `${employee}.last_name`,
  };
}

/** The first and the last name of the contact in a relation, which become `{{ contact }}`. */
export function contactFields(relation: string): Readonly<Record<string, string>> {
  return { firstName: `${relation}.first_name`, lastName: `${relation}.last_name` };
}

/** The part and the revision in a relation to a revision (`mod_level`), which become `{{ product }}`. */
export function productFields(relation: string): Readonly<Record<string, string>> {
  return { partNumber: `${relation}.part_info2part_num.part_number`, revision: `${relation}.mod_level` };
}
