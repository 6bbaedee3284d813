import { agreedFrom, agreedOn } from '../domain/law/agreed-rate.ts';
import type { AgreedRate } from '../domain/law/agreed-rate.ts';
import type { Refusal } from '../domain/refusal.ts';
import { addDays } from '../domain/time.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import type { Author } from '../domain/fact.ts';
import { hasFourEyes } from './approvals.ts';
import { lawDay } from './calendars.ts';
import type { Tx } from './database.ts';
import { changeDebtor } from './debtors.ts';
import type { DebtorChanged } from './debtors.ts';
import type { Desk } from './desk.ts';

/** A rate of late payment as somebody gives it. */
export interface RateGiven {
  /** Per year, in hundredths of a percent; null: nothing is agreed. */
  readonly hundredths: number | null;
  /** The first day on which it holds; absent: tomorrow, and all days where nothing was late yet. */
  readonly from?: CivilDate | undefined;
}

/** Sets it for a locked debtor, whoever has agreed to it. */
export async function rateHolds(
  desk: Desk,
  debtorId: string,
  { hundredths, from }: { readonly hundredths: number | null; readonly from: CivilDate },
  by: Author,
): Promise<DebtorChanged> {
  return setRate(desk, debtorId, agreedFrom(await rateOfDebtor(desk.tx, debtorId), hundredths, from), by);
}

export async function setRate(
  desk: Desk,
  debtorId: string,
  { hundredths, before }: AgreedRate,
  by: Author,
): Promise<DebtorChanged> {
  const set = { penalty_rate_hundredths: hundredths, penalty_rates_before: JSON.stringify(before) };
  return changeDebtor(desk, debtorId, { set }, by);
}

/**
 * The rate that a creditor has agreed with all its customers, once another is given; or why one person does not say so.
 *
 * What a rate of the past would give up is spread over all debtors, and no question is about all of them: where two must
 * agree, it holds from a later day, or is the rate of one debtor.
 */
export async function creditorRateAfter(
  tx: Tx,
  now: Instant,
  creditorId: string,
  { hundredths, from: given }: RateGiven,
): Promise<
  | { readonly kind: 'agreed'; readonly rate: AgreedRate }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | undefined
> {
  const today = lawDay(now);
  const before = await rateIn(tx, 'creditor', creditorId);
  if (!before) return undefined;
  const first = await firstDay(tx, 'creditor_id', creditorId, today);
  const from = given ?? first;
  const agreed = { kind: 'agreed', rate: agreedFrom(before, hundredths, from) } as const;
  if (from === null || from > today || first === null || !(await hasFourEyes(tx))) return agreed;
  const days = [from, ...before.before.map((one) => one.before).filter((day) => from < day && day <= today)];
  if (!days.some((day) => isLower(agreedOn(before, day), hundredths))) return agreed;
  return { kind: 'refused', refusal: looksBack };
}

export const looksBack: Refusal = {
  code: 'rate-looks-back',
  message:
    'At that rate, interest that has run towards several debtors, creditors or in several currencies would be given up, which no single question to a second person is about. Give a first day after today, or agree the rate with each debtor; where an administrator has switched four eyes off, one person may.',
  field: 'penaltyRateFrom',
};

/** Null: all days, since none has been late. */
export async function firstDay(
  tx: Tx,
  whose: 'debtor_id' | 'creditor_id',
  id: string,
  today: CivilDate,
): Promise<CivilDate | null> {
  const late = await tx
    .selectFrom('invoice')
    .select('id')
    .where(whose, '=', id)
    .where('due_date', '<', today)
    .limit(1)
    .executeTakeFirst();
  return late ? addDays(today, 1) : null;
}

export async function rateOfDebtor(tx: Tx, id: string): Promise<AgreedRate> {
  const rate = await rateIn(tx, 'debtor', id);
  if (!rate) throw new Error(`debtor ${id} is not in this database`);
  return rate;
}

async function rateIn(tx: Tx, table: 'debtor' | 'creditor', id: string): Promise<AgreedRate | undefined> {
  return tx
    .selectFrom(table)
    .select(['penalty_rate_hundredths as hundredths', 'penalty_rates_before as before'])
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Of whom nothing is agreed the rate of the law, or of the creditor, is asked: it may be higher or lower. */
export function isLower(from: number | null, to: number | null): boolean {
  return from !== to && (from === null || to === null || to < from);
}
