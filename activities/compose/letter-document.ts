/**
 * A message drawn as a letter for a window envelope (NF Z 11-001).
 *
 * Sender at the top left, recipient in the window at the right (105 mm from the left, 50 mm from the top, free of any
 * other ink), then place and day, subject, text, statement, means of payment, signature. The table of invoices repeats
 * its header on each page; each page bears the legal identity of the creditor and its number.
 */
import type {
  Column,
  Content,
  ContentText,
  CustomTableLayout,
  TableCell,
  TDocumentDefinitions,
} from 'pdfmake/interfaces.js';

import type { MessageFigures } from '../../domain/message.ts';
import { qrSvg } from './epc-qr.ts';
import { attentionBelow, head, placeOf, recipient } from './letter-head.ts';
import type { ClaimView } from './claim-view.ts';
import { dayOf, sirenInWords } from './message-view.ts';
import type { MessageView } from './message-view.ts';
import type { InvoiceGroup, InvoiceRow, Row } from './statement.ts';
import { isTitleTooLow, mm } from './pdf.ts';
import { oneLine, withoutNarrowSpaces } from './plain-text.ts';
import { vocabulary } from './vocabulary.ts';

const soft = '#55606e';
const rule = '#c3cad3';
const sideMargin = mm(20);

/** The description of the letter, for `pdfOf`. */
export function letterDocument(view: MessageView, figures: MessageFigures): TDocumentDefinitions {
  const words = vocabulary[view.language];
  const registered = figures.channel === 'registered_letter';
  const content: Content[] = [
    head(figures),
    recipient(figures),
    {
      columns: [
        registered ? { text: words.registered, bold: true, width: '*' } : { text: '', width: '*' },
        { text: words.placeAndDay(placeOf(figures), dayOf(figures)), alignment: 'right', width: 'auto' },
      ],
      margin: [0, 0, 0, 8],
    },
    labelled(words.subject, view.subject, words.colon, true),
    ...(view.pay.length > 0
      ? [labelled(words.ourReference, view.pay.at(-1)?.value ?? '', words.colon, false)]
      : []),
    ...debtorNumber(figures),
    ...attentionBelow(figures).map((text): Content => ({ text, margin: [0, 0, 0, 2] })),
    ...(view.notice
      ? [{ text: view.notice.heading, bold: true, fontSize: 13, margin: [0, 10, 0, 4] } satisfies Content]
      : []),
    ...(view.greeting
      ? [
          paragraph(
            view.notice || figures.level !== 'preventive' ? words.formalGreeting : view.greeting,
            [0, 10, 0, 8],
          ),
        ]
      : []),
    ...view.body.map((text) => paragraph(text)),
    ...(view.notice ? [{ ...paragraph(view.notice.demand), bold: true }] : []),
    ...view.groups.flatMap((group) => statement(group, view)),
    ...(view.totals.length > 0
      ? [totals(view.totals)]
      : view.claim || view.asked.length === 0
        ? []
        : [totals(view.asked)]),
    ...(view.creditsNote ? [paragraph(view.creditsNote)] : []),
    ...(view.claim ? claimOf(view.claim, view) : []),
    // A right whose law stands on another page is read twice.
    ...(view.notice?.rights ?? []).map((text): Content => ({ stack: [paragraph(text)], unbreakable: true })),
    ...(view.pay.length > 0 ? [payment(view)] : []),
    ...(view.notice ? [paragraph(view.notice.consequences)] : []),
    ...view.after.slice(0, -1).map((text) => paragraph(text)),
    ending(view),
    ...(view.attachments
      ? [{ ...paragraph(view.attachments, [0, 14, 0, 0]), color: soft, fontSize: 9 }]
      : []),
  ];
  return {
    pageSize: 'A4',
    pageMargins: [sideMargin, mm(18), sideMargin, mm(20)],
    defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.2, color: '#14181d' },
    content: withPlainSpaces(content),
    pageBreakBefore: isTitleTooLow,
    footer: (page, pages) =>
      withPlainSpaces({
        margin: [sideMargin, 10, sideMargin, 0],
        columns: [
          { text: view.legal, width: '*', fontSize: 7.5, color: soft },
          { text: words.page(page, pages), width: 'auto', fontSize: 7.5, color: soft, margin: [12, 0, 0, 0] },
        ],
      }),
  };
}

