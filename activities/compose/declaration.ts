import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';

import type { DeclaredClaim } from '../../db/insolvency-claims.ts';
import type { ProcedureKind } from '../../db/insolvencies.ts';
import type { InterestLine } from '../../domain/law/interest-run.ts';
import type { LegalDate } from '../../domain/law/legal-date.ts';
import type { HandedPiece } from '../../domain/litigation/readiness.ts';
import type { CivilDate } from '../../domain/time.ts';
import { dayInWords } from './day-in-words.ts';
import { claimsTable, interestTable, piecesTable, sumsTable } from './declaration-tables.ts';
import { sirenInWords } from './message-view.ts';
import { heading, note, rule, soft, withPlainText } from './pack-tables.ts';
import { isTitleTooLow, mm, pdfOf } from './pdf.ts';
import { oneLine } from './plain-text.ts';

/** Everything that a declaration states; what is null is not known, and is left to be written by hand. */
export interface Declaration {
  readonly today: CivilDate;
  /** Null: it has still to be sent. */
  readonly sentOn: CivilDate | null;
  /** The days of those that were sent before, which it completes. */
  readonly completes: readonly CivilDate[];
  /** The litigation file to whose invoices it is cut; null when it states all of them. */
  readonly partOf: string | null;
  readonly lastDay: LegalDate | null;
  readonly creditor: DeclarationParty & {
    readonly vatNumber: string | null;
    readonly registration: string | null;
    readonly contactLines: readonly string[];
  };
  readonly debtor: DeclarationParty;
  readonly procedure: {
    readonly kind: ProcedureKind | null;
    readonly judgmentOn: CivilDate;
    readonly publishedOn: CivilDate | null;
    readonly court: string | null;
    readonly administrator: string | null;
  };
  readonly guarantee: { readonly what: string; readonly until: CivilDate | null } | null;
  readonly claims: readonly StatedInDeclaration[];
  /** Of all claims, by currency, in cents; what is not known is not in them. */
  readonly totals: readonly { readonly currency: string; readonly cents: number }[];
  /** Handed in for all of the claims. */
  readonly pieces: readonly DeclarationPiece[];
}

export interface DeclarationParty {
  readonly name: string;
  readonly siren: string | null;
  readonly addressLines: readonly string[];
  /** ISO code. */
  readonly country: string;
}

/** One claim with what proves it. */
export interface StatedInDeclaration extends DeclaredClaim {
  readonly contestedCents: number;
  /** How its interest comes to its sum; empty where what is stated is not the sum of lines. */
  readonly interestLines: readonly InterestLine[];
  readonly pieces: readonly DeclarationPiece[];
  readonly noticePresentedOn: CivilDate | null;
}

export interface DeclarationPiece {
  readonly piece: HandedPiece;
  readonly name: string;
}

/**
 * The declaration of claims in an insolvency, as a creditor signs and sends it (L622-24 and L622-25 C. com.).
 *
 * It is French as the procedure is. It states what is on record and nothing else: whatever is not known (a court, the
 * administrator, a privilege, a rate of exchange) is a blank to be filled in by whoever signs, never a guess.
 */
export async function declarationPdf(declaration: Declaration): Promise<Buffer> {
  return pdfOf(declarationDocument(declaration), {
    title: `${title} – ${oneLine(declaration.debtor.name)}`,
    author: oneLine(declaration.creditor.name),
    language: 'fr-FR',
    day: declaration.today,
  });
}

const title = 'Déclaration de créances';
const countries = new Intl.DisplayNames('fr', { type: 'region' });
/** Room to write by hand. */
const blank = '.'.repeat(48);
const margin = mm(20);

/** The description of the document, for `pdfOf`. */
export function declarationDocument(given: Declaration): TDocumentDefinitions {
  const { creditor, debtor, claims, totals } = given;
  const name = oneLine(debtor.name);
  const content: Content[] = [
    { text: title, fontSize: 18, bold: true },
    {
      text: `au passif de ${name} – articles L622-24 et L622-25 du code de commerce`,
      color: soft,
      margin: [0, 2, 0, 10],
    },
    ...standing(given).map(note),
    {
      columns: [party('Créancier', creditor, creditor), party('Débiteur', debtor)],
      columnGap: 20,
      margin: [0, 8, 0, 0],
    },
    heading('La procédure'),
    procedure(given),
    heading('Les créances nées avant le jugement'),
    note(
      'Montants TTC dus au jour du jugement d’ouverture. Intérêts de retard arrêtés à la veille du jugement (article L622-28). Indemnité forfaitaire pour frais de recouvrement, en euros.',
    ),
    claimsTable(given),
    ...(claims.some(({ interestCents, lumpSumCents }) => interestCents === null || lumpSumCents === null)
      ? [
          note(
            'Ce qui est « à compléter » dépend d’une valeur de la loi qui n’est pas enregistrée : les totaux ne le comprennent pas.',
          ),
        ]
      : []),
    heading('Total déclaré'),
    sumsTable(given),
    ...(totals.some(({ currency }) => currency !== 'EUR')
      ? [
          toFill(
            'Contre-valeur en euros des créances en devises, au cours du jour du jugement (article L622-25)',
          ),
        ]
      : []),
    heading('Privilèges et sûretés'),
    ...securities(given),
    heading('Litige en cours'),
    toFill('Juridiction saisie, si une créance fait l’objet d’un litige'),
    heading('Bordereau des pièces'),
    ...piecesTable(given),
    signature(oneLine(creditor.name)),
    ...interestTable(given),
  ];
  return {
    pageSize: 'A4',
    pageMargins: [margin, mm(18), margin, mm(22)],
    defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.25, color: '#14181d' },
    content: withPlainText(content, 'fr') as Content[],
    pageBreakBefore: isTitleTooLow,
    footer: (page, pages) =>
      withPlainText(
        {
          margin: [margin, 14, margin, 0],
          fontSize: 7.5,
          color: soft,
          columnGap: 12,
          columns: [
            { text: `${title} – ${oneLine(creditor.name)} – ${name}`, width: '*' },
            { text: `Page ${page} sur ${pages}`, width: 'auto', noWrap: true },
          ],
        },
        'fr',
      ) as Content,
  };
}

