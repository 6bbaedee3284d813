import { statusInWords } from '../domain/litigation/status.ts';
import type { Language } from '../domain/message.ts';
import { outcomeInWords, pieceInWords, routeInWords } from './litigation-words.ts';
import { dayInWords, moneyInWords } from './words.ts';

type Body = Readonly<Record<string, unknown>>;

/** An entry about a litigation file in the story of one of its invoices; null for what is none. */
export function litigationSentence(type: string, body: Body, language: Language): string | null {
  const fr = language === 'fr';
  const code = (name: string): string => {
    const said = body[name];
    return typeof said === 'string' ? said : '';
  };
  const day = (name: string): string => (body[name] === undefined ? '' : dayInWords(code(name), language));
  const sum = (): string => moneyInWords(Number(body['amountCents'] ?? 0), code('currency'), language);
  switch (type) {
    case 'litigationJoined':
      return fr ? 'Facture réunie au dossier contentieux.' : 'Invoice gathered into the litigation file.';
    case 'litigationLeft':
      return fr ? 'Facture sortie du dossier contentieux.' : 'Invoice left the litigation file.';
    case 'litigationRoute':
      return [
        ...(body['route'] === undefined
          ? []
          : [`${fr ? 'Voie choisie :' : 'Way chosen:'} ${routeInWords(code('route'), language)}.`]),
        ...(body['consentOn'] === undefined
          ? []
          : [
              fr
                ? `Accord du créancier le ${day('consentOn')}.`
                : `The creditor agreed on ${day('consentOn')}.`,
            ]),
      ].join(' ');
    case 'litigationPiece':
      if (body['documentId'] === null)
        return `${fr ? 'Pièce déclarée non nécessaire :' : 'Piece said not to be needed:'} ${pieceInWords(code('piece'), language)}.`;
      return `${fr ? 'Pièce versée au dossier :' : 'Piece added to the file:'} ${pieceInWords(code('piece'), language)}.`;
    case 'litigationPieceRemoved':
      return `${fr ? 'Pièce retirée du dossier :' : 'Piece taken out of the file:'} ${pieceInWords(code('piece'), language)}.`;
    case 'litigationHanded':
      return handed(code('route'), body['incomplete'] === true, language);
    case 'litigationPack':
      return fr ? 'Dossier de pièces constitué et scellé.' : 'Pack drawn up and sealed.';
    case 'litigationStatus':
      return `${fr ? 'Le partenaire indique :' : 'The partner says:'} ${statusInWords(code('code'), language)} (${day('on')}).`;
    case 'litigationCost':
      return `${fr ? 'Frais du partenaire :' : 'Costs of the partner:'} ${sum()}.`;
    case 'litigationRecovery':
      return fr
        ? `Le partenaire a encaissé ${sum()}, à reverser au plus tard le ${day('remitBy')}.`
        : `The partner received ${sum()}, to be passed on by ${day('remitBy')}.`;
    case 'litigationRemittance':
      return fr ? `Le partenaire a reversé ${sum()}.` : `The partner passed on ${sum()}.`;
    case 'litigationTold':
      return fr
        ? 'Le partenaire est informé de ce qui nous est parvenu.'
        : 'The partner is told of what came to us.';
    case 'litigationChased':
      return fr
        ? `Reversement en retard : ${sum()}, attendus le ${day('remitBy')}.`
        : `Remittance late: ${sum()}, awaited on ${day('remitBy')}.`;
    case 'litigationNote':
      return fr ? 'Note du dossier contentieux.' : 'Note of the litigation file.';
    case 'litigationClosed':
      return [
        `${fr ? 'Dossier contentieux clos :' : 'Litigation file closed:'} ${outcomeInWords(code('outcome'), language)}.`,
        ...(code('reason') === 'penalties_left'
          ? [fr ? 'Les pénalités réclamées restent dues.' : 'The penalties that were claimed are still owed.']
          : []),
      ].join(' ');
    default:
      return null;
  }
}

/** The partner says which way he goes where none was chosen. */
function handed(route: string, incomplete: boolean, language: Language): string {
  const fr = language === 'fr';
  return [
    fr ? 'Dossier contentieux transmis' : 'Litigation file handed to a partner',
    ...(route === '' ? [] : [`${fr ? 'voie :' : 'way:'} ${routeInWords(route, language)}`]),
    ...(incomplete ? [fr ? 'incomplet, motif noté' : 'incomplete, the reason is noted'] : []),
  ]
    .join(fr ? ' ; ' : '; ')
    .concat('.');
}
