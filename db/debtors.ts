import { isDeepStrictEqual } from 'node:util';
import type { Calendar } from '../domain/calendar.ts';
import type { DebtorKind, DebtorView } from '../domain/debtor.ts';
import type { Author, Fact, FactBody } from '../domain/fact.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CivilDate } from '../domain/time.ts';
import { changeNoted } from './audit/debtors-noted.ts';
import { rateNoted } from './audit/terms-noted.ts';
import { dayInZone, zoneOf } from './calendars.ts';
import { debtorViewOf, homeOf } from './debtor-view.ts';
import type { Home } from './debtor-view.ts';
import { DebtorElsewhere } from './debtor-elsewhere.ts';
import type { Desk, InvoiceFile, Recording } from './desk.ts';
import { endInsolvency, openInsolvency } from './insolvencies.ts';
import type { InsolvencyGiven } from './insolvencies.ts';
import { note } from './journal.ts';
import { followJudgment } from './litigation-follow.ts';
import { uuidv7 } from './uuid.ts';

/**
 * What changes about a debtor: his row, his contacts, his holds.
 *
 * Absent means untouched. Contacts are changed by columns, because a bounce, a collector and a file know different ones.
 */
export interface DebtorChange {
  readonly set?: {
    readonly kind?: DebtorKind;
    readonly country?: string;
    readonly language?: string;
    /** Follows the country when that changes and this is absent. */
    readonly zone?: string;
    readonly grade?: string | null;
    readonly name?: string;
    readonly siren?: string;
    readonly vat_number?: string;
    readonly reference?: string;
    readonly electronic_letters_since?: CivilDate | null;
    readonly deposit_required_since?: CivilDate | null;
    readonly penalty_rate_hundredths?: number | null;
    readonly penalty_rates_before?: string;
    readonly guarantee?: string | null;
    readonly guarantee_until?: CivilDate | null;
  };
  readonly contacts?: readonly { readonly contactId: string; readonly set: ContactColumns }[];
  readonly newContacts?: readonly NewContact[];
  readonly newHold?: { readonly holdId: string; readonly reason: string; readonly until: CivilDate | null };
  readonly liftHold?: string;
  /** The day of the judgment; null takes back an insolvency that was recorded by mistake. */
  readonly insolventOn?: CivilDate | null;
  /** What is learnt of an insolvency: its judgment, its publication, whom to write to. */
  readonly insolvency?: InsolvencyGiven;
}

export interface ContactColumns {
  readonly name?: string | null;
  readonly role?: string;
  readonly email?: string | null;
  readonly mobile?: string | null;
  readonly phone?: string | null;
  readonly address?: string[];
  readonly language?: string | null;
  /** Why an address does not work, as a code; null when it does. */
  readonly email_invalid?: string | null;
  readonly mobile_invalid?: string | null;
  readonly phone_invalid?: string | null;
  readonly address_invalid?: string | null;
  readonly opted_out_at?: Date | null;
}

export interface NewContact {
  readonly contactId: string;
  readonly name?: string | null;
  readonly role?: string;
  readonly email?: string | null;
  readonly mobile?: string | null;
  readonly phone?: string | null;
  readonly address?: string[];
  readonly language?: string | null;
}

/** What became of a change: the debtor as decisions see him now, and the facts that his open invoices got. */
export interface DebtorChanged {
  readonly view: DebtorView;
  readonly recorded: readonly { readonly file: InvoiceFile; readonly fact: Fact }[];
}

/**
 * Changes a locked debtor and tells each of his open invoices, in the same transaction.
 *
 * So no decision ever reads a debtor that its log does not know of. One who moves to another country or zone takes his
 * invoices along: they get the holidays and the clock of the new place. A change that decisions do not see (a name)
 * leaves the invoices alone. The debtor's own journal says who changed which columns, and what they are by hashes, never the values.
 */
