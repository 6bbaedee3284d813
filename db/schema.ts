import type { ColumnType, Generated, JSONColumnType, RawBuilder } from 'kysely';
import type { Area } from '../domain/area.ts';
import type { Stage } from '../domain/dispute/ladder.ts';
import type { DisputeOutcome } from '../domain/dispute/outcome.ts';
import type { Channel, Language } from '../domain/message.ts';
import type { RateBefore } from '../domain/law/agreed-rate.ts';
import type { DayBase } from '../domain/law/exact-interest.ts';
import type { LawCode } from '../domain/law/law-code.ts';
import type { Sector } from '../domain/law/limitation-term.ts';
import type { InsurerNoticeKind } from '../domain/law/insurer-dates.ts';
import type { Destination } from '../domain/law/interest-run.ts';
import type { CreditNotesCount } from '../domain/law/movement.ts';
import type { Went } from '../domain/law/penalties.ts';
import type { Level } from '../domain/level.ts';
import type { Route } from '../domain/law/route.ts';
import type { HandedPiece } from '../domain/litigation/readiness.ts';
import type { FirmKind } from '../domain/litigation/mandate.ts';
import type { LitigationOutcome } from '../domain/litigation/outcome.ts';
import type { DiscountEnd } from '../domain/discount/next-of-discount.ts';
import type { MatterKind } from '../domain/matter.ts';
import type { PlanOutcome } from '../domain/fact.ts';
import type { PartState } from '../domain/promise/whole-promise.ts';
import type { Role } from '../domain/role.ts';
import type { CivilDate, Instant } from '../domain/time.ts';

/**
 * The tables as Kysely sees them, family by family; `migrations/` creates them.
 *
 * Instants come back as numbers and days as text (see `database.ts`); an instant is written as a `Date`.
 */
export interface Schema {
  app_user: UserTable;
  api_key: ApiKeyTable;
  setting: SettingTable;
  law_value: LawValueTable;
  scenario_version: ScenarioVersionTable;
  calendar: CalendarTable;
  creditor: CreditorTable;
  debtor: DebtorTable;
  debtor_key: DebtorKeyTable;
  merge: MergeTable;
  merge_row: MergeRowTable;
  merge_credit: MergeCreditTable;
  matter: MatterTable;
  contact: ContactTable;
  debtor_hold: DebtorHoldTable;
  invoice: InvoiceTable;
  payment: PaymentTable;
  credit_note: CreditNoteTable;
  ledger_entry: LedgerEntryTable;
  accessory: AccessoryTable;
  promise: PromiseTable;
  bank_data: BankDataTable;
  plan: PlanTable;
  insolvency: InsolvencyTable;
  claim_declaration: ClaimDeclarationTable;
  declared_claim: DeclaredClaimTable;
  insurer_notice: InsurerNoticeTable;
  limitation_event: LimitationEventTable;
  insurance_policy: InsurancePolicyTable;
  plan_invoice: PlanInvoiceTable;
  plan_instalment: PlanInstalmentTable;
  discount_offer: DiscountOfferTable;
  discount_word: DiscountWordTable;
  dispute: DisputeTable;
  dispute_message: DisputeMessageTable;
  dispute_document: DisputeDocumentTable;
  dispute_reason: DisputeReasonTable;
  firm: FirmTable;
  mandate: MandateTable;
  hand_over: HandOverTable;
  litigation: LitigationTable;
  litigation_invoice: LitigationInvoiceTable;
  litigation_piece: LitigationPieceTable;
  litigation_entry: LitigationEntryTable;
  invoice_hold: InvoiceHoldTable;
  contact_request: ContactRequestTable;
  document: DocumentTable;
  message: MessageTable;
  message_line: MessageLineTable;
  message_part: MessagePartTable;
  message_paper: MessagePaperTable;
  person_key: PersonKeyTable;
  contact_formerly: ContactFormerlyTable;
  erased_mark: ErasedMarkTable;
  task: TaskTable;
  task_invoice: TaskInvoiceTable;
  approval: ApprovalTable;
  approval_invoice: ApprovalInvoiceTable;
  stop: StopTable;
  journal: JournalTable;
  anchor: AnchorTable;
  private_text: PrivateTextTable;
  outbox: OutboxTable;
  import: ImportTable;
  import_row: ImportRowTable;
  idempotency: IdempotencyTable;
  provider_event: ProviderEventTable;
  account_pace: AccountPaceTable;
  session: SessionTable;
  known_browser: KnownBrowserTable;
  invitation: InvitationTable;
  login_failure: LoginFailureTable;
  oidc_attempt: OidcAttemptTable;
  snapshot: SnapshotTable;
  snapshot_page: SnapshotPageTable;
  archived_run: ArchivedRunTable;
  archived_object: ArchivedObjectTable;
  archive_mark: ArchiveMarkTable;
}

type At = ColumnType<Instant, Date, Date>;
type MaybeAt = ColumnType<Instant | null, Date | null | undefined, Date | null>;
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;
type Json<T extends object> = JSONColumnType<T, string, string>;
type MaybeJson<T extends object> = ColumnType<T | null, string | null | undefined, string | null>;

