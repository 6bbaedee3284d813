import { apply, openCollection } from '../../domain/apply.ts';
import { addWorkingDays, dayAt, instantAt } from '../../domain/calendar.ts';
import type { Collection, OpenTask } from '../../domain/collection.ts';
import { recordOf } from '../../domain/collection.ts';
import { decide } from '../../domain/decide.ts';
import type { DebtorView } from '../../domain/debtor.ts';
import type { Action, Decision } from '../../domain/decision.ts';
import type { DisputeOutcome } from '../../domain/dispute/outcome.ts';
import type { Author, Fact, FactBody, Registered, TaskKind, TaskOutcome } from '../../domain/fact.ts';
import { refusalOf } from '../../domain/refusal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Scenario } from '../../domain/scenario.ts';
import { shippedScenarios } from '../../domain/shipped-scenarios.ts';
import { daysBetween, hourMs } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { paris } from './calendars.ts';

/**
 * One invoice's file with a clock, for examples that read like a diary.
 *
 * It plays what surrounds the domain in the shortest honest way: it does what `decide` resolves, records facts as they
 * would be recorded, and moves time from wake-up to wake-up, never past one.
 */
export class AFile {
  collection: Collection;
  now: Instant;
  /** Everything that was resolved and done, as `day what`, such as `2026-03-05 reminder by email`. */
  readonly diary: string[] = [];
  /** Its log. */
  readonly facts: Fact[];
  /** Whether messages arrive by themselves the moment they are asked for. */
  smooth = true;
  #ids = 0;
  readonly #payments: string[] = [];

  constructor(registered: Partial<Registered> & { readonly on?: CivilDate } = {}) {
    const { on = '2026-02-02', ...rest } = registered;
    this.now = instantAt(rest.calendar ?? paris, on, 8 * hourMs);
    const first = { ...anInvoice(), ...rest, n: 1, at: this.now, day: on, by: someone };
    this.collection = openCollection(first);
    this.facts = [first];
  }

  get today(): CivilDate {
    return dayAt(this.collection.calendar, this.now);
  }

  get decision(): Decision {
    return decide(this.collection, this.now);
  }

  /** Records what happened now. */
  record(body: FactBody, by = someone): this {
    const fact = { ...body, n: this.collection.fact + 1, at: this.now, day: this.today, by };
    this.collection = apply(this.collection, fact);
    this.facts.push(fact);
    return this;
  }

  /** Records what a person asks; answers the refusal if it makes no sense. */
  ask(body: FactBody): Refusal | null {
    const refusal = refusalOf(this.collection, body, this.now);
    if (!refusal) this.record(body);
    return refusal;
  }

  /** Lives until the morning of that day, 08:00 in the debtor's zone. */
  reach(day: CivilDate): this {
    return this.reachInstant(instantAt(this.collection.calendar, day, 8 * hourMs));
  }

  /** Lives through that day until 23:00. */
  liveThrough(day: CivilDate): this {
    return this.reachInstant(instantAt(this.collection.calendar, day, 23 * hourMs));
  }

  reachInstant(end: Instant): this {
    for (let turn = 0; turn < 1000; turn += 1) {
      this.work();
      const { decision } = this;
      const next = decision.kind === 'wait' ? (decision.until ?? Infinity) : Infinity;
      if (next > end) break;
      this.now = next;
    }
    this.now = Math.max(this.now, end);
    this.work();
    return this;
  }

  /** Does everything that is resolved at this moment. */
  work(): this {
    for (let turn = 0; turn < 50; turn += 1) {
      const { decision } = this;
      if (decision.kind !== 'act') return this;
      this.#do(decision.action);
    }
    throw new Error(`no end of acting at ${this.today}: ${this.diary.slice(-3).join(', ')}`);
  }

  pay(cents: number): this {
    const balanceCents = this.collection.balanceCents - cents;
    const paymentId = this.#id();
    this.#payments.push(paymentId);
    return this.record({
      type: 'paymentRecorded',
      paymentId,
      amountCents: cents,
      balanceCents,
      on: this.today,
    });
  }

  credit(cents: number): this {
    const balanceCents = this.collection.balanceCents - cents;
    return this.record({
      type: 'creditNoteRecorded',
      creditNoteId: this.#id(),
      amountCents: cents,
      balanceCents,
      on: this.today,
    });
  }

  /** Takes the latest payment back, or an earlier one: the first is 0. */
  payReturned(cents: number, reason = 'AC04', place = -1): this {
    const balanceCents = this.collection.balanceCents + cents;
    return this.record({
      type: 'paymentReturned',
      paymentId: this.#payments.at(place) ?? this.#id(),
      amountCents: cents,
      balanceCents,
      on: this.today,
      reason,
    });
  }

  promise(promisedOn: CivilDate, cents = this.collection.balanceCents): Refusal | null {
    const exceeding = daysBetween(this.today, promisedOn) > 30 ? { exceeding: 'known_well' } : {};
    return this.ask({
      type: 'promiseMade',
      ownPayments: true,
      promiseId: this.#id(),
      amountCents: cents,
      promisedOn,
      ...exceeding,
    });
  }

  /** A dispute as the first releases recorded it, and imports do: without a ladder of its own. */
  dispute(cents = this.collection.balanceCents, disputeId = this.#id()): Refusal | null {
    return this.ask({ type: 'disputeOpened', disputeId, contestedCents: cents, reason: 'quality' });
  }

  /** A dispute that is to be qualified, answered and decided. */
  contest(cents = this.collection.balanceCents, disputeId = this.#id()): Refusal | null {
    const qualifyBy = addWorkingDays(this.collection.calendar, this.today, 5);
    const body = { type: 'disputeOpened', disputeId, contestedCents: cents, reason: 'quality', qualifyBy };
    return this.ask(body as FactBody);
  }

