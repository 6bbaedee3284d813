import { z } from 'zod';
import { namesOf } from '../../db/audit/portfolio.ts';
import type { Names } from '../../db/audit/portfolio.ts';
import { endOfLawDay, lawDay } from '../../db/calendars.ts';
import { ageBandOf } from '../../domain/audit/ageing.ts';
import { addDays } from '../../domain/time.ts';
import type { CivilDate } from '../../domain/time.ts';
import { portfolioOfDay } from '../audit/portfolio-of-day.ts';
import type { PortfolioLine } from '../audit/portfolio-of-day.ts';
import { portfolioLine, portfolioTotal, writtenDown } from '../audit/portfolio-shapes.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { civilDate, instant, instantOf, moneyOf, paging, uuid } from '../shapes.ts';

/** The portfolio as it was at the end of a past day: its aged balance, its lines, and where that comes from. */
export const auditAsItWasRoutes: Routes = async (app, { house }) => {
  app.get(
    '/audit/as-it-was',
    {
      schema: {
        summary: 'The portfolio as it was at the end of a past day',
        description:
          'As it was known then: what was recorded by the end of that day, whatever day it speaks of. With `known=today` as we know it today: every movement of money whose value date is that day or before, whenever it was recorded; states, levels and holds have no value date and are null.',
        tags: ['audit'],
        querystring: z.strictObject({
          ...paging,
          on: civilDate.describe('A day that is over, in the zone of the law (Europe/Paris).'),
          creditor: uuid.optional(),
          known: z.enum(['then', 'today']).default('then'),
        }),
        response: {
          200: z.object({
            on: civilDate,
            endedAt: instant.describe('What was recorded before this moment counts.'),
            known: z.enum(['then', 'today']),
            snapshot: writtenDown,
            totals: z.array(portfolioTotal).describe('Per creditor and currency, of all pages.'),
            items: z.array(portfolioLine),
            nextCursor: z.string().nullable(),
          }),
        },
      },
    },
    async ({ query: { on, creditor: creditorId, known, limit, cursor } }) => {
      mustBeOver(on, await house.clock.now());
      const order = `portfolio/${known}`;
      const [after = null] = (readCursor(order, cursor) ?? []) as [string?];
      const found = await portfolioOfDay(house, { day: on, known, creditorId }, limit, after);
      if (!found) throw notSettled();
      const { snapshot, totals, lines } = found;
      const names = await namesOf(house.db, lines.slice(0, limit));
      return {
        on,
        endedAt: instantOf(endOfLawDay(on)),
        known,
        snapshot: snapshot && { takenAt: instantOf(snapshot.takenAt), sha256: snapshot.sha256 },
        totals,
        ...pageOf(
          lines,
          limit,
          (line) => lineOf(line, names.get(line.invoiceId)),
          (line) => cursorAfter(order, [line.invoiceId]),
        ),
      };
    },
  );
};

/** Throws a 400 for a day that is not over: nobody knows yet how it will have been. */
function mustBeOver(day: CivilDate, now: number): void {
  const today = lawDay(now);
  if (day < today) return;
  throw Problem.invalid('on', 'That day is not over.', `Give a day up to ${addDays(today, -1)}.`);
}

function notSettled(): Problem {
  return Problem.unavailable(
    'day-not-settled',
    'Something of that day is still being recorded, or a portfolio is being worked out for somebody else.',
    'Ask again in a minute.',
  );
}

function lineOf(line: PortfolioLine, names: Names | undefined): z.infer<typeof portfolioLine> {
  const { currency, contestedCents, promisedCents } = line;
  const money = (cents: number | undefined) => (cents === undefined ? null : moneyOf(cents, currency));
  return {
    invoiceId: line.invoiceId,
    number: names?.number ?? '',
    term: names?.term ?? 1,
    creditor: { id: line.creditorId, name: names?.creditor ?? '' },
    debtor: { id: line.debtorId, name: names?.debtor ?? '' },
    dueDate: line.dueDate,
    daysLate: line.daysLate,
    age: ageBandOf(line.daysLate),
    balance: moneyOf(line.balanceCents, currency),
    contested: money(contestedCents),
    promised: money(promisedCents),
    promisedOn: line.promisedOn ?? null,
    disputes: line.disputes ?? null,
    holds: line.holds ? [...line.holds] : null,
    state: line.state ?? null,
    level: line.level ?? null,
  };
}
