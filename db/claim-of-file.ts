import { isOver, isSmallDifferenceLeft } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Penalties } from '../domain/law/penalties.ts';
import type { CivilDate } from '../domain/time.ts';
import { dueOf } from './accessory-money.ts';
import { lastAccessoryOf } from './accessory-reads.ts';
import type { Accessory } from './accessory-reads.ts';
import { claimOf, claimWithout } from './claims.ts';
import type { Claim } from './claims.ts';
import type { Db, Tx } from './database.ts';

/** What is claimed of a file, and what it left beside its price when that was settled. */
export interface ClaimOfFile {
  readonly claim: Claim;
  /** Null while the price is owed, and where nothing beside it had been claimed. */
  readonly accessory: Accessory | null;
}

/**
 * What a file is claimed for on that day, as its page and the API tell it.
 *
 * Of a file that is over nothing is asked but the accessories that were kept: no interest runs, and what was paid, waived
 * or never claimed is not worked out anew. For a day on which its price was still owed, what was owed then. Throws
 * `MissingLawValue`.
 */
export async function claimOfFile(
  db: Db | Tx,
  collection: Collection,
  on: CivilDate,
  today: CivilDate,
): Promise<ClaimOfFile> {
  const { invoiceId } = collection;
  if (!isOver(collection)) return { claim: await claimOf(db, invoiceId, on), accessory: null };
  if (on < today) {
    const then = await claimOf(db, invoiceId, on);
    if (then.penalties.principalCents > 0) return { claim: then, accessory: null };
  }
  const last = await lastAccessoryOf(db, invoiceId);
  const accessory = last && last.state !== 'reopened' ? last : null;
  const penalties = penaltiesLeft(collection, accessory?.state === 'open' ? accessory : null);
  return { claim: await claimWithout(db, invoiceId, on, penalties), accessory };
}

function penaltiesLeft(collection: Collection, open: Accessory | null): Penalties {
  const [interestCents, lumpSumCents] = [open?.interest_cents ?? 0, open?.lump_sum_cents ?? 0];
  const isOwed = lumpSumCents > 0;
  return {
    lines: [],
    interestCents,
    interestPaidCents: 0,
    interestDueCents: interestCents,
    interest: 'closed',
    lumpSum: {
      ...{ cents: lumpSumCents, reason: isOwed ? 'owed' : 'closed' },
      ...{ lateOn: null, source: null, lawyerValidated: true },
    },
    principalCents: 0,
    smallDifferenceCents: isSmallDifferenceLeft(collection) ? collection.balanceCents : 0,
    principalAndInterestCents: interestCents,
    totalCents: open ? (dueOf(open).get(collection.currency) ?? 0) : 0,
    perDayCents: 0,
    imputations: [],
    notices: [],
    lawyerValidated: true,
  };
}
