import { sql } from 'kysely';
import type { Instant } from '../domain/time.ts';
import { atOneMoment } from './at-one-moment.ts';
import { breakInWords, breakOf, ChainWalk, clockSlackMs } from './audit/chain.ts';
import { readMoney } from './audit/read-money.ts';
import { verifyErasures } from './erasure/verify-erasures.ts';
import { verifyDebtors } from './audit/verify-debtors.ts';
import { verifyLeft } from './audit/verify-left.ts';
import { verifyRules } from './audit/rules-noted.ts';
import { verifyBytes } from './audit/verify-bytes.ts';
import { readMatters } from './audit/read-matters.ts';
import type { MatterRows } from './audit/read-matters.ts';
import { verifyMatters } from './audit/verify-matters.ts';
import { verifyMoneyNoted } from './audit/verify-money-noted.ts';
import { verifyMoney } from './audit/verify-money.ts';
import type { MoneyRows } from './audit/verify-money.ts';
import { verifyNamed } from './audit/verify-named.ts';
import { verifyNames } from './audit/names-noted.ts';
import { verifyPapers } from './audit/verify-papers.ts';
import { verifyPeople } from './audit/verify-people.ts';
import { verifySnapshots } from './audit/verify-snapshots.ts';
import { verifyTerms } from './audit/verify-terms.ts';
import type { Db, Tx } from './database.ts';
import { grouped } from './grouped.ts';
import { inPages } from './in-pages.ts';
import type { Findings, InvariantId } from './invariants.ts';
import type { Rules } from './rules.ts';
import { verifyLog } from './verify-log.ts';
import type { ClaimedLine, LogEntry, StoredInvoice } from './verify-log.ts';

const invoicesAtOnce = 500;
const entriesAtOnce = 5_000;

/**
 * Checks what Postgres alone can answer: the views that must be empty, the chains of the journal, and every file
 * against the fold of its facts.
 *
 * Reads only, a few hundred invoices at a time, each batch in a snapshot of its own, so that it can run beside live
 * work and on any number of invoices. `now` is business time. With `sample`, the bytes of so many
 * messages and papers are hashed; without, all that were ever kept.
 */
export async function verifyDatabase(
  db: Db,
  rules: Rules,
  findings: Findings,
  now: Instant,
  sample?: number,
): Promise<void> {
  await verifyViews(db, findings);
  await verifyImputations(db, findings);
  await verifyWakeUps(db, findings, now);
  await verifyPursued(db, findings);
  const slackMs = clockSlackMs * (await speedOf(db));
  await verifyInvoices(db, rules, findings, { now, slackMs });
  await verifyOtherChains(db, findings, slackMs);
  await verifyLeft(db, rules, findings, slackMs);
  await verifyBytes(db, findings, sample);
  await verifyPapers(db, findings);
  await verifyErasures(db, findings);
  await verifyRules(db, findings);
  await verifyMoneyNoted(db, findings);
  await verifyTerms(db, findings);
  await verifyDebtors(db, findings);
  await verifyPeople(db, findings);
  await verifyNames(db, findings);
  await verifySnapshots({ db, rules, findings, now });
}

async function verifyViews(db: Db, findings: Findings): Promise<void> {
  const { rows: views } = await sql<{
    name: string;
  }>`select viewname as name from pg_views where schemaname = 'public' and viewname like 'inv\\_%' order by viewname`.execute(
    db,
  );
  if (views.length === 0)
    throw new Error('the database has no invariants to look at: bring it to the newest migration first');
  for (const { name } of views) {
    const { rows } = await sql<{
      subject: string;
      what: string;
    }>`select subject, what from ${sql.id(name)}`.execute(db);
    for (const { subject, what } of rows) findings.add(`I${name.slice(4, 6)}` as InvariantId, subject, what);
  }
}

/**
 * What went to interest names its payment. Where it names none, an earlier release worked it out anew after the fact, when a
 * rate, a setting or a dispute had changed: the balance is off by it, in somebody's favour.
 */
