import type { TemplatesOf } from './template.ts';

/**
 * The words for debtors abroad: plain sentences that survive a translation, and a word about bank charges.
 *
 * English is what most of them get; the French text is for those whose language is French.
 */
export const abroadTemplates: TemplatesOf<
  | 'pre_due_abroad'
  | 'reminder_abroad'
  | 'firm_reminder_abroad'
  | 'last_reminder_abroad'
  | 'formal_notice_abroad'
> = {
  pre_due_abroad: {
    level: 'preventive',
    fr: {
      subject:
        '{% if count == 1 %}Votre facture {{ invoice.number }}, à échéance le {{ invoice.dueDate }}{% else %}Vos {{ count }} prochaines échéances{% endif %}',
      greeting: 'warm',
      body: `{% if count == 1 %}Votre facture {{ invoice.number }} arrive à échéance le {{ invoice.dueDate }}, pour un montant à régler de {{ asked }}.{% else %}{{ counted | capitalize }} de vos factures arrivent prochainement à échéance, pour un total à régler de {{ asked }}.{% endif %}

Un virement international pouvant demander quelques jours, vous trouverez ci-dessous nos coordonnées bancaires complètes. S'il vous manque un document (facture, bon de livraison, attestation), répondez simplement à ce message.`,
      after: 'Si le virement est déjà programmé, vous n’avez rien à faire. Merci de votre confiance.',
      closing: 'Bien cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Your invoice {{ invoice.number }}, due on {{ invoice.dueDate }}{% else %}Your next {{ count }} due dates{% endif %}',
      greeting: 'warm',
      body: `{% if count == 1 %}Your invoice {{ invoice.number }} falls due on {{ invoice.dueDate }}; the amount to pay is {{ asked }}.{% else %}{{ counted | capitalize }} of your invoices will soon fall due; the amount to pay is {{ asked }} in total.{% endif %}

As an international transfer may take a few days, our full bank details are given below. If you are missing a document (invoice, delivery note, certificate), simply reply to this message.`,
      after:
        'If the transfer is already scheduled, there is nothing for you to do. Thank you for your business.',
      closing: 'Kind regards,',
    },
  },
  reminder_abroad: {
    level: 'reminder',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }}, échue le {{ invoice.dueDate }}{% else %}{{ count }} factures échues{% endif %}',
      greeting: 'warm',
      body: `Sauf erreur de notre part, {% if count == 1 %}nous n'avons pas encore reçu le règlement de la facture {{ invoice.number }}, dont l'échéance était fixée au {{ invoice.dueDate }}, soit {{ asked }}.{% else %}nous n'avons pas encore reçu le règlement de {{ counted }} factures échues, pour un montant total de {{ asked }}.{% endif %}

Si le virement a déjà été émis, auriez-vous l'obligeance de nous en adresser l'avis d'exécution ? Dans le cas contraire, nous vous remercions d'y procéder dès que possible, ou de nous dire ce qui s'y oppose.`,
      after: '',
      closing: 'Bien cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }}, due on {{ invoice.dueDate }}{% else %}{{ count }} invoices past due{% endif %}',
      greeting: 'warm',
      body: `According to our records, {% if count == 1 %}we have not yet received your payment of {{ asked }} for invoice {{ invoice.number }}, which was due on {{ invoice.dueDate }}.{% else %}we have not yet received your payment of {{ counted }} invoices whose due dates have passed, {{ asked }} in total.{% endif %}

If the transfer has already been made, could you please send us the bank's confirmation? Otherwise, we would be grateful if you could arrange it as soon as possible, or tell us what stands in its way.`,
      after: '',
      closing: 'Kind regards,',
    },
  },
  firm_reminder_abroad: {
    level: 'firm',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }} impayée depuis le {{ invoice.dueDate }}{% else %}{{ count }} factures impayées à ce jour{% endif %}',
      greeting: 'warm',
      body: `{% if lastReminderOn %}Malgré notre relance du {{ lastReminderOn }}, et{% else %}À ce jour, et{% endif %} sauf erreur de notre part, {% if count == 1 %}la facture {{ invoice.number }}, échue le {{ invoice.dueDate }}, reste impayée, pour un montant de {{ asked }}.{% else %}{{ counted }} factures échues restent impayées, pour un montant total de {{ asked }}.{% endif %}

Nous vous demandons de procéder au virement sans attendre et de nous en adresser l'avis d'exécution, ou de nous indiquer par retour la date à laquelle il sera exécuté.

Si vous contestez tout ou partie de cette somme, merci de nous en donner le motif : la partie contestée sera mise à part et examinée aussitôt.`,
      after: 'Si votre règlement s’est croisé avec ce message, merci de ne pas en tenir compte.',
      closing: 'Cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }}, unpaid since {{ invoice.dueDate }}{% else %}{{ count }} unpaid invoices{% endif %}',
      greeting: 'warm',
      body: `{% if lastReminderOn %}Despite our reminder of {{ lastReminderOn }}, and{% else %}To date, and{% endif %} according to our records, {% if count == 1 %}invoice {{ invoice.number }}, due on {{ invoice.dueDate }}, remains unpaid; the amount due is {{ asked }}.{% else %}{{ counted }} invoices remain unpaid after their due dates, {{ asked }} in total.{% endif %}

Please make the transfer without further delay and send us the bank's confirmation, or let us know by return the date on which it will be made.

If you dispute all or part of this amount, please give us the reason: the disputed part will be set aside and looked into at once.`,
      after: 'If your payment has crossed this message, please disregard it.',
      closing: 'Regards,',
    },
  },
  last_reminder_abroad: {
    level: 'firm',
    fr: {
      subject:
        'Dernier rappel amiable – {% if count == 1 %}facture {{ invoice.number }}{% else %}{{ count }} factures impayées{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Malgré notre relance du {{ lastReminderOn }}, et sauf{% else %}Sauf{% endif %} erreur de notre part, {% if count == 1 %}la facture {{ invoice.number }}, échue le {{ invoice.dueDate }}, reste impayée{% else %}{{ counted }} factures échues restent impayées{% endif %}, pour un montant de {{ asked }}.

Nous vous adressons ce dernier rappel à titre amiable. Une date de règlement, ou un avis d'exécution du virement, suffit à suspendre nos démarches.

Sans règlement ni réponse, nous serions conduits à vous adresser une mise en demeure.`,
      after: 'Si votre règlement s’est croisé avec ce message, merci de ne pas en tenir compte.',
      closing: 'Cordialement,',
    },
    en: {
      subject:
        'Final reminder – {% if count == 1 %}invoice {{ invoice.number }}{% else %}{{ count }} unpaid invoices{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Despite our reminder of {{ lastReminderOn }}, and according{% else %}According{% endif %} to our records, {% if count == 1 %}invoice {{ invoice.number }}, due on {{ invoice.dueDate }}, remains unpaid{% else %}{{ counted }} invoices remain unpaid after their due dates{% endif %}; the amount due is {{ asked }}.

This is our last amicable reminder. A date of payment, or the bank's confirmation of your transfer, is enough for us to pause.

Without payment or reply, we would have to send you a formal notice.`,
      after: 'If your payment has crossed this message, please disregard it.',
      closing: 'Regards,',
    },
  },
  formal_notice_abroad: {
    level: 'formal_notice',
    fr: {
      subject:
        'Mise en demeure de payer – {% if count == 1 %}facture {{ invoice.number }}{% else %}{{ count }} factures impayées{% endif %}',
      greeting: 'formal',
      body: `Malgré nos relances{% if lastReminderOn %}, dont la dernière en date du {{ lastReminderOn }},{% endif %} et sauf erreur de notre part, {% if count == 1 %}la facture désignée ci-dessous, dont l'échéance est dépassée, reste impayée{% else %}les {{ counted }} factures désignées ci-dessous, dont l'échéance est dépassée, restent impayées{% endif %}, pour un montant en principal de {{ asked }}.`,
      after:
        'Nous restons à votre disposition pour examiner sans délai toute réponse écrite et motivée de votre part.',
      closing: 'Veuillez agréer, Madame, Monsieur, nos salutations distinguées.',
    },
    en: {
      subject:
        'Formal notice to pay – {% if count == 1 %}invoice {{ invoice.number }}{% else %}{{ count }} unpaid invoices{% endif %}',
      greeting: 'formal',
      body: `Despite our reminders{% if lastReminderOn %}, the last of which is dated {{ lastReminderOn }},{% endif %} and according to our records, {% if count == 1 %}the invoice listed below, whose due date has passed, remains unpaid{% else %}the {{ counted }} invoices listed below, whose due dates have passed, remain unpaid{% endif %}, for a principal of {{ asked }}.`,
      after: 'We remain at your disposal to examine promptly any reasoned reply made in writing.',
      closing: 'Yours faithfully,',
    },
  },
};
