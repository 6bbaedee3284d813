import { keyExpiry, keyLastsMs } from '../db/keys.ts';
import type { KeyTerms } from '../db/keys.ts';
import type { User } from '../db/users.ts';
import type { Tx } from '../db/database.ts';
import { workingFirm } from '../db/firms.ts';
import type { Area } from '../domain/area.ts';
import type { Instant } from '../domain/time.ts';
import type { Caller } from './authentication.ts';
import { Problem } from './problem.ts';

/**
 * What lets somebody in, as it is handed on: keys, links, roles.
 *
 * Nobody hands on more than he has. A key that was cut to areas makes nothing that opens others, so it makes none of
 * these; what an expiring key makes expires with it. Nothing is made for a user who is shut out: it would lie in wait for
 * the day on which he is let in again.
 */
export interface TermsGiven {
  readonly name?: string | undefined;
  readonly areas?: readonly Area[] | undefined;
  readonly expiresAt?: string | null | undefined;
}

/** Throws a Problem when the caller has a key that was cut to areas. */
export function mustBeWhole({ areas }: Caller): void {
  if (areas === null) return;
  throw new Problem({
    status: 403,
    code: 'key-cut',
    title: 'A key hands on no more than it has.',
    detail: 'The key was cut to areas, and this could open others.',
    remedy: 'Use a key that was made without areas, or log in.',
  });
}

/** The terms of a new key as they are asked for, within those of the caller's own; throws a Problem for what is beyond. */
export async function agreedTerms(
  tx: Tx,
  machine: Instant,
  { by }: Caller,
  given: TermsGiven,
): Promise<KeyTerms> {
  const latest = by.kind === 'key' ? await keyExpiry(tx, by.prefix) : null;
  const asked =
    given.expiresAt === undefined
      ? Math.min(machine + keyLastsMs, latest ?? Infinity)
      : given.expiresAt === null
        ? null
        : Date.parse(given.expiresAt);
  if (asked !== null && asked <= machine)
    throw Problem.invalid('expiresAt', 'lies in the past', 'give an instant to come, or null for never');
  if (latest !== null && (asked === null || asked > latest))
    throw Problem.invalid(
      'expiresAt',
      'lies beyond the end of your own key',
      `give ${new Date(latest).toISOString()} or an earlier instant, or leave it out`,
    );
  return { name: given.name ?? null, areas: given.areas ?? null, expiresAt: asked };
}

/** Throws a Problem when a newcomer is to come in for a firm that is not here or has ended. */
export async function mustBeFirm(tx: Tx, firmId: string | undefined): Promise<void> {
  if (firmId !== undefined && !(await workingFirm(tx, firmId))) throw Problem.notFound('firm', firmId);
}

/** Throws a Problem for a user who is shut out. */
export function mayComeIn({ name, disabledAt }: User): void {
  if (disabledAt === null) return;
  throw Problem.conflict(
    'user-disabled',
    'The user is shut out.',
    `${name} may not come in, so neither a link nor a key would open anything.`,
    'Let him in again first: PATCH /v1/users/:userId with disabled false.',
    'userId',
  );
}