export interface UserTable {
  id: string;
  name: string;
  email: Maybe<string>;
  role: Role;
  language: Generated<Language>;
  /** Of a collector: whether he sees all files, or those alone that name him. */
  portfolio: Generated<'all' | 'own'>;
  /** For which external firm he comes in; null for everybody else. */
  firm_id: Maybe<string>;
  created_at: At;
  disabled_at: MaybeAt;
  /** Argon2id with its parameters; null: no password opens for him. */
  password_hash: Maybe<string>;
  password_set_at: MaybeAt;
  /** Sealed (`api/login/seal.ts`); it counts from `totp_confirmed_at`. */
  totp_secret: Maybe<string>;
  totp_confirmed_at: MaybeAt;
  totp_step_used: Maybe<number>;
  /** SHA-256 of each that was not used yet. */
  recovery_codes: Generated<Buffer[]>;
  oidc_issuer: Maybe<string>;
  oidc_subject: Maybe<string>;
  /** Of what the journal knows of his name. */
  noted_salt: Generated<string>;
}

export interface ApiKeyTable {
  hash: Buffer;
  user_id: string;
  prefix: string;
  created_at: At;
  revoked_at: MaybeAt;
  name: Maybe<string>;
  /** Null: all that the role of its user may do. */
  areas: Maybe<Area[]>;
  /** Who could have kept it: its issuer, and whoever issued the key by which it was issued. */
  hands: Generated<string[]>;
  /** These two by the machine's time. */
  expires_at: MaybeAt;
  last_used_at: MaybeAt;
}

export interface SettingTable {
  one: Generated<boolean>;
  clock_origin: At;
  clock_anchor: At;
  speed: number;
  contacts_per_day: Generated<number>;
  contacts_per_week: Generated<number>;
  gap_days_min: Generated<number>;
  restart_per_hour: Generated<number>;
  four_eyes: Generated<boolean>;
  /** Of this house alone; what text messages were sent to is found again by it. */
  address_secret: Generated<Buffer>;
}

/** A value of the law that somebody added; rows are never changed. */
export interface LawValueTable {
  id: Generated<number>;
  code: LawCode;
  from_day: CivilDate;
  to_day: Maybe<CivilDate>;
  value: number;
  source: string;
  sourced: boolean;
  lawyer_validated: boolean;
  added_at: At;
  added_by: string;
}

export interface ScenarioVersionTable {
  id: string;
  rank: number;
  content: Json<object>;
  checksum: string;
  published_at: Generated<Instant>;
}

export interface CalendarTable {
  id: string;
  content: Json<object>;
}

export interface CreditorTable {
  id: string;
  key: string;
  legal_name: Maybe<string>;
  siren: Maybe<string>;
  vat_number: Maybe<string>;
  /** As on its letters: `RCS Lyon, SAS au capital de 50 000 €`. */
  registration: Maybe<string>;
  address: Generated<string[]>;
  country: Generated<string>;
  iban: Maybe<string>;
  bic: Maybe<string>;
  sender_name: Maybe<string>;
  reply_to: Maybe<string>;
  phone: Maybe<string>;
  language: Generated<string>;
  zone: Generated<string>;
  currency: Generated<string>;
  demonstration: Generated<boolean>;
  /** Which account carries its mails and its text messages; null for the installation's default. */
  mail_account: Maybe<string>;
  sms_account: Maybe<string>;
  created_at: At;
  /** Working days after a promised day; null: the scenario's. */
  promise_grace_days: Maybe<number>;
  promise_tolerance_cents: Generated<number>;
  /** Working days that its bank data may be old; null: they are not watched. */
  bank_data_days_max: Maybe<number>;
  /** Agreed with its customers, in hundredths of a percent per year; null: the rate of the law. */
  penalty_rate_hundredths: Maybe<number>;
  /** Agreed for earlier days. */
  penalty_rates_before: ColumnType<readonly RateBefore[], string | undefined, string>;
  day_base: Generated<DayBase>;
  credit_notes_count: Generated<CreditNotesCount>;
  payments_go_to: Generated<Destination>;
  /** Where they went before it was changed. */
  payments_went_to: ColumnType<readonly Went[], string | undefined, string>;
  /** A remainder below it is shown and not chased. */
  small_difference_cents: Generated<number>;
  /** What becomes of penalties that were claimed and are not paid when the price is. */
  accessories: Generated<'pursued' | 'waived'>;
  /** A natural person outside business, whose legal rate is another one. */
  is_individual: Generated<boolean>;
  /** What it sells, as far as the law limits its claims more shortly. */
  sector: Maybe<Exclude<Sector, null>>;
  /** Outside metropolitan France. */
  established_abroad: Generated<boolean>;
}

