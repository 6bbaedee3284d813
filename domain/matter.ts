/**
 * What has a life of its own beside an invoice: a dispute's ladder, a plan, a litigation file, a declaration of claims, a
 * stop that ends, a discount that is offered, a question about an invoice whose own life is over.
 */
export const matterKinds = [
  'dispute',
  'plan',
  'litigation',
  'insolvency',
  'stop',
  'discount',
  'approval',
] as const;

export type MatterKind = (typeof matterKinds)[number];