function paragraph(text: string, margin: [number, number, number, number] = [0, 0, 0, 7]): ContentText {
  return { text, margin, alignment: 'left' };
}

function labelled(label: string, value: string, colon: string, bold: boolean): Content {
  return {
    text: [
      { text: `${label}${colon} `, color: soft },
      { text: value, bold },
    ],
    margin: [0, 0, 0, 2],
  };
}

/** Who is put on notice, by his number: in the window it would stand where the post reads the town. */
function debtorNumber({ debtor, level, language }: MessageFigures): Content[] {
  if (!debtor.siren || level !== 'formal_notice') return [];
  const words = vocabulary[language];
  const value = `${oneLine(debtor.name)}, ${words.siren} ${sirenInWords(debtor.siren)}`;
  return [labelled(words.debtor, value, words.colon, false)];
}

function statement(group: InvoiceGroup, view: MessageView): Content[] {
  const words = vocabulary[view.language];
  const withSituation = group.rows.some((row) => row.situation !== '');
  const header = (text: string, alignment: 'left' | 'right' = 'left'): TableCell => ({
    text,
    alignment,
    fontSize: 8.5,
    color: soft,
  });
  const columns = [
    header(words.invoice),
    header(words.issued),
    header(words.due),
    ...(withSituation ? [header(words.situation)] : []),
    header(words.openAmount, 'right'),
  ];
  return [
    { text: group.title, bold: true, margin: [0, 6, 0, 3], headlineLevel: 1 },
    {
      layout: ruled,
      table: {
        headerRows: 1,
        keepWithHeaderRows: 1,
        dontBreakRows: true,
        // Fixed, so that the columns of both tables stand under each other.
        widths: ['*', 56, 58, ...(withSituation ? [98] : []), 130],
        body: [columns, ...group.rows.map((row) => invoiceCells(row, withSituation))],
      },
      margin: [0, 0, 0, 6],
    },
  ];
}

/** How the penalties come about, and the sums: never cut between a sum and what it is made of. */
function claimOf({ title, periods, sums, note }: ClaimView, { language }: MessageView): Content[] {
  const words = vocabulary[language];
  const header = (text: string, alignment: 'left' | 'right' = 'left'): TableCell => ({
    text,
    alignment,
    fontSize: 8.5,
    color: soft,
  });
  const right = (text: string): TableCell => ({ text, alignment: 'right', noWrap: true });
  const columns = [
    header(words.invoice),
    header(words.period),
    header(words.days, 'right'),
    header(words.base, 'right'),
    header(words.rate, 'right'),
    header(words.interest, 'right'),
  ];
  const rows = periods.map((one): TableCell[] => [
    { text: one.number, bold: true },
    { text: one.period },
    right(one.days),
    right(one.base),
    right(one.rate),
    right(one.interest),
  ]);
  const table: Content[] =
    rows.length === 0
      ? []
      : [
          {
            layout: ruled,
            table: {
              headerRows: 1,
              keepWithHeaderRows: 1,
              dontBreakRows: true,
              widths: ['*', 120, 40, 64, 46, 74],
              body: [columns, ...rows],
            },
            fontSize: 9,
            margin: [0, 0, 0, 6],
          },
        ];
  return [
    { text: title, bold: true, margin: [0, 6, 0, 3], headlineLevel: 1 },
    ...table,
    { stack: [totals(sums), ...(note === '' ? [] : [paragraph(note)])], unbreakable: true },
  ];
}

const ruled: CustomTableLayout = {
  hLineWidth: (line, node) => (line === 0 || line > node.table.body.length ? 0 : 0.5),
  vLineWidth: () => 0,
  hLineColor: () => rule,
  paddingLeft: (column) => (column === 0 ? 0 : 6),
  paddingRight: (column, node) => (column === (node.table.widths?.length ?? 0) - 1 ? 0 : 6),
  paddingTop: () => 2.5,
  paddingBottom: () => 2.5,
};

