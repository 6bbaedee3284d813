import { sql } from 'kysely';
import type { Db } from './database.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';

/** Lists of what people have to do or to watch: tasks, promises, disputes. Oldest due first, by keyset. */
export interface WorkFilter {
  readonly kind?: string;
  readonly state?: string;
  readonly debtorId?: string;
  readonly creditorId?: string;
  readonly invoiceId?: string;
  readonly owner?: string;
  readonly dueBefore?: string;
  readonly id?: string;
}

/** After this day, or moment in milliseconds, and id; of promises also the invoice, for one may be on several. */
export type WorkPlace = readonly [value: string | number, id: string, invoiceId?: string];

export async function listTasks(
  eyes: Eyes,
  db: Db,
  { kind, state = 'open', debtorId, creditorId, invoiceId, owner, dueBefore, id }: WorkFilter,
  limit: number,
  after?: WorkPlace,
) {
  return db
    .selectFrom('task')
    .innerJoin('debtor', 'debtor.id', 'task.debtor_id')
    .innerJoin('creditor', 'creditor.id', 'task.creditor_id')
    .selectAll('task')
    .$call(onlySeen(eyes, 'task'))
    .select([
      'debtor.name as debtorName',
      sql<string>`coalesce(creditor.legal_name, creditor.key)`.as('creditorName'),
      sql<InvoiceOfTask[]>`coalesce((
        select json_agg(json_build_object('id', invoice.id, 'number', invoice.number, 'term', invoice.term, 'step', task_invoice.step,
                                          'scenarioId', invoice.collection->'scenario'->>'id', 'open', task_invoice.open,
                                          'balanceCents', invoice.balance_cents, 'currency', invoice.currency) order by invoice.due_date, invoice.id)
        from task_invoice join invoice on invoice.id = task_invoice.invoice_id where task_invoice.task_id = task.id), '[]')`.as(
        'invoices',
      ),
      // What is to be done towards a debtor says itself that it is not to be: who does it reads this list, and no other.
      sql<boolean>`task.kind in ('call', 'manual', 'post') and task.state = 'open' and exists (
        select from stop where lifted_at is null and (scope = 'everything' or subject_id in (task.debtor_id, task.creditor_id)
          or subject_id in (select invoice_id from task_invoice where task_id = task.id and open)))`.as(
        'stopped',
      ),
      // What was asked of a person before the file fell silent: a hold, an objection, a promise, a plan, a firm that has it.
      sql<boolean>`task.kind in ('call', 'manual') and task.state = 'open' and not exists (
        select from task_invoice join invoice on invoice.id = task_invoice.invoice_id
        where task_invoice.task_id = task.id and task_invoice.open and invoice.state not in ('held', 'disputed', 'promised', 'in_plan'))`.as(
        'silent',
      ),
    ])
    .$if(id === undefined && state !== 'any', (query) => query.where(sql<boolean>`task.state = ${state}`))
    .$if(id !== undefined, (query) => query.where('task.id', '=', id ?? ''))
    .$if(kind !== undefined, (query) => query.where('task.kind', '=', kind ?? ''))
    .$if(owner !== undefined, (query) => query.where('task.owner', '=', owner ?? ''))
    .$if(debtorId !== undefined, (query) => query.where('task.debtor_id', '=', debtorId ?? ''))
    .$if(creditorId !== undefined, (query) => query.where('task.creditor_id', '=', creditorId ?? ''))
    .$if(invoiceId !== undefined, (query) =>
      query.where(
        sql<boolean>`exists (select from task_invoice where task_id = task.id and invoice_id = ${invoiceId})`,
      ),
    )
    .$if(dueBefore !== undefined, (query) => query.where('task.due_on', '<', dueBefore ?? ''))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(task.due_on, task.id) > (${after?.[0]}::date, ${after?.[1]}::uuid)`),
    )
    .orderBy('task.due_on')
    .orderBy('task.id')
    .limit(limit + 1)
    .execute();
}

export interface InvoiceOfTask {
  readonly id: string;
  readonly number: string;
  readonly term: number;
  readonly step: string | null;
  readonly scenarioId: string;
  readonly open: boolean;
  readonly balanceCents: number;
  readonly currency: string;
}

export async function listPromises(
  eyes: Eyes,
  db: Db,
  { state, debtorId, invoiceId }: WorkFilter,
  limit: number,
  after?: WorkPlace,
) {
  return db
    .selectFrom('promise')
    .innerJoin('invoice', 'invoice.id', 'promise.invoice_id')
    .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
    .selectAll('promise')
    .$call(onlySeen(eyes, 'invoice'))
    .select(['invoice.number', 'invoice.currency', 'debtor.id as debtorId', 'debtor.name as debtorName'])
    .select(
      sql<number>`(select count(*)::int from promise part where part.id = promise.id)`.as('invoicesPromised'),
    )
    .$if(state !== undefined, (query) => query.where(sql<boolean>`promise.state = ${state}`))
    .$if(debtorId !== undefined, (query) => query.where('invoice.debtor_id', '=', debtorId ?? ''))
    .$if(invoiceId !== undefined, (query) => query.where('promise.invoice_id', '=', invoiceId ?? ''))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(promise.promised_on, promise.id, promise.invoice_id) > (${after?.[0]}::date, ${after?.[1]}::uuid, ${after?.[2]}::uuid)`,
      ),
    )
    .orderBy('promise.promised_on')
    .orderBy('promise.id')
    .orderBy('promise.invoice_id')
    .limit(limit + 1)
    .execute();
}

export async function listDisputes(
  eyes: Eyes,
  db: Db,
  { state, debtorId, invoiceId }: WorkFilter,
  limit: number,
  after?: WorkPlace,
) {
  return db
    .selectFrom('dispute')
    .innerJoin('invoice', 'invoice.id', 'dispute.invoice_id')
    .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
    .selectAll('dispute')
    .$call(onlySeen(eyes, 'dispute'))
    .select(['invoice.number', 'invoice.currency', 'debtor.id as debtorId', 'debtor.name as debtorName'])
    .$if(state !== undefined, (query) => query.where(sql<boolean>`dispute.state = ${state}`))
    .$if(debtorId !== undefined, (query) => query.where('invoice.debtor_id', '=', debtorId ?? ''))
    .$if(invoiceId !== undefined, (query) => query.where('dispute.invoice_id', '=', invoiceId ?? ''))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(dispute.opened_at, dispute.id) > (${new Date(Number(after?.[0] ?? 0))}::timestamptz, ${after?.[1]}::uuid)`,
      ),
    )
    .orderBy('dispute.opened_at')
    .orderBy('dispute.id')
    .limit(limit + 1)
    .execute();
}
