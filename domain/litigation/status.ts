import type { Language } from '../message.ts';

/** What a partner tells of a file, as codes that lists and reports count. */
export const partnerStatuses = [
  'received',
  'in_progress',
  'debtor_contacted',
  'plan_agreed',
  'order_requested',
  'order_made',
  'order_served',
  'opposed',
  'title_obtained',
  'enforcement',
  'unsuccessful',
  'other',
] as const;

export type PartnerStatus = (typeof partnerStatuses)[number];

const words: Readonly<Record<PartnerStatus, Readonly<Record<Language, string>>>> = {
  received: { fr: 'dossier reçu', en: 'file received' },
  in_progress: { fr: 'en cours', en: 'in progress' },
  debtor_contacted: { fr: 'débiteur contacté', en: 'debtor contacted' },
  plan_agreed: { fr: 'échéancier convenu', en: 'plan agreed' },
  order_requested: { fr: 'injonction demandée', en: 'order requested' },
  order_made: { fr: 'ordonnance rendue', en: 'order made' },
  order_served: { fr: 'ordonnance signifiée', en: 'order served' },
  opposed: { fr: 'opposition formée', en: 'opposed' },
  title_obtained: { fr: 'titre exécutoire obtenu', en: 'title obtained' },
  enforcement: { fr: 'exécution en cours', en: 'enforcement under way' },
  unsuccessful: { fr: 'démarches infructueuses', en: 'unsuccessful' },
  other: { fr: 'autre', en: 'other' },
};

/** How people say a status; one of another release is shown as it is. */
export function statusInWords(status: string, language: Language): string {
  return Object.hasOwn(words, status) ? words[status as PartnerStatus][language] : status;
}

/** For what a partner charges. */
export const costKinds = ['fee', 'court', 'service', 'enforcement', 'translation', 'other'] as const;

export type CostKind = (typeof costKinds)[number];