export interface DebtorTable {
  id: string;
  key: string;
  name: string;
  siren: Maybe<string>;
  vat_number: Maybe<string>;
  reference: Maybe<string>;
  kind: Generated<string>;
  country: Generated<string>;
  language: Generated<string>;
  zone: Generated<string>;
  grade: Maybe<string>;
  insolvent_on: Maybe<CivilDate>;
  demonstration: Generated<boolean>;
  /** When the debtor's door should be looked at next; the sweep's safety net. */
  look_at: MaybeAt;
  swept_at: MaybeAt;
  created_at: At;
  /** Since when he agrees to registered letters by electronic way; of professionals it is presumed. */
  electronic_letters_since: Maybe<CivilDate>;
  /** Since when he pays before he is served. */
  deposit_required_since: Maybe<CivilDate>;
  /** What secures what he owes, in words, and the last day on which it may be called. */
  guarantee: Maybe<string>;
  guarantee_until: Maybe<CivilDate>;
  /** Agreed with him, in hundredths of a percent per year; null: what his creditors have agreed with all. */
  penalty_rate_hundredths: Maybe<number>;
  /** Agreed for earlier days. */
  penalty_rates_before: ColumnType<readonly RateBefore[], string | undefined, string>;
  /** The debtor with whom he was merged, who has all that was his; null for whoever stands for himself. */
  merged_into: Maybe<string>;
  /** Of what the journal knows of him. */
  noted_salt: Generated<string>;
}

/** Two rows of one company made one. */
export interface MergeTable {
  id: string;
  gone_id: string;
  into_id: string;
  merged_at: At;
  merged_by: string;
  /** What the one who stays learnt of the other, and gives back. */
  learnt: Json<object>;
  undone_at: MaybeAt;
  undone_by: Maybe<string>;
}

/** One row that came with a merge, and goes back with it. */
export interface MergeRowTable {
  merge_id: string;
  /** The table. */
  place: string;
  row_id: string;
}

/** What stood to the account of the one who went, by what it came from. */
export interface MergeCreditTable {
  merge_id: string;
  creditor_id: string;
  currency: string;
  kind: LedgerKind;
  payment_id: Maybe<string>;
  credit_note_id: Maybe<string>;
  /** Negative as a credit, positive as what accessories took of it. */
  cents: number;
}

export interface InsolvencyTable {
  id: string;
  debtor_id: string;
  judgment_on: CivilDate;
  kind: Maybe<'safeguard' | 'receivership' | 'liquidation'>;
  /** Of its publication in the BODACC, from which the terms run. */
  published_on: Maybe<CivilDate>;
  administrator: Maybe<string>;
  court: Maybe<string>;
  recorded_at: At;
  recorded_by: string;
  ended_at: MaybeAt;
  ended_by: Maybe<string>;
}

export interface ClaimDeclarationTable {
  insolvency_id: string;
  creditor_id: string;
  warned_clock: Maybe<string>;
  warned_for: Maybe<CivilDate>;
}

export interface DeclaredClaimTable {
  id: string;
  insolvency_id: string;
  invoice_id: string;
  creditor_id: string;
  sent_on: CivilDate;
  sent_by: string;
  principal_cents: number;
  /** Null: not known on that day. */
  interest_cents: Maybe<number>;
  lump_sum_cents: Maybe<number>;
}

export interface InsurerNoticeTable {
  id: string;
  invoice_id: string;
  kind: InsurerNoticeKind;
  on_day: CivilDate;
  document_id: Maybe<string>;
  reference: Maybe<string>;
  said_at: At;
  said_by: string;
}

export interface LimitationEventTable {
  id: string;
  invoice_id: string;
  kind: string;
  way: Maybe<string>;
  on_day: CivilDate;
  until_day: Maybe<CivilDate>;
  document_id: Maybe<string>;
  reference: Maybe<string>;
  stated_at: At;
  stated_by: string;
}

export interface InsurancePolicyTable {
  id: string;
  creditor_id: string;
  number: string;
  overdue_notice_days: Maybe<number>;
  intervention_days: Maybe<number>;
  extension_days: Maybe<number>;
  insolvency_notice_days: Maybe<number>;
  indemnity_days: Maybe<number>;
  added_at: At;
  added_by: string;
  ended_at: MaybeAt;
}

export interface MatterTable {
  id: string;
  kind: MatterKind;
  /** Null for a stop. */
  debtor_id: Maybe<string>;
  /** When its workflow should look at it next; the sweep's safety net. */
  look_at: MaybeAt;
  swept_at: MaybeAt;
}

export interface DebtorKeyTable {
  /** `vat:FR…`, `siren:…`, `reference:<creditor>:…` or `name:<creditor>:…`. */
  key: string;
  debtor_id: string;
}

export interface ContactTable {
  id: string;
  debtor_id: string;
  name: Maybe<string>;
  role: Generated<string>;
  email: Maybe<string>;
  mobile: Maybe<string>;
  phone: Maybe<string>;
  address: Generated<string[]>;
  language: Maybe<string>;
  /** Why an address is known not to work; null while it may. */
  email_invalid: Maybe<string>;
  mobile_invalid: Maybe<string>;
  phone_invalid: Maybe<string>;
  address_invalid: Maybe<string>;
  opted_out_at: MaybeAt;
  created_at: At;
  /** Since when nothing is known of him any more but that there was somebody. */
  erased_at: MaybeAt;
  /** Of what the journal knows of him; it goes with him. */
  noted_salt: ColumnType<string | null, string | null | undefined, string | null>;
}

