import type { DebtorKind } from '../debtor.ts';
import { addDays, daysBetween } from '../time.ts';
import type { CivilDate } from '../time.ts';
import type { LegalDate, LegalEvent } from './legal-date.ts';
import { endOf } from './legal-term.ts';
import type { Term } from './legal-term.ts';

/** What a creditor sells, as far as the law limits its claims more shortly; null when nobody has said. */
export type Sector = 'general' | 'transport' | 'telecom' | null;

export interface LimitedClaim {
  readonly debtor: DebtorKind;
  readonly sector: Sector;
  readonly performedOn: CivilDate | null;
  readonly invoicedOn: CivilDate | null;
  readonly dueDate: CivilDate;
  /** An enforceable title gives the claim a term of its own. */
  readonly titleOn: CivilDate | null;
}

/** What may move the end of a limitation, with where its proof is kept. */
export type LimitationEvent =
  /** The debtor admits the debt (art. 2240 C. civ.). */
  | {
      readonly kind: 'acknowledgement';
      readonly by: 'partial_payment' | 'written_promise' | 'request_for_time' | 'statement';
      readonly on: CivilDate;
      readonly evidence: Evidence;
    }
  /** A claim in court, also for interim relief (2241), a protective measure or an act of enforcement (2244). */
  | { readonly kind: 'court_claim' | 'enforcement'; readonly on: CivilDate; readonly evidence: Evidence }
  /** Declared in an insolvency (L622-25-1 C. com.). It holds until the procedure ends; we count from its day, never later. */
  | { readonly kind: 'declaration'; readonly on: CivilDate; readonly evidence: Evidence }
  /** A reminder or formal notice: it interrupts nothing but the lapse of a debt of a public body. */
  | { readonly kind: 'written_demand'; readonly on: CivilDate; readonly evidence: Evidence }
  /** Days that do not count: mediation or conciliation (2238), the agreement of the small-claims procedure. */
  | {
      readonly kind: 'suspension';
      readonly by: 'mediation' | 'conciliation' | 'small_claims_agreement';
      readonly on: CivilDate;
      /** The last day; null while it lasts. */
      readonly until: CivilDate | null;
      readonly evidence: Evidence;
    };

export interface Evidence {
  readonly kind: 'fact' | 'document' | 'message';
  readonly id: string;
}

export interface Limitation extends LegalDate {
  /** The date by the due date alone, which courts may prefer; shown beside ours, which is never later. */
  readonly byDueDate: CivilDate;
  /** The event that the term was last begun anew by. */
  readonly interruptedBy: LimitationEvent | null;
  /** Days that suspensions have added since. */
  readonly suspendedDays: number;
  /** Events that move nothing, and why: nobody should trust a reminder to have saved a claim. */
  readonly without: readonly { readonly event: LimitationEvent; readonly why: 'no_effect' | 'too_late' }[];
}

/**
 * Says on which day a claim is limited: the last one on which it can be brought to court.
 *
 * The term is counted from performance, else from the invoice, and never from later than the due date. What interrupts it
 * begins the same term anew, if it comes in time. A suspension that lasts has stopped the days until `asOf`. The end is
 * never moved to a working day, since whoever waits for that has lost. The years of the law are given, so that a file that
 * carries them needs no law.
 */
export function limitationUnder(
  { years, source }: { readonly years: number; readonly source: string },
  claim: LimitedClaim,
  events: readonly LimitationEvent[],
  asOf: CivilDate,
): Limitation {
  const start = limitationStartOf(claim);
  const term: Term = { count: years, unit: 'years' };
  const byYears = claim.debtor === 'public' && claim.titleOn === null;
  const pauses = suspensionsOf(events, asOf);
  const limitFrom = (from: CivilDate): { on: CivilDate; days: number } =>
    extend(from, endOf(byYears ? `${from.slice(0, 4)}-12-31` : from, term), pauses);

  const without: { event: LimitationEvent; why: 'no_effect' | 'too_late' }[] = [];
  let from = start.from;
  let interruptedBy: LimitationEvent | null = null;
  for (const event of [...events].sort(byDay)) {
    const why = idle(event, { from, on: limitFrom(from).on, byYears });
    if (why !== null) without.push({ event, why });
    else if (event.kind !== 'suspension') [from, interruptedBy] = [event.on, event];
  }

  const { on, days } = limitFrom(from);
  return {
    clock: 'limitation',
    on,
    from,
    because: interruptedBy ? 'interrupted' : start.because,
    term,
    movedFrom: null,
    source,
    byDueDate: interruptedBy || claim.titleOn !== null ? on : limitFrom(claim.dueDate).on,
    interruptedBy,
    suspendedDays: days,
    without,
  };
}

/** Why an event moves nothing in a term from one day to another; null when it does. */
function idle(
  event: LimitationEvent,
  term: { from: CivilDate; on: CivilDate; byYears: boolean },
): 'no_effect' | 'too_late' | null {
  if (event.kind === 'written_demand' && !term.byYears) return 'no_effect';
  if (event.on > term.on) return 'too_late';
  return event.kind !== 'suspension' && event.on < term.from ? 'no_effect' : null;
}

/** The day from which the creditor could act, taken as early as a court may take it. */
export function limitationStartOf(claim: LimitedClaim): { from: CivilDate; because: LegalEvent } {
  const { titleOn, performedOn, invoicedOn, dueDate } = claim;
  if (titleOn !== null) return { from: titleOn, because: 'title_given' };
  const known = performedOn ?? invoicedOn;
  if (known === null || dueDate < known) return { from: dueDate, because: 'fell_due' };
  return { from: known, because: performedOn === null ? 'invoiced' : 'performed' };
}

function byDay(a: LimitationEvent, b: LimitationEvent): number {
  return a.on === b.on ? 0 : a.on < b.on ? -1 : 1;
}

interface Pause {
  readonly from: CivilDate;
  readonly to: CivilDate;
}

/** The days of suspensions, in order and without days that two of them share. */
function suspensionsOf(events: readonly LimitationEvent[], asOf: CivilDate): readonly Pause[] {
  const pauses: Pause[] = [];
  for (const event of [...events].sort(byDay)) {
    if (event.kind !== 'suspension') continue;
    const before = pauses.at(-1);
    const from = before && event.on <= before.to ? addDays(before.to, 1) : event.on;
    const to = event.until ?? asOf;
    if (from <= to) pauses.push({ from, to });
  }
  return pauses;
}

/** Moves the end by the days of each suspension that began after `from` and before the end had come. */
function extend(from: CivilDate, end: CivilDate, pauses: readonly Pause[]): { on: CivilDate; days: number } {
  let days = 0;
  for (const pause of pauses) {
    const first = pause.from > from ? pause.from : addDays(from, 1);
    if (first > pause.to || first > addDays(end, days)) continue;
    days += daysBetween(first, pause.to) + 1;
  }
  return { on: addDays(end, days), days };
}
