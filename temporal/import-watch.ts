import { onPoke } from './on-poke.ts';
import type { OnPoke } from './on-poke.ts';

/** Works on imports when there is a word of one; across processes the import's own lock decides. */
export function importsOnPoke(how: Omit<OnPoke, 'channel' | 'what'>): Promise<void> {
  return onPoke({ ...how, channel: 'relance_imports', what: 'imports' });
}