/** How a contact was called and reached before, until he is erased. */
export interface ContactFormerlyTable {
  contact_id: string;
  what: 'name' | 'email' | 'mobile' | 'phone' | 'address';
  value: string;
}

/** A keyed hash of the mail address of somebody who was erased with that debtor. */
export interface ErasedMarkTable {
  debtor_id: string;
  mark: string;
  erased_at: At;
}

/** What is kept of a person as proof is sealed with it; destroyed, nobody reads any copy of that. */
export interface PersonKeyTable {
  id: string;
  contact_id: string;
  /** Sealed with the key of the ring that is named beside it; in clear where the house has no ring. */
  key: Maybe<Buffer>;
  wrapped_by: Maybe<string>;
  made_at: At;
  destroyed_at: MaybeAt;
}

export interface DebtorHoldTable {
  id: string;
  debtor_id: string;
  reason: string;
  from_day: CivilDate;
  until: Maybe<CivilDate>;
  placed_by: string;
  lifted_on: Maybe<CivilDate>;
}

export interface InvoiceTable {
  id: string;
  creditor_id: string;
  debtor_id: string;
  number: string;
  term: Generated<number>;
  issue_date: Maybe<CivilDate>;
  due_date: CivilDate;
  currency: string;
  amount_cents: number;
  balance_cents: number;
  order_number: Maybe<string>;
  collector: Maybe<string>;
  sales_owner: Maybe<string>;
  flags: Generated<string[]>;
  import_id: Maybe<string>;
  known_at: At;
  state: string;
  level: Maybe<Level>;
  wake_at: MaybeAt;
  open: boolean;
  fact: number;
  collection: Json<object>;
  journal_seq: number;
  journal_hash: string;
  /** Whether a workflow was ever started for it: the first start may be delayed, every later one is a signal. */
  started: Generated<boolean>;
  swept_at: MaybeAt;
  /** The day of performance, by which the law dates a claim. */
  performed_on: Maybe<CivilDate>;
}

export interface PaymentTable {
  id: string;
  creditor_id: string;
  debtor_id: string;
  currency: string;
  amount_cents: number;
  value_date: CivilDate;
  reference: Maybe<string>;
  /** Of the hash by which the journal knows the reference. */
  reference_salt: Maybe<string>;
  returned_on: Maybe<CivilDate>;
  recorded_by: string;
  at: At;
}

export interface CreditNoteTable {
  id: string;
  creditor_id: string;
  debtor_id: string;
  number: string;
  currency: string;
  amount_cents: number;
  issue_date: CivilDate;
  recorded_by: string;
  at: At;
}

export type LedgerKind =
  | 'invoice'
  | 'correction'
  | 'payment'
  | 'payment_return'
  | 'credit_note'
  | 'write_off'
  | 'waiver'
  | 'cancellation'
  /** What payments have settled of interest: so much of the price stays owed. */
  | 'interest'
  /** What accessories have taken of the debtor's credit. */
  | 'accessory';

export interface LedgerEntryTable {
  id: string;
  creditor_id: string;
  debtor_id: string;
  /** Null: not allocated, credit of the debtor with that creditor. */
  invoice_id: Maybe<string>;
  currency: string;
  kind: LedgerKind;
  /** What is owed rises with a positive entry and falls with a negative one. */
  amount_cents: number;
  payment_id: Maybe<string>;
  credit_note_id: Maybe<string>;
  day: CivilDate;
  at: At;
}

/** What was claimed beside the price of an invoice, and is not paid when the price is. */
export interface AccessoryTable {
  id: string;
  invoice_id: string;
  debtor_id: string;
  creditor_id: string;
  currency: string;
  interest_cents: number;
  lump_sum_cents: number;
  /** The day on which the price was settled. */
  settled_on: CivilDate;
  /** `reopened`: money came back, and the invoice bears interest again. */
  state: 'open' | 'paid' | 'waived' | 'reopened';
  arisen_at: At;
  ended_at: MaybeAt;
  ended_by: Maybe<string>;
  reason: Maybe<string>;
}

/** One row per invoice of a promise. */
export interface PromiseTable {
  /** The promise; with the invoice, the key. */
  id: string;
  invoice_id: string;
  amount_cents: number;
  received_cents: Generated<number>;
  made_at: At;
  promised_on: CivilDate;
  state: PartState;
  made_by: string;
  /** Working days; null: the scenario's. */
  grace_days: Maybe<number>;
  /** What may be missing of the whole promise. */
  tolerance_cents: Generated<number>;
  /** What had been paid on the invoice before, in cents. */
  paid_before_cents: Generated<number>;
  /** Why a person let it go beyond the bounds, as a code. */
  exceeding: Maybe<string>;
  /** It lapsed while the bank data were too old to judge it. */
  bank_data_awaited: Generated<boolean>;
}