async function verifyImputations(db: Db, findings: Findings): Promise<void> {
  const rows = await db
    .selectFrom('ledger_entry')
    .select(['invoice_id', ({ fn }) => fn.sum<string>('amount_cents').as('cents')])
    .where('kind', '=', 'interest')
    .where('payment_id', 'is', null)
    .groupBy('invoice_id')
    .having(({ fn }) => fn.sum('amount_cents'), '<>', 0)
    .orderBy('invoice_id')
    .execute();
  for (const { invoice_id: id, cents } of rows)
    findings.add(
      'I04',
      `invoice/${id}`,
      `has ${cents} cents of interest on its balance that no payment has settled`,
    );
}

/**
 * A wake-up that has long passed means a file that nobody moves: no worker, a lost workflow, a step that fails again and
 * again. The sweep wakes it after so long by its setting, so twice as long is more than a bad moment. Only bulk may make
 * a file wait for longer: its words go at a rate of their own (I06).
 */
async function verifyWakeUps(db: Db, findings: Findings, now: Instant): Promise<void> {
  const speed = await speedOf(db);
  const { rows } = await sql<{ id: string; wake_at: Instant }>`
    select id, wake_at from invoice
    where open and wake_at < ${new Date(now - 2 * sweptAfterMs * speed)}
      and not exists (select from outbox where workflow = 'invoice/' || invoice.id and delivered_at is null and lane = 1)
    order by wake_at`.execute(db);
  for (const { id, wake_at: at } of rows)
    findings.add('I17', `invoice/${id}`, `should have woken at ${new Date(at).toISOString()}, and has not`);
}

/** SWEEP_AFTER_SECONDS where nobody sets it, in real time. */
const sweptAfterMs = 900_000;

