import type { TemplatesOf } from './template.ts';

/** The words for a customer who pays well: we assume an oversight, and say so. */
export const goodPayerTemplates: TemplatesOf<
  'pre_due_soft' | 'reminder_soft' | 'firm_reminder_soft' | 'last_reminder_soft'
> = {
  pre_due_soft: {
    level: 'preventive',
    fr: {
      subject:
        '{% if count == 1 %}Votre facture {{ invoice.number }}, à échéance le {{ invoice.dueDate }}{% else %}Vos {{ count }} prochaines échéances{% endif %}',
      greeting: 'warm',
      body: `Un simple mot pour vous signaler {% if count == 1 %}que votre facture {{ invoice.number }} arrive à échéance le {{ invoice.dueDate }}, avec {{ asked }} à régler.{% else %}que {{ counted }} de vos factures, {{ asked }} au total, arrivent bientôt à échéance.{% endif %} Vous trouverez ci-dessous de quoi préparer le virement.

S'il vous manque quoi que ce soit, un mot en réponse à ce message et nous nous en occupons.`,
      after: 'Merci de votre confiance et de la régularité de vos règlements.',
      closing: 'Bien cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Your invoice {{ invoice.number }}, due on {{ invoice.dueDate }}{% else %}Your next {{ count }} due dates{% endif %}',
      greeting: 'warm',
      body: `Just a note to let you know that {% if count == 1 %}your invoice {{ invoice.number }} falls due on {{ invoice.dueDate }}, with {{ asked }} to pay.{% else %}{{ counted }} of your invoices, {{ asked }} in total, will soon fall due.{% endif %} Everything you need to prepare the transfer is below.

If you are missing anything at all, a word in reply is enough and we will see to it.`,
      after: 'Thank you for your business, and for your prompt payments.',
      closing: 'Kind regards,',
    },
  },
  reminder_soft: {
    level: 'reminder',
    fr: {
      subject:
        '{% if count == 1 %}Un oubli ? Facture {{ invoice.number }}, échue le {{ invoice.dueDate }}{% else %}Un oubli ? {{ count }} factures arrivées à échéance{% endif %}',
      greeting: 'warm',
      body: `{% if count == 1 %}La facture {{ invoice.number }} est arrivée à échéance le {{ invoice.dueDate }}, et nous n'avons pas encore vu passer son règlement, de {{ asked }}.{% else %}{{ counted | capitalize }} factures, {{ asked }} au total, sont arrivées à échéance, et nous n'avons pas encore vu passer leur règlement.{% endif %}

Vos règlements nous parviennent d'ordinaire sans que nous ayons à vous écrire : il s'agit sans doute d'un oubli, ou d'un document qui ne vous est pas parvenu. Dites-nous si nous devons vous renvoyer quelque chose.`,
      after: 'Si le virement est déjà parti, merci, et veuillez ne pas tenir compte de ce message.',
      closing: 'Bien cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}A quick check: invoice {{ invoice.number }}, due on {{ invoice.dueDate }}{% else %}A quick check: {{ count }} invoices now due{% endif %}',
      greeting: 'warm',
      body: `{% if count == 1 %}Invoice {{ invoice.number }} fell due on {{ invoice.dueDate }}, and we have not yet seen its payment of {{ asked }}.{% else %}{{ counted | capitalize }} invoices, {{ asked }} in total, have fallen due, and we have not yet seen their payment.{% endif %}

Your payments usually reach us without our having to write: this is probably an oversight, or a document that never reached you. Please tell us if we should send anything again.`,
      after: 'If the transfer is already on its way, thank you, and please disregard this message.',
      closing: 'Kind regards,',
    },
  },
  firm_reminder_soft: {
    level: 'firm',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }} : toujours en attente de règlement{% else %}{{ count }} factures toujours en attente de règlement{% endif %}',
      greeting: 'warm',
      body: `{% if lastReminderOn %}Nous revenons vers vous à la suite de notre message du {{ lastReminderOn }} : {% else %}Nous revenons vers vous au sujet de votre compte : {% endif %}{% if count == 1 %}la facture {{ invoice.number }}, échue le {{ invoice.dueDate }}, n'est pas encore soldée ; il reste {{ asked }} à régler.{% else %}{{ counted }} factures échues, {{ asked }} au total, ne sont pas encore réglées.{% endif %}

Cela ne vous ressemble pas. Un point bloque-t-il de votre côté ? Pourriez-vous nous indiquer la date prévue pour le virement, ou la personne à qui nous adresser ?`,
      after: 'Si le virement est déjà parti, merci, et veuillez ne pas tenir compte de ce message.',
      closing: 'Bien cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }}: still awaiting payment{% else %}{{ count }} invoices still awaiting payment{% endif %}',
      greeting: 'warm',
      body: `{% if lastReminderOn %}Following our message of {{ lastReminderOn }}: {% else %}About your account: {% endif %}{% if count == 1 %}invoice {{ invoice.number }}, due on {{ invoice.dueDate }}, has not been settled yet; {{ asked }} remains to be paid.{% else %}{{ counted }} invoices past their due dates, {{ asked }} in total, have not been paid yet.{% endif %}

This is unlike you. Is something holding it up on your side? Could you let us know when the transfer is planned, or whom we should ask?`,
      after: 'If the transfer is already on its way, thank you, and please disregard this message.',
      closing: 'Kind regards,',
    },
  },
  last_reminder_soft: {
    level: 'firm',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }} : merci de nous répondre{% else %}{{ count }} factures en attente : merci de nous répondre{% endif %}',
      greeting: 'warm',
      body: `{% if lastReminderOn %}Depuis notre message du {{ lastReminderOn }}, et sauf{% else %}Sauf{% endif %} erreur de notre part, {% if count == 1 %}la facture {{ invoice.number }}, échue le {{ invoice.dueDate }}, reste impayée, pour {{ asked }}.{% else %}{{ counted }} factures échues restent impayées, {{ asked }} au total.{% endif %}

Nous tenons à notre relation et souhaitons régler la question entre nous. Une date de règlement, ou l'explication de ce qui s'y oppose, nous suffit ; un simple appel aussi.

Sans nouvelles de votre part, nous ne pourrions plus différer l'envoi d'une mise en demeure.`,
      after: 'Si votre règlement s’est croisé avec ce message, merci de ne pas en tenir compte.',
      closing: 'Bien cordialement,',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }}: please reply{% else %}{{ count }} invoices outstanding: please reply{% endif %}',
      greeting: 'warm',
      body: `{% if lastReminderOn %}Since our message of {{ lastReminderOn }}, and according{% else %}According{% endif %} to our records, {% if count == 1 %}invoice {{ invoice.number }}, due on {{ invoice.dueDate }}, remains unpaid; the amount due is {{ asked }}.{% else %}{{ counted }} invoices remain unpaid after their due dates, {{ asked }} in total.{% endif %}

We value our relationship and would like to settle this between us. A date of payment, or the reason that prevents it, is all we need; a simple call will do.

Without news from you, we could no longer put off sending a formal notice.`,
      after: 'If your payment has crossed this message, please disregard it.',
      closing: 'Kind regards,',
    },
  },
};
