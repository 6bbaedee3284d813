/**
 * The parts of the API that a key can be cut to: what a program is given a key for.
 *
 * Each route belongs to one area (`api/policy.ts`). A person has all areas that his role may use; a key has those it was
 * made with, so that the key of an accounting system records payments and adds no users.
 */
export const areas = ['read', 'files', 'money', 'imports', 'settings', 'people'] as const;

export type Area = (typeof areas)[number];