export async function changeDebtor(
  desk: Desk,
  debtorId: string,
  change: DebtorChange,
  by: Author,
  lane: Recording['lane'] = 'people',
): Promise<DebtorChanged> {
  const { tx } = desk;
  const before = await debtorViewOf(tx, debtorId);
  const home = await homeOf(tx, debtorId);
  const fields = await writeChange(desk, debtorId, withZone(change, home), by);
  if (fields.length > 0) {
    const isRate = fields.includes('penalty_rate_hundredths') || fields.includes('penalty_rates_before');
    const rate = isRate ? { rate: await rateNoted(tx, debtorId) } : {};
    const noted = await changeNoted(tx, debtorId, fields);
    await note(tx, `debtor/${debtorId}`, 'debtorChanged', desk.now, { fields, ...rate, ...noted, by });
  }

  const view = await debtorViewOf(tx, debtorId);
  const calendar = await calendarAfterMove(desk, debtorId, home);
  if (isDeepStrictEqual(before, view) && calendar === null) {
    // What decisions do not see may be what a formal notice lacked: a number, a name.
    if (fields.length > 0) desk.poke(debtorId, lane);
    return { view, recorded: [] };
  }
  const bodies = factsOfChange(before, view);
  const recorded: { file: InvoiceFile; fact: Fact }[] = [];
  for (const file of await desk.openFiles(debtorId)) {
    const lived = file.collection.calendar;
    const isNewThere =
      calendar !== null && (lived.country !== calendar.country || lived.zone !== calendar.zone);
    const moved: readonly FactBody[] = isNewThere ? [{ type: 'calendarExtended', calendar }] : [];
    let fact: Fact | undefined;
    for (const body of [...moved, ...bodies]) fact = await desk.state(file.id, body, by, { lane });
    if (fact) recorded.push({ file, fact });
  }
  if (view.insolventOn !== null && view.insolventOn !== before.insolventOn)
    await followJudgment(desk, debtorId, by);
  // A new address or the end of a hold may open the door for what waits there.
  desk.poke(debtorId, lane);
  return { view, recorded };
}

/** What each open invoice is told of a change that decisions see. */
export function factsOfChange(before: DebtorView, view: DebtorView): readonly FactBody[] {
  if (isDeepStrictEqual(before, view)) return [];
  const { insolventOn } = view;
  const changed: FactBody = { type: 'debtorChanged', debtor: view };
  if (insolventOn === null || insolventOn === before.insolventOn) return [changed];
  const split = view.claimsAreSplit === true ? { claimsAreSplit: true as const } : {};
  const judgment: FactBody = { type: 'debtorInsolvent', judgmentOn: insolventOn, ...split };
  return isDeepStrictEqual({ ...before, insolventOn, ...split }, view) ? [judgment] : [judgment, changed];
}

function withZone(change: DebtorChange, home: Home): DebtorChange {
  const { country, zone } = change.set ?? {};
  if (country === undefined || country === home.country || zone !== undefined) return change;
  return { ...change, set: { ...change.set, zone: zoneOf(country) } };
}

/** The calendar of the place to which he has moved; null when he is where he was. */
async function calendarAfterMove(desk: Desk, debtorId: string, before: Home): Promise<Calendar | null> {
  const { country, zone } = await homeOf(desk.tx, debtorId);
  if (country === before.country && zone === before.zone) return null;
  return desk.house.rules.calendarFrom(desk.tx, country, zone, dayInZone(zone, desk.now));
}

export type HoldAnswer =
  | ({ readonly kind: 'recorded'; readonly holdId: string } & DebtorChanged)
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Places a hold on all that a locked debtor owes or will owe; refused when its last day has passed. */
export async function placeDebtorHold(
  desk: Desk,
  debtorId: string,
  hold: { reason: string; until: CivilDate | null },
  by: Author,
): Promise<HoldAnswer> {
  const today = await todayOf(desk, debtorId);
  if (hold.until !== null && hold.until < today)
    return refused(
      'hold-in-the-past',
      `The hold would have ended on ${hold.until}: give ${today} or a later day, or none.`,
      'until',
    );
  const holdId = uuidv7();
  return {
    kind: 'recorded',
    holdId,
    ...(await changeDebtor(desk, debtorId, { newHold: { holdId, ...hold } }, by)),
  };
}