export interface PlanTable {
  id: string;
  debtor_id: string;
  creditor_id: string;
  currency: string;
  amount_cents: number;
  state: 'proposed' | 'running' | PlanOutcome;
  /** Working days after a due day before it is broken. */
  grace_days: number;
  /** With so many instalments missed it is broken at once. */
  missed_max: number;
  tolerance_cents: number;
  proposed_at: At;
  proposed_by: string;
  accepted_on: Maybe<CivilDate>;
  accepted_how: Maybe<string>;
  accepted_by: Maybe<string>;
  started_at: MaybeAt;
  /** The due day of what was missed and not made good. */
  late_since: Maybe<CivilDate>;
  bank_data_awaited: Generated<boolean>;
  ended_at: MaybeAt;
  ended_by: Maybe<string>;
  reason: Maybe<string>;
}

export interface PlanInvoiceTable {
  plan_id: string;
  invoice_id: string;
  /** What of the invoice is in the plan. */
  amount_cents: number;
  /** These two when it began. */
  balance_before_cents: Maybe<number>;
  paid_before_cents: Maybe<number>;
}

export interface DiscountOfferTable {
  /** That of the hold under which the invoice is silent meanwhile. */
  id: string;
  invoice_id: string;
  debtor_id: string;
  pay_cents: number;
  discount_cents: number;
  /** By value date, this day included. */
  pay_by: CivilDate;
  paid_before_cents: number;
  state: 'open' | DiscountEnd;
  bank_data_awaited: Generated<boolean>;
  offered_at: At;
  offered_by: string;
  ended_at: MaybeAt;
}

/** What the debtor is told of an offer, as a message. */
export interface DiscountWordTable {
  message_id: string;
  discount_id: string;
  says: 'offered' | 'taken';
}

export interface PlanInstalmentTable {
  plan_id: string;
  number: number;
  due_on: CivilDate;
  amount_cents: number;
  /** The day on which it was found missed. */
  missed_on: Maybe<CivilDate>;
}

export interface BankDataTable {
  creditor_id: string;
  /** All that the bank booked up to that day is recorded. */
  known_to: CivilDate;
  stated_by: string;
  at: At;
}

export interface DisputeTable {
  id: string;
  invoice_id: string;
  contested_cents: number;
  reason: string;
  state: 'open' | 'resolved';
  outcome: Maybe<DisputeOutcome>;
  opened_at: At;
  resolved_at: MaybeAt;
  opened_by: string;
  /** The user who is to resolve it. */
  assigned_to: Maybe<string>;
  /** The day of its opening in the debtor's zone. */
  opened_on: CivilDate;
  department: string;
  /** Null: of an earlier release or an import, without a ladder until somebody qualifies it. */
  qualify_by: Maybe<CivilDate>;
  qualified_at: MaybeAt;
  qualified_by: Maybe<string>;
  answered_at: MaybeAt;
  /** Where it stands on its ladder; null when it stands on none. */
  stage: Maybe<Stage>;
  stage_since: Maybe<CivilDate>;
  /** The rungs of the stage that are behind it. */
  rungs: Generated<number>;
  granted_cents: Maybe<number>;
  resolved_by: Maybe<string>;
}

/** Within the house, or between us and the debtor. */
export type DisputeWay = 'internal' | 'to_debtor' | 'from_debtor';

export interface DisputeMessageTable {
  id: string;
  dispute_id: string;
  way: DisputeWay;
  /** Its words, in `private_text`, unless they were erased. */
  text_id: string;
  written_by: string;
  at: At;
  /** The message that says it to the debtor; null when nothing was sent. */
  message_id: Maybe<string>;
}

export interface DisputeDocumentTable {
  /** That of the document. */
  id: string;
  dispute_id: string;
  way: DisputeWay;
  added_by: string;
  at: At;
}

export interface DisputeReasonTable {
  reason: string;
  department: string;
  resolver_id: Maybe<string>;
}

export interface FirmTable {
  id: string;
  name: string;
  kind: FirmKind;
  email: Maybe<string>;
  address: Generated<string[]>;
  insurer: Maybe<string>;
  insurance_policy: Maybe<string>;
  insured_until: Maybe<CivilDate>;
  funds_iban: Maybe<string>;
  declared_on: Maybe<CivilDate>;
  created_at: At;
  created_by: string;
  ended_at: MaybeAt;
}

export interface MandateTable {
  id: string;
  firm_id: string;
  /** Null: of every creditor of the house. */
  creditor_id: Maybe<string>;
  signed_on: CivilDate;
  may_receive: boolean;
  basis: Maybe<string>;
  guarantee: Maybe<string>;
  fee: Maybe<string>;
  remittance: Maybe<string>;
  /** Sooner than the month of the law, where it was agreed. */
  remit_within_days: Maybe<number>;
  recorded_at: At;
  recorded_by: string;
  ended_on: Maybe<CivilDate>;
}

