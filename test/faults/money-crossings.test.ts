import { describe, expect, it } from 'vitest';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { runProgram } from './program.ts';
import { control } from './split.ts';

const nothing = { asks: null, says: null, waits: 0 };
const sixty = { kind: 'claimed', asks: 6_000, says: '60,00', owes: 6_000, credit: 0, waits: 0 };

describe('a reminder that is composed, and then', () => {
  // F22, F23, F24
  it('its money changes: what leaves asks for what is owed in that moment, and what is in excess is credit', async () => {
    const { seen, broken } = await crossed();

    expect(seen).toMatchObject({
      'nothing happens': { kind: 'claimed', asks: 10_000, says: '100,00', owes: 10_000, credit: 0 },
      'a part is paid': sixty,
      'more than all is paid': { ...nothing, owes: 0, credit: 3_000, state: 'paid' },
      // It is asked for anew by its own workflow, not by what was composed before.
      'it is paid, and the money comes back': { ...nothing, owes: 10_000, credit: 0 },
      'a part is credited': sixty,
      'all is credited': { ...nothing, owes: 0, credit: 0 },
      'more than all is credited': { ...nothing, owes: 0, credit: 3_000 },
      'it is corrected to less': sixty,
      'it is cancelled': { ...nothing, owes: 0, credit: 0, state: 'cancelled' },
      'it is replaced': { ...nothing, owes: 0, credit: 0, state: 'cancelled' },
    });
    expect(broken).toEqual([]);
  }, 60_000);

  control('without the figures of the claim, it says what was owed before', async () => {
    const build = buildWithout('figures of the claim');
    const { seen } = await crossed(build).finally(build.remove);

    expect(seen).toMatchObject({
      'a part is paid': { asks: 6_000, says: '100,00' },
      'a part is credited': { asks: 6_000, says: '100,00' },
      'it is corrected to less': { asks: 6_000, says: '100,00' },
    });
  });
});

async function crossed(build: Build = asItIs): Promise<{ seen: unknown; broken: readonly string[] }> {
  const { printed, broken } = await runProgram<unknown>('money-crossings.ts', [], { build });
  return { seen: printed, broken };
}
