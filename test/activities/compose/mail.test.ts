import { describe, expect, it } from 'vitest';

import { composeMail, htmlWithPictures } from '../../../activities/compose/mail.ts';
import { viewOf } from '../../../activities/compose/message-view.ts';
import { shippedTemplates } from '../../../activities/compose/templates/shipped.ts';
import { debtorTemplateKeys, languages } from '../../../domain/message.ts';
import { figuresOf, formalNotice, invoice, plain } from './figures.ts';

const dueSoon = invoice('F2026-0188', '2026-03-17', { amountCents: 96_000 });

describe('a mail to a debtor', () => {
  it.each(debtorTemplateKeys.flatMap((key) => languages.map((language) => [key, language] as const)))(
    'can be composed from %s in %s for one invoice and for several',
    async (template, language) => {
      const { level } = shippedTemplates[template];
      const lines =
        level === 'preventive' ? [dueSoon, { ...dueSoon, number: 'F2026-0189' }] : figuresOf().lines;

      for (const count of [1, 2]) {
        for (const lastReminderOn of [undefined, '2026-03-02']) {
          const figures = figuresOf({
            template,
            level,
            language,
            lines: lines.slice(0, count),
            ...(lastReminderOn ? { lastReminderOn } : {}),
          });
          const mail = await composeMail(figures);

          expect(mail.subject).not.toBe('');
          expect(mail.text).toContain(lines[0]?.number);
          for (const part of [mail.subject, mail.html, mail.text])
            expect(part).not.toMatch(/\{\{|\}\}|\{%|undefined|NaN|\[object/);
        }
      }
    },
  );

  it('asks exactly for the sum of the lines that take their step', async () => {
    const lines = [
      invoice('A', '2026-02-01', { amountCents: 10_001 }),
      invoice('B', '2026-02-02', { amountCents: 20_002, balanceCents: 15_000 }),
      invoice('C', '2026-03-31', { amountCents: 99_999, stepTaken: false }),
    ];

    const text = plain((await composeMail(figuresOf({ lines }))).text);

    expect(text).toContain('À régler : 250,01 €');
    expect(text).toContain('Total à régler : 250,01 €');
    expect(text).toContain('Total de vos factures ouvertes : 1 250,00 €');
    expect(text).toContain('C, échéance 31/03/2026, à échoir : 999,99 €');
  });

  it('shows a contested part and asks for the rest only', async () => {
    const lines = [invoice('A', '2026-02-01', { amountCents: 100_000, contestedCents: 30_000 })];

    const mail = await composeMail(figuresOf({ lines }));

    expect(plain(mail.text)).toContain('À régler : 700,00 €');
    expect(plain(mail.text)).toContain('300,00 € contestés, non réclamés');
    expect(viewOf(figuresOf({ lines })).qr?.payload).toContain('EUR700.00');
  });

  it('keeps currencies apart', async () => {
    const lines = [
      invoice('A', '2026-02-01', { amountCents: 100_000 }),
      invoice('B', '2026-02-01', { amountCents: 5_000, currency: 'USD' }),
    ];

    const { text } = await composeMail(figuresOf({ lines }));

    expect(plain(text)).toContain('À régler : 1 000,00 €\nÀ régler : 50,00 USD');
    expect(plain(text)).toContain('1 000,00 € et 50,00 USD');
    expect(plain(text)).not.toContain('1 050,00');
  });

  it('tells the debtor about credits that no invoice has absorbed, without taking them off what is asked', async () => {
    const { text } = await composeMail(figuresOf({ credits: [{ currency: 'EUR', cents: 15_000 }] }));

    expect(plain(text)).toContain('À régler : 14 343,50 €');
    expect(plain(text)).toContain('Avoirs et règlements à imputer : −150,00 €');
    expect(plain(text)).toContain('Solde de votre compte : 14 193,50 €');
  });

  it('says nothing of credits when there are none', async () => {
    const { text } = await composeMail(figuresOf());

    expect(text).not.toMatch(/imput/);
  });

  // F1: the courtesy before the due date must not sound like a reminder, even when another invoice is past due.
  it.each(['pre_due', 'pre_due_soft', 'pre_due_risky', 'pre_due_public', 'pre_due_abroad'] as const)(
    'never speaks of lateness before the due date (%s)',
    async (template) => {
      for (const language of languages) {
        const lines = [
          dueSoon,
          invoice('F2026-0090', '2026-02-01', { amountCents: 5_000, stepTaken: false }),
        ];
        const mail = await composeMail(figuresOf({ template, level: 'preventive', language, lines }));

        for (const part of [mail.subject, mail.html, mail.text])
          expect(part).not.toMatch(/retard|impay|échue|relance|overdue|unpaid|\blate\b|past due/i);
      }
    },
  );

  it('mentions an earlier reminder only when its delivery is known', async () => {
    const without = await composeMail(figuresOf());
    const withOne = await composeMail(figuresOf({ lastReminderOn: '2026-03-01' }));

    expect(without.text).not.toContain('relance');
    expect(plain(withOne.text)).toContain('Malgré notre relance du 1er mars 2026');
  });

  it('uses the words of the level when the step was meant for another channel', async () => {
    const mail = await composeMail(figuresOf({ template: 'call_script', level: 'reminder' }));

    expect(mail.text).toContain('simple oubli');
  });

  it('replaces the paragraphs, and nothing else, by a person’s own words', async () => {
    const mail = await composeMail(
      figuresOf({ freeText: 'Comme convenu au téléphone {{ asked }}.\n\nÀ demain !' }),
    );

    expect(plain(mail.text)).toContain(
      'Bonjour Claire Martin,\n\nComme convenu au téléphone {{ asked }}.\n\nÀ demain !\n\nÀ régler : 14 343,50 €',
    );
    expect(mail.text).not.toContain('sans attendre');
  });

  it('does not greet or close twice when the person did', async () => {
    const { text } = await composeMail(
      figuresOf({ freeText: 'Bonjour Claire,\n\nUn mot au sujet de ces factures.\n\nBien cordialement,' }),
    );

    expect(text.match(/Bonjour/g)).toHaveLength(1);
    expect(text.match(/ordialement/g)).toHaveLength(1);
  });

  it('prints hostile names as they are, never as markup or template', async () => {
    const name = '<script>alert(1)</script> & "{{7*7}}" \'{% if %}\'';
    const mail = await composeMail(
      figuresOf({
        contact: { name },
        creditor: { ...figuresOf().creditor, legalName: name, senderName: name },
        lines: [
          invoice('"><img src=x onerror=alert(1)>', '2026-02-01', { amountCents: 100, orderNumber: name }),
        ],
        freeText: `${name}\n\n<b>gras</b>`,
        attachments: ['<svg onload=1>.pdf'],
      }),
    );

    expect(mail.html).not.toMatch(/<script|<b>|<svg|<img src=x/);
    expect(mail.html).toContain('&#60;script&#62;');
    expect(mail.html).toContain('{{7*7}}');
    expect(mail.text).toContain('{{7*7}}');
  });

  it('keeps line breaks and invisible characters out of the subject', async () => {
    const mail = await composeMail(
      figuresOf({
        lines: [invoice('F1\r\nBcc: x@example.org\u202e\u0000', '2026-02-01', { amountCents: 100 })],
      }),
    );

    expect(mail.subject).toBe('Facture F1 Bcc: x@example.org impayée depuis le 1er\u00a0février\u00a02026');
    expect(mail.text).not.toMatch(/[\u202e\u0000]/);
  });

  it('loads nothing from outside', async () => {
    const mail = await composeMail(figuresOf());

    expect(mail.html).not.toMatch(/https?:|url\(|<link|<script|@import|data:/);
    expect(mail.html.match(/src="([^"]*)"/)?.[1]).toBe(`cid:${mail.inline[0]?.cid}`);
  });

  it('is the same, byte for byte, for the same figures', async () => {
    const [once, again] = [await composeMail(figuresOf()), await composeMail(structuredClone(figuresOf()))];

    expect(again.html).toBe(once.html);
    expect(again.text).toBe(once.text);
    expect(again.inline[0]?.bytes.equals(once.inline[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
  });

  it('can be shown with its picture on a page', async () => {
    const mail = await composeMail(figuresOf());

    expect(htmlWithPictures(mail)).toContain('src="data:image/png;base64,iVBOR');
  });

  it('has no QR code for a debtor whose bank is outside SEPA, and names SWIFT and the charges instead', async () => {
    const mail = await composeMail(
      figuresOf({
        language: 'en',
        template: 'reminder_abroad',
        level: 'reminder',
        debtor: { name: 'Brightwater Inc.', addressLines: [], country: 'US' },
      }),
    );

    expect(mail.inline).toEqual([]);
    expect(mail.text).toContain('SWIFT');
    expect(mail.text).toContain('OUR');
  });

  it('carries every mention of a formal notice, whatever words a person chose', async () => {
    const { text } = await composeMail(formalNotice({ channel: 'email', freeText: 'Quelques mots.' }));

    expect(text).toContain('MISE EN DEMEURE');
    expect(plain(text)).toContain(
      'nous vous mettons en demeure de nous régler la somme de 14 343,50 € au plus tard le 24 mars 2026',
    );
    expect(text).toContain('Quelques mots.');
  });

  it('is refused when totals and lines disagree, naming both', async () => {
    const figures = figuresOf();
    const wrong = {
      ...figures,
      totals: figures.totals.map((total) => ({ ...total, askedCents: total.askedCents + 1 })),
    };

    await expect(composeMail(wrong)).rejects.toThrow(
      'the total asked in EUR is 1434351 cents where the lines give 1434350',
    );
  });

  it('is refused when a line asks for its contested part', async () => {
    const lines = [invoice('A', '2026-02-01', { amountCents: 100, contestedCents: 40, askedCents: 100 })];

    await expect(composeMail(figuresOf({ lines }))).rejects.toThrow(
      'invoice A asks 100 cents where its balance without the contested part is 60',
    );
  });
});
