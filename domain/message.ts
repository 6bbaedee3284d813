/**
 * What we say to a debtor: the figures of one message, from which its bytes are composed.
 *
 * The door gathers the figures at the claim, `activities/compose` turns them into a mail, an SMS, a letter or a call
 * script. The same figures always give the same bytes: the hash of the bytes is our proof of what was said. People may
 * replace the words (`freeText`), never a figure.
 */
import type { DebtorKind } from './debtor.ts';
import type { Regime } from './law/regime.ts';
import type { Level } from './level.ts';
import type { CivilDate } from './time.ts';

export type Channel = 'email' | 'sms' | 'call' | 'letter' | 'registered_letter' | 'internal';

/** The languages in which every shipped template exists. */
export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];

/**
 * The templates that go to a debtor. A key says step and tone: no suffix is the standard scenario, `_soft` the good
 * payer, `_risky` the risky one, `_public` the public body, `_abroad` the foreign debtor.
 */
export const debtorTemplateKeys = [
  'pre_due',
  'pre_due_soft',
  'pre_due_risky',
  'pre_due_public',
  'pre_due_abroad',
  'reminder',
  'reminder_soft',
  'reminder_risky',
  'reminder_public',
  'reminder_abroad',
  'firm_reminder',
  'firm_reminder_soft',
  'firm_reminder_risky',
  'firm_reminder_public',
  'firm_reminder_abroad',
  'last_reminder',
  'last_reminder_soft',
  'last_reminder_risky',
  'last_reminder_public',
  'last_reminder_abroad',
  'formal_notice',
  'formal_notice_public',
  'formal_notice_abroad',
  'sms_pre_due',
  'sms_reminder',
  'sms_firm',
  'call_script',
] as const;

/** The templates of mails to our own users. */
export const internalTemplateKeys = [
  'internal_task_due',
  'internal_task_late',
  'internal_approval_waiting',
  'internal_draft_waiting',
  'internal_promise_broken',
  'internal_bank_data_old',
  'internal_instalment_missed',
  'internal_plan_broken',
  'internal_litigation_waits',
  'internal_litigation_silent',
  'internal_litigation_handed',
  'internal_litigation_moved',
  'internal_litigation_news',
  'internal_litigation_recovered',
  'internal_litigation_withdrawn',
  'internal_litigation_insolvent',
  'internal_remittance_late',
  'internal_escalation',
  'internal_dispute_due',
  'internal_dispute_late',
  'internal_legal_clock',
  'internal_phase_ends',
  'internal_deposit_required',
] as const;

export type DebtorTemplateKey = (typeof debtorTemplateKeys)[number];
export type InternalTemplateKey = (typeof internalTemplateKeys)[number];
export type TemplateKey = DebtorTemplateKey | InternalTemplateKey;

/** One open invoice, or one term of it, as the message states it. */
export interface InvoiceLine {
  readonly number: string;
  /** 1 for an invoice with one due date; the rank of the due date otherwise. */
  readonly term: number;
  readonly issueDate?: CivilDate;
  readonly dueDate: CivilDate;
  /** The debtor's own order number, which his accounts department looks for. */
  readonly orderNumber?: string;
  /** What was invoiced, taxes included. */
  readonly amountCents: number;
  /** What the ledger still holds open. */
  readonly balanceCents: number;
  /** The part of the balance under dispute, which no message asks for. */
  readonly contestedCents: number;
  /** `balanceCents − contestedCents`, never below zero. */
  readonly askedCents: number;
  readonly currency: string;
  /** Days between the due date and the day of the message; zero or less: not due yet. */
  readonly daysLate: number;
  /** This message takes this invoice's step; the others are listed for information. */
  readonly stepTaken: boolean;
  /** What late payment costs, where the message asks for it beside the price. */
  readonly claim?: LineClaim;
}

/** What a message asks for an invoice beside its price, worked out to the day of the message. */
export interface LineClaim {
  /** Null where interest is not asked for. */
  readonly interest: {
    /** What is not paid of it. */
    readonly cents: number;
    readonly paidCents: number;
    readonly perDayCents: number;
    readonly periods: readonly InterestPeriod[];
  } | null;
  /** In euros, whatever the currency of the invoice; null where it is not asked for. */
  readonly lumpSumCents: number | null;
}

