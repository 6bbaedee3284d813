import { isDeepStrictEqual } from 'node:util';
import type { Collection } from '../domain/collection.ts';
import type { FactBody } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import { dayInZone } from './calendars.ts';
import type { Tx } from './database.ts';
import { debtorViewOf, homeOf } from './debtor-view.ts';
import type { House } from './house.ts';

/**
 * What a file has missed of its debtor while it was closed, as facts to state when it opens again.
 *
 * Closed files hear nothing: a debtor of ten years has thousands. But whoever became insolvent, moved or asked for silence
 * since then must not be written to as if he had not.
 */
export async function missedBy(
  tx: Tx,
  house: House,
  { debtorId, debtor, calendar }: Collection,
  now: Instant,
): Promise<readonly FactBody[]> {
  const missed: FactBody[] = [];
  const { country, zone } = await homeOf(tx, debtorId);
  if (calendar.country !== country || calendar.zone !== zone) {
    const next = await house.rules.calendarFrom(tx, country, zone, dayInZone(zone, now));
    missed.push({ type: 'calendarExtended', calendar: next });
  }
  const view = await debtorViewOf(tx, debtorId);
  if (!isDeepStrictEqual(view, debtor)) missed.push({ type: 'debtorChanged', debtor: view });
  return missed;
}