/** What whoever reads it must know before all else. */
function standing({ sentOn, completes, partOf }: Declaration): readonly string[] {
  const before = completes.map((day) => dayInWords(day, 'fr')).join(', ');
  return [
    ...(sentOn === null ? [] : [`Telle qu’elle a été déclarée le ${dayInWords(sentOn, 'fr')}.`]),
    ...(before === '' ? [] : [`Complète ce qui a été déclaré le ${before}.`]),
    ...(partOf === null
      ? []
      : [
          `Ne porte que sur les factures du dossier ${partOf} : ce créancier a d’autres créances à déclarer contre ce débiteur.`,
        ]),
  ];
}

function procedure({ procedure: known, lastDay, sentOn }: Declaration): Content {
  const { kind, judgmentOn, publishedOn, court, administrator } = known;
  const unknown = 'à compter de la publication au BODACC, qui n’est pas enregistrée';
  const rows: readonly (readonly [string, string])[] = [
    ['Procédure', kind === null ? blank : kinds[kind]],
    ['Tribunal', court === null ? blank : oneLine(court)],
    ['Jugement d’ouverture', dayInWords(judgmentOn, 'fr')],
    ['Publication au BODACC', publishedOn === null ? blank : dayInWords(publishedOn, 'fr')],
    ['Destinataire', administrator === null ? blank : oneLine(administrator)],
    ...(sentOn === null
      ? ([['À envoyer au plus tard', lastDay === null ? unknown : lastDayInWords(lastDay)]] as const)
      : []),
  ];
  return {
    layout: 'noBorders',
    table: {
      widths: [mm(42), '*'],
      body: rows.map(([label, value]) => [
        { text: label, color: soft },
        { text: value, color: value === blank ? soft : '#14181d' },
      ]),
    },
  };
}

function lastDayInWords({ on, term, from, movedFrom }: LegalDate): string {
  const moved = movedFrom === null ? '' : `, reporté du ${dayInWords(movedFrom, 'fr')}`;
  return `le ${dayInWords(on, 'fr')} (${term.count} mois à compter du ${dayInWords(from, 'fr')}${moved})`;
}

function party(
  label: string,
  { name, siren, addressLines, country }: DeclarationParty,
  more?: Declaration['creditor'],
): Content {
  const lines = [
    ...addressLines.map(oneLine),
    country.toUpperCase() === 'FR' ? '' : (countries.of(country.toUpperCase()) ?? country),
    siren === null ? `SIREN ${'.'.repeat(24)}` : `SIREN ${sirenInWords(siren)}`,
    more?.registration ? oneLine(more.registration) : '',
    more?.vatNumber ? `TVA ${oneLine(more.vatNumber)}` : '',
    ...(more?.contactLines ?? []).map(oneLine),
  ].filter((line) => line !== '');
  return {
    stack: [
      { text: label, color: soft, fontSize: 8.5 },
      { text: oneLine(name), bold: true },
      ...(addressLines.length === 0 ? [{ text: `Adresse ${'.'.repeat(24)}` }] : []),
      ...lines.map((text) => ({ text })),
    ],
  };
}

/** A guarantee of a third party is no privilege on what the debtor owns: which it is, is said by whoever signs. */
function securities({ guarantee }: Declaration): Content[] {
  const until =
    guarantee?.until === null || guarantee === null ? '' : `, jusqu’au ${dayInWords(guarantee.until, 'fr')}`;
  return [
    ...(guarantee === null
      ? []
      : [
          {
            text: `Garantie enregistrée : ${oneLine(guarantee.what)}${until}.`,
            margin: [0, 0, 0, 4],
          } satisfies Content,
        ]),
    note(
      'Cocher « privilégiée » au tableau pour chaque créance qui l’est, et dire ici la nature, l’assiette et le rang du privilège ou de la sûreté.',
    ),
    { text: blank.repeat(2), color: soft, margin: [0, 4, 0, 0] },
  ];
}

function toFill(label: string): Content {
  return { text: [`${label} : `, { text: blank, color: soft }], margin: [0, 5, 0, 2] };
}

function signature(name: string): Content {
  return {
    unbreakable: true,
    margin: [0, 22, 0, 0],
    stack: [
      { text: `Pour ${name}`, bold: true },
      'Certifiée sincère et exacte.',
      {
        text: [
          'Fait à ',
          { text: '.'.repeat(40), color: soft },
          ' le ',
          { text: '.'.repeat(24), color: soft },
        ],
        margin: [0, 8, 0, 0],
      },
      { text: 'Nom, qualité et signature', color: soft, fontSize: 9, margin: [0, 8, 0, 52] },
      { canvas: [{ type: 'line', x1: 0, y1: 0, x2: 220, y2: 0, lineWidth: 0.5, lineColor: rule }] },
    ],
  };
}

const kinds: Readonly<Record<ProcedureKind, string>> = {
  safeguard: 'sauvegarde',
  receivership: 'redressement judiciaire',
  liquidation: 'liquidation judiciaire',
};
