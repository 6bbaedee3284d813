import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { missingOf } from '../domain/creditor.ts';
import { Foresight } from '../domain/preview.ts';
import type { Preview, PreviewDay, Previewed, Silent } from '../domain/preview.ts';
import type { Instant } from '../domain/time.ts';
import type { House } from './house.ts';
import { collectionFrom } from './journal.ts';
import { importHold } from './registration.ts';

/** What releasing an import would set off, with names for people. */
export interface ImportPreview {
  /** Open invoices of the import, and how many of them were looked at: large imports are foretold from a sample. */
  readonly open: number;
  readonly looked: number;
  readonly settled: number;
  readonly days: readonly PreviewDay[];
  readonly silent: readonly (Omit<Silent, 'invoiceIds'> & {
    readonly invoices: number;
    readonly examples: readonly Example[];
  })[];
  /** Creditors that are to be completed before anything leaves in their name. */
  readonly creditors: readonly {
    readonly id: string;
    readonly key: string;
    readonly name: string | null;
    readonly missing: readonly string[];
    readonly invoices: number;
  }[];
}

export interface Example {
  readonly invoiceId: string;
  readonly number: string;
  readonly debtor: string;
}

/** Invoices that one request looks at: more would take seconds, and say the same. */
export const invoicesMax = 5_000;
const examplesMax = 5;
const livesAtOnce = 50;

/** Foresees the invoices that an import brought, as if it were released now. Whole debtors are looked at, in no order of theirs. */
export async function previewImport(house: House, importId: string): Promise<ImportPreview> {
  const { db } = house;
  const counts = await db
    .selectFrom('invoice')
    .select(['open', ({ fn }) => fn.countAll<string>().as('count')])
    .where('import_id', '=', importId)
    .groupBy('open')
    .execute();
  const countOf = (open: boolean): number => Number(counts.find((row) => row.open === open)?.count ?? 0);
  const rows = await db
    .selectFrom('invoice')
    .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
    .select([
      'invoice.id',
      'invoice.number',
      'invoice.debtor_id',
      'invoice.creditor_id',
      'invoice.collection',
      'debtor.name',
    ])
    // Chosen by their ids alone: whole files would be sorted on disk, all hundred thousand of them.
    .where('invoice.id', 'in', (query) =>
      query
        .selectFrom('invoice')
        .select('id')
        .where('import_id', '=', importId)
        .where('open', '=', true)
        .orderBy(sql`md5(debtor_id::text)`)
        .orderBy('id')
        .limit(invoicesMax),
    )
    .orderBy(sql`md5(invoice.debtor_id::text)`)
    .orderBy('invoice.id')
    .execute();
  const creditorIds = [...new Set(rows.map((row) => row.creditor_id))];
  const creditors =
    creditorIds.length === 0
      ? []
      : await db.selectFrom('creditor').selectAll().where('id', 'in', creditorIds).orderBy('id').execute();
  const missing = new Map(creditors.map((creditor) => [creditor.id, missingOf(creditor)]));

  const previewed: Previewed[] = [];
  for (const row of rows)
    previewed.push({
      collection: await collectionFrom(db, house.rules, row.collection),
      creditorMissing: missing.get(row.creditor_id) ?? [],
    });
  const preview = await foresee(previewed, await house.clock.now());

  const named = new Map(
    rows.map((row) => [row.id, { invoiceId: row.id, number: row.number, debtor: row.name }]),
  );
  return {
    open: countOf(true),
    looked: rows.length,
    settled: countOf(false),
    days: preview.days,
    silent: preview.silent.map(({ invoiceIds, ...reason }) => ({
      ...reason,
      invoices: invoiceIds.length,
      examples: invoiceIds.slice(0, examplesMax).flatMap((id) => named.get(id) ?? []),
    })),
    creditors: creditors.flatMap((creditor) => {
      const lacks = missing.get(creditor.id) ?? [];
      const invoices = rows.filter((row) => row.creditor_id === creditor.id).length;
      return lacks.length === 0
        ? []
        : { id: creditor.id, key: creditor.key, name: creditor.legal_name, missing: lacks, invoices };
    }),
  };
}

/** With a breath now and then, so that other requests are answered in between. */
async function foresee(invoices: readonly Previewed[], now: Instant): Promise<Preview> {
  const foresight = new Foresight(importHold, now);
  for (const [index, invoice] of invoices.entries()) {
    foresight.add(invoice);
    if (index % livesAtOnce === 0) await setImmediate();
  }
  return foresight.result();
}
