import type { QuestionKey } from '../../db/audit/questions/all.ts';
import type { Language } from '../../domain/message.ts';

/** What a question is called, what its answer proves and what it does not, and what its codes mean. */
export interface QuestionText {
  readonly asks: string;
  readonly proves: string;
  readonly provesNot: string;
  readonly why: Readonly<Record<string, string>>;
}

export const questionTexts: Readonly<Record<Language, Readonly<Record<QuestionKey, QuestionText>>>> = {
  en: {
    'notice-without-reminder': {
      asks: 'Which formal notices left without a delivered reminder before?',
      proves:
        'Each formal notice in the list left, by the log of its invoice, before any reminder after the due date was proved to have arrived.',
      provesNot:
        'That nobody reminded the debtor outside Relance; and of reminders that count as delivered, that they were read.',
      why: {
        none_sent: 'no reminder was ever asked for',
        none_delivered: 'reminders were asked for, none was delivered',
      },
    },
    'contact-out-of-turn': {
      asks: 'Who was contacted although paid, in dispute, promised, on hold or insolvent, or outside hours and caps?',
      proves:
        'What the log said at the moment at which each message was claimed, by the rules that guard the door; and the caps that held then.',
      provesNot:
        'Calls made and mails written outside Relance. “Paid by value date” blames nobody: the payment was entered after the message.',
      why: {
        paid: 'paid in full',
        cancelled: 'cancelled',
        written_off: 'written off',
        handed_over: 'handed over',
        small_difference: 'only a small difference was left',
        insolvent: 'the debtor was insolvent',
        limited: 'past its limitation',
        not_chased: 'not to be chased',
        hold: 'on hold',
        disputed_whole: 'disputed in full',
        plan_running: 'in an instalment plan',
        plan_late: 'in an instalment plan',
        promise_running: 'promised',
        promise_overdue: 'promised, and nobody had said that it was broken',
        bank_data_old: 'promised, and the bank data were too old to judge',
        task_open: 'a person was being asked how it goes on',
        listed_while_silent: 'listed in a message although it was to be left out',
        outside_hours: 'outside the hours of sending',
        beyond_caps: 'beyond the caps of that time',
        paid_by_value_date: 'paid by value date, entered later',
      },
    },
    'decided-alone': {
      asks: 'Which grave acts did one person decide alone?',
      proves:
        'Formal notices, waivers, write-offs and hand-overs done while four eyes were off, by a paper that needs no second person, with the yes of their author, or with no word on record.',
      provesNot:
        'That two different persons behind two users are two people; see who holds which key, and the second factor.',
      why: {
        four_eyes_off: 'four eyes were off',
        paper: 'by a paper that needs no second person',
        own_approval: 'approved by its own author',
        no_word: 'no approval and no note that it was done alone',
      },
    },
    procedure: {
      asks: 'Where was the procedure not kept: steps late, skipped, or decided over by people?',
      proves:
        'Each step asked for more than a day after the scenario wanted it, each task answered after its day, each step skipped and each decision over the scenario, with who and why.',
      provesNot: 'That what was late was anybody’s fault: an outage shows here too.',
      why: {
        late: 'asked for late',
        task_late: 'answered late',
        skipped: 'skipped',
        overridden: 'decided otherwise than the scenario',
        promise_beyond: 'promise beyond the bounds of the scenario',
      },
    },
    'back-dated-payments': {
      asks: 'Which payments were entered for a day that had passed?',
      proves:
        'When each payment was recorded and for which day; which messages claimed it meanwhile; and whether the ledger still says the day that was said.',
      provesNot: 'When the money really arrived: that is on the bank statement.',
      why: {
        entered_after_claim: 'entered after a message had claimed it',
        into_past_month: 'into a month that was over',
        late: 'entered more than five days later',
        day_changed_since: 'the ledger has another day than was said',
      },
    },
    'changed-after-claim': {
      asks: 'Which claims became another amount after they were sent?',
      proves:
        'That the invoice was claimed first and corrected, credited or cancelled then, by whom, and from what to what.',
      provesNot: 'Which of both amounts was right.',
      why: { corrected: 'corrected', credit_note: 'credit note', cancelled: 'cancelled' },
    },
    'holds-without-end': {
      asks: 'Which silences have no end or no reason?',
      proves:
        'Who silenced an invoice, a debtor or more without a last day or a reason, and when it was lifted.',
      provesNot: 'That there was no reason: only that none is on record.',
      why: {
        no_end: 'hold without a last day',
        no_reason: 'hold without a reason',
        debtor_no_end: 'hold of the debtor without a last day',
        debtor_no_reason: 'hold of the debtor without a reason',
        stop_no_end: 'stop without a last day',
      },
    },
    'given-up': {
      asks: 'What was written off, waived or cancelled, by whom and how much?',
      proves: 'Every amount that was given up, with its author, its reason and the word that allowed it.',
      provesNot: 'That it could have been collected.',
      why: {
        write_off: 'write-off',
        waiver: 'waiver',
        goodwill: 'goodwill in a dispute',
        discount: 'discount that was agreed',
        cancellation: 'cancellation',
        accessories: 'penalties and lump sum',
      },
    },
    'messages-in-doubt': {
      asks: 'Which messages may not have left, or left twice?',
      proves:
        'Each sending whose outcome nobody knew at first, and each step for which two messages may have reached the debtor.',
      provesNot: 'What the debtor found in his post: the provider’s report beside it says more.',
      why: {
        outcome_unknown: 'outcome unknown at first',
        sent_twice: 'two messages for one step',
        possible_duplicate: 'flagged as a possible duplicate',
      },
    },
    'hand-over-without-notice': {
      asks: 'Which files were handed over without proof of a formal notice?',
      proves:
        'That the file left before a formal notice was proved to have arrived, or while its time to answer still ran.',
      provesNot:
        'That the hand-over was wrong: the law asks for a notice in most cases, not in all, and a reason may be in the file.',
      why: { no_notice: 'no proof of a notice', answer_runs: 'the time to answer still ran' },
    },
    'looked-or-taken': {
      asks: 'Who looked at what, and who took lists away?',
      proves:
        'Every list that left as a file, every request of an auditor, every read of an external firm, and every look at whole files.',
      provesNot:
        'What our own people read day by day, which is not noted, and what somebody saw on another’s screen.',
      why: { taken: 'list taken away', looked: 'looked', opened: 'sealed payloads opened' },
    },
    'claim-settings-changed': {
      asks: 'Who changed what claims are worked out by, or where they are paid?',
      proves: 'Each change of rates, accounts, caps, four eyes and values of the law, with who and when.',
      provesNot: 'The values before a change of a creditor: the journal names its fields alone.',
      why: {
        house: 'setting of the house',
        law: 'value of the law',
        creditor: 'setting of a creditor',
        bank_account: 'bank account of a creditor',
        debtor: 'rate or kind of a debtor',
        insurance: 'insurance policy',
      },
    },
  },
  fr: {
    'notice-without-reminder': {
      asks: 'Quelles mises en demeure sont parties sans relance remise auparavant ?',
      proves:
        'Chaque mise en demeure de la liste est partie, d’après le journal de sa facture, avant que la remise d’une relance postérieure à l’échéance soit prouvée.',
      provesNot:
        'Que personne n’ait relancé le débiteur hors de Relance ; ni, pour une relance réputée remise, qu’elle ait été lue.',
      why: {
        none_sent: 'aucune relance n’a été demandée',
        none_delivered: 'des relances demandées, aucune remise',
      },
    },
    'contact-out-of-turn': {
      asks: 'Qui a été contacté alors que c’était payé, contesté, promis, suspendu ou en procédure, ou hors horaires et plafonds ?',
      proves:
        'Ce que disait le journal à l’instant où chaque message est parti, selon les règles mêmes qui gardent la porte ; et les plafonds d’alors.',
      provesNot:
        'Les appels et courriels faits hors de Relance. « Payé à la date de valeur » n’accuse personne : le règlement a été saisi après le message.',
      why: {
        paid: 'entièrement payée',
        cancelled: 'annulée',
        written_off: 'passée en perte',
        handed_over: 'transmise',
        small_difference: 'il ne restait qu’un petit écart',
        insolvent: 'débiteur en procédure collective',
        limited: 'prescrite',
        not_chased: 'à ne pas relancer',
        hold: 'suspendue',
        disputed_whole: 'entièrement contestée',
        plan_running: 'dans un échéancier',
        plan_late: 'dans un échéancier',
        promise_running: 'promise',
        promise_overdue: 'promise, sans constat de rupture',
        bank_data_old: 'promise, relevés bancaires trop anciens pour juger',
        task_open: 'une décision était attendue',
        listed_while_silent: 'citée dans un message alors qu’elle devait en être absente',
        outside_hours: 'hors des horaires d’envoi',
        beyond_caps: 'au-delà des plafonds d’alors',
        paid_by_value_date: 'payée à la date de valeur, saisie plus tard',
      },
    },
    'decided-alone': {
      asks: 'Quels actes graves une personne a-t-elle décidés seule ?',
      proves:
        'Les mises en demeure, remises, passages en perte et transmissions faits sans double regard, par une pièce qui n’en demande pas, avec l’accord de leur auteur, ou sans aucun accord inscrit.',
      provesNot:
        'Que deux utilisateurs soient deux personnes : voyez qui détient quelle clé, et le second facteur.',
      why: {
        four_eyes_off: 'le double regard était désactivé',
        paper: 'par une pièce qui n’en demande pas',
        own_approval: 'accordé par son propre auteur',
        no_word: 'ni accord ni mention d’un acte seul',
      },
    },
    procedure: {
      asks: 'Où la procédure n’a-t-elle pas été suivie : étapes en retard, sautées ou décidées autrement ?',
      proves:
        'Chaque étape demandée plus d’un jour après le moment voulu par le scénario, chaque tâche répondue après son jour, chaque étape sautée et chaque décision contraire au scénario, avec qui et pourquoi.',
      provesNot: 'Qu’un retard soit la faute de quelqu’un : une panne apparaît aussi ici.',
      why: {
        late: 'demandée en retard',
        task_late: 'répondue en retard',
        skipped: 'sautée',
        overridden: 'décidé autrement que le scénario',
        promise_beyond: 'promesse au-delà des bornes du scénario',
      },
    },
    'back-dated-payments': {
      asks: 'Quels règlements ont été saisis pour un jour passé ?',
      proves:
        'Quand chaque règlement a été saisi et pour quel jour ; quels messages l’ont réclamé entre-temps ; et si le grand livre dit toujours le jour annoncé.',
      provesNot: 'Quand l’argent est réellement arrivé : le relevé de banque le dit.',
      why: {
        entered_after_claim: 'saisi après qu’un message l’a réclamé',
        into_past_month: 'dans un mois déjà clos',
        late: 'saisi plus de cinq jours après',
        day_changed_since: 'le grand livre porte un autre jour que celui annoncé',
      },
    },
    'changed-after-claim': {
      asks: 'Quelles créances ont changé de montant après avoir été réclamées ?',
      proves:
        'Que la facture a d’abord été réclamée, puis corrigée, créditée ou annulée, par qui, et de combien à combien.',
      provesNot: 'Lequel des deux montants était juste.',
      why: { corrected: 'corrigée', credit_note: 'avoir', cancelled: 'annulée' },
    },
    'holds-without-end': {
      asks: 'Quelles suspensions n’ont ni fin ni motif ?',
      proves:
        'Qui a suspendu une facture, un débiteur ou davantage sans dernier jour ou sans motif, et quand ce fut levé.',
      provesNot: 'Qu’il n’y avait pas de motif : seulement qu’aucun n’est inscrit.',
      why: {
        no_end: 'suspension sans dernier jour',
        no_reason: 'suspension sans motif',
        debtor_no_end: 'suspension du débiteur sans dernier jour',
        debtor_no_reason: 'suspension du débiteur sans motif',
        stop_no_end: 'arrêt sans dernier jour',
      },
    },
    'given-up': {
      asks: 'Qu’a-t-on passé en perte, remis ou annulé, par qui et combien ?',
      proves: 'Chaque montant abandonné, avec son auteur, son motif et l’accord qui l’a permis.',
      provesNot: 'Qu’il aurait pu être recouvré.',
      why: {
        write_off: 'passage en perte',
        waiver: 'remise',
        goodwill: 'geste commercial sur contestation',
        discount: 'rabais convenu',
        cancellation: 'annulation',
        accessories: 'pénalités et indemnité',
      },
    },
    'messages-in-doubt': {
      asks: 'Quels messages ne sont peut-être pas partis, ou sont partis deux fois ?',
      proves:
        'Chaque envoi dont le sort n’a d’abord pas été connu, et chaque étape pour laquelle deux messages ont pu arriver.',
      provesNot:
        'Ce que le débiteur a trouvé dans son courrier : le compte rendu du transporteur en dit plus.',
      why: {
        outcome_unknown: 'sort d’abord inconnu',
        sent_twice: 'deux messages pour une étape',
        possible_duplicate: 'signalé comme doublon possible',
      },
    },
    'hand-over-without-notice': {
      asks: 'Quels dossiers ont été transmis sans preuve d’une mise en demeure ?',
      proves:
        'Que le dossier est parti avant la preuve qu’une mise en demeure soit arrivée, ou pendant son délai de réponse.',
      provesNot:
        'Que la transmission soit fautive : la loi demande une mise en demeure le plus souvent, pas toujours, et un motif peut être au dossier.',
      why: { no_notice: 'aucune preuve de mise en demeure', answer_runs: 'le délai de réponse courait' },
    },
    'looked-or-taken': {
      asks: 'Qui a consulté quoi, et qui a emporté des listes ?',
      proves:
        'Chaque liste sortie en fichier, chaque demande d’un auditeur, chaque lecture d’un cabinet externe, chaque consultation de dossiers entiers.',
      provesNot:
        'Ce que nos propres collaborateurs lisent chaque jour, qui n’est pas noté, ni ce qui fut vu sur l’écran d’un autre.',
      why: { taken: 'liste emportée', looked: 'consultation', opened: 'contenus scellés ouverts' },
    },
    'claim-settings-changed': {
      asks: 'Qui a changé ce par quoi les créances sont calculées, ou là où elles sont payées ?',
      proves:
        'Chaque changement de taux, de compte bancaire, de plafond, du double regard et des valeurs de la loi, avec qui et quand.',
      provesNot: 'Les valeurs d’avant pour un créancier : le journal n’en nomme que les champs.',
      why: {
        house: 'réglage de la maison',
        law: 'valeur de la loi',
        creditor: 'réglage d’un créancier',
        bank_account: 'compte bancaire d’un créancier',
        debtor: 'taux ou nature d’un débiteur',
        insurance: 'police d’assurance',
      },
    },
  },
};

/** What a code of a question means; the code itself where it has no words. */
export function whyInWords(key: QuestionKey, why: string, language: Language): string {
  return questionTexts[language][key].why[why] ?? why;
}