/** Lifts a hold of a locked debtor; refused when it is not in force. */
export async function liftDebtorHold(
  desk: Desk,
  debtorId: string,
  holdId: string,
  by: Author,
): Promise<HoldAnswer> {
  const row = await desk.tx
    .selectFrom('debtor_hold')
    .select(['until', 'lifted_on'])
    .where('id', '=', holdId)
    .where('debtor_id', '=', debtorId)
    .executeTakeFirst();
  const ended = row !== undefined && row.until !== null && row.until < (await todayOf(desk, debtorId));
  if (!row || row.lifted_on !== null || ended)
    return refused('hold-unknown', 'That hold is not in force: it may have ended or been lifted already.');
  return { kind: 'recorded', holdId, ...(await changeDebtor(desk, debtorId, { liftHold: holdId }, by)) };
}

/** The civil day where the debtor is. */
export async function todayOf(desk: Desk, debtorId: string): Promise<CivilDate> {
  const { zone } = await desk.tx
    .selectFrom('debtor')
    .select('zone')
    .where('id', '=', debtorId)
    .executeTakeFirstOrThrow();
  return dayInZone(zone, desk.now);
}

/** Writes the rows and names the fields that it wrote. */
async function writeChange(
  desk: Desk,
  debtorId: string,
  change: DebtorChange,
  by: Author,
): Promise<readonly string[]> {
  const { tx } = desk;
  const fields: string[] = [];
  const insolventOn = change.insolvency?.judgmentOn ?? change.insolventOn;
  const set = {
    ...change.set,
    ...(insolventOn === undefined ? {} : { insolvent_on: insolventOn }),
  };
  if (change.insolvency) await openInsolvency(desk, debtorId, change.insolvency, by);
  else if (change.insolventOn === null) await endInsolvency(desk, debtorId, by);
  if (Object.keys(set).length > 0) {
    await tx.updateTable('debtor').set(set).where('id', '=', debtorId).execute();
    fields.push(...Object.keys(set));
  }
  for (const { contactId, set: columns } of change.contacts ?? []) {
    if (Object.keys(columns).length === 0) continue;
    const found = await tx
      .updateTable('contact')
      .set(columns)
      .where('id', '=', contactId)
      .where('debtor_id', '=', debtorId)
      .executeTakeFirst();
    // Given to another debtor since somebody looked whose it is: it must not seem to be changed.
    if (found.numUpdatedRows === 0n) throw new DebtorElsewhere(debtorId, 'merged');
    fields.push(...Object.keys(columns).map((column) => `contact/${contactId}/${column}`));
  }
  for (const { contactId, ...columns } of change.newContacts ?? []) {
    await tx
      .insertInto('contact')
      .values({ ...columns, id: contactId, debtor_id: debtorId, created_at: new Date(desk.now) })
      .execute();
    fields.push(`contact/${contactId}`);
  }
  if (change.newHold) {
    const { holdId, reason, until } = change.newHold;
    const row = {
      id: holdId,
      debtor_id: debtorId,
      reason,
      from_day: await todayOf(desk, debtorId),
      until,
      placed_by: by.id,
    };
    await tx.insertInto('debtor_hold').values(row).execute();
    fields.push(`hold/${holdId}`);
  }
  if (change.liftHold) {
    await tx
      .updateTable('debtor_hold')
      .set({ lifted_on: await todayOf(desk, debtorId) })
      .where('id', '=', change.liftHold)
      .execute();
    fields.push(`hold/${change.liftHold}`);
  }
  return fields;
}

function refused(
  code: Refusal['code'],
  message: string,
  field?: string,
): { kind: 'refused'; refusal: Refusal } {
  return { kind: 'refused', refusal: field === undefined ? { code, message } : { code, message, field } };
}