export interface LitigationTable {
  id: string;
  debtor_id: string;
  creditor_id: string;
  currency: string;
  state: 'preparing' | 'handed' | 'closed';
  opened_at: At;
  opened_by: string;
  claim_kind: Generated<'contract' | 'statute' | 'other'>;
  /** Whether both trade as merchants, as a person has said; null: nobody has looked. */
  merchants: Maybe<'yes' | 'no'>;
  insured: Generated<boolean>;
  /** Somebody asks for the procedure between merchants, which has no decree yet. */
  merchant_procedure: Generated<boolean>;
  route: Maybe<Route>;
  route_by: Maybe<string>;
  route_at: MaybeAt;
  /** When the creditor agreed to a court or its officers. */
  consent_on: Maybe<CivilDate>;
  consent_by: Maybe<string>;
  firm_id: Maybe<string>;
  handed_at: MaybeAt;
  handed_by: Maybe<string>;
  pack_id: Maybe<string>;
  incomplete_because: Maybe<string>;
  status: Maybe<string>;
  status_on: Maybe<CivilDate>;
  /** When the partner said anything last. */
  heard_at: MaybeAt;
  /** When the owner was told last that nothing moves. */
  told_at: MaybeAt;
  outcome: Maybe<LitigationOutcome>;
  closed_at: MaybeAt;
  closed_by: Maybe<string>;
  reason: Maybe<string>;
}

export interface LitigationInvoiceTable {
  litigation_id: string;
  invoice_id: string;
  joined_at: At;
  left_at: MaybeAt;
}

export interface LitigationPieceTable {
  id: string;
  litigation_id: string;
  /** Null: of the whole file. */
  invoice_id: Maybe<string>;
  piece: HandedPiece;
  document_id: Maybe<string>;
  not_needed_because: Maybe<string>;
  added_by: string;
  at: At;
  removed_at: MaybeAt;
  removed_by: Maybe<string>;
}

export interface LitigationEntryTable {
  id: string;
  litigation_id: string;
  kind: 'status' | 'cost' | 'recovery' | 'remittance' | 'told';
  /** Of a status: which; of a cost: for what; of what was told: which fact. */
  code: Maybe<string>;
  amount_cents: Maybe<number>;
  day: CivilDate;
  /** Of a recovery: when the partner must have passed it on. */
  remit_by: Maybe<CivilDate>;
  /** Of a recovery: when somebody was told that it had not been passed on in time. */
  chased_at: MaybeAt;
  /** Of what the partner has to be told: when he was. */
  told_at: MaybeAt;
  payment_id: Maybe<string>;
  invoice_id: Maybe<string>;
  text_id: Maybe<string>;
  by: string;
  at: At;
}

export interface HandOverTable {
  id: string;
  invoice_id: string;
  firm_id: string;
  /** What keeps us silent while the firm speaks; null for a file that had ended already. */
  hold_id: Maybe<string>;
  handed_at: At;
  handed_by: string;
  ended_at: MaybeAt;
  ended_by: Maybe<string>;
}

export interface InvoiceHoldTable {
  id: string;
  invoice_id: string;
  reason: string;
  until: Maybe<CivilDate>;
  placed_at: At;
  lifted_at: MaybeAt;
  placed_by: string;
}

export interface ContactRequestTable {
  id: string;
  invoice_id: string;
  debtor_id: string;
  creditor_id: string;
  step: string;
  occurrence: number;
  level: Level;
  channel: Channel;
  mode: 'automatic' | 'review' | 'manual';
  template: string;
  recipient: string;
  state: 'waiting' | 'claimed' | 'done' | 'failed' | 'withdrawn';
  approved_by: Maybe<string>;
  /** The figures that the person saw when he said yes; other figures are asked again. */
  approved_digest: Maybe<string>;
  free_text: Maybe<string>;
  deferred_until: MaybeAt;
  /** Why it waits, fell or failed, as a code. */
  reason: Maybe<string>;
  /** Its place in the staggered restart after a stop. */
  restart_at: MaybeAt;
  asked_at: At;
}

export interface DocumentTable {
  id: string;
  kind: string;
  name: string;
  media_type: string;
  bytes: Buffer;
  sha256: string;
  /** The invoice that it belongs to, where it is no part of a message. */
  subject: Maybe<string>;
  at: At;
  /** Since when its bytes are gone. */
  erased_at: MaybeAt;
}

export type MessageState =
  | 'planned'
  | 'claimed'
  | 'accepted'
  | 'refused'
  | 'unknown'
  | 'cancelled'
  | 'delivered'
  | 'bounced'
  | 'complained';

/** A word takes no step: what a person says to the debtor about his dispute, and what he is told of a discount. */
export type MessagePurpose = 'contact' | 'internal' | 'sample' | 'word';

