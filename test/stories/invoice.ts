import { collectionFrom, readFacts } from '../../db/journal.ts';
import type { Collection } from '../../domain/collection.ts';
import { decide } from '../../domain/decide.ts';
import type { Decision } from '../../domain/decision.ts';
import type { DisputeOutcome } from '../../domain/dispute/outcome.ts';
import type { Fact, LetterState, PaidBy, TaskKind, TaskOutcome } from '../../domain/fact.ts';
import { minuteMs } from '../../domain/time.ts';
import type { CivilDate } from '../../domain/time.ts';
import type { Paid, Said } from './people.ts';
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
  readonly #currency: string;

  constructor(story: Story, debtorId: string, id: string, currency: string) {
    this.story = story;
    this.debtorId = debtorId;
    this.id = id;
    this.#currency = currency;
  }

  /** Money that settles this invoice; without an amount, all that is open. Answers the payment. */
  async pays(amount?: number, more: Pick<Paid, 'reference'> = {}): Promise<string> {
    return this.story.people.pays({ ...(await this.#paid(amount)), ...more });
  }

  async creditNote(amount?: number): Promise<string> {
    return this.story.people.creditNote(await this.#paid(amount));
  }

  async comesBack(payment: string): Promise<void> {
    await this.story.people.ask('POST', `/payments/${payment}/return`, { reason: 'insufficient_funds' });
  }

  async promises({ by, amount }: { by: CivilDate; amount?: number }): Promise<void> {
    await this.#ask('/promises', { date: by, ...this.#amount(amount) });
  }

  async disputes(amount?: number): Promise<Dispute> {
    const { disputeId } = await this.#ask('/disputes', { reason: 'quality', ...this.#amount(amount) });
    const about = `/disputes/${disputeId}`;
    return {
      id: disputeId,
      resolved: async (outcome, granted) => {
        const part = granted === undefined ? {} : { granted: this.#amount(granted).amount };
        await this.story.people.ask('POST', `${about}/resolution`, { outcome, ...part });
      },
      qualified: async (given) =>
        void (await this.story.people.ask('POST', `${about}/qualification`, {
          verdict: 'dispute',
          ...given,
        })),
      says: async (text, more) =>
        void (await this.story.people.ask('POST', `${about}/messages`, { way: 'to_debtor', text, ...more })),
      sent: async () => {
        const { messages } = (await this.story.people.ask('GET', about)) as unknown as {
          messages: { sent: { state: string; recipient: string | null; waitsFor: string | null } | null }[];
        };
        return messages.map(
          ({ sent }) => sent && `${sent.state}${sent.waitsFor ? `: ${sent.waitsFor}` : ''}`,
        );
      },
      isUnfounded: async () =>
        void (await this.story.people.ask('POST', `${about}/qualification`, { verdict: 'unfounded' })),
    };
  }

  async isHeld(until: CivilDate | null): Promise<Hold> {
    const { holdId } = await this.#ask('/holds', { reason: 'talks', until });
    return { lifted: async () => void (await this.#ask(`/holds/${holdId}/lift`)) };
  }

  async corrected({
    amount,
    due,
    paidBy,
    factored,
  }: {
    amount?: number;
    due?: CivilDate;
    paidBy?: PaidBy;
    factored?: boolean;
  }): Promise<void> {
    const changes = {
      ...this.#amount(amount),
      ...(due ? { dueDate: due } : {}),
      ...(paidBy ? { paymentMethod: paidBy } : {}),
      ...(factored === undefined ? {} : { factored }),
    };
    await this.#ask('/correction', changes);
  }

  async cancelled(): Promise<void> {
    await this.#ask('/cancellation', { reason: 'issued_by_mistake' });
  }

  async writtenOff(): Promise<void> {
    await this.#ask('/write-off', { reason: 'too_small' });
  }

  async asksForWriteOff(): Promise<void> {
    await this.writtenOff();
  }

  async asksForWaiver(amount: number, who: 'Chloé' | 'Marc' = 'Chloé'): Promise<void> {
    await this.story.people
      .as(who)
      .ask('POST', `/invoices/${this.id}/waiver`, { reason: 'goodwill', ...this.#amount(amount) });
  }

  /** What is owed, in the currency. */
  async owes(): Promise<number> {
    return (await this.file()).balanceCents / 100;
  }

  /** Its story as its page tells it, a line for each entry: `Marc waived: …`. */
  async told(): Promise<readonly string[]> {
    const { items } = await this.story.people.ask('GET', `/invoices/${this.id}/timeline`);
    const lines = items as unknown as {
      author: { name: string | null } | null;
      type: string;
      text: string;
    }[];
    return lines.map(({ author, type, text }) =>
      `${author?.name ?? null} ${type}: ${text}`.replace(/[\u00a0\u202f]/g, ' '),
    );
  }

  /** Why the door keeps its message. */
  async doorSays(): Promise<readonly string[]> {
    const why = (await this.story.people.ask('GET', `/invoices/${this.id}/why`)) as unknown as {
      door: { text: string }[];
    };
    return why.door.map(({ text }) => text);
  }

  async skips(step: string): Promise<void> {
    await this.#ask(`/steps/${step}/skip`, { reason: 'said_by_telephone' });
  }

  approvesDraft(word: { freeText?: string } = {}): Promise<void> {
    return this.story.people.approvesDraftOf(this.id, word);
  }

  callReached(): Promise<void> {
    return this.task('call', 'reached');
  }

  /** Brings the letter to the post; a registered one has a number on its slip. */
  postsLetter({ trackingNumber = '2C 100 200 300 4' }: { trackingNumber?: string } = {}): Promise<void> {
    return this.story.people.answersTask(this.id, 'post', 'done', { trackingNumber });
  }

  presentedOn(day: CivilDate): Promise<void> {
    return this.story.people.answersTask(this.id, 'presentation', 'done', { presentedOn: day });
  }

  /** The post says what became of the formal notice. */
  async letterIs(
    state: LetterState,
    on: CivilDate,
    more: { presentedOn?: CivilDate; reason?: string; proof?: string } = {},
  ): Promise<void> {
    const { id } = await this.story.engine.house.db
      .selectFrom('message')
      .innerJoin('message_line', 'message_line.message_id', 'message.id')
      .select('message.id')
      .where('invoice_id', '=', this.id)
      .where('level', '=', 'formal_notice')
      .where('state', '=', 'accepted')
      .executeTakeFirstOrThrow();
    await this.story.people.ask('POST', `/messages/${id}/letter`, { state, on, ...more });
  }

  approvesHandOver(who: 'Chloé' | 'Marc' = 'Marc'): Promise<void> {
    return this.story.people.as(who).answersTask(this.id, 'hand_over', 'approved');
  }

  /** Answers the open task of that kind. */
  task(kind: TaskKind, outcome: TaskOutcome, reason?: string): Promise<void> {
    return this.story.people.answersTask(this.id, kind, outcome, reason === undefined ? {} : { reason });
  }

  /** The mail of that step comes back, after it was accepted or delivered. */
  async bounces(step: string): Promise<void> {
    const record = (await this.file()).steps.find((one) => one.step === step);
    if (!record) throw new Error(`step ${step} was never asked`);
    await this.story.people.carrierReports(this.id, {
      type: 'stepFailed',
      step,
      occurrence: record.occurrence,
      messageId: null,
      channel: record.channel,
      reason: 'bounced',
    });
  }

  /** Its stored file cannot be read for so long, so every act on it fails; afterwards they are tried again. */
  async isUnreadableFor(ms: number): Promise<void> {
    const { house, environment } = this.story.engine;
    const store = (file: object) =>
      house.db
        .updateTable('invoice')
        .set({ collection: JSON.stringify(file) })
        .where('id', '=', this.id)
        .execute();
    const { collection } = await house.db
      .selectFrom('invoice')
      .select('collection')
      .where('id', '=', this.id)
      .executeTakeFirstOrThrow();
    await store({});
    await environment.sleep(ms);
    await store(collection);
    await environment.sleep(2 * minuteMs); // Each minute there is another try.
  }

  async file(): Promise<Collection> {
    const { house } = this.story.engine;
    const row = await house.db
      .selectFrom('invoice')
      .select('collection')
      .where('id', '=', this.id)
      .executeTakeFirstOrThrow();
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
    return (await this.decision()).reasons.map(({ code, detail }) =>
      detail === undefined ? code : `${code}: ${detail}`,
    );
  }

  /** Why the request of this invoice that stands at the door does not leave. */
  async heldAtTheDoorBy(): Promise<string | null> {
    const row = await this.story.engine.house.db
      .selectFrom('contact_request')
      .select('reason')
      .where('invoice_id', '=', this.id)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    return row?.reason ?? null;
  }

  /** The kinds of the tasks that stand open. */
  async tasks(): Promise<readonly TaskKind[]> {
    return (await this.file()).tasks.map((task) => task.task);
  }

  /** Its journal: the facts, oldest first. */
  async facts(): Promise<readonly Fact[]> {
    const { house } = this.story.engine;
    return readFacts(house.db, house.rules, this.id, 0);
  }

  #ask(path: string, body?: object): Promise<Said> {
    return this.story.people.ask('POST', `/invoices/${this.id}${path}`, body);
  }

  #amount(amount: number | undefined): { amount?: Paid['amount'] } {
    return amount === undefined ? {} : { amount: { amount: cents(amount), currency: this.#currency } };
  }

  async #paid(amount: number | undefined): Promise<Paid> {
    const { creditorId, debtorId, balanceCents } = await this.file();
    const paid = amount === undefined ? balanceCents : cents(amount);
    return {
      creditorId,
      debtorId,
      amount: { amount: paid, currency: this.#currency },
      allocations: [{ invoiceId: this.id, amount: Math.min(paid, balanceCents) }],
    };
  }
}

export interface Dispute {
  readonly id: string;
  resolved(outcome: DisputeOutcome, granted?: number): Promise<void>;
  qualified(given: { reason?: string; department?: string; resolverId?: string }): Promise<void>;
  isUnfounded(): Promise<void>;
  /** Says something to the debtor. */
  says(text: string, more?: { send: boolean }): Promise<void>;
  /** How far each thing said has come; null for what was not sent. */
  sent(): Promise<readonly (string | null)[]>;
}

export interface Hold {
  lifted(): Promise<void>;
}

function cents(amount: number): number {
  return Math.round(amount * 100);
}
