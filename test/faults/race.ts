import type { Build } from './build.ts';
import { runProgram } from './program.ts';

export interface Won {
  /** What came in was there first. */
  readonly news: number;
  readonly claim: number;
  /** A transaction failed. */
  readonly nobody: number;
  /** A message left once both were over. */
  readonly afterwards: number;
}

/** Lets what comes in race against the claim of a reminder, so many times, and asks `verify` what was broken by it. */
export async function race(
  news: 'payment' | 'judgment',
  howMany: number,
  build?: Build,
): Promise<{ won: Won; broken: readonly string[] }> {
  const { printed, broken } = await runProgram<Won>('races.ts', [howMany, news], build ? { build } : {});
  return { won: printed, broken };
}
