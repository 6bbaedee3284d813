import type { CivilDate } from '../time.ts';

/** What a partner is: who collects for others by profession is bound to more than those whose profession has its own rules. */
export const firmKinds = [
  'collection_firm',
  'commissaire_de_justice',
  'lawyer',
  'insurer',
  'factor',
] as const;

export type FirmKind = (typeof firmKinds)[number];

/** What a firm that collects for others has, and has said of itself (R124-1 and R124-2 CPCE). */
export interface FirmDuties {
  readonly kind: FirmKind;
  readonly insurer: string | null;
  readonly insurancePolicy: string | null;
  readonly insuredUntil: CivilDate | null;
  /** The account that holds nothing but the funds of its customers. */
  readonly fundsIban: string | null;
  /** When it declared itself to the public prosecutor. */
  readonly declaredOn: CivilDate | null;
}

/** What was agreed in writing between creditor and firm (R124-3 CPCE). */
export interface Mandate {
  readonly signedOn: CivilDate;
  readonly mayReceive: boolean;
  /** The basis of what is owed, and its amount by kind. */
  readonly basis: string | null;
  readonly guarantee: string | null;
  readonly fee: string | null;
  readonly remittance: string | null;
}

export type MandateGap =
  | 'insurance'
  | 'insurance_ended'
  | 'funds_account'
  | 'declaration'
  | 'mandate'
  | 'power_to_receive'
  | 'basis'
  | 'guarantee'
  | 'fee'
  | 'remittance';

/**
 * What is missing before a firm may collect for a creditor on that day; empty when it may.
 *
 * Only of who collects amicably for others by profession: lawyers, commissaires de justice, insurers and factors act by
 * rules of their own (L124-1 CPCE), and nothing is asked of them here.
 */
export function gapsOfMandate(
  firm: FirmDuties,
  mandate: Mandate | null,
  on: CivilDate,
): readonly MandateGap[] {
  if (firm.kind !== 'collection_firm') return [];
  const said = (text: string | null): boolean => text !== null && text.trim() !== '';
  const gaps: readonly (readonly [MandateGap, boolean])[] = [
    ['insurance', !said(firm.insurer) || !said(firm.insurancePolicy) || firm.insuredUntil === null],
    ['insurance_ended', firm.insuredUntil !== null && firm.insuredUntil < on],
    ['funds_account', !said(firm.fundsIban)],
    ['declaration', firm.declaredOn === null || firm.declaredOn > on],
    ['mandate', mandate === null || mandate.signedOn > on],
    ['power_to_receive', mandate !== null && !mandate.mayReceive],
    ['basis', mandate !== null && !said(mandate.basis)],
    ['guarantee', mandate !== null && !said(mandate.guarantee)],
    ['fee', mandate !== null && !said(mandate.fee)],
    ['remittance', mandate !== null && !said(mandate.remittance)],
  ];
  return gaps.flatMap(([gap, isOpen]) => (isOpen ? [gap] : []));
}
