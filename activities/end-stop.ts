import { ourselves } from '../db/desk.ts';
import type { Desk } from '../db/desk.ts';
import { liftStop, stopInForce } from '../db/stops.ts';
import type { Instant } from '../domain/time.ts';

/** Lifts a stop when its last day is over; null when it was lifted before, or has no end. */
export async function endStop({ tx, house, now }: Desk, stopId: string): Promise<Instant | null> {
  const stop = await stopInForce(tx, stopId);
  if (!stop || stop.endsAt === null) return null;
  if (now < stop.endsAt) return stop.endsAt;
  await liftStop(tx, house, now, stopId, ourselves.id);
  return null;
}
