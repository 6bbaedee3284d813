import { sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';
import type { Db, Tx } from './database.ts';
import type { StopScope } from './stops.ts';
import { onlySeen, seenInvoice } from './visible.ts';
import type { Eyes } from './visible.ts';

/** What a stop keeps silent at this moment, or would. */
export interface Silenced {
  readonly invoices: number;
  readonly debtors: number;
  /** Messages that stand at the door and now stay there. */
  readonly requests: number;
  /** What these invoices owe, by currency. */
  readonly owed: readonly { readonly currency: string; readonly cents: number }[];
}

/** What a stop of that scope keeps silent now, of what is seen. */
export async function silencedBy(
  eyes: Eyes,
  db: Db | Tx,
  scope: StopScope,
  subjectId: string | null,
): Promise<Silenced> {
  const open = db
    .selectFrom('invoice')
    .where('open', '=', true)
    .$call(onlySeen(eyes, 'invoice'))
    .$if(scope === 'creditor', (query) => query.where('creditor_id', '=', subjectId))
    .$if(scope === 'debtor', (query) => query.where('debtor_id', '=', subjectId))
    .$if(scope === 'invoice', (query) => query.where('id', '=', subjectId));
  const { debtors } = await open
    .select(({ fn }) => fn.count<number>('debtor_id').distinct().as('debtors'))
    .executeTakeFirstOrThrow();
  const owed = await open
    .select(({ fn }) => [
      'currency',
      fn.countAll<number>().as('invoices'),
      fn.sum<string>('balance_cents').as('cents'),
    ])
    .groupBy('currency')
    .orderBy('currency')
    .execute();
  const { requests } = await db
    .selectFrom('contact_request')
    .select(({ fn }) => [fn.countAll<number>().as('requests')])
    .where('state', '=', 'waiting')
    .where(inScope(scope, subjectId))
    .$if(eyes.sees !== 'all', (query) =>
      query.where(
        sql<SqlBool>`exists (select from invoice where invoice.id = contact_request.invoice_id and ${seenInvoice(eyes, 'invoice')})`,
      ),
    )
    .executeTakeFirstOrThrow();
  return {
    invoices: owed.reduce((sum, { invoices }) => sum + invoices, 0),
    debtors,
    requests,
    owed: owed.map(({ currency, cents }) => ({ currency, cents: Number(cents) })),
  };
}

/** The requests that a stop covers. */
export function inScope(scope: StopScope, subjectId: string | null): Expression<SqlBool> {
  if (scope === 'everything') return sql<SqlBool>`true`;
  return sql<SqlBool>`${sql.ref(`contact_request.${scope}_id`)} = ${subjectId}`;
}

/** A word at the door that a stop covers. */
export function isWordInScope(scope: StopScope, subjectId: string | null): Expression<SqlBool> {
  const isPlanned = sql<SqlBool>`message.purpose = 'word' and message.state = 'planned'`;
  if (scope === 'everything') return isPlanned;
  if (scope !== 'invoice')
    return sql<SqlBool>`${isPlanned} and ${sql.ref(`message.${scope}_id`)} = ${subjectId}`;
  return sql<SqlBool>`${isPlanned} and exists (select from message_line where message_id = message.id and invoice_id = ${subjectId})`;
}
