import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { lastLines, startChild, type Child } from '../../processes/child.ts';
import { freePort } from '../../processes/free-port.ts';
import { findTemporal } from './binary.ts';

export interface TemporalServerOptions {
  /** Everything that Temporal knows is in `<folder>/temporal`; without a folder it is forgotten at the end. */
  readonly folder?: string;
  readonly logFile: string;
  /** Default: any free port. */
  readonly port?: number;
  /** Default: no web interface. */
  readonly uiPort?: number;
  /** Default: found or fetched by `findTemporal`. */
  readonly program?: string | undefined;
  readonly onSpawn?: (name: string, pid: number) => void;
}

export interface RunningTemporal {
  /** `host:port`, for `TEMPORAL_ADDRESS`. */
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl?: string;
  readonly child: Child;
  stop(): Promise<void>;
}

const NAMESPACE = 'default';
const RETENTION_DAYS = 30;
const DAY_MS = 86_400_000;
const READY_MS_MAX = 60_000;

/**
 * Temporal's own development server, on loopback, with its data in a SQLite file.
 *
 * A write-ahead log and one sync per commit make it nearly twice as fast as its defaults and still survive a `kill -9`.
 * Histories of closed workflows stay for 30 days. Resolves when the server answers for its namespace.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<RunningTemporal> {
  try {
    return await startOnce(options);
  } catch (fault) {
    // Beside the port that it is told, the server takes some of its own choice: somebody may have one of them by then.
    if (!/address already in use.* service=(history|matching|worker)/.test(String(fault))) throw fault;
    return startOnce(options);
  }
}

async function startOnce(options: TemporalServerOptions): Promise<RunningTemporal> {
  const program = options.program ?? (await findTemporal('temporal'));
  const port = options.port ?? (await freePort());
  const { folder, uiPort } = options;
  const database = folder === undefined ? undefined : join(folder, 'temporal', 'temporal.db');
  if (database !== undefined) mkdirSync(dirname(database), { recursive: true, mode: 0o700 });

  const child = await startChild({
    name: 'Temporal',
    command: program,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'],
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
      ...(database === undefined ? [] : ['--db-filename', database]),
      ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'],
    ],
    logFile: options.logFile,
    onSpawn: options.onSpawn,
  });
  const address = `127.0.0.1:${port}`;
  try {
    await untilReady(address, child);
  } catch (fault) {
    await child.stop();
    throw fault;
  }
  return {
    address,
    namespace: NAMESPACE,
    ...(uiPort !== undefined && { uiUrl: `http://127.0.0.1:${uiPort}` }),
    child,
    stop: () => child.stop(),
  };
}

/** Ready is when the namespace takes our retention: the server answers before its namespaces do. */
async function untilReady(address: string, child: Child): Promise<void> {
  const giveUpAt = performance.now() + READY_MS_MAX;
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        await connection.workflowService.updateNamespace({
          namespace: NAMESPACE,
          config: { workflowExecutionRetentionTtl: msToTs(RETENTION_DAYS * DAY_MS) },
        });
        return;
      } finally {
        await connection.close();
      }
    } catch (fault) {
      if (child.isAlive() && performance.now() < giveUpAt) {
        await pause(100);
        continue;
      }
      throw new Error(
        `Temporal did not start (${String(fault)}). The end of ${child.logFile}:\n${lastLines(child.logFile)}`,
        {
          cause: fault,
        },
      );
    }
  }
}
