/** What has a life of its own beside an invoice: a dispute's ladder, a plan, a litigation file, a declaration of claims. */
export const matterKinds = ['dispute', 'plan', 'litigation', 'insolvency'] as const;

export type MatterKind = (typeof matterKinds)[number];