/** Days that bear interest at one rate on one sum. */
export interface InterestPeriod {
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly days: number;
  readonly yearDays: number;
  readonly baseCents: number;
  /** Per year, in hundredths of a percent. */
  readonly hundredths: number;
  readonly cents: number;
}

/** The sums of a message in one currency. */
export interface MessageTotals {
  readonly currency: string;
  /** Asked by this message: the lines that take their step, without what is contested. */
  readonly askedCents: number;
  /** Balance of every line whose due date has passed, contested part included. */
  readonly dueCents: number;
  /** Balance of every line. */
  readonly openCents: number;
  /** Money or credit notes of the debtor that no invoice has absorbed yet, as a positive number. */
  readonly creditsCents: number;
  /** What is asked for beside the price; absent where nothing is. */
  readonly beside?: {
    readonly interestCents: number;
    readonly lumpSumCents: number;
    /** For how many invoices the fixed indemnity is asked. */
    readonly lumpSums: number;
    readonly perDayCents: number;
    /** Price, interest and indemnity. */
    readonly totalCents: number;
  };
}

/** Who the message comes from, and where the money goes. */
export interface MessageCreditor {
  readonly legalName: string;
  readonly siren?: string;
  readonly vatNumber?: string;
  /** Its register, legal form and capital, as its letters say them. */
  readonly registration?: string;
  readonly addressLines: readonly string[];
  readonly iban: string;
  readonly bic?: string;
  /** The person or department who signs. */
  readonly senderName: string;
  readonly replyTo: string;
  readonly phone?: string;
}

export interface MessageDebtor {
  readonly name: string;
  readonly siren?: string;
  readonly addressLines: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Decides which legal mentions may be made; absent is a company. */
  readonly kind?: DebtorKind;
}

export interface MessageContact {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
}

/** Everything that a message to a debtor states. */
export interface MessageFigures {
  readonly creditor: MessageCreditor;
  readonly debtor: MessageDebtor;
  readonly contact: MessageContact;
  readonly language: Language;
  readonly level: Level;
  readonly channel: Channel;
  readonly template: DebtorTemplateKey;
  /** The day of the claim in the creditor's zone. */
  readonly today: CivilDate;
  /** Those that take their step first, then every other open invoice of that creditor. */
  readonly lines: readonly InvoiceLine[];
  readonly totals: readonly MessageTotals[];
  /** ISO 11649, see `creditorReference`; the key that matches the incoming transfer. */
  readonly paymentReference: string;
  /** The day of the last reminder about these invoices whose delivery is proven; words mention one only then. */
  readonly lastReminderOn?: CivilDate;
  /** Formal notice: the rules by which its sums were worked out, and which it therefore cites. */
  readonly regime?: Regime;
  /** Formal notice: the fixed indemnity that the law gives for each invoice, in euros; absent where it is not known. */
  readonly indemnityCents?: number;
  /** Formal notice: the last day to pay or answer, as planned. */
  readonly answerBy?: CivilDate;
  /** Formal notice: the days granted from the first presentation of the letter; 8 when absent. */
  readonly noticeDays?: number;
  /** A person's own words in place of the paragraphs of the template: plain text, never figures. */
  readonly freeText?: string;
  /** Names of the files that travel with the message. */
  readonly attachments?: readonly string[];
}

/** What a mail to a debtor about his dispute states: the words of a person, and what they are about. */
export interface WordFigures {
  readonly template: 'dispute_word';
  readonly language: Language;
  readonly today: CivilDate;
  readonly creditor: MessageCreditor;
  readonly debtorName: string;
  readonly contact: MessageContact;
  /** Who of ours wrote it, when that was a person with a name. */
  readonly writtenBy?: string;
  readonly invoice: { readonly number: string; readonly term: number };
  readonly contestedCents: number;
  readonly currency: string;
  /** Why the debtor contests, as a code. */
  readonly reason: string;
  /** By which an answer is led back to the dispute. */
  readonly reference: string;
  readonly text: string;
  /** Names of the papers that travel with it. */
  readonly attachments?: readonly string[];
}

