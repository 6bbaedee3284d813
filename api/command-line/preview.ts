import type { Preview } from './answers.ts';
import { say, table } from './paper.ts';

const daysShown = 14;

/** What a release would set off: how many messages when and at which level, to whom none and why. */
export function sayPreview(preview: Preview): void {
  const { days, silent, creditors } = preview;
  say(
    `${preview.open} open invoices${preview.settled > 0 ? `, ${preview.settled} settled ones that are only kept` : ''}.`,
  );
  if (days.length > 0) {
    say('\nOnce released, if nobody pays:');
    const rows = days
      .slice(0, daysShown)
      .map((day) => [
        day.day,
        String(day.messages),
        String(day.invoices),
        day.text,
        day.mode === 'automatic' ? '' : day.mode,
        day.blocked > 0 ? `${day.blocked} wait for the creditor` : '',
      ]);
    say(
      table(
        [
          { title: 'DAY' },
          { title: 'MESSAGES', right: true },
          { title: 'INVOICES', right: true },
          { title: 'WHAT' },
          { title: '' },
          { title: '' },
        ],
        rows,
      ),
    );
    if (days.length > daysShown) say(`… and ${days.length - daysShown} lines more.`);
  }
  if (preview.looked < preview.open) say(`(foretold from ${preview.looked} of them)`);
  if (silent.length > 0) {
    say('\nNobody writes to:');
    for (const group of silent)
      say(
        `  ${group.invoices} invoices: ${group.code}${group.detail ? ` (${group.detail})` : ''}, such as ${group.examples.map((one) => `${one.number} of ${one.debtor}`).join(', ')}`,
      );
  }
  for (const creditor of creditors) {
    if (creditor.missing.length === 0) continue;
    say(
      `\nNothing leaves in the name of ${creditor.name ?? creditor.key} (${creditor.invoices} invoices) before these are set: ${creditor.missing.join(', ')}`,
    );
    say(`  relance creditor set ${creditor.id} ${creditor.missing.map(optionOf).join(' ')}`);
  }
}

const options: Readonly<Record<string, string>> = {
  legalName: '--legal-name …',
  siren: '--siren …',
  address: '--address …',
  iban: '--iban …',
  senderName: '--sender …',
  replyTo: '--reply-to …',
};

function optionOf(field: string): string {
  return options[field] ?? `--${field} …`;
}