export interface MessageTable {
  id: string;
  key: string;
  purpose: MessagePurpose;
  creditor_id: Maybe<string>;
  debtor_id: Maybe<string>;
  contact_id: Maybe<string>;
  user_id: Maybe<string>;
  channel: Channel;
  language: string;
  level: Maybe<Level>;
  template: string;
  state: MessageState;
  attempt: Generated<number>;
  possible_duplicate: Generated<boolean>;
  planned_at: At;
  claimed_at: MaybeAt;
  /** The machine's time of the last change, by which an interrupted delivery is told from one that runs. */
  touched_at: ColumnType<Instant, Date | undefined, Date | RawBuilder<Date>>;
  state_at: At;
  figures: Json<object>;
  recipient: string;
  subject: Maybe<string>;
  body_html: Maybe<string>;
  body_text: Maybe<string>;
  document_id: Maybe<string>;
  sha256: string;
  /** Of the proof in the journal (`db/audit/message-proof.ts`). */
  salt: Maybe<string>;
  /** The account that had it, from the attempt on. */
  account: Maybe<string>;
  provider: Maybe<string>;
  provider_ref: Maybe<string>;
  reason: Maybe<string>;
  /** Of a word: not tried again before then. */
  restart_at: MaybeAt;
  /** Of a word: until when the door keeps it, when that is known. */
  deferred_until: MaybeAt;
  recorded_at: Generated<Instant>;
  /** Of a sealed text message: by what it is found again by its number. */
  recipient_mark: Maybe<string>;
  /** Since when recipient, subject, bodies and figures are sealed with the key of the contact; readers get them opened. */
  sealed_at: MaybeAt;
  /** Since when they are gone, with hash and salt. */
  erased_at: MaybeAt;
}

export interface MessageLineTable {
  message_id: string;
  invoice_id: string;
  /** The request that this line answers; null for an invoice that is only listed. */
  request_id: Maybe<string>;
  /** The number of the invoice's last fact at the claim. */
  fact: number;
  balance_cents: number;
  asked_cents: number;
  open: boolean;
  /** Claimed beside the price; null where the message claimed none. */
  interest_cents: Maybe<number>;
  lump_sum_cents: Maybe<number>;
}

/** A paper that goes with a message. */
export interface MessagePaperTable {
  message_id: string;
  document_id: string;
}

export interface MessagePartTable {
  message_id: string;
  cid: string;
  media_type: string;
  bytes: Buffer;
}

export interface TaskTable {
  id: string;
  kind: string;
  debtor_id: string;
  creditor_id: string;
  about: Maybe<string>;
  due_on: CivilDate;
  state: 'open' | 'done' | 'withdrawn';
  outcome: Maybe<string>;
  message_id: Maybe<string>;
  owner: Maybe<string>;
  reminders: Generated<number>;
  opened_at: At;
  done_at: MaybeAt;
  done_by: Maybe<string>;
}

export interface TaskInvoiceTable {
  task_id: string;
  invoice_id: string;
  step: Maybe<string>;
  occurrence: Maybe<number>;
  open: Generated<boolean>;
}

export interface ApprovalTable {
  id: string;
  act: string;
  debtor_id: string;
  creditor_id: string;
  currency: string;
  amount_cents: number;
  about: Maybe<string>;
  message_id: Maybe<string>;
  /** The deed that a yes carries out. */
  what: Json<object>;
  state: 'open' | 'granted' | 'refused' | 'expired' | 'withdrawn';
  asked_at: At;
  asked_by: string;
  /** Who may have held the key by which it was asked. */
  asked_through: Generated<string[]>;
  expires_at: At;
  decided_at: MaybeAt;
  decided_by: Maybe<string>;
  reason: Maybe<string>;
}

export interface ApprovalInvoiceTable {
  approval_id: string;
  invoice_id: string;
  amount_cents: number;
  open: Generated<boolean>;
}

export interface StopTable {
  id: string;
  scope: 'everything' | 'creditor' | 'debtor' | 'invoice';
  subject_id: Maybe<string>;
  reason: string;
  /** The last silent day. */
  until: Maybe<string>;
  /** When that day is over. */
  ends_at: MaybeAt;
  since: At;
  placed_by: string;
  lifted_at: MaybeAt;
  lifted_by: Maybe<string>;
}

export interface AnchorTable {
  n: number;
  day: CivilDate;
  /** The text that is signed. */
  statement: string;
  hash: string;
  root: string;
  chains: number;
  entries: number;
  at: At;
  made_at: At;
  public_key: Maybe<string>;
  signature: Maybe<string>;
  /** The list of heads, compressed; null once it is kept outside. */
  heads: Maybe<Buffer>;
  kept_as: Maybe<string>;
  kept_at: MaybeAt;
  time_stamp: Maybe<Buffer>;
  stamped_at: MaybeAt;
}
export interface JournalTable {
  subject: string;
  seq: number;
  fact: Maybe<number>;
  type: string;
  at: At;
  body: string;
  prev_hash: string;
  hash: string;
  recorded_at: Generated<Instant>;
}

export interface PrivateTextTable {
  id: string;
  subject: string;
  salt: string;
  sha256: string;
  content: string;
  /** Since when its words and its salt are gone. */
  erased_at: MaybeAt;
}

export interface OutboxTable {
  id: Generated<number>;
  /** 0 for facts of people, 1 for imports and other bulk. */
  lane: number;
  workflow: string;
  fact: Maybe<number>;
  type: string;
  position: Maybe<number>;
  delivered_at: MaybeAt;
  tries: Generated<number>;
  recorded_at: Generated<Instant>;
}

export interface ImportTable {
  id: string;
  sha256: string;
  name: string;
  state: 'staging' | 'applying' | 'applied' | 'failed';
  creditor_id: Maybe<string>;
  answers: Json<object>;
  reading: Json<object>;
  cursor: Generated<number>;
  rows: Generated<number>;
  created: Generated<number>;
  updated: Generated<number>;
  unchanged: Generated<number>;
  rejected: Generated<number>;
  failure: Maybe<string>;
  release_when_applied: Generated<boolean>;
  released_at: MaybeAt;
  released_by: Maybe<string>;
  release_cursor: Maybe<string>;
  release_finished_at: MaybeAt;
  imported_by: string;
  at: At;
  applied_at: MaybeAt;
}

