import type { Collection } from '../collection.ts';
import type { FactOf } from '../fact.ts';
import type { LawCode } from '../law/law-code.ts';
import type { InsurancePolicy } from '../law/insurer-dates.ts';
import type { LegalDate } from '../law/legal-date.ts';
import { limitationUnder } from '../law/limitation-term.ts';
import type { Limitation, LimitationEvent, LimitedClaim, Sector } from '../law/limitation-term.ts';
import type { CivilDate } from '../time.ts';

/**
 * What the legal dates of one file depend on beside its own days: how many years the law gives the claim, and the terms
 * of the creditor's insurer.
 *
 * The law and the settings live in the database, and a decision reads nothing but the Collection: so they are stated in
 * a fact, once when the invoice is registered and again when somebody changes them. The dates themselves are worked out
 * from here each time, so there is never a second one.
 */
export interface LegalTerms {
  readonly sector: Sector;
  /** Under which row of the law: where that stands is looked up when it is shown, since facts carry no text of people. */
  readonly code: LawCode;
  /** Null where no value of the law is known for the day: then no date is said, and none is guessed. */
  readonly years: number | null;
  /** The shorter term that may hold as long as nobody has said what is sold: people are warned by it, nothing rests on it. */
  readonly possibly: { readonly code: LawCode; readonly years: number } | null;
  /** Of the creditor's credit insurer, if he has one. */
  readonly policy: InsurancePolicy | null;
  /** The ends of its own phases are warned of too; absent from terms of before they were. */
  readonly phases?: true;
}

/** What a claim is limited by, as far as a file or its first fact say it. */
export type Dated = Pick<Collection, 'debtor' | 'dueDate' | 'issueDate' | 'performedOn'>;

/** Until when the claim of a file can be brought to court; null where its terms are not known. Its source is a code. */
export function limitationOfFile(c: Collection, today: CivilDate): Limitation | null {
  const { code, years = null } = c.legalTerms ?? {};
  return code === undefined || years === null ? null : limitationBy(c, { code, years }, today);
}

/**
 * Until when it could be, were the shortest term the right one; null where it is known what the creditor sells.
 *
 * Silence and the way to court ask the other: a year-old invoice of a creditor who has said nothing of his trade is most
 * likely good for four more, and to fall silent about it would cost him more than a reminder too many.
 */
export function possibleLimitationOf(c: Collection, today: CivilDate): LegalDate | null {
  const term = c.legalTerms?.possibly ?? null;
  return term && { ...limitationBy(c, term, today), clock: 'limitation_possible' };
}

function limitationBy(
  c: Collection,
  { code, years }: { readonly code: LawCode; readonly years: number },
  today: CivilDate,
): Limitation {
  const claim = limitedClaimOf(c, c.legalTerms?.sector ?? null);
  return limitationUnder({ years, source: code }, claim, c.limitationEvents ?? [], today);
}

/** The day on which a claim became one that can no longer be brought to court; null while it can. */
export function limitedSince(c: Collection, today: CivilDate): Limitation | null {
  const limitation = limitationOfFile(c, today);
  return limitation !== null && today > limitation.on ? limitation : null;
}

/** The file after something that may move the end of its limitation. */
export function withLimitationEvent(c: Collection, event: LimitationEvent): Collection {
  const same = (other: LimitationEvent) =>
    other.evidence.id === event.evidence.id && other.kind === event.kind;
  const limitationEvents = [...(c.limitationEvents ?? []).filter((other) => !same(other)), event];
  return { ...c, limitationEvents };
}

/**
 * A part that is paid admits the rest of the debt (art. 2240 C. civ.), where the debtor pays it and says so: what we have
 * spread over his invoices ourselves, or others have paid, admits nothing. Files of before there were terms keep no record.
 */
export function acknowledgedByPayment(c: Collection, fact: FactOf<'paymentRecorded'>): Collection {
  if (!c.legalTerms || fact.balanceCents <= 0 || fact.admits === false) return c;
  return withLimitationEvent(c, {
    kind: 'acknowledgement',
    by: 'partial_payment',
    on: fact.on,
    evidence: { kind: 'fact', id: fact.paymentId },
  });
}

/** Money that went back admits nothing. */
export function withoutPayment(c: Collection, paymentId: string): Collection {
  if (!c.limitationEvents?.some(({ evidence }) => evidence.id === paymentId)) return c;
  return { ...c, limitationEvents: c.limitationEvents.filter(({ evidence }) => evidence.id !== paymentId) };
}

/** A task about a date that has moved asks for nothing any more. */
export function withoutMootTasks(c: Collection, today: CivilDate): Collection {
  if (!c.tasks.some(({ task }) => task === 'limitation')) return c;
  const on = limitationOfFile(c, today)?.on ?? null;
  return { ...c, tasks: c.tasks.filter(({ task, about }) => task !== 'limitation' || about === on) };
}

/** The claim of a file as the law of limitation sees it. */
export function limitedClaimOf(
  { debtor, dueDate, issueDate, performedOn = null }: Dated,
  sector: Sector,
): LimitedClaim {
  return { debtor: debtor.kind, sector, performedOn, invoicedOn: issueDate, dueDate, titleOn: null };
}
