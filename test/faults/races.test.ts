import { describe, expect, it } from 'vitest';
import { buildWithout } from './build.ts';
import { race } from './race.ts';
import { control, seeds } from './split.ts';

/** Rounds in `npm test`, and in `npm run faults`, where ten thousand take some minutes. */
const rounds = seeds(300, 10_000).length;

// F18
describe('a payment in the very moment of the claim', () => {
  it(`wins over the reminder or comes after it, in ${rounds} rounds never both`, async () => {
    const found = await race('payment', rounds);

    // Both orders came up, or nothing was shown.
    expect(found.won.news).toBeGreaterThan(rounds / 10);
    expect(found.won.claim).toBeGreaterThan(rounds / 10);
    expect(found.won.nobody).toBe(0);
    expect(found.won.afterwards).toBe(0);
    expect(found.broken).toEqual([]);
  }, 1_200_000);

  control('without the lock on the debtor, reminders leave for invoices that were paid before', async () => {
    const build = buildWithout('the lock on the debtor');
    const found = await race('payment', 300, build).finally(build.remove);

    expect(found.broken).toContain('I03');
  });
});
