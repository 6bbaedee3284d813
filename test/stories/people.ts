import { changeCreditor } from '../../db/creditors.ts';
import type { CreditorChange } from '../../db/creditors.ts';
import { atTheDesk } from '../../db/desk.ts';
import type { Desk } from '../../db/desk.ts';
import { cancelInvoice, correctInvoice, debtorsAround, writeOff } from '../../db/corrections.ts';
import type { Correction } from '../../db/corrections.ts';
import { changeDebtor, liftDebtorHold, placeDebtorHold } from '../../db/debtors.ts';
import type { DebtorChange } from '../../db/debtors.ts';
import { allocatePayment, debtorsOfPayment, recordCreditNote, recordPayment, returnPayment } from '../../db/payments.ts';
import { changeDoorSettings } from '../../db/settings.ts';
import type { DoorSettings } from '../../db/settings.ts';
import { liftStop, pullStop } from '../../db/stops.ts';
import type { StopScope } from '../../db/stops.ts';
import { uuidv7 } from '../../db/uuid.ts';
import type { Collection } from '../../domain/collection.ts';
import type { Author, FactBody, TaskKind, TaskOutcome } from '../../domain/fact.ts';
import type { CivilDate } from '../../domain/time.ts';
import type { Engine } from '../setup/engine.ts';

/** A collector of the creditor, as the author of what people do. */
const chloe: Author = { kind: 'user', id: 'chloe' };
const bank: Author = { kind: 'bank', id: 'bank' };

/** Money that somebody pays. */
export interface Paid {
  readonly creditorId: string;
  readonly debtorId: string;
  readonly currency: string;
  readonly cents: number;
  /** Which invoices it settles; empty: none for now; absent: the rules say. */
  readonly settles?: readonly { readonly invoiceId: string; readonly amountCents: number }[];
}

/**
 * What people do in stories: the one place where a story touches Relance from outside.
 *
 * Each act throws when it is refused, because a story in which nothing happened would prove nothing.
 */
export class People {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async pays({ settles, cents, ...money }: Paid): Promise<string> {
    const payment = { ...money, amountCents: cents, valueDate: await this.#today(), reference: null, ...(settles ? { allocations: settles } : {}) };
    return this.#at([money.debtorId], async (desk) => idOf(await recordPayment(desk, payment, bank)));
  }

  async creditNote({ settles, cents, ...money }: Paid): Promise<string> {
    const number = `AV-${uuidv7().slice(-8)}`;
    const note = { ...money, amountCents: cents, number, issueDate: await this.#today(), reference: null, ...(settles ? { allocations: settles } : {}) };
    return this.#at([money.debtorId], async (desk) => idOf(await recordCreditNote(desk, note, chloe)));
  }

  async paymentComesBack(paymentId: string, reason = 'insufficient_funds'): Promise<void> {
    const on = await this.#today();
    const debtors = await debtorsOfPayment(this.#engine.house.db, paymentId);
    await this.#at(debtors, async (desk) => {
      const answer = await returnPayment(desk, paymentId, { on, reason }, bank);
      if (answer?.kind !== 'recorded') throw new Error(`the payment did not come back: ${JSON.stringify(answer)}`);
    });
  }

  /** Records what is asked about one invoice. */
  async asks(invoiceId: string, body: FactBody): Promise<void> {
    await this.#at(await debtorsAround(this.#engine.house.db, invoiceId), async (desk) => heard(await desk.ask(invoiceId, body, chloe)));
  }

  /** States what a carrier reports about one invoice. */
  async states(invoiceId: string, body: FactBody): Promise<void> {
    await this.#at(await debtorsAround(this.#engine.house.db, invoiceId), (desk) => desk.state(invoiceId, body, { kind: 'provider', id: 'mail' }));
  }

  async corrects(invoiceId: string, correction: Correction): Promise<void> {
    await this.#at(await debtorsAround(this.#engine.house.db, invoiceId), async (desk) => heard(await correctInvoice(desk, invoiceId, correction, chloe)));
  }

