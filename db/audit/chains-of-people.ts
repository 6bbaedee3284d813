import { sql } from 'kysely';

/**
 * Chains of the journal that tell of the people who work with Relance, not of files: who looked, who took lists away, who
 * had payloads opened, who tried to come in; and of each user when he came, from where he was shut out, what he became.
 *
 * They are proof as all others, and told to fewer: a list of what colleagues did is not everybody's who works with them.
 */
const chains: readonly string[] = ['audit', 'exports', 'payloads', 'login'];
const ofEachUser = 'user/';

/** Whether that chain is one of them. */
export function isOfPeople(subject: string): boolean {
  return chains.includes(subject) || subject.startsWith(ofEachUser);
}

/** The same of a row of `journal`. */
export const isChainOfPeople = sql<boolean>`(subject in (${sql.join(chains)}) or starts_with(subject, ${ofEachUser}))`;
