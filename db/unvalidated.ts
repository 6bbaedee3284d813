import { MissingLawValue, orMissing } from '../domain/law/law-value.ts';
import type { CivilDate } from '../domain/time.ts';
import { claimUnder, penaltyCasesOf } from './claims.ts';
import type { Claim } from './claims.ts';
import type { Db } from './database.ts';
import { lawIn } from './law.ts';

/**
 * Which of these messages are formal notices that ask for penalties by values of the law that no lawyer has validated.
 *
 * They are sourced, and right as far as anybody here knows; but a formal act states them, so whoever says yes is told.
 * Where a value is missing altogether the notice is held back anyway.
 */
export async function restingOnUnvalidated(
  db: Db,
  messageIds: readonly string[],
  on: CivilDate,
): Promise<ReadonlySet<string>> {
  if (messageIds.length === 0) return new Set();
  const lines = await db
    .selectFrom('message_line')
    .innerJoin('message', 'message.id', 'message_line.message_id')
    .select(['message_line.message_id', 'message_line.invoice_id'])
    .where('message.id', 'in', messageIds)
    .where('message.level', '=', 'formal_notice')
    .where('message.state', '=', 'planned')
    .where((line) =>
      line.or([
        line('message_line.interest_cents', 'is not', null),
        line('message_line.lump_sum_cents', 'is not', null),
      ]),
    )
    .execute();
  const law = await lawIn(db);
  const cases = await penaltyCasesOf(db, [...new Set(lines.map((line) => line.invoice_id))], on);
  const unvalidated = new Set(
    cases.filter((one) => !isValidated(orMissing(() => claimUnder(law, one)))).map((one) => one.invoiceId),
  );
  return new Set(lines.filter((line) => unvalidated.has(line.invoice_id)).map((line) => line.message_id));
}

function isValidated(claim: Claim | MissingLawValue): boolean {
  return claim instanceof MissingLawValue || claim.penalties.lawyerValidated;
}
