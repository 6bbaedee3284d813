import { createHmac } from 'node:crypto';
import type { Db, Tx } from '../database.ts';

/**
 * By what somebody is known again who was erased: a keyed hash of his mail address, per debtor, so that no list of those who
 * asked to be forgotten can be read, and nobody brings one back without a word.
 */
export type ErasedMarks = (debtorId: string, email: string) => boolean;

/** A keyed hash of an address or a number: nobody who has a copy of the rows alone can try all of them. */
export function markOf(secret: Buffer, address: string): string {
  return createHmac('sha256', secret).update(address.trim().toLowerCase()).digest('hex');
}

export async function addressSecret(db: Db | Tx): Promise<Buffer> {
  return (await db.selectFrom('setting').select('address_secret').executeTakeFirstOrThrow()).address_secret;
}

/** Remembers that the owner of these mail addresses was erased with that debtor. */
export async function markErased(
  tx: Tx,
  debtorId: string,
  emails: readonly string[],
  at: Date,
): Promise<void> {
  if (emails.length === 0) return;
  const secret = await addressSecret(tx);
  const marks = new Set(emails.map((email) => markOf(secret, email)));
  await tx
    .insertInto('erased_mark')
    .values([...marks].map((mark) => ({ debtor_id: debtorId, mark, erased_at: at })))
    .onConflict((clash) => clash.doNothing())
    .execute();
}

/** Who was erased with these debtors, or with one who was merged into them. */
export async function erasedWith(db: Db | Tx, debtorIds: readonly string[]): Promise<ErasedMarks> {
  if (debtorIds.length === 0) return () => false;
  const rows = await db
    .selectFrom('erased_mark')
    .leftJoin('merge', 'merge.gone_id', 'erased_mark.debtor_id')
    .select(['erased_mark.debtor_id', 'merge.into_id', 'mark'])
    .where(({ eb, or }) =>
      or([eb('erased_mark.debtor_id', 'in', debtorIds), eb('merge.into_id', 'in', debtorIds)]),
    )
    .execute();
  if (rows.length === 0) return () => false;
  const secret = await addressSecret(db);
  const known = new Set(
    rows.flatMap(({ debtor_id: own, into_id: into, mark }) => [`${own} ${mark}`, `${into ?? own} ${mark}`]),
  );
  return (debtorId, email) => known.has(`${debtorId} ${markOf(secret, email)}`);
}

/** Forgets that he was erased: he is to be known again. */
export async function knowAgain(tx: Tx, debtorId: string, email: string): Promise<void> {
  const mark = markOf(await addressSecret(tx), email);
  await tx
    .deleteFrom('erased_mark')
    .where('mark', '=', mark)
    .where(({ eb, or, selectFrom }) =>
      or([
        eb('debtor_id', '=', debtorId),
        eb('debtor_id', 'in', selectFrom('merge').select('gone_id').where('into_id', '=', debtorId)),
      ]),
    )
    .execute();
}