  resolve(
    outcome: DisputeOutcome = 'unjustified',
    disputeId = this.collection.disputes[0]?.disputeId ?? '',
    grantedCents?: number,
  ): Refusal | null {
    const granted = grantedCents === undefined ? {} : { grantedCents };
    return this.ask({ type: 'disputeResolved', disputeId, outcome, ...granted });
  }

  hold(until: CivilDate | null, holdId = 'hold'): Refusal | null {
    return this.ask({ type: 'holdPlaced', holdId, reason: 'commercial', until });
  }

  debtor(change: Partial<DebtorView>): this {
    return this.record({ type: 'debtorChanged', debtor: { ...this.collection.debtor, ...change } });
  }

  task(kind: TaskKind): OpenTask | undefined {
    return this.collection.tasks.find((task) => task.task === kind);
  }

  done(kind: TaskKind, outcome: TaskOutcome): Refusal | null {
    return this.ask({ type: 'taskDone', taskId: this.task(kind)?.taskId ?? '', outcome });
  }

  sent(step: string): this {
    return this.record({
      type: 'stepSent',
      ...this.#asked(step),
      messageId: 'message',
      channel: this.#channel(step),
    });
  }

  delivered(step: string, on = this.today): this {
    const { collection } = this;
    const channel = recordOf(collection, step)?.channel ?? 'email';
    return this.record({
      type: 'stepDelivered',
      ...this.#asked(step),
      messageId: 'message',
      channel,
      on,
      proof: 'provider',
    });
  }

  failed(step: string, reason = 'bounced'): this {
    return this.record({
      type: 'stepFailed',
      ...this.#asked(step),
      messageId: 'message',
      channel: this.#channel(step),
      reason,
    });
  }

  #asked(step: string): { step: string; occurrence: number } {
    return { step, occurrence: recordOf(this.collection, step)?.occurrence ?? 1 };
  }

  #channel(step: string) {
    return recordOf(this.collection, step)?.channel ?? 'email';
  }

  #do(action: Action): void {
    switch (action.do) {
      case 'requestStep': {
        const { step, occurrence, channel } = action;
        this.diary.push(`${this.today} ${step} by ${channel}`);
        this.record({ type: 'stepRequested', step, occurrence, channel }, ourselves);
        if (this.smooth) this.delivered(step);
        return;
      }
      case 'openTask': {
        const { task, about, dueOn } = action;
        this.diary.push(`${this.today} task: ${task}`);
        this.record({ type: 'taskOpened', taskId: this.#id(), task, about, dueOn }, ourselves);
        return;
      }
      case 'remindTask':
        this.diary.push(`${this.today} ${action.tell} told`);
        this.record({ type: 'taskReminded', taskId: action.taskId, told: action.tell, people: 1 }, ourselves);
        return;
      case 'warnOfClock': {
        const { clock, on, for: day } = action;
        this.diary.push(`${this.today} ${clock} ${on}`);
        this.record({ type: 'clockWarned', clock, on, for: day, people: 1, managers: 1 }, ourselves);
        return;
      }
      case 'breakPromise':
        this.diary.push(`${this.today} promise broken`);
        this.record(
          {
            type: 'promiseBroken',
            promiseId: action.promiseId,
            receivedCents: action.receivedCents,
          },
          ourselves,
        );
        return;
      case 'handOver':
        this.diary.push(`${this.today} handed over`);
        this.record({ type: 'handedOver', packId: this.#id() }, ourselves);
        return;
      case 'remindApprovers':
        this.diary.push(`${this.today} approvers told`);
        this.record({ type: 'approvalReminded', approvalId: action.approvalId, people: 1 }, ourselves);
        return;
      case 'expireApproval':
        this.diary.push(`${this.today} approval expired`);
        this.record({ type: 'approvalExpired', approvalId: action.approvalId }, ourselves);
        return;
      case 'withdrawApproval':
        this.diary.push(`${this.today} approval overtaken`);
        this.record(
          { type: 'approvalWithdrawn', approvalId: action.approvalId, reason: 'overtaken' },
          ourselves,
        );
    }
  }

  #id(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }
}

export function scenarioNamed(id: string): Scenario {
  const scenario = shippedScenarios.find((candidate) => candidate.id.startsWith(id));
  if (!scenario) throw new Error(`no scenario ${id}`);
  return scenario;
}

export const someone: Author = { kind: 'user', id: 'tester' };

export const ourselves: Author = { kind: 'relance', id: 'relance' };

export function aCompany(change: Partial<DebtorView> = {}): DebtorView {
  const reach = { email: 2, sms: 1, call: 1, letter: 1 };
  return {
    kind: 'company',
    country: 'FR',
    language: 'fr',
    grade: null,
    reach,
    insolventOn: null,
    holds: [],
    ...change,
  };
}

/** 1,000.00 EUR, known on Monday 2026-02-02, due on Monday 2026-03-02, in the standard scenario. */
export function anInvoice(): Registered {
  return {
    type: 'invoiceRegistered',
    invoiceId: 'invoice',
    creditorId: 'creditor',
    debtorId: 'debtor',
    currency: 'EUR',
    amountCents: 100_000,
    balanceCents: 100_000,
    issueDate: '2026-01-30',
    dueDate: '2026-03-02',
    paidBy: 'transfer',
    factored: false,
    debtor: aCompany(),
    holds: [],
    scenario: scenarioNamed('standard'),
    calendar: paris,
  };
}
