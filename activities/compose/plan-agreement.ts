import type { Column, Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { CivilDate } from '../../domain/time.ts';
import type { Language } from '../../domain/message.ts';
import { dayInFigures, dayInWords } from './day-in-words.ts';
import { sirenInWords } from './message-view.ts';
import { moneyInWords } from './money-in-words.ts';
import { rule, soft } from './pack-tables.ts';
import { mm, pdfOf } from './pdf.ts';
import { oneLine, typographic, withoutNarrowSpaces } from './plain-text.ts';

/** All that the agreement on a plan states. */
export interface PlanAgreement {
  readonly reference: string;
  readonly language: Language;
  readonly today: CivilDate;
  readonly currency: string;
  readonly amountCents: number;
  readonly creditor: Party & { readonly iban: string | null };
  readonly debtor: Party;
  readonly invoices: readonly {
    readonly number: string;
    readonly dueDate: CivilDate;
    readonly amountCents: number;
  }[];
  readonly instalments: readonly {
    readonly number: number;
    readonly dueOn: CivilDate;
    readonly amountCents: number;
  }[];
  readonly graceDays: number;
  readonly missedMax: number;
}

interface Party {
  readonly name: string;
  readonly siren: string | null;
  readonly addressLines: readonly string[];
}

/**
 * The agreement on an instalment plan as a PDF for both to sign: who owes whom, which invoices, which amounts on which
 * days, and what happens when one does not come.
 *
 * It grants time and nothing else: the debt stays as it is (no novation), and is due at once when the plan is broken.
 */
export async function planAgreementPdf(plan: PlanAgreement): Promise<Buffer> {
  const words = vocabulary[plan.language];
  return pdfOf(agreementDocument(plan), {
    title: `${words.title} – ${oneLine(plan.debtor.name)}`,
    author: oneLine(plan.creditor.name),
    language: plan.language,
    day: plan.today,
  });
}

function agreementDocument(plan: PlanAgreement): TDocumentDefinitions {
  const { language } = plan;
  const words = vocabulary[language];
  const money = (cents: number): string => moneyInWords(cents, plan.currency, language);
  const say = (text: string): string => withoutNarrowSpaces(typographic(text, language));
  const paragraph = (text: string): Content => ({ text: say(text), margin: [0, 0, 0, 7] });
  const title = (text: string): Content => ({ text: say(text), bold: true, margin: [0, 8, 0, 4] });
  const party = (label: string, { name, siren, addressLines }: Party): Column => ({
    width: '*',
    stack: [
      { text: say(label), color: soft, fontSize: 9 },
      { text: say(oneLine(name)), bold: true },
      ...addressLines.map((line) => ({ text: say(oneLine(line)) })),
      ...(siren ? [{ text: `SIREN ${sirenInWords(siren)}`, color: soft, fontSize: 9 }] : []),
    ],
  });
  const content: Content[] = [
    { text: say(words.title), bold: true, fontSize: 16, margin: [0, 0, 0, 2] },
    { text: say(words.reference(plan.reference)), color: soft, margin: [0, 0, 0, 14] },
    {
      columns: [party(words.between, plan.creditor), party(words.and, plan.debtor)],
      columnGap: 20,
      margin: [0, 0, 0, 12],
    },
    paragraph(words.debt(oneLine(plan.debtor.name), oneLine(plan.creditor.name), money(plan.amountCents))),
    lines(
      [words.invoice, words.due, words.amount],
      plan.invoices.map((one) => [one.number, dayInFigures(one.dueDate, language), money(one.amountCents)]),
      say,
    ),
    title(words.schedule),
    lines(
      [words.number, words.payOn, words.amount],
      [
        ...plan.instalments.map((one) => [
          String(one.number),
          dayInWords(one.dueOn, language),
          money(one.amountCents),
        ]),
        ['', words.total, money(plan.amountCents)],
      ],
      say,
    ),
    ...(plan.creditor.iban ? [paragraph(words.payTo(plan.creditor.iban, plan.reference))] : []),
    title(words.terms),
    paragraph(words.kept),
    paragraph(words.broken(plan.graceDays, plan.missedMax)),
    paragraph(words.noNovation),
    paragraph(words.copies),
    signatures(
      [words.forCreditor(oneLine(plan.creditor.name)), words.forDebtor(oneLine(plan.debtor.name))].map(say),
      say(words.signed),
    ),
  ];
  return {
    pageSize: 'A4',
    pageMargins: [mm(20), mm(20), mm(20), mm(22)],
    defaultStyle: { font: 'Roboto', fontSize: 10, lineHeight: 1.25, color: '#14181d' },
    content,
    footer: (page, pages) => ({
      margin: [mm(20), 14, mm(20), 0],
      fontSize: 7.5,
      color: soft,
      columns: [
        { text: say(`${words.title} ${plan.reference}`), width: '*' },
        { text: `${page} / ${pages}`, width: 'auto' },
      ],
    }),
  };
}

/** Both sign on one line, however long a name is. */
function signatures(names: readonly string[], note: string): Content {
  return {
    unbreakable: true,
    margin: [0, 16, 0, 0],
    stack: [
      { columns: names.map((text) => ({ text, bold: true, width: '*' })), columnGap: 20 },
      {
        columns: names.map(() => ({
          width: '*',
          stack: [
            { text: note, color: soft, fontSize: 9, margin: [0, 2, 0, 52] },
            { canvas: [{ type: 'line', x1: 0, y1: 0, x2: 200, y2: 0, lineWidth: 0.5, lineColor: rule }] },
          ],
        })),
        columnGap: 20,
      },
    ],
  };
}

function lines(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  say: (text: string) => string,
): Content {
  const right = header.length - 1;
  const cells = (texts: readonly string[], style: object): TableCell[] =>
    texts.map((text, column) => ({
      text: say(text),
      ...(column === right ? { alignment: 'right' as const, noWrap: true } : {}),
      ...style,
    }));
  return {
    margin: [0, 0, 0, 8],
    layout: {
      hLineWidth: (line, node) => (line === 0 || line > node.table.body.length ? 0 : 0.5),
      vLineWidth: () => 0,
      hLineColor: () => rule,
      paddingTop: () => 2.5,
      paddingBottom: () => 2.5,
    },
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: ['*', '*', 130],
      body: [cells(header, { color: soft, fontSize: 8.5 }), ...rows.map((row) => cells(row, {}))],
    },
  };
}

