import type { Tx } from './database.ts';

/** An act that a caller has named, so that asking twice does it once. */
export interface Once {
  readonly caller: string;
  /** The caller's Idempotency-Key. */
  readonly key: string;
  /** What is asked, as a hash: the same key for something else is a mistake of the caller. */
  readonly requestHash: string;
  /** Becomes true when the answer is that of an earlier run. */
  replayed: boolean;
}

/**
 * Does an act once per key, and gives the same answer again.
 *
 * The key is taken and the answer kept in the act's own transaction: after a crash either both are there or neither,
 * so a caller who heard nothing may always ask again. A twin that comes while the first still works waits for it at
 * the unique key (5 s at most) and gets its answer. The answer must survive JSON. Throws KeyReused when the key named
 * another request before; what `act` throws leaves the key free.
 */
export async function once<T>(tx: Tx, what: Once | undefined, act: () => Promise<T>): Promise<T> {
  if (!what) return act();
  const { caller, key, requestHash } = what;
  const taken = await tx
    .insertInto('idempotency')
    .values({ caller, key, request_hash: requestHash })
    .onConflict((clash) => clash.doNothing())
    .executeTakeFirst();
  if (taken.numInsertedOrUpdatedRows === 0n) {
    const earlier = await tx
      .selectFrom('idempotency')
      .select(['request_hash', 'answer'])
      .where('caller', '=', caller)
      .where('key', '=', key)
      .executeTakeFirstOrThrow();
    if (earlier.request_hash !== requestHash) throw new KeyReused(key);
    what.replayed = true;
    return JSON.parse(earlier.answer ?? 'null') as T;
  }
  const answer = await act();
  await tx
    .updateTable('idempotency')
    .set({ answer: JSON.stringify(answer ?? null) })
    .where('caller', '=', caller)
    .where('key', '=', key)
    .execute();
  return answer;
}

/** The key was used before, for something else. */
export class KeyReused extends Error {
  readonly key: string;

  constructor(key: string) {
    super(`Idempotency-Key ${key} was used for another request`);
    this.name = 'KeyReused';
    this.key = key;
  }
}
