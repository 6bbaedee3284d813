import type { Clock } from '../../db/clock.ts';
import type { Tx } from '../../db/database.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { openHouse } from '../../db/house.ts';
import type { House } from '../../db/house.ts';
import { registerAll } from '../../db/registration.ts';
import { dayMs } from '../../domain/time.ts';

/** When all that is raced happens: a Tuesday, half past ten in Paris. */
export const morningOfRaces = Date.parse('2026-03-03T09:30:00Z');

/** An invoice over 100.00 whose reminder is due that morning, of a debtor of its own. */
export interface Owed {
  readonly invoiceId: string;
  readonly debtorId: string;
  readonly creditorId: string;
}

export interface Named {
  readonly number: string;
  readonly debtor: { readonly siren: string } | { readonly reference: string };
}

/** The house of a program that races, whose clock stands still on one morning. */
export interface Stand {
  readonly house: House;
  /** Invoices that were registered five days before, and whose reminders stand at the door. */
  atTheDoor(named: readonly Named[]): Promise<readonly Owed[]>;
}

/** Opens a stand in that database; whoever opened it closes its house. */
export async function openStand(databaseUrl: string, connectionsMax: number): Promise<Stand> {
  let daysAgo = 0;
  const clock: Clock = {
    settings: { origin: 0, anchor: 0, speed: 1 },
    now: () => Promise.resolve(morningOfRaces - daysAgo * dayMs),
  };
  const house = await openHouse(databaseUrl, { clock, connectionsMax });
  const owed = async (named: readonly Named[]): Promise<readonly Owed[]> => {
    daysAgo = 5;
    const all: Owed[] = [];
    // Each debtor is locked, and a transaction has room for so many locks.
    for (let from = 0; from < named.length; from += 250) {
      const some = named.slice(from, from + 250);
      all.push(...(await house.db.transaction().execute((tx) => register(house, tx, some))));
    }
    daysAgo = 0;
    return all;
  };
  return {
    house,
    atTheDoor: async (named) => {
      const all = await owed(named);
      for (let from = 0; from < all.length; from += 250) await ask(house, all.slice(from, from + 250));
      return all;
    },
  };
}

/** Registers invoices in a transaction of the caller, at the moment that the clock of the house shows. */
export async function register(house: House, tx: Tx, named: readonly Named[]): Promise<readonly Owed[]> {
  const arrivals = named.map(({ number, debtor }) => ({
    seller: { name: 'Ateliers Martin' },
    debtor: { name: `Société ${number}`, ...debtor },
    contact: { email: `compta@${number.toLowerCase()}.example` },
    number,
    term: 1,
    dueDate: '2026-02-22',
    amountCents: 10_000,
    currency: 'EUR',
    flags: [],
  }));
  const context = {
    by: { kind: 'user', id: 'race' },
    importId: null,
    held: false,
    fallbackCreditorId: null,
    lane: 'bulk',
  } as const;
  const { desk, fates } = await registerAll(house, tx, arrivals, context);
  await desk.write();
  return fates.map((fate, place) => {
    if (fate.kind !== 'created') throw new Error(`${named[place]?.number ?? ''} was not registered`);
    const { id, debtorId, collection } = fate.file;
    return { invoiceId: id, debtorId, creditorId: collection.creditorId };
  });
}

async function ask(house: House, all: readonly Owed[]): Promise<void> {
  const asked = { type: 'stepRequested', step: 'reminder', occurrence: 1, channel: 'email' } as const;
  await atTheDesk(
    house,
    all.map(({ debtorId }) => debtorId),
    async (desk) => {
      for (const { invoiceId } of all) await desk.state(invoiceId, asked, ourselves);
    },
  );
}
