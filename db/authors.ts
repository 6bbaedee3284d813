import type { Author } from '../domain/fact.ts';

/** Who made an entry that is no fact: an author, or the id of a user. */
export function authorOf(body: Readonly<Record<string, unknown>>): Author | undefined {
  const by = body['by'];
  if (typeof by === 'string') return { kind: 'user', id: by };
  return typeof by === 'object' && by !== null ? (by as Author) : undefined;
}
