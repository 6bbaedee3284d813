import { createHash } from 'node:crypto';
import { dayInZone } from '../../db/calendars.ts';
import type { InvoiceRow } from '../../db/door-rows.ts';
import type { DoorRecords } from '../../db/door.ts';
import { sha256Of } from '../../db/sha256.ts';
import { askingOf } from '../../domain/claim/asked.ts';
import { askedCentsOf, contestedCentsOf } from '../../domain/collection.ts';
import type { Collection } from '../../domain/collection.ts';
import { addressFor } from '../../domain/contact.ts';
import type { DebtorKind } from '../../domain/debtor.ts';
import { MissingLawValue } from '../../domain/law/law-value.ts';
import { regimeOf } from '../../domain/law/regime.ts';
import { totalsOf } from '../../domain/message.ts';
import type { DebtorTemplateKey, InvoiceLine, LineClaim, MessageFigures } from '../../domain/message.ts';
import { creditorReference } from '../../domain/payment-reference.ts';
import type { Group } from '../../domain/plan-contacts.ts';
import { mayBeListed } from '../../domain/silence.ts';
import { remindedOn } from '../../domain/schedule.ts';
import { daysBetween, latestDay } from '../../domain/time.ts';
import type { CivilDate } from '../../domain/time.ts';

/** What a message is about: who, to whom, and which invoices take their step with it. */
export type Occasion = Pick<
  Group,
  'creditorId' | 'contactId' | 'channel' | 'language' | 'level' | 'template'
> & { readonly taking: ReadonlySet<string> };

/** The occasion of a group at the door: it is about the invoices whose requests it holds. */
export function occasionOf(group: Group): Occasion {
  return { ...group, taking: new Set(group.requests.map((request) => request.invoiceId)) };
}

/** The figures of one message, and the invoices of its lines in the same order. */
export interface Figures {
  readonly figures: MessageFigures;
  readonly invoices: readonly { readonly row: InvoiceRow; readonly collection: Collection }[];
}

/**
 * Gathers what a message states, from the records that were read under the lock or just before it.
 *
 * It lists the open invoices of that creditor, those that take their step first, but none that a factor or the bank
 * collects or that is held back; a formal notice lists only invoices that are at that level. Amounts come from the Collections, hence from the ledger: no message has sums of its own (C6).
 */
export function figuresFor(records: DoorRecords, occasion: Occasion): Figures {
  const { debtor, contacts, creditors, view } = records;
  const creditor = creditors.find((candidate) => candidate.id === occasion.creditorId);
  const contact = contacts.find((candidate) => candidate.id === occasion.contactId);
  const domainContact = view.contacts.find((candidate) => candidate.contactId === occasion.contactId);
  if (!creditor || !contact || !domainContact)
    throw new Error(`debtor ${debtor.id} has no creditor or contact for the message`);

  const today = dayInZone(creditor.zone, view.now);
  const own = records.invoices.filter(
    ({ row, collection }) => row.creditor_id === creditor.id && collection.balanceCents > 0,
  );
  const taking = own.filter(({ row }) => occasion.taking.has(row.id));
  const others =
    occasion.level === 'formal_notice'
      ? []
      : own.filter(
          ({ row, collection }) => !occasion.taking.has(row.id) && mayBeListed(collection, view.now),
        );
  const invoices = [...taking, ...others];
  const lines = invoices.map(({ row, collection }): InvoiceLine => {
    const stepTaken = occasion.taking.has(row.id);
    const claim = stepTaken ? claimOn(records, collection, occasion) : undefined;
    return { ...lineOf(row, collection, today, stepTaken), ...(claim ? { claim } : {}) };
  });
  const credits = records.credits
    .filter((credit) => credit.creditorId === creditor.id)
    .map((credit) => ({ currency: credit.currency, cents: credit.creditCents }));
  const address = addressFor(domainContact, 'letter');
  const reminders = taking.map(({ collection }) => remindedOn(collection, view.now));
  const noticeDays = taking[0]?.collection.scenario.bounds.noticeAnswerDays;

  const kind = debtor.kind as DebtorKind;
  const figures: MessageFigures = {
    creditor: creditorIn(creditor),
    debtor: {
      name: debtor.name,
      ...(debtor.siren ? { siren: debtor.siren } : {}),
      addressLines: address ? address.split('\n') : [],
      country: debtor.country,
      kind,
    },
    contact: {
      ...(contact.name ? { name: contact.name } : {}),
      ...(contact.email ? { email: contact.email } : {}),
      ...((contact.phone ?? contact.mobile) ? { phone: (contact.phone ?? contact.mobile) as string } : {}),
    },
    language: occasion.language,
    level: occasion.level,
    channel: occasion.channel,
    template: occasion.template as DebtorTemplateKey,
    today,
    lines,
    totals: totalsOf(lines, credits),
    paymentReference: paymentReferenceOf(debtor.id, creditor.id),
    ...lastReminderOf(reminders),
    ...(occasion.level === 'formal_notice'
      ? {
          regime: regimeOf(creditor.country, { kind, country: debtor.country }),
          ...indemnityIn(records, taking),
        }
      : {}),
    ...(occasion.level === 'formal_notice' && noticeDays !== undefined ? { noticeDays } : {}),
  };
  return { figures, invoices };
}

