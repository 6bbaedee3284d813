import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import { readClock } from './db/clock.ts';
import type { Db } from './db/database.ts';
import { Findings, offendersShownMax } from './db/invariants.ts';
import type { Verdict } from './db/invariants.ts';
import { Rules } from './db/rules.ts';
import { verifyDatabase } from './db/verify.ts';
import type { Instant } from './domain/time.ts';
import { verifyBesideTemporal } from './temporal/verify.ts';
import { lookingAt, whereOptions, whereUsage } from './temporal/whereabouts.ts';

export interface Verification {
  readonly db: Db;
  readonly client: Client;
  /** Business time, where it is not that of the database's clock. */
  readonly now?: Instant;
  /** How many workflows are asked for their file, and of how many messages the bytes are hashed; all when absent. */
  readonly sample?: number;
  /** What else is looked at, where somebody has more to look at than the database and Temporal. */
  readonly further?: (findings: Findings) => Promise<void>;
}

/**
 * Looks whether every invariant holds, in the database and beside Temporal, and changes nothing.
 *
 * It can run beside live work. Where Temporal does not answer, what needs it is said to be skipped.
 */
export async function verify({
  db,
  client,
  now,
  sample,
  further,
}: Verification): Promise<readonly Verdict[]> {
  const findings = new Findings();
  await verifyDatabase(db, new Rules(), findings, now ?? (await (await readClock(db)).now()), sample);
  await further?.(findings);
  try {
    await client.connection.ensureConnected();
  } catch (failure) {
    for (const id of ['I06', 'I07', 'folds'] as const)
      findings.skip(id, `Temporal does not answer (${String(failure)})`);
    return findings.verdicts();
  }
  await verifyBesideTemporal({ client, db, findings, ...(sample === undefined ? {} : { sample }) });
  return findings.verdicts();
}

/** The verdicts as lines for people: what is broken with its offenders, what was skipped, and how many hold. */
export function report(verdicts: readonly Verdict[]): readonly string[] {
  const broken = verdicts.filter((verdict) => verdict.count > 0);
  const lines = broken.flatMap(({ id, says, offenders, count }) => [
    `${id} is broken ${count === 1 ? 'once' : `${count} times`}. ${says}`,
    ...offenders.map(({ subject, what }) => `  ${subject} ${what}`),
    ...(count > offendersShownMax ? [`  … and ${count - offendersShownMax} more`] : []),
  ]);
  const skipped = verdicts.flatMap(({ id, skipped: why }) =>
    why === null ? [] : `${id} was looked at in part: ${why}.`,
  );
  const last =
    broken.length === 0
      ? `All ${verdicts.length} invariants hold.`
      : `${broken.length} of ${verdicts.length} invariants are broken.`;
  return [...lines, ...skipped, last];
}

const usage = `Usage: npm run verify -- [options]

Looks whether everything that must hold does, and changes nothing. Exits with 1 when something does not.

${whereUsage}
  --sample N      ask N workflows for their file and history, and hash N messages and papers (default 200)
  --all           ask them all
  --help          shows this
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      ...whereOptions,
      sample: { type: 'string', default: '200' },
      all: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const sample = Number(values.sample);
  if (!Number.isInteger(sample) || sample < 0)
    throw new Error(`--sample ${values.sample} is no number of workflows: give 0 or more, or --all.`);
  return lookingAt(values.data, async ({ db, client }) => {
    const verdicts = await verify({ db, client, ...(values.all ? {} : { sample }) });
    for (const line of report(verdicts)) process.stdout.write(`${line}\n`);
    return verdicts.some((verdict) => verdict.count > 0) ? 1 : 0;
  });
}

if (process.argv[1] === import.meta.filename) {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (failure: unknown) => {
      process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
      process.exitCode = 1;
    },
  );
}