const vocabulary = {
  fr: {
    title: 'Accord sur un échéancier de paiement',
    reference: (reference: string) => `Référence ${reference}`,
    between: 'Entre le créancier',
    and: 'et le débiteur',
    debt: (debtor: string, creditor: string, amount: string) =>
      `${debtor} reconnaît devoir à ${creditor} la somme de ${amount}, au titre des factures suivantes :`,
    invoice: 'Facture',
    due: 'Échéance',
    amount: 'Montant',
    schedule: 'Le débiteur règle cette somme ainsi',
    number: 'N°',
    payOn: 'À régler au plus tard le',
    total: 'Total',
    payTo: (iban: string, reference: string) =>
      `Par virement à l’IBAN ${iban.replace(/(.{4})(?=.)/g, '$1 ')}, avec la référence ${reference}.`,
    terms: 'Conditions',
    kept: 'Tant que l’échéancier est respecté, le créancier ne relance pas ces factures.',
    broken: (days: number, missed: number) =>
      `Si une échéance n’est pas réglée ${missed === 1 || days === 0 ? 'à sa date' : `${days === 1 ? 'le jour ouvré qui suit' : `dans les ${days} jours ouvrés qui suivent`} sa date, ou si ${missed} échéances ne le sont pas à leur date`}, l’accord prend fin et tout ce qui reste dû devient exigible aussitôt.`,
    noNovation:
      'Cet accord accorde un délai ; il n’emporte ni novation ni remise de la dette, des pénalités de retard ou de l’indemnité de recouvrement.',
    forCreditor: (name: string) => `Pour ${name}`,
    forDebtor: (name: string) => `Pour ${name}`,
    copies: 'Fait en deux exemplaires, un pour chaque partie.',
    signed: 'Lieu, date, nom, qualité et signature',
  },
  en: {
    title: 'Agreement on an instalment plan',
    reference: (reference: string) => `Reference ${reference}`,
    between: 'Between the creditor',
    and: 'and the debtor',
    debt: (debtor: string, creditor: string, amount: string) =>
      `${debtor} acknowledges that it owes ${creditor} the sum of ${amount}, for these invoices:`,
    invoice: 'Invoice',
    due: 'Due',
    amount: 'Amount',
    schedule: 'The debtor pays this sum as follows',
    number: 'No.',
    payOn: 'To be paid by',
    total: 'Total',
    payTo: (iban: string, reference: string) =>
      `By transfer to IBAN ${iban.replace(/(.{4})(?=.)/g, '$1 ')}, with the reference ${reference}.`,
    terms: 'Terms',
    kept: 'As long as the plan is kept, the creditor sends no reminders about these invoices.',
    broken: (days: number, missed: number) =>
      `If an instalment is not paid ${missed === 1 || days === 0 ? 'on its date' : `within ${days} working ${days === 1 ? 'day' : 'days'} after its date, or if ${missed} instalments are not paid on theirs`}, the agreement ends and all that is still owed falls due at once.`,
    noNovation:
      'This agreement grants time; it neither replaces the debt nor waives any of it, nor late-payment interest, nor the recovery indemnity.',
    forCreditor: (name: string) => `For ${name}`,
    forDebtor: (name: string) => `For ${name}`,
    copies: 'Made in two copies, one for each party.',
    signed: 'Place, date, name, position and signature',
  },
} as const;
