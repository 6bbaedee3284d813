import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { apply, openCollection } from '../domain/apply.ts';
import { dayAt } from '../domain/calendar.ts';
import { isClosed } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import { decide } from '../domain/decide.ts';
import type { Decision } from '../domain/decision.ts';
import type { Author, Fact, FactBody, Registered } from '../domain/fact.ts';
import type { Level } from '../domain/level.ts';
import { refusalOf } from '../domain/refusal.ts';
import type { Refusal } from '../domain/refusal.ts';
import { levelReached } from '../domain/schedule.ts';
import { daysBetween } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import type { Tx } from './database.ts';
import { DebtorElsewhere } from './debtor-elsewhere.ts';
import type { House } from './house.ts';
import { collectionFrom, genesisOf, nextEntry, storedFrom, subjectOf, textOf } from './journal.ts';
import type { JournalEntry, JournalHead } from './journal.ts';
import { lookAtMatters, workflowOf } from './matters.ts';
import type { Matter } from './matters.ts';
import { missedBy } from './missed.ts';
import { project } from './projection.ts';
import type { InvoiceTable } from './schema.ts';
import { takeBackLetters } from './letters-in-hand.ts';
import { settleUp } from './settle-up.ts';

/** An invoice on the desk: its file as it is now, and what only Postgres knows of it. */
export interface InvoiceFile {
  readonly id: string;
  readonly debtorId: string;
  readonly number: string;
  collection: Collection;
  decision: Decision;
  head: JournalHead;
}

/** What a caller is told of his fact: the new file, its state and the next step, before any worker has moved. */
export type Answer =
  | { readonly kind: 'recorded'; readonly fact: Fact; readonly file: InvoiceFile }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The same for facts on several invoices, with what else there is to tell. */
export type Answers<More extends object = object> =
  | ({
      readonly kind: 'recorded';
      readonly recorded: readonly { readonly file: InvoiceFile; readonly fact: Fact }[];
    } & More)
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Recording {
  /** Facts of people go first, imports and other bulk wait their turn. */
  readonly lane?: 'people' | 'bulk';
  /** The invoice's own workflow records it and hears it as the answer: no signal is owed. */
  readonly heard?: boolean;
}

/** What registration knows beyond the first fact. */
export interface NewInvoice {
  readonly registered: Omit<Registered, 'type' | 'calendar'>;
  readonly number: string;
  readonly term: number;
  readonly orderNumber: string | null;
  readonly collector: string | null;
  readonly salesOwner: string | null;
  readonly flags: readonly string[];
  readonly importId: string | null;
  readonly zone: string;
}

/**
 * Works on invoices while their debtors are locked: the only way into their logs of facts.
 *
 * One transaction: lock the debtors in the order of their ids, read the clock, work, write. A fact is numbered,
 * chained, applied and decided upon here, and stored with the new Collection, its wake-up and the word to its
 * workflow, or not at all. Whoever holds the lock sees every earlier fact; a payment that commits before a claim wins
 * over the message. Throws what `work` throws, with nothing written.
 *
 * Debtors are merged and parted between the look that finds them and their lock. Work that meets an invoice of somebody
 * else is undone and done again with his lock too; where a debtor was merged, it is done again if `debtors` can say who
 * it is now, and else ends with `DebtorElsewhere`. So `work` must leave nothing behind but what it writes.
 */
export async function atTheDesk<T>(
  house: House,
  debtors: readonly string[] | (() => Promise<readonly string[]>),
  work: (desk: Desk) => Promise<T>,
  hands: readonly string[] = [],
): Promise<T> {
  let met: readonly string[] = [];
  for (let tries = 1; ; tries += 1) {
    const debtorIds = [...(typeof debtors === 'function' ? await debtors() : debtors), ...met];
    try {
      return await house.db.transaction().execute(async (tx) => {
        await lockDebtors(tx, debtorIds);
        const desk = new Desk(tx, house, await house.clock.now(), { hands, locked: debtorIds });
        const result = await work(desk);
        await desk.write();
        return result;
      });
    } catch (fault) {
      if (!(fault instanceof DebtorElsewhere) || tries === triesMax) throw fault;
      if (fault.why === 'merged' && typeof debtors !== 'function') throw fault;
      met = fault.why === 'merged' ? [] : [...met, fault.debtorId];
    }
  }
}

/** Merges are rare: whoever meets so many in a row has a fault. */
const triesMax = 5;

/**
 * Locks debtors in id order, so that two who need the same ones never wait for each other. Throws `DebtorElsewhere` when
 * one of them was merged with another, unless the work is about the merge itself.
 */
