import type { Content, TableCell } from 'pdfmake/interfaces.js';

import type { HandedPiece } from '../../domain/litigation/readiness.ts';
import { dayInFigures } from './day-in-words.ts';
import type { Declaration, DeclarationPiece, StatedInDeclaration } from './declaration.ts';
import { moneyInWords, percentInWords } from './money-in-words.ts';
import { cell, heading, money, note, noted, soft, table } from './pack-tables.ts';
import { oneLine } from './plain-text.ts';
import { countedDays } from './vocabulary.ts';

const french = { language: 'fr' } as const;

/** The tables of a declaration: its claims one by one, what they come to, what proves them, how interest was worked out. */
export function claimsTable({ claims, procedure: { judgmentOn } }: Declaration): Content {
  const rows = claims.map((claim, place): TableCell[] => [
    cell(String(place + 1)),
    noted(numberOf(claim), notesOn(claim), true),
    noted(dayInFigures(claim.dueDate, 'fr'), [isDue(claim, judgmentOn) ? 'échue' : 'à échoir']),
    { stack: [tick('chirographaire'), tick('privilégiée')] },
    money(claim.principalCents, claim.currency, french),
    known(claim.interestCents, claim.currency),
    known(claim.lumpSumCents, 'EUR'),
  ]);
  return table(
    ['', 'Facture', 'Échéance', 'Nature', '>Principal', '>Intérêts', '>Indemnité'],
    [14, 96, 52, 64, 84, 60, 52],
    rows,
    french,
  );
}

/** What is due and what falls due later stand apart (L622-24); an indemnity is in euros, whatever its invoice is in. */
export function sumsTable({ claims, totals, procedure: { judgmentOn } }: Declaration): Content {
  const rows = totals.map(({ currency, cents }): TableCell[] => {
    const own = claims.filter((claim) => claim.currency === currency);
    const price = (of: readonly StatedInDeclaration[]): number =>
      of.reduce((sum, { principalCents }) => sum + principalCents, 0);
    const due = price(own.filter((claim) => isDue(claim, judgmentOn)));
    const interest = own.reduce((sum, { interestCents }) => sum + (interestCents ?? 0), 0);
    const lumpSums = claims.reduce((sum, { lumpSumCents }) => sum + (lumpSumCents ?? 0), 0);
    return [
      cell(currency),
      money(due, currency, french),
      money(price(own) - due, currency, french),
      money(interest, currency, french),
      money(currency === 'EUR' ? lumpSums : 0, currency, french),
      money(cents, currency, french, '', true),
    ];
  });
  return table(
    ['', '>Principal échu', '>Principal à échoir', '>Intérêts', '>Indemnités', '>Total'],
    [24, '*', 88, 70, 52, 102],
    rows,
    french,
  );
}

/** What is in the file, and what whoever signs has still to add: nothing is listed as joined that nobody handed in. */
export function piecesTable({ claims, pieces }: Declaration): Content[] {
  const rows = claims.map((claim, place): TableCell[] => {
    const has = claim.pieces.map(pieceInWords);
    const notice = claim.noticePresentedOn;
    if (notice !== null) has.push(`mise en demeure présentée le ${dayInFigures(notice, 'fr')}`);
    const lacks = proving.filter((piece) => ![...claim.pieces, ...pieces].some((one) => one.piece === piece));
    return [
      cell(String(place + 1)),
      cell(numberOf(claim)),
      cell(has.join(' ; ') || '–'),
      cell(lacks.map((piece) => pieceNames[piece]).join(', ') || '–'),
    ];
  });
  return [
    ...(pieces.length > 0
      ? [
          {
            text: `Pour toutes les créances : ${pieces.map(pieceInWords).join(' ; ')}.`,
            margin: [0, 0, 0, 4],
          } satisfies Content,
        ]
      : []),
    table(['', 'Facture', 'Au dossier', 'À joindre'], [14, 110, 164, 164], rows, french),
  ];
}

/** Each line with its days, base and rate, so that whoever doubts can do the sum again; nothing where no interest ran. */
export function interestTable({ claims }: Declaration): Content[] {
  const rows = claims.flatMap((claim, place) =>
    claim.interestLines.map((line): TableCell[] => [
      cell(String(place + 1)),
      cell(numberOf(claim)),
      noted(`${dayInFigures(line.from, 'fr')} – ${dayInFigures(line.to, 'fr')}`, [
        `${countedDays(line.days, 'fr')} / ${line.yearDays}`,
      ]),
      money(line.baseCents, claim.currency, french),
      { text: percentInWords(line.rate.hundredths, 'fr'), alignment: 'right' },
      money(line.cents, claim.currency, french),
    ]),
  );
  const unexplained = claims.flatMap((claim, place) =>
    (claim.interestCents ?? 0) > 0 && claim.interestLines.length === 0 ? [String(place + 1)] : [],
  );
  if (rows.length === 0 && unexplained.length === 0) return [];
  return [
    heading('Annexe : décompte des intérêts'),
    ...(unexplained.length > 0
      ? [
          note(
            `Reste d’intérêts dont une partie a été réglée, abandonnée ou déclarée avant, pour : ${unexplained.join(', ')}.`,
          ),
        ]
      : []),
    ...(rows.length > 0
      ? [
          table(
            ['', 'Facture', 'Période', '>Base', '>Taux', '>Intérêts'],
            [14, 106, 124, 84, 42, 62],
            rows,
            french,
          ),
        ]
      : []),
  ];
}

function isDue({ dueDate }: StatedInDeclaration, judgmentOn: string): boolean {
  return dueDate <= judgmentOn;
}

function numberOf({ number, term }: StatedInDeclaration): string {
  return `${oneLine(number)}${term > 1 ? ` / ${term}` : ''}`;
}

function notesOn({ issueDate, performedOn, contestedCents, currency }: StatedInDeclaration): string[] {
  return [
    issueDate === null ? '' : `facture du ${dayInFigures(issueDate, 'fr')}`,
    performedOn === null ? '' : `prestation du ${dayInFigures(performedOn, 'fr')}`,
    contestedCents > 0 ? `contestée pour ${moneyInWords(contestedCents, currency, 'fr')}` : '',
  ];
}

function known(cents: number | null, currency: string): TableCell {
  return cents === null
    ? { text: 'à compléter', alignment: 'right', color: soft }
    : money(cents, currency, french);
}

/** A box to be ticked by hand: the font has none. */
function tick(label: string): Content {
  return {
    columns: [
      { canvas: [{ type: 'rect', x: 0, y: 2, w: 6, h: 6, lineWidth: 0.6, lineColor: soft }], width: 9 },
      { text: label, fontSize: 7.5, width: '*' },
    ],
  };
}

function pieceInWords({ piece, name }: DeclarationPiece): string {
  return name === '' ? pieceNames[piece] : `${pieceNames[piece]} (${oneLine(name)})`;
}

/** What proves that a price is owed, and how much. */
const proving = ['invoice_copy', 'order', 'delivery_proof'] as const satisfies readonly HandedPiece[];

const pieceNames: Readonly<Record<HandedPiece, string>> = {
  contract: 'contrat ou conditions générales',
  order: 'bon de commande',
  delivery_proof: 'preuve de livraison',
  invoice_copy: 'copie de la facture',
  registry_extract: 'extrait du registre',
  other: 'autre pièce',
};
