import type { Language } from '../message.ts';
import type { InsurerNoticeKind } from './insurer-dates.ts';
import type { LegalClock } from './legal-date.ts';

type InWords = Readonly<Record<Language, string>>;

/** What a legal date is the end of, as people say it; the code itself for what only courts and firms keep. */
const words: Readonly<Partial<Record<LegalClock, InWords>>> = {
  amicable_bound: { fr: 'fin de la phase amiable', en: 'end of the amicable phase' },
  notice_answer: {
    fr: 'fin du délai de réponse à la mise en demeure',
    en: 'end of the days to answer the formal notice',
  },
  limitation: { fr: 'prescription de la créance', en: 'limitation of the claim' },
  limitation_possible: {
    fr: 'prescription possible (activité du créancier inconnue)',
    en: 'possible limitation (what the creditor sells is unknown)',
  },
  claim_declaration: { fr: 'déclaration de créance', en: 'declaration of the claim' },
  declaration_relief: { fr: 'demande de relevé de forclusion', en: 'request for relief from foreclosure' },
  retention_of_title: {
    fr: 'revendication des biens vendus avec réserve de propriété',
    en: 'claim to goods sold under retention of title',
  },
  insurer_overdue_notice: { fr: 'avis d’impayé à l’assureur-crédit', en: 'overdue notice to the insurer' },
  insurer_intervention: {
    fr: 'demande d’intervention de l’assureur-crédit',
    en: 'request for the insurer to intervene',
  },
  insurer_extension: {
    fr: 'prorogation permise par l’assureur-crédit',
    en: 'extension that the insurer allows',
  },
  insurer_insolvency_notice: {
    fr: 'avis d’insolvabilité à l’assureur-crédit',
    en: 'insolvency notice to the insurer',
  },
  insurer_indemnity: { fr: 'indemnisation par l’assureur-crédit', en: 'indemnity of the insurer' },
};

/** The name of a legal date in a language. */
export function clockInWords(clock: LegalClock, language: Language): string {
  return words[clock]?.[language] ?? clock.replaceAll('_', ' ');
}

const notices: Readonly<Record<InsurerNoticeKind, InWords>> = {
  overdue: { fr: 'avis d’impayé', en: 'the invoice is overdue' },
  intervention: { fr: 'demande d’intervention', en: 'he is to intervene' },
  insolvency: { fr: 'avis d’insolvabilité', en: 'the debtor is insolvent' },
};

/** What a credit insurer was told of a claim, in a language. */
export function noticeInWords(notice: InsurerNoticeKind, language: Language): string {
  return notices[notice][language];
}
