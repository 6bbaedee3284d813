/**
 * A message drawn as plain text, for people and mail readers that prefer it.
 *
 * Written by hand rather than converted from the HTML: an invoice is a sentence, not the remains of a table.
 */
import { withoutNarrowSpaces } from './plain-text.ts';
import { vocabulary } from './vocabulary.ts';
import type { MessageView } from './message-view.ts';
import type { InvoiceRow, Row } from './statement.ts';

/** The text part of a mail, lines of any length, ending in a line break. */
export function mailText(view: MessageView): string {
  const words = vocabulary[view.language];
  const line = ({ label, value }: Row): string => `${label}${words.colon} ${value}`;
  const blocks = [
    view.notice?.heading ?? '',
    view.greeting,
    ...view.body,
    view.notice?.demand ?? '',
    view.asked.map(line).join('\n'),
    ...view.groups.map((group) =>
      [`${group.title}${words.colon}`, ...group.rows.map((row) => invoiceLine(row, view))].join('\n'),
    ),
    view.totals.map(line).join('\n'),
    view.creditsNote,
    ...claimBlocks(view, line),
    ...(view.notice?.rights ?? []),
    view.pay.length === 0
      ? ''
      : [
          `${view.payTitle}${words.colon}`,
          view.payIntroduction,
          ...view.pay.map((row) => `- ${line(row)}`),
        ].join('\n'),
    view.notice?.consequences ?? '',
    ...view.after,
    view.attachments,
    view.closing,
    [...view.signature, ...view.contact].join('\n'),
    `-- \n${view.legal}`,
  ];
  return withoutNarrowSpaces(`${blocks.filter((block) => block !== '').join('\n\n')}\n`);
}

function claimBlocks({ claim, language }: MessageView, line: (row: Row) => string): readonly string[] {
  if (!claim) return [];
  const words = vocabulary[language];
  const periods = claim.periods.map(
    ({ number, period, days, base, rate, interest }) =>
      `- ${number}, ${period}${words.colon} ${base} × ${rate} × ${days} = ${interest}`,
  );
  return [
    [`${claim.title}${words.colon}`, ...periods].join('\n'),
    claim.sums.map(line).join('\n'),
    claim.note,
  ];
}

function invoiceLine(row: InvoiceRow, view: MessageView): string {
  const words = vocabulary[view.language];
  const number = [row.number, row.issued ? words.issuedOn(row.issued) : '']
    .filter((part) => part !== '')
    .join(' ');
  const about = [number, row.numberNote, `${words.due.toLowerCase()} ${row.due}`, row.situation].filter(
    (part) => part !== '',
  );
  const note = row.amountNotes.length > 0 ? ` (${row.amountNotes.join(', ')})` : '';
  return `- ${about.join(', ')}${words.colon} ${row.amount}${note}`;
}
