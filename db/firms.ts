import type { Selectable } from 'kysely';
import { gapsOfMandate } from '../domain/litigation/mandate.ts';
import type { FirmDuties, FirmKind, MandateGap } from '../domain/litigation/mandate.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { note } from './journal.ts';
import type { FirmTable, MandateTable } from './schema.ts';
import { uuidv7 } from './uuid.ts';

export type FirmRow = Selectable<FirmTable>;
export type MandateRow = Selectable<MandateTable>;

/** What may be said of a firm; what is absent stays as it is. */
export interface FirmChange {
  readonly name?: string;
  readonly kind?: FirmKind;
  readonly email?: string | null;
  readonly address?: readonly string[];
  readonly insurer?: string | null;
  readonly insurancePolicy?: string | null;
  readonly insuredUntil?: CivilDate | null;
  readonly fundsIban?: string | null;
  readonly declaredOn?: CivilDate | null;
  readonly ended?: boolean;
}

export interface NewMandate {
  readonly firmId: string;
  /** Null: of every creditor of the house. */
  readonly creditorId: string | null;
  readonly signedOn: CivilDate;
  readonly mayReceive: boolean;
  readonly basis: string | null;
  readonly guarantee: string | null;
  readonly fee: string | null;
  readonly remittance: string | null;
  readonly remitWithinDays: number | null;
}

/**
 * The firms outside the house to whom files are handed: what they are, and what was agreed with them in writing.
 *
 * Several users may come in for one firm, and a firm may have none: an officer who gets his packs by mail. A firm is never
 * deleted, because hand-overs name it; one that has ended gets no file any more.
 */
export async function addFirm(
  tx: Tx,
  now: Instant,
  { name, kind, ended: _never, ...more }: FirmChange & { readonly name: string; readonly kind: FirmKind },
  by: string,
  id: string = uuidv7(),
): Promise<string> {
  await tx
    .insertInto('firm')
    .values({ id, name, kind, ...columnsOf(more), created_at: new Date(now), created_by: by })
    .execute();
  await note(tx, `firm/${id}`, 'firmAdded', now, { kind, by });
  return id;
}

/** Says of a firm what is new; false when it is not here. */
export async function changeFirm(
  tx: Tx,
  now: Instant,
  firmId: string,
  { ended, ...change }: FirmChange,
  by: string,
): Promise<boolean> {
  const firm = await tx
    .selectFrom('firm')
    .selectAll()
    .where('id', '=', firmId)
    .forUpdate()
    .executeTakeFirst();
  if (!firm) return false;
  const end = ended === undefined ? {} : { ended_at: ended ? (firm.ended_at ?? now) : null };
  const set = {
    ...columnsOf(change),
    ...(end.ended_at === undefined ? {} : { ended_at: moment(end.ended_at) }),
  };
  if (Object.keys(set).length === 0) return true;
  await tx.updateTable('firm').set(set).where('id', '=', firmId).execute();
  await note(tx, `firm/${firmId}`, 'firmChanged', now, { fields: Object.keys(set).sort(), by });
  return true;
}

/** Records what was agreed with a firm in writing; it takes the place of what was agreed before with the same parties. */
export async function addMandate(tx: Tx, now: Instant, given: NewMandate, by: string): Promise<string> {
  const id = uuidv7();
  const { firmId, creditorId, signedOn } = given;
  await tx
    .updateTable('mandate')
    .set({ ended_on: signedOn })
    .where('firm_id', '=', firmId)
    .where('creditor_id', creditorId === null ? 'is' : '=', creditorId)
    .where('ended_on', 'is', null)
    .execute();
  await tx
    .insertInto('mandate')
    .values({
      id,
      firm_id: firmId,
      creditor_id: creditorId,
      signed_on: signedOn,
      may_receive: given.mayReceive,
      basis: given.basis,
      guarantee: given.guarantee,
      fee: given.fee,
      remittance: given.remittance,
      remit_within_days: given.remitWithinDays,
      recorded_at: new Date(now),
      recorded_by: by,
    })
    .execute();
  await note(tx, `firm/${firmId}`, 'mandateRecorded', now, { mandateId: id, creditorId, signedOn, by });
  return id;
}

/** A firm that still takes files; no hand-over sees it end meanwhile. */
export async function workingFirm(tx: Tx, firmId: string): Promise<FirmRow | undefined> {
  return tx
    .selectFrom('firm')
    .selectAll()
    .where('id', '=', firmId)
    .where('ended_at', 'is', null)
    .forShare()
    .executeTakeFirst();
}

/** What was agreed with a firm for a creditor: with him alone before what holds for the whole house. */
export async function mandateOf(
  db: Db | Tx,
  firmId: string,
  creditorId: string,
): Promise<MandateRow | undefined> {
  const rows = await db
    .selectFrom('mandate')
    .selectAll()
    .where('firm_id', '=', firmId)
    .where('ended_on', 'is', null)
    .where((row) => row.or([row('creditor_id', '=', creditorId), row('creditor_id', 'is', null)]))
    .orderBy('recorded_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.find((row) => row.creditor_id !== null) ?? rows[0];
}

/** What is missing before the firm may collect for the creditor. */
export async function gapsOf(
  db: Db | Tx,
  firm: FirmRow,
  creditorId: string,
  on: CivilDate,
): Promise<readonly MandateGap[]> {
  const row = await mandateOf(db, firm.id, creditorId);
  const mandate = row ? { ...row, signedOn: row.signed_on, mayReceive: row.may_receive } : null;
  return gapsOfMandate(dutiesOf(firm), mandate, on);
}

export function dutiesOf(firm: FirmRow): FirmDuties {
  return {
    kind: firm.kind,
    insurer: firm.insurer,
    insurancePolicy: firm.insurance_policy,
    insuredUntil: firm.insured_until,
    fundsIban: firm.funds_iban,
    declaredOn: firm.declared_on,
  };
}

/** All firms by name, with what is agreed with them. */
export async function listFirms(
  db: Db | Tx,
): Promise<readonly (FirmRow & { readonly mandates: readonly MandateRow[] })[]> {
  const firms = await db.selectFrom('firm').selectAll().orderBy('name').orderBy('id').execute();
  const mandates = await db.selectFrom('mandate').selectAll().orderBy('id').execute();
  return firms.map((firm) => ({ ...firm, mandates: mandates.filter(({ firm_id: of }) => of === firm.id) }));
}

/** Whether anybody but the user comes in for his firm. */
export async function hasColleague(tx: Tx, userId: string, firmId: string): Promise<boolean> {
  const found = await tx
    .selectFrom('app_user')
    .select('id')
    .where('firm_id', '=', firmId)
    .where('role', '=', 'external_firm')
    .where('disabled_at', 'is', null)
    .where('id', '<>', userId)
    .forShare()
    .executeTakeFirst();
  return found !== undefined;
}

function columnsOf(change: Omit<FirmChange, 'ended'>) {
  const { insurancePolicy, insuredUntil, fundsIban, declaredOn, address, ...same } = change;
  return {
    ...same,
    ...(address === undefined ? {} : { address: [...address] }),
    ...(insurancePolicy === undefined ? {} : { insurance_policy: insurancePolicy }),
    ...(insuredUntil === undefined ? {} : { insured_until: insuredUntil }),
    ...(fundsIban === undefined ? {} : { funds_iban: fundsIban }),
    ...(declaredOn === undefined ? {} : { declared_on: declaredOn }),
  };
}

function moment(at: Instant | null): Date | null {
  return at === null ? null : new Date(at);
}
