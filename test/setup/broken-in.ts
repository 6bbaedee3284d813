import type { House } from '../../db/house.ts';
import { Findings } from '../../db/invariants.ts';
import type { Finding, InvariantId } from '../../db/invariants.ts';
import { verifyDatabase } from '../../db/verify.ts';

/** The invariants that `verify` finds broken in the database of a house, with their offenders: all of them. */
export async function brokenIn({
  db,
  rules,
  clock,
}: House): Promise<ReadonlyMap<InvariantId, readonly Finding[]>> {
  const findings = new Findings(Infinity);
  await verifyDatabase(db, rules, findings, await clock.now());
  return new Map(
    findings
      .verdicts()
      .flatMap(({ id, offenders }) => (offenders.length > 0 ? [[id, offenders] as const] : [])),
  );
}
