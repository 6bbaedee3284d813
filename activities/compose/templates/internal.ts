import type { TemplatesOf } from './template.ts';

/** The words of mails to our own users: what to do, by when, and why it landed on them. */
export const internalTemplates: TemplatesOf<
  | 'internal_task_due'
  | 'internal_task_late'
  | 'internal_approval_waiting'
  | 'internal_draft_waiting'
  | 'internal_promise_broken'
  | 'internal_bank_data_old'
  | 'internal_instalment_missed'
  | 'internal_plan_broken'
  | 'internal_litigation_waits'
  | 'internal_litigation_silent'
  | 'internal_litigation_handed'
  | 'internal_litigation_moved'
  | 'internal_litigation_news'
  | 'internal_litigation_recovered'
  | 'internal_litigation_withdrawn'
  | 'internal_litigation_insolvent'
  | 'internal_remittance_late'
  | 'internal_escalation'
  | 'internal_dispute_due'
  | 'internal_dispute_late'
  | 'internal_legal_clock'
  | 'internal_phase_ends'
  | 'internal_deposit_required'
> = {
  internal_task_due: {
    level: 'preventive',
    fr: {
      subject: 'À faire{% if dueDate %} pour le {{ dueDate }}{% endif %} : {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `Une tâche vous attend pour {{ debtor.name }} : {{ title }}.{% if dueDate %} Elle est prévue pour le {{ dueDate }}.{% endif %}`,
      after: 'Notez le résultat dans le dossier : la suite du scénario en dépend.',
      closing: '',
    },
    en: {
      subject: 'To do{% if dueDate %} by {{ dueDate }}{% endif %}: {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `A task is waiting for you about {{ debtor.name }}: {{ title }}.{% if dueDate %} It is planned for {{ dueDate }}.{% endif %}`,
      after: 'Record the outcome in the file: the next step depends on it.',
      closing: '',
    },
  },
  internal_task_late: {
    level: 'preventive',
    fr: {
      subject: 'Toujours à faire : {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `Cette tâche {% if dueDate %}était prévue pour le {{ dueDate }} et {% endif %}n'a pas encore de résultat : {{ title }} ({{ debtor.name }}).{% if owner.name %} Elle est confiée à {{ owner.name }}.{% endif %}`,
      after:
        'Pendant ce temps, la durée de la phase amiable continue de courir : faites la tâche, confiez-la à quelqu’un d’autre ou passez l’étape en donnant un motif.',
      closing: '',
    },
    en: {
      subject: 'Still to do: {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `This task {% if dueDate %}was planned for {{ dueDate }} and {% endif %}has no outcome yet: {{ title }} ({{ debtor.name }}).{% if owner.name %} It is assigned to {{ owner.name }}.{% endif %}`,
      after:
        'Meanwhile the amicable phase goes on running: do the task, assign it to somebody else, or skip the step with a reason.',
      closing: '',
    },
  },
  internal_approval_waiting: {
    level: 'preventive',
    fr: {
      subject:
        'Accord attendu{% if dueDate %} avant le {{ dueDate }}{% endif %} : {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `Un accord vous est demandé pour {{ debtor.name }} : {{ title }}. Rien n'est fait sans lui.{% if dueDate %} Sans réponse, la demande expire le {{ dueDate }}.{% endif %}`,
      after: 'Acceptez ou refusez en donnant un motif ; celui qui a demandé ne peut pas répondre lui-même.',
      closing: '',
    },
    en: {
      subject:
        'A yes is awaited{% if dueDate %} by {{ dueDate }}{% endif %}: {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `You are asked to say yes or no about {{ debtor.name }}: {{ title }}. Nothing is done without it.{% if dueDate %} Unanswered, the request lapses on {{ dueDate }}.{% endif %}`,
      after: 'Approve, or refuse with a reason; whoever asked cannot answer it himself.',
      closing: '',
    },
  },
  internal_draft_waiting: {
    level: 'preventive',
    fr: {
      subject: 'À relire : {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `Un message pour {{ debtor.name }} attend votre relecture : {{ title }}. Rien ne part avant votre accord.{% if dueDate %} Merci de le relire avant le {{ dueDate }}.{% endif %}`,
      after: 'Vous pouvez modifier le texte ; les montants suivent les factures.',
      closing: '',
    },
    en: {
      subject: 'To review: {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `A message to {{ debtor.name }} awaits your review: {{ title }}. Nothing leaves before you agree.{% if dueDate %} Please review it before {{ dueDate }}.{% endif %}`,
      after: 'You may edit the words; the amounts follow the invoices.',
      closing: '',
    },
  },
  internal_promise_broken: {
    level: 'preventive',
    fr: {
      subject: 'Promesse non tenue – {{ debtor.name }}',
      greeting: 'warm',
      body: `{{ debtor.name }} avait promis de payer{% if dueDate %} pour le {{ dueDate }}{% endif %}, et le règlement n'est pas arrivé : {{ title }}.`,
      after: 'Le scénario reprend à l’étape suivante. Un appel avant elle peut suffire.',
      closing: '',
    },
    en: {
      subject: 'Broken promise – {{ debtor.name }}',
      greeting: 'warm',
      body: `{{ debtor.name }} had promised to pay{% if dueDate %} by {{ dueDate }}{% endif %}, and the payment has not arrived: {{ title }}.`,
      after: 'The scenario goes on with its next step. A call before it may be enough.',
      closing: '',
    },
  },
  internal_bank_data_old: {
    level: 'preventive',
    fr: {
      subject: 'Données bancaires trop anciennes – {{ creditor.name }}',
      greeting: 'warm',
      body: `Une promesse ou un échéancier de {{ debtor.name }} est échu, mais les données bancaires de {{ creditor.name }} sont trop anciennes pour dire que rien n'est arrivé : {{ title }}.`,
      after:
        'Rien n’est déclaré non tenu avant que les données arrivent : importez le relevé, ou indiquez jusqu’à quel jour il est complet.',
      closing: '',
    },
    en: {
      subject: 'Bank data too old – {{ creditor.name }}',
      greeting: 'warm',
      body: `A promise or a plan of {{ debtor.name }} has lapsed, but the bank data of {{ creditor.name }} are too old to say that nothing came: {{ title }}.`,
      after:
        'Nothing is declared broken before the data come: import the statement, or say up to which day it is complete.',
      closing: '',
    },
  },
  internal_instalment_missed: {
    level: 'preventive',
    fr: {
      subject: 'Échéance non réglée – {{ debtor.name }}',
      greeting: 'warm',
      body: `Dans l'échéancier de {{ debtor.name }}, l'échéance{% if dueDate %} du {{ dueDate }}{% endif %} n'est pas arrivée : il manque {{ title }}.`,
      after:
        'L’échéancier est en retard. Un appel peut suffire : sans règlement dans le délai de tolérance, il est rompu et le scénario reprend.',
      closing: '',
    },
    en: {
      subject: 'Instalment missed – {{ debtor.name }}',
      greeting: 'warm',
      body: `In the instalment plan of {{ debtor.name }}, the instalment{% if dueDate %} of {{ dueDate }}{% endif %} has not arrived: {{ title }} is missing.`,
      after:
        'The plan is late. A call may be enough: without payment within its days of grace it is broken and the scenario resumes.',
      closing: '',
    },
  },
  internal_plan_broken: {
    level: 'preventive',
    fr: {
      subject: 'Échéancier rompu – {{ debtor.name }}',
      greeting: 'warm',
      body: `L'échéancier de {{ debtor.name }} ({{ title }}) n'a pas été tenu : il est rompu.`,
      after: 'Le scénario de chaque facture reprend à l’étape suivante.',
      closing: '',
    },
    en: {
      subject: 'Instalment plan broken – {{ debtor.name }}',
      greeting: 'warm',
      body: `The instalment plan of {{ debtor.name }} ({{ title }}) was not kept: it is broken.`,
      after: 'The scenario of each invoice goes on with its next step.',
      closing: '',
    },
  },
  internal_deposit_required: {
    level: 'preventive',
    fr: {
      subject: 'Acompte exigé – {{ debtor.name }}',
      greeting: 'warm',
      body: `Pour {{ debtor.name }} : {{ title }}{% if dueDate %}, depuis le {{ dueDate }}{% endif %}.`,
      after: 'Ne livrez rien de nouveau sans lui : ses factures ouvertes sont ci-dessous.',
      closing: '',
    },
    en: {
      subject: 'Deposit required – {{ debtor.name }}',
      greeting: 'warm',
      body: `For {{ debtor.name }}: {{ title }}{% if dueDate %}, since {{ dueDate }}{% endif %}.`,
      after: 'Deliver nothing new without it: the open invoices stand below.',
      closing: '',
    },
  },
  internal_legal_clock: {
    level: 'preventive',
    fr: {
      subject: 'Délai à ne pas manquer, {{ dueDate }} : {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `Un délai approche pour {{ debtor.name }} : {{ title }}. Dernier jour : le {{ dueDate }}.`,
      after: 'Passé ce jour, le droit est perdu ou le recours réduit. Le dossier montre le calcul du délai.',
      closing: '',
    },
    en: {
      subject: 'A date not to be missed, {{ dueDate }}: {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `A date comes near for {{ debtor.name }}: {{ title }}. The last day is {{ dueDate }}.`,
      after: 'After that day the right is lost or much of it. The file shows how the date was worked out.',
      closing: '',
    },
  },
  internal_phase_ends: {
    level: 'preventive',
    fr: {
      subject: 'Une phase se termine le {{ dueDate }} : {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `Pour {{ debtor.name }}, la {{ title }} arrive le {{ dueDate }}.`,
      after: 'Voyez avant ce jour ce que le dossier doit devenir : ensuite, il demande une décision.',
      closing: '',
    },
    en: {
      subject: 'A phase ends on {{ dueDate }}: {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `For {{ debtor.name }}, the {{ title }} comes on {{ dueDate }}.`,
      after: 'See before that day what is to become of the file: after it, it asks for a decision.',
      closing: '',
    },
  },
  internal_litigation_waits: {
    level: 'preventive',
    fr: {
      subject: 'Dossier contentieux à transmettre – {{ debtor.name }}',
      greeting: 'warm',
      body: 'Le dossier contentieux de {{ debtor.name }} ({{ title }}) est en préparation et n’a pas été transmis.',
      after: 'Complétez les pièces qui manquent, choisissez la voie et transmettez-le, ou reprenez-le.',
      closing: '',
    },
    en: {
      subject: 'Litigation file to be handed over – {{ debtor.name }}',
      greeting: 'warm',
      body: 'The litigation file of {{ debtor.name }} ({{ title }}) is in preparation and has not been handed over.',
      after: 'Add the pieces that are missing, choose the way and hand it over, or withdraw it.',
      closing: '',
    },
  },
  internal_litigation_silent: {
    level: 'preventive',
    fr: {
      subject: 'Sans nouvelles du partenaire – {{ debtor.name }}',
      greeting: 'warm',
      body: 'Le partenaire n’a rien dit depuis trente jours du dossier de {{ debtor.name }} ({{ title }}).',
      after: 'Demandez-lui où il en est et notez-le dans le dossier.',
      closing: '',
    },
    en: {
      subject: 'No news from the partner – {{ debtor.name }}',
      greeting: 'warm',
      body: 'The partner has said nothing for thirty days about the file of {{ debtor.name }} ({{ title }}).',
      after: 'Ask how far the file has got and record the answer.',
      closing: '',
    },
  },
  internal_litigation_handed: {
    level: 'preventive',
    fr: {
      subject: 'Dossier transmis : {{ debtor.name }}',
      greeting: 'warm',
      body: 'Le dossier de {{ debtor.name }} ({{ title }}) vous est transmis. Ses pièces sont réunies dans une archive dont chaque fichier a son empreinte.',
      after: 'Vous le trouvez dans Relance, où nous suivons ce que vous y notez.',
      closing: '',
    },
    en: {
      subject: 'File handed to you: {{ debtor.name }}',
      greeting: 'warm',
      body: 'The file of {{ debtor.name }} ({{ title }}) is handed to you. Its pieces are in one archive, with a hash of each file.',
      after: 'You find it in Relance, where we follow what you record.',
      closing: '',
    },
  },
  internal_litigation_moved: {
    level: 'preventive',
    fr: {
      subject: 'La dette a changé : {{ debtor.name }}',
      greeting: 'warm',
      body: 'Sur le dossier de {{ debtor.name }}, {{ title }} nous sont parvenus ou ont été corrigés aujourd’hui. Le relevé ci-dessous dit ce qui reste dû.',
      after: 'Tenez-en compte dans ce que vous réclamez.',
      closing: '',
    },
    en: {
      subject: 'The debt has changed: {{ debtor.name }}',
      greeting: 'warm',
      body: 'On the file of {{ debtor.name }}, {{ title }} came in or was corrected today. The statement below says what is still owed.',
      after: 'Please take it into account in what you claim.',
      closing: '',
    },
  },
  internal_litigation_news: {
    level: 'preventive',
    fr: {
      subject: 'Du nouveau sur le dossier : {{ debtor.name }}',
      greeting: 'warm',
      body: 'Sur le dossier de {{ debtor.name }} : {{ title }}.',
      after: 'Tenez-en compte dès aujourd’hui.',
      closing: '',
    },
    en: {
      subject: 'News about the file: {{ debtor.name }}',
      greeting: 'warm',
      body: 'On the file of {{ debtor.name }}: {{ title }}.',
      after: 'Please take it into account from today on.',
      closing: '',
    },
  },
  internal_litigation_recovered: {
    level: 'preventive',
    fr: {
      subject: 'Dossier soldé : {{ debtor.name }}',
      greeting: 'warm',
      body: 'Le dossier de {{ debtor.name }} est clos : le solde dû est de {{ title }}.',
      after: 'Merci de cesser toute démarche.',
      closing: '',
    },
    en: {
      subject: 'File settled: {{ debtor.name }}',
      greeting: 'warm',
      body: 'The file of {{ debtor.name }} is closed: the balance due is {{ title }}.',
      after: 'Please stop all action.',
      closing: '',
    },
  },
  internal_litigation_withdrawn: {
    level: 'preventive',
    fr: {
      subject: 'Dossier repris : {{ debtor.name }}',
      greeting: 'warm',
      body: 'Le dossier de {{ debtor.name }} vous est retiré. Le solde dû est de {{ title }}.',
      after: 'Merci de cesser toute démarche et de nous reverser ce que vous détenez encore.',
      closing: '',
    },
    en: {
      subject: 'File withdrawn: {{ debtor.name }}',
      greeting: 'warm',
      body: 'The file of {{ debtor.name }} is withdrawn from you. The balance due is {{ title }}.',
      after: 'Please stop all action and pass on what you still hold.',
      closing: '',
    },
  },
  internal_litigation_insolvent: {
    level: 'preventive',
    fr: {
      subject: 'Procédure collective : {{ debtor.name }}',
      greeting: 'warm',
      body: 'Un jugement du {{ dueDate }} a ouvert une procédure collective à l’égard de {{ debtor.name }}. Les créances ci-dessous ({{ title }}) sont nées avant ce jugement : elles ne se poursuivent plus, elles se déclarent.',
      after:
        'Merci de cesser dès aujourd’hui toute relance et toute poursuite. Si le dossier vous reste confié, dites-nous qui déclare la créance.',
      closing: '',
    },
    en: {
      subject: 'Insolvency: {{ debtor.name }}',
      greeting: 'warm',
      body: 'A judgment of {{ dueDate }} has opened an insolvency of {{ debtor.name }}. The claims below ({{ title }}) were born before it: they are pursued no longer, they are declared.',
      after:
        'Please stop every reminder and every action today. If the file stays with you, tell us who declares the claim.',
      closing: '',
    },
  },
  internal_remittance_late: {
    level: 'preventive',
    fr: {
      subject: 'Reversement en retard – {{ debtor.name }}',
      greeting: 'warm',
      body: 'Le partenaire a encaissé {{ title }} pour le dossier de {{ debtor.name }} et ne les a pas reversés{% if dueDate %} le {{ dueDate }}{% endif %}.',
      after: 'Réclamez-les, ou notez le reversement s’il est arrivé.',
      closing: '',
    },
    en: {
      subject: 'Remittance late – {{ debtor.name }}',
      greeting: 'warm',
      body: 'The partner received {{ title }} on the file of {{ debtor.name }} and has not passed it on{% if dueDate %} by {{ dueDate }}{% endif %}.',
      after: 'Ask for it, or record the remittance if it has arrived.',
      closing: '',
    },
  },
  internal_escalation: {
    level: 'preventive',
    fr: {
      subject: 'Décision demandée : {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `Le dossier {{ debtor.name }} demande une décision : {{ title }}.{% if owner.name %} Il est suivi par {{ owner.name }}.{% endif %}`,
      after: 'Aucune mise en demeure ne part d’elle-même : le dossier attend votre décision.',
      closing: '',
    },
    en: {
      subject: 'Decision needed: {{ title }} – {{ debtor.name }}',
      greeting: 'warm',
      body: `The file {{ debtor.name }} needs a decision: {{ title }}.{% if owner.name %} It is followed by {{ owner.name }}.{% endif %}`,
      after: 'No formal notice leaves by itself: the file waits for your decision.',
      closing: '',
    },
  },
  internal_dispute_due: {
    level: 'preventive',
    fr: {
      subject:
        'Contestation de {{ debtor.name }} : {{ title }}{% if dueDate %} pour le {{ dueDate }}{% endif %}',
      greeting: 'warm',
      body: `{{ debtor.name }} conteste une facture. Il vous reste à {{ title }}.{% if dueDate %} C'est attendu pour le {{ dueDate }}.{% endif %}`,
      after:
        'Tant que la contestation est ouverte, ce montant n’est pas demandé au débiteur. Répondez dans le dossier de la contestation.',
      closing: '',
    },
    en: {
      subject: 'Dispute of {{ debtor.name }}: {{ title }}{% if dueDate %} by {{ dueDate }}{% endif %}',
      greeting: 'warm',
      body: `{{ debtor.name }} contests an invoice. What remains for you: {{ title }}.{% if dueDate %} It is expected by {{ dueDate }}.{% endif %}`,
      after:
        'As long as the dispute is open, the debtor is not asked for this amount. Answer in the file of the dispute.',
      closing: '',
    },
  },
  internal_dispute_late: {
    level: 'preventive',
    fr: {
      subject: 'Contestation de {{ debtor.name }} en retard : {{ title }}',
      greeting: 'warm',
      body: `La contestation de {{ debtor.name }} attend toujours : {{ title }}.{% if dueDate %} C'était attendu pour le {{ dueDate }}.{% endif %}`,
      after:
        'Tant que la contestation est ouverte, ce montant n’est pas demandé au débiteur : faites-la avancer ou confiez-la à quelqu’un d’autre.',
      closing: '',
    },
    en: {
      subject: 'Dispute of {{ debtor.name }} is late: {{ title }}',
      greeting: 'warm',
      body: `The dispute of {{ debtor.name }} still waits: {{ title }}.{% if dueDate %} It was expected by {{ dueDate }}.{% endif %}`,
      after:
        'As long as the dispute is open, the debtor is not asked for this amount: move it on, or give it to somebody else.',
      closing: '',
    },
  },
};
