import { gunzipSync, gzipSync } from 'node:zlib';
import { PortfolioTotals } from '../../domain/audit/ageing.ts';
import type { PortfolioTotal } from '../../domain/audit/ageing.ts';
import type { Standing } from '../../domain/audit/standing.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import type { Db, Tx } from '../database.ts';
import type { House } from '../house.ts';
import { note } from '../journal.ts';
import { sha256Of } from '../sha256.ts';
import { allStandings, asOf } from './as-it-was.ts';

/** A portfolio as it was written down. */
export interface Snapshot {
  readonly day: CivilDate;
  readonly endsAt: Instant;
  /** When it was written: the night after its day, or when somebody first asked for that day. */
  readonly takenAt: Instant;
  readonly invoices: number;
  readonly totals: readonly PortfolioTotal[];
  readonly sha256: string;
}

/** Of so many invoices one page of a snapshot is made: large enough to compress well, small enough to be read for one list. */
const pageInvoices = 2_000;

/**
 * Writes down how the portfolio stood at the end of a day, unless that was done before; answers what is written.
 *
 * Its digest goes into the journal (chain `snapshots`), and with it into the anchor of the night, so that nobody can change
 * afterwards what the portfolio was. The caller makes sure that the day is over and that nothing of it is still
 * being recorded (`isSettled`). Two at once write one. Throws when `stop` is aborted before it is written.
 */
export async function takeSnapshot(house: House, day: CivilDate, stop?: AbortSignal): Promise<Snapshot> {
  const known = await readSnapshot(house.db, day);
  if (known) return known;
  const when = asOf(day);
  const totals = new PortfolioTotals();
  const pages: Page[] = [];
  let gathered: Standing[] = [];
  for await (const standings of allStandings(house, when)) {
    stop?.throwIfAborted();
    for (const standing of standings) totals.add(standing);
    gathered.push(...standings);
    for (; gathered.length >= pageInvoices; gathered = gathered.slice(pageInvoices))
      pages.push(pageFrom(gathered.slice(0, pageInvoices)));
  }
  if (gathered.length > 0) pages.push(pageFrom(gathered));
  const invoices = pages.reduce((sum, page) => sum + page.invoices, 0);
  const sha256 = digestOf(totals.all(), pages);
  const written = await house.db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('snapshot')
      .values({
        day,
        ends_at: new Date(when.endsAt),
        taken_at: new Date(await house.clock.now()),
        invoices,
        totals: JSON.stringify(totals.all()),
        sha256,
      })
      .onConflict((clash) => clash.doNothing())
      .returning('taken_at')
      .executeTakeFirst();
    if (!row) return false;
    for (const [number, page] of pages.entries())
      await tx
        .insertInto('snapshot_page')
        .values({ day, number: number + 1, ...page })
        .execute();
    const endsAt = new Date(when.endsAt).toISOString();
    await note(tx, 'snapshots', 'snapshotTaken', row.taken_at, { day, endsAt, invoices, sha256 });
    return true;
  });
  const snapshot = await readSnapshot(house.db, day);
  if (!snapshot) throw new Error(`the snapshot of ${day} was ${written ? 'written' : 'there'} and is gone`);
  return snapshot;
}

interface Page {
  readonly last_id: string;
  readonly invoices: number;
  readonly content: Buffer;
  readonly sha256: string;
}

function pageFrom(standings: readonly Standing[]): Page {
  const text = textOf(standings);
  const last = standings.at(-1);
  if (!last) throw new Error('a page of a snapshot is made of no invoice');
  return {
    last_id: last.invoiceId,
    invoices: standings.length,
    content: gzipSync(text),
    sha256: sha256Of(text),
  };
}

/** The lines as the digest is made of them: one invoice a line. */
export function textOf(standings: readonly Standing[]): string {
  return standings.map((standing) => `${JSON.stringify(standing)}\n`).join('');
}

/** One digest over the totals and all pages. */
export function digestOf(
  totals: readonly PortfolioTotal[],
  pages: readonly { readonly sha256: string }[],
): string {
  return sha256Of([JSON.stringify(totals), ...pages.map(({ sha256 }) => sha256)].join('\n'));
}

/** The snapshot of a day without its lines; undefined when none was taken or it is kept no longer. */
export async function readSnapshot(db: Db | Tx, day: CivilDate): Promise<Snapshot | undefined> {
  const row = await db.selectFrom('snapshot').selectAll().where('day', '=', day).executeTakeFirst();
  return (
    row && {
      day: row.day,
      endsAt: row.ends_at,
      takenAt: row.taken_at,
      invoices: row.invoices,
      totals: row.totals as unknown as readonly PortfolioTotal[],
      sha256: row.sha256,
    }
  );
}

/** The lines of a snapshot after that invoice, page by page. Throws an Error for a page that cannot be read. */
export async function* linesOf(
  db: Db | Tx,
  day: CivilDate,
  after: string | null = null,
): AsyncGenerator<readonly Standing[]> {
  for (let number = 0; ;) {
    const page = await db
      .selectFrom('snapshot_page')
      .select(['number', 'content'])
      .where('day', '=', day)
      .where('number', '>', number)
      .$if(after !== null, (query) => query.where('last_id', '>', after ?? ''))
      .orderBy('number')
      .limit(1)
      .executeTakeFirst();
    if (!page) return;
    const lines = gunzipSync(page.content).toString().split('\n').slice(0, -1);
    const standings = lines.map((line) => JSON.parse(line) as Standing);
    yield after === null ? standings : standings.filter(({ invoiceId }) => invoiceId > after);
    number = page.number;
  }
}
