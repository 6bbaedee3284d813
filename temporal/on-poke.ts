import pg from 'pg';

export interface OnPoke {
  readonly databaseUrl: string;
  /** Where Postgres calls. */
  readonly channel: string;
  /** What is worked on, as it reads in a line of the log. */
  readonly what: string;
  readonly signal: AbortSignal;
  readonly tell: (line: string, detail?: object) => void;
  readonly work: () => Promise<void>;
}

/**
 * Works when Postgres calls on a channel, at the start, and every half minute in case a word was lost.
 *
 * Never two rounds at once in a process; across processes the locks of the work itself decide. Ends with the signal,
 * after the round that runs.
 */
export async function onPoke({ databaseUrl, channel, what, signal, tell, work }: OnPoke): Promise<void> {
  let wake: () => void = () => undefined;
  const word = { came: true };
  const hear = (): void => {
    word.came = true;
    wake();
  };
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  // Asked anew each time: what they tell changes while others work.
  const cameAWord = (): boolean => word.came;
  signal.addEventListener('abort', hear);

  while (!signal.aborted) {
    const connection = new pg.Client({ connectionString: databaseUrl });
    const line = { lost: false };
    const goesOn = (): boolean => !signal.aborted && !line.lost;
    connection.on('error', () => {
      line.lost = true;
      hear();
    });
    connection.on('notification', hear);
    try {
      await connection.connect();
      await connection.query(`listen ${channel}`);
      while (goesOn()) {
        word.came = false;
        await work();
        if (cameAWord()) continue;
        await rest(30_000);
      }
    } catch (failure) {
      tell(`${what} wait`, { reason: String(failure) });
      await rest(2_000);
    } finally {
      await connection.end().catch((failure: unknown) => {
        tell(`the connection of ${what} did not close`, { reason: String(failure) });
      });
    }
  }
}
