import { NativeConnection, Worker } from '@temporalio/worker';
import { sql } from 'kysely';
import pg from 'pg';
import { machineTime } from '../../../db/clock.ts';
import { Findings } from '../../../db/invariants.ts';
import { archiveClosed } from '../../../temporal/audit/archive/archive-closed.ts';
import type { Round } from '../../../temporal/audit/archive/archive-closed.ts';
import { openArchive } from '../../../temporal/audit/archive/archive.ts';
import type { Archive } from '../../../temporal/audit/archive/archive.ts';
import { verifyArchive } from '../../../temporal/audit/verify-archive.ts';
import { grpcCodeOf, grpcCodes } from '../../../temporal/grpc-code.ts';
import { dataConverterOf } from '../../../temporal/sealing/data-converter.ts';
import { readKeyRing } from '../../../temporal/sealing/key-ring.ts';
import { until, World } from '../../faults/world.ts';
import type { ArchiveSettings } from '../../../config.ts';

const namespace = 'default';
const aDayAndMoreMs = 25 * 3_600_000;

/** Whole lives, and lives in their shape alone, on a real server that can be made to forget them; and their archive. */
export class ArchiveWorld {
  readonly world: World;
  readonly keys: string;
  #chains: Worker | undefined;
  #working: Promise<void> | undefined;
  #native: NativeConnection | undefined;
  #made = 0;

  private constructor(world: World, keys: string) {
    this.world = world;
    this.keys = keys;
  }

  static async open(keys: string): Promise<ArchiveWorld> {
    return new ArchiveWorld(await World.open({ keys }), keys);
  }

  /** The archive, by other settings or other keys than those of the beginning. */
  archive(settings: Partial<ArchiveSettings> = {}, keys: string = this.keys): Archive {
    return openArchive(this.world.house.db, {
      TEMPORAL_NAMESPACE: namespace,
      PAYLOAD_KEYS_FILE: readKeyRing(keys),
      ...settings,
    });
  }

  /** Archives whatever is over. */
  round(archive: Archive = this.archive(), now: number = machineTime()): Promise<Round> {
    const { client, house } = this.world;
    return archiveClosed({ archive, client, clock: house.clock }, { now, whole: true });
  }

  /** Lives of several runs each, over; their workflow ids. */
  async chains(count: number, runs = 3): Promise<readonly string[]> {
    await this.#startChains();
    const { client } = this.world;
    const ids = Array.from({ length: count }, () => `plan/chain-${(this.#made += 1)}`);
    const lives = ids.map((workflowId) =>
      client.workflow.execute('followPlan', {
        workflowId,
        taskQueue: 'chains',
        args: [{ runsLeft: runs }],
      }),
    );
    await Promise.all(lives);
    await this.#listed(ids, runs);
    return ids;
  }

  /** A run of somebody else's. */
  async theirs(): Promise<string> {
    await this.#startChains();
    const workflowId = `theirs-${(this.#made += 1)}`;
    await this.world.client.workflow.execute('theirs', { workflowId, taskQueue: 'chains' });
    return workflowId;
  }

  /** Invoices that were reminded of and paid by the real worker, and whose workflows have ended. */
  async paidInvoices(count: number): Promise<readonly string[]> {
    const { world } = this;
    const worker = await world.worker({ settings: { ARCHIVE_EVERY_SECONDS: '40000' } });
    const owed = [];
    for (let made = 0; made < count; made += 1) owed.push(await world.owes());
    await until('all are reminded of', async () => (await world.messages()).length >= count, 60);
    await world.rest();
    for (const one of owed) await world.pays(one);
    await world.rest();
    const ids = owed.map(({ id }) => `invoice/${id}`);
    await this.#listed(ids, 1);
    await worker.stop();
    return ids;
  }

  /** Makes Temporal forget all runs of a workflow, as it does when their time is over. */
  async forget(workflowId: string): Promise<void> {
    const { client } = this.world;
    for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
      await client.workflowService.deleteWorkflowExecution({
        namespace,
        workflowExecution: { workflowId, runId },
      });
      const isGone = async (): Promise<boolean> => {
        try {
          await client.workflow.getHandle(workflowId, runId).fetchHistory();
          return false;
        } catch (failure) {
          if (grpcCodeOf(failure) === grpcCodes.notFound) return true;
          throw failure;
        }
      };
      // The server takes its time over what has just closed.
      await until(`Temporal has forgotten ${workflowId}`, isGone, 100);
    }
    const isUnlisted = async (): Promise<boolean> =>
      (await client.workflow.count(`WorkflowId = '${workflowId}'`)).count === 0;
    await until(`no list has ${workflowId}`, isUnlisted, 100);
  }

  /** What is found wrong with the archive, a line each, as an auditor would find it a day later. */
  async wrong({ archive = this.archive(), later = aDayAndMoreMs } = {}): Promise<readonly string[]> {
    const findings = new Findings();
    const { client, house } = this.world;
    await verifyArchive({ db: house.db, archive, client, findings, now: machineTime() + later });
    const verdict = findings.verdicts().find(({ id }) => id === 'I24');
    return [
      ...(verdict?.offenders ?? []).map(({ subject, what }) => `${subject} ${what}`),
      ...(verdict?.skipped ? [verdict.skipped] : []),
    ];
  }

  /** Changes rows as somebody with the superuser's password would, and puts them back after the look. */
  async tampered(statement: string, tables: readonly string[]): Promise<readonly string[]> {
    const { superUrl } = this.world;
    const superuser = new pg.Client({ connectionString: superUrl });
    await superuser.connect();
    try {
      await superuser.query('set session_replication_role = replica');
      for (const table of tables) await superuser.query(`create temp table kept_${table} as table ${table}`);
      await superuser.query(statement);
      const found = await this.wrong();
      for (const table of tables) {
        await superuser.query(`delete from ${table}`);
        await superuser.query(`insert into ${table} select * from kept_${table}`);
      }
      return found;
    } finally {
      await superuser.end();
    }
  }

  async count(table: 'archived_run' | 'archived_object'): Promise<number> {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
      this.world.house.db,
    );
    return rows[0]?.n ?? 0;
  }

  async close(): Promise<void> {
    this.#chains?.shutdown();
    await this.#working;
    await this.#native?.close();
    await this.world.close();
  }

  async #startChains(): Promise<void> {
    if (this.#chains) return;
    this.#native = await NativeConnection.connect({ address: this.world.temporalAddress });
    this.#chains = await Worker.create({
      connection: this.#native,
      namespace,
      taskQueue: 'chains',
      workflowsPath: new URL('./chains.ts', import.meta.url).pathname,
      dataConverter: dataConverterOf({
        TEMPORAL_NAMESPACE: namespace,
        PAYLOAD_KEYS_FILE: readKeyRing(this.keys),
      }),
    });
    this.#working = this.#chains.run();
  }

  /** Lists lag behind what happened. */
  async #listed(workflowIds: readonly string[], runs: number): Promise<void> {
    const { client } = this.world;
    for (const workflowId of workflowIds)
      await until(
        `${workflowId} is listed as closed`,
        async () =>
          (await client.workflow.count(`WorkflowId = '${workflowId}' and ExecutionStatus != 'Running'`))
            .count >= runs,
        30,
      );
  }
}
