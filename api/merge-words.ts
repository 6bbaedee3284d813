import { mergedFilesMax } from '../domain/merge/conflicts.ts';
import type { MergeConflictCode } from '../domain/merge/conflicts.ts';
import type { Language } from '../domain/message.ts';

/** What speaks against a merge, or must be known before it, with what to do about it. */
export function conflictInWords(code: MergeConflictCode, language: Language): string {
  return words[code][language];
}

const words: Readonly<Record<MergeConflictCode, Readonly<Record<Language, string>>>> = {
  other_siren: {
    fr: 'Les numéros SIREN diffèrent : ce sont deux sociétés, ou l’un des numéros est à corriger.',
    en: 'Their SIREN numbers differ: they are two companies, or one of the numbers has to be corrected.',
  },
  other_kind: {
    fr: 'L’un est une société, l’autre un organisme public, un particulier ou une entité interne : corriger la nature de l’un des deux.',
    en: 'One is a company, the other a public body, a consumer or one of us: correct the kind of one of them.',
  },
  other_world: {
    fr: 'L’un appartient à la démonstration : il ne rejoint jamais un vrai débiteur.',
    en: 'One belongs to the demonstration: it never meets a real debtor.',
  },
  insolvent_otherwise: {
    fr: 'Deux jugements d’ouverture, ou deux publications de ce jugement, de dates différentes sont enregistrés : corriger la date de l’un.',
    en: 'Two opening judgments, or two publications of the judgment, of different days are recorded: correct the day of one.',
  },
  other_rate: {
    fr: 'Le taux de pénalités convenu n’est pas le même : donner à l’un celui de l’autre, car il décide de ce qui est réclamé.',
    en: 'The penalty rate agreed with them is not the same: give one that of the other, for it decides what is claimed.',
  },
  litigation_twice: {
    fr: 'Chacun a un dossier contentieux en préparation pour le même créancier et la même devise : transmettre ou clore l’un des deux.',
    en: 'Each has a litigation file in preparation for the same creditor and currency: hand over or close one of them.',
  },
  stopped: {
    fr: 'Un arrêt est en vigueur pour celui qui disparaîtrait : le poser sur celui qui reste, puis le lever ici.',
    en: 'A stop is in force for the one who would go: place it on the one who stays, then lift this one.',
  },
  too_many_files: {
    fr: `Celui qui disparaîtrait a plus de ${mergedFilesMax} factures : fusionner dans l’autre sens.`,
    en: `The one who would go has more than ${mergedFilesMax} invoices: merge the other way round.`,
  },
  other_vat: {
    fr: 'Les numéros de TVA diffèrent ; celui du débiteur qui reste est gardé.',
    en: 'Their VAT numbers differ; that of the one who stays is kept.',
  },
  other_country: {
    fr: 'Les pays diffèrent : les factures suivront le calendrier et l’heure de celui qui reste.',
    en: 'Their countries differ: the invoices will follow the calendar and the clock of the one who stays.',
  },
  other_creditor: {
    fr: 'Ils doivent à des créanciers différents.',
    en: 'They owe to different creditors.',
  },
  other_currency: {
    fr: 'Ils doivent dans des devises différentes.',
    en: 'They owe in different currencies.',
  },
  insolvent: {
    fr: 'Une procédure collective est ouverte pour l’un : toutes les créances antérieures des deux seront silencieuses et à déclarer.',
    en: 'One is in an insolvency procedure: all earlier claims of both will be silent and have to be declared.',
  },
  held: {
    fr: 'Une suspension est en vigueur pour l’un : elle vaudra pour les factures des deux.',
    en: 'A hold is in force for one: it will silence the invoices of both.',
  },
};
