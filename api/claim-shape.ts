import { z } from 'zod';
import { lumpSumCurrency } from '../db/claims.ts';
import type { ClaimOfFile } from '../db/claim-of-file.ts';
import type { Language } from '../domain/message.ts';
import type { Asks } from '../domain/claim/asked.ts';
import { computationInWords, noticeInWords } from './claim-words.ts';
import { level, money, moneyOf } from './shapes.ts';

/** What is claimed for an invoice, each line with everything that its amount follows from. */
export const claimShape = z
  .object({
    invoiceId: z.string(),
    number: z.string(),
    term: z.int(),
    until: z.string().describe('The last day that is counted.'),
    dueDate: z.string(),
    regime: z
      .enum(['business', 'public', 'consumer', 'eu', 'none'])
      .describe('Under which rules of late payment the debt is.'),
    principal: money.describe('What is left of the price and may be asked.'),
    contested: money,
    smallDifference: money.describe('Left over and too little to chase: shown, not asked.'),
    interest: z.object({
      amount: money,
      paid: money.describe('What payments have settled of it, where they settle interest first.'),
      due: money.describe('What is left of it to ask: neither paid nor waived.'),
      because: z
        .enum(['runs', 'not_late', 'no_rule', 'no_notice', 'insolvency', 'closed'])
        .describe('`closed`: the file is over, and only the accessories that were kept are asked.'),
      lines: z.array(
        z.object({
          from: z.string(),
          to: z.string(),
          days: z.int(),
          base: money,
          rateHundredths: z.int().describe('Per year, in hundredths of a percent.'),
          rate: z.enum(['default', 'contract', 'public', 'legal', 'eu', 'judgment']),
          semester: z.string(),
          of: z.array(z.object({ code: z.string(), hundredths: z.int() })),
          floorHundredths: z.int().nullable(),
          yearDays: z.int(),
          amount: money,
          source: z.string(),
          sourced: z.boolean(),
          lawyerValidated: z.boolean(),
          computation: z.string().describe("In the caller's language."),
        }),
      ),
    }),
    lumpSum: z.object({
      amount: money,
      because: z.enum(['owed', 'not_late', 'consumer', 'no_rule', 'insolvency', 'waived', 'closed']),
      lateOn: z.string().nullable(),
      source: z.string().nullable(),
    }),
    total: money.describe(
      'In the currency of the invoice; the fixed indemnity is in it where that is the euro.',
    ),
    perDay: money.describe('What each further day adds, as far as the rate of the last day holds.'),
    imputations: z.array(
      z.object({
        day: z.string(),
        paymentId: z.string().nullable(),
        interest: money,
        principal: money,
      }),
    ),
    insolvency: z
      .object({
        judgmentOn: z.string(),
        side: z.enum(['earlier', 'later']),
        because: z
          .enum(['performed', 'invoiced', 'day_unknown', 'not_split'])
          .describe('`not_split`: recorded when all claims still counted as earlier.'),
      })
      .nullable(),
    agreedRate: z
      .object({ hundredths: z.int(), with: z.enum(['debtor', 'all']) })
      .nullable()
      .describe('What was agreed with this debtor, else with all customers; null: the rate of the law.'),
    accessory: z
      .object({
        id: z.string(),
        state: z.enum(['open', 'paid', 'waived', 'reopened']),
        settledOn: z.string(),
        interest: money,
        lumpSum: money,
      })
      .nullable()
      .describe('What was left beside the price when that was settled; only what is `open` is claimed.'),
    lawyerValidated: z
      .boolean()
      .describe('Whether a lawyer has validated every value of the law that the sums rest on.'),
    notices: z.array(z.object({ code: z.string(), text: z.string() })),
    asked: z
      .object({ interestFrom: level.nullable(), lumpSumFrom: level.nullable() })
      .describe('From which level letters ask for them; null: never.'),
  })
  .meta({ id: 'Claim' });

export function claimToldOf(
  { claim, accessory }: ClaimOfFile,
  asks: Asks,
  language: Language,
): z.infer<typeof claimShape> {
  const { penalties, currency } = claim;
  const inCurrency = (cents: number): z.infer<typeof money> => moneyOf(cents, currency);
  return {
    invoiceId: claim.invoiceId,
    number: claim.number,
    term: claim.term,
    until: claim.until,
    dueDate: claim.dueDate,
    regime: claim.regime,
    principal: inCurrency(penalties.principalCents),
    contested: inCurrency(claim.contestedCents),
    smallDifference: inCurrency(penalties.smallDifferenceCents),
    interest: {
      amount: inCurrency(penalties.interestCents),
      paid: inCurrency(penalties.interestPaidCents),
      due: inCurrency(penalties.interestDueCents),
      because: penalties.interest,
      lines: penalties.lines.map((line) => ({
        from: line.from,
        to: line.to,
        days: line.days,
        base: inCurrency(line.baseCents),
        rateHundredths: line.rate.hundredths,
        rate: line.rate.kind,
        semester: line.rate.semester,
        of: [...line.rate.of],
        floorHundredths: line.rate.floorHundredths,
        yearDays: line.yearDays,
        amount: inCurrency(line.cents),
        source: line.rate.source,
        sourced: line.rate.sourced,
        lawyerValidated: line.rate.lawyerValidated,
        computation: computationInWords(line, currency, language),
      })),
    },
    lumpSum: {
      amount: moneyOf(penalties.lumpSum.cents, lumpSumCurrency),
      because: penalties.lumpSum.reason,
      lateOn: penalties.lumpSum.lateOn,
      source: penalties.lumpSum.source,
    },
    total: inCurrency(claim.totalCents),
    perDay: inCurrency(penalties.perDayCents),
    imputations: penalties.imputations.map(({ day, paymentId, interestCents, principalCents }) => ({
      day,
      paymentId,
      interest: inCurrency(interestCents),
      principal: inCurrency(principalCents),
    })),
    insolvency: claim.insolvency,
    agreedRate:
      claim.contractHundredths === null || claim.agreedWith === null
        ? null
        : { hundredths: claim.contractHundredths, with: claim.agreedWith },
    accessory: accessory && {
      id: accessory.id,
      state: accessory.state,
      settledOn: accessory.settled_on,
      interest: moneyOf(accessory.interest_cents, accessory.currency),
      lumpSum: moneyOf(accessory.lump_sum_cents, lumpSumCurrency),
    },
    lawyerValidated: penalties.lawyerValidated,
    notices: penalties.notices.map((notice) => ({
      code: notice.code,
      text: noticeInWords(notice, language),
    })),
    asked: asks,
  };
}
