import { sql } from 'kysely';
import { dayMs, hourMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { moment } from './moment.ts';

/**
 * How long whoever failed to log in must wait, kept in Postgres so that all processes know it.
 *
 * Counts grow of a network, of the site that it is part of, of an account, and of network and account together. A try is
 * counted before the password is looked at, so that a hundred at once are not all free, and forgiven when it was right.
 * The wait of an account holds only for networks that failed with it repeatedly, and a browser in which its owner has
 * logged in before has a count of its own and no other: so nobody is kept out by what others do with his name, or in
 * his network. Names and addresses come as digests; `machine` is the machine's time.
 */
export type Knock = FromAnywhere | FromKnownBrowser;

interface FromAnywhere {
  readonly network: string;
  /** What the network is part of, where its owner can choose among thousands; null where it stands for itself. */
  readonly site: string | null;
  readonly account: string;
}

interface FromKnownBrowser {
  readonly browser: string;
}

/** Tries without a wait. Many people may sit behind one address; one person seldom mistypes five times. */
const free = { both: 5, network: 20, site: 50, account: 20, factor: 5, browser: 5 } as const;

/** From here on somebody does not mistype, he guesses: he waits with all who guess at that account. */
const guesses = 3;

/** The wait doubles from a second to this. */
const waitMsMax = 15 * 60_000;

/** After an hour without a failure they are forgotten. */
const forgottenMs = hourMs;

type Kind = keyof typeof free;

/** The wait after this many failures, in milliseconds. */
export function waitAfter(kind: Kind, failures: number): number {
  const beyond = failures - free[kind];
  return beyond < 0 ? 0 : Math.min(waitMsMax, 1000 * 2 ** Math.min(beyond, 20));
}

/** Counts a try and answers 0, or counts nothing and answers how many milliseconds are to be waited. */
export async function knock(db: Db, machine: Instant, at: Knock): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const counts = countsOf(at);
    const rows = await lockAll(
      tx,
      machine,
      counts.map(({ key }) => key),
    );
    const known = counts.map((one) => ({ ...one, ...(rows.get(one.key) ?? { failures: 0, wait_until: 0 }) }));
    const guessed = known.some(({ kind, failures }) => kind === 'both' && failures >= guesses);
    const held = known.filter(({ kind }) => kind !== 'account' || guessed);
    const until = Math.max(...held.map((row) => row.wait_until));
    if (until > machine) return until - machine;
    for (const { kind, key, failures } of known) await count(tx, machine, kind, key, failures + 1);
    return 0;
  });
}

/** The try was right: it did not fail after all, and this network knows this account. */
export async function forgive(tx: Tx, machine: Instant, at: Knock): Promise<void> {
  await tx
    .updateTable('login_failure')
    .set((row) => ({
      failures: row.fn<number>('greatest', [row('failures', '-', 1), row.lit(0)]),
      wait_until: new Date(machine),
    }))
    .where(
      'key',
      'in',
      countsOf(at)
        .map(({ key }) => key)
        .sort(),
    )
    .execute();
  // Whoever was right here is no guesser here, whatever he mistyped before; network and site stay as they were.
  await tx
    .deleteFrom('login_failure')
    .where(
      'key',
      'in',
      countsOf(at)
        .filter(({ kind }) => kind === 'both' || kind === 'browser')
        .map(({ key }) => key),
    )
    .execute();
  await tx
    .deleteFrom('login_failure')
    .where('last_at', '<', moment(machine - dayMs))
    .execute();
}

/**
 * Counts a wrong second factor of somebody whose password was right, and says whether it may be looked at.
 *
 * That somebody knows the password already, so here the whole account waits, from wherever.
 */
export async function knockWithFactor(db: Db, machine: Instant, userId: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const key = factorKey(userId);
    const row = (await lockAll(tx, machine, [key])).get(key);
    if (row && row.wait_until > machine) return false;
    await count(tx, machine, 'factor', key, (row?.failures ?? 0) + 1);
    return true;
  });
}

/** The second factor was right. */
export async function forgiveFactor(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('login_failure').where('key', '=', factorKey(userId)).execute();
}

/** The rows of these keys, made where there are none and locked in one order, so that two tries queue. */
async function lockAll(
  tx: Tx,
  machine: Instant,
  keys: readonly string[],
): Promise<ReadonlyMap<string, { readonly failures: number; readonly wait_until: Instant }>> {
  const at = new Date(machine);
  const rows = await tx
    .insertInto('login_failure')
    .values([...keys].sort().map((key) => ({ key, failures: 0, last_at: at, wait_until: at })))
    .onConflict((clash) =>
      clash.column('key').doUpdateSet({
        failures: sql<number>`case when login_failure.wait_until < ${moment(machine - forgottenMs)} then 0 else login_failure.failures end`,
      }),
    )
    .returning(['key', 'failures', 'wait_until'])
    .execute();
  return new Map(rows.map((row) => [row.key, row]));
}

async function count(tx: Tx, machine: Instant, kind: Kind, key: string, failures: number): Promise<void> {
  await tx
    .updateTable('login_failure')
    .set({
      failures,
      last_at: new Date(machine),
      wait_until: new Date(machine + waitAfter(kind, failures)),
    })
    .where('key', '=', key)
    .execute();
}

/** What a try is counted by. */
function countsOf(at: Knock): readonly { readonly kind: Kind; readonly key: string }[] {
  if ('browser' in at) return [{ kind: 'browser', key: `browser:${at.browser}` }];
  const { network, site, account } = at;
  return [
    { kind: 'account', key: `account:${account}` },
    { kind: 'both', key: `both:${network}:${account}` },
    { kind: 'network', key: `network:${network}` },
    ...(site === null ? [] : [{ kind: 'site', key: `site:${site}` } as const]),
  ];
}

const factorKey = (userId: string): string => `factor:${userId}`;
