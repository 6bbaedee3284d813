import { z } from 'zod';
import type { readAroundInvoice, InvoiceInList } from '../db/invoice-reads.ts';
import { askedCentsOf, contestedCentsOf } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import { dayAt } from '../domain/calendar.ts';
import type { LifeAhead } from '../domain/life-ahead.ts';
import type { Language } from '../domain/message.ts';
import { stepName } from '../domain/scenario.ts';
import { daysBetween } from '../domain/time.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import { foreseenSentence } from './reasons.ts';
import { reasonsOf } from './recorded.ts';
import { instant, instantOf, level, money, moneyOf, named, reason } from './shapes.ts';
import { messageInWords } from './words.ts';

/** How an invoice looks in a list, and what else is told of the one that is opened. */
export const invoiceInList = z
  .object({
    id: z.string(),
    number: z.string(),
    term: z.int(),
    creditor: z.object({ id: z.string(), name: z.string() }),
    debtor: z.object({ id: z.string(), name: z.string() }),
    issueDate: z.string().nullable(),
    dueDate: z.string(),
    daysLate: z.int().describe('Days since the due date; below zero: not due yet.'),
    amount: money,
    balance: money,
    state: z.string(),
    level: level.nullable(),
    open: z.boolean(),
    wakeAt: instant.nullable().describe('When it is decided again if nothing happens.'),
    orderNumber: z.string().nullable(),
    collector: z.string().nullable(),
    salesOwner: z.string().nullable(),
    flags: z.array(z.string()),
  })
  .meta({ id: 'InvoiceInList' });

export function invoiceInListOf(row: InvoiceInList, today: CivilDate): z.infer<typeof invoiceInList> {
  const {
    creditorId,
    creditorName,
    debtorId,
    debtorName,
    currency,
    amountCents,
    balanceCents,
    wakeAt,
    flags,
    ...same
  } = row;
  return {
    ...same,
    creditor: { id: creditorId, name: creditorName },
    debtor: { id: debtorId, name: debtorName },
    daysLate: daysBetween(row.dueDate, today),
    amount: moneyOf(amountCents, currency),
    balance: moneyOf(balanceCents, currency),
    wakeAt: instantOf(wakeAt),
    flags: [...flags],
  };
}

const hold = z.object({
  id: z.string(),
  on: z.enum(['invoice', 'debtor', 'creditor', 'everything']),
  reason: z.string(),
  until: z.string().nullable(),
  placedBy: z.string(),
  inForce: z.boolean(),
  stop: z
    .boolean()
    .describe('Whether it stands at the door: a stop, which POST /v1/stops/{stopId}/lift lifts.'),
});
const discount = z.object({
  id: z.string().describe('That of its hold: lifting it takes the offer back.'),
  state: z.enum(['open', 'taken', 'lapsed', 'withdrawn', 'overtaken']),
  pay: money.describe('What settles the invoice, paid in time.'),
  discount: money,
  payBy: z.string(),
  offeredAt: instant,
});
const dispute = z.object({
  id: z.string(),
  contested: money,
  reason: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  openedAt: instant,
  resolvedAt: instant.nullable(),
  assignedTo: z.string().nullable().describe('The resolver who has it.'),
});
const promise = z.object({
  id: z.string(),
  amount: money,
  received: money,
  promisedOn: z.string(),
  state: z.string(),
  madeAt: instant,
});
const task = z.object({ id: z.string(), kind: z.string(), about: z.string().nullable(), dueOn: z.string() });
const request = z.object({
  id: z.string(),
  step: z.string(),
  stepName: named,
  occurrence: z.int(),
  level,
  channel: z.string(),
  mode: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  deferredUntil: instant.nullable(),
  askedAt: instant,
});

export const stepTaken = z.object({
  step: z.string(),
  stepName: named,
  occurrence: z.int(),
  state: z.string(),
  channel: z.string(),
  on: z.string().nullable(),
  at: instant,
});

/** What stands around an invoice, in the `GET` of the one. */
export const aroundInvoice = z.object({
  asked: money.describe('The balance less what is contested.'),
  contested: money,
  scenario: z.object({ id: z.string(), name: z.string() }),
  paidBy: z.string(),
  factored: z.boolean(),
  knownOn: z.string(),
  facts: z.int().describe('The number of the last fact.'),
  steps: z.array(stepTaken),
  holds: z.array(hold),
  discounts: z.array(discount),
  disputes: z.array(dispute),
  promises: z.array(promise),
  tasks: z.array(task),
  requests: z.array(request).describe('What was asked of the door.'),
  handOver: z
    .object({ firm: z.object({ id: z.string(), name: z.string() }), since: instant })
    .nullable()
    .describe('The external firm that has the file.'),
});

