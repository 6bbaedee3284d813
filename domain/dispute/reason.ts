/**
 * Why debtors contest, who in the house answers for it, and the words for both.
 *
 * A closed list, because causes are counted by it (F19): what nobody can count nobody can mend. Facts of earlier
 * releases and of imports carry other codes; they are counted under their own.
 */
export const disputeReasons = [
  'billing',
  'price',
  'delivery',
  'not_received',
  'quantity',
  'quality',
  'missing_order_number',
  'duplicate',
  'already_paid',
  'terms',
  'other',
] as const;

export type DisputeReason = (typeof disputeReasons)[number];

export const departments = ['accounting', 'sales', 'logistics', 'quality', 'technical', 'legal'] as const;

export type Department = (typeof departments)[number];

type InWords = Readonly<Record<'fr' | 'en', string>>;

/** The department that made the cause, unless the house has said otherwise for a reason. */
export const departmentOf: Readonly<Record<DisputeReason, Department>> = {
  billing: 'accounting',
  price: 'sales',
  delivery: 'logistics',
  not_received: 'logistics',
  quantity: 'logistics',
  quality: 'quality',
  missing_order_number: 'sales',
  duplicate: 'accounting',
  already_paid: 'accounting',
  terms: 'sales',
  other: 'accounting',
};

const reasonWords: Readonly<Record<DisputeReason | 'imported', InWords>> = {
  billing: { fr: 'erreur de facturation', en: 'billing error' },
  price: { fr: 'prix', en: 'price' },
  delivery: { fr: 'livraison', en: 'delivery' },
  not_received: { fr: 'marchandise non reçue', en: 'goods not received' },
  quantity: { fr: 'quantité', en: 'quantity' },
  quality: { fr: 'qualité', en: 'quality' },
  missing_order_number: { fr: 'numéro de commande absent', en: 'missing order number' },
  duplicate: { fr: 'facture en double', en: 'duplicate invoice' },
  already_paid: { fr: 'déjà réglée', en: 'already paid' },
  terms: { fr: 'conditions de paiement', en: 'payment terms' },
  other: { fr: 'autre motif', en: 'other reason' },
  imported: { fr: 'signalée dans un import', en: 'marked in an import' },
};

const departmentWords: Readonly<Record<Department, InWords>> = {
  accounting: { fr: 'comptabilité', en: 'accounting' },
  sales: { fr: 'commerce', en: 'sales' },
  logistics: { fr: 'logistique', en: 'logistics' },
  quality: { fr: 'qualité', en: 'quality' },
  technical: { fr: 'technique', en: 'technical' },
  legal: { fr: 'juridique', en: 'legal' },
};

/** A reason in words; one that is not on the list is shown as its code. */
export function reasonInWords(reason: string, language: 'fr' | 'en'): string {
  return (reasonWords as Readonly<Record<string, InWords>>)[reason]?.[language] ?? reason;
}

export function departmentInWords(department: string, language: 'fr' | 'en'): string {
  return (departmentWords as Readonly<Record<string, InWords>>)[department]?.[language] ?? department;
}

/** The department of a reason that may be of an earlier release. */
export function usualDepartment(reason: string): Department {
  return (departmentOf as Readonly<Record<string, Department>>)[reason] ?? departmentOf.other;
}
