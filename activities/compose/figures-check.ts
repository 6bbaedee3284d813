/**
 * Refuses to compose a message whose figures do not add up.
 *
 * A wrong amount in a debtor's hands is the worst that this program can do, so the last function before the bytes
 * counts again. What it finds is a fault of ours, never of the debtor's data.
 */
import { totalsOf } from '../../domain/message.ts';
import type { MessageFigures } from '../../domain/message.ts';

/** Throws, naming the invoice or currency and both numbers, when a line or a total contradicts the others. */
export function checkFigures(figures: MessageFigures): void {
  for (const line of figures.lines) {
    const asked = Math.max(0, line.balanceCents - line.contestedCents);
    if (line.askedCents !== asked)
      fail(
        `invoice ${line.number} asks ${line.askedCents} cents where its balance without the contested part is ${asked}`,
      );
    if (line.contestedCents < 0)
      fail(`invoice ${line.number} has a contested part of ${line.contestedCents} cents`);
  }
  if (!figures.lines.some((line) => line.stepTaken)) fail('no invoice takes its step');

  const counted = totalsOf(figures.lines);
  for (const { currency, askedCents, dueCents, openCents, beside } of counted) {
    const stated = figures.totals.find((total) => total.currency === currency);
    if (!stated) fail(`there is no total in ${currency}`);
    if (stated.askedCents !== askedCents)
      fail(`the total asked in ${currency} is ${stated.askedCents} cents where the lines give ${askedCents}`);
    if (stated.dueCents !== dueCents)
      fail(`the total due in ${currency} is ${stated.dueCents} cents where the lines give ${dueCents}`);
    if (stated.openCents !== openCents)
      fail(`the total open in ${currency} is ${stated.openCents} cents where the lines give ${openCents}`);
    if ((stated.beside?.totalCents ?? askedCents) !== (beside?.totalCents ?? askedCents))
      fail(`the total with penalties in ${currency} is not what the lines give`);
  }
}

function fail(problem: string): never {
  throw new Error(`The figures of a message contradict each other: ${problem}.`);
}
