import { eventsChannel } from '../db/provider-events.ts';
import { onPoke } from './on-poke.ts';
import type { OnPoke } from './on-poke.ts';

/** Follows what providers report when there is news; the lock on the debtor decides across processes. */
export function eventsOnPoke(how: Omit<OnPoke, 'channel' | 'what'>): Promise<void> {
  return onPoke({ ...how, channel: eventsChannel, what: 'reports of providers' });
}
