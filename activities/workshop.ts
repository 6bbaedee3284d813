import type { House } from '../db/house.ts';
import type { Carriers } from './carriers/carriers.ts';

/** What the activities work with: the house, which carriers take messages out of it, and whom to tell what an operator must know. */
export interface Workshop {
  readonly house: House;
  readonly carriers: Carriers;
  readonly tell: (line: string, detail?: object) => void;
}
