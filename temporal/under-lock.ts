import pg from 'pg';

export interface Lock {
  readonly databaseUrl: string;
  /** The number of the advisory lock, the same in every process. */
  readonly number: number;
  /** Who works under it, as it reads in a line of the log. */
  readonly who: string;
  readonly tell: (line: string, detail?: object) => void;
  /** Where Postgres calls whoever holds it. */
  readonly calls?: { readonly channel: string; readonly hear: () => void };
}

/**
 * Works while this process holds an advisory lock of Postgres, so that of all processes one does.
 *
 * Does nothing where another holds it. The lock dies with its connection: `lost` is aborted then, and somebody else may
 * begin before this work has ended. Throws when Postgres can't be reached.
 */
export async function underLock(
  { databaseUrl, number, who, tell, calls }: Lock,
  work: (lost: AbortSignal) => Promise<void>,
): Promise<void> {
  const connection = new pg.Client({ connectionString: databaseUrl });
  const lost = new AbortController();
  connection.on('error', () => {
    lost.abort();
  });
  if (calls) connection.on('notification', calls.hear);
  await connection.connect();
  try {
    const { rows } = await connection.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
      number,
    ]);
    if (!rows[0]?.mine) return;
    if (calls) await connection.query(`listen ${calls.channel}`);
    await work(lost.signal);
  } finally {
    await connection.end().catch((failure: unknown) => {
      tell(`${who} could not close its connection`, { reason: String(failure) });
    });
  }
}
