import { sql } from 'kysely';
import { claim } from '../../activities/door/claim.ts';
import { prepare } from '../../activities/door/prepared.ts';
import { changeDebtor } from '../../db/debtors.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { recordPayment } from '../../db/payments.ts';
import { diceOf } from './dice.ts';
import { openStand } from './stand.ts';
import type { Owed } from './stand.ts';

/**
 * Many rounds of one race: a payment of the whole invoice, or a judgment against its debtor, against the claim of its
 * reminder, at the same moment.
 *
 * A program of its own, so that it can run in a build without its protection. Every second round a third party holds
 * the debtor's lock until both wait for it, in an order that the seed throws; the others start with a jitter.
 * Prints what won how often, as a line of JSON.
 */
const [, , databaseUrl = '', count = '100', news = 'payment', seed = '1'] = process.argv;
const { house, atTheDoor } = await openStand(databaseUrl, 16);
const thrown = diceOf(Number(seed));

const rounds = await atTheDoor(
  Array.from({ length: Number(count) }, (_, place) => ({
    number: `F-${place}`,
    debtor: { siren: String(100_000_000 + place) },
  })),
);
const won = { news: 0, claim: 0, nobody: 0, afterwards: 0 };
const queue = [...rounds.entries()];
await Promise.all(
  Array.from({ length: 4 }, async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      won[await race(next[1], next[0] % 2 === 0)] += 1;
      // Whatever came first: once both are over nothing leaves any more.
      if ((await send(next[1].debtorId)).kind === 'claimed') won.afterwards += 1;
    }
  }),
);
process.stdout.write(`${JSON.stringify(won)}\n`);
await house.db.destroy();

async function send(debtorId: string): ReturnType<typeof claim> {
  return claim(house, debtorId, await prepare(house, debtorId));
}

/** What makes the reminder wrong: all is paid, or the claim may no longer be asked for. */
function tell({ invoiceId, debtorId, creditorId }: Owed): Promise<unknown> {
  return atTheDesk(house, [debtorId], async (desk) => {
    if (news === 'judgment')
      await changeDebtor(desk, debtorId, { insolvency: { judgmentOn: '2026-03-02' } }, ourselves);
    else
      await recordPayment(
        desk,
        {
          creditorId,
          debtorId,
          currency: 'EUR',
          amountCents: 10_000,
          valueDate: '2026-03-03',
          reference: null,
          allocations: [{ invoiceId, amountCents: 10_000 }],
        },
        ourselves,
      );
  });
}

async function race(round: Owed, atTheBarrier: boolean): Promise<keyof typeof won> {
  const { debtorId } = round;
  const prepared = await prepare(house, debtorId);
  const claims = () => claim(house, debtorId, prepared);
  const tells = () => tell(round);
  const tellFirst = thrown() < 0.5;
  const later = async (): Promise<void> => {
    for (let turns = Math.floor(thrown() * 30); turns > 0; turns -= 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  const both = async () => {
    const telling = tellFirst ? tells() : later().then(tells);
    const claiming = tellFirst ? later().then(claims) : claims();
    const [told, claimed] = await Promise.allSettled([telling, claiming]);
    // Without the lock they also collide in the journal, and one of them fails.
    if (told.status === 'rejected' || claimed.status === 'rejected') return 'nobody';
    return claimed.value.kind === 'claimed' ? 'claim' : 'news';
  };
  if (!atTheBarrier) return both();
  let racing: Promise<keyof typeof won> | undefined;
  await house.db.transaction().execute(async (tx) => {
    await tx.selectFrom('debtor').select('id').where('id', '=', debtorId).forUpdate().execute();
    racing = both();
    racing.catch(() => undefined);
    await bothWait();
  });
  return racing!;
}

/** Until two transactions wait for a row, or nobody does for a while. */
async function bothWait(): Promise<void> {
  const giveUpAt = performance.now() + 30;
  while (performance.now() < giveUpAt) {
    const { rows } = await sql<{
      waiting: number;
    }>`select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
      house.db,
    );
    if ((rows[0]?.waiting ?? 0) >= 2) return;
  }
}
