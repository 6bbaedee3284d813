/**
 * What a collector has before him when he calls: whom, why, which figures, what to ask, what to note.
 *
 * The purpose is told to the right person only, and the words for a voicemail hold no debt, no amount and no invoice:
 * anyone may hear them (law page, section 13).
 */
import type { MessageFigures } from '../../domain/message.ts';
import { typographic, oneLine } from './plain-text.ts';
import { renderTemplate } from './template-language.ts';
import { debtorScope } from './template-scope.ts';
import { shippedTemplates } from './templates/shipped.ts';
import type { MessageTemplate } from './templates/template.ts';
import { sirenInWords, viewOf } from './message-view.ts';
import { vocabulary } from './vocabulary.ts';

/** The script as plain text, sections separated by blank lines. Throws when the figures contradict each other. */
export function composeCallScript(figures: MessageFigures, template?: MessageTemplate): string {
  const { language, contact, debtor } = figures;
  const colon = vocabulary[language].colon;
  const view = viewOf(figures);
  const purpose = (template ?? shippedTemplates.call_script[language]).body;
  const words = language === 'fr' ? french(figures) : english(figures);
  const siren = debtor.siren ? ` (SIREN ${sirenInWords(debtor.siren)})` : '';
  const rows = view.groups.flatMap((group) => [
    `${group.title}${colon}`,
    ...group.rows.map((row) => {
      const facts = [row.number, row.due, row.situation, row.amount, ...row.amountNotes].filter(
        (fact) => fact !== '',
      );
      return `- ${facts.join(' – ')}`;
    }),
  ]);
  const sections = [
    [
      `${words.debtor}${colon} ${oneLine(debtor.name)}${siren}`,
      `${words.contact}${colon} ${
        [contact.name, contact.phone]
          .map((part) => oneLine(part ?? ''))
          .filter((part) => part !== '')
          .join(' – ') || words.unknown
      }`,
    ],
    [
      words.figures,
      ...view.asked.map(({ label, value }) => `${label}${colon} ${value}`),
      ...rows,
      ...view.totals.map(({ label, value }) => `${label}${colon} ${value}`),
    ],
    [words.opening, words.openingWords],
    [words.purpose, oneLine(figures.freeText ?? renderTemplate(purpose, debtorScope(figures)))],
    [words.answers, ...words.answerLines],
    [words.payment, ...view.pay.map(({ label, value }) => `- ${label}${colon} ${value}`)],
    [words.voicemail, voicemailOf(figures)],
    [words.record, words.recordWords],
  ];
  return `${sections.map((section) => section.map((text) => typographic(text, language)).join('\n')).join('\n\n')}\n`;
}

/** What may be left on a voicemail: who called and a number, nothing about a debt. */
export function voicemailOf(figures: MessageFigures): string {
  const { creditor, contact, language } = figures;
  const [sender, company, name, phone] = [
    creditor.senderName,
    creditor.legalName,
    contact.name ?? '',
    creditor.phone ?? '',
  ].map(oneLine);
  if (language === 'fr') {
    return typographic(
      `« Bonjour, ${sender}, de la société ${company}.${name ? ` Ce message est pour ${name}.` : ''} Pourriez-vous me rappeler${phone ? ` au ${phone}` : ''} ? Je vous remercie. Bonne journée. »`,
      'fr',
    );
  }
  return `“Hello, this is ${sender} from ${company}.${name ? ` This message is for ${name}.` : ''} Could you please call me back${phone ? ` on ${phone}` : ''}? Thank you, and have a good day.”`;
}

function french({ creditor, contact }: MessageFigures) {
  return {
    debtor: 'Débiteur',
    contact: 'Interlocuteur',
    unknown: 'à trouver – service comptabilité fournisseurs',
    figures: '1. LES CHIFFRES',
    opening: '2. SE PRÉSENTER',
    openingWords: `« Bonjour, ${oneLine(creditor.senderName)}, de la société ${oneLine(creditor.legalName)}. Puis-je parler ${contact.name ? `à ${oneLine(contact.name)}` : 'à la personne chargée du règlement des fournisseurs'} ? » Ne dites l'objet de l'appel qu'à cette personne.`,
    purpose: '3. DIRE L’OBJET, PUIS ÉCOUTER',
    answers: '4. SELON LA RÉPONSE',
    answerLines: [
      '- Il va payer : quel montant, à quelle date, par quel moyen ? Répétez la date, enregistrez la promesse.',
      '- Il a payé : date et référence du virement ? Demandez l’avis d’exécution.',
      '- Il conteste : quelle facture, quel montant, quel motif, quelle pièce ? Ouvrez une contestation ; le reste demeure dû.',
      '- Il ne peut pas : que peut-il verser maintenant, et le reste quand ? Proposez de le rappeler avec une réponse.',
      '- Une pièce manque : laquelle, à quelle adresse l’envoyer ? Envoyez-la le jour même.',
    ],
    payment: '5. POUR PAYER',
    voicemail: '6. SUR UN RÉPONDEUR (rien de plus : n’importe qui peut l’entendre)',
    record: '7. APRÈS L’APPEL',
    recordWords:
      'Notez le résultat dans la tâche : joint ou non, avec qui, ce qui a été convenu. La suite du dossier en dépend.',
  };
}

function english({ creditor, contact }: MessageFigures): ReturnType<typeof french> {
  return {
    debtor: 'Debtor',
    contact: 'Contact',
    unknown: 'to be found – accounts payable',
    figures: '1. THE FIGURES',
    opening: '2. INTRODUCE YOURSELF',
    openingWords: `“Hello, this is ${oneLine(creditor.senderName)} from ${oneLine(creditor.legalName)}. May I speak to ${contact.name ? oneLine(contact.name) : 'the person in charge of supplier payments'}?” Tell the purpose of the call to that person only.`,
    purpose: '3. SAY WHY YOU CALL, THEN LISTEN',
    answers: '4. DEPENDING ON THE ANSWER',
    answerLines: [
      '- They will pay: how much, on which date, by which means? Repeat the date, record the promise.',
      '- They have paid: date and reference of the transfer? Ask for the confirmation of the bank.',
      '- They dispute: which invoice, which amount, for what reason, with which document? Open a dispute; the rest stays due.',
      '- They cannot: what can they pay now, and the rest when? Offer to call back with an answer.',
      '- A document is missing: which one, to be sent where? Send it the same day.',
    ],
    payment: '5. HOW TO PAY',
    voicemail: '6. ON A VOICEMAIL (nothing more: anyone may hear it)',
    record: '7. AFTER THE CALL',
    recordWords:
      'Record the outcome in the task: reached or not, whom, what was agreed. The next step depends on it.',
  };
}
