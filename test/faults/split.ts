import { it } from 'vitest';

/**
 * How the faults are split: `npm test` runs one seed of each fault; `npm run faults` sets FAULTS=all, runs more seeds,
 * and runs each test again without the protection that it is about, where it must fail.
 */
const all = process.env['FAULTS'] === 'all';

/** So many cheap rounds, or seeds: few in `npm test`, many in `npm run faults`. */
export function seeds(few: number, many: number): readonly number[] {
  return Array.from({ length: all ? many : few }, (_, index) => index + 1);
}

/** The first of the list in `npm test`, all of them in `npm run faults`. */
export function some<T>(list: readonly T[], few = 1): readonly T[] {
  return all ? list : list.slice(0, few);
}

/** What takes minutes by itself: skipped but with the whole suite. */
export function long(title: string, test: () => Promise<void> | void, msMax: number): void {
  it.skipIf(!all)(title, async () => test(), msMax);
}

/** A negative control: the guarantee is broken when its protection is taken out. It runs with the whole suite alone. */
export function control(title: string, test: () => Promise<void>): void {
  if (all) it.concurrent(`control: ${title}`, test);
}