function invoiceCells(row: InvoiceRow, withSituation: boolean): TableCell[] {
  const noted = (
    text: string,
    notes: readonly string[],
    alignment: 'left' | 'right',
    bold = false,
  ): TableCell => ({
    stack: [
      { text, alignment, bold, noWrap: alignment === 'right' },
      ...notes
        .filter((note) => note !== '')
        .map((note) => ({ text: note, alignment, fontSize: 8, color: soft })),
    ],
  });
  return [
    noted(row.number, [row.numberNote], 'left', true),
    { text: row.issued, noWrap: true },
    { text: row.due, noWrap: true },
    ...(withSituation ? [{ text: row.situation }] : []),
    noted(row.amount, row.amountNotes, 'right'),
  ];
}

function totals(rows: readonly Row[]): Content {
  const table: Content = {
    layout: 'noBorders',
    table: {
      widths: ['*', 'auto'],
      dontBreakRows: true,
      body: rows.map(({ label, value, strong = false }) => [
        { text: label, alignment: 'right', bold: strong },
        { text: value, alignment: 'right', bold: strong, noWrap: true, margin: [10, 0, 0, 0] },
      ]),
    },
    margin: [0, 0, 0, 8],
  };
  // A sum alone on the next page reads as another one.
  return { stack: [table], unbreakable: true };
}

function payment(view: MessageView): Content {
  const words = vocabulary[view.language];
  const details: Column = {
    width: '*',
    stack: [
      { text: view.payTitle, bold: true, margin: [0, 0, 0, 3] },
      { text: view.payIntroduction, margin: [0, 0, 0, 4] },
      ...view.pay.map(({ label, value, strong = false }) => ({
        columns: [
          { text: label, width: mm(view.language === 'fr' ? 22 : 24), color: soft },
          { text: value, width: '*', bold: strong },
        ],
        margin: [0, 0, 0, 1] satisfies [number, number, number, number],
      })),
    ],
  };
  const code: Column[] = view.qr
    ? [
        {
          width: mm(34),
          stack: [
            { svg: qrSvg(view.qr.payload), width: mm(28), alignment: 'center' },
            { text: words.qrShort, fontSize: 7, color: soft, alignment: 'center' },
          ],
        },
      ]
    : [];
  return {
    unbreakable: true,
    margin: [0, 6, 0, 10],
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0.5,
      hLineColor: () => rule,
      vLineColor: () => rule,
      paddingLeft: () => 10,
      paddingRight: () => 8,
      paddingTop: () => 8,
      paddingBottom: () => 6,
    },
    table: { widths: ['*'], body: [[{ columns: [details, ...code], columnGap: 12 }]] },
  };
}

/** The last words and who signs them: nobody sends a page that bears a signature alone. */
function ending(view: MessageView): Content {
  const last = view.after.slice(-1).map((text) => paragraph(text));
  const closing = view.letterClosing ? [paragraph(view.letterClosing)] : [];
  return { unbreakable: true, stack: [...last, ...closing, signature(view)] };
}

function signature(view: MessageView): Content {
  const [name = '', ...rest] = view.signature;
  return {
    margin: [mm(88), view.notice ? 10 : 2, 0, 0],
    // Room to sign by hand above the name: a registered letter usually is.
    stack: [
      { text: ' ', fontSize: view.notice ? 26 : 8 },
      { text: name, bold: true },
      ...rest.map((text) => ({ text })),
    ],
  };
}

/** The font has no narrow no-break space: every text of the document gets the plain one. */
function withPlainSpaces<Node>(node: Node): Node {
  if (typeof node === 'string') return withoutNarrowSpaces(node) as Node;
  if (Array.isArray(node)) return node.map(withPlainSpaces) as Node;
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withPlainSpaces(value)]),
  ) as Node;
}
