import type { TemplatesOf } from './template.ts';

/**
 * The words for public bodies: administrative politeness, Chorus Pro and the payment order first.
 *
 * An accountant may pay only after the order of the authorising officer, so each message asks where the file stands.
 */
export const publicBodyTemplates: TemplatesOf<
  | 'pre_due_public'
  | 'reminder_public'
  | 'firm_reminder_public'
  | 'last_reminder_public'
  | 'formal_notice_public'
> = {
  pre_due_public: {
    level: 'preventive',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }} : échéance du {{ invoice.dueDate }}{% else %}{{ count }} factures arrivant à échéance{% endif %}',
      greeting: 'formal',
      body: `Nous nous permettons d'appeler votre attention sur {% if count == 1 %}la facture {{ invoice.number }}, dont le délai de paiement expire le {{ invoice.dueDate }}, pour un montant de {{ asked }}.{% else %}{{ counted }} factures dont le délai de paiement expire prochainement, pour un montant total de {{ asked }}.{% endif %}

Nous vous saurions gré de nous faire savoir si le dossier déposé sur Chorus Pro est complet ou si une pièce (bon de commande, numéro d'engagement, attestation de service fait) fait défaut : nous la transmettrions aussitôt.`,
      after: 'Si le mandatement est déjà intervenu, ce message n’appelle aucune réponse.',
      closing: 'Nous vous prions d’agréer, Madame, Monsieur, l’expression de notre considération distinguée.',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }}: payment period ending on {{ invoice.dueDate }}{% else %}{{ count }} invoices whose payment period is ending{% endif %}',
      greeting: 'formal',
      body: `We respectfully draw your attention to {% if count == 1 %}invoice {{ invoice.number }}, whose payment period ends on {{ invoice.dueDate }}; its amount is {{ asked }}.{% else %}{{ counted }} invoices whose payment period is about to end, {{ asked }} in total.{% endif %}

We would be grateful if you could tell us whether the file submitted on Chorus Pro is complete, or whether a document (purchase order, commitment number, certificate of service rendered) is missing: we would send it at once.`,
      after: 'If the payment order has already been issued, no reply is needed.',
      closing: 'Yours faithfully,',
    },
  },
  reminder_public: {
    level: 'reminder',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }} : demande d’information sur son traitement{% else %}{{ count }} factures : demande d’information sur leur traitement{% endif %}',
      greeting: 'formal',
      body: `Sauf erreur de notre part, {% if count == 1 %}la facture {{ invoice.number }}, dont le délai de paiement a expiré le {{ invoice.dueDate }}, n'a pas encore été mise en paiement, pour un montant de {{ asked }}.{% else %}{{ counted }} factures dont le délai de paiement a expiré n'ont pas encore été mises en paiement, pour un montant total de {{ asked }}.{% endif %}

Nous vous serions reconnaissants de bien vouloir nous indiquer l'état d'avancement du dossier (service fait, mandatement, transmission au comptable) ainsi que la date de paiement envisagée. Si la facture a été suspendue ou rejetée sur Chorus Pro, merci de nous en préciser le motif : nous la compléterons sans attendre.`,
      after:
        'Si le mandatement est intervenu entre-temps, nous vous remercions de ne pas tenir compte de ce message.',
      closing: 'Nous vous prions d’agréer, Madame, Monsieur, l’expression de notre considération distinguée.',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }}: enquiry about its processing{% else %}{{ count }} invoices: enquiry about their processing{% endif %}',
      greeting: 'formal',
      body: `According to our records, {% if count == 1 %}invoice {{ invoice.number }}, whose payment period ended on {{ invoice.dueDate }}, has not yet been put into payment; its amount is {{ asked }}.{% else %}{{ counted }} invoices whose payment period has ended have not yet been put into payment, {{ asked }} in total.{% endif %}

We would be grateful if you could tell us where the file stands (service rendered, payment order, transmission to the accountant) and when payment is expected. If the invoice was suspended or rejected on Chorus Pro, please let us know why, so that we may complete it without delay.`,
      after: 'If the payment order has been issued in the meantime, please disregard this message.',
      closing: 'Yours faithfully,',
    },
  },
  firm_reminder_public: {
    level: 'firm',
    fr: {
      subject:
        '{% if count == 1 %}Facture {{ invoice.number }} : délai de paiement expiré le {{ invoice.dueDate }}{% else %}{{ count }} factures : délai de paiement expiré{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Par notre message du {{ lastReminderOn }}, nous appelions votre attention sur{% else %}Nous appelons votre attention sur{% endif %} {% if count == 1 %}la facture {{ invoice.number }}, dont le délai de paiement a expiré le {{ invoice.dueDate }}. Sauf erreur de notre part, elle demeure impayée pour un montant de {{ asked }}.{% else %}{{ counted }} factures dont le délai de paiement a expiré. Sauf erreur de notre part, elles demeurent impayées pour un montant total de {{ asked }}.{% endif %}

Nous vous demandons de bien vouloir procéder au mandatement dans les meilleurs délais et nous en communiquer la date, ou nous faire connaître le motif qui s'y oppose.

Nous rappelons que le dépassement du délai de paiement fait courir de plein droit des intérêts moratoires et ouvre droit à l'indemnité forfaitaire pour frais de recouvrement (articles L. 2192-13 et D. 2192-35 du code de la commande publique).`,
      after:
        'Si le mandatement est intervenu entre-temps, nous vous remercions de ne pas tenir compte de ce message.',
      closing: 'Nous vous prions d’agréer, Madame, Monsieur, l’expression de notre considération distinguée.',
    },
    en: {
      subject:
        '{% if count == 1 %}Invoice {{ invoice.number }}: payment period ended on {{ invoice.dueDate }}{% else %}{{ count }} invoices: payment period ended{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}In our message of {{ lastReminderOn }} we drew your attention to{% else %}We draw your attention to{% endif %} {% if count == 1 %}invoice {{ invoice.number }}, whose payment period ended on {{ invoice.dueDate }}. According to our records it remains unpaid; the amount due is {{ asked }}.{% else %}{{ counted }} invoices whose payment period has ended. According to our records they remain unpaid, {{ asked }} in total.{% endif %}

We kindly ask you to issue the payment order as soon as possible and to let us know its date, or to tell us what stands in its way.

May we recall that, once the payment period has ended, interest on late payment runs as of right and the fixed indemnity for recovery costs is due (articles L. 2192-13 and D. 2192-35 of the French public procurement code).`,
      after: 'If the payment order has been issued in the meantime, please disregard this message.',
      closing: 'Yours faithfully,',
    },
  },
  last_reminder_public: {
    level: 'firm',
    fr: {
      subject:
        'Dernier rappel – {% if count == 1 %}facture {{ invoice.number }}{% else %}{{ count }} factures dont le délai de paiement a expiré{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Malgré notre message du {{ lastReminderOn }}, et sauf{% else %}Sauf{% endif %} erreur de notre part, {% if count == 1 %}la facture {{ invoice.number }}, dont le délai de paiement a expiré le {{ invoice.dueDate }}, demeure impayée, pour un montant de {{ asked }}.{% else %}{{ counted }} factures dont le délai de paiement a expiré demeurent impayées, pour un montant total de {{ asked }}.{% endif %}

Nous avons l'honneur de vous demander, une dernière fois à titre amiable, de faire procéder au mandatement et de nous en communiquer la date. Si une pièce fait encore défaut, nous vous remercions de nous l'indiquer : elle vous sera transmise le jour même.

Sans réponse de votre part, nous serions conduits à vous adresser une mise en demeure.`,
      after:
        'Si le mandatement est intervenu entre-temps, nous vous remercions de ne pas tenir compte de ce message.',
      closing: 'Nous vous prions d’agréer, Madame, Monsieur, l’expression de notre considération distinguée.',
    },
    en: {
      subject:
        'Final reminder – {% if count == 1 %}invoice {{ invoice.number }}{% else %}{{ count }} invoices whose payment period has ended{% endif %}',
      greeting: 'formal',
      body: `{% if lastReminderOn %}Despite our message of {{ lastReminderOn }}, and according{% else %}According{% endif %} to our records, {% if count == 1 %}invoice {{ invoice.number }}, whose payment period ended on {{ invoice.dueDate }}, remains unpaid; the amount due is {{ asked }}.{% else %}{{ counted }} invoices whose payment period has ended remain unpaid, {{ asked }} in total.{% endif %}

We respectfully ask you, one last time amicably, to have the payment order issued and to let us know its date. If a document is still missing, please tell us: we will send it the same day.

Without a reply from you, we would have to send a formal notice.`,
      after: 'If the payment order has been issued in the meantime, please disregard this message.',
      closing: 'Yours faithfully,',
    },
  },
  formal_notice_public: {
    level: 'formal_notice',
    fr: {
      subject:
        'Mise en demeure de payer – {% if count == 1 %}facture {{ invoice.number }}{% else %}{{ count }} factures dont le délai de paiement a expiré{% endif %}',
      greeting: 'formal',
      body: `Malgré nos demandes{% if lastReminderOn %}, dont la dernière en date du {{ lastReminderOn }},{% endif %} et sauf erreur de notre part, {% if count == 1 %}la facture désignée ci-dessous, dont le délai de paiement a expiré, demeure impayée{% else %}les {{ counted }} factures désignées ci-dessous, dont le délai de paiement a expiré, demeurent impayées{% endif %}, pour un montant en principal de {{ asked }}.`,
      after:
        'Nous restons à la disposition de vos services pour leur transmettre toute pièce utile au paiement.',
      closing: 'Nous vous prions d’agréer, Madame, Monsieur, l’expression de notre considération distinguée.',
    },
    en: {
      subject:
        'Formal notice to pay – {% if count == 1 %}invoice {{ invoice.number }}{% else %}{{ count }} invoices whose payment period has ended{% endif %}',
      greeting: 'formal',
      body: `Despite our requests{% if lastReminderOn %}, the last of which is dated {{ lastReminderOn }},{% endif %} and according to our records, {% if count == 1 %}the invoice listed below, whose payment period has ended, remains unpaid{% else %}the {{ counted }} invoices listed below, whose payment period has ended, remain unpaid{% endif %}, for a principal of {{ asked }}.`,
      after: 'We remain at the disposal of your departments for any document that the payment may require.',
      closing: 'Yours faithfully,',
    },
  },
};
