import type { Client } from '@temporalio/client';
import type { Config } from '../../config.ts';
import type { House } from '../../db/house.ts';
import { anchoringOf } from './anchor/anchoring.ts';
import { anchorChore } from './anchor/chore.ts';
import { archiveChore } from './archive/chore.ts';
import { debtorsChore } from './debtors-chore.ts';
import { moneyChore } from './money-chore.ts';
import { namesChore } from './names-chore.ts';
import type { Chore } from './night-watch.ts';
import { rulesChore } from './rules-chore.ts';
import { sealingOfEarlier } from './seal-earlier.ts';
import { snapshotChore } from './snapshot-chore.ts';
import { termsChore } from './terms-chore.ts';

/** What the chores of the night work with. */
export interface Pantry {
  readonly house: House;
  readonly temporal: Client;
  readonly config: Config;
  /** What went as it should, for whoever follows the log; the night watch itself tells of what failed. */
  readonly say: (line: string, detail?: object) => void;
}

/** Everything that the night watch does; a line each. */
export function choresOf(pantry: Pantry): readonly Chore[] {
  return [
    rulesChore(pantry.house),
    moneyChore(pantry.house),
    termsChore(pantry.house),
    debtorsChore(pantry.house),
    namesChore(pantry.house),
    archiveChore(pantry),
    snapshotChore(pantry),
    anchorChore(anchoringOf(pantry.house.db, pantry.config)),
    sealingOfEarlier(pantry.house),
  ];
}
