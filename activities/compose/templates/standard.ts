import type { TemplatesOf } from './template.ts';

/** The words of the standard scenario: courteous, then plain, never hurt. */
export const standardTemplates: TemplatesOf<
  'pre_due' | 'reminder' | 'firm_reminder' | 'last_reminder' | 'formal_notice'
> = {
  pre_due: {
    level: 'preventive',
    fr: {
      subject:
        '{% if count == 1 %}Votre facture {{ invoice.number }}, à échéance le {{ invoice.dueDate }}{% else %}Vos {{ count }} prochaines échéances{% endif %}',
      greeting: 'warm',
      body: `{% if count == 1 %}Votre facture {{ invoice.number }} arrive à échéance le {{ invoice.dueDate }}, pour un montant à régler de {{ asked }}.{% else %}{{ counted | capitalize }} de vos factures arrivent prochainement à échéance, pour un total à régler de {{ asked }}. Vous en trouverez le détail ci-dessous.{% endif %}

S'il vous manque un document ou un numéro de commande, ou si un point appelle une remarque, répondez simplement à ce message : nous aurons ainsi le temps de régler la question ensemble.`,
      after: 'Si le règlement est déjà programmé, vous n’avez rien à faire. Merci de votre confiance.',
      closing: 'Bien cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Your invoice {{ invoice.number }}, due on {{ invoice.dueDate }}{% else %}Your next {{ count }} due dates{% endif %}',
      greeting: 'warm',
      body: `{% if count == 1 %}Your invoice {{ invoice.number }} falls due on {{ invoice.dueDate }}; the amount to pay is {{ asked }}.{% else %}{{ counted | capitalize }} of your invoices, {{ asked }} in total, will soon fall due. You will find the details below.{% endif %}

If you are missing a document or an order number, or if anything on the invoice calls for a remark, simply reply to this message, so that we have time to settle it together.`,
      after:
        'If the payment is already scheduled, there is nothing for you to do. Thank you for your business.',
      closing: 'Kind regards,',
    },
  },
  reminder: {
    level: 'reminder',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }}, échue le {{ invoice.dueDate }}{% else %}{{ count }} factures échues{% endif %}',
      greeting: 'warm',
      body: `Sauf erreur de notre part, {% if count == 1 %}nous n'avons pas encore reçu le règlement de la facture {{ invoice.number }}, dont l'échéance était fixée au {{ invoice.dueDate }}, soit {{ asked }}.{% else %}nous n'avons pas encore reçu le règlement de {{ counted }} factures échues, pour un montant total de {{ asked }}.{% endif %}

Il s'agit peut-être d'un simple oubli. Nous vous remercions de procéder au virement dès que possible ou, si quelque chose s'y oppose, de nous le dire en répondant à ce message.`,
      after: 'Si votre règlement s’est croisé avec ce message, merci de ne pas en tenir compte.',
      closing: 'Bien cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }}, due on {{ invoice.dueDate }}{% else %}{{ count }} invoices past due{% endif %}',
      greeting: 'warm',
      body: `According to our records, {% if count == 1 %}we have not yet received your payment of {{ asked }} for invoice {{ invoice.number }}, which was due on {{ invoice.dueDate }}.{% else %}we have not yet received your payment of {{ counted }} invoices whose due dates have passed, {{ asked }} in total.{% endif %}

This may simply have been overlooked. We would be grateful if you could arrange the transfer as soon as possible or, if something stands in its way, tell us by replying to this message.`,
      after: 'If your payment has crossed this message, please disregard it.',
      closing: 'Kind regards,',
    },
  },
  firm_reminder: {
    level: 'firm',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }} impayée depuis le {{ invoice.dueDate }}{% else %}{{ count }} factures impayées à ce jour{% endif %}',
      greeting: 'warm',
      body: `{% if lastReminderOn %}Malgré notre relance du {{ lastReminderOn }}, et{% else %}À ce jour, et{% endif %} sauf erreur de notre part, {% if count == 1 %}la facture {{ invoice.number }}, échue le {{ invoice.dueDate }}, reste impayée, pour un montant de {{ asked }}.{% else %}{{ counted }} factures échues restent impayées, pour un montant total de {{ asked }}.{% endif %}

Nous vous demandons de bien vouloir procéder à ce règlement sans attendre, ou de nous indiquer par retour la date à laquelle le virement sera exécuté.

Si vous contestez tout ou partie de cette somme, merci de nous en donner le motif en répondant à ce message : la partie contestée sera mise à part et examinée aussitôt.`,
      after: 'Si votre règlement s’est croisé avec ce message, merci de ne pas en tenir compte.',
      closing: 'Cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }}, unpaid since {{ invoice.dueDate }}{% else %}{{ count }} unpaid invoices{% endif %}',
      greeting: 'warm',
      body: `{% if lastReminderOn %}Despite our reminder of {{ lastReminderOn }}, and{% else %}To date, and{% endif %} according to our records, {% if count == 1 %}invoice {{ invoice.number }}, due on {{ invoice.dueDate }}, remains unpaid; the amount due is {{ asked }}.{% else %}{{ counted }} invoices remain unpaid after their due dates, {{ asked }} in total.{% endif %}

Please make this payment without further delay, or let us know by return the date on which the transfer will be made.

If you dispute all or part of this amount, please give us the reason by replying to this message: the disputed part will be set aside and looked into at once.`,
      after: 'If your payment has crossed this message, please disregard it.',
      closing: 'Regards,',
    },
  },
  last_reminder: {
    level: 'firm',
    fr: {
      subject:
        'Dernier rappel amiable – {% if count == 1 %}facture {{ invoice.number }}{% else %}{{ count }} factures impayées{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Notre relance du {{ lastReminderOn }} étant restée sans effet, {% if count == 1 %}la facture {{ invoice.number }}, échue le {{ invoice.dueDate }}, reste impayée à ce jour{% else %}{{ counted }} factures échues restent impayées à ce jour{% endif %}{% else %}Sauf erreur de notre part, {% if count == 1 %}la facture {{ invoice.number }}, échue le {{ invoice.dueDate }}, reste impayée à ce jour{% else %}{{ counted }} factures échues restent impayées à ce jour{% endif %}{% endif %}, pour un montant de {{ asked }}.

Nous vous adressons ce dernier rappel à titre amiable. Si vous rencontrez une difficulté, parlons-en dès maintenant : une réponse de votre part, accompagnée d'une date de règlement, suffit à suspendre nos démarches le temps de l'examiner.

Sans règlement ni réponse, nous serions conduits à vous adresser une mise en demeure.`,
      after: 'Si votre règlement s’est croisé avec ce message, merci de ne pas en tenir compte.',
      closing: 'Cordialement,',
    },
    en: {
      subject:
        'Final reminder – {% if count == 1 %}invoice {{ invoice.number }}{% else %}{{ count }} unpaid invoices{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Our reminder of {{ lastReminderOn }} has not brought this matter to a close: {% else %}According to our records, {% endif %}{% if count == 1 %}invoice {{ invoice.number }}, due on {{ invoice.dueDate }}, remains unpaid to date{% else %}{{ counted }} invoices remain unpaid after their due dates{% endif %}; the amount due is {{ asked }}.

This is our last amicable reminder. If you are facing a difficulty, please talk to us now: a reply with a date of payment is enough for us to pause while we look into it.

Without payment or reply, we would have to send you a formal notice.`,
      after: 'If your payment has crossed this message, please disregard it.',
      closing: 'Regards,',
    },
  },
  formal_notice: {
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