/** What ended as handed over and is owed has no wake-up of its own: the litigation file that it is in looks after it. */
async function verifyPursued(db: Db, findings: Findings): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from invoice
    where state = 'handed_over' and balance_cents > 0 and not exists (
      select from litigation_invoice line join litigation file on file.id = line.litigation_id
      where line.invoice_id = invoice.id
        and (line.left_at is null or (file.outcome = 'doubtful' and line.left_at = file.closed_at)))
    order by id`.execute(db);
  for (const { id } of rows)
    findings.add('I17', `invoice/${id}`, 'was handed over, is owed, and is in no litigation file');
}

async function verifyInvoices(
  db: Db,
  rules: Rules,
  findings: Findings,
  { now, slackMs }: { readonly now: Instant; readonly slackMs: number },
): Promise<void> {
  const readNamed = (after: string | null) =>
    atOneMoment(db, async (tx) => {
      const read = await readBatch(tx, after);
      await verifyNamed(
        tx,
        read.flatMap(({ entries }) => entries),
        findings,
      );
      return read;
    });
  for await (const batch of inPages(invoicesAtOnce, readNamed, ({ invoice }) => invoice.id))
    for (const { invoice, entries, lines, money, matters } of batch) {
      const subject = `invoice/${invoice.id}`;
      const head = { seq: invoice.journal_seq, hash: invoice.journal_hash };
      const broken = breakOf(subject, entries, { head, slackMs });
      if (broken !== null) findings.add('I09', subject, broken);
      const facts = await verifyLog({ db, rules, findings, now }, invoice, entries, lines);
      verifyMoney(findings, subject, facts, money);
      verifyMatters(findings, subject, { facts, entries }, matters);
    }
}

type Batch = readonly {
  readonly invoice: StoredInvoice;
  readonly entries: readonly LogEntry[];
  readonly lines: readonly ClaimedLine[];
  readonly money: MoneyRows;
  readonly matters: MatterRows;
}[];

async function readBatch(tx: Tx, after: string | null): Promise<Batch> {
  const invoices = await tx
    .selectFrom('invoice')
    .select(['id', 'state', 'level', 'wake_at', 'open', 'fact', 'collection', 'journal_seq', 'journal_hash'])
    .select(['number', 'term', 'creditor_id', 'currency', 'amount_cents', 'due_date', 'issue_date'])
    .select(['performed_on', 'known_at'])
    .$if(after !== null, (query) => query.where('id', '>', after))
    .orderBy('id')
    .limit(invoicesAtOnce)
    .execute();
  if (invoices.length === 0) return [];
  const ids = invoices.map(({ id }) => id);
  const entries = await tx
    .selectFrom('journal')
    .selectAll()
    .where(
      'subject',
      'in',
      ids.map((id) => `invoice/${id}`),
    )
    .orderBy('subject')
    .orderBy('seq')
    .execute();
  const lines = await tx
    .selectFrom('message_line')
    .innerJoin('message', 'message.id', 'message_line.message_id')
    .select(['message_id', 'invoice_id', 'request_id', 'fact', 'balance_cents', 'asked_cents'])
    .where('invoice_id', 'in', ids)
    .where('purpose', '=', 'contact')
    .where('claimed_at', 'is not', null)
    .execute();
  const [entriesOf, linesOf] = [
    grouped(entries, (entry) => entry.subject),
    grouped(lines, (line) => line.invoice_id),
  ];
  const moneyOf = await readMoney(tx, ids);
  const mattersOf = await readMatters(tx, ids);
  return invoices.map((invoice) => ({
    invoice,
    entries: entriesOf.get(`invoice/${invoice.id}`) ?? [],
    lines: linesOf.get(invoice.id) ?? [],
    money: moneyOf(invoice.id),
    matters: mattersOf(invoice.id),
  }));
}

/**
 * The chains of users, debtors, stops and settings: their heads are kept nowhere else, so only a gap or a change shows. Some
 * grow by every request or every run, so no more of them is held than a page.
 */
async function verifyOtherChains(db: Db, findings: Findings, slackMs: number): Promise<void> {
  let walk = null as ChainWalk | null;
  let isBroken = false;
  for await (const entries of inPages(
    entriesAtOnce,
    (after: Place | null) => entriesAfter(db, after),
    placeOf,
  )) {
    await verifyNamed(db, entries, findings);
    for (const entry of entries) {
      if (walk?.subject !== entry.subject) {
        walk = new ChainWalk(entry.subject, slackMs);
        isBroken = false;
      }
      if (isBroken || walk.accepts(entry)) continue;
      isBroken = true;
      findings.add('I09', entry.subject, await explained(db, walk));
    }
  }
}

/** Where an entry stands in the journal. */
type Place = Pick<LogEntry, 'subject' | 'seq'>;

function placeOf({ subject, seq }: LogEntry): Place {
  return { subject, seq };
}

/** The next entries of chains that are no invoice's. */
async function entriesAfter(db: Db, after: Place | null): Promise<readonly LogEntry[]> {
  const { subject, seq } = after ?? { subject: '', seq: 0 };
  return db
    .selectFrom('journal')
    .selectAll()
    .where(({ eb, refTuple, tuple }) => eb(refTuple('subject', 'seq'), '>', tuple(subject, seq)))
    .where('subject', 'not like', 'invoice/%')
    .orderBy('subject')
    .orderBy('seq')
    .limit(entriesAtOnce)
    .execute();
}

/** How much of a chain is read again to say what happened at a break. */
const aroundBreak = { before: 4, behind: 200 };

async function explained(db: Db, { subject, head }: ChainWalk): Promise<string> {
  const around = await db
    .selectFrom('journal')
    .selectAll()
    .where('subject', '=', subject)
    .where('seq', '>', head.seq - aroundBreak.before)
    .orderBy('seq')
    .limit(aroundBreak.before + aroundBreak.behind)
    .execute();
  return breakInWords(
    around,
    around.findIndex(({ seq }) => seq > head.seq),
    head,
  );
}

async function speedOf(db: Db): Promise<number> {
  return (await db.selectFrom('setting').select('speed').executeTakeFirstOrThrow()).speed;
}
