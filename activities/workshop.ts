import type { House } from '../db/house.ts';
import type { Carrier } from './carriers/carrier.ts';

/** What the activities work with: the house, and who carries messages out of it. */
export interface Workshop {
  readonly house: House;
  readonly carrier: Carrier;
}
