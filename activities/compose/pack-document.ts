/**
 * The hand-over file drawn as a document: a cover that says it all, then each part from the parties to what is missing.
 */
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';

import { outcomeInWords } from '../../domain/dispute/outcome.ts';
import { reasonInWords } from '../../domain/dispute/reason.ts';
import type { MessageContact, MessageCreditor, MessageDebtor } from '../../domain/message.ts';
import { dayInFigures, dayInWords } from './day-in-words.ts';
import { missingPiecesOf } from './litigation-pack.ts';
import type { LitigationPack, PackContact, PackInvoice } from './litigation-pack.ts';
import { sirenInWords } from './message-view.ts';
import { moneyInWords } from './money-in-words.ts';
import { cell, day, heading, money, note, noted, rule, soft, table, withPlainText } from './pack-tables.ts';
import { packVocabulary } from './pack-vocabulary.ts';
import { isTitleTooLow, mm } from './pdf.ts';
import { inGroups, oneLine } from './plain-text.ts';
import { countedDays } from './vocabulary.ts';

const margin = mm(20);

/** The description of the file, for `pdfOf`. */
export function packDocument(pack: LitigationPack): TDocumentDefinitions {
  const words = packVocabulary[pack.language];
  const content = [
    ...cover(pack),
    heading(words.parties),
    {
      columns: [party(words.creditor, pack.creditor, pack), party(words.debtor, pack.debtor, pack)],
      columnGap: 20,
    },
    ...contactsOf(pack),
    heading(words.invoices),
    invoicesTable(pack),
    heading(words.ledger),
    ledgerTable(pack),
    ...noticePart(pack),
    heading(words.chronology),
    pack.chronology.some((contact) => contact.sha256) ? note(words.chronologyNote) : '',
    chronologyTable(pack),
    heading(words.disputes),
    disputesTable(pack),
    heading(words.promises),
    promisesTable(pack),
    ...missingPart(pack),
  ];
  return {
    pageSize: 'A4',
    pageMargins: [margin, mm(18), margin, mm(22)],
    defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.25, color: '#14181d' },
    content: withPlainText(content, pack.language) as Content[],
    pageBreakBefore: isTitleTooLow,
    footer: (page, pages) =>
      withPlainText(
        {
          margin: [margin, 14, margin, 0],
          fontSize: 7.5,
          color: soft,
          columnGap: 12,
          columns: [
            {
              text: `${words.title} – ${oneLine(pack.reference)} – ${oneLine(pack.debtor.name)}`,
              width: '*',
            },
            { text: words.page(page, pages), width: 'auto', noWrap: true },
          ],
        },
        pack.language,
      ) as Content,
  };
}

function cover(pack: LitigationPack): Content[] {
  const words = packVocabulary[pack.language];
  const oldest = pack.invoices.map((invoice) => invoice.dueDate).sort()[0];
  const facts: [string, string][] = [
    [words.reference, oneLine(pack.reference)],
    [words.creditor, oneLine(pack.creditor.legalName)],
    [
      words.debtor,
      [oneLine(pack.debtor.name), pack.debtor.siren ? `SIREN ${sirenInWords(pack.debtor.siren)}` : '']
        .filter(Boolean)
        .join(' – '),
    ],
    ...sumsOf(pack.invoices).flatMap(({ currency, balance, contested }): [string, string][] => [
      [words.claim, moneyInWords(balance, currency, pack.language)],
      ...(contested > 0
        ? [[words.contested, moneyInWords(contested, currency, pack.language)] satisfies [string, string]]
        : []),
    ]),
    ...(oldest ? [[words.oldestDue, dayInWords(oldest, pack.language)] satisfies [string, string]] : []),
    [words.handedOverOn, dayInWords(pack.today, pack.language)],
    ...(pack.handedOverTo
      ? [[words.handedOverTo, oneLine(pack.handedOverTo)] satisfies [string, string]]
      : []),
    ...(pack.responsible ? [[words.responsible, oneLine(pack.responsible)] satisfies [string, string]] : []),
    ...(pack.reason ? [[words.reason, oneLine(pack.reason)] satisfies [string, string]] : []),
  ];
  return [
    { text: oneLine(pack.creditor.legalName), color: soft },
    { text: words.title, fontSize: 18, bold: true, margin: [0, 2, 0, 12] },
    {
      layout: {
        hLineWidth: () => 0.5,
        vLineWidth: () => 0,
        hLineColor: () => rule,
        paddingTop: () => 4,
        paddingBottom: () => 3,
        paddingLeft: () => 0,
      },
      table: {
        widths: [mm(48), '*'],
        body: facts.map(([label, value]) => [
          { text: label, color: soft },
          { text: value, bold: label === words.claim },
        ]),
      },
    },
  ];
}

