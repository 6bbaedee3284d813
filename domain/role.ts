/**
 * What a person is here for. Each route lists the roles that may use it.
 *
 * The auditor reads everything and changes nothing; the external firm, legal counsel, sales and the resolver do their
 * part of a file and no more.
 */
export const roles = [
  'admin',
  'credit_manager',
  'collector',
  'accountant',
  'sales',
  'resolver',
  'external_firm',
  'legal',
  'auditor',
] as const;

export type Role = (typeof roles)[number];
