import { z } from 'zod';
import type { listDebtors, readDebtor } from '../db/debtor-reads.ts';
import type { DoorNow } from '../db/door-reads.ts';
import type { Language } from '../domain/message.ts';
import type { CivilDate } from '../domain/time.ts';
import { earlierRates } from './claim-settings.ts';
import { doorSentence } from './door-reasons.ts';
import { invoiceInList } from './invoice-shapes.ts';
import { instant, instantOf, level, money, moneyOf } from './shapes.ts';

/** How a debtor looks in a list, and what else is told of the one that is opened. */
const identity = {
  id: z.string(),
  name: z.string(),
  siren: z.string().nullable(),
  vatNumber: z.string().nullable(),
  reference: z.string().nullable(),
  kind: z.string(),
  country: z.string(),
  language: z.string(),
  grade: z.string().nullable(),
  insolventOn: z.string().nullable(),
  depositRequiredSince: z
    .string()
    .nullable()
    .describe('Since when he pays a deposit before he is served; null: he need not.'),
  penaltyRateHundredths: z
    .int()
    .nullable()
    .describe('The rate of late payment agreed with him; null: what his creditors have agreed with all.'),
  earlierPenaltyRates: earlierRates,
  guarantee: z
    .object({ what: z.string(), until: z.string().nullable() })
    .nullable()
    .describe('What secures what he owes, and the last day on which it may be called.'),
  demonstration: z.boolean(),
  promises: z
    .array(
      z.object({
        due: z.int().describe('Promises and plans that fell due, or were kept before.'),
        kept: z.int().describe('Of these kept in full; one kept in part is not kept.'),
        dueAmount: money,
        keptAmount: money,
        rate: z.number().describe('kept / due.'),
      }),
    )
    .describe(
      'How he keeps his promises and plans, one entry per currency; none before the first has fallen due.',
    ),
};

export const debtorInList = z
  .object({
    ...identity,
    open: z.array(z.object({ invoices: z.int(), balance: money })).describe('One entry per currency.'),
  })
  .meta({ id: 'DebtorInList' });

type ListRow = Awaited<ReturnType<typeof listDebtors>>[number];
type Found = NonNullable<Awaited<ReturnType<typeof readDebtor>>>;

export function debtorInListOf(row: ListRow): z.infer<typeof debtorInList> {
  return {
    ...identityOf(row),
    open: row.sums.map(({ openInvoices, balanceCents, currency }) => ({
      invoices: openInvoices,
      balance: moneyOf(balanceCents, currency),
    })),
  };
}

const contact = z.object({
  id: z.string(),
  name: z.string().nullable(),
  role: z.string(),
  email: z.string().nullable(),
  mobile: z.string().nullable(),
  phone: z.string().nullable(),
  address: z.array(z.string()),
  language: z.string().nullable(),
  invalid: z.array(z.object({ what: z.enum(['email', 'mobile', 'phone', 'address']), reason: z.string() })),
  optedOutAt: instant.nullable(),
  erasedAt: instant.nullable().describe('Since when nothing is known of him any more.'),
});

export const debtor = z
  .object({
    ...identity,
    zone: z.string(),
    contacts: z.array(contact),
    holds: z.array(
      z.object({
        id: z.string(),
        reason: z.string(),
        from: z.string(),
        until: z.string().nullable(),
        liftedOn: z.string().nullable(),
        inForce: z.boolean(),
      }),
    ),
    openItems: z.array(invoiceInList).describe('Open invoices, oldest due first, 200 at most.'),
    credits: z
      .array(z.object({ creditorId: z.string(), amount: money }))
      .describe('Money of the debtor that no invoice has absorbed.'),
    door: z.object({
      lookAt: instant.nullable().describe('When something may leave next; null: only when somebody acts.'),
      waiting: z.array(
        z.object({
          requestId: z.string(),
          invoiceId: z.string(),
          step: z.string(),
          level,
          channel: z.string(),
          code: z.string().nullable(),
          until: instant.nullable(),
          missing: z.array(z.string()),
          text: z.string().nullable(),
        }),
      ),
    }),
  })
  .meta({ id: 'Debtor' });

export function debtorOf(
  found: Found & {
    openItems: z.infer<typeof invoiceInList>[];
    credits: readonly { creditorId: string; currency: string; cents: number }[];
    door: DoorNow;
    today: CivilDate;
  },
  language: Language,
): z.infer<typeof debtor> {
  const { debtor: row, contacts, holds, openItems, credits, door, today } = found;
  return {
    ...identityOf(row),
    zone: row.zone,
    contacts: contacts.map(contactOf),
    holds: holds.map((hold) => ({
      id: hold.id,
      reason: hold.reason,
      from: hold.from_day,
      until: hold.until,
      liftedOn: hold.lifted_on,
      inForce: hold.lifted_on === null && (hold.until ?? today) >= today,
    })),
    openItems,
    credits: credits.map(({ creditorId, cents, currency }) => ({
      creditorId,
      amount: moneyOf(cents, currency),
    })),
    door: {
      lookAt: instantOf(door.lookAt),
      waiting: door.waiting.map(({ reason, until, missing, level: wanted, ...request }) => ({
        ...request,
        level: wanted as z.infer<typeof level>,
        code: reason,
        until: instantOf(until),
        missing: [...missing],
        text: reason === null ? null : doorSentence({ reason, until }, { language, zone: row.zone, missing }),
      })),
    },
  };
}

function identityOf(row: Found['debtor']) {
  const { id, name, siren, reference, kind, country, language, grade, demonstration } = row;
  return {
    id,
    name,
    siren,
    vatNumber: row.vat_number,
    reference,
    kind,
    country,
    language,
    grade,
    insolventOn: row.insolvent_on,
    depositRequiredSince: row.deposit_required_since,
    penaltyRateHundredths: row.penalty_rate_hundredths,
    earlierPenaltyRates: [...row.penalty_rates_before],
    guarantee: row.guarantee === null ? null : { what: row.guarantee, until: row.guarantee_until },
    demonstration,
    promises: row.promises.map(({ currency, due, kept, dueCents, keptCents }) => ({
      due,
      kept,
      dueAmount: moneyOf(dueCents, currency),
      keptAmount: moneyOf(keptCents, currency),
      rate: Math.round((kept / due) * 1000) / 1000,
    })),
  };
}

function contactOf(row: Found['contacts'][number]): z.infer<typeof contact> {
  const { id, name, role, email, mobile, phone, address, language } = row;
  const reasons = {
    email: row.email_invalid,
    mobile: row.mobile_invalid,
    phone: row.phone_invalid,
    address: row.address_invalid,
  };
  const invalid = (Object.entries(reasons) as [keyof typeof reasons, string | null][]).flatMap(
    ([what, reason]) => (reason === null ? [] : [{ what, reason }]),
  );
  return {
    id,
    name,
    role,
    email,
    mobile,
    phone,
    address,
    language,
    invalid,
    optedOutAt: instantOf(row.opted_out_at),
    erasedAt: instantOf(row.erased_at),
  };
}