export function aroundInvoiceOf(
  collection: Collection,
  around: Awaited<ReturnType<typeof readAroundInvoice>>,
  language: Language,
  now: Instant,
): z.infer<typeof aroundInvoice> {
  const { currency, scenario, calendar } = collection;
  const today = dayAt(calendar, now);
  return {
    asked: moneyOf(askedCentsOf(collection), currency),
    contested: moneyOf(contestedCentsOf(collection), currency),
    scenario: { id: scenario.id, name: scenario.name[language] },
    paidBy: collection.paidBy,
    factored: collection.factored,
    knownOn: collection.knownOn,
    facts: collection.fact,
    steps: collection.steps.map(({ step, occurrence, state, channel, on, at }) => ({
      step,
      stepName: stepName(scenario, step, language),
      occurrence,
      state,
      channel,
      on,
      at: instantOf(at),
    })),
    holds: [
      ...around.holds.map((row) => ({
        id: row.id,
        on: 'invoice' as const,
        reason: row.reason,
        until: row.until,
        placedBy: row.placed_by,
        inForce: row.lifted_at === null && (row.until ?? today) >= today,
        stop: false,
      })),
      ...around.debtorHolds.map((row) => ({
        id: row.id,
        on: 'debtor' as const,
        reason: row.reason,
        until: row.until,
        placedBy: row.placed_by,
        inForce: row.lifted_on === null && (row.until ?? today) >= today,
        stop: false,
      })),
      ...around.stops.map((row) => ({
        id: row.id,
        on: row.scope,
        reason: row.reason,
        until: row.until,
        placedBy: row.placedBy,
        inForce: true,
        stop: true,
      })),
      ...heldAtEntry(collection, around, today),
    ],
    discounts: around.discounts.map((row) => ({
      id: row.id,
      state: row.state,
      pay: moneyOf(row.pay_cents, currency),
      discount: moneyOf(row.discount_cents, currency),
      payBy: row.pay_by,
      offeredAt: instantOf(row.offered_at),
    })),
    disputes: around.disputes.map((row) => ({
      id: row.id,
      contested: moneyOf(row.contested_cents, currency),
      reason: row.reason,
      state: row.state,
      outcome: row.outcome,
      openedAt: instantOf(row.opened_at),
      resolvedAt: instantOf(row.resolved_at),
      assignedTo: row.assigned_to,
    })),
    promises: around.promises.map((row) => ({
      id: row.id,
      amount: moneyOf(row.amount_cents, currency),
      received: moneyOf(row.received_cents, currency),
      promisedOn: row.promised_on,
      state: row.state,
      madeAt: instantOf(row.made_at),
    })),
    tasks: around.tasks.map((row) => ({ id: row.id, kind: row.kind, about: row.about, dueOn: row.due_on })),
    requests: around.requests.map((row) => ({
      id: row.id,
      step: row.step,
      stepName: stepName(scenario, row.step, language),
      occurrence: row.occurrence,
      level: row.level,
      channel: row.channel,
      mode: row.mode,
      state: row.state,
      reason: row.reason,
      deferredUntil: instantOf(row.deferred_until),
      askedAt: instantOf(row.asked_at),
    })),
    handOver: around.handOver
      ? { firm: { ...around.handOver.firm }, since: instantOf(around.handOver.since) }
      : null,
  };
}

/** Holds that came with the registration stand in the file alone, as long as no table lists them. */
function heldAtEntry(
  collection: Collection,
  around: Awaited<ReturnType<typeof readAroundInvoice>>,
  today: CivilDate,
): z.infer<typeof hold>[] {
  const listed = new Set(around.holds.map((row) => row.id));
  return collection.holds
    .filter(({ holdId }) => !listed.has(holdId))
    .map(({ holdId, reason: why, until }) => ({
      id: holdId,
      on: 'invoice' as const,
      reason: why,
      until,
      placedBy: 'import',
      inForce: (until ?? today) >= today,
      stop: false,
    }));
}

/** The steps to come if nobody answers. */
export const lifeAhead = z.object({
  steps: z.array(
    z.object({
      step: z.string(),
      stepName: named,
      level,
      channel: z.string(),
      mode: z.string(),
      at: instant,
      text: z.string(),
    }),
  ),
  then: z.array(reason).describe('Why the life goes no further: its end, or what it would wait for.'),
});

export function lifeAheadOf(
  collection: Collection,
  ahead: LifeAhead,
  language: Language,
): z.infer<typeof lifeAhead> {
  return {
    steps: ahead.steps.map((step) => ({
      ...step,
      stepName: stepName(collection.scenario, step.step, language),
      at: instantOf(step.at),
      text: messageInWords(step, language),
    })),
    then: reasonsOf(collection, ahead.then, language, foreseenSentence),
  };
}