/** That of the claims themselves, whether or not the message asks for it. */
function indemnityIn(
  { claims }: DoorRecords,
  taking: readonly { readonly row: InvoiceRow }[],
): Pick<MessageFigures, 'indemnityCents'> {
  for (const { row } of taking) {
    const claim = claims.get(row.id);
    if (claim && !(claim instanceof MissingLawValue) && claim.penalties.lumpSum.cents > 0)
      return { indemnityCents: claim.penalties.lumpSum.cents };
  }
  return {};
}

/** Who a message comes from. */
export function creditorIn(creditor: DoorRecords['creditors'][number]): MessageFigures['creditor'] {
  return {
    legalName: creditor.legal_name ?? '',
    ...(creditor.siren ? { siren: creditor.siren } : {}),
    ...(creditor.vat_number ? { vatNumber: creditor.vat_number } : {}),
    ...(creditor.registration ? { registration: creditor.registration } : {}),
    addressLines: creditor.address,
    iban: creditor.iban ?? '',
    ...(creditor.bic ? { bic: creditor.bic } : {}),
    senderName: creditor.sender_name ?? '',
    replyTo: creditor.reply_to ?? '',
    ...(creditor.phone ? { phone: creditor.phone } : {}),
  };
}

/** The day that "despite our reminder of" may name: only when each invoice asked for had one. */
function lastReminderOf(days: readonly (CivilDate | null)[]): Pick<MessageFigures, 'lastReminderOn'> {
  const known = days.filter((day) => day !== null);
  if (known.length === 0 || known.length < days.length) return {};
  return { lastReminderOn: known.reduce((last, day) => latestDay(last, day)) };
}

/**
 * What the message asks for the invoice beside its price; undefined when nothing.
 *
 * Throws `MissingLawValue` when that cannot be worked out: the door keeps such a request, so nothing is asked in part.
 */
function claimOn(
  { claims }: DoorRecords,
  { invoiceId, scenario }: Collection,
  { level, channel }: Occasion,
): LineClaim | undefined {
  const asking = askingOf(scenario, level, channel);
  const claim = claims.get(invoiceId);
  if (claim instanceof MissingLawValue) throw claim;
  if (!claim || (!asking.interest && !asking.lumpSum)) return undefined;
  const { interestDueCents, interestPaidCents, perDayCents, lines, lumpSum } = claim.penalties;
  const interest = {
    cents: interestDueCents,
    paidCents: interestPaidCents,
    perDayCents,
    periods: lines.map(({ from, to, days, yearDays, baseCents, rate, cents }) => ({
      ...{ from, to, days, yearDays, baseCents, cents },
      hundredths: rate.hundredths,
    })),
  };
  return {
    interest: asking.interest && interest.periods.length > 0 ? interest : null,
    lumpSumCents: asking.lumpSum && lumpSum.cents > 0 ? lumpSum.cents : null,
  };
}

/**
 * The figures as a fingerprint, without what grows by itself from day to day: what a person approved, and may still
 * leave. Interest is such; that it is asked for is not.
 */
export function digestOf(figures: MessageFigures): string {
  const { today: _today, freeText: _freeText, indemnityCents: _ofTheLaw, lines, ...rest } = figures;
  const timeless = {
    ...rest,
    totals: rest.totals.map(({ beside, ...total }) => ({
      ...total,
      ...(beside ? { lumpSumCents: beside.lumpSumCents } : {}),
    })),
    lines: lines.map(({ daysLate: _daysLate, claim, ...line }) => ({
      ...line,
      ...(claim ? { asks: [claim.interest !== null, claim.lumpSumCents] } : {}),
    })),
  };
  // Whether a line is overdue is no matter of days alone: it changes the totals, which are in.
  return sha256Of(JSON.stringify(timeless));
}

/** The reference that leads a transfer back to the debtor's account with this creditor. */
export function paymentReferenceOf(debtorId: string, creditorId: string): string {
  const account = createHash('sha256').update(`${debtorId}/${creditorId}`).digest();
  return creditorReference(account.readBigUInt64BE().toString(36).slice(0, 10));
}

function lineOf(row: InvoiceRow, collection: Collection, today: CivilDate, stepTaken: boolean): InvoiceLine {
  return {
    number: row.number,
    term: row.term,
    ...(row.issue_date ? { issueDate: row.issue_date } : {}),
    dueDate: row.due_date,
    ...(row.order_number ? { orderNumber: row.order_number } : {}),
    amountCents: collection.amountCents,
    balanceCents: collection.balanceCents,
    contestedCents: contestedCentsOf(collection),
    askedCents: askedCentsOf(collection),
    currency: collection.currency,
    daysLate: daysBetween(row.due_date, today),
    stepTaken,
  };
}
