import { ourselves } from '../db/desk.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import {
  declarationDatesOf,
  declarationsOf,
  declarationWarned,
  undeclaredClaims,
} from '../db/declarations.ts';
import { statedIn } from '../db/insolvency-claims.ts';
import { insolvencyWith } from '../db/insolvencies.ts';
import { lawIn } from '../db/law.ts';
import { nextOfDeclarations } from '../domain/insolvency/next-of-declaration.ts';
import type { DueWarning } from '../domain/insolvency/next-of-declaration.ts';
import { MissingLawValue, missingIn } from '../domain/law/law-value.ts';
import type { Instant } from '../domain/time.ts';
import { keepDeclarationTasks } from './declaration-task.ts';
import { tellOfClock } from './tell-of-clock.ts';

/** A creditor has two dates with two warnings each; more at one moment would be a loop of ours. */
const warningsMax = 500;

/**
 * Looks after the declarations in one insolvency: asks for those that no open invoice asks for, and warns those who work
 * the files and their managers of the last day, and of the last day to ask for relief once that has passed.
 *
 * Null: the procedure is over, all is declared, or no publication is known from which the days would run. A claim that
 * comes in, and a value of the law that was missing, have it looked at again.
 */
export async function attendToInsolvency(desk: Desk, insolvencyId: string): Promise<Instant | null> {
  const insolvency = await insolvencyWith(desk.tx, insolvencyId);
  if (!insolvency) return null;
  const isOver = insolvency.ended_at !== null;
  const claims = isOver ? new Map<string, never>() : await undeclaredClaims(desk, insolvency);
  await keepDeclarationTasks(desk, insolvency, claims);
  if (isOver) return null;
  const creditorIds = [...claims.keys()];
  const calendar = [...claims.values()][0]?.[0]?.collection.calendar;
  if (!calendar) return null;

  const law = await lawIn(desk.tx);
  const dates = await declarationDatesOf(desk.tx, law, insolvency, creditorIds).catch(missingIn);
  // No day is guessed: whoever reads the insolvency is told which value of the law is missing.
  if (dates instanceof MissingLawValue) return null;
  for (let warnings = 0; warnings < warningsMax; warnings += 1) {
    const declarations = await declarationsOf(desk.tx, insolvencyId, creditorIds);
    const { due, lookAt } = nextOfDeclarations(dates, declarations, calendar, desk.now);
    if (!due) return lookAt;
    await warn(desk, insolvencyId, due, claims.get(due.creditorId) ?? []);
  }
  throw new Error(`insolvency ${insolvencyId}: ${warningsMax} warnings at one moment`);
}

async function warn(
  desk: Desk,
  insolvencyId: string,
  { creditorId, date, for: day }: DueWarning,
  files: readonly InvoiceFile[],
): Promise<void> {
  // What comes in once others were declared is told of anew, though the day is the same.
  const declared = (await statedIn(desk.tx, insolvencyId)).length;
  const after = declared > 0 ? `/after-${declared}` : '';
  const key = `insolvency/${insolvencyId}/${creditorId}/${date.clock}/${day}${after}`;
  const told = await tellOfClock(desk, files, key, date);
  await declarationWarned(desk.tx, insolvencyId, creditorId, { clock: date.clock, for: day });
  for (const { id } of files)
    await desk.state(
      id,
      { type: 'clockWarned', clock: date.clock, on: date.on, for: day, ...told },
      ourselves,
    );
}
