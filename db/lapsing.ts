import type { LegalDate } from '../domain/law/legal-date.ts';
import { dayAt } from '../domain/calendar.ts';
import { clocksOfFile } from '../domain/legal-clocks/clocks-of-file.ts';
import { isOver } from '../domain/collection.ts';
import { addDays } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import { lawDay } from './calendars.ts';
import type { Db } from './database.ts';
import { readInsolvency } from './declaration-reads.ts';
import type { House } from './house.ts';
import { collectionFrom } from './journal.ts';
import { lawIn } from './law.ts';
import { onlySeen, seenInvoice } from './visible.ts';
import type { Eyes } from './visible.ts';

/** A legal date that comes, and of what. */
export interface Lapsing {
  readonly date: LegalDate;
  /** Null for a declaration, which is about all claims of a creditor. */
  readonly invoiceId: string | null;
  readonly number: string | null;
  readonly debtorId: string;
  readonly debtorName: string;
}

/**
 * The legal dates of invoices that come within so many days, of up to `limit` invoices after one: of those that are open,
 * and of those that ended as handed over and are still owed.
 *
 * The dates are worked out from each file, as its own watch does: nothing is kept twice, so nobody can ask the database for
 * the nearest ones. `last` is where to go on; null once all were looked at.
 */
export async function lapsingInvoices(
  eyes: Eyes,
  house: House,
  now: Instant,
  { within, limit, after }: { readonly within: number; readonly limit: number; readonly after?: string },
): Promise<{ readonly items: readonly Lapsing[]; readonly last: string | null }> {
  const { db, rules } = house;
  const rows = await db
    .selectFrom('invoice')
    .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
    .select(['invoice.id', 'invoice.number', 'invoice.debtor_id', 'invoice.collection', 'debtor.name'])
    .where((invoice) =>
      invoice.or([
        invoice('invoice.open', '=', true),
        invoice.and([invoice('invoice.state', '=', 'handed_over'), invoice('invoice.balance_cents', '>', 0)]),
      ]),
    )
    .$if(after !== undefined, (query) => query.where('invoice.id', '>', after ?? ''))
    .$call(onlySeen(eyes, 'invoice'))
    .orderBy('invoice.id')
    .limit(limit)
    .execute();
  const law = await lawIn(db);
  const items: Lapsing[] = [];
  for (const row of rows) {
    const collection = await collectionFrom(db, rules, row.collection);
    if (isOver(collection)) continue;
    const today = dayAt(collection.calendar, now);
    const until = addDays(today, within);
    for (const date of clocksOfFile(law, collection, now).dates)
      if (date.on >= today && date.on <= until)
        items.push({
          date,
          invoiceId: row.id,
          number: row.number,
          debtorId: row.debtor_id,
          debtorName: row.name,
        });
  }
  return { items, last: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
}

/** The declarations of claims that have still to be sent, and the relief from foreclosure, that come within so many days. */
export async function lapsingDeclarations(
  eyes: Eyes,
  db: Db,
  now: Instant,
  within: number,
): Promise<readonly Lapsing[]> {
  const today = lawDay(now);
  const until = addDays(today, within);
  const rows = await db
    .selectFrom('insolvency')
    .innerJoin('debtor', 'debtor.id', 'insolvency.debtor_id')
    .select(['insolvency.debtor_id', 'debtor.name'])
    .where('ended_at', 'is', null)
    .where('published_on', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('invoice')
          .select('invoice.id')
          .whereRef('invoice.debtor_id', '=', 'insolvency.debtor_id')
          .where(seenInvoice(eyes, 'invoice')),
      ),
    )
    .orderBy('insolvency.id')
    .execute();
  const items: Lapsing[] = [];
  for (const { debtor_id: debtorId, name: debtorName } of rows) {
    const read = await readInsolvency(eyes, db, debtorId);
    for (const { sentOn, dates } of read?.declarations ?? []) {
      if (sentOn !== null || dates === null) continue;
      const date = today <= dates.declaration.on ? dates.declaration : dates.relief;
      if (date.on >= today && date.on <= until)
        items.push({ date, invoiceId: null, number: null, debtorId, debtorName });
    }
  }
  return items;
}
