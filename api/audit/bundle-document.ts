import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { heading, note, rule, soft, table, withPlainText } from '../../activities/compose/pack-tables.ts';
import { isTitleTooLow, mm, pdfOf } from '../../activities/compose/pdf.ts';
import { oneLine } from '../../activities/compose/plain-text.ts';
import type { BundleFile } from './bundle-file.ts';
import type { Cell, Section } from './bundle-sections.ts';
import type { PartyLines, Summary } from './bundle-summary.ts';
import { bundleWords } from './bundle-words.ts';

const margin = mm(18);

/** The same as the page, typeset: under the creditor's head, with numbered pages and heads that are repeated. */
export async function bundleDocument(
  { record, language, today }: BundleFile,
  summary: Summary,
  sections: readonly Section[],
): Promise<Buffer> {
  const [creditor] = summary.parties;
  const description: TDocumentDefinitions = {
    pageSize: 'A4',
    pageMargins: [margin, mm(18), margin, mm(20)],
    defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.2, color: '#14181d' },
    content: withPlainText(
      [...head(creditor), ...opening(summary), ...sections.flatMap((section) => drawn(section, language))],
      language,
    ) as Content[],
    pageBreakBefore: isTitleTooLow,
    footer: (page, pages) =>
      withPlainText(
        {
          margin: [margin, 14, margin, 0],
          fontSize: 7.5,
          color: soft,
          columnGap: 12,
          columns: [
            { text: `${oneLine(summary.title)} – ${oneLine(creditor.name)}`, width: '*' },
            { text: bundleWords[language].page(page, pages), width: 'auto', noWrap: true },
          ],
        },
        language,
      ) as Content,
  };
  return pdfOf(description, {
    title: summary.title,
    author: oneLine(record.file.creditor.legal_name ?? record.file.creditor.key),
    language: language === 'fr' ? 'fr-FR' : 'en-GB',
    day: today,
  });
}

function head({ name, lines }: PartyLines): Content[] {
  return [
    { text: oneLine(name), bold: true, fontSize: 11 },
    { text: lines.map(oneLine).join(' – '), color: soft, fontSize: 8, margin: [0, 1, 0, 16] },
  ];
}

function opening({ title, subtitle, parties, facts, note: about }: Summary): Content[] {
  return [
    { text: oneLine(title), fontSize: 17, bold: true },
    { text: oneLine(subtitle), color: soft, fontSize: 11, margin: [0, 2, 0, 12] },
    { columns: parties.map(party), columnGap: 20, margin: [0, 0, 0, 10] },
    {
      layout: {
        hLineWidth: () => 0.5,
        vLineWidth: () => 0,
        hLineColor: () => rule,
        paddingTop: () => 3,
        paddingBottom: () => 2,
        paddingLeft: () => 0,
      },
      table: {
        widths: [mm(48), '*'],
        body: facts.map(([label, value]) => [{ text: label, color: soft }, { text: oneLine(value) }]),
      },
    },
    note(''),
    note(about),
  ];
}

function party({ title, name, lines }: PartyLines): Content {
  return {
    stack: [
      { text: title, color: soft, fontSize: 8 },
      { text: oneLine(name), bold: true },
      ...lines.map((line) => ({ text: oneLine(line) })),
    ],
  };
}

function drawn({ title, note: about, columns, rows }: Section, language: BundleFile['language']): Content[] {
  return [
    heading(title),
    ...(about === undefined ? [] : [note(about)]),
    table(
      columns.map(({ head: words, isNumber }) => `${isNumber ? '>' : ''}${words}`),
      columns.map(({ width }) => width),
      rows.map((row) => row.map((cell, place) => cellDrawn(cell, columns[place]?.isNumber === true))),
      { language },
    ),
  ];
}

function cellDrawn(
  { text, isStrong = false, notes = [], quote, links = [] }: Cell,
  isNumber: boolean,
): TableCell {
  const small = [...notes, ...links.map(({ path }) => path)].filter((line) => line !== '');
  return {
    alignment: isNumber ? 'right' : 'left',
    stack: [
      ...(text === '' ? [] : [{ text, bold: isStrong, noWrap: isNumber }]),
      ...(quote === undefined
        ? []
        : [{ text: quote, italics: true, margin: [8, 1, 0, 1] as [number, number, number, number] }]),
      ...small.map((line) => ({ text: line, fontSize: 7, color: soft })),
    ],
  };
}
