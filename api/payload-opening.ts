import type { SealedPayloads } from '../temporal/sealing/sealed-payloads.ts';

/** How sealed payloads are opened for people who look at workflows in Temporal's own pages (`routes/codec.ts`). */
export interface PayloadOpening {
  readonly codec: SealedPayloads;
  readonly namespace: string;
  /** Whose pages may ask from a browser; none when absent. */
  readonly uiOrigin: string | undefined;
}
