import type { Step } from './scenario.ts';

/**
 * What people call the steps of the shipped scenarios; a step is called the same in all of them.
 *
 * The words are those of French collection departments. A name says what the step is, not by which channel its message
 * leaves in the end: a mail that cannot be delivered is posted, and is the same reminder.
 */
export const shippedStepNames = {
  'pre-due': { fr: 'Rappel avant échéance', en: 'Pre-due reminder' },
  reminder: { fr: 'Première relance', en: 'First reminder' },
  'second-reminder': { fr: 'Deuxième relance', en: 'Second reminder' },
  'firm-reminder': { fr: 'Relance ferme', en: 'Firm reminder' },
  'text-message': { fr: 'SMS de relance', en: 'Text message' },
  call: { fr: 'Appel', en: 'Call' },
  'last-reminder': {
    fr: 'Dernière relance avant mise en demeure',
    en: 'Last reminder before formal notice',
  },
  'formal-notice': { fr: 'Mise en demeure', en: 'Formal notice' },
  'hand-over': { fr: 'Transmission au contentieux', en: 'Hand-over to litigation' },
} as const satisfies Readonly<Record<string, Step['name']>>;

export type ShippedStep = keyof typeof shippedStepNames;
