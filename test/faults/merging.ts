import { sql } from 'kysely';
import { claim } from '../../activities/door/claim.ts';
import { prepare } from '../../activities/door/prepared.ts';
import { DebtorElsewhere } from '../../db/debtor-elsewhere.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { mergeDebtors, undoMerge } from '../../db/merges.ts';
import { debtorsOfInvoices, recordPayment } from '../../db/payments.ts';
import { isNotThereYet } from '../../db/retrying.ts';
import { diceOf } from './dice.ts';
import { openStand } from './stand.ts';
import type { Owed } from './stand.ts';

/**
 * Many rounds of one race: two debtors are merged while money comes for both, and both doors let a reminder out; in every
 * second round the merge is taken back while more money comes. In every fourth the backend that merges is killed.
 *
 * A program of its own, so that it can run in a build without its protection. Prints what happened how often, as a line of
 * JSON.
 */
const [, , databaseUrl = '', count = '60', seed = '1'] = process.argv;
const { house, atTheDoor } = await openStand(databaseUrl, 24);
const thrown = diceOf(Number(seed));
const money = { currency: 'EUR', valueDate: '2026-03-03', reference: null } as const;
const did = { merged: 0, undone: 0, killed: 0, paid: 0, claimed: 0, elsewhere: 0, failed: 0 };

const sides = await atTheDoor(
  Array.from({ length: Number(count) * 2 }, (_, place) => ({
    number: `F-${place}`,
    // Without a SIREN, for two companies with one each are never the same.
    debtor: { reference: `C-${place}` },
  })),
);
const queue = Array.from({ length: Number(count) }, (_, round) => round);
await Promise.all(
  Array.from({ length: 4 }, async () => {
    for (let round = queue.pop(); round !== undefined; round = queue.pop()) await race(round);
  }),
);
process.stdout.write(`${JSON.stringify(did)}\n`);
await house.db.destroy();

async function race(round: number): Promise<void> {
  const [gone, into] = [sides[round * 2], sides[round * 2 + 1]];
  if (!gone || !into) throw new Error(`round ${round} has no debtors`);
  const pair = { goneId: gone.debtorId, intoId: into.debtorId };
  let mergeId: string | undefined;
  const merging = async (): Promise<void> => {
    const answer = await house.db.transaction().execute((tx) => mergeDebtors(house, tx, pair, ourselves));
    if (answer.kind !== 'merged') throw new Error(`the merge was ${JSON.stringify(answer)}`);
    mergeId = answer.mergeId;
    did.merged += 1;
  };
  await together([
    merging,
    // Somebody pays to the account that he knows; the same money is told of once more by the invoice.
    () => payAccount(gone),
    () => payInvoice(gone, 2_000),
    () => payInvoice(into, 2_000),
    () => letOut(gone),
    () => letOut(into),
    ...(round % 4 === 3 ? [killMerges] : []),
  ]);
  if (round % 2 === 0 || mergeId === undefined) return;
  const standing = mergeId;
  const undoing = async (): Promise<void> => {
    const answer = await house.db.transaction().execute((tx) => undoMerge(house, tx, standing, ourselves));
    if (answer.kind !== 'undone') throw new Error(`the way back was ${JSON.stringify(answer)}`);
    did.undone += 1;
  };
  await together([undoing, () => payInvoice(gone, 1_000), () => payAccount(into), () => letOut(into)]);
}

/** All at once, each a little later than it could, in an order that the seed throws. */
async function together(acts: readonly (() => Promise<unknown>)[]): Promise<void> {
  const turns = acts.map((act) => ({ act, wait: Math.floor(thrown() * 60) }));
  await Promise.all(
    turns.map(async ({ act, wait }) => {
      for (let left = wait; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
      await untilConnected(act).catch((fault: unknown) => {
        if (fault instanceof DebtorElsewhere) did.elsewhere += 1;
        else {
          did.failed += 1;
          process.stderr.write(`${String(fault)}\n`);
        }
      });
    }),
  );
}

/** A connection that was killed takes its transaction with it: whoever had it asks again. */
async function untilConnected(act: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      return await act();
    } catch (fault) {
      if (!isNotThereYet(fault) && !/terminated|not queryable/i.test(String(fault))) throw fault;
      did.killed += 1;
    }
  }
}

/** Money that names a debtor: under his lock, or not at all. */
async function payAccount({ debtorId, creditorId }: Owed): Promise<void> {
  await atTheDesk(house, [debtorId], (desk) =>
    recordPayment(desk, { ...money, creditorId, debtorId, amountCents: 15_000, allocations: [] }, ourselves),
  );
  did.paid += 1;
}

/** Money that names an invoice: of whoever it is of by then. */
async function payInvoice({ invoiceId, creditorId }: Owed, amountCents: number): Promise<void> {
  await atTheDesk(
    house,
    () => debtorsOfInvoices(house.db, [invoiceId]),
    async (desk) => {
      const file = await desk.file(invoiceId);
      if (!file) throw new Error(`invoice ${invoiceId} is gone`);
      const allocations = file.collection.balanceCents >= amountCents ? [{ invoiceId, amountCents }] : [];
      await recordPayment(
        desk,
        { ...money, creditorId, debtorId: file.debtorId, amountCents, allocations },
        ourselves,
      );
    },
  );
  did.paid += 1;
}

async function letOut({ debtorId }: Owed): Promise<void> {
  const answer = await claim(house, debtorId, await prepare(house, debtorId));
  if (answer.kind === 'claimed') did.claimed += 1;
}

async function killMerges(): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    const { rows } = await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and query like '%merge_row%'`.execute(
      house.db,
    );
    if (rows.length > 0) return;
  }
}