  async cancels(invoiceId: string): Promise<void> {
    await this.#at(await debtorsAround(this.#engine.house.db, invoiceId), async (desk) => heard(await cancelInvoice(desk, invoiceId, 'issued by mistake', chloe)));
  }

  async writesOff(invoiceId: string): Promise<void> {
    const on = await this.#today();
    await this.#at(await debtorsAround(this.#engine.house.db, invoiceId), async (desk) => heard(await writeOff(desk, invoiceId, { on, reason: 'too small to go on' }, chloe)));
  }

  async changesDebtor(debtorId: string, change: DebtorChange): Promise<void> {
    await this.#at([debtorId], (desk) => changeDebtor(desk, debtorId, change, chloe));
  }

  async holdsDebtor(debtorId: string, until: CivilDate | null): Promise<string> {
    return this.#at([debtorId], async (desk) => {
      const answer = await placeDebtorHold(desk, debtorId, { reason: 'talks', until }, chloe);
      if (answer.kind === 'refused') throw new Error(answer.refusal.message);
      return answer.holdId;
    });
  }

  async liftsDebtorHold(debtorId: string, holdId: string): Promise<void> {
    await this.#at([debtorId], (desk) => liftDebtorHold(desk, debtorId, holdId, chloe));
  }

  /** Says yes to the draft that shows the invoice, as it is now, for every invoice on it. */
  async approvesDraftOf(invoiceId: string, debtorId: string): Promise<void> {
    await this.#at([debtorId], async (desk) => {
      const requests = await desk.tx
        .selectFrom('message_line as mine')
        .innerJoin('message', 'message.id', 'mine.message_id')
        .innerJoin('message_line as line', 'line.message_id', 'message.id')
        .innerJoin('contact_request', 'contact_request.id', 'line.request_id')
        .select(['contact_request.id', 'contact_request.invoice_id', 'contact_request.step', 'contact_request.occurrence', 'message.sha256'])
        .where('mine.invoice_id', '=', invoiceId)
        .where('message.state', '=', 'planned')
        .where('message.purpose', '=', 'contact')
        .execute();
      if (requests.length === 0) throw new Error('there is no draft to say yes to');
      for (const request of requests) {
        await desk.tx.updateTable('contact_request').set({ approved_by: chloe.id, approved_digest: request.sha256 }).where('id', '=', request.id).execute();
        heard(await desk.ask(request.invoice_id, { type: 'stepApproved', step: request.step, occurrence: request.occurrence }, chloe));
      }
      desk.poke(debtorId);
    });
  }

  /** Ends the open task of that kind, for every invoice that it is about. */
  async answersTask(invoiceId: string, debtorId: string, kind: TaskKind, outcome: TaskOutcome): Promise<void> {
    await this.#at([debtorId], async (desk) => {
      const task = await this.#task(desk, invoiceId, kind);
      for (const { invoice_id: id } of await invoicesOf(desk, task.taskId)) heard(await desk.ask(id, { type: 'taskDone', taskId: task.taskId, outcome }, chloe));
    });
  }

  /** Brings the letter to the post: from now on its presentation is awaited. */
  async postsLetterOf(invoiceId: string, debtorId: string, trackingNumber: string | null): Promise<void> {
    await this.#at([debtorId], async (desk) => {
      const { taskId } = await this.#task(desk, invoiceId, 'post');
      const on = await this.#today();
      const next = trackingNumber === null ? null : uuidv7();
      for (const { invoice_id: id } of await invoicesOf(desk, taskId)) {
        const file = await desk.file(id);
        const step = file?.collection.tasks.find((task) => task.taskId === taskId)?.about ?? '';
        const record = file?.collection.steps.find((one) => one.step === step);
        heard(await desk.ask(id, { type: 'stepPosted', step, occurrence: record?.occurrence ?? 1, on, trackingNumber, taskId: next }, chloe));
      }
    });
  }

  /** Notes the day on which the registered letter was presented. */
  async notesPresentation(invoiceId: string, debtorId: string, on: CivilDate): Promise<void> {
    await this.#at([debtorId], async (desk) => {
      const file = await desk.file(invoiceId);
      for (const { collection, id } of await desk.openFiles(debtorId)) {
        const record = collection.steps.find((one) => one.state === 'posted');
        if (!record || (file && collection.creditorId !== file.collection.creditorId)) continue;
        heard(await desk.ask(id, { type: 'stepDelivered', step: record.step, occurrence: record.occurrence, channel: record.channel, messageId: null, on, proof: 'presentation' }, chloe));
      }
    });
  }

  async stops(scope: StopScope, subjectId: string | null): Promise<string> {
    const now = await this.#engine.house.clock.now();
    const answer = await this.#engine.house.db.transaction().execute((tx) => pullStop(tx, now, { scope, subjectId, reason: 'wrong bank details', by: chloe.id }));
    if (answer.kind !== 'stopped') throw new Error(`nothing was stopped: ${answer.kind}`);
    await this.#engine.settle();
    return answer.stop.id;
  }

  async lifts(stopId: string): Promise<void> {
    const now = await this.#engine.house.clock.now();
    await this.#engine.house.db.transaction().execute((tx) => liftStop(tx, now, stopId, chloe.id));
    await this.#engine.settle();
  }

  /** Lets money that settled nothing yet settle what the rules say. */
  async allocates(paymentId: string): Promise<void> {
    const debtors = await debtorsOfPayment(this.#engine.house.db, paymentId);
    await this.#at(debtors, (desk) => allocatePayment(desk, paymentId, undefined, chloe));
  }

  async completesCreditor(creditorId: string, change: CreditorChange): Promise<void> {
    const now = await this.#engine.house.clock.now();
    await this.#engine.house.db.transaction().execute((tx) => changeCreditor(tx, now, creditorId, change, chloe.id));
    await this.#engine.settle();
  }

  async setsDoor(change: Partial<DoorSettings>): Promise<void> {
    const now = await this.#engine.house.clock.now();
    await this.#engine.house.db.transaction().execute((tx) => changeDoorSettings(tx, now, change, chloe.id));
    await this.#engine.settle();
  }

  async #task(desk: Desk, invoiceId: string, kind: TaskKind): Promise<Collection['tasks'][number]> {
    const file = await desk.file(invoiceId);
    const task = file?.collection.tasks.find((one) => one.task === kind);
    if (!task) throw new Error(`there is no open task "${kind}"; open: ${file?.collection.tasks.map((one) => one.task).join(', ') ?? ''}`);
    return task;
  }

  async #at<T>(debtorIds: readonly string[], act: (desk: Desk) => Promise<T>): Promise<T> {
    const result = await atTheDesk(this.#engine.house, debtorIds, act);
    await this.#engine.settle();
    return result;
  }

  async #today(): Promise<CivilDate> {
    // Stories act between eight and eighteen, when Paris and UTC agree on the day.
    return new Date(await this.#engine.house.clock.now()).toISOString().slice(0, 10);
  }
}

async function invoicesOf(desk: Desk, taskId: string): Promise<readonly { invoice_id: string }[]> {
  return desk.tx.selectFrom('task_invoice').select('invoice_id').where('task_id', '=', taskId).where('open', '=', true).orderBy('invoice_id').execute();
}

function heard(answer: { readonly kind: string; readonly refusal?: { readonly message: string } }): void {
  if (answer.kind !== 'recorded') throw new Error(`refused: ${answer.refusal?.message ?? answer.kind}`);
}

function idOf(answer: Awaited<ReturnType<typeof recordPayment>>): string {
  if (answer.kind === 'refused') throw new Error(`refused: ${answer.refusal.message}`);
  return answer.id;
}
