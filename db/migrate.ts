import { Migrator } from 'kysely';
import pg from 'pg';
import { shippedScenarios } from '../domain/shipped-scenarios.ts';
import { openDatabase } from './database.ts';
import type { Db } from './database.ts';
import * as house from './migrations/0001-the-house.ts';
import * as invariants from './migrations/0002-invariants.ts';
import * as channels from './migrations/0003-channels.ts';
import * as people from './migrations/0004-people.ts';
import * as rows from './migrations/0005-rows.ts';
import * as proofs from './migrations/0006-proofs.ts';
import * as knownBrowsers from './migrations/0007-known-browsers.ts';
import * as matters from './migrations/0010-matters.ts';
import * as approvals from './migrations/0011-approvals.ts';
import * as disputes from './migrations/0012-disputes.ts';
import * as promises from './migrations/0013-promises.ts';
import * as electronicLetters from './migrations/0017-electronic-letters.ts';
import * as claims from './migrations/0018-claims.ts';
import * as litigation from './migrations/0019-litigation.ts';
import * as legalClocks from './migrations/0020-legal-clocks.ts';
import * as holds from './migrations/0021-holds.ts';
import * as words from './migrations/0022-words.ts';
import * as discounts from './migrations/0023-discounts.ts';
import * as hands from './migrations/0024-hands.ts';
import * as litigationEnds from './migrations/0025-litigation-ends.ts';
import * as amounts from './migrations/0026-amounts.ts';
import * as litigationHands from './migrations/0027-litigation.ts';
import * as clocks from './migrations/0028-clocks.ts';
import * as papersOfWords from './migrations/0029-words.ts';
import * as registrations from './migrations/0031-pictures.ts';
import * as merge from './migrations/0032-merge.ts';
import * as mergedMatters from './migrations/0034-merged-matters.ts';
import * as declaredSums from './migrations/0036-declared-sums.ts';
import * as imputations from './migrations/0037-imputations.ts';
import * as lapsingClaims from './migrations/0038-lapsing-claims.ts';
import * as rates from './migrations/0040-rates.ts';
import * as archive from './migrations/0041-archive.ts';
import * as anchors from './migrations/0042-anchors.ts';
import * as snapshots from './migrations/0043-snapshots.ts';
import * as erasure from './migrations/0045-erasure.ts';
import * as moneyNoted from './migrations/0046-money-noted.ts';
import * as erasedStayAway from './migrations/0048-erased-stay-away.ts';
import * as severalKeysOfAPerson from './migrations/0049-several-keys-of-a-person.ts';
import * as debtorsNoted from './migrations/0050-debtors-noted.ts';
import * as namesNoted from './migrations/0051-names-noted.ts';
import { makeRolesAndDatabase } from './roles.ts';
import { sha256Of } from './sha256.ts';

/** The migrations in order; a published one never changes. */
export const migrations = {
  '0001-the-house': house,
  '0002-invariants': invariants,
  '0003-channels': channels,
  '0004-people': people,
  '0005-rows': rows,
  '0006-proofs': proofs,
  '0007-known-browsers': knownBrowsers,
  '0010-matters': matters,
  '0011-approvals': approvals,
  '0012-disputes': disputes,
  '0013-promises': promises,
  '0017-electronic-letters': electronicLetters,
  '0018-claims': claims,
  '0019-litigation': litigation,
  '0020-legal-clocks': legalClocks,
  '0021-holds': holds,
  '0022-words': words,
  '0023-discounts': discounts,
  '0024-hands': hands,
  '0025-litigation-ends': litigationEnds,
  '0026-amounts': amounts,
  '0027-litigation': litigationHands,
  '0028-clocks': clocks,
  '0029-words': papersOfWords,
  '0031-pictures': registrations,
  '0032-merge': merge,
  '0034-merged-matters': mergedMatters,
  '0036-declared-sums': declaredSums,
  '0037-imputations': imputations,
  '0038-lapsing-claims': lapsingClaims,
  '0040-rates': rates,
  '0041-archive': archive,
  '0042-anchors': anchors,
  '0043-snapshots': snapshots,
  '0045-erasure': erasure,
  '0046-money-noted': moneyNoted,
  '0048-erased-stay-away': erasedStayAway,
  '0049-several-keys-of-a-person': severalKeysOfAPerson,
  '0050-debtors-noted': debtorsNoted,
  '0051-names-noted': namesNoted,
};