function party(title: string, who: MessageCreditor | MessageDebtor, pack: LitigationPack): Content {
  const words = packVocabulary[pack.language];
  const isCreditor = 'legalName' in who;
  const lines = [
    ...who.addressLines.map(oneLine),
    isCreditor || who.country.toUpperCase() === 'FR' ? '' : who.country.toUpperCase(),
    who.siren ? `SIREN ${sirenInWords(who.siren)}` : '',
    isCreditor && who.vatNumber ? `${words.vat} ${oneLine(who.vatNumber)}` : '',
    ...(isCreditor
      ? [[who.senderName, who.phone ?? ''].map(oneLine).filter(Boolean).join(' – '), oneLine(who.replyTo)]
      : []),
    isCreditor ? `IBAN ${inGroups(who.iban)}` : '',
  ].filter((line) => line !== '');
  return {
    stack: [
      { text: title, color: soft, fontSize: 8.5 },
      { text: oneLine(isCreditor ? who.legalName : who.name), bold: true },
      ...lines.map((text) => ({ text })),
    ],
  };
}

function contactsOf(pack: LitigationPack): Content[] {
  const inWords = (contact: MessageContact): string =>
    [contact.name, contact.email, contact.phone]
      .map((part) => oneLine(part ?? ''))
      .filter(Boolean)
      .join(' – ');
  const known = pack.contacts.map(inWords).filter(Boolean);
  if (known.length === 0) return [];
  return [
    { text: packVocabulary[pack.language].contacts, color: soft, fontSize: 8.5, margin: [0, 8, 0, 0] },
    ...known.map((text) => ({ text })),
  ];
}

function invoicesTable(pack: LitigationPack): Content {
  const words = packVocabulary[pack.language];
  const rows = pack.invoices.map((invoice) => [
    noted(
      `${oneLine(invoice.number)}${invoice.term > 1 ? ` / ${invoice.term}` : ''}`,
      invoice.orderNumber ? [oneLine(invoice.orderNumber)] : [],
      true,
    ),
    day(invoice.issueDate, pack),
    day(invoice.dueDate, pack),
    cell(invoice.daysLate > 0 ? countedDays(invoice.daysLate, pack.language) : '–'),
    money(invoice.amountCents, invoice.currency, pack),
    money(
      invoice.balanceCents,
      invoice.currency,
      pack,
      invoice.contestedCents > 0
        ? `${words.contested} ${moneyInWords(invoice.contestedCents, invoice.currency, pack.language)}`
        : '',
    ),
  ]);
  const totals = sumsOf(pack.invoices).map(({ currency, amount, balance }) => [
    { text: `${words.total} ${currency}`, bold: true, colSpan: 4 },
    {},
    {},
    {},
    money(amount, currency, pack, '', true),
    money(balance, currency, pack, '', true),
  ]);
  return table(
    [words.invoice, words.date, words.due, words.age, `>${words.amount}`, `>${words.balance}`],
    ['*', 56, 58, 46, 76, 96],
    [...rows, ...totals],
    pack,
  );
}

function ledgerTable(pack: LitigationPack): Content {
  const words = packVocabulary[pack.language];
  const rows = pack.ledger.map((entry) => [
    day(entry.day, pack),
    cell(
      [words.kinds[entry.kind], entry.reference ? oneLine(entry.reference) : ''].filter(Boolean).join(' – '),
    ),
    cell(entry.invoiceNumber ? oneLine(entry.invoiceNumber) : words.unallocated),
    money(entry.cents, entry.currency, pack),
  ]);
  return table(
    [words.date, words.movement, words.invoice, `>${words.debtEffect}`],
    [60, '*', 120, 96],
    rows,
    pack,
  );
}

