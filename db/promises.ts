import type { Selectable } from 'kysely';
import type { Author, Fact, FactOf } from '../domain/fact.ts';
import type { PromisedPart } from '../domain/promise/split-promise.ts';
import { isWhollyKept } from '../domain/promise/whole-promise.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { ourselves } from './desk.ts';
import type { Answers, Desk, InvoiceFile } from './desk.ts';
import { paidOn } from './ledger.ts';
import type { PromiseTable } from './schema.ts';
import { uuidv7 } from './uuid.ts';

/**
 * Promises as wholes: one word of a debtor over one or several invoices of one creditor.
 *
 * Each invoice hears its own part under the one id and silences itself; what needs all of them (whether the promise is
 * kept, that it breaks for all at once) is done here, under the lock of the debtor.
 */
export interface NewPromise {
  readonly parts: readonly PromisedPart[];
  readonly promisedOn: CivilDate;
  /** Why it may go beyond the bounds of the scenario, as a person said who may. */
  readonly exceeding?: string;
}

export type PromiseAnswer = Answers<{ readonly promiseId: string }>;

/**
 * Records a promise on invoices of one creditor, each with its part. Refused as a whole when one of them refuses: the
 * caller then undoes what was written.
 */
export async function makePromise(desk: Desk, promise: NewPromise, by: Author): Promise<PromiseAnswer> {
  const promiseId = uuidv7();
  const files = await desk.files(promise.parts.map(({ invoiceId }) => invoiceId));
  const terms = await termsFor(desk, files);
  const recorded: { file: InvoiceFile; fact: Fact }[] = [];
  for (const { invoiceId, amountCents } of promise.parts) {
    const body: FactOf<'promiseMade'> = {
      type: 'promiseMade',
      promiseId,
      amountCents,
      promisedOn: promise.promisedOn,
      ownPayments: true,
      ...terms,
      ...(promise.exceeding === undefined ? {} : { exceeding: promise.exceeding }),
    };
    const answer = await desk.ask(invoiceId, body, by);
    if (answer.kind === 'refused') return answer;
    recorded.push({ file: answer.file, fact: answer.fact });
  }
  return { kind: 'recorded', promiseId, recorded };
}

/** Grace and tolerance as the creditor has them; the parts of one promise all lapse on one day. */
async function termsFor(
  desk: Desk,
  files: readonly InvoiceFile[],
): Promise<Pick<FactOf<'promiseMade'>, 'graceDays' | 'toleranceCents' | 'invoices'>> {
  const [first] = files;
  if (!first) return {};
  const { promise_grace_days: days, promise_tolerance_cents: toleranceCents } = await desk.tx
    .selectFrom('creditor')
    .select(['promise_grace_days', 'promise_tolerance_cents'])
    .where('id', '=', first.collection.creditorId)
    .executeTakeFirstOrThrow();
  const several = files.length > 1;
  const longest = Math.max(...files.map(({ collection }) => collection.scenario.bounds.promiseGraceDays));
  const graceDays = days ?? (several ? longest : null);
  return {
    ...(graceDays === null ? {} : { graceDays }),
    ...(toleranceCents > 0 ? { toleranceCents } : {}),
    ...(several ? { invoices: files.length } : {}),
  };
}

/** The parts of a promise, in no order; none when it is not here. */
export async function partsOfPromise(
  db: Db | Tx,
  promiseId: string,
): Promise<readonly Selectable<PromiseTable>[]> {
  return db.selectFrom('promise').selectAll().where('id', '=', promiseId).execute();
}

/** Takes back what still runs of a promise; refused when nothing of it does. */
export async function withdrawPromise(desk: Desk, promiseId: string, by: Author): Promise<PromiseAnswer> {
  const running = (await partsOfPromise(desk.tx, promiseId)).filter(({ state }) => state === 'active');
  if (running.length === 0)
    return {
      kind: 'refused',
      refusal: { code: 'promise-unknown', message: 'That promise is not running: read the invoice again.' },
    };
  const recorded: { file: InvoiceFile; fact: Fact }[] = [];
  for (const { invoice_id: invoiceId } of running) {
    const answer = await desk.ask(invoiceId, { type: 'promiseWithdrawn', promiseId }, by);
    if (answer.kind === 'refused') return answer;
    recorded.push({ file: answer.file, fact: answer.fact });
  }
  return { kind: 'recorded', promiseId, recorded };
}

/**
 * Ends the promises over several invoices that money on these has kept, wherever the money was booked.
 *
 * Called with every payment, in its transaction: so a promise that falls due as the payment lands is kept or was broken
 * before it, and never both.
 */
export async function keepWholePromises(desk: Desk, invoiceIds: readonly string[]): Promise<void> {
  if (invoiceIds.length === 0) return;
  const rows = await desk.tx
    .selectFrom('promise')
    .selectAll()
    .where('id', 'in', ({ selectFrom }) =>
      selectFrom('promise as touched').select('touched.id').where('touched.invoice_id', 'in', invoiceIds),
    )
    .execute();
  for (const promiseId of new Set(rows.filter(({ state }) => state === 'active').map(({ id }) => id))) {
    const parts = rows.filter(({ id }) => id === promiseId);
    if (parts.length < 2) continue;
    const paid = await paidOn(
      desk.tx,
      parts.map((part) => part.invoice_id),
    );
    const whole = parts.map((part) => ({
      invoiceId: part.invoice_id,
      amountCents: part.amount_cents,
      state: part.state,
      paidCents: (paid.get(part.invoice_id) ?? 0) - part.paid_before_cents,
    }));
    if (!isWhollyKept(whole, parts[0]?.tolerance_cents ?? 0)) continue;
    for (const part of parts.filter(({ state }) => state === 'active'))
      await desk.state(
        part.invoice_id,
        { type: 'promiseKept', promiseId, receivedCents: part.received_cents },
        ourselves,
      );
  }
}