export async function lockDebtors(
  tx: Tx,
  debtorIds: readonly string[],
  { mergedToo = false }: { readonly mergedToo?: boolean } = {},
): Promise<void> {
  if (debtorIds.length === 0) return;
  const rows = await tx
    .selectFrom('debtor')
    .select(['id', 'merged_into'])
    .where('id', 'in', [...new Set(debtorIds)])
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  const merged = rows.find((row) => row.merged_into !== null);
  if (merged && !mergedToo) throw new DebtorElsewhere(merged.id, 'merged');
}

/** What the desk is told of whoever stands at it. */
interface AtTheDesk {
  readonly hands?: readonly string[];
  /** The debtors whose lock is held; where absent, nobody asks. */
  readonly locked?: readonly string[];
}

export class Desk {
  readonly tx: Tx;
  readonly house: House;
  /** Business time inside the lock: later than everything that was recorded of these debtors before. */
  readonly now: Instant;
  /** Who else may hold the key of whoever stands at the desk. */
  readonly hands: readonly string[];
  readonly #files = new Map<string, InvoiceFile>();
  readonly #entries: JournalEntry[] = [];
  readonly #words: { invoiceId: string; fact: Fact; lane: number; heard: boolean; openBefore: boolean }[] =
    [];
  readonly #fresh: { file: InvoiceFile; invoice: NewInvoice }[] = [];
  readonly #changed = new Set<InvoiceFile>();
  readonly #lookedAt = new Set<string>();
  readonly #pokes: { debtorId: string; type: string; lane: number }[] = [];
  readonly #matters = new Map<string, Matter>();
  readonly #liftedHolds: string[] = [];

  readonly #locked: Set<string> | undefined;

  constructor(tx: Tx, house: House, now: Instant, { hands = [], locked }: AtTheDesk = {}) {
    this.tx = tx;
    this.house = house;
    this.now = now;
    this.hands = hands;
    this.#locked = locked && new Set(locked);
  }

  /** Locks further debtors, of whom the work learns only now. */
  async lock(debtorIds: readonly string[]): Promise<void> {
    await lockDebtors(this.tx, debtorIds);
    for (const id of debtorIds) this.#locked?.add(id);
  }