function noticePart(pack: LitigationPack): Content[] {
  const words = packVocabulary[pack.language];
  const { formalNotice } = pack;
  if (!formalNotice) return [];
  const inWords = (value: string | undefined): string => (value ? dayInWords(value, pack.language) : '–');
  const facts: [string, string][] = [
    [words.composedOn, inWords(formalNotice.composedOn)],
    [words.postedOn, inWords(formalNotice.postedOn)],
    [words.tracking, formalNotice.trackingNumber ? oneLine(formalNotice.trackingNumber) : '–'],
    [words.presentedOn, inWords(formalNotice.presentedOn)],
    [words.answerBy, inWords(formalNotice.answerBy)],
    ...(formalNotice.outcome
      ? [[words.outcome, oneLine(formalNotice.outcome)] satisfies [string, string]]
      : []),
    ...(formalNotice.sha256 ? [['SHA-256', formalNotice.sha256] satisfies [string, string]] : []),
  ];
  return [
    heading(words.notice),
    {
      layout: 'noBorders',
      table: {
        widths: [mm(42), '*'],
        body: facts.map(([label, value]) => [
          { text: label, color: soft },
          { text: value, ...(label === 'SHA-256' ? { fontSize: 8 } : {}) },
        ]),
      },
    },
  ];
}

function chronologyTable(pack: LitigationPack): Content {
  const words = packVocabulary[pack.language];
  const rows = [...pack.chronology].sort(byTime).map((contact) => {
    const about = [
      [contact.recipient, contact.invoiceNumbers?.join(', ')]
        .map((part) => oneLine(part ?? ''))
        .filter(Boolean)
        .join(' – '),
      contact.sha256 ? `SHA-256 ${contact.sha256}` : '',
    ];
    const what = [
      words.channels[contact.channel],
      contact.direction === 'received' ? words.received : words.levels[contact.level],
    ].join(', ');
    return [
      noted(dayInFigures(contact.day, pack.language), contact.time ? [oneLine(contact.time)] : []),
      noted(contact.subject ? `${what} – ${oneLine(contact.subject)}` : what, about),
      noted(oneLine(contact.outcome), contact.trackingNumber ? [oneLine(contact.trackingNumber)] : []),
    ];
  });
  return table([words.date, words.exchange, words.outcome], [60, '*', 120], rows, pack);
}

function disputesTable(pack: LitigationPack): Content {
  const words = packVocabulary[pack.language];
  const rows = pack.disputes.map((dispute) => [
    day(dispute.openedOn, pack),
    noted(oneLine(dispute.invoiceNumber), [oneLine(reasonInWords(dispute.reason, pack.language))], true),
    money(dispute.contestedCents, dispute.currency, pack),
    noted(
      dispute.resolution ? oneLine(outcomeInWords(dispute.resolution, pack.language)) : words.stillOpen,
      dispute.closedOn ? [dayInFigures(dispute.closedOn, pack.language)] : [],
    ),
  ]);
  return table(
    [words.openedOn, words.motive, `>${words.contestedPart}`, words.resolution],
    [60, '*', 90, 120],
    rows,
    pack,
  );
}

function promisesTable(pack: LitigationPack): Content {
  const words = packVocabulary[pack.language];
  const rows = pack.promises.map((promise) => [
    noted(dayInFigures(promise.madeOn, pack.language), promise.madeBy ? [oneLine(promise.madeBy)] : []),
    day(promise.promisedDay, pack),
    money(promise.cents, promise.currency, pack),
    cell(words.promiseOutcomes[promise.outcome]),
  ]);
  return table(
    [words.madeOn, words.promisedFor, `>${words.promised}`, words.outcome],
    ['*', 80, 110, 120],
    rows,
    pack,
  );
}

function missingPart(pack: LitigationPack): Content[] {
  const words = packVocabulary[pack.language];
  const missing = missingPiecesOf(pack);
  if (missing.length === 0) return [heading(words.missing), { text: words.nothingMissing }];
  return [
    heading(words.missing),
    note(words.missingNote),
    { ul: missing.map((piece) => words.pieces[piece]), margin: [0, 2, 0, 0] },
  ];
}

function sumsOf(
  invoices: readonly PackInvoice[],
): { currency: string; amount: number; balance: number; contested: number }[] {
  const currencies = [...new Set(invoices.map((invoice) => invoice.currency))];
  return currencies.map((currency) => {
    const own = invoices.filter((invoice) => invoice.currency === currency);
    const sum = (of: (invoice: PackInvoice) => number): number =>
      own.reduce((total, invoice) => total + of(invoice), 0);
    return {
      currency,
      amount: sum((invoice) => invoice.amountCents),
      balance: sum((invoice) => invoice.balanceCents),
      contested: sum((invoice) => invoice.contestedCents),
    };
  });
}

function byTime(a: PackContact, b: PackContact): number {
  return `${a.day} ${a.time ?? ''}`.localeCompare(`${b.day} ${b.time ?? ''}`, 'en');
}
