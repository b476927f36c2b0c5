// The checks of doctor, in the order in which they are shown. On their own, because the help has them and must not load the checks.

export const CHECK_NAMES = [
  'configuration',
  'rights',
  'node',
  'database',
  'tables',
  'clock',
  'dns',
  'proxy',
  'tls',
  'destinations',
  'ledger',
  'spool',
  'schedule',
  'rules',
  'groupware',
  'log',
] as const;

/** The name of a check. */
export type CheckName = (typeof CHECK_NAMES)[number];
