/**
 * The bytes of a letter to a debtor, from its figures: a PDF ready to be printed, folded and posted.
 */
import type { MessageFigures } from '../../domain/message.ts';
import { letterDocument } from './letter-document.ts';
import { viewOf } from './message-view.ts';
import { pdfOf } from './pdf.ts';
import type { MessageTemplate } from './templates/template.ts';

/**
 * The letter for these figures; the same figures always give the same bytes.
 *
 * Throws when the figures contradict each other, or the template names something unknown.
 */
export async function composeLetter(figures: MessageFigures, template?: MessageTemplate): Promise<Buffer> {
  const view = viewOf(figures, template);
  return pdfOf(letterDocument(view, figures), {
    title: view.subject,
    author: figures.creditor.legalName,
    language: figures.language === 'fr' ? 'fr-FR' : 'en-GB',
    day: figures.today,
  });
}
