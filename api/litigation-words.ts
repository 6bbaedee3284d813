import type { Route, RouteReason } from '../domain/law/route.ts';
import type { Language } from '../domain/message.ts';

/**
 * Litigation in words for people: ways, the reasons for and against them, pieces, and how a file ended.
 *
 * A code of another release is shown as it is, so that nothing that was recorded is ever hidden.
 */
type Words = Readonly<Record<string, Readonly<Record<Language, string>>>>;

const routeWords: Readonly<Record<Route, Readonly<Record<Language, string>>>> = {
  factor: { fr: 'le factor', en: 'the factor' },
  declaration: { fr: 'déclaration de créance', en: 'declaration of the claim' },
  legal_advice: { fr: 'conseil d’un juriste', en: 'legal advice' },
  insurer: { fr: 'l’assureur-crédit', en: 'the credit insurer' },
  public_payment_order: { fr: 'mandatement d’office', en: 'mandatory payment order by the prefect' },
  public_interim_payment: { fr: 'référé-provision administratif', en: 'administrative interim payment' },
  merchant_procedure: {
    fr: 'procédure entre commerçants (L126-1 CPCE)',
    en: 'procedure between merchants (L126-1 CPCE)',
  },
  small_claims: {
    fr: 'procédure simplifiée (commissaire de justice)',
    en: 'small claims (commissaire de justice)',
  },
  european_order: { fr: 'injonction de payer européenne', en: 'European order for payment' },
  european_small_claims: { fr: 'petits litiges européens', en: 'European small claims' },
  order_to_pay: { fr: 'injonction de payer', en: 'order to pay' },
  interim_payment: { fr: 'référé-provision', en: 'interim payment' },
  summons: { fr: 'assignation au fond', en: 'summons' },
  collection_firm: { fr: 'cabinet de recouvrement', en: 'collection firm' },
};

const reasonWords: Readonly<Record<RouteReason, Readonly<Record<Language, string>>>> = {
  assigned_to_factor: { fr: 'la créance est cédée à un factor', en: 'the claim is assigned to a factor' },
  not_assigned: { fr: 'la créance n’est pas cédée', en: 'the claim is not assigned' },
  insolvency_opened: { fr: 'une procédure collective est ouverte', en: 'an insolvency was opened' },
  no_insolvency: { fr: 'pas de procédure collective', en: 'no insolvency' },
  limitation_passed: { fr: 'une facture est prescrite', en: 'an invoice is past its limitation' },
  other_ways_open: { fr: 'd’autres voies sont ouvertes', en: 'other ways are open' },
  insured: { fr: 'la créance est assurée', en: 'the claim is insured' },
  not_insured: { fr: 'la créance n’est pas assurée', en: 'the claim is not insured' },
  public_debtor: { fr: 'le débiteur est public', en: 'the debtor is a public body' },
  private_debtor: { fr: 'le débiteur est privé', en: 'the debtor is private' },
  within_small_claims_limit: { fr: 'le montant est sous le plafond', en: 'the amount is within the limit' },
  above_small_claims_limit: { fr: 'le montant dépasse le plafond', en: 'the amount is above the limit' },
  no_limit_of_amount: { fr: 'sans plafond de montant', en: 'no limit of amount' },
  between_merchants: { fr: 'entre commerçants', en: 'between merchants' },
  not_between_merchants: { fr: 'pas entre commerçants', en: 'not between merchants' },
  merchants_not_asked: {
    fr: 'personne n’a dit si les deux sont commerçants',
    en: 'nobody has said whether both are merchants',
  },
  merchants_suggested_by_form: {
    fr: 'la forme des sociétés suggère des commerçants',
    en: 'the legal forms suggest merchants',
  },
  kept_for_merchant_procedure: {
    fr: 'réservé à la procédure entre commerçants',
    en: 'kept for the procedure between merchants',
  },
  behind_flag: { fr: 'sans décret : à demander expressément', en: 'no decree yet: only on request' },
  not_contested: { fr: 'la créance n’est pas contestée', en: 'the claim is not contested' },
  contested: { fr: 'la créance est contestée', en: 'the claim is contested' },
  contract_debt: { fr: 'la créance vient d’un contrat', en: 'the claim comes from a contract' },
  not_contract_debt: { fr: 'la créance ne vient pas d’un contrat', en: 'the claim comes from no contract' },
  cross_border: { fr: 'le débiteur est dans un autre pays', en: 'the debtor sits in another country' },
  not_cross_border: { fr: 'le débiteur est dans le même pays', en: 'the debtor sits in the same country' },
  outside_european_union: { fr: 'hors de l’Union européenne', en: 'outside the European Union' },
  lawyer_needed: { fr: 'un avocat est nécessaire', en: 'a lawyer is needed' },
  firm_mandated: { fr: 'un cabinet est mandaté', en: 'a firm holds a mandate' },
  no_mandate: { fr: 'aucun cabinet n’est mandaté', en: 'no firm holds a mandate' },
  own_group: { fr: 'le débiteur est du groupe', en: 'the debtor belongs to the group' },
  wished: { fr: 'choisie par vous', en: 'chosen by you' },
};

const pieceWords: Words = {
  contract: { fr: 'contrat', en: 'contract' },
  order: { fr: 'bon de commande', en: 'order' },
  delivery_proof: { fr: 'preuve de livraison', en: 'proof of delivery' },
  invoice_copy: { fr: 'copie de la facture', en: 'copy of the invoice' },
  registry_extract: { fr: 'extrait du registre', en: 'extract of the register' },
  statement: { fr: 'relevé de compte', en: 'statement of account' },
  penalties: { fr: 'décompte des pénalités', en: 'penalty sheet' },
  exchanges: { fr: 'échanges avec le débiteur', en: 'exchanges with the debtor' },
  notice_amount: {
    fr: 'mise en demeure portant sur tout ce qui est réclamé',
    en: 'formal notice over all that is claimed',
  },
  notice_proof: { fr: 'preuve de la mise en demeure', en: 'proof of the formal notice' },
  other: { fr: 'autre pièce', en: 'other piece' },
};

const outcomeWords: Words = {
  recovered: { fr: 'recouvré', en: 'recovered' },
  no_longer_owed: { fr: 'plus rien n’est dû', en: 'nothing owed any more' },
  withdrawn: { fr: 'repris au partenaire', en: 'withdrawn' },
  doubtful: { fr: 'créance douteuse', en: 'doubtful claim' },
  irrecoverable: { fr: 'créance irrécouvrable', en: 'irrecoverable claim' },
};

const stateWords: Words = {
  preparing: { fr: 'en préparation', en: 'in preparation' },
  handed: { fr: 'chez le partenaire', en: 'with the partner' },
  closed: { fr: 'clos', en: 'closed' },
};

const said = (words: Words, code: string, language: Language): string => words[code]?.[language] ?? code;

export function routeInWords(route: string, language: Language): string {
  return said(routeWords, route, language);
}

export function routeReasonInWords(reason: string, language: Language): string {
  return said(reasonWords, reason, language);
}

export function pieceInWords(piece: string, language: Language): string {
  return said(pieceWords, piece, language);
}

export function outcomeInWords(outcome: string, language: Language): string {
  return said(outcomeWords, outcome, language);
}

export function litigationStateInWords(state: string, language: Language): string {
  return said(stateWords, state, language);
}
