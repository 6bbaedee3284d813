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

/**
 * Whether a claim can go that way with such a firm; with null it is the partner's to say which.
 *
 * Officers and lawyers collect, too. Who collects for others by profession goes neither before a court nor into a
 * procedure, and an insurer or a factor has a claim as such, or to declare it.
 */
export function takesRoute(kind: FirmKind, route: Route | null): boolean {
  switch (route) {
    case null:
      return true;
    case 'insurer':
    case 'factor':
    case 'collection_firm':
      return kind === route || (route === 'collection_firm' && asksCreditor(kind));
    case 'declaration':
      return kind !== 'collection_firm';
    default:
      return asksCreditor(kind);
  }
}