  /** Throws `DebtorElsewhere` for a debtor whose lock is not held: what is known of him may be changing. */
  mustHold(debtorId: string): void {
    if (this.#locked && !this.#locked.has(debtorId)) throw new DebtorElsewhere(debtorId, 'unlocked');
  }

  /** The file of an invoice of a locked debtor; undefined when there is none with this id. */
  async file(invoiceId: string): Promise<InvoiceFile | undefined> {
    const [file] = await this.files([invoiceId]);
    return file;
  }

  /** The files of these invoices, in no order; unknown ids are left out. */
  async files(invoiceIds: readonly string[]): Promise<readonly InvoiceFile[]> {
    const missing = invoiceIds.filter((id) => !this.#files.has(id));
    if (missing.length > 0) await this.#load(missing);
    return invoiceIds.flatMap((id) => this.#files.get(id) ?? []);
  }

  /** The files of all open invoices of a locked debtor. */
  async openFiles(debtorId: string): Promise<readonly InvoiceFile[]> {
    const rows = await this.tx
      .selectFrom('invoice')
      .select(fileColumns)
      .where('debtor_id', '=', debtorId)
      .where('open', '=', true)
      .orderBy('id')
      .execute();
    await this.#keep(rows.filter((row) => !this.#files.has(row.id)));
    return this.files(rows.map((row) => row.id));
  }

  /** Opens the file of a new invoice with its first fact. The caller has made sure that its key is new. */
  async open(invoice: NewInvoice, by: Author, lane: 'people' | 'bulk' = 'people'): Promise<InvoiceFile> {
    const { registered } = invoice;
    const day = new Date(this.now).toISOString().slice(0, 10);
    const calendar = await this.house.rules.calendarFrom(
      this.tx,
      registered.debtor.country,
      invoice.zone,
      day,
    );
    const fact = {
      ...registered,
      number: invoice.number,
      term: invoice.term,
      type: 'invoiceRegistered' as const,
      calendar,
      n: 1,
      at: this.now,
      day: dayAt(calendar, this.now),
      by,
    };
    const collection = openCollection(fact);
    const file: InvoiceFile = {
      id: registered.invoiceId,
      debtorId: registered.debtorId,
      number: invoice.number,
      collection,
      decision: decide(collection, this.now),
      head: genesisOf(subjectOf(registered.invoiceId)),
    };
    this.#files.set(file.id, file);
    this.#fresh.push({ file, invoice });
    this.#enter(file, fact, { lane }, false);
    return file;
  }

  /** Records what a person or API asks, unless it makes no sense for the invoice as it is. */
  async ask(invoiceId: string, body: FactBody, by: Author, how: Recording = {}): Promise<Answer> {
    const file = await this.#mustHave(invoiceId);
    const refusal = refusalOf(file.collection, body, this.now);
    return refusal
      ? { kind: 'refused', refusal }
      : { kind: 'recorded', fact: await this.state(invoiceId, body, by, how), file };
  }

  /** Records what has happened, whether it suits us or not: money, deliveries, our own acts. */
  async state(invoiceId: string, body: FactBody, by: Author, how: Recording = {}): Promise<Fact> {
    const file = await this.#mustHave(invoiceId);
    await this.#extendCalendar(file, body, how);
    const before = file.collection;
    const fact = await this.#record(file, body, by, how);
    if (isClosed(before) && !isClosed(file.collection))
      for (const missed of await missedBy(this.tx, this.house, file.collection, this.now))
        await this.#record(file, missed, ourselves, how);
    await settleUp(this, file, before, fact, { by: ourselves, how });
    if (body.type !== 'stepWithdrawn') await takeBackLetters(this, file, before, ourselves);
    return fact;
  }

  /** Adds an entry to an invoice's chain that touches no Collection: a note, a document. */
  async note(invoiceId: string, type: string, body: object): Promise<void> {
    const file = await this.#mustHave(invoiceId);
    this.#chain(file, null, type, JSON.stringify(body));
    this.#changed.add(file);
  }

  /** Writes the place of a file anew where time alone has changed it: a hold that ran out, a moment that passed. */
  refresh(file: InvoiceFile): void {
    this.#changed.add(file);
  }

  /** Says that this very work looks at the door of a debtor: what it brings there is no news to his workflow. */
  looksAt(debtorId: string): void {
    this.#lookedAt.add(debtorId);
  }

  /** Asks the debtor's workflow to look at the door once this is committed. */
  poke(debtorId: string, lane: 'people' | 'bulk' = 'people'): void {
    if (!this.#lookedAt.has(debtorId) && !this.#pokes.some((poke) => poke.debtorId === debtorId))
      this.#pokes.push({ debtorId, type: 'lookAgain', lane: lane === 'people' ? 0 : 1 });
  }

  /** Says that this very work looks at a matter: what it changes there is no news to the matter's workflow. */
  attendsTo(matterId: string): void {
    this.#lookedAt.add(matterId);
  }

  /** Opens a matter, or has the workflow of one look again: something about it has changed. Its debtor is locked. */
  attend(matter: Matter): void {
    if (!this.#lookedAt.has(matter.id)) this.#matters.set(matter.id, matter);
  }

  /** Notes in the lists that a hold of an invoice has ended, with all others at once: a release lifts thousands. */
  liftsHold(holdId: string): void {
    this.#liftedHolds.push(holdId);
  }

  /** Writes what the work has gathered so far; `atTheDesk` calls it last, and work that reads its own changes by SQL before. */
  async write(): Promise<void> {
    await this.#insertFresh();
    const lifted = this.#liftedHolds.splice(0);
    if (lifted.length > 0)
      await this.tx
        .updateTable('invoice_hold')
        .set({ lifted_at: new Date(this.now) })
        .where('id', 'in', lifted)
        .execute();
    await this.#wakeWordsBehind(lifted);
    const started = await this.#updateChanged();
    const entries = this.#entries.splice(0);
    for (const chunk of chunks(entries))
      await this.tx
        .insertInto('journal')
        .values(chunk.map((entry) => ({ ...entry, at: new Date(entry.at) })))
        .execute();
    await this.#tell(started);
  }

  /** What is to be said to a debtor is no request of a file: nothing but this has his door look at it when a hold ends. */
  async #wakeWordsBehind(liftedHolds: readonly string[]): Promise<void> {
    if (liftedHolds.length === 0) return;
    const doors = await this.tx
      .selectFrom('invoice_hold')
      .innerJoin('message_line', 'message_line.invoice_id', 'invoice_hold.invoice_id')
      .innerJoin('message', 'message.id', 'message_line.message_id')
      .select('message.debtor_id')
      .distinct()
      .where('invoice_hold.id', 'in', liftedHolds)
      .where('message.purpose', '=', 'word')
      .where('message.state', '=', 'planned')
      .execute();
    for (const { debtor_id: debtorId } of doors) if (debtorId !== null) this.poke(debtorId);
  }

  async #load(ids: readonly string[]): Promise<void> {
    await this.#keep(
      await this.tx.selectFrom('invoice').select(fileColumns).where('id', 'in', ids).execute(),
    );
  }

  async #keep(rows: readonly FileRow[]): Promise<void> {
    for (const row of rows) {
      this.mustHold(row.debtor_id);
      const collection = await collectionFrom(this.tx, this.house.rules, row.collection);
      const decision = decide(collection, this.now);
      const head = { seq: row.journal_seq, hash: row.journal_hash };
      this.#files.set(row.id, {
        id: row.id,
        debtorId: row.debtor_id,
        number: row.number,
        collection,
        decision,
        head,
      });
    }
  }

  async #mustHave(invoiceId: string): Promise<InvoiceFile> {
    const file = await this.file(invoiceId);
    if (!file) throw new Error(`invoice ${invoiceId} is not in this database`);
    return file;
  }

  async #record(file: InvoiceFile, body: FactBody, by: Author, how: Recording): Promise<Fact> {
    const day = dayAt(file.collection.calendar, this.now);
    const fact: Fact = { ...body, n: file.collection.fact + 1, at: this.now, day, by };
    const before = file.collection;
    const openBefore = file.decision.kind !== 'close';
    file.collection = apply(before, fact);
    file.decision = decide(file.collection, this.now);
    this.#enter(file, fact, how, openBefore);
    await project(this, file, before, fact);
    return fact;
  }

  #enter(file: InvoiceFile, fact: Fact, how: Recording, openBefore: boolean): void {
    this.#chain(file, fact.n, fact.type, textOf(fact));
    this.#changed.add(file);
    this.#words.push({
      invoiceId: file.id,
      fact,
      lane: how.lane === 'bulk' ? 1 : 0,
      heard: how.heard ?? false,
      openBefore,
    });
  }

  #chain(file: InvoiceFile, fact: number | null, type: string, body: string): void {
    const entry = nextEntry(subjectOf(file.id), file.head, { fact, type, at: this.now, body });
    file.head = { seq: entry.seq, hash: entry.hash };
    this.#entries.push(entry);
  }

  /** A file that lives longer than its calendar gets the next years before anything is decided in them. */
  async #extendCalendar(file: InvoiceFile, body: FactBody, how: Recording): Promise<void> {
    const { calendar } = file.collection;
    const day = dayAt(calendar, this.now);
    if (body.type === 'calendarExtended' || daysBetween(day, calendar.until) > 365) return;
    const next = await this.house.rules.calendarFrom(this.tx, calendar.country, calendar.zone, day);
    if (next.id !== calendar.id)
      await this.#record(file, { type: 'calendarExtended', calendar: next }, ourselves, how);
  }

  async #insertFresh(): Promise<void> {
    const fresh = this.#fresh.splice(0);
    for (const chunk of chunks(fresh)) {
      const rows = chunk.map(({ file, invoice }) => ({
        ...placeOf(file, this.now),
        id: file.id,
        creditor_id: file.collection.creditorId,
        debtor_id: file.debtorId,
        number: invoice.number,
        term: invoice.term,
        issue_date: file.collection.issueDate,
        performed_on: file.collection.performedOn ?? null,
        due_date: file.collection.dueDate,
        currency: file.collection.currency,
        amount_cents: file.collection.amountCents,
        order_number: invoice.orderNumber,
        collector: invoice.collector,
        sales_owner: invoice.salesOwner,
        flags: [...invoice.flags],
        import_id: invoice.importId,
        known_at: new Date(this.now),
      }));
      await this.tx.insertInto('invoice').values(rows).execute();
    }
    for (const { file } of fresh) this.#changed.delete(file);
  }

  /** Says of each changed invoice whether a workflow was ever started for it, as the row lock shows it. */
  async #updateChanged(): Promise<ReadonlyMap<string, boolean>> {
    const started = new Map<string, boolean>();
    for (const chunk of chunks([...this.#changed])) {
      const places = chunk.map((file) => ({
        ...placeOf(file, this.now),
        id: file.id,
        issue_date: file.collection.issueDate,
        performed_on: file.collection.performedOn ?? null,
        due_date: file.collection.dueDate,
        amount_cents: file.collection.amountCents,
      }));
      const { rows } = await sql<{ id: string; started: boolean }>`
        update invoice set balance_cents = place.balance_cents, state = place.state, level = place.level, wake_at = place.wake_at,
          open = place.open, fact = place.fact, collection = place.collection::jsonb, journal_seq = place.journal_seq,
          journal_hash = place.journal_hash, issue_date = place.issue_date, performed_on = place.performed_on, due_date = place.due_date,
          amount_cents = place.amount_cents
        from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as place (id uuid, balance_cents bigint, state text, level text,
          wake_at timestamptz, open boolean, fact int, collection text, journal_seq int, journal_hash text, issue_date date,
          performed_on date, due_date date, amount_cents bigint)
        where invoice.id = place.id returning invoice.id, invoice.started`.execute(this.tx);
      for (const row of rows) started.set(row.id, row.started);
    }
    for (const { id } of this.#changed)
      if (!started.has(id)) throw new Error(`invoice ${id} is not in this database`);
    this.#changed.clear();
    return started;
  }

  /** Should the word be lost with its workflow, the sweep finds that the door was not looked at. */
  async #mustLook(debtorIds: readonly string[]): Promise<void> {
    const at = new Date(this.now);
    await this.tx.updateTable('debtor').set({ look_at: at }).where('id', 'in', debtorIds).execute();
  }

  /** Leaves the words for the workflows in the outbox; every fact is an event there, also one that nobody waits for. */
  async #tell(started: ReadonlyMap<string, boolean>): Promise<void> {
    const words = this.#words.splice(0).map(({ invoiceId, fact, lane, heard, openBefore }) => {
      const decision = this.#files.get(invoiceId)?.decision;
      const asleep =
        !(started.get(invoiceId) ?? false) &&
        (decision?.kind === 'close' || (decision?.kind === 'wait' && decision.until === null));
      const owed = !heard && !asleep && (openBefore || decision?.kind !== 'close');
      return {
        lane,
        workflow: subjectOf(invoiceId),
        fact: fact.n,
        type: fact.type,
        delivered_at: owed ? null : new Date(this.now),
      };
    });
    const poked = this.#pokes.splice(0);
    if (poked.length > 0) await this.#mustLook(poked.map((poke) => poke.debtorId));
    const pokes = poked.map(({ debtorId, type, lane }) => ({
      lane,
      workflow: `debtor/${debtorId}`,
      fact: null,
      type,
      delivered_at: null,
    }));
    const matters = [...this.#matters.values()];
    this.#matters.clear();
    await lookAtMatters(this.tx, matters, this.now);
    const looks = matters.map((matter) => ({
      lane: 0,
      workflow: workflowOf(matter),
      fact: null,
      type: 'lookAgain',
      delivered_at: null,
    }));
    const all = [...words, ...pokes, ...looks];
    for (const chunk of chunks(all)) {
      // The relay listens, and hears once of a whole transaction; for bulk its next round is soon enough.
      const calling = sql`case when lane = 0 then pg_notify('relance_outbox', '') end`.as('called');
      const isAwaited = chunk.some((word) => word.lane === 0);
      await this.tx
        .insertInto('outbox')
        .values(chunk)
        .$if(isAwaited, (insert) => insert.returning(calling))
        .execute();
    }
  }
}

