import { collectionFrom } from '../../db/journal.ts';
import { uuidv7 } from '../../db/uuid.ts';
import type { Collection } from '../../domain/collection.ts';
import { askedCentsOf } from '../../domain/collection.ts';
import { decide } from '../../domain/decide.ts';
import type { Decision } from '../../domain/decision.ts';
import type { PaidBy, TaskKind, TaskOutcome } from '../../domain/fact.ts';
import type { CivilDate } from '../../domain/time.ts';
import type { Story } from './world.ts';

/**
 * One invoice, as the people around it speak of it.
 *
 * Amounts are in the currency, as on paper. An act that is refused throws, so a story can't go on past what did not
 * happen.
 */
export class Invoice {
  readonly story: Story;
  readonly debtorId: string;
  readonly id: string;

  constructor(story: Story, debtorId: string, id: string) {
    this.story = story;
    this.debtorId = debtorId;
    this.id = id;
  }

  /** Money that settles this invoice; without an amount, all that is open. Answers the payment. */
  async pays(amount?: number): Promise<string> {
    return this.story.people.pays(await this.#money(amount));
  }

  async creditNote(amount?: number): Promise<string> {
    return this.story.people.creditNote(await this.#money(amount));
  }

  comesBack(payment: string): Promise<void> {
    return this.story.people.paymentComesBack(payment);
  }

  async promises({ by, amount }: { by: CivilDate; amount?: number }): Promise<void> {
    const { promiseId, amountCents } = { promiseId: uuidv7(), amountCents: amount === undefined ? askedCentsOf(await this.file()) : cents(amount) };
    await this.story.people.asks(this.id, { type: 'promiseMade', promiseId, amountCents, promisedOn: by });
  }

  async disputes(amount?: number): Promise<Dispute> {
    const disputeId = uuidv7();
    const contestedCents = amount === undefined ? askedCentsOf(await this.file()) : cents(amount);
    await this.story.people.asks(this.id, { type: 'disputeOpened', disputeId, contestedCents, reason: 'quality' });
    return { resolved: (outcome) => this.story.people.asks(this.id, { type: 'disputeResolved', disputeId, outcome }) };
  }

  async isHeld(until: CivilDate | null): Promise<Hold> {
    const holdId = uuidv7();
    await this.story.people.asks(this.id, { type: 'holdPlaced', holdId, reason: 'talks', until });
    return { lifted: () => this.story.people.asks(this.id, { type: 'holdLifted', holdId }) };
  }

  corrected(correction: { amount?: number; due?: CivilDate; paidBy?: PaidBy; factored?: boolean }): Promise<void> {
    const { amount, due, ...rest } = correction;
    return this.story.people.corrects(this.id, { ...rest, ...(amount === undefined ? {} : { amountCents: cents(amount) }), ...(due ? { dueDate: due } : {}) });
  }

  cancelled(): Promise<void> {
    return this.story.people.cancels(this.id);
  }

  writtenOff(): Promise<void> {
    return this.story.people.writesOff(this.id);
  }

  async skips(step: string): Promise<void> {
    const record = (await this.file()).steps.find((one) => one.step === step);
    await this.story.people.asks(this.id, { type: 'stepSkipped', step, occurrence: record?.occurrence ?? 1, reason: 'said by telephone' });
  }

  approvesDraft(): Promise<void> {
    return this.story.people.approvesDraftOf(this.id, this.debtorId);
  }

  callReached(): Promise<void> {
    return this.task('call', 'reached');
  }

  postsLetter(trackingNumber: string | null = '2C 123 456 7890 1'): Promise<void> {
    return this.story.people.postsLetterOf(this.id, this.debtorId, trackingNumber);
  }

  presentedOn(day: CivilDate): Promise<void> {
    return this.story.people.notesPresentation(this.id, this.debtorId, day);
  }

  approvesHandOver(): Promise<void> {
    return this.task('hand_over', 'approved');
  }

  /** Answers the open task of that kind. */
  task(kind: TaskKind, outcome: TaskOutcome): Promise<void> {
    return this.story.people.answersTask(this.id, this.debtorId, kind, outcome);
  }

  /** The mail of that step comes back, after it was accepted or delivered. */
  async bounces(step: string): Promise<void> {
    const record = (await this.file()).steps.find((one) => one.step === step);
    if (!record) throw new Error(`step ${step} was never asked`);
    await this.story.people.states(this.id, { type: 'stepFailed', step, occurrence: record.occurrence, messageId: null, channel: record.channel, reason: 'bounced' });
  }

  async file(): Promise<Collection> {
    const { house } = this.story.engine;
    const row = await house.db.selectFrom('invoice').select('collection').where('id', '=', this.id).executeTakeFirstOrThrow();
    return collectionFrom(house.db, house.rules, row.collection);
  }

  /** What now, and why. */
  async decision(): Promise<Decision> {
    return decide(await this.file(), await this.story.engine.house.clock.now());
  }

  async state(): Promise<string> {
    return (await this.decision()).state;
  }

  async reasons(): Promise<readonly string[]> {
    return (await this.decision()).reasons.map(({ code, detail }) => (detail === undefined ? code : `${code}: ${detail}`));
  }

  /** Why the request of this invoice that stands at the door does not leave. */
  async heldAtTheDoorBy(): Promise<string | null> {
    const row = await this.story.engine.house.db.selectFrom('contact_request').select('reason').where('invoice_id', '=', this.id).where('state', '=', 'waiting').executeTakeFirst();
    return row?.reason ?? null;
  }

  /** The kinds of the tasks that stand open. */
  async tasks(): Promise<readonly TaskKind[]> {
    return (await this.file()).tasks.map((task) => task.task);
  }

  async #money(amount: number | undefined) {
    const { creditorId, debtorId, currency, balanceCents } = await this.file();
    const paid = amount === undefined ? balanceCents : cents(amount);
    return { creditorId, debtorId, currency, cents: paid, settles: [{ invoiceId: this.id, amountCents: Math.min(paid, balanceCents) }] };
  }
}

export interface Dispute {
  resolved(outcome: 'justified' | 'unjustified'): Promise<void>;
}

export interface Hold {
  lifted(): Promise<void>;
}

function cents(amount: number): number {
  return Math.round(amount * 100);
}
