// What several kinds of entries have in common.

/** The address of a case in the web client, and what subjects say of a contact and of a case. */
export const CASE_LINK = "{% if caseId != '' %}{{ agentUrl }}/Cases/Summary/{{ caseId | path_part }}{% endif %}";
export const WITH_CONTACT = "{% if firstName != '' or lastName != '' %} with {{ firstName }} {{ lastName }}{% endif %}";
export const OF_CASE = "{% if caseId != '' %} ({{ caseId }}){% endif %}";

/** A kind of which nothing is written back, without a place. */
export const PLAIN = { alongside: [], longest: {}, writable: [], place: '', link: '', required: [], isOwn: false } as const;