const fileColumns = ['id', 'debtor_id', 'number', 'collection', 'journal_seq', 'journal_hash'] as const;

type FileRow = Pick<Selectable<InvoiceTable>, (typeof fileColumns)[number]>;

/** Relance as the author of its own acts. */
export const ourselves: Author = { kind: 'relance', id: 'relance' };

function placeOf(file: InvoiceFile, now: Instant): PlaceColumns {
  const { collection, decision, head } = file;
  const wake = decision.kind === 'wait' ? decision.until : decision.kind === 'act' ? now : null;
  return {
    balance_cents: collection.balanceCents,
    state: decision.state,
    level: levelReached(collection, now),
    wake_at: wake === null ? null : new Date(wake),
    open: decision.kind !== 'close',
    fact: collection.fact,
    collection: storedFrom(collection),
    journal_seq: head.seq,
    journal_hash: head.hash,
  };
}

interface PlaceColumns {
  readonly balance_cents: number;
  readonly state: string;
  readonly level: Level | null;
  readonly wake_at: Date | null;
  readonly open: boolean;
  readonly fact: number;
  readonly collection: string;
  readonly journal_seq: number;
  readonly journal_hash: string;
}

/** Postgres takes 65,535 parameters in one statement. */
function chunks<T>(all: readonly T[], size = 1000): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
