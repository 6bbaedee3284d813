/** One change of the product's source: the text, which stands there exactly once, and what comes in its place. */
export interface Removal {
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/**
 * What keeps each guarantee of the fault tests, and how it is taken out.
 *
 * Each is the smallest change after which the product still runs and the guarantee no longer holds.
 */
export const protections = {
  /** An attempt without an outcome is settled by evidence, never by a guess. */
  evidence: [{ file: 'activities/door/unsettled.ts', find: `message.state === 'claimed' && message.attempt === 0`, put: `message.state === 'claimed'` }],
  /** What an interrupted delivery left behind is looked at again. */
  'interrupted deliveries': [{ file: 'db/deliveries.ts', find: `'in', ['claimed', 'unknown']`, put: `'in', ['unknown']` }],
} satisfies Readonly<Record<string, readonly Removal[]>>;

export type Protection = keyof typeof protections;
