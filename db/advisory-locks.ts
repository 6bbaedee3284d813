/**
 * The advisory locks of Postgres that have a number of their own. Any numbers, the same in every process and every release;
 * they stand together so that no two are the same.
 */
export const advisoryLocks = {
  /** Shared by claims, held alone by whoever pulls or lifts a stop. */
  stops: 7_351_077,
  /** Who holds it relays, the others stand by. */
  relay: 7_351_078,
  /** Who holds it keeps watch, the others stand by. */
  nightWatch: 7_351_079,
  /** Held by whoever makes an anchor, until he has committed. */
  anchors: 7_351_080,
  /** Held by whoever works out a portfolio: one at a time is enough work for a database. */
  portfolio: 7_351_083,
} as const;
