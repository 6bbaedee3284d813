import type { House } from '../db/house.ts';
import type { Carrier } from './carriers/carrier.ts';

/** What the activities work with: the house, who carries messages out of it, and whom to tell what an operator must know. */
export interface Workshop {
  readonly house: House;
  readonly carrier: Carrier;
  readonly tell: (line: string, detail: object) => void;
}