export interface ImportRowTable {
  import_id: string;
  place: number;
  line: number;
  state: 'staged' | 'created' | 'updated' | 'unchanged' | 'rejected';
  content: Json<object>;
  problems: MaybeJson<object>;
  amount_cents: Maybe<number>;
  currency: Maybe<string>;
  invoice_id: Maybe<string>;
  credit_note_id: Maybe<string>;
  changes: MaybeJson<object>;
}

export interface IdempotencyTable {
  caller: string;
  key: string;
  request_hash: string;
  status: Maybe<number>;
  answer: Maybe<string>;
  recorded_at: Generated<Instant>;
}

export type ProviderEventKind =
  | 'accepted'
  | 'deferred'
  | 'delivered'
  | 'bounced'
  | 'blocked'
  | 'complained'
  | 'opted_out'
  | 'undelivered'
  | 'failed'
  | 'opened';

export interface ProviderEventTable {
  provider: string;
  event_id: string;
  /** The message that the event names; it need not be one of ours. */
  message_id: Maybe<string>;
  /** One of `ProviderEventKind`, or the provider's own word for what means nothing to us. */
  kind: string;
  address: Maybe<string>;
  reason: Maybe<string>;
  occurred_at: At;
  received_at: ColumnType<Instant, Date | undefined, Date>;
  raw_sha256: string;
  processed_at: MaybeAt;
}

/** By the machine's time: the limits of providers know no other. */
export interface AccountPaceTable {
  account: string;
  next_at: At;
  later_at: At;
  turn_at: MaybeAt;
}

/** Instants of the four tables of the door are the machine's. */
export interface KnownBrowserTable {
  token_sha256: Buffer;
  user_id: string;
  seen_at: At;
}

export interface SessionTable {
  token_sha256: Buffer;
  id: string;
  user_id: string;
  opened_by: 'password' | 'oidc';
  second_factor: boolean;
  /** When its owner last proved to be himself in it, by the machine's time; null: nobody knows. */
  proved_at: MaybeAt;
  user_agent: Maybe<string>;
  opened_at: At;
  seen_at: At;
  idle_ends_at: At;
  ends_at: At;
  ended_at: MaybeAt;
  ended_because: Maybe<'logout' | 'revoked' | 'rotated' | 'password' | 'disabled'>;
}

export interface InvitationTable {
  token_sha256: Buffer;
  id: string;
  user_id: string;
  purpose: 'invite' | 'reset' | 'first-admin';
  created_at: At;
  expires_at: At;
  used_at: MaybeAt;
  /** Made worthless by a later one, a new password or the end of the user. */
  voided_at: MaybeAt;
}

export interface LoginFailureTable {
  /** `network:…`, `account:…`, `both:…` with a digest, or `factor:<user>`. */
  key: string;
  failures: number;
  last_at: At;
  wait_until: At;
}

export interface OidcAttemptTable {
  cookie_sha256: Buffer;
  state: string;
  nonce: string;
  verifier: string;
  go_to: string;
  expires_at: At;
}

/** How the portfolio stood at the end of a day; rows are never changed. */
export interface SnapshotTable {
  day: CivilDate;
  ends_at: At;
  taken_at: At;
  invoices: number;
  totals: Json<object>;
  sha256: string;
}

export interface SnapshotPageTable {
  day: CivilDate;
  number: number;
  /** The last invoice on it, by which a list finds its page. */
  last_id: string;
  invoices: number;
  /** Lines of JSON, compressed. */
  content: Buffer;
  /** Of the lines. */
  sha256: string;
}

/** Instants of the archive are the machine's: Temporal's, whose runs they are. */
export interface ArchivedRunTable {
  run_id: string;
  workflow_id: string;
  workflow_type: string;
  started_at: At;
  closed_at: At;
  /** As Temporal names it: COMPLETED, CONTINUED_AS_NEW, TERMINATED … */
  status: string;
  continued_from: Maybe<string>;
  continues_as: Maybe<string>;
  events: number;
  kept_in: 'postgres' | 'folder' | 's3';
  place: string;
  bytes: number;
  /** Of the bytes as they are stored. */
  sha256: string;
  /** The name of the key; null: kept in clear. */
  sealed_with: Maybe<string>;
  /** Of the history in plain JSON; it stands in the journal too. */
  history_sha256: string;
  archived_at: Generated<Instant>;
}

export interface ArchivedObjectTable {
  place: string;
  content: Buffer;
}

/** One row: how far the archive has looked. */
export interface ArchiveMarkTable {
  one: Generated<boolean>;
  /** What had closed before may have been forgotten by Temporal before there was an archive. */
  began_at: Generated<Instant>;
  looked_at: MaybeAt;
  closed_until: MaybeAt;
  whole_at: MaybeAt;
}
