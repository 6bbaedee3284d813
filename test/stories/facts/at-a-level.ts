import { beforeAll, describe, expect, it } from 'vitest';
import type { CivilDate } from '../../../domain/time.ts';
import type { Invoice } from '../invoice.ts';
import { Story } from '../world.ts';
import type { Debtor } from '../world.ts';
import { cases } from './cases.ts';
import type { Case, Later } from './cases.ts';
import type { Moment } from './moments.ts';

/**
 * Tells the stories of all facts that come at one level.
 *
 * Each case has a debtor of its own, so they live side by side in one engine: what is told of one can't be the doing
 * of another.
 */
export function factsAt(moment: Moment): void {
  describe(`at the level ${moment.level}`, () => {
    let told: ReadonlyMap<string, Told>;
    beforeAll(async () => {
      told = await live(moment);
    }, 180_000);

    for (const { fact, then, state } of cases) {
      it(fact, () => {
        expect(told.get(fact)?.letters).toBe(then[moment.level]);
        if (state !== undefined) expect(told.get(fact)?.state).toBe(state);
      });
    }
  });
}

interface Told {
  readonly letters: string;
  readonly state: string;
}

interface File {
  readonly one: Case;
  readonly debtor: Debtor;
  readonly invoice: Invoice;
}

async function live(moment: Moment): Promise<ReadonlyMap<string, Told>> {
  const story = await Story.begin({ day: '2026-03-02' });
  try {
    const files: File[] = [];
    for (const [place, one] of cases.entries()) {
      const debtor = await story.debtor();
      files.push({
        one,
        debtor,
        invoice: await debtor.owes({ number: `F-${place}`, amount: 1200, due: '2026-03-16' }),
      });
    }
    await reach(
      story,
      moment,
      files.map((file) => file.invoice),
    );
    await befall(story, moment, files);
    await story.until(moment.end);

    const told = files.map(
      async ({ one, debtor, invoice }) =>
        [one.fact, { letters: await since(moment.comes, debtor), state: await invoice.state() }] as const,
    );
    return new Map(await Promise.all(told));
  } finally {
    await story.end();
  }
}

/** Lives with willing people until all files have reached the level. */
async function reach(story: Story, { level }: Moment, invoices: readonly Invoice[]): Promise<void> {
  if (level !== 'formal_notice') return;
  await story.until('2026-04-15');
  for (const invoice of invoices) await invoice.callReached();
  await story.until('2026-05-04');
  for (const invoice of invoices) await invoice.approvesDraft();
  await story.until('2026-05-05');
  for (const invoice of invoices) await invoice.postsLetter();
  await story.until('2026-05-11');
  for (const invoice of invoices) await invoice.presentedOn('2026-05-07');
}

/** Lets the facts come, and what follows from them on its own day. */
async function befall(story: Story, moment: Moment, files: readonly File[]): Promise<void> {
  await story.morning(moment.comes);
  const laters: Later[] = [];
  for (const { one, invoice } of files) {
    await one.comes?.(invoice, moment);
    if (one.begins) laters.push(await one.begins(invoice, moment));
  }

  const onPromisedDay = async (): Promise<void> => {
    await story.until(moment.promised);
    for (const later of laters) await later.onPromisedDay?.();
  };
  const follows = async (): Promise<void> => {
    await story.morning(moment.follows);
    for (const later of laters) await later.follows?.();
  };
  for (const act of moment.follows <= moment.promised ? [follows, onPromisedDay] : [onPromisedDay, follows])
    await act();
}

/** What he got since that morning, and the questions that were put to people about him: `03-19 reminder 1200, …`. */
async function since(day: CivilDate, debtor: Debtor): Promise<string> {
  const letters = (await debtor.letters()).map(
    ({ day: on, steps, asked }) => `${on} ${steps.join('+')} ${asked['EUR'] ?? 0}`,
  );
  const questions = (await debtor.questions()).map(({ day: on, kind }) => `${on} ${kind}?`);
  return [...letters, ...questions]
    .filter((happening) => happening >= day)
    .sort()
    .map((happening) => happening.slice(5))
    .join(', ');
}
