import type { TemplatesOf } from './template.ts';

/** The words for a risky debtor: short, factual, each asking for a date; still polite, and no threat. */
export const riskyTemplates: TemplatesOf<
  'pre_due_risky' | 'reminder_risky' | 'firm_reminder_risky' | 'last_reminder_risky'
> = {
  pre_due_risky: {
    level: 'preventive',
    fr: {
      subject:
        '{% if count == 1 %}Échéance du {{ invoice.dueDate }} – facture {{ invoice.number }}{% else %}Vos {{ count }} prochaines échéances{% endif %}',
      greeting: 'warm',
      body: `{% if count == 1 %}La facture {{ invoice.number }} arrive à échéance le {{ invoice.dueDate }}, pour un montant à régler de {{ asked }}.{% else %}{{ counted | capitalize }} factures arrivent prochainement à échéance, pour un total à régler de {{ asked }}.{% endif %}

Merci de nous confirmer, en répondant à ce message, que le règlement est programmé à cette date. Si la facture appelle une remarque, nous vous remercions de nous la faire connaître avant l'échéance.`,
      after: '',
      closing: 'Cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Due on {{ invoice.dueDate }} – invoice {{ invoice.number }}{% else %}Your next {{ count }} due dates{% endif %}',
      greeting: 'warm',
      body: `{% if count == 1 %}Invoice {{ invoice.number }} falls due on {{ invoice.dueDate }}; the amount to pay is {{ asked }}.{% else %}{{ counted | capitalize }} invoices, {{ asked }} in total, will soon fall due.{% endif %}

Please confirm, by replying to this message, that the payment is scheduled for that date. If anything on the invoice calls for a remark, please let us know before it falls due.`,
      after: '',
      closing: 'Regards,',
    },
  },
  reminder_risky: {
    level: 'reminder',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }} échue le {{ invoice.dueDate }} – règlement attendu{% else %}{{ count }} factures échues – règlement attendu{% endif %}',
      greeting: 'warm',
      body: `Sauf erreur de notre part, {% if count == 1 %}la facture {{ invoice.number }}, échue le {{ invoice.dueDate }}, n'est pas soldée : {{ asked }} restent à régler.{% else %}{{ counted }} factures échues ne sont pas soldées : {{ asked }} au total restent à régler.{% endif %}

Nous vous demandons de procéder au virement et de nous en confirmer la date en répondant à ce message. Si un motif s'y oppose, merci de nous l'exposer par la même voie.`,
      after: 'Si votre règlement s’est croisé avec ce message, merci de ne pas en tenir compte.',
      closing: 'Cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }}, due on {{ invoice.dueDate }} – payment awaited{% else %}{{ count }} invoices past due – payment awaited{% endif %}',
      greeting: 'warm',
      body: `According to our records, {% if count == 1 %}invoice {{ invoice.number }}, due on {{ invoice.dueDate }}, has not been settled: {{ asked }} remains to be paid.{% else %}{{ counted }} invoices past their due dates have not been settled: {{ asked }} in total remains to be paid.{% endif %}

Please make the transfer and confirm its date by replying to this message. If there is a reason that prevents it, please tell us in the same way.`,
      after: 'If your payment has crossed this message, please disregard it.',
      closing: 'Regards,',
    },
  },
  firm_reminder_risky: {
    level: 'firm',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }} impayée – date de règlement demandée{% else %}{{ count }} factures impayées – date de règlement demandée{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Malgré notre relance du {{ lastReminderOn }}, {% else %}À ce jour, {% endif %}{% if count == 1 %}la facture {{ invoice.number }}, échue depuis {{ age }}, reste impayée, pour un montant de {{ asked }}.{% else %}{{ counted }} factures, dont la plus ancienne est échue depuis {{ age }}, restent impayées, pour un montant total de {{ asked }}.{% endif %}

Nous vous demandons de régler cette somme sans délai. À défaut de pouvoir le faire en une fois, adressez-nous dès aujourd'hui une proposition écrite, avec des dates : nous l'examinerons.`,
      after: 'Si votre règlement s’est croisé avec ce message, merci de ne pas en tenir compte.',
      closing: 'Cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }} unpaid – date of payment requested{% else %}{{ count }} invoices unpaid – date of payment requested{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Despite our reminder of {{ lastReminderOn }}, {% else %}To date, {% endif %}{% if count == 1 %}invoice {{ invoice.number }}, {{ age }} past its due date, remains unpaid; the amount due is {{ asked }}.{% else %}{{ counted }} invoices, the oldest of which is {{ age }} past its due date, remain unpaid, {{ asked }} in total.{% endif %}

Please pay this amount without delay. If you cannot do so at once, send us a written proposal with dates today, and we will look into it.`,
      after: 'If your payment has crossed this message, please disregard it.',
      closing: 'Regards,',
    },
  },
  last_reminder_risky: {
    level: 'firm',
    fr: {
      subject:
        'Dernier rappel avant mise en demeure – {% if count == 1 %}facture {{ invoice.number }}{% else %}{{ count }} factures impayées{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Malgré notre relance du {{ lastReminderOn }}, {% else %}À ce jour, {% endif %}{% if count == 1 %}la facture {{ invoice.number }}, échue depuis {{ age }}, reste impayée{% else %}{{ counted }} factures, dont la plus ancienne est échue depuis {{ age }}, restent impayées{% endif %}, pour un montant de {{ asked }}.

Ce message est notre dernier rappel. Sans règlement ni proposition écrite de votre part, l'étape suivante sera une mise en demeure.`,
      after: 'Si votre règlement s’est croisé avec ce message, merci de ne pas en tenir compte.',
      closing: 'Cordialement,',
    },
    en: {
      subject:
        'Last reminder before formal notice – {% if count == 1 %}invoice {{ invoice.number }}{% else %}{{ count }} unpaid invoices{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Despite our reminder of {{ lastReminderOn }}, {% else %}To date, {% endif %}{% if count == 1 %}invoice {{ invoice.number }}, {{ age }} past its due date, remains unpaid{% else %}{{ counted }} invoices, the oldest of which is {{ age }} past its due date, remain unpaid{% endif %}; the amount due is {{ asked }}.

This is our last reminder. Without payment or a written proposal from you, the next step will be a formal notice.`,
      after: 'If your payment has crossed this message, please disregard it.',
      closing: 'Regards,',
    },
  },
};
