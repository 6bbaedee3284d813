import { sql } from 'kysely';
import { shippedScenarios } from '../../domain/shipped-scenarios.ts';
import type { Instant } from '../../domain/time.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Db, Tx } from '../database.ts';
import type { Findings } from '../invariants.ts';
import { note } from '../journal.ts';
import { sha256Of } from '../sha256.ts';

/** The chain in which it is noted what scenario versions and calendars said when they came to be used. */
export const rulesChain = 'rules';

/** What the journal says of a rule. */
interface RuleNoted {
  /** `scenario/standard@1`, `calendar/FR/Europe/Paris/2026`. */
  readonly rule: string;
  /** Of its content as canonical JSON. */
  readonly sha256: string;
}

/**
 * Notes in the journal what each scenario version and calendar says that it does not know yet; how many those were.
 *
 * Facts name both by their ids, since they never change: past lives are lived again by them. Whoever could change one by
 * SQL would change what was right to do then, so their hashes stand where nothing can be changed, under the anchors.
 */
export async function noteRules(db: Db, now: Instant): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const noted = await readNoted(tx);
    const unknown = (await readRules(tx)).filter(({ rule }) => !noted.has(rule));
    for (const { rule, content } of unknown)
      await note(tx, rulesChain, 'ruleNoted', now, { rule, sha256: digestOf(content) } satisfies RuleNoted);
    return unknown.length;
  });
}

/** Whether there is a rule that the journal does not know yet. */
export async function hasRulesToNote(db: Db): Promise<boolean> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from scenario_version)::int + (select count(*) from calendar)::int
      - (select count(distinct body) from journal where subject = ${rulesChain} and type = 'ruleNoted')::int as count`.execute(
    db,
  );
  return (rows[0]?.count ?? 0) > 0;
}

/**
 * Compares every scenario version and calendar with its hash in the journal, and what ships with the product with the code.
 *
 * What was said first stands. One that the watch has not noted yet is compared with the code alone.
 */
export async function verifyRules(db: Db, findings: Findings): Promise<void> {
  const noted = await readNoted(db);
  const rules = new Map((await readRules(db)).map(({ rule, content }) => [rule, digestOf(content)]));
  for (const [rule, sha256] of noted)
    if (!rules.has(rule)) findings.add('I27', rule, 'is gone, and the journal names it');
    else if (rules.get(rule) !== sha256)
      findings.add('I27', rule, 'was altered: it is not what the journal had of it when it came to be used');
  for (const scenario of shippedScenarios) {
    const rule = `scenario/${scenario.id}`;
    const sha256 = rules.get(rule);
    if (sha256 !== undefined && !noted.has(rule) && sha256 !== digestOf(scenario))
      findings.add('I27', rule, 'is not the one that ships with this release');
  }
}

async function readNoted(db: Db | Tx): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('journal')
    .select('body')
    .where('subject', '=', rulesChain)
    .where('type', '=', 'ruleNoted')
    .orderBy('seq', 'desc')
    .execute();
  return new Map(
    rows.map(({ body }) => {
      const { rule, sha256 } = JSON.parse(body) as RuleNoted;
      return [rule, sha256];
    }),
  );
}

async function readRules(db: Db | Tx): Promise<readonly { rule: string; content: unknown }[]> {
  const scenarios = await db.selectFrom('scenario_version').select(['id', 'content']).orderBy('id').execute();
  const calendars = await db.selectFrom('calendar').select(['id', 'content']).orderBy('id').execute();
  return [
    ...scenarios.map(({ id, content }) => ({ rule: `scenario/${id}`, content })),
    ...calendars.map(({ id, content }) => ({ rule: `calendar/${id}`, content })),
  ];
}

function digestOf(content: unknown): string {
  return sha256Of(canonicalJson(content));
}