/**
 * Brings the database to the newest migration, as the owner of its tables, and grants the application its rights.
 *
 * API and workers connect as `relance_app`, which may add to the journal and its anchors and read them, and cannot change or delete what
 * they say; nor change how a portfolio stood once that was written down, nor anything of an archived run but how its history is kept.
 * Throws with the name of the migration that failed; what succeeded before it stays.
 */
export async function migrate(ownerUrl: string): Promise<void> {
  const db = openDatabase(ownerUrl, { connectionsMax: 2 });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
    const { error, results } = await migrator.migrateToLatest();
    if (error) {
      const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'unknown';
      throw new Error(`migration ${failed} failed`, { cause: error });
    }
    await publishShipped(db);
    await setClock(db);
  } finally {
    await db.destroy();
  }
  await grant(ownerUrl);
}

/** Publishes the scenarios that this version ships; one that is published already must not have changed. */
async function publishShipped(db: Db): Promise<void> {
  for (const [rank, scenario] of shippedScenarios.entries()) {
    const content = JSON.stringify(scenario);
    const checksum = sha256Of(content);
    await db
      .insertInto('scenario_version')
      .values({ id: scenario.id, rank, content, checksum })
      .onConflict((clash) => clash.doNothing())
      .execute();
    const stored = await db
      .selectFrom('scenario_version')
      .select('checksum')
      .where('id', '=', scenario.id)
      .executeTakeFirstOrThrow();
    if (stored.checksum !== checksum)
      throw new Error(
        `scenario ${scenario.id} is published with other content: a changed scenario needs a new number`,
      );
  }
}

/** A new database lives in real time; a demonstration sets its own clock before anything is recorded. */
async function setClock(db: Db): Promise<void> {
  const epoch = new Date(0);
  await db
    .insertInto('setting')
    .values({ clock_origin: epoch, clock_anchor: epoch, speed: 1 })
    .onConflict((clash) => clash.doNothing())
    .execute();
}

async function grant(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`
      grant select, insert, update, delete on all tables in schema public to relance_app;
      grant usage, select on all sequences in schema public to relance_app;
      revoke update, delete on journal, anchor, archived_run from relance_app;
      grant update (heads, kept_as, kept_at, time_stamp, stamped_at) on anchor to relance_app;
      revoke update on snapshot, snapshot_page from relance_app;
      grant update (kept_in, place, bytes, sha256, sealed_with) on archived_run to relance_app;
      revoke update on archived_object from relance_app;
    `);
  } finally {
    await client.end();
  }
}

/** What an installation runs once before its API and its workers, and again at each upgrade. */
async function main(): Promise<void> {
  const { DATABASE_OWNER_URL: ownerUrl, DATABASE_ADMIN_URL: adminUrl, DATABASE_URL: appUrl } = process.env;
  if (!ownerUrl)
    throw new Error(
      'Give DATABASE_OWNER_URL, such as postgres://relance_owner:secret@127.0.0.1:5432/relance. ' +
        'Where the roles and the database do not exist yet, give DATABASE_URL and DATABASE_ADMIN_URL (a superuser) too.',
    );
  if (adminUrl) {
    if (!appUrl) throw new Error('Give DATABASE_URL too: the role relance_app gets its password from it.');
    await makeRolesAndDatabase(adminUrl, { ownerUrl, appUrl });
  }
  await migrate(ownerUrl);
  process.stdout.write(`The database has all ${Object.keys(migrations).length} migrations.\n`);
}

if (process.argv[1] === import.meta.filename) {
  main().catch((failure: unknown) => {
    const { message, cause } = failure as Error;
    process.stderr.write(
      `${message}${cause === undefined ? '' : `: ${cause instanceof Error ? cause.message : JSON.stringify(cause)}`}\n`,
    );
    process.exitCode = 1;
  });
}
