import type { Route } from '../law/route.ts';
import type { FirmKind } from './mandate.ts';

/**
 * The way that a claim goes with a firm of that kind when nobody has chosen one; null where it is the partner's to say: a
 * lawyer or a commissaire de justice knows several ways, and none before a court without the word of the creditor.
 */
export function routeOfFirm(kind: FirmKind): Route | null {
  switch (kind) {
    case 'collection_firm':
    case 'insurer':
    case 'factor':
      return kind;
    case 'lawyer':
    case 'commissaire_de_justice':
      return null;
  }
}

/** Whether such a firm may go to court with a claim, which nobody does without the word of the creditor. */
export function asksCreditor(kind: FirmKind): boolean {
  return routeOfFirm(kind) === null;
}