/** What a message to a debtor about a discount for early settlement states. */
export interface DiscountFigures {
  readonly template: 'discount_offer' | 'discount_taken';
  readonly says: 'offered' | 'taken';
  readonly language: Language;
  readonly channel: 'email' | 'letter';
  readonly today: CivilDate;
  readonly creditor: MessageCreditor;
  readonly debtor: MessageDebtor;
  readonly contact: MessageContact;
  readonly invoice: { readonly number: string; readonly term: number; readonly dueDate: CivilDate };
  readonly currency: string;
  readonly payCents: number;
  readonly discountCents: number;
  /** By value date, this day included. */
  readonly payBy: CivilDate;
  readonly paymentReference: string;
}

/** What a mail to one of our own users states. */
export interface InternalNotice {
  readonly template: InternalTemplateKey;
  readonly language: Language;
  readonly today: CivilDate;
  /** The creditor on whose behalf the work is done. */
  readonly creditorName: string;
  readonly recipientName: string;
  readonly debtorName: string;
  /** One line that says what is asked, such as the title of the task. */
  readonly title: string;
  readonly dueDate?: CivilDate;
  /** Who should have done it, when the mail goes to somebody else. */
  readonly ownerName?: string;
  /** Why this comes up now, in words. */
  readonly reason?: string;
  readonly lines: readonly InvoiceLine[];
  /** Address of the page where the work is done. */
  readonly link?: string;
}

/**
 * The totals of a message, one entry per currency in the order in which the lines first name them.
 *
 * `credits` are unallocated credits of the debtor with this creditor, in positive cents; a currency that only occurs
 * there gets an entry as well.
 */
export function totalsOf(
  lines: readonly InvoiceLine[],
  credits: readonly { currency: string; cents: number }[] = [],
): MessageTotals[] {
  type Sum = { -readonly [Key in keyof Omit<MessageTotals, 'beside'>]: MessageTotals[Key] };
  const totals = new Map<string, Sum>();
  const of = (currency: string): Sum => {
    const known = totals.get(currency);
    if (known) return known;
    const fresh = { currency, askedCents: 0, dueCents: 0, openCents: 0, creditsCents: 0 };
    totals.set(currency, fresh);
    return fresh;
  };
  for (const line of lines) {
    const sum = of(line.currency);
    sum.openCents += line.balanceCents;
    if (line.daysLate > 0) sum.dueCents += line.balanceCents;
    if (line.stepTaken) sum.askedCents += line.askedCents;
  }
  for (const credit of credits) of(credit.currency).creditsCents += credit.cents;
  if (lines.some(({ stepTaken, claim }) => stepTaken && claim?.lumpSumCents)) of('EUR');
  const beside = besideOf(lines);
  return [...totals.values()].map((sum) => {
    const claimed = beside.get(sum.currency);
    if (!claimed) return sum;
    const totalCents = sum.askedCents + claimed.interestCents + claimed.lumpSumCents;
    return { ...sum, beside: { ...claimed, totalCents } };
  });
}

type Beside = Omit<NonNullable<MessageTotals['beside']>, 'totalCents'>;

/** What the lines ask for beside their prices, by currency: the fixed indemnity is owed in euros. */
function besideOf(lines: readonly InvoiceLine[]): ReadonlyMap<string, Beside> {
  const sums = new Map<string, Beside>();
  const add = (currency: string, more: Partial<Beside>): void => {
    const { interestCents, lumpSumCents, lumpSums, perDayCents } = sums.get(currency) ?? nothingBeside;
    sums.set(currency, {
      interestCents: interestCents + (more.interestCents ?? 0),
      lumpSumCents: lumpSumCents + (more.lumpSumCents ?? 0),
      lumpSums: lumpSums + (more.lumpSums ?? 0),
      perDayCents: perDayCents + (more.perDayCents ?? 0),
    });
  };
  for (const { stepTaken, claim, currency } of lines) {
    if (!stepTaken || !claim) continue;
    if (claim.interest)
      add(currency, { interestCents: claim.interest.cents, perDayCents: claim.interest.perDayCents });
    if (claim.lumpSumCents) add('EUR', { lumpSumCents: claim.lumpSumCents, lumpSums: 1 });
  }
  return sums;
}

const nothingBeside: Beside = { interestCents: 0, lumpSumCents: 0, lumpSums: 0, perDayCents: 0 };
