/**
 * The bytes of a mail to one of our own users: a task, a draft to review, a decision.
 *
 * Shorter than a mail to a debtor, and with a link: these people work in Relance. No means of payment, no legal lines.
 */
import type { InternalNotice } from '../../domain/message.ts';
import { totalsOf } from '../../domain/message.ts';
import { dayInFigures } from './day-in-words.ts';
import type { ComposedMail } from './mail.ts';
import { moneyInWords } from './money-in-words.ts';
import { escapeHtml, oneLine, paragraphsOf, typographic, withoutNarrowSpaces } from './plain-text.ts';
import { renderTemplate } from './template-language.ts';
import { internalScope } from './template-scope.ts';
import { internalTemplate } from './templates/shipped.ts';
import type { MessageTemplate } from './templates/template.ts';
import { invoiceLabel, vocabulary } from './vocabulary.ts';

const font = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/** The mail for this notice. Throws when the template names something unknown, or the link is not http(s). */
export function composeInternalMail(notice: InternalNotice, template?: MessageTemplate): ComposedMail {
  const { language } = notice;
  const words = vocabulary[language];
  const { subject, body, after } = template ?? internalTemplate(notice.template)[language];
  const scope = internalScope(notice);
  const filled = (source: string): string => typographic(renderTemplate(source, scope), language);
  const name = oneLine(notice.recipientName);
  const reason = notice.reason
    ? [typographic(`${language === 'fr' ? 'Motif :' : 'Reason:'} ${oneLine(notice.reason)}`, language)]
    : [];
  const before = [name ? words.greetingTo(name) : words.greeting, ...paragraphsOf(filled(body)), ...reason];
  const invoices = notice.lines.map((line) => ({
    number: invoiceLabel(line, language),
    due: dayInFigures(line.dueDate, language),
    amount: moneyInWords(line.balanceCents, line.currency, language),
  }));
  const totals = totalsOf(notice.lines).map(
    (total) => `${words.openAmount}${words.colon} ${moneyInWords(total.openCents, total.currency, language)}`,
  );
  const link = notice.link ? checkedLink(notice.link) : '';
  const open = language === 'fr' ? 'Ouvrir le dossier' : 'Open the file';
  const sentences = paragraphsOf(filled(after));

  const text = [
    ...before,
    [
      ...invoices.map(
        ({ number, due, amount }) => `- ${number}, ${words.due.toLowerCase()} ${due}${words.colon} ${amount}`,
      ),
      ...totals,
    ].join('\n'),
    ...sentences,
    link ? `${open}${words.colon} ${link}` : '',
    `Relance – ${oneLine(notice.creditorName)}`,
  ];
  const paragraph = (content: string): string =>
    `<p style="margin:0 0 16px">${escapeHtml(content).replaceAll('\n', '<br>')}</p>`;
  const html = [
    ...before.map(paragraph),
    invoices.length > 0
      ? `<table cellpadding="0" cellspacing="0" style="margin:0 0 8px;border-collapse:collapse">${invoices
          .map(
            ({ number, due, amount }) =>
              `<tr><td style="padding:3px 24px 3px 0;font-weight:600">${escapeHtml(number)}</td><td style="padding:3px 24px 3px 0">${escapeHtml(due)}</td><td align="right" style="padding:3px 0;white-space:nowrap">${escapeHtml(amount)}</td></tr>`,
          )
          .join('\n')}</table>${paragraph(totals.join('\n'))}`
      : '',
    ...sentences.map(paragraph),
    link
      ? `<p style="margin:24px 0"><a href="${escapeHtml(link)}" style="color:#1d4f91;font-weight:600">${escapeHtml(open)}</a></p>`
      : '',
    `<p style="margin:24px 0 0;font-size:12px;line-height:18px;color:#5f6b7a">Relance – ${escapeHtml(oneLine(notice.creditorName))}</p>`,
  ].filter((block) => block !== '');

  const title = oneLine(filled(subject)).slice(0, 200);
  return {
    subject: title,
    html: `<!DOCTYPE html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;padding:0">
<div style="max-width:600px;padding:24px 20px;${font};font-size:16px;line-height:24px">
${html.join('\n')}
</div>
</body>
</html>
`,
    text: withoutNarrowSpaces(`${text.filter((block) => block !== '').join('\n\n')}\n`),
    inline: [],
  };
}

function checkedLink(link: string): string {
  const url = new URL(link);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`The link of an internal mail must be http or https: got ${url.protocol}`);
  return url.href;
}
