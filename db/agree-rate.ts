import { isDeepStrictEqual } from 'node:util';
import { agreedFrom, agreedOn, firstOf } from '../domain/law/agreed-rate.ts';
import type { AgreedRate } from '../domain/law/agreed-rate.ts';
import { penaltiesOf } from '../domain/law/penalties.ts';
import type { Author } from '../domain/fact.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CivilDate } from '../domain/time.ts';
import { firstDay, isLower, looksBack, rateOfDebtor, setRate } from './agreed-rates.ts';
import type { RateGiven } from './agreed-rates.ts';
import { hasFourEyes } from './approvals.ts';
import { lawDay } from './calendars.ts';
import { penaltyCasesOf } from './claims.ts';
import type { ClaimCase } from './claims.ts';
import type { Tx } from './database.ts';
import type { DebtorChanged } from './debtors.ts';
import type { Desk } from './desk.ts';
import { doGravely } from './grave-deeds.ts';
import { lawIn } from './law.ts';

export type RateAnswer =
  | { readonly kind: 'agreed'; readonly lowers: boolean; readonly changed: DebtorChanged | null }
  | { readonly kind: 'asked'; readonly approvalId: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Agrees a rate with a locked debtor, for him and all his creditors.
 *
 * It holds from tomorrow: interest that has run was asked at the rate of its days. Whoever says that it held earlier, and
 * so gives up some of what has run, waives it, which asks for a second person. Throws `MissingLawValue` where it cannot
 * be worked out whether he does.
 */
export async function agreeRate(
  desk: Desk,
  debtorId: string,
  given: RateGiven,
  by: Author,
): Promise<RateAnswer> {
  const today = lawDay(desk.now);
  const before = await rateOfDebtor(desk.tx, debtorId);
  const from = given.from ?? (await firstDay(desk.tx, 'debtor_id', debtorId, today));
  const after = agreedFrom(before, given.hundredths, from);
  if (isDeepStrictEqual(after, before)) return { kind: 'agreed', lowers: false, changed: null };
  if (from !== null && from <= today) {
    const lines = await givenUp(desk.tx, debtorId, after, today);
    if (lines.length > 0) {
      const deed = { does: 'agreeRate', hundredths: given.hundredths, from } as const;
      const isMixed = new Set(lines.map(({ account }) => account)).size > 1;
      if (isMixed && (await hasFourEyes(desk.tx))) return { kind: 'refused', refusal: looksBack };
      const said = await doGravely(desk, { act: 'waiver', lines, about: null, deed }, by);
      if (said.kind !== 'done') return said;
      return { kind: 'agreed', lowers: false, changed: null };
    }
  }
  const changed = await setRate(desk, debtorId, after, by);
  return { kind: 'agreed', lowers: mayLower(before, after, today), changed };
}

function mayLower(before: AgreedRate, after: AgreedRate, today: CivilDate): boolean {
  return isLower(agreedOn(before, today), after.hundredths);
}

/** What each of his open invoices would owe less of the interest that has run, also of what is contested. */
async function givenUp(tx: Tx, debtorId: string, rate: AgreedRate, today: CivilDate) {
  const late = await tx
    .selectFrom('invoice')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('due_date', '<', today)
    .where('balance_cents', '>', 0)
    .orderBy('id')
    .execute();
  const law = await lawIn(tx);
  const owes = ({ given }: ClaimCase): number =>
    penaltiesOf(law, { ...given, contestedCents: 0 }).interestDueCents;
  const cases = await penaltyCasesOf(
    tx,
    late.map(({ id }) => id),
    today,
  );
  return cases.flatMap((one) => {
    const amountCents = owes(one) - owes(agreedWithHim(one, rate));
    const account = `${one.creditorId}/${one.currency}`;
    return amountCents > 0 ? [{ invoiceId: one.invoiceId, amountCents, account }] : [];
  });
}

/** The same claim had that been agreed with its debtor. */
function agreedWithHim(one: ClaimCase, rate: AgreedRate): ClaimCase {
  const { hundredths, before } = firstOf(rate, one.rates.creditor);
  return { ...one, given: { ...one.given, contractHundredths: hundredths, contractBefore: before } };
}
