/**
 * The text of an SMS to a debtor: who writes, how much, which reference, whom to call.
 *
 * It holds no bank account: an IBAN in an SMS looks like a fraud, and teaches people to fall for one. Two segments at
 * most, in the alphabet of SMS.
 */
import type { MessageFigures } from '../../domain/message.ts';
import { checkFigures } from './figures-check.ts';
import { inGsm7, segmentsOf } from './gsm7.ts';
import { oneLine } from './plain-text.ts';
import { renderTemplate } from './template-language.ts';
import { debtorScope } from './template-scope.ts';
import { smsTemplate } from './templates/shipped.ts';
import type { MessageTemplate } from './templates/template.ts';

const segmentsMax = 2;

/**
 * The SMS for these figures. Long names are shortened before the text may exceed two segments; throws when that is not
 * enough, or when the figures contradict each other.
 */
export function composeSms(figures: MessageFigures, template?: MessageTemplate): string {
  checkFigures(figures);
  const words = template ?? smsTemplate(figures.template, figures.level)[figures.language];
  const written = (creditorLength: number, numberLength: number): string => {
    const shortened: MessageFigures = {
      ...figures,
      creditor: { ...figures.creditor, legalName: shorten(figures.creditor.legalName, creditorLength) },
      lines: figures.lines.map((line) => ({ ...line, number: shorten(line.number, numberLength) })),
    };
    return inGsm7(oneLine(figures.freeText ?? renderTemplate(words.body, debtorScope(shortened))));
  };

  for (const [creditorLength, numberLength] of [
    [60, 40],
    [30, 24],
    [20, 16],
  ] as const) {
    const text = written(creditorLength, numberLength);
    if (segmentsOf(text) <= segmentsMax) return text;
  }
  const segments = segmentsOf(written(20, 16));
  throw new Error(
    `This SMS takes ${segments} segments, ${segmentsMax} are allowed: shorten the text of the template or of the draft.`,
  );
}

function shorten(text: string, length: number): string {
  const characters = [...oneLine(text)];
  return characters.length <= length
    ? characters.join('')
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trim()}.`;
}
