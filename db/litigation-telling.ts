import type { Author } from '../domain/fact.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Desk } from './desk.ts';
import { uuidv7 } from './uuid.ts';

/** What a partner has to be told: a fact about the debt, the judgment on the debtor, that an invoice is taken back. */
export interface News {
  readonly code: string;
  readonly day: CivilDate;
  readonly invoiceId: string;
  readonly amountCents?: number;
  readonly paymentId?: string | null;
}

/** Keeps what the partner of a file has to be told, in the transaction in which it happens; the file's own workflow tells him. */
export async function toTell(
  desk: Desk,
  litigationId: string,
  { code, day, invoiceId, amountCents = 0, paymentId = null }: News,
  by: Author,
): Promise<void> {
  await desk.tx
    .insertInto('litigation_entry')
    .values({
      id: uuidv7(),
      litigation_id: litigationId,
      kind: 'told',
      code,
      amount_cents: amountCents > 0 ? amountCents : null,
      day,
      payment_id: paymentId,
      invoice_id: invoiceId,
      by: by.id,
      at: new Date(desk.now),
    })
    .execute();
}
