import type { FastifyRequest } from 'fastify';
import type { Tx } from '../db/database.ts';
import { atTheDesk } from '../db/desk.ts';
import type { Desk } from '../db/desk.ts';
import type { House } from '../db/house.ts';
import { once } from '../db/once.ts';
import { sha256Of } from '../db/sha256.ts';
import type { Instant } from '../domain/time.ts';
import { mustStillSee } from './policing.ts';

/**
 * Doing what was asked once, however often it is asked.
 *
 * A POST with an `Idempotency-Key` takes the key and keeps its answer in the very transaction of the act (`db/once.ts`):
 * a crash leaves both or neither, and a twin in flight waits for the first and gets its answer. So every POST route does
 * its work inside one of the two functions below, and what that work returns must be plain JSON, enough to make the
 * whole answer from: on a repeat the work is not run, only its answer is given again. A refusal is thrown inside, so it
 * is not remembered: the same request may be right tomorrow. Whether the caller may know of the row is asked again here,
 * under the lock and before an answer is repeated.
 */

/** Works at the desk once per key; see `atTheDesk`. */
export function atTheDeskOnce<T>(
  request: FastifyRequest,
  house: House,
  debtors: readonly string[] | (() => Promise<readonly string[]>),
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  const { hands } = request.caller;
  return atTheDesk(
    house,
    debtors,
    async (desk) => {
      await mustStillSee(desk.tx, request);
      return once(desk.tx, request.once, () => work(desk));
    },
    hands,
  );
}

/** Works in one transaction once per key, for what is no fact of an invoice: users, creditors, stops. */
export function inTransactionOnce<T>(
  request: FastifyRequest,
  house: House,
  work: (tx: Tx, now: Instant) => Promise<T>,
): Promise<T> {
  return house.db.transaction().execute(async (tx) => {
    await mustStillSee(tx, request);
    return once(tx, request.once, async () => work(tx, await house.clock.now()));
  });
}

/** Works in one transaction; for what is idempotent by itself (PATCH, DELETE) and, by its line, bound to no row. */
export function inTransaction<T>(house: House, work: (tx: Tx, now: Instant) => Promise<T>): Promise<T> {
  return house.db.transaction().execute(async (tx) => work(tx, await house.clock.now()));
}

/** Reads the key of a POST, after its body was checked; Fastify's preHandler. */
export async function readIdempotencyKey(request: FastifyRequest): Promise<void> {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || typeof key !== 'string') return;
  const asked = JSON.stringify([request.method, request.url, request.body ?? null]);
  request.once = {
    caller: request.caller.userId,
    key,
    requestHash: sha256Of(asked),
    replayed: false,
  };
}

/** Binds the key to a file too, whose bytes are no body that it could have been read with: another file is another request. */
export function bindKeyTo(request: FastifyRequest, fileSha256: string): void {
  if (!request.once) return;
  const requestHash = sha256Of(JSON.stringify([request.once.requestHash, fileSha256]));
  request.once = { ...request.once, requestHash };
}
