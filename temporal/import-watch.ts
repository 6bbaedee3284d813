import pg from 'pg';

/**
 * Works on imports when there is a word of one, at the start, and every half minute in case a word was lost.
 *
 * Never two rounds at once in a process; across processes the import's own lock decides. Ends with the signal, after
 * the round that runs.
 */
export async function importsOnPoke({
  databaseUrl,
  signal,
  tell,
  work,
}: {
  databaseUrl: string;
  signal: AbortSignal;
  tell: (line: string, detail?: object) => void;
  work: () => Promise<void>;
}): Promise<void> {
  let wake: () => void = () => undefined;
  const word = { came: true };
  const hear = (): void => {
    word.came = true;
    wake();
  };
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
      await connection.query('listen relance_imports');
      while (goesOn()) {
        word.came = false;
        await work();
        if (cameAWord()) continue;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 30_000);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    } catch (failure) {
      tell('imports wait', { reason: String(failure) });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 2_000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    } finally {
      await connection.end().catch((failure: unknown) => {
        tell('the connection of imports did not close', { reason: String(failure) });
      });
    }
  }
}
